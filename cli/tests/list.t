  $ pagewalk list policies
  POLICY  REPLACES
  lru     least recently hit or filled
  fifo    oldest fill
  lfu     least frequently used: 1 at fill, +1 a hit, lost on eviction; ties to
          the least recently used
  plru    binary tree of bits that point away from what was used; ways a power of
          two
  nru     one bit a way, 0 on use; the lowest way with 1, all set to 1 first
          where none has it
  srrip   2 bits a way: fill 2, hit 0; the lowest way at 3, all raised by 1 until
          there is one
  random  uniform over the ways, drawn only to replace in a full set
  $ pagewalk list formats
  PAGE TABLES     (page_table.format)
  x86-64          4-level paging, 48-bit (Intel SDM vol. 3A, 4.5)
  x86-64-la57     5-level paging, 57-bit (Intel SDM vol. 3A, 4.5)
  i386            32-bit paging with 4M pages, PSE (Intel SDM vol. 3A, 4.3)
  i386-pae        PAE paging, 32-bit addresses and 8-byte entries (Intel SDM vol.
                  3A, 4.4)
  sv32            RISC-V Sv32 (Privileged Architecture, Sv32 chapter)
  sv39            RISC-V Sv39 (Privileged Architecture, Sv39 chapter)
  sv48            RISC-V Sv48 (Privileged Architecture, Sv48 chapter)
  sv57            RISC-V Sv57 (Privileged Architecture, Sv57 chapter)
  armv8-4k        AArch64 stage 1, 4K granule, 48-bit, TTBR0 half (Arm ARM, D8.2)
  armv8-16k       AArch64 stage 1, 16K granule, 48-bit, TTBR0 half (Arm ARM,
                  D8.2)
  armv8-64k       AArch64 stage 1, 64K granule, 48-bit, TTBR0 half (Arm ARM,
                  D8.2)
  flat            one array of all entries, 48-bit: what a tree of tables saves
  hashed-chained  hash table with collision chains, 48-bit; entries as of the
                  long-format VHPT (Intel Itanium SDM vol. 2, 4.1.5.4 and 5.3.2)
  hashed-open     hash table with open addressing, 48-bit (Yaniv and Tsafrir,
                  SIGMETRICS 2016); entries as of PowerPC's 64-bit HTAB (Power
                  ISA Book III)
  inverted        an entry a frame, found by a hash anchor table and chains,
                  48-bit (Chang and Mergen, ACM TOCS 6(1), 1988)
  cuckoo          elastic cuckoo page table, 48-bit: ways read at once (Skarlatos
                  et al., ASPLOS 2020)
  sparc-tsb       direct-mapped translation storage buffer (UltraSPARC User's
                  Manual, 6.3) over a tree of 8K tables, 53-bit, as Linux has it
  
  TRACES               (--trace-format)
  native               pagewalk's own (.pwt): packed chunks under checksums, with
                       an index, what was captured, and events between accesses
  stream               what pagewalk's Valgrind tool writes, "pagewalk run
                       --live" reads, and begins with the bytes 89 PWS
  gem5                 gem5's packet traces, of CommMonitor and MemTraceProbe, in
                       Protocol Buffers; their addresses are mostly physical
  drmemtrace           DynamoRIO's final traces, of its folder trace: fetches,
                       loads, stores, threads; of an archive, what unzip -p gives
  champsim             ChampSim's binary records of 64 bytes: a fetch, its loads,
                       its stores, each of 1 byte
  champsim-cloudsuite  the same with records of 96 bytes, as of the CloudSuite
                       traces
  pin                  text of Pin's tools named pinatrace, such as "0x401000: R
                       0x7ffe4c1f2a68", with a decimal size or without; loads and
                       stores, each with its instruction's address
  dinero               text for Dinero IV, "din" such as "2 401000" or extended
                       such as "r 1fff0005e0 8": label or letter, hexadecimal
                       address, hexadecimal size
  perf                 text of perf script with the fields addr and ip, such as
                       of perf mem: samples, to compare a trace with, not to
                       simulate
  lackey               text of valgrind --tool=lackey --trace-mem=yes, such as "I
                        04001000,3" and " L 1fff0005e0,8"
  $ pagewalk list generators
  GENERATOR   ADDRESSES
  sequential  8-byte words one after the other, from the first page to the last
              and round again
  stride      base, base + stride, base + 2 strides, ..., modulo the footprint
  uniform     any word of the footprint, each as likely
  zipf        the page of rank k with weight 1/k^exponent, ranks shuffled over
              the pages; any word of the page
  gaussian    a page normally distributed about the middle one, sigma an eighth
              of the pages; any word of the page
  chase       a pointer chase: the footprint's 64-byte lines in one shuffled
              order, round and round
  phases      8 equal parts in time, each in its own eighth of the pages, in
              address order; any word of that eighth
  $ pagewalk list counters
  COUNTER                      UNIT          WHAT IT COUNTS
  accesses                     accesses      accesses left after --only and after
                                             the kinds that the machine does not
                                             translate
  instructions                 instructions  instruction fetches of the whole
                                             trace, also where they are dropped
  loads                        accesses      loads; a modify is not one
  stores                       accesses      stores; a modify is not one
  modifies                     accesses      modifies: a load and a store of one
                                             address, one access
  lookups                      lookups       pages looked up: accesses +
                                             page_crossings
  page_crossings               lookups       further lookups of accesses that
                                             reach into another page
  l1i_hits                     lookups       first level, instruction fetches:
                                             hits (of a unified level, too)
  l1i_misses                   lookups       first level, instruction fetches:
                                             misses
  l1d_hits                     lookups       first level, data: hits (of a
                                             unified level, too)
  l1d_misses                   lookups       first level, data: misses
  l2_hits                      lookups       second level, both kinds: hits
  l2_misses                    lookups       second level, both kinds: misses
  l3_hits                      lookups       third level, both kinds: hits
  l3_misses                    lookups       third level, both kinds: misses
  walks                        walks         page-table walks: misses of the last
                                             level
  walk_refs                    reads         page-table entries read by walks
  walk_cycles                  cycles        sum over the walks of setup_cycles
                                             and their reads' costs
  longest_walk_cycles          cycles        cost of the longest walk
  translation_cycles           cycles        upper bound, nothing overlaps: hits
                                             below level 1 x hit_cycles +
                                             walk_cycles, and the cycles of
                                             switches and shootdowns
  translation_cycles_min       cycles        lower bound: max(walk_cycles /
                                             walkers rounded up, longest walk);
                                             of several CPUs, that of the one
                                             where it is largest
  pages_touched                pages         distinct pages looked up
  page_table_bytes             bytes         size of all page tables, root
                                             included
  frames_mapped                frames        frames of the touched pages, in
                                             units of the smallest leaf
  frames_page_table            frames        frames that hold page tables, in
                                             units of the smallest leaf
  pml5e_hits                   walks         walks shortened by the PML5E walk
                                             cache
  pml4e_hits                   walks         walks shortened by the PML4E walk
                                             cache
  pdpte_hits                   walks         walks shortened by the PDPTE walk
                                             cache
  pde_hits                     walks         walks shortened by the PDE walk
                                             cache, or by PDEs in a TLB
  l0e_hits                     walks         walks shortened by the walk cache of
                                             root entries (formats without x86-64
                                             names)
  l1e_hits                     walks         the same, entries one level below
                                             the root
  l2e_hits                     walks         the same, entries two levels below
                                             the root
  l3e_hits                     walks         the same, entries three levels below
                                             the root
  cache_l1d_hits               reads         page-table reads served by the
                                             first-level data cache (memory model
                                             caches)
  cache_l2_hits                reads         page-table reads served by the
                                             second-level cache
  cache_l3_hits                reads         page-table reads served by the
                                             third-level cache
  cache_dram                   reads         page-table reads served by memory
  context_switches             switches      times that another process went on,
                                             on a CPU
  tlb_flushes                  flushes       times that all translations but
                                             global ones were flushed
  asid_recycles                recycles      times that an address-space id was
                                             taken from a process, or all were
                                             given out anew
  shootdowns                   shootdowns    changes of mappings that took
                                             translations of touched pages out of
                                             the TLB
  switch_cycles                cycles        context_switches x os.switch_cycles,
                                             part of translation_cycles
  shootdown_cycles             cycles        shootdown_cpus x
                                             os.shootdown_cycles, part of
                                             translation_cycles
  translation_cycles_estimate  cycles        with [core]: between the bounds,
                                             translation_stall_cycles or, where
                                             that is more, translation_cycles_min
  translation_stall_cycles     cycles        with [core]: what its window does
                                             not hide, time with translation less
                                             time without
  walker_queue_cycles          cycles        with [core]: sum over the walks of
                                             their wait for a walker
  walker_busy_cycles           cycles        with [core]: sum over the walkers of
                                             the time that they walk
  merged_walks                 lookups       with [core]: hits of a page whose
                                             walk is under way, which wait for it
  table_entries                entries       entries in use of a page table that
                                             is no tree (page_table.format flat
                                             to cuckoo)
  table_slots                  entries       entries that it has, in use or not;
                                             of hashed-chained and inverted,
                                             hashes
  table_longest                reads         most entries that the walk to any
                                             one page reads
  table_resizes                resizes       how often a cuckoo table began to
                                             double
  table_moved                  entries       entries that moved to a cuckoo
                                             table's larger ways
  table_displaced              entries       entries of a cuckoo table that made
                                             room for another
  tsb_hits                     walks         walks that ended at the translation
                                             storage buffer (page_table.format
                                             sparc-tsb)
  tsb_misses                   walks         walks that went on to the tree
                                             behind it
  trap_cycles                  cycles        walks x walker.trap_cycles
                                             (walker.kind software)
  handler_cycles               cycles        walks x walker.handler_cycles
                                             (walker.kind software)
  walk_p50_cycles              cycles        cost that half of the walks do not
                                             exceed; where reads go through
                                             caches, with --walks alone, else 0;
                                             and so below
  walk_p95_cycles              cycles        cost that 95 of 100 walks do not
                                             exceed
  walk_p99_cycles              cycles        cost that 99 of 100 walks do not
                                             exceed
  l1s_hits                     lookups       first level, stores and modifies,
                                             where they have arrays of their own
                                             (l1s): hits, of l1d_hits
  l1s_misses                   lookups       first level, stores and modifies,
                                             where they have arrays of their own:
                                             misses, of l1d_misses
  prefetches                   walks         walks that brought a translation
                                             into the prefetch buffer; not among
                                             walks
  prefetch_hits                lookups       misses of the last level that the
                                             prefetch buffer had: prefetches that
                                             were of use
  prefetches_useless           walks         prefetches that were replaced in the
                                             buffer, or stood there unused at the
                                             end
  prefetches_unmapped          pages         predicted pages that were not
                                             mapped: no prefetches, and no cost
  prefetch_walk_refs           reads         page-table entries read by
                                             prefetches; not among walk_refs
  prefetch_walk_cycles         cycles        cost of the prefetches' walks, which
                                             nobody waits for; in no other sum
  pages_small                  pages         pages_touched that leaves of the
                                             last level map, or runs of those
  pages_huge                   pages         pages_touched that leaves one level
                                             above the last map, or runs of those
  pages_giant                  pages         pages_touched that leaves further up
                                             map
  touched_bytes                bytes         bytes of the smallest leaves that
                                             hold a byte looked up; 0 with
                                             os.policy = uniform, which does not
                                             ask
  bloat_bytes                  bytes         bytes of the mapped pages' frames
                                             less touched_bytes; 0 with os.policy
                                             = uniform
  promotions                   promotions    ranges of base pages that became a
                                             huge page
  promotion_cycles             cycles        promotions x os.promote_cycles
  shootdown_cpus               CPUs          sum over the shootdowns of the CPUs
                                             that the process has run on; with
                                             one CPU, shootdowns
  guest_refs                   reads         with page_table.host: entries of the
                                             guest's page table read by walks, of
                                             walk_refs
  host_refs                    reads         with page_table.host: entries of the
                                             host's page table read by walks, of
                                             walk_refs
  host_walks                   walks         with page_table.host: translations
                                             of guest-physical addresses that
                                             read the host's page table
  nested_tlb_hits              lookups       translations of guest-physical
                                             addresses that the nested TLB had
  nested_tlb_misses            lookups       translations of guest-physical
                                             addresses that the nested TLB lacked
  host_pml5e_hits              walks         host_walks shortened by the host's
                                             PML5E walk cache
  host_pml4e_hits              walks         host_walks shortened by the host's
                                             PML4E walk cache
  host_pdpte_hits              walks         host_walks shortened by the host's
                                             PDPTE walk cache
  host_pde_hits                walks         host_walks shortened by the host's
                                             PDE walk cache
  host_l0e_hits                walks         host_walks shortened by the host's
                                             walk cache of root entries (formats
                                             without x86-64 names)
  host_l1e_hits                walks         the same, entries one level below
                                             the root
  host_l2e_hits                walks         the same, entries two levels below
                                             the root
  host_l3e_hits                walks         the same, entries three levels below
                                             the root
  host_table_bytes             bytes         with page_table.host: size of the
                                             host's page table; page_table_bytes
                                             is the guest's
  $ pagewalk list metrics
  METRIC                           UNIT    WHAT IT IS
  l1i_hit_ratio                            hits per instruction lookup of level 1
  l1i_miss_ratio                           misses per instruction lookup of level
                                           1
  l1d_hit_ratio                            hits per data lookup of level 1
  l1d_miss_ratio                           misses per data lookup of level 1
  l2_hit_ratio                             hits per lookup of level 2
  l2_miss_ratio                            misses per lookup of level 2
  l3_hit_ratio                             hits per lookup of level 3
  l3_miss_ratio                            misses per lookup of level 3
  walk_ratio                               walks per lookup of the whole TLB
  l1i_mpki                         1/kI    level-1 instruction misses per 1000
                                           instructions
  l1d_mpki                         1/kI    level-1 data misses per 1000
                                           instructions
  l2_mpki                          1/kI    level-2 misses per 1000 instructions
  l3_mpki                          1/kI    level-3 misses per 1000 instructions
  walk_mpki                        1/kI    walks per 1000 instructions
  refs_per_walk                    reads   page-table entries read per walk
  cycles_per_walk                  cycles  cost of a walk, mean
  cycles_per_access                cycles  translation cycles per access, upper
                                           bound
  cycles_per_access_min            cycles  the same, lower bound
  cycles_per_instruction           cycles  translation cycles per instruction,
                                           upper bound
  cycles_per_access_estimate       cycles  estimated translation cycles per
                                           access, with [core]
  cycles_per_instruction_estimate  cycles  estimated translation cycles per
                                           instruction, with [core]
  queue_cycles_per_walk            cycles  wait for a walker, mean, with [core]
  table_load                               entries in use per entry, or hash, of
                                           a page table that is no tree
  tsb_hit_ratio                            walks that ended at the TSB, per walk
  l1s_miss_ratio                           misses per lookup of stores in level
                                           1, of arrays of their own
  l1s_mpki                         1/kI    level-1 store misses per 1000
                                           instructions, of arrays of their own
  prefetch_accuracy                        prefetches that were of use, per
                                           prefetch
  prefetch_coverage                        misses of the last level that the
                                           prefetch buffer had, per miss
  bloat_ratio                              bytes held and not touched per byte
                                           touched, by smallest leaves; not with
                                           os.policy = uniform
  nested_tlb_hit_ratio                     hits per lookup of the nested TLB
  guest_refs_per_walk              reads   entries of the guest's page table read
                                           per walk, with page_table.host
  host_refs_per_walk               reads   entries of the host's page table read
                                           per walk, with page_table.host
  $ pagewalk list statistics
  STATISTIC                     UNIT      BUCKET         WHAT IT COUNTS
  instructions                  accesses                 instruction fetches of
                                                         the whole trace, also
                                                         where they are left out
  loads                         accesses                 loads of the whole
                                                         trace; a modify is not
                                                         one
  stores                        accesses                 stores of the whole
                                                         trace; a modify is not
                                                         one
  modifies                      accesses                 modifies of the whole
                                                         trace: a load and a
                                                         store of one address,
                                                         one access
  instructions_per_data_access                           instructions by loads,
                                                         stores and modifies
  accesses                      accesses                 accesses left after
                                                         --only; what follows is
                                                         of these
  fetch_sizes                   accesses  bytes          instruction fetches by
                                                         size
  data_sizes                    accesses  bytes          data accesses by size
  alignments                    accesses  bytes          data accesses by the
                                                         largest power of two,
                                                         4096 at the most, that
                                                         divides the address
  misaligned                    accesses                 data accesses whose size
                                                         is a power of two that
                                                         does not divide the
                                                         address
  line_crossings                accesses                 accesses that reach into
                                                         another line of 64 bytes
  forward_strides               accesses  from bytes     data accesses by how far
                                                         above the data access
                                                         before them they are, 0
                                                         for the same address
  backward_strides              accesses  from bytes     the same, by how far
                                                         below
  pc_forward_strides            accesses  from bytes     the same, above the last
                                                         one of the same
                                                         instruction, where the
                                                         trace has these
  pc_backward_strides           accesses  from bytes     the same, by how far
                                                         below
  lines                         lines                    distinct lines of 64
                                                         bytes that are touched
  pages                         pages                    distinct pages that are
                                                         touched
  lookups                       lookups                  accesses +
                                                         page_crossings
  page_crossings                accesses                 accesses that reach into
                                                         another page
  hot_pages                     pages     percent        the fewest pages that
                                                         take that share of the
                                                         lookups
  page_lookups                  pages     from lookups   pages by how often they
                                                         are looked up
  page_lines                    pages     from lines     pages by how many of
                                                         their lines of 64 bytes
                                                         are touched
  reuse_times                   lookups   from accesses  lookups by the accesses
                                                         since the page's last
                                                         lookup, itself included;
                                                         first ones are in no
                                                         bucket
  lru_depths                    lookups   from pages     lookups by how many
                                                         other pages were looked
                                                         up since: an LRU TLB of
                                                         more entries hits; first
                                                         ones are in no bucket
  mean_working_set              pages     window         distinct pages of the
                                                         last so many accesses,
                                                         the mean over all
                                                         accesses
  working_set                   pages     end            distinct pages of the
                                                         window that ends there;
                                                         the last one may be
                                                         shorter
  footprint                     pages     end            distinct pages from the
                                                         start of the trace up to
                                                         there
  $ pagewalk list plots
  PLOT              SHOWS
  hit-ratio         hits per lookup of each level
  miss-ratio        misses per lookup of each level, and page-table walks per
                    lookup
  walk-ratio        page-table walks per lookup
  cycles            translation cycles per access, between the lower and the
                    upper bound
  mpki              misses per 1000 instructions of each level, and walks
  levels            bars: the share of the lookups that each level answers
  cost              bars: cycles per access spent on hits below level 1 and on
                    walks
  memory            bars: memory that pages hold, what of it is touched, and
                    cycles per access
  page-size         the trade of page sizes: walks per lookup against memory and
                    page tables
  miss-ratio-curve  misses per lookup over TLB entries, as `pagewalk mrc` finds
                    them
  heatmap           cycles per access over two varied keys
  working-set       distinct pages of each window over time, as `pagewalk trace
                    stats` finds them, and so below
  footprint         memory touched since the start over time
  mean-working-set  distinct pages of windows, the mean, over their length
  reuse-time        lookups by the accesses since the page's last one
  lru-depth         lookups by the other pages since the page's last one
  stride            distances between successive data accesses
  pc-stride         distances between successive data accesses of one instruction
  walk-latency      walks by what they cost, as --walks of run and sweep finds
                    them: the share that costs no more
  walk-reads        bars: what served the entries that walks read, by level, as
                    --walks finds it
  $ pagewalk list keys
  [machine]
    name = text
        what results call the machine; the file's base name where it is not given
    source = text
        where the values come from
  
  [tlb.LEVEL.LABEL]
    pages = any | sizes (default any)
        page sizes that the array holds, separated by blanks
    entries = count (no default)
        two of entries, sets, ways; 0: the array is absent
    sets = count (no default)
        two of entries, sets, ways; any number
    ways = count | full (no default)
        two of entries, sets, ways; full: one set
    policy = lru | fifo | lfu | plru | nru | srrip | random (default lru)
        replacement
    index = modulo | xor (default modulo)
        set = page number mod sets, or the XOR of its set-wide fields
    hit_cycles = cycles (default 7)
        cost of a hit below level 1, on top of the first level's; refused on
        level 1. 7 is what Intel's event-based metrics charge a hit in the
        second-level TLB from Ice Lake on (perfmon TMA_Metrics-full.csv, version
        5.2)
    fill = all | victim (default all)
        victim: holds what the level above evicts; refused on level 1
    sector = 1 | 2 | 4 | 8 | 16 (default 1)
        pages that an entry has one tag and a valid bit each for; not with
        coalesce or victim fills
    sector_fill = page | all (default page)
        what a fill makes valid: the page alone, or all pages of the sector that
        are mapped
    coalesce = 1 | 2 | 4 | 8 | 16 (default 1)
        pages of an aligned group that an entry may cover where their frames are
        contiguous
    coalesce_rule = run | whole (default run)
        run: the contiguous pages around the one that is filled; whole: all of
        the group, its frames aligned, or that one alone
    pdes = no | yes (default no)
        yes: walks of lookups that missed here keep their PDEs here, too; of the
        last level alone
    shared = no | yes (default no)
        with os.cpus above 1, yes: one array for all CPUs, no: each has its own;
        below level 1, and nothing below may be a CPU's own
  
  [page_table]
    format = format (default x86-64)
        see `pagewalk list formats`
    entries = count
        of a hashed table, anchors of an inverted one, each way of cuckoo at
        first, a TSB: a power of two. 1048576 hashed, as Linux gives a PowerPC of
        1 GiB, 8 for two pages of 4K; as many as frames inverted; 16384 cuckoo;
        512 sparc-tsb, UltraSPARC's least
    entry_bytes = size
        of a table that is no tree, or of a TSB: a power of two, 8 to 4096. 8
        flat, 32 hashed-chained, 16 hashed-open, inverted and sparc-tsb, 64
        cuckoo
    cluster = count
        pages that an entry maps, side by side, of hashed-chained, hashed-open
        and cuckoo: a power of two, 1 to 16. 1 hashed, 8 cuckoo
    ways = count
        of cuckoo, each with a hash of its own: 2 to 4; 3
    load_percent = count
        of cuckoo: entries in use above which it doubles, 10 to 90; 60
    memory = size
        of inverted: memory, of which each page has an entry, a power of two;
        16G, a round figure
    host = none | format (default none)
        the format, a tree, of the nested page table that maps the guest-physical
        addresses of a virtual machine, whose own page table is of format; none:
        addresses are physical
    host_page_size = size
        size of every page of guest-physical memory, os.page_size or more;
        os.page_size where it is not given
  
  [nested_tlb]
    entries = count (no default)
        two of entries, sets, ways; 0: absent. Pages of guest-physical memory and
        where they are in the host's, LRU
    sets = count (no default)
        two of entries, sets, ways
    ways = count | full (no default)
        two of entries, sets, ways
  
  [host_walk_cache.ENTRY]
    entries = count (no default)
        two of entries, sets, ways; 0: absent. ENTRY is the non-leaf entry of
        page_table.host that it holds, LRU
    sets = count (no default)
        two of entries, sets, ways
    ways = count | full (no default)
        two of entries, sets, ways
  
  [prefetch]
    kind = none | next | stride | distance (default none)
        what is prefetched into a buffer behind the last level: the pages behind;
        those that two equal strides lead to; those at distances that followed
        the last one before
    degree = count (default 2)
        pages a lookup prefetches at most, 1 to 8; of distance: slots of a row
    entries = count (default 16)
        of the buffer, 1 to 1024; the oldest goes
    rows = count (default 256)
        of the table of distances, 1 to 65536; kind distance
    hit_cycles = cycles (default 7)
        cost of a hit in the buffer, as of one below level 1
  
  [walker]
    kind = hardware | software (default hardware)
        who walks; software: a trap handler, whose loads go the way of a walker's
        reads
    count = count (default 1)
        walks in flight: enters the lower bound of the cycles, and the estimate
        that [core] asks for; software walks one at a time
    setup_cycles = cycles (default 0)
        cost of each walk beside its reads
    trap_cycles = cycles (default 10)
        kind software: cost of each trap. 10 is the least of the three that Jacob
        and Mudge (ASPLOS 1998) take, 10, 50 and 200
    handler_cycles = cycles (default 10)
        kind software: cost of each run of the handler beside its loads. 10 are
        the instructions of Ultrix's for user pages on MIPS (Jacob and Mudge
        1998), a cycle each
  
  [walk_cache.ENTRY]
    entries = count (no default)
        two of entries, sets, ways; 0: absent. ENTRY is the non-leaf entry it
        holds, LRU: pml5e pml4e pdpte pde on x86-64, l0e l1e ... from the root on
        other formats
    sets = count (no default)
        two of entries, sets, ways
    ways = count | full (no default)
        two of entries, sets, ways
  
  [memory]
    model = fixed | caches (default fixed)
        what a read of a page-table entry costs: one figure, or by the cache that
        has it
    fixed_cycles = cycles (default 10)
        cost of a read, model fixed; a round figure near a second-level cache's
        latency
    dram_cycles = cycles (default 200)
        cost of a read that no cache has, model caches; a round figure
  
  [cache.LEVEL]
    size = size (no default)
        LEVEL is l1d, l2 or l3; LRU; 0: absent
    ways = count | full (no default)
        size / (ways x line) sets, a whole number
    line = size (default 64)
        a power of two, 16 to 4096
    hit_cycles = cycles (no default)
        whole load-to-use latency of a read served here
    shared = no | yes
        as of a TLB array; no of l1d and l2, yes of l3 where it is not given
  
  [asid]
    count = any | count (default any)
        address-space ids that TLB entries are tagged with; any: one for every
        process; 0: none, each switch of processes flushes. x86-64 has 4096
        (PCID, Intel SDM vol. 3A, 4.10.1), of which Linux uses 6 a CPU
        (arch/x86/mm/tlb.c); arm64 has 256 or 65536
    recycle = one | all (default one)
        when all ids are in use; one: the oldest goes to the next process, its
        entries leave (Linux on x86); all: everything is flushed and ids are
        given out anew (Linux on arm64, MIPS)
  
  [core]
    width = count
        instructions dispatched a cycle, 1 to 64; with rob, or neither: asks for
        translation_cycles_estimate
    rob = count
        instructions in flight, 1 to 65536: entries of the reorder buffer
  
  [os]
    cpus = count (default 1)
        1 to 16: thread n, in order of appearance over all processes, runs on CPU
        n mod cpus. Each has first levels, walk caches and walkers of its own
    page_size = size
        size of every page; the format's smallest leaf where it is not given
    policy = uniform | thp | khugepaged | reserve | ranges (default uniform)
        which sizes pages have: page_size for all; huge at first touch; base
        pages, and huge ones in the place of enough of them, found anew or
        reserved; by address. See "Pages of several sizes"
    huge_size = size
        size of a huge page, policies thp, khugepaged and reserve; the format's
        next leaf above page_size where it is not given
    huge_kinds = all | data (default all)
        data: ranges of a huge page that an instruction fetch touches first keep
        base pages, as program text does that is mapped from files
    promote_pages = count (default 1)
        base pages touched that make a range huge, policy khugepaged. 1 is what
        Linux's default of max_ptes_none, all but one, allows (mm/khugepaged.c;
        Documentation/admin-guide/mm/transhuge.rst)
    reserve_threshold = percent (default 100)
        share of a reservation's base pages touched that promotes it, policy
        reserve. 100 is that of Navarro et al. (OSDI 2002, 4.5)
    promote_cycles = cycles (default 0)
        cost of each promotion
    ranges = START-END:SIZE ... | @FILE
        policy ranges: addresses whose pages have another size than page_size, as
        0x400000-0x800000:2M; END is the first address behind; separated by
        blanks or commas. Or a file of them, any number on a line, # begins a
        comment
    global = none | upper (default none)
        upper: pages in the upper half of the addresses belong to all processes
        and are never flushed, as kernels have them
    switch_cycles = cycles (default 0)
        cost of each switch of processes, beside the misses that follow
    shootdowns = no | yes (default no)
        yes: what a trace says is unmapped, moved, cut off or protected otherwise
        leaves the TLB and the walk caches
    shootdown_pages = count (default 33)
        a shootdown of more pages takes out all of the process's entries; Linux's
        tlb_single_page_flush_ceiling (Documentation/arch/x86/tlb.rst)
    shootdown_cycles = cycles (default 2000)
        cost of each shootdown, for each CPU that the process has run on; a round
        figure

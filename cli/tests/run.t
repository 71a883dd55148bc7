  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .

A report for people.

  $ pagewalk run --machine small.ini --format table mixed.trace
  mixed.trace on small, 4K pages
    pagewalk 0.1.0, seed 1, machine 1a3dbbd3a359feec, trace 27b584844204bf98
  
    accesses       113  fetches 60, loads 33, stores 18, modifies 2
    lookups        116  3 by accesses that reach into another page
    pages touched   15  60K in all
    instructions    60  of the whole trace
  
    TLB                    lookups  hits  misses  miss ratio     MPKI
    level 1, instructions       60    58       2    0.033333   33.333
    level 1, data               56    23      33    0.589286  550.000
    level 2                     35    16      19    0.542857  316.667
  
    walks            19  0.163793 per lookup, 316.667 per 1000 instructions
    walks shortened  13  pde 13
    entries read     37  1.947 per walk
    served by        37  l1d 9, memory 28
  
    page tables  32,768  bytes in 8 frames
    pages            15  frames
  
    cycles            at least    at most
    translation          1,447      2,973
    per access       12.805310  26.309735
    per instruction             49.550000
    per walk, mean                 152.26
    longest walk                      403

Several rows make a table.

  $ pagewalk run --machine small.ini --format table mixed.trace text.trace 2> /dev/null
                                   l1i miss  l1d miss   l2 miss         refs/  min cycles/  max cycles/    pages
  trace        page size  lookups     ratio     ratio     ratio  walks   walk       access       access  touched
  mixed.trace         4K      116  0.033333  0.589286  0.542857     19  1.947    12.805310    26.309735       15
  text.trace          4K       21  0.090909  0.700000  1.000000      8  1.750    26.000000    52.000000        8

Rows for programs: CSV where standard output is no terminal.

  $ pagewalk run --machine small.ini mixed.trace
  version,machine,machine_hash,trace,trace_hash,seed,only,page_size,accesses,instructions,loads,stores,modifies,lookups,page_crossings,l1i_hits,l1i_misses,l1d_hits,l1d_misses,l2_hits,l2_misses,l3_hits,l3_misses,walks,walk_refs,walk_cycles,longest_walk_cycles,translation_cycles,translation_cycles_min,pages_touched,page_table_bytes,frames_mapped,frames_page_table,pml5e_hits,pml4e_hits,pdpte_hits,pde_hits,l0e_hits,l1e_hits,l2e_hits,l3e_hits,cache_l1d_hits,cache_l2_hits,cache_l3_hits,cache_dram,context_switches,tlb_flushes,asid_recycles,shootdowns,switch_cycles,shootdown_cycles,translation_cycles_estimate,translation_stall_cycles,walker_queue_cycles,walker_busy_cycles,merged_walks,table_entries,table_slots,table_longest,table_resizes,table_moved,table_displaced,tsb_hits,tsb_misses,trap_cycles,handler_cycles,walk_p50_cycles,walk_p95_cycles,walk_p99_cycles,l1s_hits,l1s_misses,prefetches,prefetch_hits,prefetches_useless,prefetches_unmapped,prefetch_walk_refs,prefetch_walk_cycles,pages_small,pages_huge,pages_giant,touched_bytes,bloat_bytes,promotions,promotion_cycles,shootdown_cpus,guest_refs,host_refs,host_walks,nested_tlb_hits,nested_tlb_misses,host_pml5e_hits,host_pml4e_hits,host_pdpte_hits,host_pde_hits,host_l0e_hits,host_l1e_hits,host_l2e_hits,host_l3e_hits,host_table_bytes,l1i_hit_ratio,l1i_miss_ratio,l1d_hit_ratio,l1d_miss_ratio,l2_hit_ratio,l2_miss_ratio,l3_hit_ratio,l3_miss_ratio,walk_ratio,l1i_mpki,l1d_mpki,l2_mpki,l3_mpki,walk_mpki,refs_per_walk,cycles_per_walk,cycles_per_access,cycles_per_access_min,cycles_per_instruction,cycles_per_access_estimate,cycles_per_instruction_estimate,queue_cycles_per_walk,table_load,tsb_hit_ratio,l1s_miss_ratio,l1s_mpki,prefetch_accuracy,prefetch_coverage,bloat_ratio,nested_tlb_hit_ratio,guest_refs_per_walk,host_refs_per_walk,ideal
  0.1.0,small,1a3dbbd3a359feec,mixed.trace,27b584844204bf98,1,all,4096,113,60,33,18,2,116,3,58,2,23,33,16,19,0,0,19,37,2893,403,2973,1447,15,32768,15,8,0,0,0,13,0,0,0,0,9,0,0,28,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,15,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0.966667,0.0333333,0.410714,0.589286,0.457143,0.542857,,,0.163793,33.3333,550,316.667,0,316.667,1.94737,152.263,26.3097,12.8053,49.55,,,,,,,0,,0,,,,,
  $ pagewalk run --machine small.ini --format tsv --seed 7 mixed.trace | head -n 1 | tr '\t' ',' > header
  $ pagewalk run --machine small.ini mixed.trace | head -n 1 | cmp - header
  $ pagewalk run --machine small.ini --format json mixed.trace
  {"version":"0.1.0","machine":"small","machine_hash":"1a3dbbd3a359feec","trace":"mixed.trace","trace_hash":"27b584844204bf98","seed":1,"only":"all","page_size":4096,"accesses":113,"instructions":60,"loads":33,"stores":18,"modifies":2,"lookups":116,"page_crossings":3,"l1i_hits":58,"l1i_misses":2,"l1d_hits":23,"l1d_misses":33,"l2_hits":16,"l2_misses":19,"l3_hits":0,"l3_misses":0,"walks":19,"walk_refs":37,"walk_cycles":2893,"longest_walk_cycles":403,"translation_cycles":2973,"translation_cycles_min":1447,"pages_touched":15,"page_table_bytes":32768,"frames_mapped":15,"frames_page_table":8,"pml5e_hits":0,"pml4e_hits":0,"pdpte_hits":0,"pde_hits":13,"l0e_hits":0,"l1e_hits":0,"l2e_hits":0,"l3e_hits":0,"cache_l1d_hits":9,"cache_l2_hits":0,"cache_l3_hits":0,"cache_dram":28,"context_switches":0,"tlb_flushes":0,"asid_recycles":0,"shootdowns":0,"switch_cycles":0,"shootdown_cycles":0,"translation_cycles_estimate":0,"translation_stall_cycles":0,"walker_queue_cycles":0,"walker_busy_cycles":0,"merged_walks":0,"table_entries":0,"table_slots":0,"table_longest":0,"table_resizes":0,"table_moved":0,"table_displaced":0,"tsb_hits":0,"tsb_misses":0,"trap_cycles":0,"handler_cycles":0,"walk_p50_cycles":0,"walk_p95_cycles":0,"walk_p99_cycles":0,"l1s_hits":0,"l1s_misses":0,"prefetches":0,"prefetch_hits":0,"prefetches_useless":0,"prefetches_unmapped":0,"prefetch_walk_refs":0,"prefetch_walk_cycles":0,"pages_small":15,"pages_huge":0,"pages_giant":0,"touched_bytes":0,"bloat_bytes":0,"promotions":0,"promotion_cycles":0,"shootdown_cpus":0,"guest_refs":0,"host_refs":0,"host_walks":0,"nested_tlb_hits":0,"nested_tlb_misses":0,"host_pml5e_hits":0,"host_pml4e_hits":0,"host_pdpte_hits":0,"host_pde_hits":0,"host_l0e_hits":0,"host_l1e_hits":0,"host_l2e_hits":0,"host_l3e_hits":0,"host_table_bytes":0,"l1i_hit_ratio":0.966667,"l1i_miss_ratio":0.0333333,"l1d_hit_ratio":0.410714,"l1d_miss_ratio":0.589286,"l2_hit_ratio":0.457143,"l2_miss_ratio":0.542857,"l3_hit_ratio":null,"l3_miss_ratio":null,"walk_ratio":0.163793,"l1i_mpki":33.3333,"l1d_mpki":550.0,"l2_mpki":316.667,"l3_mpki":0.0,"walk_mpki":316.667,"refs_per_walk":1.94737,"cycles_per_walk":152.263,"cycles_per_access":26.3097,"cycles_per_access_min":12.8053,"cycles_per_instruction":49.55,"cycles_per_access_estimate":null,"cycles_per_instruction_estimate":null,"queue_cycles_per_walk":null,"table_load":null,"tsb_hit_ratio":null,"l1s_miss_ratio":null,"l1s_mpki":0.0,"prefetch_accuracy":null,"prefetch_coverage":0.0,"bloat_ratio":null,"nested_tlb_hit_ratio":null,"guest_refs_per_walk":null,"host_refs_per_walk":null,"ideal":""}

A metric without a denominator is empty, or null.

  $ pagewalk run --machine small.ini --only data --set tlb.l2.any.entries=0 mixed.trace | tail -n 1
  0.1.0,small,af17d26ab73d5421,mixed.trace,27b584844204bf98,1,data,4096,53,60,33,18,2,56,3,0,0,23,33,0,0,0,0,33,42,2091,403,2091,1046,13,28672,13,7,0,0,0,30,0,0,0,0,23,0,0,19,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,13,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,0.410714,0.589286,,,,,0.589286,0,550,0,0,550,1.27273,63.3636,39.4528,19.7358,34.85,,,,,,,0,,0,,,,,
  $ pagewalk run --machine small.ini --only data --set tlb.l2.any.entries=0 --format json mixed.trace | grep -o '"[^"]*":null'
  "l1i_hit_ratio":null
  "l1i_miss_ratio":null
  "l2_hit_ratio":null
  "l2_miss_ratio":null
  "l3_hit_ratio":null
  "l3_miss_ratio":null
  "cycles_per_access_estimate":null
  "cycles_per_instruction_estimate":null
  "queue_cycles_per_walk":null
  "table_load":null
  "tsb_hit_ratio":null
  "l1s_miss_ratio":null
  "prefetch_accuracy":null
  "bloat_ratio":null
  "nested_tlb_hit_ratio":null
  "guest_refs_per_walk":null
  "host_refs_per_walk":null

Compression is told by the content, and - is standard input: all rows but the path are the same.

  $ pagewalk run --machine small.ini mixed.trace | sed 's/mixed.trace/T/' > plain
  $ for trace in mixed.trace.gz mixed.trace.zst; do
  >     pagewalk run --machine small.ini $trace | sed "s/$trace/T/" | cmp - plain
  >     pagewalk run --machine small.ini - < $trace | sed "s/,-,/,T,/" | cmp - plain
  > done

One header for several traces, in the order given.

  $ pagewalk run --machine small.ini mixed.trace.gz mixed.trace | cut -d , -f 2,4-9
  machine,trace,trace_hash,seed,only,page_size,accesses
  small,mixed.trace.gz,27b584844204bf98,1,all,4096,113
  small,mixed.trace,27b584844204bf98,1,all,4096,113

--page-size is short for --set os.page_size, and settings change the machine's hash.

  $ pagewalk run --machine small.ini --page-size 2M mixed.trace > a
  $ pagewalk run --machine small.ini --set os.page_size=2M mixed.trace | cmp - a
  $ pagewalk run --machine small.ini --set os.page_size=2048K mixed.trace | cmp - a
  $ tail -n 1 a | cut -d , -f 1-9
  0.1.0,small,c8bf683a31923823,mixed.trace,27b584844204bf98,1,all,2097152,113
  $ pagewalk run --machine small.ini --page-size 4K mixed.trace | cmp - plain | sed 's/differ.*/differ/'
  - plain differ

The seed is recorded, and decides what is random.

  $ for seed in 1 1 2; do
  >     pagewalk run --machine small.ini --set tlb.l1d.any.policy=random --seed $seed mixed.trace | tail -n 1 | cut -d , -f 6,18,19
  > done
  1,22,34
  1,22,34
  2,24,32

--only, and a machine that serves one kind.

  $ pagewalk run --machine small.ini --only data --format json mixed.trace | grep -o '"\(accesses\|instructions\|loads\|lookups\)":[0-9]*'
  "accesses":53
  "instructions":60
  "loads":33
  "lookups":56
  $ pagewalk run --machine small.ini --only instructions --format json mixed.trace | grep -o '"\(accesses\|instructions\|loads\|lookups\)":[0-9]*'
  "accesses":60
  "instructions":60
  "loads":0
  "lookups":60
  $ pagewalk run --machine small.ini --set tlb.l1i.any.entries=0 mixed.trace > a
  pagewalk: the machine has no first level for instruction fetches, which are left out
  $ pagewalk run -q --machine small.ini --set tlb.l1i.any.entries=0 mixed.trace | cmp - a
  $ pagewalk run --machine small.ini --set tlb.l1d.any.entries=0 mixed.trace | tail -n 1 | cut -d , -f 9-14
  pagewalk: the machine has no first level for data, which are left out
  60,60,0,0,0,60

Nothing left is a row of zeros.

  $ pagewalk gen sequential --accesses 9 > data.trace
  $ pagewalk run --machine small.ini --only instructions data.trace | tail -n 1 | cut -d , -f 6-43
  pagewalk: data.trace: of its 9 records none is left to translate, so that its rows hold zeros
  1,instructions,4096,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0

  $ pagewalk run --machine small.ini --only data --set tlb.l1d.any.entries=0 mixed.trace | tail -n 1 | cut -d , -f 6-15
  pagewalk: the machine has no first level for data, which are left out
  pagewalk: mixed.trace: of its 113 records none is left to translate, so that its rows hold zeros
  1,data,4096,0,60,0,0,0,0,0
  $ pagewalk run --machine small.ini --format table --only instructions data.trace
  pagewalk: data.trace: of its 9 records none is left to translate, so that its rows hold zeros
  data.trace on small, 4K pages
    pagewalk 0.1.0, seed 1, machine 1a3dbbd3a359feec, trace 359d204d65df2cd5
  
    accesses       0
    lookups        0  0 by accesses that reach into another page
    pages touched  0  0 bytes in all
    instructions   0  of the whole trace
  
    TLB                    lookups  hits  misses
    level 1, instructions        0     0       0
    level 1, data                0     0       0
    level 2                      0     0       0
  
    walks            0
    walks shortened  0
    entries read     0
  
    page tables  0  bytes in 0 frames
    pages        0  frames
  
    cycles           at least  at most
    translation             0        0
    per access
    per instruction
    per walk, mean
    longest walk                     0
  $ pagewalk run --machine small.ini --seed 9223372036854775807 --format json mixed.trace | grep -o '"seed":[0-9]*'
  "seed":9223372036854775807

Time and memory are said on request, and never in a row.

  $ pagewalk run -v --machine small.ini mixed.trace 2>&1 > a | sed 's/[0-9][0-9,.]*/N/g; s/(.*)/(ALLOCATOR)/'
  pagewalk: N s, N accesses x N configuration, N M accesses/s; at most NM of memory (ALLOCATOR); page tables N bytes, N a page touched
  $ pagewalk run --machine small.ini mixed.trace | cmp - a
  $ pagewalk gen uniform --pages 20000 --accesses 400000 -o pages.trace
  $ figures() { pagewalk "$@" -v pages.trace 2>&1 > a | sed -n 's/.*; page tables \([0-9,]*\) bytes, \(.*\) a page touched$/\1 \2/p'; }
  $ figures run
  43,136 2.16
  $ figures run --page-size 2M
  38,528 963.20
  $ figures sweep -j 1 --vary os.page_size=4K,2M
  81,664 4.08
  $ rm pages.trace

The built-in machine.

  $ pagewalk run mixed.trace | tail -n 1 | cut -d , -f 2,8,9,14-23
  generic,4096,113,116,3,58,2,43,13,0,15,0,0
  $ pagewalk run --machine skylake mixed.trace | tail -n 1 | cut -d , -f 2,8,9,14-23
  skylake,4096,113,116,3,58,2,43,13,0,15,0,0

Pages that no array holds are legal, and rarely meant.

  $ pagewalk run --machine skylake --page-size 64K mixed.trace | tail -n 1 | cut -d , -f 2,9,14,24
  pagewalk: no TLB array of skylake holds pages of 64K: every lookup walks
  skylake,113,113,113

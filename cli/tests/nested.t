Walks of a virtual machine, in two dimensions.

  $ cp $TESTDIR/small.ini .
  $ sed '/^\[walk_cache/,/^$/d' small.ini > plain.ini
  $ pagewalk gen uniform -n 20000 --pages 3000 -q -o u.pwt
  $ alias sweep='pagewalk sweep -q --machine plain.ini --only data --format csv --set memory.model=fixed'
  $ columns() { awk -F , -v names="$*" 'BEGIN { n = split(names, name, " ") } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } { for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? "," : "\n" }'; }
  $ sweep --vary page_table.host=none,x86-64,x86-64-la57,sv39 u.pwt | columns page_table.host walks refs_per_walk guest_refs_per_walk host_refs_per_walk longest_walk_cycles page_table_bytes host_table_bytes
  page_table.host,walks,refs_per_walk,guest_refs_per_walk,host_refs_per_walk,longest_walk_cycles,page_table_bytes,host_table_bytes
  none,19950,4,,,43,36864,0
  x86-64,19950,24,4,20,243,36864,36864
  x86-64-la57,19950,29,4,25,293,36864,40960
  sv39,19950,19,4,15,193,36864,32768
  $ sweep --set page_table.format=x86-64-la57 --set page_table.host=x86-64-la57 --vary page_table.host_page_size=4K,2M,1G u.pwt | columns page_table.host_page_size refs_per_walk host_table_bytes
  page_table.host_page_size,refs_per_walk,host_table_bytes
  4K,35,40960
  2M,29,16384
  1G,23,12288
  $ sweep --set page_table.host=x86-64 --set nested_tlb.ways=full --vary nested_tlb.entries=0,64,4096 u.pwt | columns nested_tlb.entries walks guest_refs host_refs host_walks nested_tlb_hits nested_tlb_misses nested_tlb_hit_ratio
  nested_tlb.entries,walks,guest_refs,host_refs,host_walks,nested_tlb_hits,nested_tlb_misses,nested_tlb_hit_ratio
  0,19950,79800,399000,99750,0,0,
  64,19950,79800,78608,19652,80098,19652,0.802987
  4096,19950,79800,12024,3006,96744,3006,0.969865
  $ sweep --set page_table.host=x86-64 --set host_walk_cache.pde.ways=full --vary host_walk_cache.pde.entries=0,2,8 u.pwt | columns host_walk_cache.pde.entries host_walks host_pde_hits host_refs
  host_walk_cache.pde.entries,host_walks,host_pde_hits,host_refs
  0,99750,0,399000
  2,99750,87961,135117
  8,99750,99744,99768

  $ pagewalk run --format table -q --machine plain.ini --only data --set page_table.host=x86-64 --set nested_tlb.entries=64 --set nested_tlb.ways=4 u.pwt | grep -e 'entries read' -e both -e 'host walks'
    entries read          158,628  7.951 per walk
    of both tables        158,628  guest 79,800, host 78,828
    host walks             19,707  80,043 spared by the nested TLB
    host walks shortened        0
  $ pagewalk sweep --dry-run --machine plain.ini --only data --set page_table.host=x86-64 --set nested_tlb.sets=8 --set host_walk_cache.pde.entries=4 --set host_walk_cache.pde.ways=4 --vary nested_tlb.ways=2,4 u.pwt | sed -n '/^plan/,/tally/p'
  plan: 17 passes for 2 configurations, 1 address space
    lookups: data, 4K pages, x86-64, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        tlb: 8 entries, 2 sets of 4, lru
          touch
          reads
          nested lookups
            nested tlb: 8 sets of 2 and 4 ways at once, lru, an entry for 4K
              one of them
                host walk cache: 4 entries, full, lru, an entry for 2M
              one of them
                host walk cache: 4 entries, full, lru, an entry for 2M
            nested reads
              cache: 8 entries, 4 sets of 2, lru
              tally

What does not go with it.

  $ pagewalk run -q --machine plain.ini --only data --set page_table.host=x86-64 --set prefetch.kind=next u.pwt
  pagewalk: --set prefetch.kind=next: kind = next does not suit page_table.host: prefetches would be nested walks, too; leave one of them out
  [2]
  $ pagewalk run -q --machine plain.ini --only data --set page_table.host=x86-64 --walks w.csv u.pwt
  pagewalk: --walks: it tells walks by the levels of a tree whose pages have one size, and that walk caches alone shorten, and page_table.host is x86-64, and not none; leave one of the two out
  [2]
  $ pagewalk run --machine plain.ini --only data --set page_table.host=x86-64 -j 2 u.pwt > /dev/null
  pagewalk: -j 2: one thread is all that this can use. page_table.host = x86-64: which page of guest-physical memory an entry is in depends on all pages that were touched before in the trace; set it to none to cut traces in parts
  $ pagewalk run -q --machine plain.ini --only data --set page_table.host=flat u.pwt
  pagewalk: --set page_table.host=flat: host = flat is no tree: nested page tables are, as x86-64 or sv48
  [2]
  $ pagewalk trace merge -q --quantum-unit accesses -o both.pwt u.pwt u.pwt
  $ pagewalk run -q --machine plain.ini --only data --set page_table.host=x86-64 both.pwt
  pagewalk: both.pwt: the trace is of several processes, and only the pages of one go with page_table.host: leave it out, or take the trace of one process
  [2]

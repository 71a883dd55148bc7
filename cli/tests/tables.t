Page tables that are no trees, and software walks.

  $ cp $TESTDIR/small.ini .
  $ sed '/^\[walk_cache/,/^$/d' small.ini > plain.ini
  $ pagewalk gen uniform -n 20000 --pages 3000 -q -o u.pwt
  $ alias sweep='pagewalk sweep -q --machine plain.ini --only data --format csv'
  $ columns() { awk -F , -v names="$*" 'BEGIN { n = split(names, name, " ") } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } { for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? "," : "\n" }'; }
  $ formats=x86-64,flat,hashed-chained,hashed-open,inverted,cuckoo,sparc-tsb
  $ sweep --vary page_table.format=$formats u.pwt | columns page_table.format walks walk_refs cache_dram walk_cycles page_table_bytes table_longest table_load
  page_table.format,walks,walk_refs,cache_dram,walk_cycles,page_table_bytes,table_longest,table_load
  x86-64,19950,79800,79489,8009994,36864,0,
  flat,19950,19950,19541,2015586,549755813888,1,4.36121e-08
  hashed-chained,19950,19979,19964,2056310,33558528,2,0.00285816
  hashed-open,19950,19979,19934,2053430,16777216,2,0.00285816
  inverted,19950,39909,38208,3887454,100663296,3,0.00071454
  cuckoo,19950,59850,59524,2048802,3145728,3,0.00762939
  sparc-tsb,19904,72880,72178,7280320,49152,0,
  $ sweep --set page_table.format=hashed-chained --vary page_table.entries=256,4096,65536 u.pwt | columns page_table.entries walk_refs longest_walk_cycles page_table_bytes table_entries table_slots table_longest table_load
  page_table.entries,walk_refs,longest_walk_cycles,page_table_bytes,table_entries,table_slots,table_longest,table_load
  256,127598,2203,98304,2997,256,22,11.707
  4096,26563,603,159744,2997,4096,6,0.731689
  65536,20251,203,2101248,2997,65536,2,0.0457306
  $ sweep --set page_table.format=cuckoo --set page_table.entries=64 --vary page_table.cluster=1,8 u.pwt | columns page_table.cluster walks walk_refs page_table_bytes table_entries table_slots table_resizes
  page_table.cluster,walks,walk_refs,page_table_bytes,table_entries,table_slots,table_resizes
  1,19950,59850,589824,2997,9216,5
  8,19950,59850,73728,375,1152,2
  $ sweep --set page_table.format=sparc-tsb --vary page_table.entries=256,512,1024,4096 u.pwt | columns page_table.entries walk_refs tsb_hits tsb_misses tsb_hit_ratio page_table_bytes
  page_table.entries,walk_refs,tsb_hits,tsb_misses,tsb_hit_ratio,page_table_bytes
  256,86196,3331,16573,0.167353,45056
  512,72880,6660,13244,0.334606,49152
  1024,48184,12834,7070,0.644795,57344
  4096,25904,18404,1500,0.924638,106496

A handler takes its own cycles, and its loads go the way of a walker's reads.

  $ sweep --set walker.count=1 --vary walker.kind=hardware,software --vary walker.handler_cycles=10,30 u.pwt | columns walker.kind walker.handler_cycles walk_cycles trap_cycles handler_cycles translation_cycles translation_cycles_min
  walker.kind,walker.handler_cycles,walk_cycles,trap_cycles,handler_cycles,translation_cycles,translation_cycles_min
  hardware,10,8009994,0,0,8010119,8009994
  hardware,30,8009994,0,0,8010119,8009994
  software,10,8009994,199500,199500,8409119,8408994
  software,30,8009994,199500,598500,8808119,8807994
  $ pagewalk run -q --machine plain.ini --set walker.kind=software u.pwt
  pagewalk: plain.ini:20: count = 2 does not suit walker.kind = software, which is one handler at a time: set it to 1
  [2]

Steps of their own, which take no lanes.

  $ pagewalk sweep --dry-run --machine plain.ini --only data --vary page_table.format=cuckoo,sparc-tsb --vary tlb.l2.any.ways=1,2,4 --vary memory.model=fixed,caches u.pwt | sed -n '/^plan/,/^time/p' | sed '$d'
  plan: 39 passes for 12 configurations, 2 address spaces
    lookups: data, 4K pages, cuckoo, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        tlb: 8 entries, 8 sets of 1, lru
          touch
          probes: cuckoo, counted
          probes: cuckoo
            cache: 8 entries, 4 sets of 2, lru
            tally
        tlb: 8 entries, 4 sets of 2, lru
          probes: cuckoo, counted
          probes: cuckoo
            cache: 8 entries, 4 sets of 2, lru
            tally
        tlb: 8 entries, 2 sets of 4, lru
          probes: cuckoo, counted
          probes: cuckoo
            cache: 8 entries, 4 sets of 2, lru
            tally
    lookups: data, 8K pages, sparc-tsb, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        tlb: 8 entries, 8 sets of 1, lru
          touch
          tsb: 512 entries, 512 sets of 1, lru, an entry for 8K
            reads
          tsb reads
            cache: 8 entries, 4 sets of 2, lru
            settle
        tlb: 8 entries, 4 sets of 2, lru
          tsb: 512 entries, 512 sets of 1, lru, an entry for 8K
            reads
          tsb reads
            cache: 8 entries, 4 sets of 2, lru
            settle
        tlb: 8 entries, 2 sets of 4, lru
          tsb: 512 entries, 512 sets of 1, lru, an entry for 8K
            reads
          tsb reads
            cache: 8 entries, 4 sets of 2, lru
            settle

Tables that are too small say so, with the record.

  $ pagewalk run -q --machine plain.ini --only data --set page_table.format=hashed-open --set page_table.entries=1024 u.pwt
  pagewalk: u.pwt: record 1267: all page_table.entries = 1024 of page_table.format = hashed-open are in use; raise them, or take hashed-chained, which has no end
  [2]
  $ pagewalk run -q --machine plain.ini --only data --set page_table.format=inverted --set page_table.memory=8M u.pwt
  pagewalk: u.pwt: record 3551: page_table.memory = 8M of page_table.format = inverted has no frame left for another page; raise it
  [2]
  $ pagewalk run -q --machine plain.ini --only data --set page_table.format=hashed-chained --set page_table.entries=4 u.pwt
  pagewalk: u.pwt: records 1 to 4096: their walks read more than 262144 entries of the page table, more than memory.model = caches takes at a time; raise page_table.entries, or set memory.model to fixed
  [2]
  $ pagewalk run -q --machine plain.ini --only data --set memory.model=fixed --set page_table.format=hashed-chained --set page_table.entries=4 -f csv u.pwt | columns walks walk_refs table_longest longest_walk_cycles
  walks,walk_refs,table_longest,longest_walk_cycles
  19950,6941213,775,7753

Sizes of other formats, and walk caches.

  $ pagewalk run -q --machine plain.ini --set page_table.ways=3 u.pwt
  pagewalk: --set page_table.ways=3: ways = 3 does not belong to page_table.format = x86-64, which has no such size: leave it out
  [2]
  $ pagewalk run -q --machine small.ini --set page_table.format=flat u.pwt
  pagewalk: small.ini:24: [walk_cache.pde] does not suit page_table.format = flat, whose walks ask no walk caches: leave it out, or set its entries to 0
  [2]
  $ pagewalk machines show plain.ini 2>&1 | grep -A 6 page_table
  [page_table]
  format = x86-64
  host = none
  
  [prefetch]
  kind = none
  degree = 2
  $ pagewalk sweep --dry-run --machine plain.ini --vary page_table.format=cuckoo,inverted --vary page_table.ways=2,3 u.pwt 2>&1 | head -n 3
  pagewalk: 2 of 4 combinations are illegal:
    --vary page_table.ways=2: ways = 2 does not belong to page_table.format = inverted, which has no such size: leave it out
      page_table.format=inverted page_table.ways=2

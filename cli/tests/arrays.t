What arrays do beyond sets and ways: sectors, coalescing, stores apart, PDEs, prefetching. Columns go by their names, so
that new ones change nothing here.

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ cat > stores.ini <<'EOF'
  > [tlb.l1l.x]
  > entries = 4
  > ways = full
  > [tlb.l1s.x]
  > entries = 1
  > ways = 1
  > [tlb.l2.x]
  > entries = 8
  > ways = full
  > EOF
  $ columns() { awk -F, -v names="$1" 'BEGIN { n = split(names, name, ",") }
  >   NR == 1 { print names; for (i = 1; i <= NF; i++) at[$i] = i; next }
  >   { for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? "," : "\n" }'; }
  $ alias sweep='pagewalk sweep --machine small.ini --format csv'

A trace of few neighbours gains little from entries of several pages, and loses sets.

  $ sweep --vary tlb.l2.any.sector=1,4,16 --vary tlb.l2.any.sector_fill=page,all mixed.trace | columns tlb.l2.any.sector,tlb.l2.any.sector_fill,l2_hits,walks
  tlb.l2.any.sector,tlb.l2.any.sector_fill,l2_hits,walks
  1,page,16,19
  1,all,16,19
  4,page,14,21
  4,all,16,19
  16,page,20,15
  16,all,20,15
  $ sweep --vary tlb.l2.any.coalesce=1,4 --vary tlb.l2.any.coalesce_rule=run,whole mixed.trace | columns tlb.l2.any.coalesce,tlb.l2.any.coalesce_rule,l2_hits,walks
  tlb.l2.any.coalesce,tlb.l2.any.coalesce_rule,l2_hits,walks
  1,run,16,19
  1,whole,16,19
  4,run,7,28
  4,whole,7,28

Loads and stores apart, where one entry for stores is little.

  $ pagewalk sweep --machine stores.ini --vary tlb.l1s.x.entries=1,2 mixed.trace --format csv | columns tlb.l1s.x.entries,l1d_hits,l1d_misses,l1s_hits,l1s_misses
  pagewalk: the machine has no first level for instruction fetches, which are left out
  tlb.l1s.x.entries,l1d_hits,l1d_misses,l1s_hits,l1s_misses
  1,13,43,1,19
  2,15,41,3,17
  $ pagewalk run --machine stores.ini --format table mixed.trace 2>/dev/null | grep level
    level 1, data          56    13      43    0.767857  716.667
    level 2                43    26      17    0.395349  283.333
  $ pagewalk run --machine stores.ini --format table mixed.trace 2>/dev/null | grep stores
  mixed.trace on stores, 4K pages
    accesses       53  loads 33, stores 18, modifies 2
    of these, stores       20     1      19    0.950000  316.667

PDEs, for which there is no other place.

  $ sweep --vary tlb.l2.any.pdes=no,yes mixed.trace
  pagewalk: 1 of 2 combinations is illegal:
    --vary tlb.l2.any.pdes=yes: pdes = yes does not go with [walk_cache.pde], which holds the same entries: leave out one of them
      tlb.l2.any.pdes=yes
  pagewalk: nothing ran; correct the combinations above, or leave them out with --skip-illegal
  [2]
  $ sweep --set walk_cache.pde.entries=0 --vary tlb.l2.any.pdes=no,yes mixed.trace | columns tlb.l2.any.pdes,l2_hits,walks,walk_refs,pde_hits
  tlb.l2.any.pdes,l2_hits,walks,walk_refs,pde_hits
  no,16,19,76,0
  yes,7,28,46,22

Prefetching.

  $ sweep --vary prefetch.kind=none,next,stride,distance mixed.trace | columns prefetch.kind,walks,walk_refs,prefetch_hits,prefetches,prefetches_useless,prefetches_unmapped,prefetch_walk_refs,prefetch_walk_cycles,prefetch_accuracy
  prefetch.kind,walks,walk_refs,prefetch_hits,prefetches,prefetches_useless,prefetches_unmapped,prefetch_walk_refs,prefetch_walk_cycles,prefetch_accuracy
  none,19,37,0,0,0,0,0,0,
  next,18,36,1,4,3,29,4,28,0.25
  stride,19,37,0,1,1,1,1,7,0
  distance,19,37,0,0,0,4,0,0,
  $ pagewalk run --machine small.ini --set prefetch.kind=next --format table mixed.trace | grep -E 'walks|prefetches'
    walks            18  0.155172 per lookup, 300.000 per 1000 instructions
    walks shortened  12  pde 12
    prefetches        4  1 of use, 29 not mapped

What is shared, and what is not.

  $ sweep --vary tlb.l2.any.coalesce=1,8 --vary prefetch.kind=none,distance mixed.trace --dry-run | grep -A99 ^plan: | sed '/^time/d; s/about .* MiB/about N MiB/'
  plan: 27 passes for 4 configurations, 1 address space
    lookups: data, 4K pages, x86-64, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        merge: data and instructions, in program order
          tlb: 8 entries, 2 sets of 4, lru
            touch
            walk cache: 2 entries, full, lru, an entry for 2M
            reads
              cache: 8 entries, 4 sets of 2, lru
              settle
            frames
            prefetch: distance, degree 2, into 16 entries
              walk cache: 2 entries, full, lru, an entry for 2M
              reads
                cache: 8 entries, 4 sets of 2, lru
                settle
          tlb: 8 entries, 2 sets of 4, lru, runs coalesced among 8 pages
            walk cache: 2 entries, full, lru, an entry for 2M
            reads
              cache: 8 entries, 4 sets of 2, lru
              settle
            prefetch: distance, degree 2, into 16 entries
              walk cache: 2 entries, full, lru, an entry for 2M
              reads
                cache: 8 entries, 4 sets of 2, lru
                settle
    lookups: instructions, 4K pages, x86-64, runs collapsed
      tlb: 2 entries, full, lru
  memory: about N MiB, and for each address space a byte a page that is touched, or half a KB where no neighbours are; 20 bytes a page more, or 300, where frames are asked for

What does not fit, all at once.

  $ pagewalk run --machine stores.ini --set tlb.l1l.x.sector=3 --set tlb.l2.x.pdes=maybe --set prefetch.degree=9 mixed.trace
  pagewalk: --set tlb.l1l.x.sector=3: sector = 3 does not fit: there are 1 2 4 8 16
  pagewalk: --set tlb.l2.x.pdes=maybe: pdes = maybe does not fit: there are: no yes
  pagewalk: --set prefetch.degree=9: degree = 9 does not fit: expected a whole number from 1 to 8
  [2]

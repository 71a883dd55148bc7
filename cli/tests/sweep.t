  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ alias sweep='pagewalk sweep --machine small.ini'

Rows in the order of the cross product, the first axis slowest; the values as given.

  $ sweep --vary os.page_size=4K,2048K --vary tlb.l2.any.entries=4,8,16 mixed.trace | cut -d , -f 2,4,6-10,21-25
  machine,trace,seed,only,page_size,os.page_size,tlb.l2.any.entries,l1d_misses,l2_hits,l2_misses,l3_hits,l3_misses
  small,mixed.trace,1,all,4096,4K,4,33,2,33,0,0
  small,mixed.trace,1,all,4096,4K,8,33,16,19,0,0
  small,mixed.trace,1,all,4096,4K,16,33,20,15,0,0
  small,mixed.trace,1,all,2097152,2048K,4,3,0,4,0,0
  small,mixed.trace,1,all,2097152,2048K,8,3,0,4,0,0
  small,mixed.trace,1,all,2097152,2048K,16,3,0,4,0,0
  $ sweep --vary os.page_size=4K,2048K --vary tlb.l2.any.entries=4,8,16 --format table mixed.trace
  mixed.trace on small
  
                                             l1i miss  l1d miss   l2 miss         refs/  min cycles/  max cycles/    pages
  os.page_size  tlb.l2.any.entries  lookups     ratio     ratio     ratio  walks   walk       access       access  touched
            4K                   4      116  0.033333  0.589286  0.942857     33  1.545    14.513274    29.106195       15
            4K                   8      116  0.033333  0.589286  0.542857     19  1.947    12.805310    26.309735       15
            4K                  16      116  0.033333  0.589286  0.428571     15  2.200    12.256637    25.389381       15
         2048K                   4      113  0.016667  0.056604  1.000000      4  3.000     4.938053     9.876106        4
         2048K                   8      113  0.016667  0.056604  1.000000      4  3.000     4.938053     9.876106        4
         2048K                  16      113  0.016667  0.056604  1.000000      4  3.000     4.938053     9.876106        4
  $ sweep --vary os.page_size=4K --format json mixed.trace | grep -o '"page_size":.*"accesses"'
  "page_size":4096,"os.page_size":"4K","accesses"

Two keys vary together.

  $ sweep --vary tlb.l1d.any.entries,tlb.l1d.any.ways=4:4,8:2,8:full --vary os.page_size=4K,64K mixed.trace | cut -d , -f 8-11,20,21
  page_size,tlb.l1d.any.entries,tlb.l1d.any.ways,os.page_size,l1i_misses,l1d_hits
  4096,4,4,4K,2,24
  65536,4,4,64K,1,47
  4096,8,2,4K,2,35
  65536,8,2,64K,1,47
  4096,8,full,4K,2,38
  65536,8,full,64K,1,47

The rows are those of single runs, and the same bytes for any number of threads.

  $ sweep -j 1 --vary os.page_size=4K,64K,2M --vary tlb.l1d.any.policy=lru,random,plru mixed.trace text.trace > one 2> /dev/null
  $ for jobs in 2 3 4 7 64; do
  >     sweep -j $jobs --vary os.page_size=4K,64K,2M --vary tlb.l1d.any.policy=lru,random,plru mixed.trace text.trace 2> /dev/null | cmp - one
  > done
  $ wc -l < one
  19
  $ for size in 4K 64K 2M; do
  >     for policy in lru random plru; do
  >         pagewalk run --machine small.ini --page-size $size --set tlb.l1d.any.policy=$policy mixed.trace | tail -n 1
  >     done
  > done > singly
  $ sed -n '2,10p' one | cut -d , -f 1-8,11- | cmp - singly

An error in the trace is the same message for any number of threads.

  $ for jobs in 1 2 3; do
  >     sweep -j $jobs --vary os.page_size=4K,64K,2M noncanonical.trace
  > done
  pagewalk: noncanonical.trace: line 2, record 2, L of 8 bytes at 0x800000000000: page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff; choose the format of the machine that the trace comes from
  pagewalk: noncanonical.trace: line 2, record 2, L of 8 bytes at 0x800000000000: page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff; choose the format of the machine that the trace comes from
  pagewalk: noncanonical.trace: line 2, record 2, L of 8 bytes at 0x800000000000: page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff; choose the format of the machine that the trace comes from
  [2]

Illegal combinations are all listed, and refused before anything runs.

  $ sweep -o new.csv --vary os.page_size=4K,3K,4M --vary tlb.l2.any.entries=8,9 mixed.trace
  pagewalk: 4 of 6 combinations are illegal:
    --vary tlb.l2.any.entries=9: entries = 9 does not give whole sets: entries = 9 with ways = 4; the nearest entries are 8 or 12
      3 combinations, all with tlb.l2.any.entries=9
    --vary os.page_size=3K: page_size = 3K is below 4K, the smallest page of x86-64
      2 combinations, all with os.page_size=3K
  pagewalk: nothing ran; correct the combinations above, or leave them out with --skip-illegal
  [2]
  $ ls new.csv
  ls: cannot access 'new.csv': No such file or directory
  [2]
  $ sweep --skip-illegal --vary os.page_size=4K,3K,4M --vary tlb.l2.any.entries=8,9 mixed.trace | cut -d , -f 8-11
  pagewalk: 4 of 6 combinations are illegal and left out:
    --vary tlb.l2.any.entries=9: entries = 9 does not give whole sets: entries = 9 with ways = 4; the nearest entries are 8 or 12
      3 combinations, all with tlb.l2.any.entries=9
    --vary os.page_size=3K: page_size = 3K is below 4K, the smallest page of x86-64
      2 combinations, all with os.page_size=3K
  page_size,os.page_size,tlb.l2.any.entries,accesses
  4096,4K,8,113
  4194304,4M,8,113
  $ sweep --skip-illegal --vary os.page_size=3K,5K mixed.trace
  pagewalk: 2 of 2 combinations are illegal and left out:
    --vary os.page_size=3K: page_size = 3K is below 4K, the smallest page of x86-64
      os.page_size=3K
    --vary os.page_size=5K: page_size = 5K is not a power of two; the nearest are 4K and 8K
      os.page_size=5K
  pagewalk: nothing ran: no legal combination is left
  [2]

A dry run describes the work, asks whether the traces are there and whether the results can be written, and leaves all as it was.

  $ sweep --dry-run --vary os.page_size=4K,2M --vary tlb.l2.any.entries=4,8 mixed.trace garbage.trace -j 2 < /dev/null
  4 configurations x 2 traces = 8 rows, in 2 threads
    os.page_size=4K tlb.l2.any.entries=4
    os.page_size=4K tlb.l2.any.entries=8
    os.page_size=2M tlb.l2.any.entries=4
    os.page_size=2M tlb.l2.any.entries=8
  
  plan: 30 passes for 4 configurations, 2 address spaces
    lookups: data, 4K pages, x86-64, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        merge: data and instructions, in program order
          tlb: 8 entries, 2 sets of 4, lru
            touch
            walk cache: 2 entries, full, lru, an entry for 2M
            reads
              cache: 8 entries, 4 sets of 2, lru
              settle
          tlb: 4 entries, full, lru
            walk cache: 2 entries, full, lru, an entry for 2M
            reads
              cache: 8 entries, 4 sets of 2, lru
              settle
      lookups: data, 2M pages, x86-64, runs collapsed, from those above
        tlb: 4 entries, 2 sets of 2, lru
          merge: data and instructions, in program order
            tlb: 8 entries, 2 sets of 4, lru
              touch
              reads
                cache: 8 entries, 4 sets of 2, lru
                settle
            tlb: 4 entries, full, lru
              reads
                cache: 8 entries, 4 sets of 2, lru
                settle
    lookups: instructions, 4K pages, x86-64, runs collapsed
      tlb: 2 entries, full, lru
      lookups: instructions, 2M pages, x86-64, runs collapsed, from those above
        tlb: 2 entries, full, lru
  time: 0.8 to 43 s for 10^9 accesses on one core, where nearly all hit the first level and where all miss everything
  memory: about 1.6 MiB, and for each address space a byte a page that is touched, or half a KB where no neighbours are
  $ alias dry='pagewalk sweep --machine small.ini --dry-run --vary os.page_size=4K,2M'
  $ dry mixed.trace missing.trace . no/such.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  pagewalk: .: is a directory; name a trace in it
  pagewalk: no/such.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ dry -o no/such.csv mixed.trace
  pagewalk: no/such.csv: cannot be written: No such file or directory
  [2]
  $ dry -o mixed.trace -f csv mixed.trace
  pagewalk: -o mixed.trace is the trace itself; give another file
  [2]
  $ pagewalk run -o run.csv mixed.trace && dry --append -o run.csv mixed.trace
  pagewalk: run.csv: --append: its column 9 is not os.page_size, as in the rows to come; give another file
  [2]
  $ cp run.csv before.csv && dry -o run.csv mixed.trace > /dev/null && cmp run.csv before.csv
  $ dry -o new.csv mixed.trace > /dev/null && ls new.csv
  ls: cannot access 'new.csv': No such file or directory
  [2]
  $ mkfifo pipe.csv && dry -o pipe.csv mixed.trace > /dev/null

What --vary refuses.

  $ sweep mixed.trace
  pagewalk: sweep varies nothing; give --vary KEY=V1,V2, or use run
  [2]
  $ sweep --vary os.page_size mixed.trace
  pagewalk: --vary os.page_size: there are no values; write KEY=V1,V2
  [2]
  $ sweep --vary os.page_size= mixed.trace
  pagewalk: --vary os.page_size=: value 1 is empty; write KEY=V1,V2
  [2]
  $ sweep --vary =4K mixed.trace
  pagewalk: --vary =4K: a key is missing; write KEY=V1,V2 or KEY1,KEY2=A1:A2,B1:B2
  [2]
  $ sweep --vary os.page_size=4K,,64K mixed.trace
  pagewalk: --vary os.page_size=4K,,64K: value 2 is empty; write KEY=V1,V2
  [2]
  $ sweep --vary os.page_size=4K,64K,4K mixed.trace
  pagewalk: --vary os.page_size=4K,64K,4K: the value 4K stands twice
  [2]
  $ sweep --vary os.page_size=4K --vary os.page_size=64K mixed.trace
  pagewalk: --vary os.page_size=64K: os.page_size is varied twice
  [2]
  $ sweep --vary tlb.l2.any.entries,tlb.l2.any.entries=8:8 mixed.trace
  pagewalk: --vary tlb.l2.any.entries,tlb.l2.any.entries=8:8: tlb.l2.any.entries is varied twice
  [2]
  $ sweep --vary tlb.l2.any.entries,=8:8 mixed.trace
  pagewalk: --vary tlb.l2.any.entries,=8:8: a key is missing; write KEY=V1,V2 or KEY1,KEY2=A1:A2,B1:B2
  [2]
  $ sweep --vary tlb.l2.any.entries,tlb.l2.any.ways=8:4,16 mixed.trace
  pagewalk: --vary tlb.l2.any.entries,tlb.l2.any.ways=8:4,16: 16 is not one value for each of the 2 keys, with a colon between
  [2]
  $ sweep --vary tlb.l2.any.entries,tlb.l2.any.ways=8:4:2 mixed.trace
  pagewalk: --vary tlb.l2.any.entries,tlb.l2.any.ways=8:4:2: 8:4:2 is not one value for each of the 2 keys, with a colon between
  [2]
  $ sweep --vary tlb.l2.any.entries,tlb.l2.any.ways=8: mixed.trace
  pagewalk: --vary tlb.l2.any.entries,tlb.l2.any.ways=8:: a value of "8:" is empty
  [2]
  $ sweep --vary tlb.l2.any.entries,tlb.l2.any.ways=8:4,8:4 mixed.trace
  pagewalk: --vary tlb.l2.any.entries,tlb.l2.any.ways=8:4,8:4: the value 8:4 stands twice
  [2]
  $ sweep --vary memory.dram_cycles=$(seq -s , 1 10000),7 mixed.trace
  pagewalk: --vary memory.dram_cycles=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17...95,9996,9997,9998,9999,10000,7: the value 7 stands twice
  [2]
  $ sweep --vary os.pagesize=4K,64K mixed.trace
  pagewalk: --vary os.pagesize=4K: pagesize is not a key of [os]; did you mean page_size?
  [2]
  $ sweep --vary page_size=4K,64K mixed.trace
  pagewalk: --vary page_size=4K: page_size does not name a key: write SECTION.KEY, such as tlb.l2.any.entries or os.page_size
  [2]
  $ sweep --vary os.page_size=4K,64K --set os.page_size=2M mixed.trace
  pagewalk: --set os.page_size=2M: --vary varies the same key
  [2]
  $ sweep --vary os.page_size=4K,64K --page-size 2M mixed.trace
  pagewalk: --page-size 2M: --vary varies the same key, os.page_size
  [2]
  $ sweep --vary os.page_size=4K,64K -j 0 mixed.trace
  pagewalk: --jobs 0: expected a whole number from 1 to 1024, in decimal digits
  [2]
  $ sweep --vary os.page_size=4K,64K -j 2x mixed.trace
  pagewalk: --jobs 2x: expected a whole number from 1 to 1024, in decimal digits
  [2]
  $ values=$(seq -s , 1 1001)
  $ sweep --vary memory.fixed_cycles=$values --vary memory.dram_cycles=$values mixed.trace
  pagewalk: --vary: 1,001 x 1,001 are 1,002,001 combinations, and one sweep takes 1,000,000 at the most; vary fewer values, or make several sweeps
  [2]
  $ sweep --vary memory.fixed_cycles=$values --vary memory.dram_cycles=$values --vary walker.setup_cycles=$values --vary cache.l1d.hit_cycles=$values --vary tlb.l2.any.hit_cycles=$values --vary walker.count=$values --vary os.page_size=$values mixed.trace
  pagewalk: --vary: 1,001 x 1,001 x 1,001 x 1,001 x 1,001 x 1,001 x ... of 7 axes are about 10^21 combinations, and one sweep takes 1,000,000 at the most; vary fewer values, or make several sweeps
  [2]
  $ sweep --vary foo.x=1,2 --vary os.page_size=4K --vary tlb.l2.any.foo,walker.kount=3:4 mixed.trace
  pagewalk: --vary foo.x=1: [foo] is not a section; did you mean [os]?
  pagewalk: --vary tlb.l2.any.foo=3: foo is not a key of [tlb.l2.any]; its keys are pages entries sets ways policy index hit_cycles fill sector sector_fill coalesce coalesce_rule pdes shared
  pagewalk: --vary walker.kount=4: kount is not a key of [walker]; did you mean count?
  [2]

More than there is memory for.

  $ values=$(seq -s , 1 1000)
  $ (ulimit -v 1000000; sweep --vary memory.fixed_cycles=$values --vary memory.dram_cycles=$values mixed.trace) 2>&1 | sed 's/about [0-9.]*G/about N/'
  pagewalk: --vary: 1,000,000 combinations need about N of memory, and the limit is 976.6M, RLIMIT_AS, which ulimit -v sets; vary fewer values, or make several sweeps
  $ (ulimit -v 1000000; sweep -j 1 --vary tlb.l2.any.entries=$(seq -s , 16777000 4 16777216) mixed.trace 2>&1 | sed 's/about [0-9.]*G/about N/')
  pagewalk: the arrays of 55 configurations need about N of memory, and the limit is 976.6M, RLIMIT_AS, which ulimit -v sets; give them fewer entries, or make several sweeps
  $ (ulimit -v 100000; pagewalk run --set tlb.l1d.any.entries=16777216 --set tlb.l2.any.entries=16777212 mixed.trace 2>&1 | sed 's/about [0-9.]*M/about N/')
  pagewalk: the machine's arrays need about N of memory, and the limit is 97.7M, RLIMIT_AS, which ulimit -v sets; give them fewer entries, or make several sweeps

The figure is that of the plan: what configurations share is there once, and what no thread shares once for each.

  $ cat > caches.ini << END
  > [tlb.l1d.any]
  > pages = any
  > entries = 64
  > ways = 4
  > [tlb.l2.any]
  > pages = any
  > sets = 128
  > ways = 12
  > [memory]
  > model = caches
  > [cache.l3]
  > size = 32M
  > ways = 16
  > hit_cycles = 50
  > END
  $ wide() { pagewalk sweep --machine caches.ini --vary os.page_size=4K,16K,64K,2M --vary tlb.l1d.any.ways=1,2,4,8,16 --vary tlb.l2.any.sets=32,64,128,256,512 --vary tlb.l2.any.ways=1,2,3,4,6,8,10,12,14,16 "$@" mixed.trace 2>&1 | sed 's/[0-9.]*[GM] of/N of/'; }
  $ (ulimit -v 1000000; wide -j 1)
  pagewalk: the arrays of 1,000 configurations need about N of memory, and the limit is 976.6M, RLIMIT_AS, which ulimit -v sets; give them fewer entries, or make several sweeps
  $ (ulimit -v 1000000; wide -j 2 --dry-run)
  pagewalk: the arrays of 1,000 configurations in 2 threads need about N of memory, and the limit is 976.6M, RLIMIT_AS, which ulimit -v sets; give them fewer entries, make several sweeps, or take fewer threads with -j
  $ (ulimit -v 1000000; pagewalk sweep -o new.csv --vary tlb.l2.any.entries=$(seq -s , 16777000 12 16777216) --vary os.page_size=4K,8K mixed.trace) 2> /dev/null
  [2]
  $ ls new.csv
  ls: cannot access 'new.csv': No such file or directory
  [2]
  $ (ulimit -v 1000000; pagewalk sweep -q --machine caches.ini -j 1 --vary os.page_size=4K --vary memory.dram_cycles=$(seq -s , 1 1000) mixed.trace | wc -l)
  1001

What is reserved for the worst case, and never used, may still be more than a limit on addresses allows.

  $ (ulimit -v 500000; pagewalk run -q --machine caches.ini --set tlb.l2.any.sets=1 --set tlb.l2.any.ways=16777216 mixed.trace) 2>&1 | sed 's/[0-9.]* MiB/N MiB/'
  pagewalk: out of memory for 1 configuration, whose arrays take about N MiB, with more reserved: sweep fewer at a time, or raise the limit on addresses (ulimit -v)

Many illegal combinations are grouped, and none is left out where that is asked for.

  $ sweep --vary memory.fixed_cycles=$(seq -s , 1000001 1001000) --vary memory.dram_cycles=$(seq -s , 1 100) mixed.trace
  pagewalk: 100,000 of 100,000 combinations are illegal:
    --vary memory.fixed_cycles=1000001: fixed_cycles = 1000001 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000001
    --vary memory.fixed_cycles=1000002: fixed_cycles = 1000002 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000002
    --vary memory.fixed_cycles=1000003: fixed_cycles = 1000003 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000003
    --vary memory.fixed_cycles=1000004: fixed_cycles = 1000004 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000004
    --vary memory.fixed_cycles=1000005: fixed_cycles = 1000005 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000005
    --vary memory.fixed_cycles=1000006: fixed_cycles = 1000006 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000006
    --vary memory.fixed_cycles=1000007: fixed_cycles = 1000007 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000007
    --vary memory.fixed_cycles=1000008: fixed_cycles = 1000008 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1000008
    (and 992 more problems like these, of 99,200 combinations)
    --dry-run says every one of them
  pagewalk: nothing ran; correct the combinations above, or leave them out with --skip-illegal
  [2]
  $ sweep --dry-run --vary memory.fixed_cycles=$(seq -s , 1000001 1001000) --vary memory.dram_cycles=$(seq -s , 1 100) mixed.trace 2>&1 | tail -n 3
    --vary memory.fixed_cycles=1001000: fixed_cycles = 1001000 does not fit: expected a whole number from 0 to 1000000
      100 combinations, all with memory.fixed_cycles=1001000
  pagewalk: nothing ran; correct the combinations above, or leave them out with --skip-illegal
  $ sweep --skip-illegal --vary tlb.l2.any.entries=$(seq -s , 1 20) --vary os.page_size=4K,1K mixed.trace 2> illegal | cut -d , -f 8-10
  page_size,tlb.l2.any.entries,os.page_size
  4096,4,4K
  4096,8,4K
  4096,12,4K
  4096,16,4K
  4096,20,4K
  $ head -n 3 illegal; tail -n 5 illegal
  pagewalk: 35 of 40 combinations are illegal and left out:
    --vary tlb.l2.any.entries=1: entries = 1 does not give whole sets: entries = 1 with ways = 4; the nearest entries are 4
      2 combinations, all with tlb.l2.any.entries=1
      2 combinations, all with tlb.l2.any.entries=10
    (and 7 more problems like these, of 14 combinations)
    --vary os.page_size=1K: page_size = 1K is below 4K, the smallest page of x86-64
      20 combinations, all with os.page_size=1K
    --dry-run says every one of them
  $ sweep --vary tlb.l2.any.entries=8,16,32 --vary tlb.l2.any.ways=8,16,32 --vary tlb.l2.any.policy=lru,x mixed.trace
  pagewalk: 12 of 18 combinations are illegal:
    --vary tlb.l2.any.policy=x: policy = x does not fit: there are: lru fifo lfu plru nru srrip random
      9 combinations, all with tlb.l2.any.policy=x
    --vary tlb.l2.any.entries=8: entries = 8 does not give whole sets: entries = 8 with ways = 16; the nearest entries are 16
      2 combinations, all with tlb.l2.any.entries=8 tlb.l2.any.ways=16
    --vary tlb.l2.any.entries=8: entries = 8 does not give whole sets: entries = 8 with ways = 32; the nearest entries are 32
      2 combinations, all with tlb.l2.any.entries=8 tlb.l2.any.ways=32
    --vary tlb.l2.any.entries=16: entries = 16 does not give whole sets: entries = 16 with ways = 32; the nearest entries are 32
      2 combinations, all with tlb.l2.any.entries=16 tlb.l2.any.ways=32
  pagewalk: nothing ran; correct the combinations above, or leave them out with --skip-illegal
  [2]

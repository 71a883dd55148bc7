Threads share a trace in stretches of a million accesses. Here are 2.4 million: data, and fetches between them.

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ pagewalk gen zipf --pages 100000 --accesses 1200000 > data
  $ pagewalk gen zipf --pages 200 --base 0x400000 --accesses 1200000 --seed 2 | sed 's/^../I /' > code
  $ paste -d '\n' code data > three.trace

The rows are the same bytes for any number of them, from a pipe, too, and where the sweep divides its configurations.

  $ pagewalk run three.trace mixed.trace > one
  $ cut -d , -f 4,9,10,24-26 one
  trace,accesses,instructions,walks,walk_refs,walk_cycles
  three.trace,2400000,1200000,596338,1092371,10923710
  mixed.trace,113,60,15,22,220
  $ for jobs in 1 2 3 7 64; do
  >     pagewalk run -j $jobs three.trace mixed.trace | cmp - one
  > done
  $ pagewalk run -j 3 - < three.trace | cut -d , -f 5- | sed 1d > piped
  $ sed -n 2p one | cut -d , -f 5- | cmp - piped
  $ alias sweep='pagewalk sweep --vary os.page_size=4K,2M --vary tlb.l2.any.entries=96,1536'
  $ sweep -j 1 three.trace > one
  $ for jobs in 2 3 5; do
  >     sweep -j $jobs three.trace | cmp - one
  > done
  $ sweep -j 1 --set tlb.l2.any.policy=fifo three.trace > one
  $ sweep -j 3 --set tlb.l2.any.policy=fifo three.trace | cmp - one
  $ sweep -j 2 --dry-run three.trace | head -n 1
  4 configurations x 1 trace = 4 rows, in 2 threads
  $ sweep -j 2 --set tlb.l2.any.policy=fifo --dry-run three.trace | head -n 1
  4 configurations x 1 trace = 4 rows, in 2 threads

Whichever axis is the slowest, configurations that share most are one thread's, and the rows have their places.

  $ pages='--vary os.page_size=4K,64K,2M'
  $ firsts='--vary tlb.l1d.any.ways=1,2,full'
  $ sets='--vary tlb.l2.any.sets=2,4'
  $ ways='--vary tlb.l2.any.ways=1,2,3,8'
  $ for axes in "$pages $firsts $sets $ways" "$ways $sets $firsts $pages"; do
  >     pagewalk sweep -j 1 --machine small.ini $axes mixed.trace text.trace > one 2> /dev/null
  >     wc -l < one
  >     for jobs in 2 3; do
  >         pagewalk sweep -j $jobs --machine small.ini $axes mixed.trace text.trace 2> /dev/null | cmp - one
  >     done
  > done
  145
  145

Latencies alone are no work to divide: the threads share the trace, where it can be cut.

  $ latencies='--vary memory.fixed_cycles=10,20,30,40'
  $ pagewalk sweep -j 1 $latencies three.trace > one
  $ pagewalk sweep -j 3 $latencies three.trace | cmp - one
  $ pagewalk sweep -j 3 $latencies --dry-run three.trace | head -n 1
  4 configurations x 1 trace = 4 rows, in 3 threads that each take parts of a trace
  $ pagewalk sweep -j 3 $latencies --set tlb.l2.any.policy=fifo --dry-run three.trace | head -n 1
  pagewalk: -j 3: one thread is all that this can use. tlb.l2.any.policy = fifo: where parts of a trace meet, only lru can be settled; set it to lru to cut traces in parts
  4 configurations x 1 trace = 4 rows, in 1 thread

A run that cannot be cut says why, once, where threads were asked for.

  $ pagewalk run -j 4 --machine small.ini mixed.trace mixed.trace | wc -l
  pagewalk: -j 4: one thread is all that this can use. memory.model = caches: which set of a cache a page-table entry is in depends on all that stands before in the trace; set it to fixed to cut traces in parts
  3
  $ pagewalk run -j 4 --set tlb.l1d.any.policy=plru mixed.trace | wc -l
  pagewalk: -j 4: one thread is all that this can use. tlb.l1d.any.policy = plru: where parts of a trace meet, only lru can be settled; set it to lru to cut traces in parts
  2
  $ pagewalk run -j 4 -q --set tlb.l2.any.fill=victim mixed.trace | wc -l
  2

The first error of the trace is the one that is said, whichever thread meets it.

  $ (cat three.trace; echo ' L 800000000000,8'; cat three.trace; echo ' L 900000000000,8') > wrong.trace
  $ pagewalk run wrong.trace 2> one
  [2]
  $ cut -d : -f 1-4 one
  pagewalk: wrong.trace: line 2400001, record 2400001, L of 8 bytes at 0x800000000000: page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff; choose the format of the machine that the trace comes from
  $ for jobs in 2 3 5; do
  >     pagewalk run -j $jobs wrong.trace 2>&1 | cmp - one
  >     sweep -j $jobs wrong.trace 2>&1 | cmp - one
  > done
  $ (zstd -q -1 -c wrong.trace; echo garbage) > late.trace
  $ zstd -q -1 -c three.trace | head -c 5000000 > early.trace
  $ pagewalk run late.trace early.trace 2> one
  [2]
  $ sed 's/: .*: /: ... /; s/;.*//' one
  pagewalk: ... page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff
  pagewalk: ... copy or capture it again
  $ for jobs in 2 3 5; do
  >     pagewalk run -j $jobs late.trace early.trace 2>&1 | cmp - one
  > done

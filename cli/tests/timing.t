  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ cat > walks.ini <<END
  > [tlb.l1.any]
  > entries = 64
  > ways = 4
  > [memory]
  > fixed_cycles = 25
  > END

Five walks of 100 cycles at once. One walker does them one after the other; five, side by side. A window of one waits for
each of them.

  $ for page in 1 2 3 4 5; do echo " L ${page}000,8"; done > five.trace
  $ pagewalk sweep -m walks.ini --set core.width=1 --vary core.rob=512,1 --vary walker.count=1,2,5 -o five.csv five.trace
  pagewalk: five.trace: has no instruction fetches, so that the core of [core] takes each access for an instruction
  $ cut -d , -f `head -1 five.csv | tr , '\n' | grep -nE '^(core.rob|walker.count|walk_cycles|translation_cycles|translation_cycles_min|translation_cycles_estimate|translation_stall_cycles|walker_queue_cycles|walker_busy_cycles|merged_walks)$' | cut -d : -f 1 | paste -sd ,` five.csv
  core.rob,walker.count,walk_cycles,translation_cycles,translation_cycles_min,translation_cycles_estimate,translation_stall_cycles,walker_queue_cycles,walker_busy_cycles,merged_walks
  512,1,500,500,500,500,496,990,500,0
  512,2,500,500,250,296,296,392,500,0
  512,5,500,500,100,100,100,0,500,0
  1,1,500,500,500,500,500,0,500,0
  1,2,500,500,250,500,500,0,500,0
  1,5,500,500,100,500,500,0,500,0

The report of a machine with a core.

  $ pagewalk run -m small.ini --set core.width=4 --set core.rob=64 --format table mixed.trace | tail -12
  
    cycles            at least    at most
    translation          1,447      2,973
    per access       12.805310  26.309735
    per instruction             49.550000
    per walk, mean                 152.26
    longest walk                      403
  
    estimate      1,665  cycles, between the two, 14.734513 per access
    stall         1,665  cycles that a window of 64, 4 a cycle, does not hide
    queue         6,258  cycles that walks wait for a walker, 329.37 each
    merged walks     27  hits of a page whose walk is under way

What is wrong with a core.

  $ pagewalk run -m small.ini --set core.width=4 mixed.trace
  pagewalk: --set core.width=4: width = 4 asks for an estimate alone: give [core] rob, too, or leave both out
  [2]
  $ pagewalk run -m small.ini --set core.width=65 --set core.rob=0 mixed.trace
  pagewalk: --set core.width=65: width = 65 does not fit: expected a whole number from 1 to 64
  pagewalk: --set core.rob=0: rob = 0 does not fit: expected a whole number from 1 to 65536
  [2]
  $ pagewalk run -m small.ini --set core.window=64 mixed.trace
  pagewalk: --set core.window=64: window is not a key of [core]; did you mean width?
  [2]

What a plan with a core is.

  $ pagewalk sweep -j 1 --dry-run -m small.ini --set core.width=4 --set core.rob=64 --vary memory.dram_cycles=100,200 --vary walker.count=1,2 mixed.trace | grep -v MiB
  4 configurations x 1 trace = 4 rows, in 1 thread
    memory.dram_cycles=100 walker.count=1
    memory.dram_cycles=100 walker.count=2
    memory.dram_cycles=200 walker.count=1
    memory.dram_cycles=200 walker.count=2
  
  plan: 17 passes for 4 configurations, 1 address space
    lookups: data, 4K pages, x86-64, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        merge: data and instructions, in program order
          tlb: 8 entries, 2 sets of 4, lru
            touch
            walk cache: 2 entries, full, lru, an entry for 2M
            reads
              cache: 8 entries, 4 sets of 2, lru
              settle
              shapes
    lookups: instructions, 4K pages, x86-64, runs collapsed
      tlb: 2 entries, full, lru
    lookups: all, 4K pages, x86-64
      timing: 4 a cycle, 64 in flight, 1 walker
      timing: 4 a cycle, 64 in flight, 2 walkers
      timing: 4 a cycle, 64 in flight, 1 walker
      timing: 4 a cycle, 64 in flight, 2 walkers
  time: 2.4 to 1.4e+02 s for 10^9 accesses on one core, where nearly all hit the first level and where all miss everything

A machine with one is written with it.

  $ (cat small.ini; printf '[core]\nrob = 64\nwidth = 4\n') > core.ini
  $ pagewalk machines show core.ini | sed -n '/core\]/,/rob/p'
  [core]
  width = 4
  rob = 64

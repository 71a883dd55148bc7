  $ cp $TESTDIR/small.ini .
  $ pagewalk gen uniform --accesses 4000 --pages 3 -o a.trace
  $ pagewalk trace merge -o two.pwt --quantum 1000 --quantum-unit accesses a.trace a.trace
  $ counts() { cut -d, -f "$(head -1 rows.csv | tr , '\n' | grep -nxE "$1" | cut -d: -f1 | paste -sd,)" rows.csv; }

Two copies of one program, 1,000 accesses in turn. On a CPU each, nobody makes way for the other, and their walks overlap.

  $ pagewalk sweep -q -m small.ini --set asid.count=0 --vary os.cpus=1,2,16 two.pwt > rows.csv
  $ counts 'os.cpus|walks|context_switches|tlb_flushes|walk_cycles|translation_cycles_min'
  os.cpus,walks,walk_cycles,translation_cycles_min,context_switches,tlb_flushes
  1,24,3336,1668,7,7
  2,6,834,403,0,0
  16,6,834,403,0,0

What CPUs share goes once through all. Steps that are not a CPU's own are the same for any number of them.

  $ pagewalk sweep --dry-run --only data -m small.ini --set tlb.l2.any.shared=yes --set cache.l3.size=64K --set cache.l3.ways=16 \
  >     --set cache.l3.hit_cycles=40 --vary os.cpus=1,2 two.pwt | sed -n '/^ /p'
    os.cpus=1
    os.cpus=2
    lookups: data, 4K pages, x86-64, runs collapsed
      tlb: 4 entries, 2 sets of 2, lru
        tlb: 8 entries, 2 sets of 4, lru
          touch
          walk cache: 2 entries, full, lru, an entry for 2M
          reads
            cache: 8 entries, 4 sets of 2, lru
              cache: 1024 entries, 64 sets of 16, lru
            settle
      select: data, CPU 0 of 2
        tlb: 4 entries, 2 sets of 2, lru
          merge: lookups of another CPU
            tlb: 8 entries, 2 sets of 4, lru
              select: data, CPU 0 of 2
                walk cache: 2 entries, full, lru, an entry for 2M
                reads
                  cache: 8 entries, 4 sets of 2, lru
                    merge: reads of another CPU
                      cache: 1024 entries, 64 sets of 16, lru
                        select: reads, CPU 0 of 2
                        select: reads, CPU 1 of 2
                  settle
              select: data, CPU 1 of 2
                walk cache: 2 entries, full, lru, an entry for 2M
                reads
                  cache: 8 entries, 4 sets of 2, lru
                  settle
      select: data, CPU 1 of 2
        tlb: 4 entries, 2 sets of 2, lru

Not on threads that take parts of the trace, and the same in as many as there are.

  $ pagewalk run -q -m small.ini --set os.cpus=2 two.pwt > one
  $ pagewalk run -j 2 -m small.ini --set os.cpus=2 two.pwt 2> notes | cmp - one
  $ grep os.cpus notes
  pagewalk: -j 2: one thread is all that this can use. os.cpus = 2: where parts of a trace meet, what each CPU holds cannot be settled; set it to 1 to cut traces in parts

Paths of walks are all CPUs': the walks of --walks are those of the row.

  $ pagewalk run -q -m small.ini --set os.cpus=2 --walks walks.csv two.pwt > rows.csv
  $ counts 'walks|walk_cycles'
  walks,walk_cycles
  6,834
  $ grep -oE 'all,.all.,4096,(walks|walk_cycles),.*' walks.csv
  all,(all),4096,walks,,,,6
  all,(all),4096,walk_cycles,,,,834

What does not go together.

  $ pagewalk run -q -m small.ini --set os.cpus=2 --set asid.count=1 --set core.width=4 --set core.rob=64 two.pwt
  pagewalk: --set core.width=4: width = 4 does not suit os.cpus = 2: the estimate knows the time of one CPU; leave [core] out, or set os.cpus to 1
  pagewalk: --set asid.count=1: count = 1 does not suit os.cpus = 2: a process that runs keeps its id, and so there must be one for each CPU
  [2]

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .

What walks are like, in a file of its own; the row has their percentiles.

  $ pagewalk run --machine small.ini --walks walks.csv -o row.csv mixed.trace
  $ cut -d , -f 8- walks.csv | grep -v ',(unknown),\|,instructions,'
  page_size,kind,mapping,walk_page_size,statistic,level,server,bucket,value
  4096,all,(all),4096,walks,,,,19
  4096,all,(all),4096,walk_refs,,,,37
  4096,all,(all),4096,walk_cycles,,,,2893
  4096,all,(all),4096,walk_cycles_per_instruction,,,,48.2167
  4096,all,(all),4096,cycles_per_walk,,,,152.263
  4096,all,(all),4096,walk_p50_cycles,,,,103
  4096,all,(all),4096,walk_p95_cycles,,,,403
  4096,all,(all),4096,walk_p99_cycles,,,,403
  4096,all,(all),4096,longest_walk_cycles,,,,403
  4096,all,(all),4096,walk_latencies,,,7,8
  4096,all,(all),4096,walk_latencies,,,103,5
  4096,all,(all),4096,walk_latencies,,,307,1
  4096,all,(all),4096,walk_latencies,,,403,5
  4096,all,(all),4096,walk_reads,,,1,13
  4096,all,(all),4096,walk_reads,,,2,0
  4096,all,(all),4096,walk_reads,,,3,0
  4096,all,(all),4096,walk_reads,,,4,6
  4096,all,(all),4096,reads_served,pml4e,l1d,,1
  4096,all,(all),4096,reads_served,pml4e,memory,,5
  4096,all,(all),4096,reads_served,pdpte,l1d,,0
  4096,all,(all),4096,reads_served,pdpte,memory,,6
  4096,all,(all),4096,reads_served,pde,l1d,,0
  4096,all,(all),4096,reads_served,pde,memory,,6
  4096,all,(all),4096,reads_served,pte,l1d,,8
  4096,all,(all),4096,reads_served,pte,memory,,11
  4096,data,(all),4096,walks,,,,17
  4096,data,(all),4096,walk_refs,,,,29
  4096,data,(all),4096,walk_cycles,,,,2087
  4096,data,(all),4096,walk_cycles_per_instruction,,,,34.7833
  4096,data,(all),4096,cycles_per_walk,,,,122.765
  4096,data,(all),4096,walk_p50_cycles,,,,103
  4096,data,(all),4096,walk_p95_cycles,,,,403
  4096,data,(all),4096,walk_p99_cycles,,,,403
  4096,data,(all),4096,longest_walk_cycles,,,,403
  4096,data,(all),4096,walk_latencies,,,7,8
  4096,data,(all),4096,walk_latencies,,,103,5
  4096,data,(all),4096,walk_latencies,,,307,1
  4096,data,(all),4096,walk_latencies,,,403,3
  4096,data,(all),4096,walk_reads,,,1,13
  4096,data,(all),4096,walk_reads,,,2,0
  4096,data,(all),4096,walk_reads,,,3,0
  4096,data,(all),4096,walk_reads,,,4,4
  4096,data,(all),4096,reads_served,pml4e,l1d,,1
  4096,data,(all),4096,reads_served,pml4e,memory,,3
  4096,data,(all),4096,reads_served,pdpte,l1d,,0
  4096,data,(all),4096,reads_served,pdpte,memory,,4
  4096,data,(all),4096,reads_served,pde,l1d,,0
  4096,data,(all),4096,reads_served,pde,memory,,4
  4096,data,(all),4096,reads_served,pte,l1d,,8
  4096,data,(all),4096,reads_served,pte,memory,,9
  $ column() { awk -F , -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$2"; }
  $ for c in walks walk_refs walk_cycles longest_walk_cycles walk_p50_cycles walk_p95_cycles walk_p99_cycles; do column $c row.csv; done | xargs
  19 37 2893 403 103 403 403

Each part sums up to the whole, for each kind and mapping.

  $ cat > sums.awk << 'END'
  > $12 == "walks" { walks[$9, $10] += $16 }
  > $12 == "walk_refs" { refs[$9, $10] += $16 }
  > $12 == "walk_cycles" { cycles[$9, $10] += $16 }
  > $12 == "walk_latencies" { walks[$9, $10] -= $16; cycles[$9, $10] -= $15 * $16 }
  > $12 == "walk_reads" { refs[$9, $10] -= $15 * $16 }
  > $12 == "reads_served" { read[$9, $10] += $16 }
  > $12 == "walk_refs" { read[$9, $10] -= $16 }
  > $12 == "walks" && $10 == "(all)" { kinds[$9] += $16 }
  > $12 == "walks" && $10 != "(all)" { kinds[$9] -= $16 }
  > END {
  >     for (i in walks) bad += walks[i] != 0 || refs[i] != 0 || cycles[i] != 0 || read[i] != 0
  >     for (i in kinds) bad += kinds[i] != 0
  >     print length(walks) " groups, " bad + 0 " wrong"
  > }
  > END
  $ awk -F , -f sums.awk walks.csv
  6 groups, 0 wrong

JSON and TSV by the suffix, and the same for fixed costs; a sweep has what its runs have, in any number of threads.

  $ pagewalk run --machine small.ini --walks walks.json -o row.csv mixed.trace && grep -c '"statistic":"reads_served"' walks.json
  48
  $ pagewalk run --machine small.ini --set memory.model=fixed --walks walks.tsv -o row.csv mixed.trace
  $ cut -f 12- walks.tsv | sed -n '2p;/reads_served/p' | head -n 5
  walks\t\t\t\t19 (esc)
  reads_served\tpml4e\tfixed\t\t6 (esc)
  reads_served\tpdpte\tfixed\t\t6 (esc)
  reads_served\tpde\tfixed\t\t6 (esc)
  reads_served\tpte\tfixed\t\t19 (esc)
  $ pagewalk sweep -q -j 2 --machine small.ini --vary tlb.l2.any.ways=1,2,4 --vary memory.dram_cycles=100,300 --walks sweep.csv -o rows.csv mixed.trace
  $ pagewalk sweep -q -j 1 --machine small.ini --vary tlb.l2.any.ways=1,2,4 --vary memory.dram_cycles=100,300 --walks one.csv -o rows.csv mixed.trace
  $ cmp one.csv sweep.csv
  $ for ways in 1 2 4; do for dram in 100 300; do pagewalk run --machine small.ini --set tlb.l2.any.ways=$ways --set memory.dram_cycles=$dram --walks run.csv -o row.csv mixed.trace; tail -n +2 run.csv; done; done | cut -d , -f 9- > runs
  $ tail -n +2 sweep.csv | cut -d , -f 11- | cmp - runs

What it is for: files, the heap, the stack, as a program's events tell.

  $ pagewalk run --live --walks live.csv -o row.csv -- sh -c 'exit 0'
  $ awk -F , '$12 == "walks" && $9 == "all" { print $10 }' live.csv | grep -x '(all)\|\[stack\]' | sort
  (all)
  [stack]
  $ awk -F , '$12 == "walks" && $9 == "all" { print $10 }' live.csv | grep -c '^/.*libc' | sed 's/^[1-9].*/some/'
  some
  $ awk -F , -f sums.awk live.csv | sed 's/[0-9]* groups/N groups/'
  N groups, 0 wrong

More of the same behind it; and files that will not do.

  $ pagewalk run --append --machine small.ini --walks walks.csv -o row.csv mixed.trace && grep -c '^version' walks.csv
  1
  $ pagewalk run --append --machine small.ini --walks row.csv -o walks.csv mixed.trace
  pagewalk: walks.csv: --append: its column 9 is not accesses, as in the rows to come; give another file
  [2]
  $ pagewalk run --walks - mixed.trace
  pagewalk: --walks -: it takes a file whose name ends in .csv, .tsv or .json, since its rows are long and beside the others
  [2]
  $ pagewalk run --walks walks mixed.trace
  pagewalk: --walks walks: it takes a file whose name ends in .csv, .tsv or .json, since its rows are long and beside the others
  [2]
  $ cp mixed.trace mixed.csv
  $ pagewalk run --walks mixed.csv mixed.csv
  pagewalk: --walks mixed.csv is the trace itself; give another file
  [2]
  $ pagewalk run --walks row.csv -o row.csv mixed.trace
  pagewalk: --walks row.csv is the file of -o; give another file
  [2]
  $ pagewalk run -j 2 --walks walks.csv -o row.csv mixed.trace
  pagewalk: -j 2: one thread is all that this can use. Walks are counted by their paths, of which parts of a trace do not know all; leave out --walks to cut traces in parts

Where nothing is left, there is nothing to tell.

  $ pagewalk run --only data --set tlb.l1d.any.entries=0 --walks none.csv -o row.csv mixed.trace
  pagewalk: the machine has no first level for data, which are left out
  pagewalk: mixed.trace: of its 113 records none is left to translate, so that its rows hold zeros
  $ cut -d , -f 9- none.csv | head -n 4
  kind,mapping,walk_page_size,statistic,level,server,bucket,value
  all,(all),4096,walks,,,,0
  all,(all),4096,walk_refs,,,,0
  all,(all),4096,walk_cycles,,,,0

Plots.

  $ pagewalk plot walk-latency sweep.csv
  pagewalk: the plot is sweep.walk-latency.svg
  $ pagewalk plot walk-reads sweep.csv
  pagewalk: the plot is sweep.walk-reads.svg
  $ pagewalk plot walk-reads rows.csv
  pagewalk: rows.csv: there is no column of statistics; `pagewalk trace stats` writes them, and of walks `pagewalk run --walks FILE`
  [2]

Bounds.

  $ pagewalk run --machine small.ini --ideal perfect-tlb --ideal no-translation --format table mixed.trace | tail -n 3
    bound           spares at least  at most  per access  per instruction  page tables spared
    perfect-tlb               1,447    2,973   26.309735        49.550000                   0
    no-translation            1,447    2,973   26.309735        49.550000              32,768
  $ pagewalk run --machine small.ini --ideal no-translation --ideal perfect-tlb -o rows.csv mixed.trace
  $ for c in ideal accesses lookups l1d_hits walks translation_cycles pages_touched page_table_bytes; do column $c rows.csv | xargs -d '\n' echo "$c:"; done
  ideal:  no-translation perfect-tlb
  accesses: 113 113 113
  lookups: 116 0 116
  l1d_hits: 23 0 56
  walks: 19 0 0
  translation_cycles: 2973 0 0
  pages_touched: 15 0 15
  page_table_bytes: 32768 0 32768
  $ pagewalk sweep -q --machine small.ini --ideal perfect-tlb --vary tlb.l2.any.ways=2,4 --format table mixed.trace
  mixed.trace on small
  
                                                    l1i miss  l1d miss   l2 miss         refs/  min cycles/  max cycles/    pages  cycles/access  page tables
  tlb.l2.any.ways  page size  bound        lookups     ratio     ratio     ratio  walks   walk       access       access  touched         spared       spared
                2         4K                   116  0.033333  0.589286  0.657143     23  1.783    12.929204    26.380531       15
                2         4K  perfect-tlb      116  0.000000  0.000000                0            0.000000     0.000000       15      26.380531            0
                4         4K                   116  0.033333  0.589286  0.542857     19  1.947    12.805310    26.309735       15
                4         4K  perfect-tlb      116  0.000000  0.000000                0            0.000000     0.000000       15      26.309735            0
  $ pagewalk sweep -n --machine small.ini --ideal perfect-tlb --vary tlb.l2.any.ways=2,4 mixed.trace | head -n 5
  4 configurations x 1 trace = 4 rows, in 2 threads
    tlb.l2.any.ways=2
    tlb.l2.any.ways=2 (perfect-tlb)
    tlb.l2.any.ways=4
    tlb.l2.any.ways=4 (perfect-tlb)
  $ pagewalk run --ideal perfect mixed.trace
  pagewalk: there is no ideal "perfect"; known: perfect-tlb, no-translation
  [2]
  $ pagewalk run --ideal perfect-tlb --ideal perfect-tlb mixed.trace
  pagewalk: --ideal perfect-tlb is given twice; its row would stand there twice
  [2]
  $ pagewalk run --ideal perfect-tlb --walks walks.csv -o rows.csv mixed.trace && grep -c ',walks,' walks.csv
  6

An interruption keeps the rows of the traces that are done, says how far it came and how to go on, and ends in 130.

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ mkfifo endless.trace
  $ cp mixed.trace "it's third.trace" && cp mixed.trace -- -last.trace
  $ alias run='pagewalk run --machine small.ini'
  $ interrupted() {
  >     file=$1; shift
  >     { (timeout 30 pagewalk gen uniform --accesses 1000000000000 > endless.trace) & } 2> /dev/null > /dev/null
  >     ("$@" & for i in $(seq 500); do [ -s $file ] || [ $file = none ] && break; sleep 0.02; done; [ -s $file ] || sleep 1; kill -TERM $!; wait $!; echo "status $?") 2>&1 |
  >         sed 's/[0-9][0-9,]* records/N records/'
  > }
  $ interrupted rows.csv pagewalk run --machine small.ini -o rows.csv -- mixed.trace endless.trace "it's third.trace" -last.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: rows.csv has the rows of 1 of 4 traces; to go on, in the same file:
      pagewalk run --machine small.ini --output rows.csv --append -- endless.trace 'it'\''s third.trace' -last.trace
  status 130
  $ cut -d , -f 4,9 rows.csv
  trace,accesses
  mixed.trace,113

The command that it says puts the others behind them: the file is the one of a run that was not interrupted.

  $ run --output rows.csv --append -- "it's third.trace" -last.trace
  $ run -- mixed.trace "it's third.trace" -last.trace | cmp - rows.csv
  $ interrupted rows.tsv pagewalk run --machine small.ini -o rows.tsv mixed.trace endless.trace text.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: rows.tsv has the rows of 1 of 3 traces; to go on, in the same file:
      pagewalk run --machine small.ini --output rows.tsv --append endless.trace text.trace
  status 130
  $ run --output rows.tsv --append --quiet mixed.trace && run --format tsv mixed.trace mixed.trace | cmp - rows.tsv
  $ interrupted rows.json pagewalk run --machine small.ini -o rows.json mixed.trace endless.trace text.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: rows.json has the rows of 1 of 3 traces; to go on, in the same file:
      pagewalk run --machine small.ini --output rows.json --append endless.trace text.trace
  status 130
  $ run --output rows.json --append mixed.trace && run --format json mixed.trace mixed.trace | cmp - rows.json
  $ interrupted out pagewalk run --machine small.ini --only data mixed.trace endless.trace - text.trace > out
  $ grep -v '^small\|^version\|^0' out
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: standard output has the rows of 1 of 4 traces; to go on, with a header once more:
      pagewalk run --machine small.ini --only data endless.trace - text.trace
  pagewalk: - is standard input, from its beginning
  status 130

A table is written as a whole, with the rows that are done.

  $ interrupted none pagewalk run --machine small.ini -o rows.txt mixed.trace endless.trace text.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: rows.txt has the rows of 1 of 3 traces; to go on, with an -o of its own, since tables are not appended to:
      pagewalk run --machine small.ini endless.trace text.trace
  status 130
  $ head -n 1 rows.txt
  mixed.trace on small, 4K pages

A trace that is an error has no rows, and counts for none.

  $ interrupted rows2.csv pagewalk run --machine small.ini -o rows2.csv garbage.trace mixed.trace endless.trace
  pagewalk: garbage.trace: no record of the format lackey in 2 lines; line 1 is "this is no trace"; known formats: stream, lackey (`pagewalk list formats` shows what their records look like)
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: rows2.csv has the rows of 1 of 3 traces; to go on, in the same file:
      pagewalk run --machine small.ini --output rows2.csv --append endless.trace
  status 130

Of the first trace there is nothing before its end: a file that was there stays, and a part of the trace is what helps.

  $ echo precious > kept.csv
  $ interrupted none pagewalk run --machine small.ini -o kept.csv endless.trace text.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: no rows are written; to begin again:
      pagewalk run --machine small.ini --output kept.csv endless.trace text.trace
  status 130
  $ cat kept.csv
  precious
  $ pagewalk gen uniform --accesses 2000000 --pages 10000 -o long.trace
  $ (
  >     pagewalk sweep --machine small.ini --set tlb.l2.any.policy=random --vary tlb.l2.any.entries=$(seq -s , 4 4 4000) long.trace &
  >     sleep 1; kill -TERM $!; wait $!; echo "status $?"
  > ) 2>&1 | sed 's/[0-9][0-9,]* records/N records/; s/-n [0-9]*/-n N/; s/=4,[0-9,]*/=VALUES/g'
  pagewalk: interrupted at long.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: no rows are written; to begin again:
      pagewalk sweep --machine small.ini --set tlb.l2.any.policy=random --vary tlb.l2.any.entries=VALUES long.trace
  pagewalk: for rows of as much as was read:
      pagewalk trace head -n N long.trace | pagewalk sweep --machine small.ini --set tlb.l2.any.policy=random --vary tlb.l2.any.entries=VALUES -
  status 130
  $ rm long.trace

One that comes while rows are written does not harm them.

  $ mkfifo slow
  $ values=$(seq -s , 1 1000)
  $ pagewalk sweep --machine small.ini --vary memory.dram_cycles=$values mixed.trace > slow &
  $ writer=$!
  $ exec 3< slow; sleep 1; kill -TERM $writer; sleep 0.2; cat <&3 > slow.csv; exec 3<&-
  $ wait $writer
  $ pagewalk sweep --machine small.ini --vary memory.dram_cycles=$values mixed.trace | cmp - slow.csv

So it does on several threads.

  $ timeout 30 sh -c 'pagewalk gen uniform --accesses 1000000000000 > endless.trace' > /dev/null 2>&1 &
  $ (
  >     pagewalk run -j 3 -o threads.csv mixed.trace endless.trace &
  >     for i in $(seq 500); do [ -s threads.csv ] && break; sleep 0.02; done
  >     sleep 0.2
  >     kill -TERM $!
  >     wait $!
  >     echo "status $?"
  > ) 2>&1 | sed 's/[0-9,]* records/N records/'
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: threads.csv has the rows of 1 of 2 traces; to go on, in the same file:
      pagewalk run --jobs 3 --output threads.csv --append endless.trace
  status 130

gen and convert leave no part of a trace, and what was there.

  $ (
  >     pagewalk gen uniform --accesses 1000000000000 -o part.trace &
  >     for i in $(seq 500); do [ -s part.trace.*.part ] && break; sleep 0.02; done
  >     kill -TERM $!
  >     wait $!
  >     echo "status $?"
  > ) 2>&1 | sed 's/after [0-9]* of/after N of/'
  pagewalk: interrupted after N of 1000000000000 accesses; nothing is kept in a file
  status 130
  $ ls part.trace*
  ls: cannot access 'part.trace*': No such file or directory
  [2]
  $ echo precious > kept.trace
  $ (
  >     pagewalk gen uniform --accesses 1000000000000 -o kept.trace &
  >     for i in $(seq 500); do [ -s kept.trace.*.part ] && break; sleep 0.02; done
  >     kill -TERM $!
  >     wait $!
  >     echo "status $?"
  > ) 2>&1 | sed 's/after [0-9]* of/after N of/'
  pagewalk: interrupted after N of 1000000000000 accesses; nothing is kept in a file
  status 130
  $ cat kept.trace
  precious
  $ ls *.part
  ls: cannot access '*.part': No such file or directory
  [2]

mrc does the same.

  $ interrupted curves.csv pagewalk mrc -p 4K,2M -o curves.csv -- mixed.trace endless.trace "it's third.trace" -last.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: curves.csv has the rows of 1 of 4 traces; to go on, in the same file:
      pagewalk mrc --page-size 4K,2M --output curves.csv --append -- endless.trace 'it'\''s third.trace' -last.trace
  status 130
  $ pagewalk mrc --page-size 4K,2M --output curves.csv --append -- "it's third.trace" -last.trace
  $ pagewalk mrc -p 4K,2M -- mixed.trace "it's third.trace" -last.trace | cmp - curves.csv
  $ interrupted curves.txt pagewalk mrc -o curves.txt garbage.trace mixed.trace endless.trace text.trace
  pagewalk: garbage.trace: no record of the format lackey in 2 lines; line 1 is "this is no trace"; known formats: stream, lackey (`pagewalk list formats` shows what their records look like)
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: curves.txt has the rows of 1 of 4 traces; to go on, with an -o of its own, since tables are not appended to:
      pagewalk mrc endless.trace text.trace
  status 130
  $ echo precious > kept.csv
  $ interrupted none pagewalk mrc --max 100 -o kept.csv endless.trace - text.trace
  pagewalk: interrupted at endless.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: no rows are written; to begin again:
      pagewalk mrc --max 100 --output kept.csv endless.trace - text.trace
  pagewalk: - is standard input, from its beginning
  status 130
  $ cat kept.csv
  precious
  $ pagewalk gen uniform --pages 1000000 --accesses 6000000 -o long.trace
  $ (
  >     pagewalk mrc --trace-format lackey long.trace > out &
  >     sleep 0.5; kill -TERM $!; wait $!; echo "status $?"
  > ) 2>&1 | sed 's/[0-9][0-9,]* records/N records/; s/-n [0-9]*/-n N/'
  pagewalk: interrupted at long.trace, N records into it; a trace gives its rows at its end, so that there are none of it
  pagewalk: no rows are written; to begin again:
      pagewalk mrc --trace-format lackey long.trace
  pagewalk: for rows of as much as was read:
      pagewalk trace head -n N --trace-format lackey long.trace | pagewalk mrc --trace-format lackey -
  status 130
  $ rm long.trace

An interruption writes the rows of the traces that are done, says how far it came and how to go on, and ends in 130.

  $ cp $TESTDIR/traces/mixed.trace $TESTDIR/small.ini .
  $ mkfifo endless.trace
  $ timeout 30 sh -c 'pagewalk gen uniform --accesses 1000000000000 > endless.trace' > /dev/null 2>&1 &
  $ (
  >     pagewalk run --machine small.ini -o rows.csv mixed.trace endless.trace 'it'"'"'s third.trace' &
  >     for i in $(seq 500); do [ -s rows.csv ] && break; sleep 0.02; done
  >     kill -TERM $!
  >     wait $!
  >     echo "status $?"
  > ) 2>&1 | sed 's/[0-9,]* records/N records/'
  pagewalk: interrupted at endless.trace, N records into it: there are no rows of it; traces done: 1 of 3
  pagewalk: to go on, with an -o of its own:
      pagewalk run --machine small.ini endless.trace 'it'\''s third.trace'
  status 130
  $ cut -d , -f 4,9 rows.csv
  trace,accesses
  mixed.trace,113

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
  pagewalk: interrupted at endless.trace, N records into it: there are no rows of it; traces done: 1 of 2
  pagewalk: to go on, with an -o of its own:
      pagewalk run --jobs 3 endless.trace
  status 130

gen and convert leave no part of a trace.

  $ (
  >     pagewalk gen uniform --accesses 1000000000000 -o part.trace &
  >     for i in $(seq 500); do [ -s part.trace ] && break; sleep 0.02; done
  >     kill -TERM $!
  >     wait $!
  >     echo "status $?"
  > ) 2>&1 | sed 's/after [0-9]* of/after N of/'
  pagewalk: interrupted after N of 1000000000000 accesses; nothing is kept in a file
  status 130
  $ ls part.trace
  ls: cannot access 'part.trace': No such file or directory
  [2]

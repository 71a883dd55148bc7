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

mrc does the same.

  $ timeout 30 sh -c 'pagewalk gen uniform --accesses 1000000000000 > endless.trace' > /dev/null 2>&1 &
  $ (
  >     pagewalk mrc --page-size 4K,2M -o curves.csv mixed.trace endless.trace 'it'"'"'s third.trace' &
  >     for i in $(seq 500); do [ -s curves.csv ] && break; sleep 0.02; done
  >     kill -TERM $!
  >     wait $!
  >     echo "status $?"
  > ) 2>&1 | sed 's/[0-9,]* records/N records/'
  pagewalk: interrupted at endless.trace, N records into it: there are no rows of it; traces done: 1 of 3
  pagewalk: to go on, with an -o of its own:
      pagewalk mrc --page-size 4K,2M endless.trace 'it'\''s third.trace'
  status 130
  $ cut -d , -f 2 curves.csv | sort | uniq -c | sed 's/^ *//'
  19 mixed.trace
  1 trace

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

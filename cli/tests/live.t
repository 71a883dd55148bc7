A program's accesses go through the machine while it does them. The row is that of its trace.

  $ cp $TESTDIR/small.ini .
  $ programs=$(dirname "$(readlink -f "$(command -v pagewalk)")")/traces/programs
  $ cp $programs/accesses .
  $ pagewalk capture -q -o accesses.trace ./accesses
  [20]
  $ pagewalk run --machine small.ini -o file.csv accesses.trace
  $ pagewalk run --machine small.ini --live -o live.csv -- ./accesses
  [20]
  $ cut -d , -f 1-3,6- file.csv > file && cut -d , -f 1-3,6- live.csv | cmp - file
  $ cut -d , -f 4 live.csv
  trace
  ./accesses
  $ pagewalk run --machine small.ini --live -o again.csv -- ./accesses
  [20]
  $ cmp live.csv again.csv
  $ pagewalk run --machine small.ini --only data -o file.csv accesses.trace
  $ pagewalk run --machine small.ini --only data --live -o live.csv -- ./accesses
  [20]
  $ cut -d , -f 1-3,6- file.csv > file && cut -d , -f 1-3,6- live.csv | cmp - file
  $ pagewalk sweep --machine small.ini --vary os.page_size=4K,2M -o file.csv accesses.trace
  $ pagewalk sweep --machine small.ini --live --vary os.page_size=4K,2M -j 2 -o live.csv -- ./accesses
  [20]
  $ cut -d , -f 1-3,6- file.csv > file && cut -d , -f 1-3,6- live.csv | cmp - file

The program has its standard output where the rows go to a file; where they have it, its is standard error. What follows
it is its own, and so is the exit status.

  $ pagewalk run --live -o row.csv echo -o other
  -o other
  $ cut -d , -f 4 row.csv | tail -n 1
  echo -o other
  $ echo in | pagewalk run --machine small.ini --live --only data -- sh -c 'read word; echo "$word out"; exit 7' 2> err | cut -d , -f 2,4,7
  machine,trace,only
  small,"sh -c 'read word; echo ""$word out""; exit 7'",data
  $ cat err
  in out
  $ pagewalk sweep --live -o rows.csv --vary os.page_size=4K,2M -- sh -c 'exit 7'
  [7]

What a signal ends is a part.

  $ pagewalk run --machine small.ini --live -- sh -c 'kill -9 $$' > killed.csv
  pagewalk: signal 9 (Killed) ended sh; the counts are those of what it did until then
  [137]
  $ cut -d , -f 4,5 killed.csv
  trace,trace_hash
  sh -c 'kill -9 $$',partial
  $ pagewalk run --machine small.ini --live -f table -- sh -c 'kill -TERM $$' 2> err | sed -n 2p
    pagewalk .*, trace partial (re)
  $ cat err
  pagewalk: signal 15 (Terminated) ended sh; the counts are those of what it did until then

An interruption gives the counts so far, and stops the program.

  $ interrupted() { # COMMAND...
  >     (timeout 60 "$@" > rows 2> err & t=$!; until [ -s begun ]; do sleep 0.05; done; sleep 0.2
  >         kill -TERM $(ps -o pid= --ppid $t); wait $t; echo "status $?")
  >     kill -0 $(cat begun) 2> /dev/null || echo stopped
  >     rm begun
  > }
  $ interrupted pagewalk run --machine small.ini --live -- sh -c 'echo $$ > begun; while :; do :; done'
  status 130
  stopped
  $ cut -d , -f 4,5 rows
  trace,trace_hash
  sh -c 'echo $$ > begun; while :; do :; done',partial
  $ sed 's/[0-9,]* accesses/N accesses/' err
  pagewalk: interrupted, N accesses into sh -c 'echo $$ > begun; while :; do :; done'; the counts are those of what it did until then
  $ interrupted pagewalk sweep --machine small.ini --live --vary os.page_size=4K,2M -j 2 -- sh -c 'trap "" TERM; echo $$ > begun; while :; do :; done'
  status 130
  stopped
  $ cut -d , -f 5 rows
  trace_hash
  partial
  partial

What is wrong.

  $ pagewalk run --live
  pagewalk: run needs a PROGRAM; "pagewalk run --help" shows how
  [2]
  $ pagewalk run --live -- no-such-program
  pagewalk: there is no program 'no-such-program' in PATH. One that stands elsewhere needs its path, as in ./no-such-program.
  [2]
  $ pagewalk run --live --trace-format lackey -- true
  pagewalk: --trace-format, --strict and --keep-going are about files, and --live reads none; leave them out, or --live
  [2]
  $ pagewalk run --live --set tlb.l2.any.ways=7 -- sh -c 'echo ran > ran'
  pagewalk: --set tlb.l2.any.ways=7: ways = 7 does not give whole sets: entries = 1536 with ways = 7; the nearest ways are 6 or 8
  [2]
  $ ls ran
  ls: cannot access 'ran': No such file or directory
  [2]
  $ pagewalk sweep --live --vary os.page_size=4K,2M --dry-run -- true | head -n 1
  2 configurations x 1 trace = 2 rows, in 2 threads

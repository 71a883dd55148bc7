PROGRAM's input, output and exit status are its own.

  $ echo in | pagewalk capture -q -o cat.trace.gz -- sh -c 'read word; echo $word and out; echo err >&2; exit 7'
  in and out
  err
  [7]
  $ pagewalk trace info --strict cat.trace.gz | tail -n 1 | cut -d , -f 1,3,6
  cat.trace.gz,lackey,0
  $ gzip -t cat.trace.gz
  $ pagewalk capture true 2>&1 | sed 's/ [0-9,]* bytes/ N bytes/'
  pagewalk: the trace is true.trace.zst, N bytes of text
  $ pagewalk run true.trace.zst > rows && wc -l < rows
  2
  $ pagewalk capture -q -o killed.trace -- sh -c 'kill -9 $$'
  pagewalk: signal 9 (Killed) ended sh; the trace is what it did until then
  [137]

What is wrong.

  $ pagewalk capture
  pagewalk: capture needs a PROGRAM; "pagewalk capture --help" shows how
  [2]
  $ pagewalk capture -o x.trace --
  pagewalk: capture needs a PROGRAM; "pagewalk capture --help" shows how
  [2]
  $ pagewalk capture --outptu x.trace true
  pagewalk: capture has no option --outptu; did you mean --output?
  [2]
  $ pagewalk capture -o - -- true
  pagewalk: -o -: standard output is PROGRAM's own; give a file, or a pipe that mkfifo made
  [2]
  $ pagewalk capture -o no/such/folder.zst -- true
  pagewalk: no/such/folder.zst: cannot be written: No such file or directory
  [2]
  $ echo precious > kept.trace
  $ pagewalk capture -o kept.trace -- no-such-program
  pagewalk: there is no program 'no-such-program' in PATH. One that stands elsewhere needs its path, as in ./no-such-program.
  [2]
  $ cat kept.trace
  precious
  $ pagewalk capture -o new.trace -- ./no-such-program
  pagewalk: cannot run ./no-such-program: No such file or directory.
  [2]
  $ ls new.trace
  ls: cannot access 'new.trace': No such file or directory
  [2]
  $ pagewalk capture -o /dev/full -- true
  pagewalk: /dev/full: cannot be written beyond byte 0: No space left on device; the trace is not whole: write it elsewhere
  [2]

PROGRAM's input, output and exit status are its own.

  $ echo in | pagewalk capture -q -o cat.trace.gz -- sh -c 'read word; echo $word and out; echo err >&2; exit 7'
  in and out
  err
  [7]
  $ pagewalk trace info --strict cat.trace.gz | tail -n 1 | cut -d , -f 1,3,6
  cat.trace.gz,lackey,0
  $ gzip -t cat.trace.gz
  $ pagewalk capture true 2>&1 | sed 's/ [0-9,]* accesses/ N accesses/'
  pagewalk: the trace is true.pwt, N accesses by pagewalk's own tool
  $ pagewalk run true.pwt > rows && wc -l < rows
  2
  $ pagewalk capture -q -o killed.trace -- sh -c 'kill -9 $$'
  pagewalk: signal 9 (Killed) ended sh; the trace is what it did until then
  [137]

A part of what it does; PROGRAM runs on to its end. Either tool gives the same.

  $ pagewalk capture --skip 50 --max-accesses 1000 -o part.trace -- sh -c 'echo runs on; exit 3'
  runs on
  pagewalk: part.trace: left out, since Lackey text has no place for it: * events; a native trace (.pwt) has (glob)
  pagewalk: the trace is part.trace, 1,000 accesses by pagewalk's own tool, 50 are left out before the last one
  [3]
  $ wc -l < part.trace
  1000
  $ pagewalk capture -q --via lackey --skip 50 --max-accesses 1000 -o lackey.trace -- sh -c 'echo runs on; exit 3'
  runs on
  [3]
  $ cmp part.trace lackey.trace
  $ pagewalk capture -q --sample 3:97 --max-accesses 9 -o sample.trace -- sh -c 'exit 3'
  [3]
  $ pagewalk capture -q --max-accesses 1000 -o first.trace -- sh -c 'exit 3'
  [3]
  $ awk 'NR <= 300 && (NR - 1) % 100 < 3' first.trace | cmp - sample.trace
  $ pagewalk capture -q --only data --max-accesses 100 -o data.trace -- sh -c 'exit 3'
  [3]
  $ grep -v '^I' first.trace | head -n 100 | cmp - data.trace

What happens in between is told once, whatever is left out, and gaps say how much that is.

  $ events() { pagewalk trace info --format csv $1 | tail -n 1 | cut -d , -f 22; }
  $ pagewalk capture -q -o whole.pwt -- true && pagewalk capture -q --skip 100000 -o part.pwt -- true
  $ test $(events part.pwt) -le $((2 * $(events whole.pwt) + 1))

What the program starts is traced where that is asked.

  $ pagewalk capture -q -o alone.pwt -- sh -c 'cat /dev/null; exit 0'
  $ pagewalk capture -q --children -o both.pwt -- sh -c 'cat /dev/null; exit 0'
  $ records() { pagewalk trace info --format csv $1 | tail -n 1 | cut -d , -f 7; }
  $ test $(records both.pwt) -gt $((3 * $(records alone.pwt) / 2))

Behind the end of the trace they run untraced.

  $ pagewalk capture -q --children --max-accesses 100 -o some.pwt -- sh -c 'cat /dev/null; /bin/echo a child; exit 4'
  a child
  [4]
  $ records some.pwt
  100

Text has no place for several processes.

  $ pagewalk capture -q --children -o both.trace -- sh -c 'cat /dev/null; exit 0'
  pagewalk: both.trace: Lackey text cannot say which process an access is of, and the trace has several; write it to a file whose name ends in .pwt
  [2]

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
  $ pagewalk capture --via gdb -- true
  pagewalk: --via gdb: expected one of lackey, native
  [2]
  $ pagewalk capture --via lackey --children -- true
  pagewalk: Lackey prints neither pcs nor whose access it is, and leaves nothing out; trace without those options, or with pagewalk's own tool, --via native.
  [2]
  $ pagewalk capture --sample 10 -- true
  pagewalk: --sample 10: takes two counts of accesses, to take and to leave out by turns, as in 1000000:9000000; the first is at least 1
  [2]
  $ pagewalk capture --sample 0:5 -- true
  pagewalk: --sample 0:5: takes two counts of accesses, to take and to leave out by turns, as in 1000000:9000000; the first is at least 1
  [2]
  $ pagewalk capture --skip 1000000000 -o late.trace -- true
  pagewalk: of [0-9]* accesses none is left in the trace, which is not written; skip fewer (re)
  [2]
  $ ls late.trace
  ls: cannot access 'late.trace': No such file or directory
  [2]
  $ (ulimit -f 100; pagewalk capture -o large.trace -- true)
  pagewalk: large.trace: cannot be written beyond byte 51200: File too large; the trace is not whole: write it elsewhere
  [2]
  $ ls large.trace*
  ls: cannot access 'large.trace*': No such file or directory
  [2]

  $ cp $TESTDIR/traces/* .

Lackey text has no processes: several traces do not fit into it, and nothing is left of the attempt.

  $ pagewalk trace merge -o both.trace mixed.trace text.trace
  pagewalk: both.trace: Lackey text cannot say which process an access is of, and the trace has several; write it to a file whose name ends in .pwt
  [2]
  $ pagewalk trace merge -o - --quantum 1 mixed.trace mixed.trace
  pagewalk: standard output: Lackey text cannot say which process an access is of, and the trace has several; write it to a file whose name ends in .pwt
  [2]
  $ ls both.trace*
  ls: cannot access 'both.trace*': No such file or directory
  [2]
  $ echo precious > kept.trace && pagewalk trace merge -o kept.trace mixed.trace text.trace
  pagewalk: kept.trace: Lackey text cannot say which process an access is of, and the trace has several; write it to a file whose name ends in .pwt
  [2]
  $ cat kept.trace
  precious

One trace is one process.

  $ pagewalk trace merge -o one.trace --quantum 3 mixed.trace && cmp one.trace mixed.trace
  pagewalk: one.trace: left out, since Lackey text has no place for it: 2 events; a native trace (.pwt) has

Several are several, in a native trace.

  $ pagewalk trace merge -o both.pwt --quantum 3 mixed.trace text.trace mixed.trace
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  $ pagewalk trace info --format csv both.pwt | cut -d, -f 3,7,8,22-23
  format,records,instructions,events,extras
  native,246,131,88,
  $ pagewalk trace info --format csv mixed.trace | cut -d, -f 3,7,8,22-23
  format,records,instructions,events,extras
  lackey,113,60,0,
  $ pagewalk trace convert -o both.trace both.pwt
  pagewalk: both.trace: Lackey text cannot say which process an access is of, and the trace has several; write it to a file whose name ends in .pwt
  [2]
  $ pagewalk run both.pwt | tail -n 1 | cut -d , -f 4,9
  both.pwt,246
  $ rm both.pwt

Turns of instructions need instructions.

  $ pagewalk gen uniform --accesses 10 -o data.trace
  $ pagewalk trace merge -o both.pwt data.trace mixed.trace
  pagewalk: data.trace has no instruction fetches, and so a turn of instructions has no end; give --quantum-unit accesses
  [2]
  $ pagewalk trace merge -o one.trace --quantum-unit accesses data.trace && cmp one.trace data.trace
  pagewalk: one.trace: left out, since Lackey text has no place for it: 2 events; a native trace (.pwt) has

What is wrong.

  $ pagewalk trace merge mixed.trace
  pagewalk: trace merge needs -o FILE, whose name ends in .pwt
  [2]
  $ pagewalk trace merge -o both.pwt
  pagewalk: trace merge needs the TRACEs to merge; "pagewalk trace merge --help" shows how
  [2]
  $ pagewalk trace merge -o both.pwt --quantum 0 mixed.trace
  pagewalk: --quantum 0: expected a whole number from 1 to 18446744073709551615, in decimal digits
  [2]
  $ pagewalk trace merge -o both.pwt --quantum-unit cycles mixed.trace
  pagewalk: --quantum-unit cycles: expected one of instructions, accesses
  [2]
  $ pagewalk trace merge -o both.pwt - -
  pagewalk: - is given 2 times, and standard input can be read once
  [2]
  $ pagewalk trace merge -o both.pwt mixed.trace missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ pagewalk trace merge -o both.pwt mixed.trace damaged.trace.zst
  pagewalk: damaged.trace.zst: the zstd data ends early, after 0 decompressed bytes; the file was cut: copy or capture it again
  [2]
  $ cp text.trace text.pwt && pagewalk trace merge -o text.pwt mixed.trace text.pwt
  pagewalk: -o text.pwt is the trace itself; give another file
  [2]
  $ pagewalk trace merge --strict -o one.trace text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]
  $ ls both.pwt
  ls: cannot access 'both.pwt': No such file or directory
  [2]

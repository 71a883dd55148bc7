Traces as they come.

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ alias run='pagewalk run --machine small.ini'
  $ counts() { cut -d , -f 4,9-13; }

Lines that are no records are counted and said, also with -q; what is around them is not lost.

  $ run text.trace | counts
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  trace,accesses,instructions,loads,stores,modifies
  text.trace,20,11,7,2,0
  $ run hole.trace | counts
  pagewalk: hole.trace: 1 line is not a Lackey record and was left out; it is line 13 (a hole of 300 NUL bytes)
  trace,accesses,instructions,loads,stores,modifies
  hole.trace,14,8,4,2,0
  $ run cut.trace | counts
  pagewalk: cut.trace: 1 line is not a Lackey record and was left out; it is line 13 (" L 04a0", cut before its newline)
  trace,accesses,instructions,loads,stores,modifies
  cut.trace,12,7,3,2,0
  $ run -q nonewline.trace | counts
  pagewalk: nonewline.trace: 1 line is not a Lackey record and was left out; it is line 13 ("I  00401023,5", cut before its newline)
  trace,accesses,instructions,loads,stores,modifies
  nonewline.trace,12,7,3,2,0
  $ run - < hole.trace | counts
  pagewalk: standard input: 1 line is not a Lackey record and was left out; it is line 13 (a hole of 300 NUL bytes)
  trace,accesses,instructions,loads,stores,modifies
  -,14,8,4,2,0

With --strict they are an error.

  $ run --strict text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]
  $ run --strict cut.trace
  pagewalk: cut.trace: 1 line is not a Lackey record, which --strict makes an error; it is line 13 (" L 04a0", cut before its newline)
  [2]
  $ run --strict mixed.trace | counts
  trace,accesses,instructions,loads,stores,modifies
  mixed.trace,113,60,33,18,2

Whole files that are wrong: a message, and no row.

  $ run missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ run .
  pagewalk: .: is a directory; name a trace in it
  [2]
  $ run empty.trace
  pagewalk: empty.trace: is empty; a trace holds one record at least: capture it again
  [2]
  $ run - < /dev/null
  pagewalk: standard input: is empty; a trace holds one record at least: capture it again
  [2]
  $ run garbage.trace
  pagewalk: garbage.trace: no record of the format lackey in 2 lines; line 1 is "this is no trace"; known formats: stream, lackey (`pagewalk list formats` shows what their records look like)
  [2]
  $ run damaged.trace.zst
  pagewalk: damaged.trace.zst: the zstd data ends early, after 0 decompressed bytes; the file was cut: copy or capture it again
  [2]
  $ run noncanonical.trace
  pagewalk: noncanonical.trace: line 2, record 2, L of 8 bytes at 0x800000000000: page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff; choose the format of the machine that the trace comes from
  [2]
  $ run - < noncanonical.trace
  pagewalk: standard input: line 2, record 2, L of 8 bytes at 0x800000000000: page_table.format = x86-64 cannot express the address, only 0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff; choose the format of the machine that the trace comes from
  [2]

Of several traces the good ones have their rows, and a bad one makes it 2.

  $ run mixed.trace garbage.trace missing.trace text.trace > rows
  pagewalk: garbage.trace: no record of the format lackey in 2 lines; line 1 is "this is no trace"; known formats: stream, lackey (`pagewalk list formats` shows what their records look like)
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  [2]
  $ counts < rows
  trace,accesses,instructions,loads,stores,modifies
  mixed.trace,113,60,33,18,2
  text.trace,20,11,7,2,0
  $ run --strict --format json mixed.trace text.trace cut.trace | cut -d , -f 4
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  pagewalk: cut.trace: 1 line is not a Lackey record, which --strict makes an error; it is line 13 (" L 04a0", cut before its newline)
  "trace":"mixed.trace"

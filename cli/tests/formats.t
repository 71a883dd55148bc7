Traces of other programs: told by their content, with what they lack said once a trace.

  $ cp $TESTDIR/small.ini .
  $ alias run='pagewalk run --machine small.ini'
  $ counts() { cut -d , -f 4,9-13; }

  $ printf '2 401000\n0 7ffe4c1f2a68\n1 7ffe4c1f2a70\n4 0\n' > a.din
  $ printf 'i 401000 3\nr 7ffe4c1f2a68 8\nw 7ffe4c1f2a70 10\n' > b.din
  $ printf '0x401000: R 0x7ffe4c1f2a68\n0x401003: W 0x7ffe4c1f2a70\n#eof\n' > c.out
  $ printf '    7ffe4c1f2a68           401000\n               0           401003\n' > d.txt
  $ printf 'gem5\4\12\0\30\1\7\20\1\30\200\40\40\10\7\20\15\30\200\40\40\10' > e.gem5
  $ run a.din b.din c.out d.txt e.gem5 | counts
  pagewalk: a.din: read as dinero: it has no sizes, each access is taken for 1 byte, and none is seen to cross a page
  pagewalk: a.din: left out: copy-backs of caches (1)
  pagewalk: c.out: read as pin: it has no instruction fetches and no sizes: each access is taken for 1 byte, and none is seen to cross a page
  pagewalk: d.txt: read as perf: samples are no trace, one access of thousands is here: ratios and cycles mean nothing; each is taken for 1 byte, and for a load where neither data source nor event says store
  pagewalk: d.txt: left out: samples without an address (1)
  pagewalk: e.gem5: read as gem5: addresses of packets are mostly physical, and commands are numbered as of late gem5
  pagewalk: e.gem5: left out: prefetches (1)
  trace,accesses,instructions,loads,stores,modifies
  a.din,3,1,1,1,0
  b.din,3,1,1,1,0
  c.out,2,0,1,1,0
  d.txt,1,0,1,0,0
  e.gem5,1,0,1,0,0

Silent with -q.

  $ run -q a.din | counts
  trace,accesses,instructions,loads,stores,modifies
  a.din,3,1,1,1,0
  $ pagewalk mrc -q --page-size 4K --max 1 a.din | wc -l
  2
  $ pagewalk trace head -n 1 c.out
  pagewalk: c.out: read as pin: it has no instruction fetches and no sizes: each access is taken for 1 byte, and none is seen to cross a page
   L 7ffe4c1f2a68,1
  $ pagewalk trace convert -o - b.din
  I  00401000,3
   L 7ffe4c1f2a68,8
   S 7ffe4c1f2a70,16

A binary trace has no lines.

  $ pagewalk trace info -q --format table e.gem5 | head -n 2
  e.gem5
    gem5, 25 bytes, hash 6986ac219233d25c

What is not certain has to be named.

  $ (echo '# by hand'; cat b.din) > f.din
  $ run f.din | counts
  pagewalk: f.din: no record of the format lackey in 4 lines; line 1 is "# by hand"; if it is of another, name that with --trace-format (`pagewalk list formats` shows what their records look like)
  $ run --trace-format dinero f.din | counts
  pagewalk: f.din: 1 line is not a Dinero record and was left out; it is line 1 ("# by hand")
  trace,accesses,instructions,loads,stores,modifies
  f.din,3,1,1,1,0
  $ run --trace-format dinero --strict f.din
  pagewalk: f.din: 1 line is not a Dinero record, which --strict makes an error; it is line 1 ("# by hand")
  [2]

  $ printf '\1\20\100\0\0\0\0\0\7\0\0\0\0\0\0\0' > g.champsim
  $ run g.champsim
  pagewalk: g.champsim: not a trace of a known format: it begins with the bytes 01 10 40 00 00 00 00 00 07 00 00 00 00 00 00 00; known: native, stream, gem5, drmemtrace, champsim, champsim-cloudsuite, pin, dinero, perf, lackey (`pagewalk list formats` describes them); if it is one of these, name it with --trace-format
  [2]
  $ run --trace-format champsim g.champsim
  pagewalk: g.champsim: byte 0: the trace ends within a record, of whose 64 bytes 16 are there; it was cut: copy it again, or it is not of the format champsim
  [2]

A trace that was cut, an archive.

  $ head -c 15 e.gem5 > h.gem5
  $ run h.gem5
  pagewalk: h.gem5: byte 9: the trace ends within a packet that begins here; it was cut: copy or record it again
  [2]
  $ printf 'PK\3\4' > i.zip
  $ run i.zip
  pagewalk: i.zip: is a zip archive, which is not read; give the trace that is in it: unzip -p ARCHIVE.zip | pagewalk ... -
  [2]

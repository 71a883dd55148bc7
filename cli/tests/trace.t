  $ cp $TESTDIR/traces/* .

info.

  $ pagewalk trace info --format table text.trace
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  text.trace
    lackey, 394 bytes in 26 lines, hash 063b4dcea48f7a83
    addresses 0x401000 to 0x4a65003
  
    records                20
      instruction fetches  11
      loads                 7
      stores                2
      modifies              0
    unknown lines           3
  
    page size  pages          bytes
           4K      8         32,768
          64K      3        196,608
           2M      2      4,194,304
           1G      1  1,073,741,824
  $ pagewalk trace info text.trace
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  trace,trace_hash,format,bytes,lines,unknown_lines,records,instructions,loads,stores,modifies,lowest_address,highest_address,pages_4k,pages_64k,pages_2m,pages_1g,footprint_4k,footprint_64k,footprint_2m,footprint_1g
  text.trace,063b4dcea48f7a83,lackey,394,26,3,20,11,7,2,0,0x401000,0x4a65003,8,3,2,1,32768,196608,4194304,1073741824
  $ pagewalk trace info --format json hole.trace
  pagewalk: hole.trace: 1 line is not a Lackey record and was left out; it is line 13 (a hole of 300 NUL bytes)
  {"trace":"hole.trace","trace_hash":"e1619bb608bfe300","format":"lackey","bytes":496,"lines":14,"unknown_lines":1,"records":14,"instructions":8,"loads":4,"stores":2,"modifies":0,"lowest_address":"0x401000","highest_address":"0x4a65003","pages_4k":6,"pages_64k":3,"pages_2m":2,"pages_1g":1,"footprint_4k":24576,"footprint_64k":196608,"footprint_2m":4194304,"footprint_1g":1073741824}
  $ pagewalk trace info -o a.tsv mixed.trace.zst && cut -f 1-7 a.tsv
  trace\ttrace_hash\tformat\tbytes\tlines\tunknown_lines\trecords (esc)
  mixed.trace.zst\t27b584844204bf98\tlackey\t1586\t113\t0\t113 (esc)
  $ pagewalk gen sequential --accesses 2000 --pages 1000 --base 0xffff800000000000 | pagewalk trace info - | tail -n 1 | cut -d , -f 7-21
  2000,0,2000,0,0,0xffff800000000000,0xffff800000003e7f,4,1,1,1,16384,65536,2097152,1073741824
  $ pagewalk gen stride --accesses 1000 --pages 1000 --page-size 2M | pagewalk trace info - | tail -n 1 | cut -d , -f 14-21
  1000,1000,1000,2,4096000,65536000,2097152000,2147483648
  $ pagewalk trace info --strict text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]

head.

  $ pagewalk trace head -n 3 mixed.trace.gz
  I  00401000,2
   L 04a09d58,8
  I  00401005,3
  $ pagewalk trace head mixed.trace | wc -l
  10
  $ pagewalk trace head -n 1000 cut.trace | cut -c 1-3 | sort | uniq -c | sed 's/^ *//'
  pagewalk: cut.trace: 1 line is not a Lackey record and was left out; it is line 13 (" L 04a0", cut before its newline)
  3  L 
  2  S 
  7 I  

convert: clean Lackey text.

  $ pagewalk trace convert -o clean.trace text.trace
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  $ pagewalk trace info --strict clean.trace | tail -n 1 | cut -d , -f 3-7
  lackey,280,20,0,20
  $ pagewalk trace convert -o - mixed.trace.zst | cmp - mixed.trace
  $ pagewalk trace convert -o m.trace.xz mixed.trace && xz -dc m.trace.xz | cmp - mixed.trace

A part is never left to be taken for the whole.

  $ pagewalk trace convert -o part.trace damaged.trace.zst
  pagewalk: damaged.trace.zst: the zstd data ends early, after 0 decompressed bytes; the file was cut: copy or capture it again
  [2]
  $ pagewalk trace convert --strict -o part.trace text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]
  $ ls part.trace
  ls: cannot access 'part.trace': No such file or directory
  [2]
  $ echo precious > kept.trace
  $ pagewalk trace convert -o kept.trace damaged.trace.zst
  pagewalk: damaged.trace.zst: the zstd data ends early, after 0 decompressed bytes; the file was cut: copy or capture it again
  [2]
  $ pagewalk trace convert --strict -o kept.trace text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]
  $ (ulimit -f 8; pagewalk gen uniform --accesses 1000000 -o kept.trace) 2>&1 | cat
  pagewalk: kept.trace: cannot be written beyond byte 4096: File too large; the trace is not whole: write it elsewhere
  $ cat kept.trace; ls *.part
  precious
  ls: cannot access '*.part': No such file or directory
  [2]
  $ chmod 600 kept.trace && ln -s kept.trace link.trace && pagewalk trace convert -o link.trace mixed.trace
  $ cmp kept.trace mixed.trace && stat -c '%a %F' kept.trace && stat -c %F link.trace
  600 regular file
  symbolic link
  $ pagewalk trace convert -o mixed.trace mixed.trace
  pagewalk: -o mixed.trace is the trace itself; give another file
  [2]

What is wrong.

  $ pagewalk trace
  pagewalk: trace needs info, head or convert, and a TRACE; "pagewalk trace --help" shows how
  [2]
  $ pagewalk trace info
  pagewalk: trace needs info, head or convert, and a TRACE; "pagewalk trace --help" shows how
  [2]
  $ pagewalk trace infos mixed.trace
  pagewalk: there is no action of trace "infos"; did you mean info?
  [2]
  $ pagewalk trace info mixed.trace text.trace
  pagewalk: trace takes info, head or convert, and a TRACE and no more, and there is "text.trace"
  [2]
  $ pagewalk trace convert mixed.trace
  pagewalk: trace convert needs -o FILE; -o - is standard output
  [2]
  $ pagewalk trace head -n 0 mixed.trace
  pagewalk: --records 0: expected a whole number from 1 to 18446744073709551615, in decimal digits
  [2]
  $ pagewalk trace info -n 4 mixed.trace
  pagewalk: trace info has no option --records; "pagewalk trace --help" says which has
  [2]
  $ pagewalk trace head --strict mixed.trace
  pagewalk: trace head has no option --strict; "pagewalk trace --help" says which has
  [2]
  $ pagewalk trace head -o x mixed.trace
  pagewalk: trace head has no option --output; "pagewalk trace --help" says which has
  [2]
  $ pagewalk trace convert --format csv -o x mixed.trace
  pagewalk: trace convert has no option --format; "pagewalk trace --help" says which has
  [2]
  $ pagewalk trace info -o x.dat mixed.trace
  pagewalk: x.dat: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with --format table, csv, tsv or json
  [2]
  $ pagewalk trace info -o no/such/folder.csv mixed.trace
  pagewalk: no/such/folder.csv: cannot be written: No such file or directory
  [2]
  $ cp mixed.trace same.csv && pagewalk trace info -o same.csv same.csv
  pagewalk: -o same.csv is the trace itself; give another file
  [2]
  $ pagewalk trace info --trace-format lacky mixed.trace
  pagewalk: no trace format 'lacky'; did you mean 'lackey'?; known: stream, lackey (`pagewalk list formats` describes them)
  [2]
  $ pagewalk trace info missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ pagewalk trace head empty.trace
  pagewalk: empty.trace: is empty; a trace holds one record at least: capture it again
  [2]

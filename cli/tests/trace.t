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
  trace,trace_hash,format,bytes,lines,unknown_lines,records,instructions,loads,stores,modifies,lowest_address,highest_address,pages_4k,pages_64k,pages_2m,pages_1g,footprint_4k,footprint_64k,footprint_2m,footprint_1g,events,extras,chunks,metadata
  text.trace,063b4dcea48f7a83,lackey,394,26,3,20,11,7,2,0,0x401000,0x4a65003,8,3,2,1,32768,196608,4194304,1073741824,0,,,
  $ pagewalk trace info --format json hole.trace
  pagewalk: hole.trace: 1 line is not a Lackey record and was left out; it is line 13 (a hole of 300 NUL bytes)
  {"trace":"hole.trace","trace_hash":"e1619bb608bfe300","format":"lackey","bytes":496,"lines":14,"unknown_lines":1,"records":14,"instructions":8,"loads":4,"stores":2,"modifies":0,"lowest_address":"0x401000","highest_address":"0x4a65003","pages_4k":6,"pages_64k":3,"pages_2m":2,"pages_1g":1,"footprint_4k":24576,"footprint_64k":196608,"footprint_2m":4194304,"footprint_1g":1073741824,"events":0,"extras":null,"chunks":null,"metadata":null}
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

The native format, chosen by the suffix. Its sizes and hashes are the packing's own affair.

  $ masked() { sed 's/[0-9,]* bytes, hash [0-9a-f]*/N bytes, hash H/; s/at byte [0-9]*\(,[0-9][0-9]*\)*/at byte N/g'; }
  $ pagewalk trace convert -o m.pwt mixed.trace && pagewalk trace convert -o - m.pwt | cmp - mixed.trace
  $ pagewalk trace info --format table m.pwt | masked
  m.pwt
    native, N bytes, hash H
    version 1.0, 1 chunk, the first at byte N
    addresses 0x401000 to 0x1ffeffe0a3
  
    records                113
      instruction fetches   60
      loads                 33
      stores                18
      modifies               2
    events                   0
  
    page size  pages          bytes
           4K     15         61,440
          64K      7        458,752
           2M      4      8,388,608
           1G      2  2,147,483,648
  
    tool                   "pagewalk 0.1.0"
    converted_from         "mixed.trace"
    converted_from_format  "lackey"
  $ pagewalk trace info m.pwt | tail -n 1 | cut -d , -f 6-21 > native && pagewalk trace info mixed.trace | tail -n 1 | cut -d , -f 6-21 | cmp - native
  $ pagewalk trace info - < m.pwt | tail -n 1 | cut -d , -f 2-17 > read && pagewalk trace info m.pwt | tail -n 1 | cut -d , -f 2-17 | cmp - read
  $ pagewalk run --only data m.pwt | tail -n 1 | cut -d , -f 6- > native && pagewalk run --only data mixed.trace | tail -n 1 | cut -d , -f 6- | cmp - native
  $ pagewalk trace convert -o m.pwt.zst m.pwt && zstd -qdc m.pwt.zst | cmp - m.pwt
  $ pagewalk trace convert -o m2.pwt - < m.pwt.zst && cmp m.pwt m2.pwt
  $ pagewalk trace info --trace-format native mixed.trace
  pagewalk: mixed.trace: the file does not begin as a native trace does; copy or capture the file again, or read what is whole of it with --keep-going
  [2]

gen writes it, too; the same options give the same bytes.

  $ pagewalk gen zipf --seed 3 --accesses 3000 -o z.pwt && pagewalk gen zipf --seed 3 -n 3000 --output zz.pwt
  $ pagewalk trace info --format json z.pwt | grep -o '"metadata".*'
  "metadata":"{\"tool\":\"pagewalk 0.1.0\",\"command\":\"pagewalk gen zipf --seed 3 --accesses 3000\"}"}
  $ cmp z.pwt zz.pwt; pagewalk gen zipf --seed 3 --accesses 3000 > z.trace && pagewalk trace convert -o - z.pwt | cmp - z.trace

cut: a part, which a native trace in a file is not read for from its beginning.

  $ pagewalk trace cut --from 3 --records 2 -o - mixed.trace
  I  00401005,3
   S 04a05400,8
  $ pagewalk trace cut --from 3 --records 2 -o - m.pwt > part && sed -n 3,4p mixed.trace | cmp - part
  $ pagewalk trace cut --from 112 -o - m.pwt > part && tail -n 2 mixed.trace | cmp - part
  $ pagewalk trace cut --from 112 -n 5 -o - m.pwt | wc -l
  pagewalk: m.pwt: ends with 2 of the 5 records that were asked for
  2
  $ for from in 1 41 81; do pagewalk trace cut -q --from $from -n 40 -o part$from.pwt mixed.trace; pagewalk trace convert -o - part$from.pwt; done | cmp - mixed.trace
  $ pagewalk trace cut --from 114 -o x.pwt m.pwt
  pagewalk: m.pwt: holds 113 records, and is to be read from record 114 on
  [2]
  $ pagewalk trace cut --from 114 -o x.pwt mixed.trace
  pagewalk: mixed.trace: holds 113 records, and is to be read from record 114 on
  [2]
  $ pagewalk trace cut --from 114 -o x.pwt - < m.pwt
  pagewalk: standard input: holds 113 records, and is to be read from record 114 on
  [2]
  $ ls x.pwt
  ls: cannot access 'x.pwt': No such file or directory
  [2]
  $ pagewalk trace cut --from 2 m.pwt
  pagewalk: trace cut needs -o FILE; -o - is standard output
  [2]

Of a trace of three chunks the second is damaged, and the third is cut.

  $ pagewalk gen uniform --accesses 2500000 -o big.pwt && cp big.pwt damaged.pwt
  $ at=$(pagewalk trace info --format table big.pwt | sed -n 's/.*last at byte \([0-9,]*\)/\1/p' | tr -d ,)
  $ printf 'XXXX' | dd of=damaged.pwt bs=1 seek=$((at - 100)) conv=notrunc 2> /dev/null
  $ head -c $((at + 100)) big.pwt > cut.pwt
  $ pagewalk run damaged.pwt cut.pwt 2>&1 | masked
  pagewalk: damaged.pwt: chunk 2, at byte N, is damaged: its checksum is not that of its bytes; copy or capture the file again, or read what is whole of it with --keep-going
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; copy or capture the file again, or read what is whole of it with --keep-going
  $ pagewalk run -q --keep-going --only data damaged.pwt cut.pwt > rows 2> said; cut -d , -f 4,9 rows; masked < said
  trace,accesses
  damaged.pwt,1451424
  cut.pwt,2097152
  pagewalk: damaged.pwt: chunk 2, at byte N, is damaged: its checksum is not that of its bytes; 1,048,576 records were left out
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; how many records followed is not known
  $ pagewalk sweep -q --keep-going --vary os.page_size=4K,2M cut.pwt 2> said | cut -d , -f 4,10; masked < said
  trace,accesses
  cut.pwt,2097152
  cut.pwt,2097152
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; how many records followed is not known
  $ pagewalk trace cut --keep-going --from 2097152 -o - cut.pwt 2> said | wc -l; masked < said
  1
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; how many records followed is not known
  $ pagewalk trace cut --from 2097152 -o - cut.pwt
  pagewalk: cut.pwt: ends without its index: it was cut, or something was appended; --keep-going reads what is whole of it
  [2]
  $ pagewalk trace info damaged.pwt | tail -n 1 | cut -d , -f 7
  2500000
  $ pagewalk trace info cut.pwt 2>&1 | masked
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; copy or capture the file again, or read what is whole of it with --keep-going
  $ pagewalk trace info --keep-going cut.pwt 2> said | cut -d , -f 7-10; masked < said
  records,instructions,loads,stores
  2097152,0,2097152,0
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; how many records followed is not known
  $ pagewalk mrc --keep-going --max 1 cut.pwt 2> /dev/null | cut -d , -f 5-
  only,sample_rate,page_size,entries,reach,lookups,hits,misses,miss_ratio,miss_ratio_error
  all,1,4096,1,4096,2097152,2103,2095049,0.998997,0
  $ pagewalk trace stats --keep-going --page-size 4K damaged.pwt 2> said | grep ,accesses,, | cut -d , -f 2,10; masked < said
  damaged.pwt,1451424
  pagewalk: damaged.pwt: chunk 2, at byte N, is damaged: its checksum is not that of its bytes; 1,048,576 records were left out
  $ pagewalk trace merge --keep-going --quantum-unit accesses -o two.pwt damaged.pwt cut.pwt 2>&1 | masked; pagewalk trace info two.pwt | tail -n 1 | cut -d , -f 7; rm two.pwt
  pagewalk: damaged.pwt: chunk 2, at byte N, is damaged: its checksum is not that of its bytes; 1,048,576 records were left out
  pagewalk: cut.pwt: ends after 2 whole chunks, 2097152 records, at byte N: it was cut; how many records followed is not known
  3548576
  $ pagewalk trace convert -o whole.pwt damaged.pwt 2>&1 | masked; ls whole.pwt
  pagewalk: damaged.pwt: chunk 2, at byte N, is damaged: its checksum is not that of its bytes; copy or capture the file again, or read what is whole of it with --keep-going
  ls: cannot access 'whole.pwt': No such file or directory
  [2]
  $ pagewalk trace convert --keep-going -o whole.pwt damaged.pwt 2>&1 | masked
  pagewalk: damaged.pwt: chunk 2, at byte N, is damaged: its checksum is not that of its bytes; 1,048,576 records were left out

What was lost is an event of the copy; Lackey's text has no place for one.

  $ pagewalk trace info whole.pwt | tail -n 1 | cut -d , -f 7,22
  1451424,1
  $ pagewalk trace convert -o whole.trace whole.pwt && wc -l < whole.trace
  pagewalk: whole.trace: left out, since Lackey text has no place for it: 1 event; a native trace (.pwt) has
  1451424
  $ pagewalk trace cut --from 1048577 -n 1 -o gap.pwt whole.pwt && pagewalk trace info gap.pwt | tail -n 1 | cut -d , -f 7,22
  1,1
  $ pagewalk trace head -q -n 1 gap.pwt > first && sed -n 1048577p whole.trace | cmp - first
  $ rm big.pwt damaged.pwt whole.pwt whole.trace

A full disk lets the chunks stand that were whole.

  $ echo precious > kept.pwt
  $ (ulimit -f 24000; pagewalk gen uniform --pages 100000000 --accesses 3000000 -o kept.pwt; echo $?) 2>&1 | sed 's/byte [0-9]*/byte N/; s/first [0-9,]* /first N /; s|in /.*kept|in kept|; s/pwt\.[0-9]*/pwt.PID/'
  pagewalk: kept.pwt: cannot be written beyond byte N: File too large; the trace is not whole: write it elsewhere; the first N records of it are whole in kept.pwt.PID.part, and are read with --keep-going
  2
  $ cat kept.pwt
  precious
  $ pagewalk trace info --keep-going kept.pwt.*.part 2> said | tail -n 1 | cut -d , -f 3; sed 's/.*: ends/ends/; s/after [0-9]* whole chunks, [0-9]*/after N whole chunks, N/' said | masked
  native
  ends after N whole chunks, N records, at byte N: it was cut; how many records followed is not known
  $ rm kept.pwt.*.part

What is wrong.

  $ pagewalk trace
  pagewalk: trace needs an action and a TRACE; "pagewalk trace --help" lists the actions
  [2]
  $ pagewalk trace info
  pagewalk: trace info needs a TRACE; "pagewalk trace info --help" shows how
  [2]
  $ pagewalk trace infos mixed.trace
  pagewalk: there is no action of trace "infos"; did you mean info?
  [2]
  $ pagewalk trace info mixed.trace text.trace
  pagewalk: trace info takes a TRACE and no more, and there is "text.trace"
  [2]
  $ pagewalk trace convert mixed.trace
  pagewalk: trace convert needs -o FILE; -o - is standard output
  [2]
  $ pagewalk trace head -n 0 mixed.trace
  pagewalk: --records 0: expected a whole number from 1 to 18446744073709551615, in decimal digits
  [2]
  $ pagewalk trace info -n 4 mixed.trace
  pagewalk: trace info has no option -n; "pagewalk trace info --help" lists those it has
  [2]
  $ pagewalk trace --strict head mixed.trace
  pagewalk: there is no option --strict before the action of trace; "pagewalk trace --help" lists the actions
  [2]
  $ pagewalk trace head --strict mixed.trace
  pagewalk: trace head has no option --strict; "pagewalk trace head --help" lists those it has
  [2]
  $ pagewalk trace head -o x mixed.trace
  pagewalk: trace head has no option -o; "pagewalk trace head --help" lists those it has
  [2]
  $ pagewalk trace convert --format csv -o x mixed.trace
  pagewalk: trace convert has no option --format; "pagewalk trace convert --help" lists those it has
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
  pagewalk: there is no trace format "lacky"; did you mean lackey?
  [2]
  $ pagewalk trace info missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ pagewalk trace head empty.trace
  pagewalk: empty.trace: is empty; a trace holds one record at least: capture it again
  [2]

A trace of which nothing is whole is still told for what it is.

  $ pagewalk gen uniform --accesses 1000 --pages 10 -o one.pwt && printf '\125' | dd of=one.pwt bs=1 seek=400 conv=notrunc 2> /dev/null
  $ pagewalk run --keep-going one.pwt
  pagewalk: one.pwt: nothing of it is whole: chunk 1, at byte 157, is damaged: its checksum is not that of its bytes
  [2]
  $ pagewalk trace info --keep-going one.pwt
  pagewalk: one.pwt: nothing of it is whole: chunk 1, at byte 157, is damaged: its checksum is not that of its bytes
  [2]

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ alias run='pagewalk run --machine small.ini'

-o chooses the format by the suffix, and --format wins.

  $ run -o a.csv mixed.trace && run --format csv mixed.trace | cmp - a.csv
  $ run -o a.tsv mixed.trace && run --format tsv mixed.trace | cmp - a.tsv
  $ run -o a.json mixed.trace && run --format json mixed.trace | cmp - a.json
  $ run -o a.txt mixed.trace && run --format table mixed.trace | cmp - a.txt
  $ run -o a.rows --format json mixed.trace && cmp a.rows a.json
  $ run -o - mixed.trace | cmp - a.csv
  $ run -o a.rows mixed.trace
  pagewalk: a.rows: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with --format table, csv, tsv or json
  [2]
  $ run -o rows mixed.trace
  pagewalk: rows: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with --format table, csv, tsv or json
  [2]
  $ run -o dotted.csv/rows mixed.trace
  pagewalk: dotted.csv/rows: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with --format table, csv, tsv or json
  [2]

A file is as it was until there is a result.

  $ echo precious > kept.csv
  $ run -o kept.csv --set tlb.l2.any.entries=7 mixed.trace
  pagewalk: --set tlb.l2.any.entries=7: entries = 7 does not give whole sets: entries = 7 with ways = 4; the nearest entries are 4 or 8
  [2]
  $ run -o kept.csv --page-size 5K mixed.trace
  pagewalk: --page-size 5K: page_size = 5K is not a power of two; the nearest are 4K and 8K
  [2]
  $ run -o kept.csv garbage.trace
  pagewalk: garbage.trace: no record of the format lackey in 2 lines; line 1 is "this is no trace"; if it is of another, name that with --trace-format (`pagewalk list formats` shows what their records look like)
  [2]
  $ run -o kept.csv missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ run -o kept.csv --onyl data mixed.trace
  pagewalk: run has no option --onyl; did you mean --only?
  [2]
  $ cat kept.csv
  precious
  $ run -o new.csv missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ ls new.csv
  ls: cannot access 'new.csv': No such file or directory
  [2]
  $ (ulimit -f 0; pagewalk run --machine small.ini -o kept.csv mixed.trace) 2>&1 | cat
  pagewalk: kept.csv: not all of it could be written: File too large; write it elsewhere
  $ cat kept.csv; ls *.part
  precious
  ls: cannot access '*.part': No such file or directory
  [2]
  $ run -o kept.csv mixed.trace && cmp kept.csv a.csv

What replaces it has its rights, also behind a symbolic link.

  $ echo precious > kept.csv && chmod 604 kept.csv && ln -s kept.csv link.csv
  $ run -o link.csv mixed.trace && cmp kept.csv a.csv && stat -c '%a %F' kept.csv && stat -c %F link.csv
  604 regular file
  symbolic link
  $ rm link.csv kept.csv

--append adds rows to those of a file.

  $ cp a.csv both.csv && run -a -o both.csv text.trace 2> /dev/null
  $ run mixed.trace text.trace 2> /dev/null | cmp - both.csv
  $ run --append -o fresh.csv mixed.trace && cmp fresh.csv a.csv
  $ : > fresh.csv && run --append -o fresh.csv mixed.trace && cmp fresh.csv a.csv
  $ cp a.json both.json && run --append -o both.json mixed.trace && cat a.json a.json | cmp - both.json
  $ cp a.tsv both.tsv && run --append -o both.tsv mixed.trace && run --format tsv mixed.trace mixed.trace | cmp - both.tsv
  $ for rows in a.csv a.json; do
  >     pagewalk sweep --machine small.ini --vary os.page_size=4K --append -o $rows mixed.trace
  > done
  pagewalk: a.csv: --append: its column 9 is not os.page_size, as in the rows to come; give another file
  pagewalk: a.json: --append: its column 9 is not os.page_size, as in the rows to come; give another file
  [2]
  $ pagewalk sweep --machine small.ini --vary os.page_size=4K -o varied.csv mixed.trace
  $ pagewalk sweep --machine small.ini --vary os.page_size=4K -o varied.json mixed.trace
  $ run -a -o varied.csv mixed.trace
  pagewalk: varied.csv: --append: its column 9 is not accesses, as in the rows to come; give another file
  [2]
  $ run -a -o varied.json mixed.trace
  pagewalk: varied.json: --append: its column 9 is not accesses, as in the rows to come; give another file
  [2]
  $ sed 's/$/,more/' a.csv > more.csv && run -a -o more.csv mixed.trace
  pagewalk: more.csv: --append: it has columns behind ideal, the last of the rows to come; give another file
  [2]
  $ cut -d , -f 1-20 a.csv > less.csv && run -a -o less.csv mixed.trace
  pagewalk: less.csv: --append: its column 20 is not l2_hits, as in the rows to come; give another file
  [2]
  $ sed 's/}$/,"more":1}/' a.json > more.json && run -a -o more.json mixed.trace
  pagewalk: more.json: --append: it has columns behind ideal, the last of the rows to come; give another file
  [2]
  $ echo '[1]' > more.json && run -a -o more.json mixed.trace
  pagewalk: more.json: --append: its column 1 is not version, as in the rows to come; give another file
  [2]
  $ head -c 1000 a.csv > cut.csv && run -a -o cut.csv mixed.trace
  pagewalk: cut.csv: --append: its column 79 is not pages_huge, as in the rows to come; give another file
  [2]
  $ sed 's/$/\r/' a.csv > saved.csv && run -a -o saved.csv mixed.trace
  pagewalk: saved.csv: --append: its lines begin with a byte-order mark or end in CR LF, as spreadsheets save them, and the rows to come do not; give another file
  [2]
  $ (printf '\357\273\277'; cat a.csv) > saved.csv && run -a -o saved.csv mixed.trace
  pagewalk: saved.csv: --append: its lines begin with a byte-order mark or end in CR LF, as spreadsheets save them, and the rows to come do not; give another file
  [2]
  $ run -a -o a.tsv --format csv mixed.trace
  pagewalk: a.tsv: --append: its column 1 is not version, as in the rows to come; give another file
  [2]
  $ run -a -o a.txt mixed.trace
  pagewalk: a.txt: --append: a table is written as a whole; choose csv, tsv or json
  [2]
  $ run -a mixed.trace
  pagewalk: --append adds to a file; give it with -o FILE
  [2]
  $ run -a -o /dev/null --format csv mixed.trace
  $ run mixed.trace | cmp - a.csv

The trace itself is no place for results.

  $ cp mixed.trace same.csv
  $ run -o same.csv same.csv
  pagewalk: -o same.csv is the trace itself; give another file
  [2]
  $ cmp mixed.trace same.csv

Places that cannot be written.

  $ run -o no/such/folder.csv mixed.trace
  pagewalk: no/such/folder.csv: cannot be written: No such file or directory
  [2]
  $ mkdir folder.csv && run -o folder.csv mixed.trace
  pagewalk: folder.csv: cannot be written: Is a directory
  [2]
  $ run mixed.trace > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ run --format table mixed.trace > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ run --format json -o /dev/full mixed.trace
  pagewalk: /dev/full: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ pagewalk list keys > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ pagewalk help > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ pagewalk machines show generic > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ pagewalk gen sequential > /dev/full
  pagewalk: standard output: cannot be written beyond byte 0: No space left on device; the trace is not whole: write it elsewhere
  [2]
  $ pagewalk gen sequential -o /dev/full
  pagewalk: /dev/full: cannot be written beyond byte 0: No space left on device; the trace is not whole: write it elsewhere
  [2]
  $ pagewalk trace head mixed.trace > /dev/full
  pagewalk: standard output: cannot be written beyond byte 0: No space left on device; the trace is not whole: write it elsewhere
  [2]
  $ pagewalk trace info mixed.trace > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]

Standard streams that are closed: no file takes their place, so that nothing that is said comes to lie among the rows.

  $ run text.trace > text.csv 2> /dev/null
  $ run -o closed.csv text.trace 2>&- && cmp closed.csv text.csv
  $ run -o closed.csv --append text.trace 2>&- && tail -n 1 text.csv | cat text.csv - | cmp - closed.csv
  $ run -o all.csv text.trace <&- >&- 2>&- && cmp all.csv text.csv
  $ run mixed.trace >&-
  pagewalk: standard output: not all of it could be written: Bad file descriptor; write it elsewhere
  [2]
  $ run - <&-
  pagewalk: standard input: cannot be read beyond byte 0: Bad file descriptor; check the disk, or copy the file again
  [2]

A closed pipe ends it quietly, as SIGPIPE does, also where that was ignored.

  $ (pagewalk gen sequential; echo $? > status) | head -n 1 && cat status
   L 40000000,8
  141
  $ (trap '' PIPE; pagewalk gen sequential; echo $? > status) | head -n 1 && cat status
   L 40000000,8
  141

CSV quotes what has to be quoted.

  $ cp mixed.trace 'a "b", c.trace'
  $ run 'a "b", c.trace' | tail -n 1 | cut -d , -f 2,4-6
  small,"a ""b"", c.trace",27b584844204bf98
  $ run --format json 'a "b", c.trace' | cut -d , -f 2,4-6
  "machine":"small","trace":"a \"b\", c.trace","trace_hash":"27b584844204bf98"
  $ run --format tsv 'a "b", c.trace' | tail -n 1 | cut -f 2,4
  small\t"a ""b"", c.trace" (esc)

A path that is not UTF-8 does not break JSON.

  $ name=$(printf 'caf\351.trace')
  $ cp mixed.trace "$name"
  $ run --format json "$name" | cut -d , -f 4
  pagewalk: caf\xef\xbf\xbd.trace: the path is not UTF-8, as JSON has to be; U+FFFD stands for each byte that is not (esc)
  "trace":"caf\xef\xbf\xbd.trace" (esc)
  $ run "$name" | tail -n 1 | cut -d , -f 4 | od -c | head -n 1
  0000000   c   a   f 351   .   t   r   a   c   e  \n
  $ cp mixed.trace 'café.trace'
  $ run --format json 'café.trace' | cut -d , -f 4
  "trace":"caf\xc3\xa9.trace" (esc)

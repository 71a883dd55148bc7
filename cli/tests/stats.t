  $ cp $TESTDIR/traces/* .

Twenty records, for people.

  $ pagewalk trace stats --format table --page-size 4K,2M --window 10 text.trace
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  text.trace
    pagewalk 0.1.0, trace 063b4dcea48f7a83, windows of 10 accesses
  
    whole trace
    instructions                    11
    loads                            7
    stores                           2
    modifies                         0
    instructions per data access  1.22
    accesses                        20
    misaligned                       1
    line crossings                   1
    lines                           11
  
    page size         4K  2M
    pages              8   2
    lookups           21  20
    page crossings     1   0
    hot pages, 50 %    1   1
    hot pages, 90 %    6   2
    hot pages, 99 %    8   2
    most in a window   6   2
  
    bytes  fetch sizes  data sizes  alignments
        2            2
        3            3
        4                                    1
        5            2
        7            4
        8                        9           5
       32                                    1
      128                                    1
    1,024                                    1
  
    from bytes  forward strides  backward strides
         1,024                1
         2,048                0                 1
         4,096                0                 0
         8,192                0                 0
        16,384                0                 2
        32,768                1                 0
        65,536                0                 0
       131,072                0                 0
       262,144                2                 1
  
    page lookups: pages by how often they are looked up
    from lookups  4K  2M
               1   4
               2   3
               4   0
               8   1   2
  
    page lines: pages by how many of their lines of 64 bytes are touched
    from lines  4K  2M
             1   5   1
             2   3   0
             4       0
             8       1
  
    reuse times: lookups by the accesses since the page's last lookup, itself
    included; first ones are in no bucket
    from accesses  4K  2M
                1   2   2
                2   8  15
                4   2   1
                8   1
  
    lru depths: lookups by how many other pages were looked up since: an LRU TLB
    of more entries hits; first ones are in no bucket
    from pages  4K  2M
             0   2   2
             1   8  16
             2   2
             4   1
  
    mean working set: distinct pages of the last so many accesses, the mean over
    all accesses
    window    4K    2M
         1  1.05  1.00
         2  1.95  1.85
         4  2.80  1.95
         8  3.90  1.95
        16  4.60  1.95

For programs: a row is one bucket of one statistic.

  $ pagewalk trace stats -o s.csv --window 10 mixed.trace && head -n 3 s.csv
  version,trace,trace_hash,only,window,window_unit,statistic,page_size,bucket,value
  0.1.0,mixed.trace,27b584844204bf98,all,10,accesses,instructions,,,60
  0.1.0,mixed.trace,27b584844204bf98,all,10,accesses,loads,,,33
  $ cut -d , -f 7 s.csv | sed 1d | uniq -c | sed 's/^ *//'
  1 instructions
  1 loads
  1 stores
  1 modifies
  1 instructions_per_data_access
  1 accesses
  5 fetch_sizes
  2 data_sizes
  7 alignments
  1 misaligned
  1 line_crossings
  28 forward_strides
  27 backward_strides
  1 lines
  4 pages
  4 lookups
  4 page_crossings
  12 hot_pages
  22 page_lookups
  22 page_lines
  20 reuse_times
  14 lru_depths
  28 mean_working_set
  48 working_set
  48 footprint
  $ pagewalk trace stats --format json --only data --page-size 4K --window 10 mixed.trace | grep -e '"pages"' -e instructions_per -e '"working_set"'
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"instructions_per_data_access","page_size":null,"bucket":null,"value":1.13208}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"pages","page_size":4096,"bucket":null,"value":13}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"working_set","page_size":4096,"bucket":10,"value":8}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"working_set","page_size":4096,"bucket":20,"value":6}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"working_set","page_size":4096,"bucket":30,"value":6}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"working_set","page_size":4096,"bucket":40,"value":7}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"working_set","page_size":4096,"bucket":50,"value":6}
  {"version":"0.1.0","trace":"mixed.trace","trace_hash":"27b584844204bf98","only":"data","window":10,"window_unit":"accesses","statistic":"working_set","page_size":4096,"bucket":53,"value":2}

Closed forms: a loop over 64 pages, 512 accesses each.

  $ pagewalk gen sequential --accesses 98304 --pages 64 | pagewalk trace stats --page-size 4K,64K --window 32768 - > loop.csv
  $ grep -e strides -e lru_depths -e working_set,4096 -e footprint,65536 -e hot_pages,4096 -e page_lines loop.csv | grep -v mean | cut -d , -f 7-
  forward_strides,,8,98301
  backward_strides,,131072,2
  hot_pages,4096,50,32
  hot_pages,4096,90,58
  hot_pages,4096,99,64
  page_lines,4096,64,64
  page_lines,65536,1024,4
  lru_depths,4096,0,98112
  lru_depths,4096,1,0
  lru_depths,4096,2,0
  lru_depths,4096,4,0
  lru_depths,4096,8,0
  lru_depths,4096,16,0
  lru_depths,4096,32,128
  lru_depths,65536,0,98292
  lru_depths,65536,1,0
  lru_depths,65536,2,8
  working_set,4096,32768,64
  working_set,4096,65536,64
  working_set,4096,98304,64
  footprint,65536,32768,4
  footprint,65536,65536,4
  footprint,65536,98304,4

What LRU depths say is what mrc says: lookups that 4 entries miss.

  $ pagewalk trace stats --page-size 4K mixed.trace | awk -F , '
  >     ($7 == "lru_depths" && $9 >= 4) || $7 == "pages" { misses += $10 } END { print misses }'
  40
  $ pagewalk mrc --format csv mixed.trace | awk -F , '$8 == 4 { print $12 }'
  40

Windows of instructions need instructions.

  $ pagewalk trace stats --page-size 4K --window 40 --window-unit instructions mixed.trace | grep -e footprint -e ,working_set | cut -d , -f 5-
  40,instructions,working_set,4096,40,13
  40,instructions,working_set,4096,60,8
  40,instructions,footprint,4096,40,13
  40,instructions,footprint,4096,60,15
  $ pagewalk gen uniform --accesses 10 | pagewalk trace stats --window-unit instructions -
  pagewalk: standard input: has no instruction fetches to measure windows in; give --window-unit accesses
  [2]

Several traces, and rows to add to.

  $ pagewalk trace stats -o both.tsv mixed.trace text.trace && cut -f 2 both.tsv | uniq
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  trace
  mixed.trace
  text.trace
  $ pagewalk trace stats -o one.csv mixed.trace && pagewalk trace stats -a -o one.csv nonewline.trace && cut -d , -f 2 one.csv | uniq
  pagewalk: nonewline.trace: 1 line is not a Lackey record and was left out; it is line 13 ("I  00401023,5", cut before its newline)
  trace
  mixed.trace
  nonewline.trace
  $ pagewalk trace stats -o good.csv damaged.trace.zst mixed.trace; cut -d , -f 2 good.csv | uniq
  pagewalk: damaged.trace.zst: the zstd data ends early, after 0 decompressed bytes; the file was cut: copy or capture it again
  trace
  mixed.trace
  $ pagewalk trace stats --strict text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]
  $ pagewalk trace stats -o mixed.csv - < mixed.trace && cut -d , -f 2 mixed.csv | uniq
  trace
  -

What is wrong.

  $ pagewalk trace stats
  pagewalk: trace stats needs a TRACE: a file, or - for standard input; "pagewalk trace stats --help" shows how
  [2]
  $ pagewalk trace stats --page-size 4K,5K mixed.trace
  pagewalk: --page-size 5K: is not a power of two; the nearest are 4K and 8K
  [2]
  $ pagewalk trace stats --page-size 4K,4096 mixed.trace
  pagewalk: --page-size 4K,4096: 4K stands there twice
  [2]
  $ pagewalk trace stats --window 0 mixed.trace
  pagewalk: --window 0: expected a whole number from 1 to 9223372036854775807, in decimal digits
  [2]
  $ pagewalk trace stats --window-unit lines mixed.trace
  pagewalk: --window-unit lines: expected one of accesses, instructions
  [2]
  $ pagewalk trace stats --windows 5 mixed.trace
  pagewalk: trace stats has no option --windows; did you mean --window?
  [2]
  $ pagewalk trace stats - -
  pagewalk: - is given 2 times, and standard input can be read once
  [2]
  $ pagewalk trace stats -o x.dat mixed.trace
  pagewalk: x.dat: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with --format table, csv, tsv or json
  [2]
  $ cp mixed.trace same.csv && pagewalk trace stats -o same.csv same.csv
  pagewalk: -o same.csv is the trace itself; give another file
  [2]
  $ pagewalk trace stats missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ pagewalk trace stats empty.trace
  pagewalk: empty.trace: is empty; a trace holds one record at least: capture it again
  [2]
  $ pagewalk trace stats --append mixed.trace
  pagewalk: --append adds to a file; give it with -o FILE
  [2]

  $ cp $TESTDIR/traces/* .

Rows: all sizes up to 64, and the pages of the trace as the last.

  $ pagewalk mrc mixed.trace
  version,trace,trace_hash,seed,only,sample_rate,page_size,entries,reach,lookups,hits,misses,miss_ratio,miss_ratio_error
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,1,4096,116,7,109,0.939655,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,2,8192,116,60,56,0.482759,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,3,12288,116,67,49,0.422414,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,4,16384,116,76,40,0.344828,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,5,20480,116,82,34,0.293103,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,6,24576,116,84,32,0.275862,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,7,28672,116,87,29,0.25,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,8,32768,116,91,25,0.215517,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,9,36864,116,95,21,0.181034,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,10,40960,116,98,18,0.155172,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,11,45056,116,101,15,0.12931,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,12,49152,116,101,15,0.12931,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,13,53248,116,101,15,0.12931,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,14,57344,116,101,15,0.12931,0
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,15,61440,116,101,15,0.12931,0
  $ pagewalk mrc --format json --only data --page-size 64K,2M mixed.trace.gz
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":65536,"entries":1,"reach":65536,"lookups":53,"hits":23,"misses":30,"miss_ratio":0.566038,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":65536,"entries":2,"reach":131072,"lookups":53,"hits":35,"misses":18,"miss_ratio":0.339623,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":65536,"entries":3,"reach":196608,"lookups":53,"hits":42,"misses":11,"miss_ratio":0.207547,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":65536,"entries":4,"reach":262144,"lookups":53,"hits":47,"misses":6,"miss_ratio":0.113208,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":65536,"entries":5,"reach":327680,"lookups":53,"hits":47,"misses":6,"miss_ratio":0.113208,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":65536,"entries":6,"reach":393216,"lookups":53,"hits":47,"misses":6,"miss_ratio":0.113208,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":2097152,"entries":1,"reach":2097152,"lookups":53,"hits":38,"misses":15,"miss_ratio":0.283019,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":2097152,"entries":2,"reach":4194304,"lookups":53,"hits":50,"misses":3,"miss_ratio":0.0566038,"miss_ratio_error":0.0}
  {"version":"0.1.0","trace":"mixed.trace.gz","trace_hash":"27b584844204bf98","seed":1,"only":"data","sample_rate":1.0,"page_size":2097152,"entries":3,"reach":6291456,"lookups":53,"hits":50,"misses":3,"miss_ratio":0.0566038,"miss_ratio_error":0.0}
  $ pagewalk mrc --points powers -f tsv mixed.trace | cut -f 8-12
  entries\treach\tlookups\thits\tmisses (esc)
  1\t4096\t116\t7\t109 (esc)
  2\t8192\t116\t60\t56 (esc)
  4\t16384\t116\t76\t40 (esc)
  8\t32768\t116\t91\t25 (esc)
  15\t61440\t116\t101\t15 (esc)
  $ pagewalk gen uniform --pages 5000 --accesses 100000 -o uniform.trace
  $ pagewalk mrc uniform.trace | cut -d , -f 8 | tail -n +2 | tr '\n' ' '
  1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 66 68 70 72 74 76 78 80 82 84 86 88 90 92 94 96 98 100 102 104 106 108 110 112 114 116 118 120 122 124 126 128 132 136 140 144 148 152 156 160 164 168 172 176 180 184 188 192 196 200 204 208 212 216 220 224 228 232 236 240 244 248 252 256 264 272 280 288 296 304 312 320 328 336 344 352 360 368 376 384 392 400 408 416 424 432 440 448 456 464 472 480 488 496 504 512 528 544 560 576 592 608 624 640 656 672 688 704 720 736 752 768 784 800 816 832 848 864 880 896 912 928 944 960 976 992 1008 1024 1056 1088 1120 1152 1184 1216 1248 1280 1312 1344 1376 1408 1440 1472 1504 1536 1568 1600 1632 1664 1696 1728 1760 1792 1824 1856 1888 1920 1952 1984 2016 2048 2112 2176 2240 2304 2368 2432 2496 2560 2624 2688 2752 2816 2880 2944 3008 3072 3136 3200 3264 3328 3392 3456 3520 3584 3648 3712 3776 3840 3904 3968 4032 4096 4224 4352 4480 4608 4736 4864 4992 5000  (no-eol)
  $ pagewalk mrc --points all uniform.trace | wc -l
  5001
  $ pagewalk mrc --points powers uniform.trace | cut -d , -f 8-12
  entries,reach,lookups,hits,misses
  1,4096,100000,26,99974
  2,8192,100000,42,99958
  4,16384,100000,88,99912
  8,32768,100000,153,99847
  16,65536,100000,315,99685
  32,131072,100000,598,99402
  64,262144,100000,1205,98795
  128,524288,100000,2534,97466
  256,1048576,100000,5061,94939
  512,2097152,100000,10133,89867
  1024,4194304,100000,20250,79750
  2048,8388608,100000,40627,59373
  4096,16777216,100000,79326,20674
  5000,20480000,100000,95000,5000

A table for people.

  $ pagewalk mrc -p 4K,64K,2M -f table mixed.trace
  mixed.trace on one fully associative LRU TLB
    pagewalk 0.1.0, trace 27b584844204bf98
  
    page size  lookups  pages      bytes
           4K      116     15     61,440
          64K      113      7    458,752
           2M      113      4  8,388,608
  
    entries  4K misses/lookup  64K misses/lookup  2M misses/lookup
          1          0.939655           0.938053          0.938053
          2          0.482759           0.274336          0.141593
          4          0.344828           0.106195          0.035398
          7          0.250000           0.061947
          8          0.215517
         15          0.129310
  $ pagewalk mrc -n 6 --only instructions -f table mixed.trace - < text.trace
  mixed.trace on one fully associative LRU TLB
    pagewalk 0.1.0, trace 27b584844204bf98, instructions only
  
    page size  lookups
           4K       60
  
    entries  4K misses/lookup
          1          0.033333
          2          0.033333
          4          0.033333
          6          0.033333
  pagewalk: standard input: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  
  - on one fully associative LRU TLB
    pagewalk 0.1.0, trace 063b4dcea48f7a83, instructions only
  
    page size  lookups
           4K       11
  
    entries  4K misses/lookup
          1          0.090909
          2          0.090909
          4          0.090909
          6          0.090909

The engine counts the same.

  $ for entries in 1 2 3 5 8 13; do
  >     printf '[tlb.l1.any]\nentries = %s\nways = full\n' $entries > one.ini
  >     for size in 4K 64K; do
  >         a=$(pagewalk run -q -m one.ini -p $size -f json mixed.trace | sed 's/.*"lookups":\([0-9]*\).*"walks":\([0-9]*\),.*/\1 \2/')
  >         b=$(pagewalk mrc -n $entries -p $size -f json mixed.trace | tail -n 1 | sed 's/.*"lookups":\([0-9]*\).*"misses":\([0-9]*\),.*/\1 \2/')
  >         [ "$a" = "$b" ] && echo "$entries $size $a"
  >     done
  > done
  1 4K 116 109
  1 64K 113 106
  2 4K 116 56
  2 64K 113 31
  3 4K 116 49
  3 64K 113 19
  5 4K 116 34
  5 64K 113 7
  8 4K 116 25
  8 64K 113 7
  13 4K 116 15
  13 64K 113 7

--max bounds the sizes, and with them the memory; what is below is the same. Beyond the last page nothing changes.

  $ pagewalk mrc uniform.trace | sed -n 2,33p > whole
  $ pagewalk mrc --max 32 uniform.trace | tail -n +2 | cmp - whole
  $ pagewalk mrc --max 100 --points powers --page-size 2M uniform.trace | cut -d , -f 8-12
  entries,reach,lookups,hits,misses
  1,2097152,100000,9838,90162
  2,4194304,100000,19928,80072
  4,8388608,100000,39924,60076
  8,16777216,100000,80105,19895
  16,33554432,100000,99990,10
  32,67108864,100000,99990,10
  64,134217728,100000,99990,10
  100,209715200,100000,99990,10

A sample, with the error of each ratio.

  $ pagewalk mrc --sample 0.1 --points powers uniform.trace | cut -d , -f 4-15
  seed,only,sample_rate,page_size,entries,reach,lookups,hits,misses,miss_ratio,miss_ratio_error
  1,all,0.1,4096,80,327680,100000,5190,94810,0.9481,0.0562524
  1,all,0.1,4096,128,524288,100000,6224,93776,0.93776,0.0574019
  1,all,0.1,4096,256,1048576,100000,8938,91062,0.91062,0.053339
  1,all,0.1,4096,512,2097152,100000,14162,85838,0.85838,0.0506186
  1,all,0.1,4096,1024,4194304,100000,24558,75442,0.75442,0.0516706
  1,all,0.1,4096,2048,8388608,100000,44726,55274,0.55274,0.0500468
  1,all,0.1,4096,4096,16777216,100000,82642,17358,0.17358,0.0433969
  1,all,0.1,4096,4830,19783680,100000,95170,4830,0.0483,0.0396389
  $ pagewalk mrc --sample 0.1 --seed 2 --points powers uniform.trace | cut -d , -f 4-15 | tail -n 2
  2,all,0.1,4096,4096,16777216,100000,82204,17796,0.17796,0.037014
  2,all,0.1,4096,4860,19906560,100000,95140,4860,0.0486,0.0353472
  $ pagewalk mrc --sample 0.5 --max 100 -f table -p 4K,2M uniform.trace
  pagewalk: uniform.trace: 5 pages of 2M are in the sample, too few to state an error, which is left empty; leave --sample out, or give a larger RATE
  uniform.trace on one fully associative LRU TLB
    pagewalk 0.1.0, trace 2df95b9c48e70195, a sample of 0.5 of the pages, seed 1
  
    page size  lookups  pages sampled
           4K  100,000            170
           2M  100,000              5
  
    entries  4K misses/lookup  std. error  2M misses/lookup
         16          0.994840    0.019336          0.000100
         32          0.991900    0.019354          0.000100
         64          0.985540    0.019023          0.000100
        100          0.978120    0.018958          0.000100
  $ pagewalk mrc --sample 0.5 mixed.trace
  pagewalk: mixed.trace: 9 pages of 4K are in the sample, too few to state an error, which is left empty; leave --sample out, or give a larger RATE
  version,trace,trace_hash,seed,only,sample_rate,page_size,entries,reach,lookups,hits,misses,miss_ratio,miss_ratio_error
  0.1.0,mixed.trace,27b584844204bf98,1,all,0.5,4096,16,65536,116,98,18,0.155172,
  0.1.0,mixed.trace,27b584844204bf98,1,all,0.5,4096,17,69632,116,98,18,0.155172,
  0.1.0,mixed.trace,27b584844204bf98,1,all,0.5,4096,18,73728,116,98,18,0.155172,
  $ pagewalk mrc --sample 0.5 --points powers --max 16 mixed.trace | cut -d , -f 8-15
  pagewalk: mixed.trace: 9 pages of 4K are in the sample, too few to state an error, which is left empty; leave --sample out, or give a larger RATE
  entries,reach,lookups,hits,misses,miss_ratio,miss_ratio_error
  16,65536,116,98,18,0.155172,
  $ pagewalk mrc --sample 1 mixed.trace > a && pagewalk mrc mixed.trace | cmp - a

Any address will do. Files, pipes and compressed files give the same bytes, and a trace that is none takes nothing from the others.

  $ pagewalk mrc noncanonical.trace | tail -n 1
  0.1.0,noncanonical.trace,c82496086d1da637,1,all,1,4096,2,8192,2,0,2,1,0
  $ pagewalk mrc -o c.csv mixed.trace && pagewalk mrc --trace-format lackey - < mixed.trace.zst | sed 's/,-,/,mixed.trace,/' | cmp - c.csv
  $ pagewalk mrc garbage.trace mixed.trace missing.trace | cmp - c.csv
  pagewalk: garbage.trace: no record of the format lackey in 2 lines; line 1 is "this is no trace"; known formats: stream, lackey (`pagewalk list formats` shows what their records look like)
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  $ pagewalk mrc --strict text.trace
  pagewalk: text.trace: 3 lines are not Lackey records, which --strict makes an error; the first is line 15 ("hello, world")
  [2]
  $ pagewalk mrc text.trace | tail -n 1
  pagewalk: text.trace: 3 lines are not Lackey records and were left out; the first is line 15 ("hello, world")
  0.1.0,text.trace,063b4dcea48f7a83,1,all,1,4096,8,32768,21,13,8,0.380952,0
  $ printf ' L 1000,8\n' | pagewalk mrc --only instructions -
  pagewalk: standard input: of its 1 records none is left to look up, so that it has no rows
  $ printf ' L 1000,8\n' | pagewalk mrc -q --only instructions -

--append adds rows to those of a file, which have the columns of mrc.

  $ pagewalk mrc -o both.csv mixed.trace && pagewalk mrc -a -o both.csv -q text.trace 2> /dev/null
  $ pagewalk mrc mixed.trace text.trace 2> /dev/null | cmp - both.csv
  $ pagewalk mrc --append -o fresh.json mixed.trace && pagewalk mrc -o a.json mixed.trace && cmp fresh.json a.json
  $ pagewalk mrc --append -o fresh.json --page-size 2M mixed.trace && pagewalk mrc -f json -p 2M mixed.trace | cat a.json - | cmp - fresh.json
  $ pagewalk run -o run.csv mixed.trace
  $ pagewalk mrc --append -o run.csv mixed.trace
  pagewalk: run.csv: --append: its column 2 is not trace, as in the rows to come; give another file
  [2]
  $ pagewalk run --append -o both.csv mixed.trace
  pagewalk: both.csv: --append: its column 2 is not machine, as in the rows to come; give another file
  [2]
  $ pagewalk mrc --append mixed.trace
  pagewalk: --append adds to a file; give it with -o FILE
  [2]
  $ pagewalk mrc --append -o a.txt mixed.trace
  pagewalk: a.txt: --append: a table is written as a whole; choose csv, tsv or json
  [2]
  $ head -c 500 both.csv > cut.csv && pagewalk mrc --append -o cut.csv mixed.trace
  pagewalk: cut.csv: --append: its last line has no end and may be a part; remove that line first
  [2]

What is wrong.

  $ pagewalk mrc
  pagewalk: mrc needs a TRACE: a file, or - for standard input; "pagewalk mrc --help" shows how
  [2]
  $ pagewalk mrc - -
  pagewalk: - is given 2 times, and standard input can be read once
  [2]
  $ pagewalk mrc --page-size 5K mixed.trace
  pagewalk: --page-size 5K: is not a power of two; the nearest are 4K and 8K
  [2]
  $ pagewalk mrc --page-size 4K,2K mixed.trace
  pagewalk: --page-size 2K: expected page sizes from 4K to 256T
  [2]
  $ pagewalk mrc --page-size 512T mixed.trace
  pagewalk: --page-size 512T: expected page sizes from 4K to 256T
  [2]
  $ pagewalk mrc --page-size 4K,,2M mixed.trace
  pagewalk: --page-size 4K,,2M: "" is no size; expected sizes with commas between, such as 4K,64K,2M
  [2]
  $ pagewalk mrc --page-size 4KB mixed.trace
  pagewalk: --page-size 4KB: "4KB" is no size; expected sizes with commas between, such as 4K,64K,2M
  [2]
  $ pagewalk mrc --page-size 4K,4096 mixed.trace
  pagewalk: --page-size 4K,4096: 4K stands there twice
  [2]
  $ pagewalk mrc --max 0 mixed.trace
  pagewalk: --max 0: expected a whole number from 1 to 9223372036854775807, in decimal digits
  [2]
  $ pagewalk mrc --max 4K mixed.trace
  pagewalk: --max 4K: expected a whole number from 1 to 9223372036854775807, in decimal digits
  [2]
  $ pagewalk mrc --sample 0 mixed.trace
  pagewalk: --sample 0: expected a share of the pages from 0.000001 to 1, such as 0.01
  [2]
  $ pagewalk mrc --sample 1.5 mixed.trace
  pagewalk: --sample 1.5: expected a share of the pages from 0.000001 to 1, such as 0.01
  [2]
  $ pagewalk mrc --sample 1.0000001 mixed.trace
  pagewalk: --sample 1.0000001: expected a share of the pages from 0.000001 to 1, such as 0.01
  [2]
  $ pagewalk mrc --sample 1% mixed.trace
  pagewalk: --sample 1%: expected a number such as 0.99, without a sign
  [2]
  $ pagewalk mrc --sample 0.01 --max 100 mixed.trace
  pagewalk: --max 100: --sample 0.01 tells nothing of sizes below 800; leave --sample out: up to so few entries the exact curve takes little memory
  [2]
  $ pagewalk mrc --points all --max 1000000000000 mixed.trace
  pagewalk: --max 1000000000000: --points all prints a row for each size up to there, and takes 16777216 at the most; leave --points or --max out
  [2]
  $ pagewalk mrc --max 9223372036854775807 mixed.trace | tail -n 1
  0.1.0,mixed.trace,27b584844204bf98,1,all,1,4096,9223372036854775807,,116,101,15,0.12931,0
  $ pagewalk mrc --points some mixed.trace
  pagewalk: --points some: expected one of powers, curve, all
  [2]
  $ pagewalk mrc --trace-format lacky mixed.trace
  pagewalk: there is no trace format "lacky"; did you mean lackey?
  [2]
  $ pagewalk mrc --machine skylake mixed.trace
  pagewalk: mrc has no option --machine; "pagewalk mrc --help" lists those it has
  [2]
  $ pagewalk mrc -o curves mixed.trace
  pagewalk: curves: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with --format table, csv, tsv or json
  [2]
  $ cp mixed.trace same.csv && pagewalk mrc -o same.csv same.csv
  pagewalk: -o same.csv is the trace itself; give another file
  [2]
  $ cmp mixed.trace same.csv
  $ echo precious > kept.csv && pagewalk mrc -o kept.csv missing.trace
  pagewalk: missing.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ cat kept.csv
  precious
  $ (ulimit -f 0; pagewalk mrc -o kept.csv mixed.trace) 2>&1 | cat
  pagewalk: kept.csv: not all of it could be written: File too large; write it elsewhere
  $ cat kept.csv; ls *.part
  precious
  ls: cannot access '*.part': No such file or directory
  [2]
  $ pagewalk mrc mixed.trace > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]
  $ pagewalk mrc -f table mixed.trace > /dev/full
  pagewalk: standard output: not all of it could be written: No space left on device; write it elsewhere
  [2]

What a command line can have wrong, beside what the other transcripts show. All of it ends in 2, with nothing on stdout.

  $ cp $TESTDIR/traces/* $TESTDIR/small.ini .
  $ alias run='pagewalk run'

Options.

  $ run --machin
  pagewalk: --machine needs a value: NAME|FILE
  [2]
  $ run --sede 4 mixed.trace
  pagewalk: run has no option --sede; did you mean --set?
  [2]
  $ run --frobnicate mixed.trace
  pagewalk: run has no option --frobnicate; "pagewalk run --help" lists those it has
  [2]
  $ run -x mixed.trace
  pagewalk: run has no option -x; "pagewalk run --help" lists those it has
  [2]
  $ run --strict=yes mixed.trace
  pagewalk: --strict takes no value, and there is "--strict=yes"
  [2]
  $ run --help=yes
  pagewalk: --help takes no value, and there is "--help=yes"
  [2]
  $ run --seed
  pagewalk: --seed needs a value: N
  [2]
  $ run -m
  pagewalk: --machine needs a value: NAME|FILE
  [2]
  $ run --seed= mixed.trace
  pagewalk: --seed has an empty value; it takes N
  [2]
  $ run --seed 1 --seed 2 mixed.trace
  pagewalk: --seed is given twice
  [2]
  $ run --only data --only data mixed.trace
  pagewalk: --only is given twice
  [2]
  $ run --seed -1 mixed.trace
  pagewalk: --seed -1: expected a whole number from 0 to 9223372036854775807, in decimal digits
  [2]
  $ run --seed 1x mixed.trace
  pagewalk: --seed 1x: expected a whole number from 0 to 9223372036854775807, in decimal digits
  [2]
  $ run --seed ' 1' mixed.trace
  pagewalk: --seed  1: expected a whole number from 0 to 9223372036854775807, in decimal digits
  [2]
  $ run --seed 9223372036854775808 mixed.trace
  pagewalk: --seed 9223372036854775808: expected a whole number from 0 to 9223372036854775807, in decimal digits
  [2]
  $ run --only date mixed.trace
  pagewalk: --only date: expected one of data, instructions
  [2]
  $ run --format xml mixed.trace
  pagewalk: --format xml: expected one of table, csv, tsv, json
  [2]
  $ run --trace-format lacky mixed.trace
  pagewalk: there is no trace format "lacky"; did you mean lackey?
  [2]
  $ run --trace-format valgrind mixed.trace
  pagewalk: there is no trace format "valgrind"; known: native, stream, gem5, drmemtrace, champsim, champsim-cloudsuite, pin, dinero, perf, lackey
  [2]
  $ run -q -v mixed.trace
  pagewalk: -q and -v contradict each other; give one of them
  [2]

Operands.

  $ run
  pagewalk: run needs a TRACE: a file, or - for standard input; "pagewalk run --help" shows how
  [2]
  $ run - -
  pagewalk: - is given 2 times, and standard input can be read once
  [2]
  $ run mixed.trace "$unset"
  pagewalk: TRACE 2 of 2 is an empty name, as of a shell variable that is not set; name a file, or - for standard input
  [2]
  $ run "$(printf 'esc\033[31m.trace')"
  pagewalk: esc?[31m.trace: cannot be opened: No such file or directory; check the path and its permissions
  [2]
  $ pagewalk list
  pagewalk: list needs the name of one list; "pagewalk list --help" shows how
  [2]
  $ pagewalk list policies formats
  pagewalk: list takes the name of one list and no more, and there is "formats"
  [2]
  $ pagewalk list polices
  pagewalk: there is no list "polices"; did you mean policies?
  [2]
  $ pagewalk list everything
  pagewalk: there is no list "everything"; known: policies, formats, generators, counters, metrics, statistics, walks, plots, keys
  [2]
  $ pagewalk machines show a b
  pagewalk: machines takes list, show NAME or check FILE and no more, and there is "b"
  [2]

Machines and settings.

  $ run --machine generik mixed.trace
  pagewalk: generik: neither a machine nor a file; did you mean generic?
  [2]
  $ run --machine pentium mixed.trace
  pagewalk: pentium: neither a machine nor a file; `pagewalk machines list` lists the machines
  [2]
  $ run --machine no/such.ini mixed.trace
  pagewalk: no/such.ini: No such file or directory
  [2]
  $ run --machine . mixed.trace
  pagewalk: .: cannot be read: Is a directory
  [2]
  $ run --machine mixed.trace mixed.trace
  pagewalk: mixed.trace:1: neither [section] nor key = value nor # comment
  pagewalk: mixed.trace: and 112 lines more that are none of a machine file; is it one?
  [2]
  $ run --set os.page_size mixed.trace
  pagewalk: --set os.page_size: write it as SECTION.KEY=VALUE, such as os.page_size=2M
  [2]
  $ run --set =4K mixed.trace
  pagewalk: --set =4K: write it as SECTION.KEY=VALUE, such as os.page_size=2M
  [2]
  $ run --set os.page_size= mixed.trace
  pagewalk: --set os.page_size=: os.page_size has no value: write os.page_size=VALUE
  [2]
  $ run --set page_size=4K mixed.trace
  pagewalk: --set page_size=4K: page_size does not name a key: write SECTION.KEY, such as tlb.l2.any.entries or os.page_size
  [2]
  $ run --set os.pagesize=4K mixed.trace
  pagewalk: --set os.pagesize=4K: pagesize is not a key of [os]; did you mean page_size?
  [2]
  $ run --set tbl.l2.any.entries=4 mixed.trace
  pagewalk: --set tbl.l2.any.entries=4: [tbl.l2.any] is not a section; there are [machine] [tlb.LEVEL.LABEL] [page_table] [prefetch] [walker] [walk_cache.ENTRY] [nested_tlb] [host_walk_cache.ENTRY] [memory] [cache.LEVEL] [core] [asid] [os]
  [2]
  $ run --set tlb.l4.any.entries=4 mixed.trace
  pagewalk: --set tlb.l4.any.entries=4: [tlb.l4.any] is not a TLB array: write [tlb.LEVEL.LABEL] with LEVEL one of l1 l1i l1d l1l l1s l2 l2i l2d l3 and a LABEL of letters, digits, - and _
  [2]
  $ run --set tlb.l2.any.entries=100 mixed.trace
  pagewalk: --set tlb.l2.any.entries=100: entries = 100 does not give whole sets: entries = 100 with ways = 12; the nearest entries are 96 or 108
  [2]
  $ run --set tlb.l2.any.entries=-8 mixed.trace
  pagewalk: --set tlb.l2.any.entries=-8: entries = -8 does not fit: expected a whole number from 0 to 16777216
  [2]
  $ run --set tlb.l2.any.entries=8x mixed.trace
  pagewalk: --set tlb.l2.any.entries=8x: entries = 8x does not fit: expected a whole number from 0 to 16777216
  [2]
  $ run --set tlb.l2.any.policy=lur mixed.trace
  pagewalk: --set tlb.l2.any.policy=lur: policy = lur does not fit: did you mean lru? There are: lru fifo lfu plru nru srrip random
  [2]
  $ run --set tlb.l1d.any.hit_cycles=3 mixed.trace
  pagewalk: --set tlb.l1d.any.hit_cycles=3: hit_cycles = 3 does not belong to a first level: its hits are what every cost is counted on top of; leave it out
  [2]
  $ run --set page_table.format=x86_64 mixed.trace
  pagewalk: --set page_table.format=x86_64: format = x86_64 is not a format; did you mean x86-64?
  [2]
  $ run --set os.page_size=3K mixed.trace
  pagewalk: --set os.page_size=3K: page_size = 3K is below 4K, the smallest page of x86-64
  [2]
  $ run --page-size 1K mixed.trace
  pagewalk: --page-size 1K: page_size = 1K is below 4K, the smallest page of x86-64
  [2]
  $ run --page-size 2G mixed.trace
  pagewalk: --page-size 2G: page_size = 2G is above 1G, the largest page of x86-64
  [2]
  $ run --page-size 4Q mixed.trace
  pagewalk: --page-size 4Q: page_size = 4Q does not fit: expected a size such as 4096, 4K or 2M
  [2]
  $ run --set os.page_size=4K --set os.page_size=4K mixed.trace
  pagewalk: --set os.page_size=4K: --set os.page_size=4K sets the same key
  [2]
  $ run --set os.page_size=4K --page-size 4K mixed.trace
  pagewalk: --set os.page_size=4K: --page-size 4K sets the same key
  [2]
  $ run --set foo=1 --set tlb.l2.any.entires=8 --set os.page_size=4K mixed.trace
  pagewalk: --set foo=1: foo does not name a key: write SECTION.KEY, such as tlb.l2.any.entries or os.page_size
  pagewalk: --set tlb.l2.any.entires=8: entires is not a key of [tlb.l2.any]; did you mean entries?
  [2]
  $ run --set tlb.l2.any.entries=7 --set memory.model=cache --page-size 3K mixed.trace
  pagewalk: --page-size 3K: page_size = 3K is below 4K, the smallest page of x86-64
  pagewalk: --set tlb.l2.any.entries=7: entries = 7 does not give whole sets: entries = 7 with ways = 12; the nearest entries are 12
  pagewalk: --set memory.model=cache: model = cache does not fit: did you mean caches? There are: fixed caches
  [2]

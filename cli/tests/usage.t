Without arguments: the usage on stderr, and 2.

  $ pagewalk 2>&1 > /dev/null
  usage: pagewalk COMMAND [ARGUMENT]...
         pagewalk help [COMMAND [ACTION]]
         pagewalk --version
  
  commands:
    run       run traces through one machine
    sweep     run traces through every combination of settings
    mrc       miss ratios of TLBs of every size, in one pass
    gen       make a trace of known statistics
    capture   record a trace of a real program, with Valgrind
    trace     look into traces and convert them
    plot      draw results
    machines  list, show and check machines
    list      list policies, formats, generators, counters, metrics, statistics,
              plots, keys
    help      print the help of a subcommand
  [2]
  $ pagewalk 2> /dev/null
  [2]

Help and version on stdout.

  $ pagewalk --version
  pagewalk 0.1.0
  $ pagewalk --help
  pagewalk is a model of the MMU: memory traces of programs go in, hit ratios of
  TLBs and cycles of page-table walks come out.
  
  usage: pagewalk COMMAND [ARGUMENT]...
         pagewalk help [COMMAND [ACTION]]
         pagewalk --version
  
  commands:
    run       run traces through one machine
    sweep     run traces through every combination of settings
    mrc       miss ratios of TLBs of every size, in one pass
    gen       make a trace of known statistics
    capture   record a trace of a real program, with Valgrind
    trace     look into traces and convert them
    plot      draw results
    machines  list, show and check machines
    list      list policies, formats, generators, counters, metrics, statistics,
              plots, keys
    help      print the help of a subcommand
  
  examples:
    pagewalk capture -- ls -l
    pagewalk run ls.pwt
    pagewalk sweep --vary os.page_size=4K,2M --vary tlb.l2.any.entries=384,1536 -o sizes.csv ls.pwt
    pagewalk help sweep

Help of a subcommand is the same by both names.

  $ for command in run sweep mrc gen capture trace plot machines list; do
  >     pagewalk help $command > a && pagewalk $command --help > b && cmp a b && pagewalk $command -h | cmp a -
  > done
  $ pagewalk help run
  usage: pagewalk run [OPTION]... TRACE...
         pagewalk run --live [OPTION]... -- PROGRAM [ARGUMENT]...
  
  Runs traces through the MMU of one machine and prints what it counted: hits and
  misses of each TLB level, page-table walks and what they read, and both bounds
  of the cycles that translation takes. Each TRACE is a trace of any format
  ("pagewalk list formats"), compressed or not, or - for standard input; each
  starts cold. With --live a program that runs meanwhile is the trace; unless the
  results go to a FILE, its standard output is standard error.
  
  options:
    -m, --machine NAME|FILE   a machine that pagewalk has ("pagewalk machines"
                              lists them) or a machine file; default generic
    -s, --set SECTION.KEY=VALUE
                              override one setting of the machine; may be given
                              again ("pagewalk list keys" lists the keys)
    -p, --page-size SIZE      short for --set os.page_size=SIZE
        --seed N              of what is drawn, which is random replacement only;
                              default 1
        --walks FILE          write there what walks are like, as .csv, .tsv or
                              .json says: what they cost, how many entries they
                              read, and what served each level, for data and
                              instructions and by mapping
        --ideal BOUND         a row more for each, of a bound: perfect-tlb, where
                              every lookup hits level 1, or no-translation, where
                              addresses are physical; may be given again
        --live                run PROGRAM under Valgrind and take its accesses
                              while it does them; nothing is written down
        --only KIND           leave out all accesses but those of KIND, data or
                              instructions
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
    -f, --format FORMAT       table, csv, tsv or json (one object a line); else
                              by FILE's suffix, else a table on a terminal and
                              CSV elsewhere
    -o, --output FILE         write the results there, not to standard output
    -a, --append              add the rows to those that FILE holds, which have
                              the same columns; for csv, tsv and json
        --strict              a line that is no record of the trace's format is
                              an error
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -v, --verbose             time and memory on stderr at the end, also where
                              that is no terminal
    -j, --jobs N              threads that share each trace; default 1. Only
                              where all arrays are lru, without victim fills, and
                              reads of page tables have fixed costs. The row is
                              the same
    -h, --help                print this
  
  examples:
    pagewalk run ls.pwt
    pagewalk run --machine skylake --page-size 2M --format json ls.pwt
    pagewalk run --set tlb.l2.any.entries=3072 -o results.csv ls.pwt awk.pwt
    pagewalk gen zipf --exponent 0.9 | pagewalk run --only data -
    pagewalk run --live -- sort words.txt > row.csv
  $ pagewalk help sweep
  usage: pagewalk sweep --vary KEY=V1,V2,... [OPTION]... TRACE...
         pagewalk sweep --live --vary KEY=V1,V2,... [OPTION]... -- PROGRAM [ARGUMENT]...
  
  Runs traces through every combination of the settings that are varied, and
  prints a row for each. A trace is read once, and what combinations share is
  done once. Illegal combinations are all reported before anything runs.
  
  options:
    -V, --vary KEY=V1,V2,...  an axis: the values of one setting, or with
                              A,B=1:2,3:4 of several that vary together; may be
                              given again, and the first axis varies slowest
        --skip-illegal        leave out combinations that no machine can be made
                              of, and say which
    -j, --jobs N              threads; default one a processor. The rows are the
                              same
    -n, --dry-run             print what would run, and run nothing
    -m, --machine NAME|FILE   a machine that pagewalk has ("pagewalk machines"
                              lists them) or a machine file; default generic
    -s, --set SECTION.KEY=VALUE
                              override one setting of the machine; may be given
                              again ("pagewalk list keys" lists the keys)
    -p, --page-size SIZE      short for --set os.page_size=SIZE
        --seed N              of what is drawn, which is random replacement only;
                              default 1
        --walks FILE          write there what walks are like, as .csv, .tsv or
                              .json says: what they cost, how many entries they
                              read, and what served each level, for data and
                              instructions and by mapping
        --ideal BOUND         a row more for each, of a bound: perfect-tlb, where
                              every lookup hits level 1, or no-translation, where
                              addresses are physical; may be given again
        --live                run PROGRAM under Valgrind and take its accesses
                              while it does them; nothing is written down
        --only KIND           leave out all accesses but those of KIND, data or
                              instructions
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
    -f, --format FORMAT       table, csv, tsv or json (one object a line); else
                              by FILE's suffix, else a table on a terminal and
                              CSV elsewhere
    -o, --output FILE         write the results there, not to standard output
    -a, --append              add the rows to those that FILE holds, which have
                              the same columns; for csv, tsv and json
        --strict              a line that is no record of the trace's format is
                              an error
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -v, --verbose             time and memory on stderr at the end, also where
                              that is no terminal
    -h, --help                print this
  
  examples:
    pagewalk sweep --vary os.page_size=4K,64K,2M ls.pwt
    pagewalk sweep --vary os.page_size=4K,2M --vary tlb.l2.any.entries=384,768,1536 -o grid.csv ls.pwt
    pagewalk sweep --vary tlb.l1d.any.entries,tlb.l1d.any.ways=32:4,64:4,64:full --dry-run ls.pwt
  $ pagewalk help mrc
  usage: pagewalk mrc [OPTION]... TRACE...
  
  Miss-ratio curves: the misses of a fully associative LRU TLB of every number of
  entries, exact, for several page sizes at once, in one pass over a trace. One
  array serves instructions and data, or what --only leaves of them. Each TRACE
  is a trace as for run, or - for standard input.
  
  options:
    -p, --page-size SIZE,...  a curve for each of these page sizes, powers of two
                              from 4K to 256T; default 4K
    -n, --max N               sizes up to N entries, which also bounds the
                              memory; default all pages that the trace touches
        --points WHICH        which sizes to print: powers (of two), curve (all
                              up to 64, 32 a doubling beyond) or all; default
                              curve, in a table powers
        --sample RATE         look at this share of the pages only, 0.000001 to
                              1, and state the error: for sizes from 8 / RATE
                              entries up
        --seed N              chooses the pages of the sample; default 1
        --only KIND           leave out all accesses but those of KIND, data or
                              instructions
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
    -f, --format FORMAT       table, csv, tsv or json (one object a line); else
                              by FILE's suffix, else a table on a terminal and
                              CSV elsewhere
    -o, --output FILE         write the results there, not to standard output
    -a, --append              add the rows to those that FILE holds, which have
                              the same columns; for csv, tsv and json
        --strict              a line that is no record of the trace's format is
                              an error
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -h, --help                print this
  
  examples:
    pagewalk mrc ls.pwt
    pagewalk mrc --page-size 4K,64K,2M --only data -o curves.csv ls.pwt
    pagewalk plot miss-ratio-curve curves.csv -o curves.png
    pagewalk mrc --sample 0.01 -o sample.csv long.pwt
  $ pagewalk help gen
  usage: pagewalk gen KIND [OPTION]...
  
  Makes a trace whose statistics are known, as Lackey text or native: accesses of
  8 bytes, data only. "pagewalk list generators" lists the kinds.
  
  options:
    -n, --accesses N          how many; default 1000000
        --pages N             over how many pages; default 1024
    -p, --page-size SIZE      of these pages; default 4K
        --stride BYTES        stride: from access to access; default one page
        --exponent S          zipf: the exponent, 0 being uniform; default 0.99
        --stores SHARE        of stores among the accesses, 0 to 1; default 0
        --base ADDRESS        where the pages begin, a multiple of their size;
                              default 0x40000000
        --seed N              of what is drawn; default 1
    -o, --output FILE         write the trace there, native as .pwt says,
                              compressed as .gz .xz .zst .bz2 or .lz4 says, not
                              to standard output
    -q, --quiet               no progress
    -h, --help                print this
  
  examples:
    pagewalk gen sequential -o sequential.trace.zst
    pagewalk gen zipf --exponent 0.9 --pages 100000 | pagewalk run -
    pagewalk gen stride --stride 4K --accesses 4096 --pages 4096 | pagewalk run --page-size 2M -
  $ pagewalk help capture
  usage: pagewalk capture [OPTION]... -- PROGRAM [ARGUMENT]...
  
  Runs PROGRAM under Valgrind and writes down every instruction fetch, load,
  store and modify. PROGRAM has the terminal to itself: its input, output and
  exit status are its own. Not traced: the kernel, prefetches. Under Valgrind a
  program's addresses lie below 128 GiB, always in the same places, and its
  threads run one at a time.
  
  options:
    -o, --output FILE         the trace: native where the name ends in .pwt, else
                              Lackey text, compressed as .gz .xz .zst .bz2 or
                              .lz4 says; default PROGRAM.pwt in the current
                              folder
        --via TOOL            native, pagewalk's own Valgrind tool, or lackey,
                              Valgrind's, which is a hundred times slower;
                              default native where it is there and PROGRAM has 64
                              bits
        --only KIND           leave out all accesses but those of KIND, data or
                              instructions; native only
        --pc                  of each load, store and modify also the address of
                              its instruction; native only, into .pwt
        --skip N              leave out the first N accesses
        --sample ON:OFF       from there take ON accesses and leave out OFF,
                              again and again
        --max-accesses N      take N accesses at most; PROGRAM then runs on
                              untraced
        --children            trace the processes that PROGRAM starts, too, and
                              what they execute; native only
    -q, --quiet               do not say where the trace is
    -h, --help                print this
  
  examples:
    pagewalk capture -- ls -l
    pagewalk capture -o sort.pwt -- sort --parallel=1 words.txt > sorted.txt
    pagewalk capture --skip 1000000000 --max-accesses 100000000 -- ./solver
  $ pagewalk help trace
  usage: pagewalk trace ACTION [ARGUMENT]...
         pagewalk help trace [ACTION]
  
  actions:
    info     count what a trace holds
    head     print its first records
    convert  write it in another format or compression
    cut      write a part of it
    stats    say what its addresses are like
    merge    merge traces as processes that take turns
  $ pagewalk help trace info
  usage: pagewalk trace info [OPTION]... TRACE
  
  Counts what a trace holds: records by kind, events, lines that are none, pages
  and bytes that it touches at four page sizes. A native trace in a file says so
  in its index, and is not read.
  
  options:
    -f, --format FORMAT       table, csv, tsv or json; else by FILE's suffix,
                              else a table on a terminal and CSV elsewhere
    -o, --output FILE         write it there, not to standard output
        --strict              a line that is no record of the trace's format is
                              an error
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -h, --help                print this
  
  examples:
    pagewalk trace info ls.pwt
    pagewalk trace info --format json ls.trace.zst
  $ pagewalk help trace head
  usage: pagewalk trace head [-n N] TRACE
  
  Prints the first records of a trace as clean Lackey text: the accesses, and
  nothing that stands beside them.
  
  options:
    -n, --records N           how many; default 10
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -h, --help                print this
  
  examples:
    pagewalk trace head -n 3 ls.pwt
  $ pagewalk trace convert --help
  usage: pagewalk trace convert -o FILE TRACE
  
  Writes all of a trace in another format or compression, as FILE's name says. A
  native trace keeps all that a trace can hold; of what Lackey text has no place
  for a note says how much it is.
  
  options:
    -o, --output FILE         the trace: native where the name ends in .pwt, else
                              Lackey text; compressed as .gz .xz .zst .bz2 or
                              .lz4 says; - is standard output, as text
        --strict              a line that is no record of the trace's format is
                              an error
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -h, --help                print this
  
  examples:
    pagewalk trace convert -o ls.pwt ls.trace.zst
    pagewalk trace convert -o ls.trace.lz4 ls.pwt
  $ pagewalk trace cut -h
  usage: pagewalk trace cut -o FILE [--from N] [--records M] TRACE
  
  Writes a part of a trace, with the events in it. In a native trace in a file
  nothing before the part is read.
  
  options:
    -o, --output FILE         the trace: native where the name ends in .pwt, else
                              Lackey text; compressed as .gz .xz .zst .bz2 or
                              .lz4 says; - is standard output, as text
        --from N              the number of the first record; default 1
    -n, --records M           how many; default all up to the end
        --trace-format NAME   what a TRACE is, where its content does not tell
                              ("pagewalk list formats")
        --keep-going          read what is whole of a damaged native trace, and
                              say what is not
    -q, --quiet               no progress and no notes
    -h, --help                print this
  
  examples:
    pagewalk trace cut --from 1000001 --records 500000 -o part.pwt ls.pwt
    pagewalk trace cut --from 1000001 -o - ls.pwt | pagewalk run -
  $ pagewalk help trace cut off
  pagewalk: help takes one subcommand and its action, and there is "off"
  [2]
  $ pagewalk help plot
  usage: pagewalk plot KIND RESULTS [-o FILE.svg|.png|.pdf]
  
  Draws the results that run, sweep, mrc or trace stats wrote (CSV, TSV or JSON),
  with gnuplot. "pagewalk list plots" lists the kinds.
  
  options:
    -o, --output FILE         the plot, as SVG, PNG or PDF by its suffix; else
                              RESULTS with the suffix .KIND.svg
    -q, --quiet               do not say where the plot is
    -h, --help                print this
  
  examples:
    pagewalk sweep --vary os.page_size=4K,64K,2M -o sizes.csv ls.pwt
    pagewalk plot miss-ratio sizes.csv
    pagewalk plot cycles sizes.csv -o cycles.pdf
  $ pagewalk help machines
  usage: pagewalk machines [list]
         pagewalk machines show [--set SECTION.KEY=VALUE]... NAME|FILE
         pagewalk machines check FILE
  
  Lists the machines that pagewalk has, prints one as a machine file with every
  key (a start for one's own), or checks a machine file.
  
  options:
    -s, --set SECTION.KEY=VALUE
                              show: override one setting; may be given again
    -p, --page-size SIZE      show: short for --set os.page_size=SIZE
    -h, --help                print this
  
  examples:
    pagewalk machines
    pagewalk machines show skylake > mine.ini
    pagewalk machines show --set tlb.l2.any.entries=3072 generic
    pagewalk machines check mine.ini
  $ pagewalk help list
  usage: pagewalk list policies|formats|generators|counters|metrics|statistics|walks|plots|keys
  
  Lists what pagewalk knows: the replacement policies, the formats of page tables
  and of traces, the generators of traces, the counters and metrics of a row, the
  statistics of traces and of walks, the plots, the keys of a machine file.
  
  options:
    -h, --help                print this
  
  examples:
    pagewalk list policies
    pagewalk list keys
  $ pagewalk help help | head -n 1
  pagewalk is a model of the MMU: memory traces of programs go in, hit ratios of

What is wrong names the nearest.

  $ pagewalk sweeep
  pagewalk: there is no subcommand "sweeep"; did you mean sweep?
  [2]
  $ pagewalk help rum
  pagewalk: there is no subcommand "rum"; did you mean run?
  [2]
  $ pagewalk simulate
  pagewalk: there is no subcommand "simulate"; known: run, sweep, mrc, gen, capture, trace, plot, machines, list, help
  [2]
  $ pagewalk --verbose run
  pagewalk: there is no option --verbose before the subcommand; "pagewalk --help" lists the subcommands
  [2]
  $ pagewalk help run sweep
  pagewalk: help takes one subcommand, and there is "sweep"
  [2]

On a terminal there is a table, its header in bold; NO_COLOR takes the bold away.

  $ cp $TESTDIR/traces/mixed.trace $TESTDIR/small.ini .
  $ export TERM=xterm
  $ on_terminal() { script -qec "$1" /dev/null < /dev/null | tr -d '\r' | sed 's/\x1b/ESC/g'; }
  $ on_terminal 'pagewalk run -q --machine small.ini mixed.trace'
  ESC[1mmixed.trace on small, 4K pagesESC[0m
    pagewalk 0.1.0, seed 1, machine 1a3dbbd3a359feec, trace 27b584844204bf98
  
    accesses       113  fetches 60, loads 33, stores 18, modifies 2
    lookups        116  3 by accesses that reach into another page
    pages touched   15  60K in all
    instructions    60  of the whole trace
  
  ESC[1m  TLB                    lookups  hits  misses  miss ratio     MPKIESC[0m
    level 1, instructions       60    58       2    0.033333   33.333
    level 1, data               56    23      33    0.589286  550.000
    level 2                     35    16      19    0.542857  316.667
  
    walks            19  0.163793 per lookup, 316.667 per 1000 instructions
    walks shortened  13  pde 13
    entries read     37  1.947 per walk
    served by        37  l1d 9, memory 28
  
    page tables  32,768  bytes in 8 frames
    pages            15  frames
  
  ESC[1m  cycles            at least    at mostESC[0m
    translation          1,447      2,973
    per access       12.805310  26.309735
    per instruction             49.550000
    per walk, mean                 152.26
    longest walk                      403
  $ NO_COLOR=1 on_terminal 'pagewalk run -q --machine small.ini mixed.trace' | head -n 1
  mixed.trace on small, 4K pages
  $ TERM=dumb on_terminal 'pagewalk run -q --machine small.ini mixed.trace' | head -n 1
  mixed.trace on small, 4K pages
  $ NO_COLOR= on_terminal 'pagewalk list policies' | head -n 2
  ESC[1mPOLICY  REPLACESESC[0m
  lru     least recently hit or filled
  $ on_terminal 'pagewalk run -q --machine small.ini -o a.csv mixed.trace' && pagewalk run --machine small.ini mixed.trace | cmp - a.csv

Time and memory are said there.

  $ on_terminal 'pagewalk run --machine small.ini --format csv mixed.trace > a.csv' | sed 's/[0-9][0-9,.]*/N/g; s/(.*)/(ALLOCATOR)/'
  pagewalk: N s, N accesses x N configuration, N M accesses/s; at most NM of memory (ALLOCATOR); page tables N bytes, N a page touched

  $ cp $TESTDIR/small.ini .
  $ pagewalk machines
  MACHINE  SOURCE
  generic  no one CPU: the sizes of a Skylake core, every page size in every
           array
  skylake  Intel Core i7-6700 (Skylake): Intel manuals, CPUID, measurements; each
           value names its own
  $ pagewalk machines list | head -n 1
  MACHINE  SOURCE
  $ pagewalk machines show generic
  [machine]
  name = generic
  source = no one CPU: the sizes of a Skylake core, every page size in every array
  
  [tlb.l1i.any]
  pages = any
  entries = 64
  ways = 8
  policy = lru
  index = modulo
  sector = 1
  sector_fill = page
  coalesce = 1
  coalesce_rule = run
  pdes = no
  
  [tlb.l1d.any]
  pages = any
  entries = 64
  ways = 4
  policy = lru
  index = modulo
  sector = 1
  sector_fill = page
  coalesce = 1
  coalesce_rule = run
  pdes = no
  
  [tlb.l2.any]
  pages = any
  entries = 1536
  ways = 12
  policy = lru
  index = modulo
  hit_cycles = 7
  fill = all
  sector = 1
  sector_fill = page
  coalesce = 1
  coalesce_rule = run
  pdes = no
  shared = no
  
  [page_table]
  format = x86-64
  host = none
  
  [prefetch]
  kind = none
  degree = 2
  entries = 16
  rows = 256
  hit_cycles = 7
  
  [walker]
  kind = hardware
  count = 2
  setup_cycles = 0
  
  [walk_cache.pml4e]
  entries = 4
  ways = 4
  
  [walk_cache.pdpte]
  entries = 4
  ways = 4
  
  [walk_cache.pde]
  entries = 32
  ways = 4
  
  [memory]
  model = fixed
  fixed_cycles = 10
  dram_cycles = 200
  
  [asid]
  count = any
  recycle = one
  
  [os]
  cpus = 1
  page_size = 4K
  policy = uniform
  global = none
  switch_cycles = 0
  shootdowns = no
  shootdown_pages = 33
  shootdown_cycles = 2000
  $ pagewalk machines show small.ini
  [machine]
  name = small
  source = made up for the tests
  
  [tlb.l1i.any]
  pages = any
  entries = 2
  ways = 2
  policy = lru
  index = modulo
  sector = 1
  sector_fill = page
  coalesce = 1
  coalesce_rule = run
  pdes = no
  
  [tlb.l1d.any]
  pages = any
  entries = 4
  ways = 2
  policy = lru
  index = modulo
  sector = 1
  sector_fill = page
  coalesce = 1
  coalesce_rule = run
  pdes = no
  
  [tlb.l2.any]
  pages = any
  entries = 8
  ways = 4
  policy = lru
  index = modulo
  hit_cycles = 5
  fill = all
  sector = 1
  sector_fill = page
  coalesce = 1
  coalesce_rule = run
  pdes = no
  shared = no
  
  [page_table]
  format = x86-64
  host = none
  
  [prefetch]
  kind = none
  degree = 2
  entries = 16
  rows = 256
  hit_cycles = 7
  
  [walker]
  kind = hardware
  count = 2
  setup_cycles = 3
  
  [walk_cache.pde]
  entries = 2
  ways = 2
  
  [memory]
  model = caches
  fixed_cycles = 10
  dram_cycles = 100
  
  [cache.l1d]
  size = 512
  ways = 2
  line = 64
  hit_cycles = 4
  shared = no
  
  [asid]
  count = any
  recycle = one
  
  [os]
  cpus = 1
  page_size = 4K
  policy = uniform
  global = none
  switch_cycles = 0
  shootdowns = no
  shootdown_pages = 33
  shootdown_cycles = 2000

What show prints is a machine file, of the same machine.

  $ for name in $(pagewalk machines | sed 1d | sed -n 's/^\([a-z0-9-][a-z0-9-]*\) .*/\1/p'); do
  >     pagewalk machines show $name > $name.ini && pagewalk machines check $name.ini && pagewalk machines show $name.ini | cmp - $name.ini
  > done
  generic.ini: OK
  skylake.ini: OK
  $ pagewalk machines show --set tlb.l2.any.entries=3072 --page-size 2M generic | diff -U0 generic.ini - | grep '^[-+][a-z]'
  -entries = 1536
  +entries = 3072
  -page_size = 4K
  +page_size = 2M

check.

  $ pagewalk machines check small.ini
  small.ini: OK
  $ sed 's/^ways = 4/ways = 5/' small.ini > wrong.ini
  $ pagewalk machines check wrong.ini
  pagewalk: wrong.ini:15: entries = 8 does not give whole sets: entries = 8 with ways = 5; the nearest entries are 5 or 10
  [2]
  $ sed 's/^ways = 4/way = 4/' small.ini > wrong.ini
  $ pagewalk machines check wrong.ini
  pagewalk: wrong.ini:16: way is not a key of [tlb.l2.any]; did you mean ways?
  [2]
  $ sed 's/^\[walker\]/[walkers]/' small.ini > wrong.ini
  $ pagewalk machines check wrong.ini
  pagewalk: wrong.ini:19: [walkers] is not a section; did you mean [walker]?
  [2]
  $ echo 'no machine at all' > wrong.ini
  $ pagewalk machines check wrong.ini
  pagewalk: wrong.ini:1: neither [section] nor key = value nor # comment
  [2]
  $ sed 's/^ways = 4/way = 4/; s/^\[walker\]/[walkers]/' small.ini > wrong.ini
  $ pagewalk machines check wrong.ini
  pagewalk: wrong.ini:16: way is not a key of [tlb.l2.any]; did you mean ways?
  pagewalk: wrong.ini:19: [walkers] is not a section; did you mean [walker]?
  [2]
  $ sed 's/^ways = 4/ways = 5/; s/^count = 2/count = 0/; s/^size = 512/size = 500/' small.ini > wrong.ini
  $ pagewalk machines check wrong.ini
  pagewalk: wrong.ini:15: entries = 8 does not give whole sets: entries = 8 with ways = 5; the nearest entries are 5 or 10
  pagewalk: wrong.ini:20: count = 0 does not fit: expected a whole number from 1 to 64
  pagewalk: wrong.ini:32: size = 500 does not fit: expected whole lines of 64 bytes, up to 1G
  [2]
  $ pagewalk machines check missing.ini
  pagewalk: missing.ini: No such file or directory
  [2]

What is wrong.

  $ pagewalk machines shwo
  pagewalk: there is no action of machines "shwo"; did you mean show?
  [2]
  $ pagewalk machines show
  pagewalk: machines show needs a NAME; "pagewalk machines" lists them
  [2]
  $ pagewalk machines check
  pagewalk: machines check needs a FILE
  [2]
  $ pagewalk machines list generic
  pagewalk: machines list takes no name; machines show NAME shows one
  [2]
  $ pagewalk machines show skylak
  pagewalk: skylak: neither a machine nor a file; did you mean skylake?
  [2]
  $ pagewalk machines show --set os.page_size=3K generic
  pagewalk: --set os.page_size=3K: page_size = 3K is below 4K, the smallest page of x86-64
  [2]
  $ pagewalk machines show --set os.page_size=4K --page-size 4K generic
  pagewalk: --set os.page_size=4K: --page-size 4K sets the same key
  [2]
  $ pagewalk machines --set os.page_size=4K
  pagewalk: machines: settings are for machines show NAME only
  [2]
  $ pagewalk machines check --page-size 4K small.ini
  pagewalk: machines: settings are for machines show NAME only
  [2]

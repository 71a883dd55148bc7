  $ cp $TESTDIR/small.ini .
  $ pagewalk gen uniform --accesses 4000 --pages 3 -o a.trace
  $ pagewalk trace merge -o two.pwt --quantum 1000 --quantum-unit accesses a.trace a.trace
  $ counts() { cut -d, -f "$(head -1 rows.csv | tr , '\n' | grep -nxE "$1" | cut -d: -f1 | paste -sd,)" rows.csv; }

Two copies of one program, 1,000 accesses in turn. Each has pages and tables of its own, and by itself an address-space id of
its own, so that a switch costs nothing.

  $ pagewalk run -q -m small.ini two.pwt > rows.csv
  $ counts 'accesses|walks|pages_touched|page_table_bytes|context_switches|tlb_flushes|asid_recycles'
  accesses,walks,pages_touched,page_table_bytes,context_switches,tlb_flushes,asid_recycles
  8000,6,6,32768,7,0,0

Without ids each switch flushes; with one id, it is recycled.

  $ pagewalk sweep -q -m small.ini --set os.switch_cycles=100 --vary asid.count=any,0,1,2 two.pwt > rows.csv
  $ counts 'asid.count|walks|context_switches|tlb_flushes|asid_recycles|switch_cycles'
  asid.count,walks,context_switches,tlb_flushes,asid_recycles,switch_cycles
  any,6,7,0,0,700
  0,24,7,7,0,700
  1,24,7,0,7,700
  2,6,7,0,0,700

  $ pagewalk run -q -m small.ini --set asid.count=1 --format table two.pwt | sed -n '/switches/,/ids/p'
    process switches  7  none of which flush the TLB
    ids recycled      7  taken from another process; there are 1

In parts on two threads it is the same.

  $ pagewalk run -q -j 1 -m small.ini two.pwt > one && pagewalk run -q -j 2 -m small.ini two.pwt | cmp - one

What a trace says is unmapped leaves the TLB, if that is asked for.

  $ programs=$(dirname "$(readlink -f "$(command -v pagewalk)")")/traces/programs
  $ pagewalk capture -q -o events.pwt -- $programs/events > events.out 2>&1
  $ pagewalk sweep -q -m small.ini --vary os.shootdowns=no,yes events.pwt > rows.csv
  $ counts shootdowns | sed 's/[1-9][0-9]*/some/'
  shootdowns
  0
  some

Wrong.

  $ pagewalk run -m small.ini --set asid.count=many --set os.global=lower --set os.shootdowns=1 two.pwt
  pagewalk: --set os.global=lower: global = lower does not fit: there are: none upper
  pagewalk: --set os.shootdowns=1: shootdowns = 1 does not fit: there are: no yes
  pagewalk: --set asid.count=many: count = many does not fit: expected any, 0, or a whole number up to 8192, which is what there is room for beside addresses of x86-64
  [2]

Miss-ratio curves know one address space.

  $ pagewalk mrc -q two.pwt > curve.csv
  pagewalk: two.pwt: is of several processes, whose accesses are taken for those of one, in one address space; "pagewalk trace stats" and "pagewalk run" keep them apart

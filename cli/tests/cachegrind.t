An outside oracle on a real program: a TLB of 64 entries, 4 ways, LRU, over 4K pages is a cache of 262,144 bytes, 4 ways, with
lines of 4096 bytes, and cachegrind models such caches. It counts one miss for an access that crosses a page where this counts a
miss for each page: the counts may differ by the crossings, of which there are few, and by nothing else.

  $ cat > program.awk << 'END'
  > BEGIN {
  >     for (i = 0; i < 700; i++) text[i] = sprintf("%700d", i)
  >     for (i = 0; i < 700; i++) sum += substr(text[i * 223 % 701 % 700], 690)
  > }
  > END
  $ valgrind -q --tool=cachegrind --cache-sim=yes --I1=262144,4,4096 --D1=262144,4,4096 --LL=8388608,16,4096 \
  >   --cachegrind-out-file=cachegrind.out mawk -f program.awk > /dev/null 2>&1
  $ awk '/^events:/ { for (i = 2; i <= NF; i++) column[$i] = i }
  >      /^summary:/ { print "instructions", $column["Ir"]
  >                    print "l1i_misses", $column["I1mr"]
  >                    print "l1d_misses", $column["D1mr"] + $column["D1mw"] }' cachegrind.out > expected
  $ cat > machine.ini << END
  > [tlb.l1i.any]
  > entries = 64
  > ways = 4
  > [tlb.l1d.any]
  > entries = 64
  > ways = 4
  > END
  $ pagewalk capture -q -o awk.trace -- mawk -f program.awk > /dev/null
  $ pagewalk run -q --machine machine.ini --format tsv awk.trace |
  >   awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
  >                { print "instructions", $column["instructions"]
  >                  print "l1i_misses", $column["l1i_misses"]
  >                  print "l1d_misses", $column["l1d_misses"]
  >                  print $column["page_crossings"] > "crossings" }' > found
  $ paste expected found | awk '
  >   $1 != $3 || $4 < $2 || $4 > $2 + crossings { print "differ:", $0; next }
  >   { print $1, "agree" }' crossings="$(cat crossings)" -
  instructions agree
  l1i_misses agree
  l1d_misses agree
  $ awk '$1 == "l1d_misses" { print ($2 > 1000) }' expected
  1

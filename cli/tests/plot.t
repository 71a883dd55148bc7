  $ cp $TESTDIR/traces/mixed.trace $TESTDIR/small.ini .
  $ pagewalk sweep --machine small.ini --vary os.page_size=4K,64K,2M --vary tlb.l2.any.entries=4,8,16 --walks walks.csv -o sizes.csv mixed.trace
  $ pagewalk mrc --page-size 4K,64K,2M -o curves.csv mixed.trace
  $ pagewalk trace stats --window 10 -o stats.csv mixed.trace && sed 's/,forward_/,pc_forward_/' stats.csv > pcs.csv

Every kind, as each of the three.

  $ for kind in $(pagewalk list plots | sed 1d | sed -n 's/^\([a-z][a-z-]*\) .*/\1/p'); do
  >     results=sizes.csv
  >     [ $kind = miss-ratio-curve ] && results=curves.csv
  >     case $kind in *working-set|footprint|reuse-time|lru-depth|stride) results=stats.csv ;; pc-stride) results=pcs.csv ;; walk-latency|walk-reads) results=walks.csv ;; esac
  >     for suffix in svg png pdf; do
  >         pagewalk plot $kind $results -o $kind.$suffix && echo "$kind.$suffix $(head -c 4 $kind.$suffix | tr -cd '[:print:]')"
  >     done
  > done
  hit-ratio.svg <?xm
  hit-ratio.png PNG
  hit-ratio.pdf %PDF
  miss-ratio.svg <?xm
  miss-ratio.png PNG
  miss-ratio.pdf %PDF
  walk-ratio.svg <?xm
  walk-ratio.png PNG
  walk-ratio.pdf %PDF
  cycles.svg <?xm
  cycles.png PNG
  cycles.pdf %PDF
  mpki.svg <?xm
  mpki.png PNG
  mpki.pdf %PDF
  levels.svg <?xm
  levels.png PNG
  levels.pdf %PDF
  cost.svg <?xm
  cost.png PNG
  cost.pdf %PDF
  memory.svg <?xm
  memory.png PNG
  memory.pdf %PDF
  page-size.svg <?xm
  page-size.png PNG
  page-size.pdf %PDF
  miss-ratio-curve.svg <?xm
  miss-ratio-curve.png PNG
  miss-ratio-curve.pdf %PDF
  heatmap.svg <?xm
  heatmap.png PNG
  heatmap.pdf %PDF
  working-set.svg <?xm
  working-set.png PNG
  working-set.pdf %PDF
  footprint.svg <?xm
  footprint.png PNG
  footprint.pdf %PDF
  mean-working-set.svg <?xm
  mean-working-set.png PNG
  mean-working-set.pdf %PDF
  reuse-time.svg <?xm
  reuse-time.png PNG
  reuse-time.pdf %PDF
  lru-depth.svg <?xm
  lru-depth.png PNG
  lru-depth.pdf %PDF
  stride.svg <?xm
  stride.png PNG
  stride.pdf %PDF
  pc-stride.svg <?xm
  pc-stride.png PNG
  pc-stride.pdf %PDF
  walk-latency.svg <?xm
  walk-latency.png PNG
  walk-latency.pdf %PDF
  walk-reads.svg <?xm
  walk-reads.png PNG
  walk-reads.pdf %PDF
  $ pagewalk plot miss-ratio sizes.csv
  pagewalk: the plot is sizes.miss-ratio.svg
  $ pagewalk plot -q miss-ratio - < sizes.csv && ls *.miss-ratio.svg
  results.miss-ratio.svg
  sizes.miss-ratio.svg

What is wrong.

  $ pagewalk plot
  pagewalk: plot needs a KIND and RESULTS; "pagewalk plot --help" shows how
  [2]
  $ pagewalk plot miss-ratio
  pagewalk: plot needs a KIND and RESULTS; "pagewalk plot --help" shows how
  [2]
  $ pagewalk plot miss-ration sizes.csv
  pagewalk: there is no plot "miss-ration"; did you mean miss-ratio?
  [2]
  $ pagewalk plot miss-ratio missing.csv
  pagewalk: missing.csv: No such file or directory
  [2]
  $ pagewalk plot miss-ratio sizes.csv -o plot.gif
  pagewalk: plot.gif: the suffix says what to draw; .svg, .png or .pdf was expected
  [2]
  $ pagewalk plot miss-ratio mixed.trace
  pagewalk: mixed.trace: the plot miss-ratio needs columns that are missing: l1i_miss_ratio, l1d_miss_ratio, l2_miss_ratio, walk_ratio
  [2]
  $ pagewalk plot miss-ratio-curve sizes.csv
  pagewalk: sizes.csv: the plot miss-ratio-curve needs columns that are missing: miss_ratio, miss_ratio_error
  [2]
  $ pagewalk plot miss-ratio sizes.csv -o no/such/folder.svg
  pagewalk: no/such/folder.svg: cannot be written: No such file or directory
  [2]
  $ pagewalk run --machine small.ini -o one.csv mixed.trace && pagewalk plot heatmap one.csv
  pagewalk: one.csv: a grid needs two things that vary, and none does; sweep another key
  [2]

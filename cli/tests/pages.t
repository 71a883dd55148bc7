Pages of several sizes.

  $ alias sweep='pagewalk sweep --machine skylake -q --format csv'

A trace over 40 MiB, and what each policy makes of it.

  $ pagewalk gen zipf -q -n 20000 --pages 10000 --seed 3 -o zipf.trace
  $ sweep --vary os.policy=uniform,thp,khugepaged,reserve,ranges --set os.promote_pages=32 --set os.reserve_threshold=25 --set os.ranges=0x40000000-0x41000000:2M zipf.trace > policies.csv
  $ columns='os.policy walks walk_refs pages_touched pages_small pages_huge page_table_bytes bloat_bytes bloat_ratio promotions'
  $ awk -F , -v columns="$columns" 'BEGIN { n = split(columns, name, " ") } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
  > { for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? " " : "\n" }' policies.csv
  os.policy walks walk_refs pages_touched pages_small pages_huge page_table_bytes bloat_bytes bloat_ratio promotions
  uniform 6095 6117 4415 4415 0 94208 0  0
  thp 20 22 20 0 20 12288 23859200 1.31937 0
  khugepaged 640 662 640 620 20 94208 23859200 1.31937 20
  reserve 2712 2734 2560 2540 20 94208 23859200 1.31937 20
  ranges 3024 3038 2623 2615 8 61440 9404416 0.520045 0

A run says what it did.

  $ pagewalk run -q --machine skylake --set os.policy=khugepaged --set os.promote_pages=32 --set os.promote_cycles=1000 --format table zipf.trace | grep 'others\|pages\|bloat\|promotions'
  zipf.trace on skylake, 4K pages and others, khugepaged
    pages touched     640  small 620, huge 20
    pages            10,240  frames
    bloat        23,859,200  bytes beside 17M touched
    promotions           20

The plan.

  $ pagewalk sweep -q --machine skylake --vary os.policy=reserve --dry-run zipf.trace 2>&1 | sed -n '/^plan/,/settle/p'
  plan: 14 passes for 1 configuration, 1 address space
    lookups: all, 4K pages, x86-64
      map: reserve, pages of 4K and 2M
        tlb: 64 entries, 8 sets of 8, plru, instructions of 4K
          tlb: 8 entries, full, plru, instructions of 2M
            tlb: 64 entries, 16 sets of 4, plru, data of 4K
              tlb: 32 entries, 8 sets of 4, plru, data of 2M
                tlb: 1536 entries, 128 sets of 12, lru, xor, all of 4K 2M
                  walk cache: 32 entries, 8 sets of 4, lru, an entry for 2M
                    walk cache: 4 entries, full, lru, an entry for 1G
                  reads
                    cache: 512 entries, 64 sets of 8, lru
                      cache: 4096 entries, 1024 sets of 4, lru
                        cache: 131072 entries, 8192 sets of 16, lru
                    settle

Configurations that differ below level 1 share what stands above; threads change nothing.

  $ pagewalk sweep -q --machine skylake --vary os.policy=thp,reserve --vary tlb.l2.shared.ways=6,12 --dry-run zipf.trace 2>&1 | grep -c 'map:\|data of 4K'
  4
  $ sweep -j 1 --vary os.policy=uniform,thp,reserve --vary tlb.l2.shared.ways=6,12 zipf.trace > one.csv
  $ sweep -j 4 --vary os.policy=uniform,thp,reserve --vary tlb.l2.shared.ways=6,12 zipf.trace | cmp - one.csv
  $ pagewalk run -q -j 4 --machine skylake --set os.policy=reserve --format csv zipf.trace | tail -1 | cut -d , -f 9-50 > run.csv
  $ sed -n 7p one.csv | cut -d , -f 11-52 | cmp - run.csv

Ranges and sizes that cannot be are all reported, and say what is wrong.

  $ pagewalk run --machine skylake --set os.policy=ranges --set os.ranges=0x1000-0x200000:2M --set os.reserve_threshold=101 zipf.trace
  pagewalk: --set os.reserve_threshold=101: reserve_threshold = 101 does not fit: expected a whole number from 1 to 100
  pagewalk: --set os.ranges=0x1000-0x200000:2M: ranges = 0x1000-0x200000:2M does not fit: 0x1000-0x200000:2M does not begin and end at multiples of 2M, its page size
  [2]
  $ pagewalk run --machine skylake --set os.policy=thp --page-size 1G zipf.trace
  pagewalk: --set os.policy=thp: policy = thp needs a larger page than os.page_size = 1G, the largest of x86-64; take a smaller one
  [2]
  $ sweep --vary os.policy=thp,khugepaged --set os.huge_size=8K --set os.promote_pages=3 zipf.trace
  pagewalk: 1 of 2 combinations is illegal:
    --set os.promote_pages=3: promote_pages = 3 is more than the 2 pages of os.page_size = 4K in a huge one
      os.policy=khugepaged
  pagewalk: nothing ran; correct the combinations above, or leave them out with --skip-illegal
  [2]

A layout in a file is the same machine as its ranges:

  $ printf '# a layout\n0x40000000-0x40400000:2M 0x40800000-0x40c00000:2M # two\n\n0x40400000-0x40800000:64K\n' > layout
  $ sweep --set os.policy=ranges --vary os.ranges=@layout,'0x40000000-0x40400000:2M 0x40400000-0x40800000:64K 0x40800000-0x40c00000:2M' zipf.trace > layouts.csv
  $ tail -n +2 layouts.csv | cut -d, -f3 | uniq | wc -l
  1
  $ printf '0x40000000-0x40400000:2M\n0x40400000-0x40500000:2M\n' > layout
  $ pagewalk run --set os.policy=ranges --set os.ranges=@layout zipf.trace
  pagewalk: --set os.ranges=@layout: ranges = @layout does not fit: layout:2: 0x40400000-0x40500000:2M does not begin and end at multiples of 2M, its page size
  [2]
  $ pagewalk run --set os.policy=ranges --set os.ranges=@layuot zipf.trace
  pagewalk: --set os.ranges=@layuot: ranges = @layuot does not fit: layuot: No such file or directory
  [2]
  $ printf '0x40000000-0x40200000:2M\0' > layout
  $ pagewalk run --set os.policy=ranges --set os.ranges=@layout zipf.trace
  pagewalk: --set os.ranges=@layout: ranges = @layout does not fit: layout: expected text, at most 65536 bytes of it
  [2]
  $ seq -f '%.0f' 0 256 | while read n; do printf '0x%x-0x%x:4K\n' $((n * 8192)) $((n * 8192 + 4096)); done > layout
  $ pagewalk run --set os.policy=ranges --set os.ranges=@layout zipf.trace
  pagewalk: --set os.ranges=@layout: ranges = @layout is too much: at most 256 ranges
  [2]

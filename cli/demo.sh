#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job, end to end: captures a real program, sweeps page sizes and TLB sizes over its trace, finds the misses of
# TLBs of every size, and plots the results.
# usage: demo.sh PAGEWALK FOLDER
set -eu
pagewalk=$1
folder=$2
export LC_ALL=C

# Nothing of an earlier demo is left to be taken for this one's.
mkdir -p "$folder"
rm -f "$folder/lines.txt" "$folder/sort.pwt" "$folder/results.csv" "$folder"/results.*.svg "$folder"/results.*.png \
    "$folder/curves.csv" "$folder/curves.svg" "$folder/curves.png"

# Long lines in random order: sort compares their first bytes, so that nearly each comparison is on pages of its own.
awk 'BEGIN { srand(1); for (i = 0; i < 4000; i++) printf "%08d%0992d\n", 1e8 * rand(), i }' > "$folder/lines.txt"

echo "capturing sort ..."
"$pagewalk" capture -q -o "$folder/sort.pwt" -- sort --parallel=1 -S 64M "$folder/lines.txt" > /dev/null

sweep() {
    "$pagewalk" sweep -q --vary os.page_size=4K,16K,64K,2M,1G --vary tlb.l2.any.entries=96,192,384,768,1536 "$@" "$folder/sort.pwt"
}
echo "sweeping 5 page sizes x 5 sizes of the second-level TLB ..."
sweep -o "$folder/results.csv"
sweep --format table

"$pagewalk" mrc -q --page-size 4K,16K,64K,2M -o "$folder/curves.csv" "$folder/sort.pwt"

for kind in hit-ratio miss-ratio cycles heatmap page-size; do
    for suffix in svg png; do
        "$pagewalk" plot -q "$kind" "$folder/results.csv" -o "$folder/results.$kind.$suffix"
    done
done
for suffix in svg png; do
    "$pagewalk" plot -q miss-ratio-curve "$folder/curves.csv" -o "$folder/curves.$suffix"
done

echo
echo "trace:   $folder/sort.pwt  (pagewalk trace info)"
echo "results: $folder/results.csv $folder/curves.csv"
echo "plots:  $(cd "$folder" && printf " $folder/%s" results.*.svg curves.svg results.*.png curves.png)"

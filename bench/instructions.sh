#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Instructions for an access (or a byte of text), by callgrind: repeatable where times are not.
# usage: bench/instructions.sh PAGEWALK-BENCH [REGEX of names]
# ACCESSES=N takes streams of another length. Callgrind offers AVX2 at most, whatever the CPU has.
set -eu
bench=${1:?"usage: bench/instructions.sh PAGEWALK-BENCH [REGEX of names]"}
accesses=${ACCESSES:-1048576}

"$bench" --benchmark_list_tests --benchmark_filter="${2:-^(engine|baseline)/}" 2>/dev/null | sed 's,/process_time$,,' |
    while read -r name; do
        log=$(mktemp)
        items=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=bench_once_body \
            "$bench" --once="$name" --accesses="$accesses" 2>"$log") || {
            cat "$log" >&2
            rm -f "$log"
            exit 1
        }
        awk -v name="$name" -v items="$items" '/Collected :/ { printf "%-40s %10.1f\n", name, $4 / items }' "$log"
        rm -f "$log"
    done

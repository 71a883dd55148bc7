#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Speaks TAP: is the manual whole, and is it true where it can be tried? The command is $PAGEWALK, build/pagewalk where
# that is not set.
set -u
here=$(cd "$(dirname "$0")" && pwd)
pagewalk=${PAGEWALK:-$here/../../build/pagewalk}
if [ ! -x "$pagewalk" ]; then
    echo "Bail out! $pagewalk is no program; build it with make, or name it in PAGEWALK."
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/bin" "$work/examples"
ln -s "$(cd "$(dirname "$pagewalk")" && pwd)/$(basename "$pagewalk")" "$work/bin/pagewalk"
export PATH="$work/bin:$PATH"
cd "$work" || exit 1

# What a test prints is what is wrong; silence is good.
number=0
failures=0
try() {
    number=$((number + 1))
    name=$1
    shift
    wrong=$("$@" 2>&1)
    if [ -z "$wrong" ]; then
        echo "ok $number - $name"
    else
        failures=$((failures + 1))
        echo "not ok $number - $name"
        printf '%s\n' "$wrong" | sed 's/^/# /'
    fi
}

# The rendered page is left as $1.txt.
page() {
    version=$(pagewalk --version | cut -d ' ' -f 2)
    sh "$here/tables.sh" "$work/bin/pagewalk" "$version" "$here/$1.in" > "$1" || echo "tables.sh fails"
    grep -n '^@\|@VERSION@' "$1"
    groff -man -ww -Tascii -P-cbou -rLL=80n "$1" > "$1.txt"
    awk 'length > 80 { print "wider than a terminal: " $0 }' "$1.txt"
}

# Each subcommand, or where it has actions each of these.
commands() {
    pagewalk help | awk '/^  [a-z]+  / && $1 !~ /^(trace|help)$/ { print $1 }'
    pagewalk help trace | awk '/^  [a-z]+  / { print "trace/" $1 }'
}

# The first word of each line of a list, and each option of each subcommand.
all_words() {
    for list in policies formats generators counters metrics statistics walks plots; do
        pagewalk list $list | awk 'NR == 1 || /^$/ { header = 1 } header && !/^$/ { header = 0; next } /^[^ ]/ { print $1 }'
    done
    pagewalk list keys | awk '/^\[/ { print $1 } /^  [^ ]/ { print $1 " = " }'
    pagewalk help | awk '/^  [a-z]+  / { print "pagewalk " $1 }'
    pagewalk help trace | awk '/^  [a-z]+  / { print "pagewalk trace " $1 }'
    for command in $(commands); do
        # shellcheck disable=SC2046
        pagewalk $(echo "$command" | tr / ' ') --help | awk '/^options:/ { on = 1 } on && match($0, /^ .*--[-a-z]+/) { print $(/^  -/ ? 2 : 1) }'
    done
}

completeness() {
    all_words | sort -u > words
    [ "$(wc -l < words)" -gt 100 ] || echo "the lists were not read"
    while IFS= read -r word; do
        grep -qF -e "$word" pagewalk.1.txt pagewalk-machine.5.txt || echo "not in the manual: $word"
    done < words
    for command in $(commands); do
        grep -q "^@usage $command@" "$here/pagewalk.1.in" || echo "not in the synopsis: $command"
    done
}

# A column of the row for one load at an address, of a machine with a single TLB entry; "refused" where there is none.
one_load() { # ADDRESS COLUMN FORMAT OPTION...
    address=$1
    column=$2
    format=$3
    shift 3
    printf ' L %x,8\n' "$address" |
        pagewalk run -q -f tsv -m one.ini --set page_table.format="$format" "$@" - 2> /dev/null |
        awk -F '\t' -v column="$column" '
            NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i }
            NR == 2 { print $at; found = 1 }
            END { if (!found) print "refused" }
        '
}

same() {
    [ "$2" = "$3" ] || echo "$1: the manual says $2, the command $3"
}

# A row of the table of formats: "sv39  39s 8  l0e 9 1G, l1e 9 2M, l2e 9 4K".
format_row() {
    format=$1
    bits=${2%[sz]}
    entry_bytes=$3
    top=$((1 << bits))
    case $2 in *s) top=$((top / 2)) ;; esac
    same "$format, walks of the last address" 1 "$(one_load $((top - 8)) walks "$format")"
    same "$format, walks of the next address" refused "$(one_load "$top" walks "$format")"
    case $2 in
    *s) same "$format, walks in the upper half" 1 "$(one_load $((-top)) walks "$format")" ;;
    *) same "$format, walks in the upper half" refused "$(one_load $((-top)) walks "$format")" ;;
    esac
    shift 3
    depth=0
    table_bytes=0
    while [ $# -ge 2 ]; do
        depth=$((depth + 1))
        table_bytes=$((table_bytes + (1 << $2) * entry_bytes))
        name=$1
        shift 2
        case ${1:-} in
        [0-9]*)
            same "$format, $1 pages, reads" $depth "$(one_load 0 walk_refs "$format" --page-size "$1")"
            same "$format, $1 pages, tables" $table_bytes "$(one_load 0 page_table_bytes "$format" --page-size "$1")"
            largest=${largest:-$1}
            smallest=$1
            shift
            ;;
        esac
        if [ $# -ge 2 ]; then
            same "$format, a walk cache of $name" 1 \
                "$(one_load 0 walks "$format" --set "walk_cache.$name.entries=1" --set "walk_cache.$name.ways=1")"
        fi
    done
    unit=${smallest%[KM]}
    same "$format, smaller pages" refused "$(one_load 0 walks "$format" --page-size "$((unit / 2))K")"
    unit=${largest%[MGT]}
    same "$format, larger pages" refused "$(one_load 0 walks "$format" --page-size "$((2 * unit))${largest#"$unit"}")"
    largest=
}

formats() {
    printf '[tlb.l1d.one]\nentries = 1\nways = 1\n' > one.ini
    awk '/^ *format +va/ { on = 1; next } on && /^$/ { exit } on' pagewalk-machine.5.txt | tr -d , > rows
    pagewalk list formats | awk '/^PAGE TABLES/ { on = 1; next } /^$/ { exit } on && /^[^ ]/ { print $1 }' > named
    awk '/^ *what else +va/ { on = 1; next } on && /^$/ { exit } on' pagewalk-machine.5.txt > others
    awk '{ print $1 }' rows others | diff - named
    while read -r format bits entry_bytes page entries reads bytes; do
        top=$((1 << (${bits%s} - 1)))
        same "$format, walks of the last address" 1 "$(one_load $((top - 8)) walks "$format")"
        same "$format, walks of the next address" refused "$(one_load "$top" walks "$format")"
        same "$format, walks in the upper half" 1 "$(one_load $((-top)) walks "$format")"
        same "$format, reads" "$reads" "$(one_load 0 walk_refs "$format" --page-size "$page")"
        same "$format, bytes" "$bytes" "$(one_load 0 page_table_bytes "$format" --page-size "$page")"
        same "$format, smaller pages" refused "$(one_load 0 walks "$format" --page-size "$((${page%K} / 2))K")"
        same "$format, the bytes of an entry" "$bytes" \
            "$(one_load 0 page_table_bytes "$format" --set "page_table.entry_bytes=$entry_bytes")"
        [ "$entries" = - ] || same "$format, entries" "$bytes" \
            "$(one_load 0 page_table_bytes "$format" --set "page_table.entries=$entries")"
    done < others
    largest=
    while IFS= read -r row; do
        # shellcheck disable=SC2086
        format_row $row < /dev/null
    done < rows
}

# The examples, as they would be pasted.
examples() {
    sed -n '/^\.SH EXAMPLES/,/^\.SH LIMITS/p' pagewalk.1 |
        awk '/^\.EE/ { on = 0 } on { print } /^\.EX/ { on = 1 }' |
        sed 's/\\-/-/g; s/\\(aq/'\''/g; s/\\e/\\/g' > examples.sh
    (cd examples && sh -e ../examples.sh > ../examples.out 2> ../examples.err) || cat examples.err
    for file in ls.pwt sizes.csv sizes.miss-ratio.svg sizes.png curves.csv curves.png mine.ini mine.csv; do
        [ -s "examples/$file" ] || echo "no $file"
    done
    grep -q '0\.750' examples.out || echo "uniform accesses do not miss three of four"
}

machine_examples() {
    awk '/^\.SH/ { part = $2 } /^\.EE/ { on = 0 } on && (part == "SYNTAX" || part == "EXAMPLES") { print > (part ".ini") } /^\.EX/ { on = 1 }' \
        pagewalk-machine.5
    for part in SYNTAX EXAMPLES; do
        pagewalk machines check $part.ini > checked 2>&1 || cat checked
    done
}

echo 1..6
try 'pagewalk.1 is filled in and renders' page pagewalk.1
try 'pagewalk-machine.5 is filled in and renders' page pagewalk-machine.5
try 'every name and option is in the manual' completeness
try 'the formats of page tables are what the manual says' formats
try 'the machines that the manual shows are good' machine_examples
try 'the examples work as pasted' examples
[ $failures -eq 0 ]

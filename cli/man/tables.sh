#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints a page of the manual with its tables filled in from the command's own, so that each stands in one place only.
# usage: tables.sh PAGEWALK VERSION PAGE.in
#
# @VERSION@            once in a line: the version
# Alone on a line:
# @usage COMMAND@      the forms of a subcommand, from its --help
# @options COMMAND@    its options, from its --help, also of an action: @options trace stats@; with `but OTHER` behind it, less those that OTHER has, too
# @list LIST@          what `pagewalk list LIST` prints; with a header behind it, the table whose first column has that
set -eu
pagewalk=$1
version=$2
page=$3

# Text to roff, for all the scripts below.
# shellcheck disable=SC2016
roff='
    function escape(text) {
        gsub(/\\/, "\\e", text)
        gsub(/\^/, "\\(ha", text)
        gsub(/~/, "\\(ti", text)
        return text
    }
    # What is typed.
    function literal(text) {
        text = escape(text)
        gsub(/-/, "\\-", text)
        gsub(/`/, "\\(ga", text)
        gsub(/\047/, "\\(aq", text)
        return text
    }
    # What is typed, in bold, and what stands for something else, in italics: --output FILE.
    function synopsis(text,   out, word) {
        out = ""
        while (match(text, /[-A-Za-z0-9]+/)) {
            word = substr(text, RSTART, RLENGTH)
            out = out literal(substr(text, 1, RSTART - 1)) (word ~ /^[A-Z]/ ? "\\fI" : "\\fB") literal(word) "\\fR"
            text = substr(text, RSTART + RLENGTH)
        }
        return out literal(text)
    }
    # A sentence, with what is typed in bold: options, `these`, and "pagewalk ...".
    function prose(text,   word) {
        text = " " escape(text)
        while (match(text, /[ (]--?[a-z][-a-z]*/)) {
            word = substr(text, RSTART + 1, RLENGTH - 1)
            gsub(/-/, "\\-", word)
            text = substr(text, 1, RSTART) "\\fB" word "\\fR" substr(text, RSTART + RLENGTH)
        }
        while (match(text, /`[^`]*`|"pagewalk [^"]*"/)) {
            word = substr(text, RSTART + 1, RLENGTH - 2)
            text = substr(text, 1, RSTART - 1) "\\fB" word "\\fR" substr(text, RSTART + RLENGTH)
        }
        text = substr(text, 2)
        return text ~ /^[.\047]/ ? "\\&" text : text
    }
'

usage() {
    "$pagewalk" "$1" --help | awk "$roff"'
        /^$/ { exit }
        {
            sub(/^usage:/, "")
            sub(/^ +/, "")
            print (NR > 1 ? ".br\n" : "") synopsis($0)
        }
    '
}

# The names of the options, a line each.
option_names() {
    "$pagewalk" "$1" --help | awk '
        /^[a-z]+:$/ { inside = $1 == "options:" }
        inside && match($0, /^ +(-.,)? +--[-a-z]+/) {
            name = substr($0, 1, RLENGTH)
            sub(/^.*--/, "", name)
            print name
        }
    '
}

# Each option has its help behind two blanks or more, or on the next line, and maybe further lines of it below.
options() {
    # shellcheck disable=SC2086
    "$pagewalk" $1 --help | awk -v left_out=" $2 " "$roff"'
        function flush() {
            if (head != "" && index(left_out, " " name " ") == 0)
                print ".TP\n" synopsis(head) "\n" prose(help)
            head = ""
        }
        /^[a-z]+:$/ { flush(); inside = $1 == "options:"; next }
        !inside || /^$/ { next }
        /^  (-.,|   ) --/ {
            flush()
            sub(/^ +/, "")
            head = $0
            sub(/   *.*/, "", head)
            help = substr($0, length(head) + 1)
            sub(/^ +/, "", help)
            name = head
            sub(/^.*--/, "", name)
            sub(/ .*/, "", name)
            next
        }
        {
            sub(/^ +/, "")
            help = help (help == "" ? "" : " ") $0
        }
        END { flush() }
    '
}

# Columns begin where their headers do: a name, maybe a unit, and a text, which further lines go on with.
list_table() {
    "$pagewalk" list "$1" | awk -v wanted="$2" "$roff"'
        function cell(i,   text) {
            text = i < columns ? substr($0, start[i], start[i + 1] - start[i]) : substr($0, start[i])
            sub(/ +$/, "", text)
            return text
        }
        BEGIN { header = 1 }
        /^$/ { header = 1; next }
        header {
            header = columns = at = 0
            while (match(substr($0, at + 1), /[^ ]+( [^ ]+)*/)) {
                start[++columns] = at + RSTART
                at += RSTART + RLENGTH - 1
            }
            taken = wanted == "" || cell(1) == wanted
            next
        }
        !taken { next }
        /^[^ ]/ {
            name[++rows] = cell(1)
            unit[rows] = ""
            for (i = 2; i < columns; i++)
                unit[rows] = unit[rows] (unit[rows] != "" && cell(i) != "" ? ", " : "") cell(i)
            if (length(name[rows]) > longest)
                longest = length(name[rows])
            help[rows] = cell(columns)
            next
        }
        { help[rows] = help[rows] " " cell(columns) }
        END {
            for (i = 1; i <= rows; i++) {
                print (i == 2 ? ".PD 0\n" : "") ".TP " longest + 2 "n\n\\fB" literal(name[i]) "\\fR"
                print prose(help[i]) (unit[i] != "" ? " [" unit[i] "]" : "")
            }
            if (rows > 1)
                print ".PD"
            exit rows == 0
        }
    '
}

# A heading a section, and a paragraph a key: "  key = values (default)", and its help below.
list_keys() {
    "$pagewalk" list keys | awk "$roff"'
        function flush() {
            if (key != "")
                print ".TP\n\\fB" literal(key) "\\fR = " literal(values) "\n" prose(help) remark
            key = ""
        }
        /^$/ { next }
        /^\[/ { flush(); print ".SS " literal($0); next }
        /^  [^ ]/ {
            flush()
            key = $1
            values = substr($0, length(key) + 6)
            help = remark = ""
            if (match(values, / \([^()]*\)$/)) {
                remark = "; " literal(substr(values, RSTART + 2, RLENGTH - 3))
                if (sub(/^; default /, "&\\fB", remark))
                    remark = remark "\\fR"
                values = substr(values, 1, RSTART - 1)
            }
            next
        }
        {
            sub(/^ +/, "")
            help = help (help == "" ? "" : " ") $0
        }
        END { flush() }
    '
}

fill() {
    what=$1
    name=$2
    shift 2
    case "$what $name $*" in
    'list keys ') list_keys ;;
    'list '*) list_table "$name" "$*" ;;
    'usage '*' ') usage "$name" ;;
    'options '*' but '*) options "$name" "$(option_names "$2" | tr '\n' ' ')" ;;
    'options '*) options "$name${*:+ $*}" '' ;;
    *) return 1 ;;
    esac
}

while IFS= read -r line; do
    case $line in
    '@'*' '*'@')
        directive=${line#@}
        # Its words are wanted one by one.
        # shellcheck disable=SC2086
        table=$(fill ${directive%@}) || table=
        if [ -z "$table" ]; then
            echo "$page: $line: there is no such table" >&2
            exit 1
        fi
        printf '%s\n' "$table"
        ;;
    *@VERSION@*) printf '%s\n' "${line%%@VERSION@*}$version${line#*@VERSION@}" ;;
    *) printf '%s\n' "$line" ;;
    esac
done < "$page"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Reads the #include lines of our own headers and fails with a sentence for each arrow that turns.
set -eu
cd "$(dirname "$0")/.."

set --
for file in model/*.* traces/*.[ch] traces/fuzz/*.[ch] traces/valgrind/*.[ch] analysis/*.[ch] cli/*.[ch] bench/*.[ch] bench/*.cc; do
    [ -f "$file" ] && set -- "$@" "$file"
done

awk '
    BEGIN {
        may["model"] = "model"
        may["traces"] = "model, traces"
        may["analysis"] = "model, analysis"
        may["bench"] = "model, traces, bench"
        may["cli"] = "model, traces, analysis, cli"
    }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        split($0, quoted, "\"")
        split(quoted[2], to, "/")
        split(FILENAME, from, "/")
        if (index(", " may[from[1]] ", ", ", " to[1] ", ") == 0) {
            printf "%s:%d includes \"%s\": %s may include headers of %s only\n", FILENAME, FNR, quoted[2], from[1], may[from[1]]
            turned = 1
        }
    }
    END { exit turned }
' "$@" >&2

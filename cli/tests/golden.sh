#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the transcripts beside this file with cram and speaks TAP: one test a file, its diff where it fails. The command
# under test is $PAGEWALK, build/pagewalk where that is not set.
set -u
here=$(cd "$(dirname "$0")" && pwd)
pagewalk=${PAGEWALK:-$here/../../build/pagewalk}
if [ ! -x "$pagewalk" ]; then
    echo "Bail out! $pagewalk is no program; build it with make, or name it in PAGEWALK."
    exit 1
fi
if ! command -v cram3 > /dev/null; then
    echo "Bail out! cram3 is missing; apt install python3-cram installs it."
    exit 1
fi

# A copy, since cram leaves files beside a transcript that fails; and a folder with nothing but the command, for PATH.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cp -R "$here" "$work/tests"
mkdir "$work/bin"
ln -s "$(cd "$(dirname "$pagewalk")" && pwd)/$(basename "$pagewalk")" "$work/bin/pagewalk"
export PATH="$work/bin:$PATH"
unset NO_COLOR

cd "$work/tests" || exit 1
set -- *.t
echo "1..$#"
number=0
failures=0
for transcript in "$@"; do
    number=$((number + 1))
    if output=$(cram3 --shell=/bin/sh "$transcript" 2>&1); then
        echo "ok $number - $transcript"
    else
        failures=$((failures + 1))
        echo "not ok $number - $transcript"
        printf '%s\n' "$output" | sed 's/^/# /'
    fi
done
[ "$failures" -eq 0 ]

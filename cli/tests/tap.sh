#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test and passes its TAP on. Of a skipped test cmocka 1.1.5 says "not ok N # SKIP", which TAP takes for a failure.
output=$("$@")
status=$?
printf '%s\n' "$output" | sed 's/^not ok \(.*# SKIP\)/ok \1/'
exit "$status"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints a C file that holds the given text files by their base names, for model/embedded.h.
set -eu
echo '#include "model/embedded.h"'
echo 'const struct embedded_file embedded_files[] = {'
for file in "$@"; do
    echo "{\"$(basename "$file")\","
    sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' "$file"
    echo '},'
done
echo '{0, 0},'
echo '};'

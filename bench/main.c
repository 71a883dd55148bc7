/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: pagewalk-bench [--benchmark_FLAG...] [--accesses=N] [--text=FILE]   FILE: a trace, uncompressed text
 *        pagewalk-bench --once=NAME [--accesses=N]      one iteration, for bench/instructions.sh
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/arrays.h"
#include "bench/bench.h"
#include "bench/columns.h"
#include "bench/engine.h"
#include "bench/parts.h"
#include "bench/sweeps.h"
#include "bench/text.h"

/* The value of `--name=VALUE`, NULL where `word` is something else. */
static const char *option_value(const char *word, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

int main(int argc, char **argv)
{
    const char *once = NULL;
    const char *text = NULL;
    uint64_t accesses = ENGINE_ACCESSES;
    int left = 1;
    for (int i = 1; i < argc; i++) {
        const char *value;
        if ((value = option_value(argv[i], "--once")) != NULL)
            once = value;
        else if ((value = option_value(argv[i], "--accesses")) != NULL)
            accesses = strtoull(value, NULL, 10);
        else if ((value = option_value(argv[i], "--text")) != NULL)
            text = value;
        else
            argv[left++] = argv[i];
    }
    argv[left] = NULL;
    if (accesses == 0) {
        fprintf(stderr, "--accesses takes a number above 0\n");
        return 2;
    }
    engine_register(accesses);
    sweeps_register();
    parts_register();
    arrays_register();
    text_register(TEXT_RECORDS, text);
    columns_register();
    return once != NULL ? bench_once(once) : bench_run(left, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What libFuzzer calls with the bytes that it makes up: `--format=NAME` says what they are a trace of, and without it they are
 * what a file may hold, which is where decompression is. `make fuzz` runs it.
 */
#include "traces/format_testing.h"

#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes);

static const struct trace_format *format;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char option[] = "--format=";
    for (int i = 1; i < *argc; i++)
        if (strncmp((*argv)[i], option, sizeof option - 1) == 0)
            format = format_find((*argv)[i] + sizeof option - 1);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes)
{
    if (format != NULL)
        format_try(format, (const char *)bytes, size_bytes);
    else
        format_try_file(NULL, (const char *)bytes, size_bytes);
    return 0;
}

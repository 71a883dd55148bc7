/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trace_output.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/output.h"

bool trace_output_open(struct trace_output *output, const char *path, const char *source, struct err *err)
{
    *output = (struct trace_output){.path = path};
    struct stat status;
    /* A pipe must not be opened twice: whoever reads it would see its end. */
    if (strcmp(path, "-") == 0 || (stat(path, &status) == 0 && S_ISFIFO(status.st_mode)))
        return true;
    output->replaces = replacement_suits(path);
    /* Opened and closed to see whether it can be written. */
    struct output probe = {.path = path};
    if (!output_open(&probe, err))
        return false;
    const bool same = source != NULL && output_is(&probe, source);
    if (!output_close(&probe, err))
        return false;
    return !same || err_set(err, "-o %s is the trace itself; give another file", path);
}

static struct writer *open_beside(struct trace_output *output, struct err *err)
{
    const int fd = replacement_open(&output->replacement, output->path, err);
    return fd >= 0 ? writer_open_fd(fd, output->path, err) : NULL;
}

static bool begin(struct trace_output *output, struct err *err)
{
    if (output->writer == NULL)
        output->writer = output->replaces ? open_beside(output, err) : writer_open(output->path, err);
    return output->writer != NULL;
}

bool trace_output_block(struct trace_output *output, const struct block *block, const struct extras *extras,
                        struct err *err)
{
    return begin(output, err) && writer_block(output->writer, block, extras, err);
}

bool trace_output_bytes(struct trace_output *output, const void *bytes, size_t size_bytes, struct err *err)
{
    return begin(output, err) && writer_bytes(output->writer, bytes, size_bytes, err);
}

bool trace_output_close(struct trace_output *output, bool good, struct err *err)
{
    if (output->writer != NULL) {
        struct err first = *err;
        const bool closed = writer_close(output->writer, err);
        output->writer = NULL;
        if (!good)
            *err = first; /* the reason; what the close says follows from it */
        good = good && closed;
    }
    if (output->replacement.target == NULL)
        return good;
    if (good)
        return replacement_keep(&output->replacement, err);
    replacement_drop(&output->replacement);
    return false;
}

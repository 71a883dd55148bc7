/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/options.h"

const char *const output_format_names[] = {"table", "csv", "tsv", "json", NULL};

static const char *const suffixes[] = {".txt", ".csv", ".tsv", ".json", NULL};

static int position_of(const char *word, const char *const *list)
{
    for (int i = 0; list[i] != NULL; i++)
        if (strcmp(word, list[i]) == 0)
            return i;
    return -1;
}

bool output_choose(struct output *output, const char *path, const char *name, struct err *err)
{
    *output = (struct output){.path = path != NULL && strcmp(path, "-") != 0 ? path : NULL};
    int format = isatty(STDOUT_FILENO) == 1 ? OUTPUT_TABLE : OUTPUT_CSV;
    if (name != NULL) {
        format = position_of(name, output_format_names);
        if (format < 0)
            return options_unknown(err, "format", name, output_format_names);
    } else if (output->path != NULL) {
        const char *base = strrchr(output->path, '/');
        const char *suffix = strrchr(base != NULL ? base : output->path, '.');
        format = suffix != NULL ? position_of(suffix, suffixes) : -1;
        if (format < 0)
            return err_set(
                err,
                "%s: the name ends in none of .csv .tsv .json .txt, so that the format is open; choose one with "
                "--format table, csv, tsv or json",
                path);
    }
    output->format = (enum output_format)format;
    return true;
}

bool output_choose_append(struct output *output, struct err *err)
{
    if (output->path == NULL)
        return err_set(err, "--append adds to a file; give it with -o FILE");
    if (output->format == OUTPUT_TABLE)
        return err_set(err, "%s: --append: a table is written as a whole; choose csv, tsv or json", output->path);
    output->append = true;
    return true;
}

bool output_open(struct output *output, struct err *err)
{
    if (output->path == NULL) {
        output->file = stdout;
        return true;
    }
    int fd = open(output->path, O_WRONLY | O_CLOEXEC | (output->append ? O_APPEND : 0));
    if (fd < 0 && errno == ENOENT) {
        fd = open(output->path, O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, 0666);
        output->created = fd >= 0;
    }
    output->file = fd >= 0 ? fdopen(fd, "w") : NULL;
    return output->file != NULL || err_set(err, "%s: cannot be written: %s", output->path, strerror(errno));
}

static bool written(const struct output *output, bool good, struct err *err)
{
    /* An error of an earlier write may have left no errno. */
    return good || err_set(err, "%s: not all of it could be written: %s; write it elsewhere",
                           output->path != NULL ? output->path : "standard output", strerror(errno != 0 ? errno : EIO));
}

/* In a folder that takes no other file the one that is there is written over, late as it is to refuse. */
static bool replace(struct output *output, struct err *err)
{
    struct err unused;
    const int fd = replacement_suits(output->path) ? replacement_open(&output->replacement, output->path, &unused) : -1;
    if (fd < 0)
        return written(output, ftruncate(fileno(output->file), 0) == 0, err);
    FILE *file = fdopen(fd, "w");
    if (file == NULL) {
        close(fd);
        replacement_drop(&output->replacement);
        return written(output, false, err);
    }
    fclose(output->file);
    output->file = file;
    return true;
}

bool output_begin(struct output *output, struct err *err)
{
    if (output->begun)
        return true;
    output->begun = true;
    struct stat status;
    /* A device or a pipe has nothing to lose. */
    if (output->path == NULL || output->append || fstat(fileno(output->file), &status) != 0 ||
        !S_ISREG(status.st_mode) || status.st_size == 0)
        return true;
    return replace(output, err);
}

bool output_flush(struct output *output, struct err *err)
{
    errno = 0;
    return written(output, fflush(output->file) == 0 && !ferror(output->file), err) &&
           (output->replacement.target == NULL || replacement_keep(&output->replacement, err));
}

bool output_close(struct output *output, struct err *err)
{
    if (output->file == NULL)
        return true;
    bool good = output_flush(output, err);
    if (output->path != NULL) {
        errno = 0;
        good = written(output, fclose(output->file) == 0 || !good, err) && good;
        if (output->replacement.target != NULL)
            replacement_drop(&output->replacement);
        else if (output->created && !output->begun)
            unlink(output->path);
    }
    output->file = NULL;
    return good;
}

bool output_is(const struct output *output, const char *path)
{
    struct stat ours;
    struct stat theirs;
    return output->file != NULL && fstat(fileno(output->file), &ours) == 0 && stat(path, &theirs) == 0 &&
           S_ISREG(ours.st_mode) && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

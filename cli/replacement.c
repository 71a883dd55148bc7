/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

enum { TRIES = 100, BASE_BYTES = 200 /* a name ends at 255 on most file systems */ };

bool replacement_suits(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return lstat(path, &status) != 0;
    char *real = realpath(path, NULL);
    const bool suits = real != NULL && S_ISREG(status.st_mode);
    free(real);
    return suits;
}

static void forget(struct replacement *replacement)
{
    free(replacement->target);
    free(replacement->path);
    *replacement = (struct replacement){0};
}

/* "DIR/NAME.PID.part"; where that is there, left by another process of this number, "DIR/NAME.PID-1.part". */
static char *part_path(const char *target, int attempt)
{
    const char *slash = strrchr(target, '/');
    const int folder = slash != NULL ? (int)(slash + 1 - target) : 0;
    char number[16] = "";
    char *path;
    if (attempt > 0)
        snprintf(number, sizeof number, "-%d", attempt);
    if (asprintf(&path, "%.*s%.*s.%ld%s.part", folder, target, BASE_BYTES, target + folder, (long)getpid(), number) < 0)
        return NULL;
    return path;
}

/* Its owner, as far as that is for us to give, and its rights. */
static void copy_rights(int fd, const char *target)
{
    struct stat status;
    if (stat(target, &status) != 0)
        return;
    if (fchown(fd, status.st_uid, status.st_gid) != 0 && errno != EPERM)
        return;
    (void)fchmod(fd, status.st_mode & 0777);
}

int replacement_open(struct replacement *replacement, const char *path, struct err *err)
{
    char *real = realpath(path, NULL);
    *replacement = (struct replacement){.target = real != NULL ? real : say_copy(path)};
    int fd = -1;
    errno = EEXIST;
    for (int attempt = 0; fd < 0 && errno == EEXIST && attempt < TRIES; attempt++) {
        free(replacement->path);
        replacement->path = part_path(replacement->target, attempt);
        fd = replacement->path != NULL ? open(replacement->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
    }
    if (fd >= 0) {
        copy_rights(fd, replacement->target);
        return fd;
    }
    err_set(err,
            "%s: the folder takes no file beside it, which is what is written until it is whole: %s; write it "
            "elsewhere",
            path, strerror(errno));
    forget(replacement);
    return -1;
}

bool replacement_keep(struct replacement *replacement, struct err *err)
{
    const bool good = rename(replacement->path, replacement->target) == 0 ||
                      err_set(err, "%s: cannot be replaced: %s; what was to take its place is whole, and is %s",
                              replacement->target, strerror(errno), replacement->path);
    forget(replacement);
    return good;
}

void replacement_leave(struct replacement *replacement)
{
    forget(replacement);
}

void replacement_drop(struct replacement *replacement)
{
    if (replacement->path != NULL)
        unlink(replacement->path);
    forget(replacement);
}

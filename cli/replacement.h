/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file that is written beside the one that it is to replace, and takes its place once it is good. For regular files
 * and for names that no file has yet; a pipe or a device is written to itself, by others.
 *
 * Always: until replacement_keep the file that was there is as it was, whatever happens to this process. One that is
 * killed leaves FILE.PID.part behind.
 */
#ifndef CLI_REPLACEMENT_H
#define CLI_REPLACEMENT_H

#include <stdbool.h>

#include "model/err.h"

struct replacement {
    char *target; /* NULL: there is none */
    char *path;   /* of what is written */
};

/* Is the path one of a regular file, or of none yet? A pipe, a device or a file that has no name any more is not. */
bool replacement_suits(const char *path);

/* Creates the file beside `path`, with the rights of the one that is there, and returns a descriptor that is the
 * caller's; -1 with err where the folder takes none. Of a symbolic link the file that it leads to is replaced. */
int replacement_open(struct replacement *replacement, const char *path, struct err *err);

/* Puts it in place of the file. Where that fails it stays beside it, and err says where. */
bool replacement_keep(struct replacement *replacement, struct err *err);

/* Leaves it where it is, beside the file. */
void replacement_leave(struct replacement *replacement);

/* Removes it. */
void replacement_drop(struct replacement *replacement);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The combinations of a sweep that no machine can be made of, gathered to be said at once. One bad value makes many bad
 * combinations, and two axes that do not go together make many that differ in their numbers only: what is written is
 * grouped by problem, problems by their kind, and the combinations of one problem as --vary would write them.
 */
#ifndef CLI_ILLEGAL_H
#define CLI_ILLEGAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/axes.h"

struct illegal;

/* `axes` must live as long. */
struct illegal *illegal_create(const struct axes *axes);
void illegal_free(struct illegal *illegal);

/* `reason` has a line for each problem of the combination. Combinations come in ascending order, each once. */
void illegal_add(struct illegal *illegal, size_t combination, const char *reason);

/* Of combinations. */
size_t illegal_count(const struct illegal *illegal);

/* Writes each problem in the order in which it came up, with its combinations. Without `all`, of a kind with very many
 * problems the first few, and of a problem the first few combinations where they are not simply those of some values of
 * the axes; then it says how many are left out. True where something was. */
bool illegal_write(const struct illegal *illegal, bool all, FILE *out);

#endif

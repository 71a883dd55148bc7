/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said of what a trace holds and was left out: lines that are no records, and what is damaged.
 */
#ifndef CLI_UNKNOWN_LINES_H
#define CLI_UNKNOWN_LINES_H

#include <stdbool.h>

#include "model/err.h"
#include "traces/reader.h"

/* Says on stderr how many there were and which was the first; where `strict`, that is the error, and false. */
bool unknown_lines_judge(const char *trace, const struct reader_facts *facts, bool strict, struct err *err);

/* Says on stderr what --keep-going passed over, if anything. */
void unknown_lines_say_losses(const char *trace, const struct reader_facts *facts);

#endif

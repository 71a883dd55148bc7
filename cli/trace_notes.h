/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said of a trace that was read: what its format lacks, which of its records were left out, its lines that are
 * no records, and what of it is damaged.
 */
#ifndef CLI_TRACE_NOTES_H
#define CLI_TRACE_NOTES_H

#include <stdbool.h>

#include "model/err.h"
#include "traces/reader.h"

/* Notes what to know of such a trace, and what of it the model has no use for. */
void trace_notes_say(const char *trace, const struct reader_facts *facts);

/* The same, and says on stderr how many unknown lines there were and which was the first; where `strict`, that is the error,
 * and false. */
bool trace_notes_judge(const char *trace, const struct reader_facts *facts, bool strict, struct err *err);

/* Says on stderr what --keep-going passed over, if anything. */
void trace_notes_losses(const char *trace, const struct reader_facts *facts);

/* For who simulates: says that processes are taken for one, where there are several. */
void trace_notes_processes(const char *trace, const struct reader_facts *facts);

#endif

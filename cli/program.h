/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that was traced while it ran: what is said of how it ended.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "cli/options.h"
#include "traces/capture.h"

/* Says that a signal ended the program, and what that means (`until`); the status is the program's, as a shell reports
 * it. */
enum status program_say_end(const char *program, const struct capture_result *result, const char *until);

/* Says how many lines were none of Lackey's, where there are any. */
void program_say_lines(const struct reader_facts *facts);

#endif

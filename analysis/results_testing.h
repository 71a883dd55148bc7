/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A directory of its own for a test program, and files in it. Code that only tests link.
 */
#ifndef ANALYSIS_RESULTS_TESTING_H
#define ANALYSIS_RESULTS_TESTING_H

/* Group fixtures: into a new temporary directory; out of it, and away with it. */
int testing_enter(void **state);
int testing_leave(void **state);

/* Writes the text into the file, over what was there. */
void testing_write(const char *path, const char *text);

/* The file's bytes, with a NUL behind them, which the caller frees; NULL where there is no such file. */
char *testing_read(const char *path);

#endif

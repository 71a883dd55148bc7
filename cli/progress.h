/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line on a terminal's stderr for work that lasts over a second: how far it is, how fast, and how long it will
 * take. Nothing anywhere else. It stands outside of everything that is computed.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

/* `label` is shown in front and must live until progress_end. `total` is of what `done` counts, 0 where it is unknown.
 */
void progress_begin(const char *label, uint64_t total);

/* Cheap enough for every block. */
void progress_update(uint64_t accesses, uint64_t done);

/* Takes the line away until the next update; for whoever prints on stderr. */
void progress_hide(void);

void progress_end(void);

/* Seconds of a clock that only goes forward. */
double progress_clock(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep costs, in runs of one configuration: ten associativities of the second level, and a thousand
 * configurations of page sizes, first levels, set counts and associativities.
 */
#ifndef BENCH_SWEEPS_H
#define BENCH_SWEEPS_H

/* Registers sweep/ten/MODE/STREAM and sweep/thousand/MODE/STREAM. Behind engine_register, whose streams these use. */
void sweeps_register(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random machines and random traces for property tests: legal by construction, small enough that everything in them is
 * evicted often, and the same for the same state on every computer (model/random.h). Code that only tests link.
 */
#ifndef MODEL_RANDOM_MACHINE_TESTING_H
#define MODEL_RANDOM_MACHINE_TESTING_H

#include <stddef.h>
#include <stdint.h>

#include "model/machine.h"
#include "model/page_table.h"

enum { RANDOM_MACHINE_TEXT_BYTES = 8192 }; /* is enough for every machine */

/* Writes a legal machine file. What it draws:
 * - one to three levels. The first two are unified, split, split with a part missing (a first level without l1i drops
 *   the fetches, one without l1d the data), or, the second, shared by some page sizes and split for others;
 * - for each of these, one array for any page size, or up to three that share out some sizes, os.page_size often, but
 *   not always, among them; below level 1 arrays of no entries, so that a level may be absent above another;
 * - sets and ways of 1 to 8, odd ones too, at times up to 64, written as any two of entries, sets and ways, or with
 *   `ways = full`;
 * - all seven policies; xor index (one set included); below level 1 victim fills, whatever stands above them, so that
 *   there are chains of victims and victims with a kind or a size that nothing above them serves;
 * - all of page_table_formats, os.page_size from the smallest leaf to the largest and in between;
 * - walk caches at each level above the last, or not; 1 to 4 walkers; setup cycles; one in five with a core,
 *   1 to 6 wide, windows of 1 to 2048;
 * - reads of a fixed cost, or through none to three caches (any of the three, sizes in no order), lines of 16 to 4096
 *   bytes, odd sets; at times caches with model = fixed, which must not matter; pages over 64G of formats with more
 *   than 51 address bits have fixed costs only, since caches address no more than 2^52 bytes. */
void random_machine_text(uint64_t *state, char *text, size_t size);

/* Writes settings of [asid] and [os], to overlay the machine with, or none, if that knows one process: ids from none to more than a test has
 * processes, both ways to recycle them, global pages, shootdowns of some pages and of all; or none of these. And 1 to 7 CPUs,
 * which share the arrays and caches from some level on, or none. */
void random_process_text(uint64_t *state, const struct machine *machine, char *text, size_t size);

/* Draws `count` accesses with locality. Pages come from a few regions, which lie anywhere in the format's legal range
 * (its upper half and the ends of both halves included), and from regions' neighbours at distances of one page up to
 * what a root entry covers. Stretches of up to 64 accesses are: one page; sequential; strides within a page, of pages
 * and of many pages, upward and downward; a few hot pages; far jumps; page crossings (sizes up to 4096, lines and pages
 * as starts and ends); fetches that run through code between data from hot pages. All kinds; sizes 1 to 4096, most of
 * them small. Each byte of every access is at an address that the format expresses. */
void random_trace(uint64_t *state, const struct page_table_format *format, uint64_t page_size_bytes, uint64_t *va,
                  uint16_t *meta, size_t count);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DynamoRIO's memory traces in their final form: what drmemtrace's post-processing (drraw2trace, or a first run of an analysis
 * tool) puts into the folder trace/, a file a thread, mostly compressed with gzip; or one file for all threads. A trace is a
 * row of trace_entry_t, packed and little-endian, as clients/drcachesim/common/trace_entry.h declares it:
 *
 *     u16 type    u16 size    address, of 8 bytes, or of 4 from 32-bit programs
 *
 * Builds before entries were packed have 4 bytes of padding before 8 of address. The first entry is a header, type 25, whose
 * address is the version; it tells which of the three. Entries of
 *
 *     instructions   are fetches of `size` bytes at the address; of size 0, they only tell the pc of what follows, and so do
 *                    those of "no fetch", which repeat an instruction that is fetched already
 *     bundles        are `size` further fetches behind the one before, whose lengths stand in the address
 *     reads, writes  are loads and stores; their pc is that of the fetch before
 *     thread, pid,   are events, with Linux's own numbers
 *      thread exit
 *     prefetches, flushes of caches, accesses of 0 bytes or more than 4096, and markers of physical addresses and of gaps
 *                    between windows of tracing are left out and counted
 *     other markers, headers, footers and encodings of instructions say nothing that the model knows, and are skipped
 *
 * A trace that was filtered when it was recorded lacks what hit in the filter's caches; the facts' caveat says so.
 *
 * What raw traces hold (the folder raw/) is not this. Archives (.zip) are not read: unzip -p gives what they hold.
 *
 * Always: an entry of a type beyond the last that is known (49) is an error.
 */
#ifndef TRACES_DRMEMTRACE_H
#define TRACES_DRMEMTRACE_H

#include "traces/reader.h"

extern const struct trace_format drmemtrace_format;

#endif

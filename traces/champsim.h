/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ChampSim's traces, which are mostly compressed with xz: an instruction a record, binary and little-endian, as
 * inc/trace_instruction.h (once inc/instruction.h) of ChampSim declares them.
 *
 *     champsim, 64 bytes (input_instr)              champsim-cloudsuite, 96 bytes (cloudsuite_instr)
 *      0  u64     ip                                 0  u64     ip
 *      8  u8      is_branch, 0 or 1                  8  u8      is_branch, 0 or 1
 *      9  u8      branch_taken, 0 or 1               9  u8      branch_taken, 0 or 1
 *     10  u8 [2]  destination registers             10  u8 [4]  destination registers
 *     12  u8 [4]  source registers                  14  u8 [4]  source registers
 *     16  u64[2]  destination_memory                18          padding
 *     32  u64[4]  source_memory                     24  u64[4]  destination_memory
 *                                                   56  u64[4]  source_memory
 *                                                   88  u8 [2]  asid
 *                                                   90          padding
 *
 * A record is a fetch at ip, then a load of each source_memory that is not 0, then a store to each destination_memory that
 * is not 0. The trace has no sizes, of instructions neither: each is taken for 1 byte. Where the ASID changes, the process
 * does.
 *
 * There is no magic number. A trace is recognised where its first 4096 bytes are records of one of the two sizes whose
 * flags are 0 or 1, with no branch taken that is none, an ip that is not 0, and canonical addresses of 57 bits; one that
 * could be of both is of neither.
 *
 * Always: a record whose flags are neither 0 nor 1 is an error, which a wrong record size comes to within a few records.
 */
#ifndef TRACES_CHAMPSIM_H
#define TRACES_CHAMPSIM_H

#include "traces/reader.h"

extern const struct trace_format champsim_format;
extern const struct trace_format champsim_cloudsuite_format;

#endif

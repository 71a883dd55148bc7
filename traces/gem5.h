/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gem5's packet traces, as its CommMonitor's MemTraceProbe writes them (mostly compressed with gzip) and its TraceCPU
 * reads instruction fetches: the bytes "gem5", then messages of Protocol Buffers (proto2), each behind its length as a
 * varint. The first is a PacketHeader, the others are Packets (src/proto/packet.proto):
 *
 *     1 tick uint64   2 cmd uint32   3 addr uint64   4 size uint32   5 flags uint32   6 pkt_id uint64   7 pc uint64
 *
 * of which cmd, addr and size must be there. A packet is an access where its command asks for data: reads are loads, or
 * instruction fetches where flags has INST_FETCH (0x100 of src/mem/request.hh); writes are stores; a swap is a modify. All
 * other commands are left out and counted: responses, prefetches, what caches say to each other. So are packets of 0 bytes
 * or more than an access has.
 *
 * Commands are numbers of MemCmd::Command (src/mem/packet.hh), which gem5 does not keep: this takes those of the releases
 * that know LockedRMWReadReq. ReadReq (1) and WriteReq (4) have always been the same, and nearly all that a CPU asks for.
 *
 * Addresses are mostly physical: packets travel behind the TLB. Where they are, a run models a TLB in a machine whose pages
 * are all mapped to themselves. gem5's other traces, of instructions and of their dependencies, begin alike and are an error.
 *
 * Always: a packet is at most GEM5_PACKET_BYTES, so that a length which lies is an error, and the header is skipped without
 * being kept.
 */
#ifndef TRACES_GEM5_H
#define TRACES_GEM5_H

#include "traces/reader.h"

enum { GEM5_PACKET_BYTES = 1024 };

extern const struct trace_format gem5_format;

#endif

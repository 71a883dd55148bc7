/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where what stands in a native trace, for its writer and its reader: FORMAT.md in C.
 */
#ifndef TRACES_NATIVE_LAYOUT_H
#define TRACES_NATIVE_LAYOUT_H

#include <stdint.h>

enum { NATIVE_MAGIC_BYTES = 8 };

/* A byte with its top bit set, so that seven-bit transfers damage it; both line ends, so that text transfers do; and
 * Ctrl-Z, so that type on Windows ends there. */
#define NATIVE_MAGIC "\x89PWT\r\n\x1a\n"
#define NATIVE_SYNC "\xf4PWp"
#define NATIVE_END "\xf4PWTend\n"

/* The header of the file. */
enum {
    HEADER_MAJOR = 8,
    HEADER_MINOR = 10,
    HEADER_HASH = 12, /* the low 32 bits, of what is before it */
    HEADER_BYTES = 16,
};

/* The header of a piece: what all of the file is made of between its header and its trailer. */
enum {
    PIECE_TYPE = 4,
    PIECE_SECTIONS = 5,
    PIECE_ZERO = 6,
    PIECE_PAYLOAD_BYTES = 8,
    PIECE_ACCESSES = 12,
    PIECE_EVENTS = 16,
    PIECE_COLUMNS_BYTES = 20,
    PIECE_FIRST_RECORD = 24,
    PIECE_PROCESS = 32,
    PIECE_THREAD = 36,
    PIECE_PAYLOAD_HASH = 40,
    PIECE_HASH = 48, /* of what is before it */
    PIECE_BYTES = 56,
};

enum piece_type { PIECE_TYPE_METADATA = 1, PIECE_TYPE_CHUNK = 2, PIECE_TYPE_INDEX = 3 };

/* All but the first two are 0 where it is no chunk. */
struct piece {
    enum piece_type type;
    uint32_t payload_bytes;
    uint8_t sections;
    uint32_t accesses, events;
    uint32_t columns_bytes;
    uint64_t first_record;
    uint32_t process, thread; /* whose the first access is; 0 where nothing said so */
    uint64_t payload_hash;
};

/* The columns take at most 16 bytes an access, and what stands beside them its own most. */
enum { NATIVE_PAYLOAD_BYTES_MAX = 80 << 20, NATIVE_METADATA_BYTES_MAX = 8 << 20 };

/* The index: totals, then an entry a chunk. */
enum {
    INDEX_RECORDS = 0,
    INDEX_EVENTS = 8,
    INDEX_OF_KIND = 16,
    INDEX_LOWEST = 48,
    INDEX_HIGHEST = 56,
    INDEX_PAGES = 64,
    INDEX_HASH = 96,
    INDEX_CHUNKS = 104,
    INDEX_SECTIONS = 108,
    INDEX_BYTES = 112,

    ENTRY_OFFSET = 0,
    ENTRY_FIRST_RECORD = 8,
    ENTRY_LOWEST = 16,
    ENTRY_HIGHEST = 24,
    ENTRY_ACCESSES = 32,
    ENTRY_EVENTS = 36,
    ENTRY_OF_KIND = 40,
    ENTRY_BYTES = 56,

    INDEX_CHUNKS_MAX = (NATIVE_PAYLOAD_BYTES_MAX - INDEX_BYTES) / ENTRY_BYTES,
};

/* The trailer, the last bytes of the file. */
enum {
    TRAILER_INDEX_OFFSET = 8,
    TRAILER_HASH = 16, /* of what is before it */
    TRAILER_BYTES = 24,
};

#endif

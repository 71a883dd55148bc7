/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a stream, which pagewalk's Valgrind tool writes and stream.c reads; FORMAT-stream.md has them byte by byte.
 *
 * Included by the tool, too, which has no libc: no functions but inline ones, and no header but those of the compiler.
 */
#ifndef TRACES_STREAM_WORDS_H
#define TRACES_STREAM_WORDS_H

#include <stdint.h>

/* The last byte but one is what text mode changes, as in PNG. */
#define STREAM_MAGIC "\x89PWS\r\n\x1a\n"

enum {
    STREAM_MAGIC_BYTES = 8,
    STREAM_VERSION = 1,
    STREAM_FIXED_BYTES = 24,      /* of the header, before its two texts */
    STREAM_HEADER_BYTES = 4096,   /* at most, texts and all */
    STREAM_FRAME_WORDS = 1 << 17, /* at most, behind the frame's first */
    STREAM_NAME_BYTES = 3072,     /* of an event's name, at most */
    STREAM_EVENT_WORDS = 5,       /* behind the word of an event that has any, before its name */
};

/* Flags of the header. */
enum {
    STREAM_HAS_PC = 1,
    STREAM_NO_INSTRUCTIONS = 2,
    STREAM_NO_DATA = 4,
    STREAM_CHILDREN = 8, /* processes share the stream */
    STREAM_FLAGS = 15,
};

/* An access is meta (model/access.h) in the low 16 bits, whose upper two are 0 there, and the address, whose upper 16
 * bits are copies of bit 47, above: one shift and one or make it, one arithmetic shift takes it apart. The two bits tell
 * the words apart. */
enum {
    STREAM_VA_SHIFT = 16,
    STREAM_TAG_SHIFT = 14,
    STREAM_TAG_MASK = 3 << STREAM_TAG_SHIFT,
    STREAM_ACCESS = 0 << STREAM_TAG_SHIFT,
    STREAM_EVENT = 1 << STREAM_TAG_SHIFT,     /* kind in bits 0 to 7, how many words follow in 16 to 31, id above */
    STREAM_ACCESS_PC = 2 << STREAM_TAG_SHIFT, /* its pc follows */
};

/* Beside enum event_kind (extras.h). */
enum {
    STREAM_END = 128, /* the process may be gone from here on: it ends, or tries to become another program */
};

static inline uint64_t stream_event(uint32_t kind, uint32_t following_words, uint32_t id)
{
    return STREAM_EVENT | (uint64_t)kind | (uint64_t)following_words << 16 | (uint64_t)id << 32;
}

/* How many words follow that of an event. */
static inline uint32_t stream_following(uint64_t word)
{
    return word >> 16 & 0xffff;
}

static inline uint64_t stream_frame(uint32_t process, uint32_t following_words)
{
    return (uint64_t)process << 32 | following_words;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Made-up traces: streams of accesses whose statistics are known in closed form.
 *
 * Not models of programs: there are no instruction fetches, no mixed sizes, no call stack. Every access is data, 8
 * bytes, aligned to 8, a load or a store, inside [base, base + pages * page_size_bytes). Equal options give equal
 * streams, on every machine of one architecture and C library: nothing is drawn from the clock. The addresses do not
 * depend on store_share.
 */
#ifndef TRACES_GENERATE_H
#define TRACES_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/access.h"
#include "model/err.h"

struct generate;

/* The options that only some generators use; all use the others. */
enum generate_uses { GENERATE_STRIDE = 1, GENERATE_EXPONENT = 2 };

enum {
    GENERATE_ACCESS_BYTES = 8,
    GENERATE_LINE_BYTES = 64, /* what `chase` steps by, and the smallest page */
    GENERATE_PHASES = 8,
};

/* A new one is a function `next`, where needed a function `prepare`, and a line in the table `generators`. */
struct generator {
    const char *name;
    const char *help;                                            /* one line, no full stop */
    unsigned uses;                                               /* of enum generate_uses */
    bool (*prepare)(struct generate *generate, struct err *err); /* its own checks and tables; NULL for none */
    uint64_t (*next)(struct generate *generate);                 /* the next access, in bytes from base */
};

/* In the order of the help; ends where name is NULL. */
extern const struct generator generators[];

struct generate_options {
    const struct generator *kind;
    uint64_t accesses;        /* >= 1 */
    uint64_t pages;           /* >= 1; phases: >= 8 */
    uint64_t page_size_bytes; /* a power of two, >= 64 */
    uint64_t base;            /* a multiple of page_size_bytes */
    uint64_t stride_bytes;    /* stride: a multiple of 8, 8 to the footprint; the usual one is page_size_bytes */
    double exponent;          /* zipf: >= 0, 0 being uniform */
    double store_share;       /* of the accesses, 0 to 1 */
    uint64_t seed;            /* any; all 64 bits count */
};

/* What a user gets who says nothing; `kind` is NULL. The base is a multiple of 1G that every page-table format reaches.
 */
extern const struct generate_options generate_defaults;

/* The generator of that name; NULL and an error that names the nearest one, or all, where there is none. */
const struct generator *generator_find(const char *name, struct err *err);

/* Checks every option that `kind` uses, and draws its tables (at most 2G). *generate is untouched after a failure. */
bool generate_open(const struct generate_options *options, struct generate **generate, struct err *err);

/* Fills the block with what comes next; count is 0 at the end. An access's line is its number: a text has one a line.
 */
void generate_next(struct generate *generate, struct block *block);

/* NULL is allowed. */
void generate_close(struct generate *generate);

#endif

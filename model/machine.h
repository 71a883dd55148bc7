/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A machine: what a machine file and the settings on the command line say, checked once and then fixed. Nothing runs
 * here, and nothing is adjusted: what does not fit is an error that names file and line, the value and the nearest
 * legal one.
 *
 * Two steps, two types. `struct machine_text` holds settings as the user wrote them, each with its origin; settings
 * from the command line overlay those of the file. `machine_resolve` turns them into a `struct machine`, in which every
 * value is given, legal, and consistent with the others.
 */
#ifndef MODEL_MACHINE_H
#define MODEL_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/err.h"
#include "model/page_table.h"

enum {
    MACHINE_NAME_BYTES = 64,
    MACHINE_ARRAYS_MAX = 32,
    MACHINE_LEVELS = 3, /* of TLBs */
    MACHINE_ENTRIES_MAX = 1 << 24,
    MACHINE_CYCLES_MAX = 1000000,
    MACHINE_CACHES = 3,          /* l1d, l2, l3 */
    MACHINE_ASIDS_MAX = 1 << 16, /* arm64's 16 bits are the most there are */
    MACHINE_CPUS_MAX = 16,
    MACHINE_COVER_MAX = 16, /* pages of an entry */
    PREFETCH_DEGREE_MAX = 8,
    PREFETCH_ENTRIES_MAX = 1024,
    PREFETCH_ROWS_MAX = 65536,
    MACHINE_RANGES_MAX = 256,
    MACHINE_PAGE_SIZES_MAX = 7, /* in one machine */
};

#define MACHINE_ASIDS_ANY UINT32_MAX /* one for every process */

/* ---- The resolved machine ---- */

struct geometry {
    uint32_t entries; /* sets x ways; 0: absent */
    uint32_t sets;
    uint32_t ways;
};

enum policy { POLICY_LRU, POLICY_FIFO, POLICY_LFU, POLICY_PLRU, POLICY_NRU, POLICY_SRRIP, POLICY_RANDOM };
enum tlb_index { INDEX_MODULO, INDEX_XOR };
enum tlb_fill { FILL_ALL, FILL_VICTIM };
enum sector_fill { SECTOR_FILL_PAGE, SECTOR_FILL_ALL };
enum coalesce_rule { COALESCE_RUN, COALESCE_WHOLE };
enum memory_model { MEMORY_FIXED, MEMORY_CACHES };
enum asid_recycle { RECYCLE_ONE, RECYCLE_ALL };
enum walker_kind { WALKER_HARDWARE, WALKER_SOFTWARE };
enum page_policy { PAGES_UNIFORM, PAGES_THP, PAGES_KHUGEPAGED, PAGES_RESERVE, PAGES_RANGES };

/* Sets of lookup kinds. */
enum kinds { KINDS_NONE = 0, KINDS_INSTRUCTIONS = 1, KINDS_DATA = 2, KINDS_ALL = 3 };

/* Of a first level's data: both in one array, or loads and stores in arrays of their own. A modify is a store here. */
enum data_half { DATA_BOTH, DATA_LOADS, DATA_STORES };

struct tlb_array {
    char name[MACHINE_NAME_BYTES]; /* "l2.shared": level and label */
    unsigned level;                /* 1, 2 or 3 */
    enum kinds kinds;              /* what it serves: of l1i KINDS_INSTRUCTIONS, of l2 KINDS_ALL */
    enum data_half half;           /* of l1l DATA_LOADS, of l1s DATA_STORES */
    uint64_t page_sizes;           /* a set: being powers of two, sizes are their own bits; 0: any size */
    struct geometry geometry;
    enum policy policy;
    enum tlb_index index;
    enum tlb_fill fill;
    uint32_t hit_cycles; /* on top of a first-level hit; 0 on level 1 */
    uint32_t sector;     /* pages that a tag stands for, with a valid bit each; up to 1: an entry is a page */
    enum sector_fill sector_fill;
    uint32_t
        coalesce; /* pages of the aligned group that an entry may cover where frames are contiguous; up to 1: none */
    enum coalesce_rule coalesce_rule;
    bool pdes;   /* holds, beside pages, entries that lead to the tables of the last level: machine_pde_level */
    bool shared; /* one of all CPUs; else each has its own */
};

enum prefetch_kind { PREFETCH_NONE, PREFETCH_NEXT, PREFETCH_STRIDE, PREFETCH_DISTANCE };

struct prefetch {
    enum prefetch_kind kind;
    uint32_t degree;  /* pages that a lookup prefetches at most */
    uint32_t entries; /* of the buffer */
    uint32_t rows;    /* of the table of distances */
    uint32_t hit_cycles;
};

struct memory_cache {
    struct geometry geometry; /* in lines */
    uint32_t line_bytes;
    uint32_t hit_cycles; /* whole load-to-use latency */
    bool shared;         /* as of a TLB array */
};

/* What becomes of translations when another process goes on, or when its mappings change. */
struct process_rules {
    uint32_t asids; /* 0: every switch flushes; MACHINE_ASIDS_ANY */
    enum asid_recycle recycle;
    bool global_upper;        /* addresses below 0 are every process's */
    bool shootdowns;          /* what is unmapped or protected leaves the TLB */
    uint32_t shootdown_pages; /* more than so many: all of the process's entries do */
    uint32_t cpus;            /* thread n runs on CPU n mod cpus */
};

/* Addresses whose pages are of one size; whole pages of it, and of os.page_size. */
struct page_range {
    uint64_t first;
    uint64_t last;
    uint64_t page_size_bytes;
};

struct machine {
    char name[MACHINE_NAME_BYTES];
    const char *source; /* free text; lives as long as the machine_text */
    unsigned array_count;
    struct tlb_array array[MACHINE_ARRAYS_MAX]; /* present ones only, by level, then in the order written */
    const struct page_table_format *format;
    struct page_table_sizes table; /* those that the format has; 0: it has none */
    struct geometry
        walk_cache[PAGE_TABLE_LEVELS_MAX]; /* by the level of the entries it holds, 0 = root; entries 0: none */
    const struct page_table_format *host; /* what maps guest-physical addresses, of a guest; NULL: no virtual machine */
    uint64_t host_page_size_bytes;
    unsigned host_leaf_level;
    struct geometry nested_tlb;                             /* entries 0: none */
    struct geometry host_walk_cache[PAGE_TABLE_LEVELS_MAX]; /* as walk_cache */
    enum walker_kind walker_kind;
    struct prefetch prefetch;
    uint32_t walker_count;
    uint32_t walker_setup_cycles;
    uint32_t trap_cycles; /* software */
    uint32_t handler_cycles;
    enum memory_model memory_model;
    uint32_t fixed_cycles;
    uint32_t dram_cycles;
    struct memory_cache cache[MACHINE_CACHES]; /* l1d, l2, l3; entries 0: absent */
    uint64_t page_size_bytes;                  /* os.page_size: of every page, where the policy is uniform */
    unsigned leaf_level;                       /* of the format, for that page size */
    struct process_rules process;
    uint32_t switch_cycles;
    uint32_t shootdown_cycles;
    uint32_t core_width; /* instructions dispatched a cycle; 0: no core, and no estimate */
    uint32_t core_rob;   /* instructions in flight */
    enum page_policy page_policy;
    uint64_t huge_size_bytes; /* thp, khugepaged, reserve; else 0 */
    enum kinds huge_kinds;    /* KINDS_ALL, or KINDS_DATA: not where a fetch comes first */
    uint32_t promote_pages;   /* khugepaged */
    uint32_t reserve_percent; /* reserve */
    uint32_t promote_cycles;
    unsigned range_count;                        /* policy ranges; else 0 */
    struct page_range range[MACHINE_RANGES_MAX]; /* by address; they do not meet */
};

/* How many pages an entry of the array covers at most; 1: an entry is a page. */
uint32_t tlb_array_pages(const struct tlb_array *array);

/* Which kinds the machine translates at all: those that a first-level array serves (whatever its page sizes). */
enum kinds machine_kinds(const struct machine *machine);

/* The level of the entries that arrays with `pdes` hold, non-leaf entries that lead to the smallest leaves' tables; the
 * format's level_count where walks for pages of this size read none. */
unsigned machine_pde_level(const struct machine *machine);

/* Have loads and stores first-level arrays of their own? */
bool machine_splits_data(const struct machine *machine);

/* The first level whose arrays all CPUs share: from there on all are shared. Beyond the last level where there is none. */
unsigned machine_shared_level(const struct machine *machine);

/* What it has that knows the pages of one process only, in words; NULL: nothing. */
const char *machine_of_one_process(const struct machine *machine);

/* The array of `level` that serves `kind` (one bit) and pages of `page_size_bytes`; NULL where none does. Of data that are
 * split in loads and stores, that of loads; */
const struct tlb_array *machine_array(const struct machine *machine, unsigned level, enum kinds kind,
                                      uint64_t page_size_bytes);

/* that of stores is this one. */
const struct tlb_array *machine_store_array(const struct machine *machine, uint64_t page_size_bytes);
/* The sizes of the pages that there can be, a set as in struct tlb_array. */
uint64_t machine_page_sizes(const struct machine *machine);

/* Writes the machine as a machine file with every key: what `machines show` prints and what provenance hashes. */
void machine_write(const struct machine *machine, FILE *out);

/* ---- The settings ---- */

struct machine_text;

/* Reads a machine file. Errors: unreadable file, syntax, unknown sections and keys, repeated ones, each as file:line and
 * all at once, but that syntax comes first: what is no line says nothing about the rest. */
struct machine_text *machine_text_read(const char *path, struct err *err);

/* The same from text in memory; `path` is what messages call it. */
struct machine_text *machine_text_parse(const char *path, const char *text, struct err *err);

/* A preset's name, or else a file's path. Errors: neither, with the nearest preset's name. */
struct machine_text *machine_text_open(const char *name_or_path, struct err *err);

struct machine_text *machine_text_copy(const struct machine_text *text);
void machine_text_free(struct machine_text *text);

/* Overlays one setting, as `--set tlb.l2.shared.entries=1024` does; `origin` begins the message where it does not fit
 * ("--set tlb.l2.shared.entries=1024"). A section that the file lacks is added. Of a geometry, overriding `entries`
 * keeps `ways`, overriding `ways` keeps `entries` (or `sets`, where the file gave no entries), overriding `sets` keeps
 * `ways`, overriding two replaces all. Errors: unknown section or key (naming the nearest), a value that cannot be. */
bool machine_text_set(struct machine_text *text, const char *key, const char *value, const char *origin,
                      struct err *err);

/* Checks everything and fills *machine. Errors: all that is wrong, a line each, but for what would only follow from what
 * is said already. */
bool machine_resolve(const struct machine_text *text, struct machine *machine, struct err *err);

/* ---- The one table of keys ---- */

struct machine_key {
    const char *section; /* "tlb.LEVEL.LABEL", "os" */
    const char *key;
    const char *values; /* "size", "count", "all | victim" */
    const char *preset; /* the default as written, "" for none, NULL for "required" */
    const char *unit;   /* "cycles", "bytes", "" */
    const char *help;
};

/* In the order of the manual; the last has a NULL section. */
extern const struct machine_key machine_keys[];

extern const char *const policy_names[]; /* by enum policy, NULL-terminated */
extern const char *const policy_helps[];

/* Names of the presets that the command carries, sorted, NULL-terminated. */
const char *const *machine_preset_names(void);

/* The text of a preset as its file has it, NULL where there is none. */
const char *machine_preset_text(const char *name);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/random_machine_testing.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "model/access.h"
#include "model/machine.h"
#include "model/machine_keys.h"
#include "model/random.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- Draws ---- */

static bool chance(uint64_t *state, uint32_t percent)
{
    return random_below(state, 100) < percent;
}

static uint32_t between(uint64_t *state, uint32_t lowest, uint32_t highest)
{
    return lowest + random_below(state, highest - lowest + 1);
}

#define PICK(state, list) ((list)[random_below(state, (uint32_t)LENGTH(list))])

/* ---- Machines ---- */

struct writer {
    uint64_t *state;
    char *text;
    size_t size;
    size_t used;
    unsigned pde_level; /* arrays of this level may hold PDEs; 0: none may */
    bool pdes;          /* and one does: then no walk cache holds such, and nothing is prefetched */
    bool victims;       /* arrays may take victims, and then all entries are of one page */
    bool trees;         /* page tables are, and so is known where pages lie */
    bool prefetches;
    bool mixed;  /* pages of several sizes */
    bool nested; /* a guest, whose arrays do not coalesce */
};

static void put(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(writer->text + writer->used, writer->size - writer->used, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < writer->size - writer->used);
    writer->used += (size_t)length;
}

/* A size as a plain number, or with the largest suffix that fits. */
static void put_size(struct writer *writer, uint64_t bytes)
{
    const char *suffixes = "KMG";
    char suffix = '\0';
    if (chance(writer->state, 75))
        for (; *suffixes != '\0' && bytes % 1024 == 0; bytes /= 1024)
            suffix = *suffixes++;
    put(writer, "%llu", (unsigned long long)bytes);
    if (suffix != '\0')
        put(writer, "%c", suffix);
}

/* Sets and ways: mostly few, so that arrays overflow; now and then many. */
static const uint32_t any_counts[] = {1, 1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8};
static const uint32_t larger_counts[] = {12, 16, 20, 24, 31, 32, 64};

static uint32_t any_count(uint64_t *state)
{
    return chance(state, 10) ? PICK(state, larger_counts) : PICK(state, any_counts);
}

static uint32_t power_of_two(uint64_t *state)
{
    return UINT32_C(1) << random_below(state, chance(state, 10) ? 7 : 5);
}

/* Any two of entries, sets and ways. */
static void put_geometry(struct writer *writer, uint32_t sets, uint32_t ways)
{
    switch (random_below(writer->state, 3)) {
    case 0:
        put(writer, "entries = %u\n", sets * ways);
        if (sets == 1 && chance(writer->state, 50))
            put(writer, "ways = full\n");
        else
            put(writer, "ways = %u\n", ways);
        break;
    case 1:
        put(writer, "sets = %u\nentries = %u\n", sets, sets * ways);
        break;
    default:
        put(writer, "ways = %u\nsets = %u\n", ways, sets);
    }
}

/* What is the same for all arrays of a machine. */
struct sizes {
    unsigned count;
    uint64_t size_bytes[6]; /* distinct; the first is os.page_size */
    uint64_t huge_bytes;    /* one of them, where pages are of several sizes; else 0 */
};

static struct sizes draw_sizes(uint64_t *state, const struct page_table_format *format)
{
    unsigned lowest = format->page_shift;
    const unsigned highest = page_table_largest_shift(format);

    /* Half of the time a leaf, the smallest as often as all others, else any power of two. */
    struct sizes sizes = {.count = 1};
    unsigned shift = chance(state, 50) ? lowest : between(state, lowest, highest);
    if (chance(state, 40)) {
        const unsigned level = random_below(state, format->level_count);
        if (format->level[level].leaf)
            shift = page_table_shift(format, level);
    }
    sizes.size_bytes[0] = UINT64_C(1) << shift;

    while (sizes.count < LENGTH(sizes.size_bytes)) {
        const uint64_t size_bytes = UINT64_C(1) << between(state, lowest, highest);
        bool is_new = true;
        for (unsigned i = 0; i < sizes.count; i++)
            is_new = is_new && sizes.size_bytes[i] != size_bytes;
        if (is_new)
            sizes.size_bytes[sizes.count++] = size_bytes;
        else if (chance(state, 30))
            break;
    }
    return sizes;
}

/* Entries of several pages. */
static void put_cover(struct writer *writer)
{
    uint64_t *state = writer->state;
    const uint32_t pages = UINT32_C(1) << between(state, 0, 4);
    if (chance(state, 50) || writer->nested)
        put(writer, "sector = %u\nsector_fill = %s\n", pages, chance(state, 50) ? "all" : "page");
    else
        put(writer, "coalesce = %u\ncoalesce_rule = %s\n", pages, chance(state, 50) ? "whole" : "run");
}

static unsigned largest_leaf_shift(const struct page_table_format *format)
{
    unsigned level = 0;
    while (!format->level[level].leaf)
        level++;
    return page_table_shift(format, level);
}

/* A huge page mostly of few base pages, so that ranges fill up. */
static void draw_huge(uint64_t *state, const struct page_table_format *format, struct sizes *sizes)
{
    const unsigned shift = (unsigned)__builtin_ctzll(sizes->size_bytes[0]);
    const unsigned most = largest_leaf_shift(format) - shift;
    if (most == 0)
        return;
    const unsigned more = chance(state, 80) ? between(state, 1, most < 5 ? most : 5) : between(state, 1, most);
    sizes->huge_bytes = sizes->size_bytes[0] << more;
    for (unsigned i = 1; i < sizes->count; i++)
        if (sizes->size_bytes[i] == sizes->huge_bytes)
            return;
    sizes->count += sizes->count < LENGTH(sizes->size_bytes);
    sizes->size_bytes[sizes->count - 1] = sizes->huge_bytes;
}

/* Ranges between addresses drawn from all of those below the upper half, where there are few. */
static void put_ranges(struct writer *writer, const struct page_table_format *format, const struct sizes *sizes)
{
    uint64_t *state = writer->state;
    const uint64_t legal = UINT64_C(1) << (page_table_va_bits(format) - (format->upper == PAGE_TABLE_SIGN_EXTENDED));
    uint64_t unit = 1;
    for (unsigned i = 0; i < sizes->count; i++)
        unit = sizes->size_bytes[i] > unit ? sizes->size_bytes[i] : unit;
    uint64_t at = 0;
    put(writer, "ranges =");
    for (unsigned i = 0; i < 12 && at < legal; i++) {
        const uint64_t first = at;
        at += legal / 12 / unit * unit * between(state, 0, 2) + unit * between(state, 1, 3);
        if (at > legal)
            at = legal;
        if (i > 0 && chance(state, 40))
            continue;
        put(writer, "%s0x%llx-0x%llx:", chance(state, 50) ? " " : ", ", (unsigned long long)first,
            (unsigned long long)at);
        put_size(writer, sizes->size_bytes[random_below(state, sizes->count)]);
    }
    put(writer, "\n");
}

static void put_policy(struct writer *writer, const struct page_table_format *format, const struct sizes *sizes)
{
    uint64_t *state = writer->state;
    static const char *const policies[] = {"thp", "khugepaged", "khugepaged", "reserve", "reserve", "ranges"};
    const char *policy = PICK(state, policies);
    const uint64_t pages = sizes->huge_bytes / sizes->size_bytes[0];
    put(writer, "policy = %s\n", policy);
    if (policy == policies[5]) {
        put_ranges(writer, format, sizes);
        return;
    }
    put(writer, "huge_size = ");
    put_size(writer, sizes->huge_bytes);
    put(writer, "\nhuge_kinds = %s\n", chance(state, 30) ? "data" : "all");
    put(writer, "promote_pages = %u\n", between(state, 1, pages < 6 ? (uint32_t)pages : 6));
    if (chance(state, 90))
        put(writer, "reserve_threshold = %u\n", between(state, 1, pages > 16 ? 20 : 100));
    put(writer, "promote_cycles = %u\n", between(state, 0, 3) * 1000);
}

static void put_array(struct writer *writer, unsigned level, const char *kind, unsigned label,
                      const struct sizes *sizes, unsigned members)
{
    uint64_t *state = writer->state;
    static const char *const policies[] = {"lru", "fifo", "lfu", "plru", "nru", "srrip", "random"};
    const char *policy = PICK(state, policies);
    const bool plru = policy == policies[3];
    const bool xor_index = chance(state, 25);

    put(writer, "[tlb.l%u%s.%c]\n", level, kind, 'a' + (char)label);
    if (members != 0) {
        put(writer, "pages =");
        for (unsigned i = 0; i < sizes->count; i++) {
            if (members & 1U << i) {
                put(writer, " ");
                put_size(writer, sizes->size_bytes[i]);
            }
        }
        put(writer, "\n");
    } else if (chance(state, 50)) {
        put(writer, "pages = any\n");
    }

    const uint32_t sets = xor_index ? power_of_two(state) : any_count(state);
    const uint32_t ways = plru ? power_of_two(state) : any_count(state);
    if (level > 1 && chance(state, 3))
        put(writer, "entries = 0\nways = %u\n", ways);
    else
        put_geometry(writer, sets, ways);
    if (policy != policies[0] || chance(state, 50))
        put(writer, "policy = %s\n", policy);
    if (xor_index)
        put(writer, "index = xor\n");
    else if (chance(state, 20))
        put(writer, "index = modulo\n");
    const bool may_cover = chance(state, 30) && !writer->victims && writer->trees && !writer->mixed;
    if (level == writer->pde_level && chance(state, 70)) {
        put(writer, "pdes = yes\n");
        writer->pdes = true;
    } else if (may_cover) {
        put_cover(writer);
    }
    if (level > 1) {
        if (chance(state, 35) && writer->victims)
            put(writer, "fill = victim\n");
        if (chance(state, 90))
            put(writer, "hit_cycles = %u\n", between(state, 0, 40));
    }
    put(writer, "\n");
}

/* The arrays of one kind prefix ("", "i", "d") of one level: one for all sizes, or up to three that share out those of
 * `allowed`. Returns the sizes that are served now. */
static unsigned put_arrays(struct writer *writer, unsigned level, const char *kind, const struct sizes *sizes,
                           unsigned allowed)
{
    const unsigned every = (1U << sizes->count) - 1;
    if (allowed == every && chance(writer->state, 50)) {
        put_array(writer, level, kind, 0, sizes, 0);
        return every;
    }
    unsigned members[3] = {0};
    const unsigned arrays = between(writer->state, 1, LENGTH(members));
    for (unsigned i = 0; i < sizes->count; i++) {
        const unsigned array = random_below(writer->state, arrays);
        if ((allowed & 1U << i) && chance(writer->state, i == 0 ? 90 : 60))
            members[array] |= 1U << i;
    }
    unsigned served = 0;
    for (unsigned array = 0; array < arrays; array++) {
        if (members[array] != 0)
            put_array(writer, level, kind, array, sizes, members[array]);
        served |= members[array];
    }
    return served;
}

/* The third level is never split. */
static void put_level(struct writer *writer, unsigned level, const struct sizes *sizes)
{
    uint64_t *state = writer->state;
    const unsigned every = (1U << sizes->count) - 1;
    const uint32_t shape = level == 3 ? 0 : random_below(state, 100);
    const char *one_kind = chance(state, 70) ? "d" : "i";
    unsigned served = 0;
    if (level == 1 && !writer->mixed &&
        chance(state, 15)) { /* loads and stores apart; without one of them, a level below takes no victims */
        if (chance(state, 60))
            put_arrays(writer, level, "i", sizes, every);
        const bool both = chance(state, 70);
        writer->victims = writer->victims && both;
        if (both) {
            put_array(writer, level, "l", 0, sizes, 0);
            put_array(writer, level, "s", 0, sizes, 0);
            return;
        }
        served = put_arrays(writer, level, "l", sizes, every);
        served |= put_arrays(writer, level, "s", sizes, every);
        if (served == 0)
            put_array(writer, level, "s", 0, sizes, 0);
        return;
    }
    if (shape < (level == 1 ? 25 : 45)) {
        served = put_arrays(writer, level, "", sizes, every);
    } else if (shape < 75) {
        served = put_arrays(writer, level, "i", sizes, every);
        served |= put_arrays(writer, level, "d", sizes, every);
    } else if (shape < 90 || level == 1) {
        served = put_arrays(writer, level, one_kind, sizes, every);
    } else {
        served = put_arrays(writer, level, "", sizes, random_below(state, every));
        served |= put_arrays(writer, level, one_kind, sizes, every & ~served);
    }
    if (served == 0) /* no size was shared out */
        put_array(writer, level, level == 1 ? one_kind : "", 0, sizes, 0);
}

static void put_caches_of(struct writer *writer, const char *section, const struct page_table_format *format, bool pdes)
{
    const uint32_t percent = PICK(writer->state, ((const uint32_t[]){0, 40, 70, 100}));
    for (unsigned level = 0; level + 1 < format->level_count; level++) {
        if (!chance(writer->state, percent) || (pdes && level + 2 == format->level_count))
            continue;
        put(writer, "[%s.%s]\n", section, format->level[level].entry);
        const uint32_t sets = any_count(writer->state);
        const uint32_t ways = any_count(writer->state);
        if (chance(writer->state, 5))
            put(writer, "entries = 0\nways = full\n");
        else
            put_geometry(writer, sets, ways);
        put(writer, "\n");
    }
}

/* The host has pages that hold a page of the guest; hosts of few address bits may be too small. */
static void put_host(struct writer *writer, const struct page_table_format *guest, uint64_t page_size_bytes)
{
    uint64_t *state = writer->state;
    const unsigned least = (unsigned)__builtin_ctzll(page_size_bytes);
    const struct page_table_format *host = guest;
    unsigned shift = least;
    unsigned suitable = 0;
    for (const struct page_table_format *format = page_table_formats; format->name != NULL; format++)
        if (format->kind == PAGE_TABLE_RADIX && format->page_shift <= least &&
            page_table_largest_shift(format) >= least && random_below(state, ++suitable) == 0)
            host = format;
    if (chance(state, 50))
        shift = between(state, least, page_table_largest_shift(host));
    put(writer, "host = %s\nhost_page_size = ", host->name);
    put_size(writer, UINT64_C(1) << shift);
    put(writer, "\n\n");
    if (chance(state, 70)) {
        put(writer, "[nested_tlb]\n");
        put_geometry(writer, any_count(state), any_count(state));
        put(writer, "\n");
    }
    put_caches_of(writer, "host_walk_cache", host, false);
}

static void put_prefetch(struct writer *writer)
{
    static const char *const kinds[] = {"none", "next", "stride", "distance", "distance"};
    uint64_t *state = writer->state;
    if (chance(state, 70) || writer->pdes || !writer->trees || writer->mixed || writer->nested)
        return;
    writer->prefetches = true;
    put(writer, "[prefetch]\nkind = %s\n", PICK(state, kinds));
    put(writer, "degree = %u\n", between(state, 1, PREFETCH_DEGREE_MAX));
    put(writer, "entries = %u\n", between(state, 1, 40));
    put(writer, "rows = %u\n", chance(state, 50) ? between(state, 1, 8) : 256);
    put(writer, "hit_cycles = %u\n\n", between(state, 0, 10));
}

static void put_memory(struct writer *writer, bool may_be_caches)
{
    uint64_t *state = writer->state;
    const bool caches = chance(state, 60) && may_be_caches;
    put(writer, "[memory]\nmodel = %s\n", caches ? "caches" : "fixed");
    put(writer, "fixed_cycles = %u\n", between(state, 0, 50));
    put(writer, "dram_cycles = %u\n\n", between(state, 0, 400));
    if (!caches && chance(state, 80))
        return;
    static const char *const names[] = {"l1d", "l2", "l3"};
    static const uint32_t lines[] = {16, 32, 64, 64, 64, 64, 128, 256, 4096};
    for (size_t i = 0; i < LENGTH(names); i++) {
        if (chance(state, 40))
            continue;
        const uint32_t line = PICK(state, lines);
        const uint32_t sets = any_count(state);
        const uint32_t ways = any_count(state);
        put(writer, "[cache.%s]\nsize = ", names[i]);
        put_size(writer, chance(state, 3) ? 0 : (uint64_t)line * sets * ways);
        if (sets == 1 && chance(state, 50))
            put(writer, "\nways = full\n");
        else
            put(writer, "\nways = %u\n", ways);
        if (line != 64 || chance(state, 50))
            put(writer, "line = %u\n", line);
        put(writer, "hit_cycles = %u\n\n", between(state, 0, 60));
    }
}

/* The sizes of a format that has some: tables that chains get long in, that grow, and, now and then, that are too small. */
static void put_table(struct writer *writer, const struct page_table_format *format, uint64_t page_size_bytes)
{
    uint64_t *state = writer->state;
    const bool open = format->kind == PAGE_TABLE_OPEN;
    const bool cuckoo = format->kind == PAGE_TABLE_CUCKOO;
    if (format->kind == PAGE_TABLE_INVERTED && chance(state, 70)) {
        put(writer, "memory = ");
        put_size(writer, page_size_bytes << between(state, chance(state, 5) ? 3 : 14, 20));
        put(writer, "\n");
    }
    if (format->sizes.entries != 0 || (format->kind == PAGE_TABLE_INVERTED && chance(state, 50)))
        put(writer, "entries = %u\n",
            1U << (cuckoo             ? between(state, 0, 8)
                   : open             ? between(state, chance(state, 10) ? 6 : 13, 16)
                   : chance(state, 5) ? between(state, 2, 5)
                                      : between(state, 6, 14)));
    if (format->sizes.entry_bytes != 0 && chance(state, 50))
        put(writer, "entry_bytes = %u\n", 8U << between(state, 0, chance(state, 10) ? 9 : 4));
    if (format->sizes.cluster != 0 && chance(state, 50))
        put(writer, "cluster = %u\n", 1U << between(state, 0, 4));
    if (format->sizes.ways != 0 && chance(state, 60))
        put(writer, "ways = %u\n", between(state, 2, 4));
    if (format->sizes.load_percent != 0 && chance(state, 60))
        put(writer, "load_percent = %u\n", between(state, 10, 90));
}

void random_machine_text(uint64_t *state, char *text, size_t size)
{
    struct writer writer = {.state = state, .text = text, .size = size};

    uint32_t formats = 0;
    while (page_table_formats[formats].name != NULL)
        formats++;
    /* x86-64, the first, as often as all others. */
    const struct page_table_format *format = &page_table_formats[chance(state, 40) ? 0 : random_below(state, formats)];
    struct sizes sizes = draw_sizes(state, format);
    writer.mixed = format->kind == PAGE_TABLE_RADIX && chance(state, 30);
    if (writer.mixed)
        draw_huge(state, format, &sizes);
    writer.mixed = sizes.huge_bytes != 0;
    writer.nested = format->kind == PAGE_TABLE_RADIX && !writer.mixed && chance(state, 25);

    put(&writer, "[machine]\nname = random-%04x\n\n", random_below(state, 1U << 16));
    writer.victims = chance(state, 60);
    const unsigned levels = between(state, 1, 3);
    writer.trees = format->kind == PAGE_TABLE_RADIX;
    writer.pde_level = !writer.victims && writer.trees && !writer.mixed && chance(state, 40) ? levels : 0;
    for (unsigned level = 1; level <= levels; level++)
        put_level(&writer, level, &sizes);
    if (format->kind == PAGE_TABLE_RADIX)
        put_caches_of(&writer, "walk_cache", format, writer.pdes);
    put(&writer, "[page_table]\nformat = %s\n", format->name);
    put_table(&writer, format, sizes.size_bytes[0]);
    if (writer.nested)
        put_host(&writer, format, sizes.size_bytes[0]);
    const bool software = chance(state, 15) && !writer.nested;
    const uint32_t walkers = software ? 1 : between(state, 1, 4);
    const uint32_t setup_cycles = between(state, 0, 20);
    put(&writer, "\n[walker]\nkind = %s\ncount = %u\nsetup_cycles = %u\n", software ? "software" : "hardware", walkers,
        setup_cycles);
    if (chance(state, software ? 80 : 10))
        put(&writer, "trap_cycles = %u\nhandler_cycles = %u\n", between(state, 0, 200), between(state, 0, 50));
    put(&writer, "\n");
    /* The engine's caches address 2^52 bytes, which 2^16 pages of 64G fill; fewer address bits leave room for any page.
     */
    if (!software)
        put_prefetch(&writer);
    uint64_t largest = sizes.size_bytes[0];
    for (unsigned i = 0; i < sizes.count && sizes.huge_bytes != 0; i++)
        largest = sizes.size_bytes[i] > largest ? sizes.size_bytes[i] : largest;
    put_memory(&writer, page_table_va_bits(format) < 52 || largest <= UINT64_C(1) << 36);
    /* Windows that hide nothing, little, and long walks. */
    if (chance(state, 20) && writer.trees && !software && !writer.prefetches && !writer.pdes && !writer.mixed &&
        !writer.nested)
        put(&writer, "[core]\nwidth = %u\nrob = %u\n\n", between(state, 1, 6), UINT32_C(1) << between(state, 0, 11));
    put(&writer, "[os]\npage_size = ");
    put_size(&writer, sizes.size_bytes[0]);
    put(&writer, "\n");
    if (sizes.huge_bytes != 0)
        put_policy(&writer, format, &sizes);
}

/* Which of a machine's arrays and caches all its CPUs share: from some level on, all. */
static bool put_shared(struct writer *writer, const struct machine *machine)
{
    const unsigned from = between(writer->state, 2, MACHINE_LEVELS + 2);
    bool shared = false;
    for (unsigned i = 0; i < machine->array_count; i++) {
        if (machine->array[i].level < from)
            continue;
        put(writer, "\n[tlb.%s]\nshared = yes\n", machine->array[i].name);
        shared = true;
    }
    const unsigned first = between(writer->state, 0, MACHINE_CACHES);
    for (unsigned i = 0; i < MACHINE_CACHES; i++)
        if (machine->cache[i].geometry.entries != 0)
            put(writer, "\n[cache.%s]\nshared = %s\n", cache_names[i], i < first ? "no" : "yes");
    return shared;
}

void random_process_text(uint64_t *state, const struct machine *machine, char *text, size_t size)
{
    static const uint32_t counts[] = {0, 0, 1, 2, 3, 4, 8};
    static const uint32_t cpu_counts[] = {1, 1, 2, 2, 3, 4, 7};
    struct writer writer = {.state = state, .text = text, .size = size};
    put(&writer, "\n");
    if (machine_of_one_process(machine) != NULL)
        return;
    const uint32_t cpus = machine->core_width != 0 ? 1 : PICK(state, cpu_counts);
    const bool shared = chance(state, 70) && put_shared(&writer, machine);
    if (chance(state, 70)) {
        uint32_t count = PICK(state, counts);
        if (cpus > 1 && count < cpus && (count != 0 || shared))
            count = cpus;
        put(&writer, "\n[asid]\ncount = %u\nrecycle = %s\n", count, chance(state, 50) ? "one" : "all");
    }
    put(&writer, "\n[os]\n");
    if (cpus > 1 || chance(state, 20))
        put(&writer, "cpus = %u\n", cpus);
    if (machine->format->upper == PAGE_TABLE_SIGN_EXTENDED && chance(state, 40))
        put(&writer, "global = upper\n");
    put(&writer, "switch_cycles = %u\n", between(state, 0, 500));
    if (chance(state, 60))
        put(&writer, "shootdowns = yes\nshootdown_pages = %u\n", between(state, 0, 5));
    put(&writer, "shootdown_cycles = %u\n", between(state, 0, 5000));
}

/* ---- Traces ---- */

enum { HOT_PAGES = 24, STRETCH_MAX = 64 };

struct tracer {
    uint64_t *state;
    const struct page_table_format *format;
    uint64_t page_size_bytes;
    uint64_t hot[HOT_PAGES]; /* addresses; not yet checked against the format */
    uint64_t code;           /* where fetches go on */
    uint64_t *va;
    uint16_t *meta;
    size_t count;
    size_t done;
};

/* The legal address that has the translated bits of `va`; moved downward where the access would reach out of its half.
 */
static uint64_t made_legal(const struct page_table_format *format, uint64_t va, uint32_t size)
{
    const unsigned bits = page_table_va_bits(format);
    if (bits < 64) {
        const uint64_t translated = (UINT64_C(1) << bits) - 1;
        const bool upper = format->upper == PAGE_TABLE_SIGN_EXTENDED && (va >> (bits - 1) & 1);
        va = upper ? va | ~translated : va & translated;
    }
    const uint64_t last = va + (size - 1);
    if (last < va || !page_table_expresses(format, last))
        va -= size;
    assert(page_table_expresses(format, va) && page_table_expresses(format, va + (size - 1)));
    return va;
}

static void add(struct tracer *tracer, enum access_kind kind, uint64_t va, uint32_t size)
{
    if (tracer->done == tracer->count)
        return;
    tracer->va[tracer->done] = made_legal(tracer->format, va, size);
    tracer->meta[tracer->done] = access_meta(kind, size);
    tracer->done++;
}

static enum access_kind any_kind(uint64_t *state)
{
    static const enum access_kind kinds[] = {ACCESS_FETCH, ACCESS_FETCH, ACCESS_LOAD,  ACCESS_LOAD,
                                             ACCESS_LOAD,  ACCESS_STORE, ACCESS_MODIFY};
    return PICK(state, kinds);
}

static uint32_t any_size(uint64_t *state)
{
    static const uint32_t sizes[] = {1, 2, 4, 4, 8, 8, 8, 16, 32, 64};
    if (chance(state, 4))
        return between(state, 1, ACCESS_SIZE_MAX);
    return PICK(state, sizes);
}

static uint64_t any_in_page(struct tracer *tracer, uint64_t page)
{
    return page - page % tracer->page_size_bytes + random_next(tracer->state) % tracer->page_size_bytes;
}

/* Anywhere; now and then where the legal addresses begin and end, which made_legal() finds from all ones or zeros. */
static uint64_t anywhere(struct tracer *tracer)
{
    const uint64_t half = UINT64_C(1) << (page_table_va_bits(tracer->format) - 1);
    const uint64_t within = random_below(tracer->state, 3 * 4096);
    switch (random_below(tracer->state, 16)) {
    case 0:
        return within;
    case 1:
        return half - 1 - within;
    case 2:
        return half + within;
    case 3:
        return 2 * half - 1 - within;
    default:
        return random_next(tracer->state);
    }
}

/* A page near `page`: a few pages off, or that many of a larger unit, up to what a root entry covers and more. */
static uint64_t neighbour(struct tracer *tracer, uint64_t page)
{
    const unsigned top = page_table_shift(tracer->format, 0);
    uint64_t unit = tracer->page_size_bytes;
    if (chance(tracer->state, 40))
        unit = UINT64_C(1) << between(tracer->state, tracer->format->page_shift, top);
    return page + unit * random_below(tracer->state, chance(tracer->state, 50) ? 4 : 32);
}

static uint64_t hot_page(struct tracer *tracer)
{
    /* The lower its number, the hotter. */
    const uint32_t among = between(tracer->state, 1, HOT_PAGES);
    return tracer->hot[random_below(tracer->state, among)];
}

static void stretch(struct tracer *tracer)
{
    uint64_t *state = tracer->state;
    const uint32_t pattern = random_below(state, 8);
    const uint32_t length = between(state, 1, pattern == 5 ? STRETCH_MAX / 4 : STRETCH_MAX);
    const enum access_kind one_kind = any_kind(state);
    const bool mixed = chance(state, 40);
    const uint64_t page = chance(state, 75) ? hot_page(tracer) : neighbour(tracer, hot_page(tracer));
    uint64_t va = any_in_page(tracer, page);

    /* Strides: within a page, of one page, of several, of a larger unit; downward for every third. */
    uint64_t stride = between(state, 1, 512);
    const uint32_t unit = random_below(state, 4);
    if (unit == 1)
        stride = tracer->page_size_bytes;
    if (unit == 2)
        stride = tracer->page_size_bytes * between(state, 2, 20);
    if (unit == 3)
        stride = UINT64_C(1) << between(state, 6, page_table_shift(tracer->format, 0));
    if (chance(state, 33))
        stride = -stride;

    for (uint32_t i = 0; i < length; i++) {
        enum access_kind kind = mixed ? any_kind(state) : one_kind;
        uint32_t size = any_size(state);
        switch (pattern) {
        case 0: /* one page */
            va = any_in_page(tracer, va);
            break;
        case 1: /* sequential */
            va += size;
            break;
        case 2: /* strides */
        case 3:
            va += stride;
            break;
        case 4: /* hot pages */
            va = any_in_page(tracer, hot_page(tracer));
            break;
        case 5: /* far jumps, each with a few neighbours */
            va = i % 4 == 0 ? anywhere(tracer) : neighbour(tracer, va);
            break;
        case 6: { /* page crossings, or nearly: the access begins 0 to `size` bytes before the end of a page */
            size = chance(state, 50) ? size : between(state, 1, ACCESS_SIZE_MAX);
            const uint64_t end = va - va % tracer->page_size_bytes + tracer->page_size_bytes;
            va = end - between(state, 0, size);
            add(tracer, kind, va, size);
            va = chance(state, 50) ? end : any_in_page(tracer, hot_page(tracer));
            continue;
        }
        default: /* code between data */
            if (i % 2 == 0 || chance(state, 30)) {
                kind = ACCESS_FETCH;
                size = between(state, 1, 15);
                tracer->code = chance(state, 5) ? any_in_page(tracer, hot_page(tracer)) : tracer->code + size;
                add(tracer, kind, tracer->code, size);
                continue;
            }
            kind = kind == ACCESS_FETCH ? ACCESS_LOAD : kind;
            va = any_in_page(tracer, hot_page(tracer));
        }
        add(tracer, kind, va, size);
    }
}

void random_trace(uint64_t *state, const struct page_table_format *format, uint64_t page_size_bytes, uint64_t *va,
                  uint16_t *meta, size_t count)
{
    struct tracer tracer = {
        .state = state,
        .format = format,
        .page_size_bytes = page_size_bytes,
        .va = va,
        .meta = meta,
        .count = count,
    };
    /* A few regions, and their neighbours. */
    for (uint32_t i = 0; i < HOT_PAGES; i++)
        tracer.hot[i] =
            i < 3 || chance(state, 15) ? anywhere(&tracer) : neighbour(&tracer, tracer.hot[random_below(state, i)]);
    tracer.code = hot_page(&tracer);

    while (tracer.done < count) {
        stretch(&tracer);
        if (chance(state, 20)) { /* the program moves on */
            const uint64_t next = chance(state, 20) ? anywhere(&tracer) : neighbour(&tracer, hot_page(&tracer));
            tracer.hot[random_below(state, HOT_PAGES)] = next;
        }
    }
}

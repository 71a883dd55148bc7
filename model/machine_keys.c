/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/machine_keys.h"

#include <assert.h>
#include <string.h>

const struct machine_key machine_keys[] = {
    {"machine", "name", "text", "", "", "what results call the machine; the file's base name where it is not given"},
    {"machine", "source", "text", "", "", "where the values come from"},
    {"tlb.LEVEL.LABEL", "pages", "any | sizes", "any", "bytes", "page sizes that the array holds, separated by blanks"},
    {"tlb.LEVEL.LABEL", "entries", "count", NULL, "entries", "two of entries, sets, ways; 0: the array is absent"},
    {"tlb.LEVEL.LABEL", "sets", "count", NULL, "sets", "two of entries, sets, ways; any number"},
    {"tlb.LEVEL.LABEL", "ways", "count | full", NULL, "ways", "two of entries, sets, ways; full: one set"},
    {"tlb.LEVEL.LABEL", "policy", "lru | fifo | lfu | plru | nru | srrip | random", "lru", "", "replacement"},
    {"tlb.LEVEL.LABEL", "index", "modulo | xor", "modulo", "",
     "set = page number mod sets, or the XOR of its set-wide fields"},
    {"tlb.LEVEL.LABEL", "hit_cycles", "cycles", "7", "cycles",
     "cost of a hit below level 1, on top of the first level's; refused on level 1. 7 is what Intel's event-based "
     "metrics charge a "
     "hit in the second-level TLB from Ice Lake on (perfmon TMA_Metrics-full.csv, version 5.2)"},
    {"tlb.LEVEL.LABEL", "fill", "all | victim", "all", "",
     "victim: holds what the level above evicts; refused on level 1"},
    {"page_table", "format", "format", "x86-64", "", "see `pagewalk list formats`"},
    {"walker", "kind", "hardware", "hardware", "", "who walks"},
    {"walker", "count", "count", "1", "walkers", "walks in flight: enters the lower bound of the cycles only"},
    {"walker", "setup_cycles", "cycles", "0", "cycles", "cost of each walk beside its reads"},
    {"walk_cache.ENTRY", "entries", "count", NULL, "entries",
     "two of entries, sets, ways; 0: absent. ENTRY is the non-leaf entry it holds, LRU: pml5e pml4e pdpte pde on "
     "x86-64, "
     "l0e l1e ... from the root on other formats"},
    {"walk_cache.ENTRY", "sets", "count", NULL, "sets", "two of entries, sets, ways"},
    {"walk_cache.ENTRY", "ways", "count | full", NULL, "ways", "two of entries, sets, ways"},
    {"memory", "model", "fixed | caches", "fixed", "",
     "what a read of a page-table entry costs: one figure, or by the cache that has it"},
    {"memory", "fixed_cycles", "cycles", "10", "cycles",
     "cost of a read, model fixed; a round figure near a second-level cache's latency"},
    {"memory", "dram_cycles", "cycles", "200", "cycles",
     "cost of a read that no cache has, model caches; a round figure"},
    {"cache.LEVEL", "size", "size", NULL, "bytes", "LEVEL is l1d, l2 or l3; LRU; 0: absent"},
    {"cache.LEVEL", "ways", "count | full", NULL, "ways", "size / (ways x line) sets, a whole number"},
    {"cache.LEVEL", "line", "size", "64", "bytes", "a power of two, 16 to 4096"},
    {"cache.LEVEL", "hit_cycles", "cycles", NULL, "cycles", "whole load-to-use latency of a read served here"},
    {"os", "page_size", "size", "", "bytes", "size of every page; the format's smallest leaf where it is not given"},
    {"os", "policy", "uniform | thp | khugepaged | reserve | ranges", "uniform", "",
     "which sizes pages have: page_size for all; huge at first touch; base pages, and huge ones in the place of enough "
     "of "
     "them, found anew or reserved; by address. See \"Pages of several sizes\""},
    {"os", "huge_size", "size", "", "bytes",
     "size of a huge page, policies thp, khugepaged and reserve; the format's next leaf above page_size where it is "
     "not "
     "given"},
    {"os", "huge_kinds", "all | data", "all", "",
     "data: ranges of a huge page that an instruction fetch touches first keep base pages, as program text does that "
     "is "
     "mapped from files"},
    {"os", "promote_pages", "count", "1", "pages",
     "base pages touched that make a range huge, policy khugepaged. 1 is what Linux's default of max_ptes_none, all "
     "but "
     "one, allows (mm/khugepaged.c; Documentation/admin-guide/mm/transhuge.rst)"},
    {"os", "reserve_threshold", "percent", "100", "percent",
     "share of a reservation's base pages touched that promotes it, policy reserve. 100 is that of Navarro et al. "
     "(OSDI "
     "2002, 4.5)"},
    {"os", "promote_cycles", "cycles", "0", "cycles", "cost of each promotion"},
    {"os", "ranges", "START-END:SIZE ...", "", "",
     "policy ranges: addresses whose pages have another size than page_size, as 0x400000-0x800000:2M; END is the first "
     "address behind; separated by blanks or commas"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const char *const policy_names[] = {"lru", "fifo", "lfu", "plru", "nru", "srrip", "random", NULL};
const char *const policy_helps[] = {
    "least recently hit or filled",
    "oldest fill",
    "least frequently used: 1 at fill, +1 a hit, lost on eviction; ties to the least recently used",
    "binary tree of bits that point away from what was used; ways a power of two",
    "one bit a way, 0 on use; the lowest way with 1, all set to 1 first where none has it",
    "2 bits a way: fill 2, hit 0; the lowest way at 3, all raised by 1 until there is one",
    "uniform over the ways, drawn only to replace in a full set",
    NULL,
};
const char *const index_names[] = {"modulo", "xor", NULL};
const char *const fill_names[] = {"all", "victim", NULL};
const char *const memory_names[] = {"fixed", "caches", NULL};
const char *const walker_names[] = {"hardware", NULL};
const char *const page_policy_names[] = {"uniform", "thp", "khugepaged", "reserve", "ranges", NULL};
const char *const huge_kinds_names[] = {"all", "data", NULL};
const char *const cache_names[] = {"l1d", "l2", "l3", NULL};

const struct tlb_level tlb_levels[] = {
    {"l1", 1, KINDS_ALL},           {"l1i", 1, KINDS_INSTRUCTIONS}, {"l1d", 1, KINDS_DATA}, {"l2", 2, KINDS_ALL},
    {"l2i", 2, KINDS_INSTRUCTIONS}, {"l2d", 2, KINDS_DATA},         {"l3", 3, KINDS_ALL},
};

static bool is_label(const char *text)
{
    return *text != '\0' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

/* Index into tlb_levels of a section "tlb.LEVEL.LABEL", with *label at its label; -1 where it is none. */
int tlb_level_of(const char *section, const char **label)
{
    if (strncmp(section, "tlb.", 4) != 0)
        return -1;
    for (int i = 0; i < TLB_LEVEL_NAMES; i++) {
        const size_t length = strlen(tlb_levels[i].name);
        if (strncmp(section + 4, tlb_levels[i].name, length) == 0 && section[4 + length] == '.') {
            *label = section + 4 + length + 1;
            return is_label(*label) ? i : -1;
        }
    }
    return -1;
}

static bool is_walk_cache(const char *entry)
{
    for (const struct page_table_format *format = page_table_formats; format->name != NULL; format++)
        for (unsigned level = 0; level + 1 < format->level_count; level++)
            if (strcmp(format->level[level].entry, entry) == 0)
                return true;
    return false;
}

int name_index(const char *const *names, const char *name)
{
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* The section as machine_keys spells it, NULL where it is unknown. */
const char *section_pattern(const char *section)
{
    const char *label;
    if (tlb_level_of(section, &label) >= 0)
        return "tlb.LEVEL.LABEL";
    if (strncmp(section, "walk_cache.", 11) == 0)
        return is_walk_cache(section + 11) ? "walk_cache.ENTRY" : NULL;
    if (strncmp(section, "cache.", 6) == 0)
        return name_index(cache_names, section + 6) >= 0 ? "cache.LEVEL" : NULL;
    for (const struct machine_key *key = machine_keys; key->section != NULL; key++)
        if (strcmp(key->section, section) == 0)
            return key->section;
    return NULL;
}

bool section_unknown(const char *origin, const char *section, struct err *err)
{
    if (strcmp(section, "default") == 0)
        return err_set(err, "%s: a key stands before the first [section]: put it under the one it belongs to", origin);
    if (strncmp(section, "tlb.", 4) == 0)
        return err_set(
            err,
            "%s: [%s] is not a TLB array: write [tlb.LEVEL.LABEL] with LEVEL one of l1 l1i l1d l2 l2i l2d l3 and a "
            "LABEL of letters, digits, - and _",
            origin, section);
    if (strncmp(section, "walk_cache.", 11) == 0)
        return err_set(
            err,
            "%s: [%s] is not a walk cache: it is named after the entry it holds, pml5e pml4e pdpte pde on x86-64, l0e "
            "l1e l2e l3e from the root on other formats",
            origin, section);
    if (strncmp(section, "cache.", 6) == 0)
        return err_set(err, "%s: [%s] is not a cache: there are [cache.l1d], [cache.l2] and [cache.l3]", origin,
                       section);
    static const char *const sections[] = {"machine", "tlb.LEVEL.LABEL", "page_table", "walker", "walk_cache.ENTRY",
                                           "memory",  "cache.LEVEL",     "os",         NULL};
    const char *near = err_nearest(section, sections);
    if (near != NULL)
        return err_set(err, "%s: [%s] is not a section; did you mean [%s]?", origin, section, near);
    return err_set(err,
                   "%s: [%s] is not a section; there are [machine] [tlb.LEVEL.LABEL] [page_table] [walker] "
                   "[walk_cache.ENTRY] [memory] "
                   "[cache.LEVEL] [os]",
                   origin, section);
}

bool key_known(const char *origin, const char *section, const char *name, struct err *err)
{
    const char *pattern = section_pattern(section);
    if (pattern == NULL)
        return section_unknown(origin, section, err);
    const char *keys[16];
    size_t count = 0;
    char all[256] = "";
    for (const struct machine_key *key = machine_keys; key->section != NULL; key++) {
        if (strcmp(key->section, pattern) != 0)
            continue;
        if (strcmp(key->key, name) == 0)
            return true;
        assert(count < 15);
        keys[count++] = key->key;
        strncat(all, " ", sizeof all - strlen(all) - 1);
        strncat(all, key->key, sizeof all - strlen(all) - 1);
    }
    keys[count] = NULL;
    const char *near = err_nearest(name, keys);
    if (near != NULL)
        return err_set(err, "%s: %s is not a key of [%s]; did you mean %s?", origin, name, section, near);
    return err_set(err, "%s: %s is not a key of [%s]; its keys are%s", origin, name, section, all);
}

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
    {"tlb.LEVEL.LABEL", "sector", "1 | 2 | 4 | 8 | 16", "1", "pages",
     "pages that an entry has one tag and a valid bit each for; not with coalesce or victim fills"},
    {"tlb.LEVEL.LABEL", "sector_fill", "page | all", "page", "",
     "what a fill makes valid: the page alone, or all pages of the sector that are mapped"},
    {"tlb.LEVEL.LABEL", "coalesce", "1 | 2 | 4 | 8 | 16", "1", "pages",
     "pages of an aligned group that an entry may cover where their frames are contiguous"},
    {"tlb.LEVEL.LABEL", "coalesce_rule", "run | whole", "run", "",
     "run: the contiguous pages around the one that is filled; whole: all of the group, its frames aligned, or that "
     "one alone"},
    {"tlb.LEVEL.LABEL", "pdes", "no | yes", "no", "",
     "yes: walks of lookups that missed here keep their PDEs here, too; of the last level alone"},
    {"tlb.LEVEL.LABEL", "shared", "no | yes", "no", "",
     "with os.cpus above 1, yes: one array for all CPUs, no: each has its own; below level 1, and nothing below may be "
     "a "
     "CPU's own"},
    {"page_table", "format", "format", "x86-64", "", "see `pagewalk list formats`"},
    {"page_table", "entries", "count", "", "entries",
     "of a hashed table, anchors of an inverted one, each way of cuckoo at first, a TSB: a power of two. 1048576 "
     "hashed, "
     "as Linux gives a PowerPC of 1 GiB, 8 for two pages of 4K; as many as frames inverted; 16384 cuckoo; 512 "
     "sparc-tsb, "
     "UltraSPARC's least"},
    {"page_table", "entry_bytes", "size", "", "bytes",
     "of a table that is no tree, or of a TSB: a power of two, 8 to 4096. 8 flat, 32 hashed-chained, 16 hashed-open, "
     "inverted and sparc-tsb, 64 cuckoo"},
    {"page_table", "cluster", "count", "", "pages",
     "pages that an entry maps, side by side, of hashed-chained, hashed-open and cuckoo: a power of two, 1 to 16. 1 "
     "hashed, 8 cuckoo"},
    {"page_table", "ways", "count", "", "ways", "of cuckoo, each with a hash of its own: 2 to 4; 3"},
    {"page_table", "load_percent", "count", "", "%", "of cuckoo: entries in use above which it doubles, 10 to 90; 60"},
    {"page_table", "memory", "size", "", "bytes",
     "of inverted: memory, of which each page has an entry, a power of two; 16G, a round figure"},
    {"page_table", "host", "none | format", "none", "",
     "the format, a tree, of the nested page table that maps the guest-physical addresses of a virtual machine, whose "
     "own page table is of format; none: addresses are physical"},
    {"page_table", "host_page_size", "size", "", "bytes",
     "size of every page of guest-physical memory, os.page_size or more; os.page_size where it is not given"},
    {"nested_tlb", "entries", "count", NULL, "entries",
     "two of entries, sets, ways; 0: absent. Pages of guest-physical memory and where they are in the host's, LRU"},
    {"nested_tlb", "sets", "count", NULL, "sets", "two of entries, sets, ways"},
    {"nested_tlb", "ways", "count | full", NULL, "ways", "two of entries, sets, ways"},
    {"host_walk_cache.ENTRY", "entries", "count", NULL, "entries",
     "two of entries, sets, ways; 0: absent. ENTRY is the non-leaf entry of page_table.host that it holds, LRU"},
    {"host_walk_cache.ENTRY", "sets", "count", NULL, "sets", "two of entries, sets, ways"},
    {"host_walk_cache.ENTRY", "ways", "count | full", NULL, "ways", "two of entries, sets, ways"},
    {"prefetch", "kind", "none | next | stride | distance", "none", "",
     "what is prefetched into a buffer behind the last level: the pages behind; those that two equal strides lead to; "
     "those at distances that followed the last one before"},
    {"prefetch", "degree", "count", "2", "pages",
     "pages a lookup prefetches at most, 1 to 8; of distance: slots of a row"},
    {"prefetch", "entries", "count", "16", "entries", "of the buffer, 1 to 1024; the oldest goes"},
    {"prefetch", "rows", "count", "256", "rows", "of the table of distances, 1 to 65536; kind distance"},
    {"prefetch", "hit_cycles", "cycles", "7", "cycles", "cost of a hit in the buffer, as of one below level 1"},
    {"walker", "kind", "hardware | software", "hardware", "",
     "who walks; software: a trap handler, whose loads go the way of a walker's reads"},
    {"walker", "count", "count", "1", "walkers",
     "walks in flight: enters the lower bound of the cycles, and the estimate that [core] asks for; software walks one "
     "at a time"},
    {"walker", "setup_cycles", "cycles", "0", "cycles", "cost of each walk beside its reads"},
    {"walker", "trap_cycles", "cycles", "10", "cycles",
     "kind software: cost of each trap. 10 is the least of the three that Jacob and Mudge (ASPLOS 1998) take, 10, 50 "
     "and "
     "200"},
    {"walker", "handler_cycles", "cycles", "10", "cycles",
     "kind software: cost of each run of the handler beside its loads. 10 are the instructions of Ultrix's for user "
     "pages "
     "on MIPS (Jacob and Mudge 1998), a cycle each"},
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
    {"cache.LEVEL", "shared", "no | yes", "", "",
     "as of a TLB array; no of l1d and l2, yes of l3 where it is not given"},
    {"asid", "count", "any | count", "any", "ids",
     "address-space ids that TLB entries are tagged with; any: one for every process; 0: none, each switch of "
     "processes flushes. x86-64 "
     "has 4096 (PCID, Intel SDM vol. 3A, 4.10.1), of which Linux uses 6 a CPU (arch/x86/mm/tlb.c); arm64 has 256 or "
     "65536"},
    {"asid", "recycle", "one | all", "one", "",
     "when all ids are in use; one: the oldest goes to the next process, its entries leave (Linux on x86); all: "
     "everything is "
     "flushed and ids are given out anew (Linux on arm64, MIPS)"},
    {"core", "width", "count", "", "instructions",
     "instructions dispatched a cycle, 1 to 64; with rob, or neither: asks for translation_cycles_estimate"},
    {"core", "rob", "count", "", "instructions", "instructions in flight, 1 to 65536: entries of the reorder buffer"},
    {"os", "cpus", "count", "1", "CPUs",
     "1 to 16: thread n, in order of appearance over all processes, runs on CPU n mod cpus. Each has first levels, "
     "walk "
     "caches and walkers of its own"},
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
    {"os", "ranges", "START-END:SIZE ... | @FILE", "", "",
     "policy ranges: addresses whose pages have another size than page_size, as 0x400000-0x800000:2M; END is the first "
     "address behind; separated by blanks or commas. Or a file of them, any number on a line, # begins a comment"},
    {"os", "global", "none | upper", "none", "",
     "upper: pages in the upper half of the addresses belong to all processes and are never flushed, as kernels have "
     "them"},
    {"os", "switch_cycles", "cycles", "0", "cycles", "cost of each switch of processes, beside the misses that follow"},
    {"os", "shootdowns", "no | yes", "no", "",
     "yes: what a trace says is unmapped, moved, cut off or protected otherwise leaves the TLB and the walk caches"},
    {"os", "shootdown_pages", "count", "33", "pages",
     "a shootdown of more pages takes out all of the process's entries; Linux's tlb_single_page_flush_ceiling "
     "(Documentation/arch/x86/tlb.rst)"},
    {"os", "shootdown_cycles", "cycles", "2000", "cycles",
     "cost of each shootdown, for each CPU that the process has run on; a round figure"},
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
const char *const recycle_names[] = {"one", "all", NULL};
const char *const global_names[] = {"none", "upper", NULL};
const char *const no_yes_names[] = {"no", "yes", NULL};
const char *const sector_fill_names[] = {"page", "all", NULL};
const char *const coalesce_rule_names[] = {"run", "whole", NULL};
const char *const prefetch_names[] = {"none", "next", "stride", "distance", NULL};
const char *const memory_names[] = {"fixed", "caches", NULL};
const char *const walker_names[] = {"hardware", "software", NULL};
const char *const page_policy_names[] = {"uniform", "thp", "khugepaged", "reserve", "ranges", NULL};
const char *const huge_kinds_names[] = {"all", "data", NULL};
const char *const cache_names[] = {"l1d", "l2", "l3", NULL};

const struct tlb_level tlb_levels[] = {
    {"l1", 1, KINDS_ALL, DATA_BOTH},           {"l1i", 1, KINDS_INSTRUCTIONS, DATA_BOTH},
    {"l1d", 1, KINDS_DATA, DATA_BOTH},         {"l1l", 1, KINDS_DATA, DATA_LOADS},
    {"l1s", 1, KINDS_DATA, DATA_STORES},       {"l2", 2, KINDS_ALL, DATA_BOTH},
    {"l2i", 2, KINDS_INSTRUCTIONS, DATA_BOTH}, {"l2d", 2, KINDS_DATA, DATA_BOTH},
    {"l3", 3, KINDS_ALL, DATA_BOTH},
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
    if (strncmp(section, "host_walk_cache.", 16) == 0)
        return is_walk_cache(section + 16) ? "host_walk_cache.ENTRY" : NULL;
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
        return err_set(err,
                       "%s: [%s] is not a TLB array: write [tlb.LEVEL.LABEL] with LEVEL one of l1 l1i l1d l1l l1s l2 "
                       "l2i l2d l3 and a "
                       "LABEL of letters, digits, - and _",
                       origin, section);
    if (strncmp(section, "walk_cache.", 11) == 0 || strncmp(section, "host_walk_cache.", 16) == 0)
        return err_set(
            err,
            "%s: [%s] is not a walk cache: it is named after the entry it holds, pml5e pml4e pdpte pde on x86-64, l0e "
            "l1e l2e l3e from the root on other formats",
            origin, section);
    if (strncmp(section, "cache.", 6) == 0)
        return err_set(err, "%s: [%s] is not a cache: there are [cache.l1d], [cache.l2] and [cache.l3]", origin,
                       section);
    static const char *const sections[] = {"machine",    "tlb.LEVEL.LABEL",
                                           "page_table", "prefetch",
                                           "walker",     "walk_cache.ENTRY",
                                           "nested_tlb", "host_walk_cache.ENTRY",
                                           "memory",     "cache.LEVEL",
                                           "core",       "asid",
                                           "os",         NULL};
    const char *near = err_nearest(section, sections);
    if (near != NULL)
        return err_set(err, "%s: [%s] is not a section; did you mean [%s]?", origin, section, near);
    return err_set(err,
                   "%s: [%s] is not a section; there are [machine] [tlb.LEVEL.LABEL] [page_table] [prefetch] [walker] "
                   "[walk_cache.ENTRY] [nested_tlb] [host_walk_cache.ENTRY] [memory] "
                   "[cache.LEVEL] [core] [asid] [os]",
                   origin, section);
}

bool key_known(const char *origin, const char *section, const char *name, struct err *err)
{
    const char *pattern = section_pattern(section);
    if (pattern == NULL)
        return section_unknown(origin, section, err);
    const char *keys[32];
    size_t count = 0;
    char all[512] = "";
    for (const struct machine_key *key = machine_keys; key->section != NULL; key++) {
        if (strcmp(key->section, pattern) != 0)
            continue;
        if (strcmp(key->key, name) == 0)
            return true;
        assert(count < 31);
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

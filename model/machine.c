/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/machine.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "model/entry_table.h"
#include "model/machine_keys.h"
#include "model/machine_text.h"
#include "model/request.h"
#include "model/units.h"

enum {
    WALKERS_MAX = 64,
    CORE_WIDTH_MAX = 64,
    CORE_ROB_MAX = 65536,
    CACHE_BYTES_MAX = 1 << 30,
    LINE_BYTES_MIN = 16,
    LINE_BYTES_MAX = 4096,
    PROMOTE_CYCLES_MAX = 1000000000, /* clearing and copying takes longer than any latency */
};

/* ---- From settings to values ---- */

/* What is wrong with a setting: "file:line: key = value <predicate>". */
__attribute__((format(printf, 3, 4))) static bool refuse(const struct setting *setting, struct err *err,
                                                         const char *format, ...)
{
    char predicate[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(predicate, sizeof predicate, format, arguments);
    va_end(arguments);
    return err_add(err, "%s: %s = %s %s", setting->origin, setting->key, setting->value, predicate);
}

struct context {
    const struct machine_text *text;
    struct err *err; /* a line a problem: what does not follow from another problem is said at once */
};

static bool take_count(struct context context, const char *section, const char *key, uint32_t least, uint32_t most,
                       uint32_t *value)
{
    const struct setting *setting = machine_text_find(context.text, section, key);
    if (setting == NULL)
        return true;
    uint64_t count;
    if (!units_parse_count(setting->value, &count) || count < least || count > most)
        return refuse(setting, context.err, "does not fit: expected a whole number from %" PRIu32 " to %" PRIu32, least,
                      most);
    *value = (uint32_t)count;
    return true;
}

static bool take_size(struct context context, const char *section, const char *key, uint64_t *bytes)
{
    const struct setting *setting = machine_text_find(context.text, section, key);
    if (setting == NULL)
        return true;
    if (!units_parse_size(setting->value, bytes))
        return refuse(setting, context.err, "does not fit: expected a size such as 4096, 4K or 2M");
    return true;
}

static bool take_name(struct context context, const char *section, const char *key, const char *const *names,
                      int *value)
{
    const struct setting *setting = machine_text_find(context.text, section, key);
    if (setting == NULL)
        return true;
    const int index = name_index(names, setting->value);
    if (index >= 0) {
        *value = index;
        return true;
    }
    char all[256] = "";
    for (int i = 0; names[i] != NULL; i++) {
        strncat(all, " ", sizeof all - strlen(all) - 1);
        strncat(all, names[i], sizeof all - strlen(all) - 1);
    }
    const char *near = err_nearest(setting->value, names);
    if (near != NULL)
        return refuse(setting, context.err, "does not fit: did you mean %s? There are:%s", near, all);
    return refuse(setting, context.err, "does not fit: there are:%s", all);
}

static bool required(struct context context, const char *section, const char *key)
{
    if (machine_text_find(context.text, section, key) != NULL)
        return true;
    char origin[MACHINE_ORIGIN_BYTES];
    machine_text_where(context.text, section, origin);
    return err_add(context.err, "%s: [%s] lacks %s", origin, section, key);
}

/* "64 or 68"; only the higher one where the lower is 0. */
static void either(uint64_t below, uint64_t above, char text[64])
{
    if (below == 0)
        snprintf(text, 64, "%" PRIu64, above);
    else
        snprintf(text, 64, "%" PRIu64 " or %" PRIu64, below, above);
}

/* The legal values nearest to `entries` with ways or sets of `unit`. */
static void nearest_multiples(uint32_t entries, uint32_t unit, char text[64])
{
    const uint64_t below = entries / unit * (uint64_t)unit;
    either(below, below + unit, text);
}

/* The legal values nearest to `unit`, ways or sets, with these entries. */
static void nearest_divisors(uint32_t entries, uint32_t unit, char text[64])
{
    uint32_t below = unit < entries ? unit : entries;
    uint32_t above = unit;
    while (entries % below != 0)
        below--;
    while (above < entries && entries % above != 0)
        above++;
    either(above > entries ? 0 : below, above > entries ? entries : above, text);
}

enum { ENTRIES, SETS, WAYS, GEOMETRY_KEYS };
static const char *const geometry_keys[] = {"entries", "sets", "ways"};

static const struct setting *geometry_overlay_for(const struct setting *const base[GEOMETRY_KEYS], int overridden)
{
    if (overridden == WAYS)
        return base[ENTRIES] != NULL ? base[ENTRIES] : base[SETS];
    return base[WAYS];
}

static bool parse_geometry_number(struct context context, const struct setting *setting, uint32_t least,
                                  uint32_t *value)
{
    uint64_t count;
    if (!units_parse_count(setting->value, &count) || count < least || count > MACHINE_ENTRIES_MAX)
        return refuse(setting, context.err, "does not fit: expected a whole number from %" PRIu32 " to %d%s", least,
                      MACHINE_ENTRIES_MAX, strcmp(setting->key, "ways") == 0 ? ", or full" : "");
    *value = (uint32_t)count;
    return true;
}

/* Picks the two settings that decide, by the rule of machine_text_set's comment. Where the file gave entries and sets
 * and one of them is overridden, the ways to keep are their quotient: *kept_ways. */
static bool geometry_choose(struct context context, const char *section, const struct setting *chosen[GEOMETRY_KEYS],
                            uint32_t *kept_ways)
{
    const struct setting *base[GEOMETRY_KEYS];
    const struct setting *over[GEOMETRY_KEYS];
    int base_count = 0;
    int over_count = 0;
    int overridden = -1;
    for (int i = 0; i < GEOMETRY_KEYS; i++) {
        base[i] = machine_text_find_layer(context.text, section, geometry_keys[i], false);
        over[i] = machine_text_find_layer(context.text, section, geometry_keys[i], true);
        base_count += base[i] != NULL;
        over_count += over[i] != NULL;
        if (over[i] != NULL)
            overridden = i;
    }
    if (base_count == GEOMETRY_KEYS)
        return refuse(base[SETS], context.err, "is one too many: [%s] gives entries, sets and ways; two of them say it",
                      section);
    if (over_count == GEOMETRY_KEYS)
        return refuse(over[SETS], context.err,
                      "is one too many: entries, sets and ways of [%s] are all set; two of them say it", section);
    memcpy(chosen, over_count == 0 ? base : over, sizeof base);
    if (over_count != 1)
        return true;
    const struct setting *kept = geometry_overlay_for(base, overridden);
    if (kept != NULL) {
        const int index = name_index(geometry_keys, kept->key);
        chosen[index] = kept;
        return true;
    }
    if (overridden == WAYS || base[ENTRIES] == NULL || base[SETS] == NULL)
        return true;
    uint32_t entries = 0;
    uint32_t sets = 1;
    const bool good = parse_geometry_number(context, base[ENTRIES], 0, &entries);
    if (!parse_geometry_number(context, base[SETS], 1, &sets) || !good)
        return false;
    if (sets == 0 || entries % sets != 0)
        return refuse(base[ENTRIES], context.err,
                      "does not give whole ways in sets = %" PRIu32 ", so there are none to keep", sets);
    *kept_ways = entries / sets;
    return true;
}

/* Entries that ways or sets do not divide: blames what the command line set, and names the nearest that would do. `divisor`
 * is NULL where the number was kept from a quotient. */
static bool refuse_quotient(struct context context, const struct setting *entries, const struct setting *divisor,
                            const char *whole, const char *name, uint32_t count, uint32_t number)
{
    const bool blames_divisor = divisor != NULL && divisor->overlay && !entries->overlay;
    char legal[64];
    if (blames_divisor)
        nearest_divisors(count, number, legal);
    else
        nearest_multiples(count, number, legal);
    return refuse(blames_divisor ? divisor : entries, context.err,
                  "does not give whole %s: entries = %" PRIu32 " with %s = %" PRIu32 "; the nearest %s are %s", whole,
                  count, name, number, blames_divisor ? name : "entries", legal);
}

/* Absent keys are for the caller to judge: an array without any is refused here, a geometry of 0 entries is absent. */
static bool take_geometry(struct context context, const char *section, struct geometry *geometry)
{
    const struct setting *chosen[GEOMETRY_KEYS];
    struct geometry g = {0, 0, 0};
    uint32_t kept_ways = 0;
    *geometry = g;
    if (!geometry_choose(context, section, chosen, &kept_ways))
        return false;
    const struct setting *entries = chosen[ENTRIES];
    const struct setting *sets = chosen[SETS];
    const struct setting *ways = chosen[WAYS];
    bool good = entries == NULL || parse_geometry_number(context, entries, 0, &g.entries);
    if (good && entries != NULL && g.entries == 0)
        return true;
    const bool full = ways != NULL && strcmp(ways->value, "full") == 0;
    good = (sets == NULL || parse_geometry_number(context, sets, 1, &g.sets)) && good;
    good = (ways == NULL || full || parse_geometry_number(context, ways, 1, &g.ways)) && good;
    if (!good)
        return false;
    if (kept_ways != 0)
        g.ways = kept_ways;
    if (full) {
        if (entries == NULL)
            return refuse(ways, context.err, "means one set of all entries: give [%s] entries beside it%s", section,
                          sets != NULL ? ", not sets; for more sets give a number of ways" : "");
        g.ways = g.entries;
    }
    const bool have_ways = g.ways != 0;
    if (entries != NULL && have_ways) {
        if (g.entries % g.ways != 0)
            return refuse_quotient(context, entries, ways, "sets", "ways", g.entries, g.ways);
        g.sets = g.entries / g.ways;
    } else if (entries != NULL && g.sets != 0) {
        if (g.entries % g.sets != 0)
            return refuse_quotient(context, entries, sets, "ways", "sets", g.entries, g.sets);
        g.ways = g.entries / g.sets;
    } else if (g.sets != 0 && have_ways) {
        const uint64_t product = (uint64_t)g.sets * g.ways;
        if (product > MACHINE_ENTRIES_MAX)
            return refuse(sets, context.err,
                          "does not fit: sets = %" PRIu32 " of ways = %" PRIu32 " are %" PRIu64 " entries, above %d",
                          g.sets, g.ways, product, MACHINE_ENTRIES_MAX);
        g.entries = (uint32_t)product;
    } else {
        const struct setting *only = entries != NULL ? entries : sets != NULL ? sets : ways;
        if (only == NULL) {
            char origin[MACHINE_ORIGIN_BYTES];
            machine_text_where(context.text, section, origin);
            return err_add(context.err, "%s: [%s] lacks two of entries, sets and ways", origin, section);
        }
        return refuse(only, context.err, "does not say the geometry alone: give [%s] two of entries, sets and ways",
                      section);
    }
    *geometry = g;
    return true;
}

static bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static bool take_pages(struct context context, const char *section, struct tlb_array *array)
{
    const struct setting *setting = machine_text_find(context.text, section, "pages");
    array->page_sizes = 0;
    if (setting == NULL || strcmp(setting->value, "any") == 0)
        return true;
    const char *p = setting->value;
    for (;;) {
        p += strspn(p, " \t");
        if (*p == '\0')
            break;
        const size_t length = strcspn(p, " \t");
        char word[32];
        uint64_t bytes;
        snprintf(word, sizeof word, "%.*s", (int)length, p);
        if (length >= sizeof word || !units_parse_size(word, &bytes) || !is_power_of_two(bytes))
            return refuse(
                setting, context.err,
                "does not fit: expected any, or page sizes such as 4K 2M 1G, powers of two separated by blanks");
        if ((array->page_sizes & bytes) != 0)
            return refuse(setting, context.err, "names %s twice", word);
        array->page_sizes |= bytes;
        p += length;
    }
    return true;
}

/* The setting to blame for what follows from the ways or the sets of a section. */
static const struct setting *geometry_setting(struct context context, const char *section, int preferred)
{
    const struct setting *setting = machine_text_find(context.text, section, geometry_keys[preferred]);
    if (setting == NULL)
        setting = machine_text_find(context.text, section, "entries");
    return setting != NULL ? setting : machine_text_find(context.text, section, "sets");
}

/* How many pages an entry covers: `key` is sector or coalesce. */
static bool take_cover(struct context context, const char *section, const char *key, uint32_t *pages)
{
    *pages = 1;
    const struct setting *setting = machine_text_find(context.text, section, key);
    uint64_t count;
    if (setting == NULL)
        return true;
    if (!units_parse_count(setting->value, &count) || count > MACHINE_COVER_MAX || !is_power_of_two(count))
        return refuse(setting, context.err, "does not fit: there are 1 2 4 8 16");
    *pages = (uint32_t)count;
    return true;
}

static bool take_covers(struct context context, const char *section, struct tlb_array *array)
{
    int sector_fill = SECTOR_FILL_PAGE;
    int coalesce_rule = COALESCE_RUN;
    bool good = take_cover(context, section, "sector", &array->sector);
    good = take_name(context, section, "sector_fill", sector_fill_names, &sector_fill) && good;
    good = take_cover(context, section, "coalesce", &array->coalesce) && good;
    good = take_name(context, section, "coalesce_rule", coalesce_rule_names, &coalesce_rule) && good;
    array->sector_fill = (enum sector_fill)sector_fill;
    array->coalesce_rule = (enum coalesce_rule)coalesce_rule;
    if (array->sector > 1 && array->coalesce > 1)
        good = refuse(machine_text_find(context.text, section, "coalesce"), context.err,
                      "does not go with sector = %" PRIu32
                      ": an entry has a valid bit a page, or covers pages whose frames are contiguous; leave one out",
                      array->sector);
    return good;
}

static bool take_array(struct context context, const char *section, unsigned level_index, struct tlb_array *array)
{
    int policy = POLICY_LRU;
    int index = INDEX_MODULO;
    int fill = FILL_ALL;
    int pdes = 0;
    int shared = 0;
    const struct setting *setting;
    if (strlen(section + 4) >= MACHINE_NAME_BYTES)
        return err_add(context.err, "%s: [%s]: LEVEL.LABEL is longer than %d characters", context.text->path, section,
                       MACHINE_NAME_BYTES - 1);
    *array = (struct tlb_array){.level = tlb_levels[level_index].level,
                                .kinds = tlb_levels[level_index].kinds,
                                .half = tlb_levels[level_index].half};
    snprintf(array->name, sizeof array->name, "%s", section + 4);
    array->hit_cycles = array->level == 1 ? 0 : 7;
    bool good = take_geometry(context, section, &array->geometry);
    const bool good_geometry = good;
    good = take_pages(context, section, array) && good;
    good = take_name(context, section, "policy", policy_names, &policy) && good;
    good = take_name(context, section, "index", index_names, &index) && good;
    good = take_name(context, section, "fill", fill_names, &fill) && good;
    good = take_covers(context, section, array) && good;
    good = take_name(context, section, "pdes", no_yes_names, &pdes) && good;
    good = take_name(context, section, "shared", no_yes_names, &shared) && good;
    array->pdes = pdes != 0;
    array->shared = shared != 0;
    if (array->level == 1 && (setting = machine_text_find(context.text, section, "hit_cycles")) != NULL)
        good =
            refuse(setting, context.err,
                   "does not belong to a first level: its hits are what every cost is counted on top of; leave it out");
    else
        good = take_count(context, section, "hit_cycles", 0, MACHINE_CYCLES_MAX, &array->hit_cycles) && good;
    array->policy = (enum policy)policy;
    array->index = (enum tlb_index)index;
    array->fill = (enum tlb_fill)fill;
    if (!good_geometry || array->geometry.entries == 0)
        return good;
    if (array->fill == FILL_VICTIM && array->level == 1)
        good = refuse(machine_text_find(context.text, section, "fill"), context.err,
                      "does not belong to a first level: there is no level above to evict into it");
    if (array->shared && array->level == 1)
        good = refuse(machine_text_find(context.text, section, "shared"), context.err,
                      "does not belong to a first level: each CPU has its own");
    if (array->policy == POLICY_PLRU && !is_power_of_two(array->geometry.ways)) {
        const uint32_t below = UINT32_C(1) << (31 - __builtin_clz(array->geometry.ways));
        good = refuse(geometry_setting(context, section, WAYS), context.err,
                      "does not suit policy = plru, whose tree needs a power of two of ways, not %" PRIu32
                      "; the nearest are %" PRIu32 " and %" PRIu32,
                      array->geometry.ways, below, 2 * below);
    }
    if (array->index == INDEX_XOR && !is_power_of_two(array->geometry.sets)) {
        const uint32_t below = UINT32_C(1) << (31 - __builtin_clz(array->geometry.sets));
        good = refuse(geometry_setting(context, section, SETS), context.err,
                      "does not suit index = xor, which needs a power of two of sets, not %" PRIu32
                      "; the nearest are %" PRIu32 " and %" PRIu32,
                      array->geometry.sets, below, 2 * below);
    }
    return good;
}

/* The smallest page size that both arrays hold, 0 where there is none; `any` meets everything, and 1 stands for that. */
static uint64_t shared_page_size(const struct tlb_array *a, const struct tlb_array *b)
{
    if (a->page_sizes == 0 && b->page_sizes == 0)
        return 1;
    const uint64_t shared = a->page_sizes == 0   ? b->page_sizes
                            : b->page_sizes == 0 ? a->page_sizes
                                                 : a->page_sizes & b->page_sizes;
    return shared & -shared;
}

/* What array `j` meets of those before it. One is enough to say. */
static bool check_beside(struct context context, const struct machine *machine, unsigned j)
{
    for (unsigned i = 0; i < j; i++) {
        const struct tlb_array *a = &machine->array[i];
        const struct tlb_array *b = &machine->array[j];
        if (a->level != b->level || (a->kinds & b->kinds) == 0 || a->half + b->half == DATA_LOADS + DATA_STORES)
            continue;
        char origin[MACHINE_ORIGIN_BYTES];
        char section[MACHINE_NAME_BYTES + 8];
        snprintf(section, sizeof section, "tlb.%s", b->name);
        machine_text_where(context.text, section, origin);
        if (a->level == 1 && a->kinds != b->kinds)
            return err_add(context.err,
                           "%s: [tlb.%s] stands beside [tlb.%s]: a first level is either l1, or l1i and l1d", origin,
                           a->name, b->name);
        if (a->half != b->half)
            return err_add(context.err,
                           "%s: [tlb.%s] stands beside [tlb.%s]: a first level's data are either l1d, or l1l and l1s",
                           origin, a->name, b->name);
        const uint64_t bytes = shared_page_size(a, b);
        char size[UNITS_SIZE_TEXT];
        if (bytes != 0)
            return err_add(context.err,
                           "%s: [tlb.%s] and [tlb.%s] both serve %s pages: divide the sizes between them with pages =",
                           origin, a->name, b->name, bytes == 1 ? "all" : units_format_size(bytes, size));
    }
    return true;
}

/* What is evicted goes down as one page, and comes in as one. */
static bool check_victims(struct context context, const struct machine *machine)
{
    bool good = true;
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *wide = &machine->array[i];
        for (unsigned j = 0; tlb_array_pages(wide) > 1 && j < machine->array_count; j++) {
            const struct tlb_array *victim = &machine->array[j];
            const bool meet = i == j || (victim->level > wide->level && (victim->kinds & wide->kinds) != 0 &&
                                         shared_page_size(victim, wide) != 0);
            if (victim->fill != FILL_VICTIM || !meet)
                continue;
            char section[MACHINE_NAME_BYTES + 8];
            snprintf(section, sizeof section, "tlb.%s", victim->name);
            good = refuse(machine_text_find(context.text, section, "fill"), context.err,
                          "takes in evicted pages one at a time, and an entry of [tlb.%s] covers up to %" PRIu32
                          ": fill [%s] with all, or leave out %s",
                          wide->name, tlb_array_pages(wide), section, wide->sector > 1 ? "sector" : "coalesce");
            break;
        }
    }
    return good;
}

/* A level below that takes in victims must know whether there is a level above: for loads as for stores. */
static bool check_halves(struct context context, const struct machine *machine)
{
    const uint64_t bytes = machine->page_size_bytes;
    const bool loads = machine_array(machine, 1, KINDS_DATA, bytes) != NULL;
    const bool stores = machine_store_array(machine, bytes) != NULL;
    if (!machine_splits_data(machine) || loads == stores)
        return true;
    const struct tlb_array *below = machine_array(machine, 2, KINDS_DATA, bytes);
    if (below == NULL)
        below = machine_array(machine, 3, KINDS_DATA, bytes);
    if (below == NULL || below->fill != FILL_VICTIM)
        return true;
    char section[MACHINE_NAME_BYTES + 8];
    char size[UNITS_SIZE_TEXT];
    snprintf(section, sizeof section, "tlb.%s", below->name);
    return refuse(machine_text_find(context.text, section, "fill"), context.err,
                  "takes in what a first level evicts, which %s pages have for %s alone: give %s an array for them, or "
                  "fill [%s] with all",
                  units_format_size(bytes, size), loads ? "loads" : "stores", loads ? "l1s" : "l1l", section);
}

/* A level is each CPU's own or one of all, and what stands below one of all is, too. One CPU's lookups that were told
 * apart again, behind what all have asked, would be of no machine. */
static bool check_shared(struct context context, const struct machine *machine)
{
    const unsigned level = machine_shared_level(machine);
    bool good = true;
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        if (array->level < level || array->shared)
            continue;
        char origin[MACHINE_ORIGIN_BYTES];
        char section[MACHINE_NAME_BYTES + 8];
        snprintf(section, sizeof section, "tlb.%s", array->name);
        machine_text_where(context.text, section, origin);
        good = err_add(context.err,
                       "%s: [%s] is each CPU's own, and stands %s an array of level %u that all CPUs share: give [%s] "
                       "shared = yes, too",
                       origin, section, array->level == level ? "beside" : "below", level, section);
    }
    return good;
}

static bool check_overlap(struct context context, const struct machine *machine)
{
    bool good = true;
    for (unsigned j = 1; j < machine->array_count; j++)
        good = check_beside(context, machine, j) && good;
    return good;
}

static bool section_seen(const struct machine_text *text, size_t before, const char *section)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(text->setting[i].section, section) == 0)
            return true;
    return false;
}

static bool take_tlbs(struct context context, struct machine *machine)
{
    bool good = true;
    for (unsigned level = 1; level <= 3; level++) {
        for (size_t i = 0; i < context.text->setting_count; i++) {
            const char *section = context.text->setting[i].section;
            const char *label;
            const int index = tlb_level_of(section, &label);
            if (index < 0 || tlb_levels[index].level != level || section_seen(context.text, i, section))
                continue;
            if (machine->array_count == MACHINE_ARRAYS_MAX)
                return err_add(context.err, "%s: [%s]: more than %d arrays", context.text->path, section,
                               MACHINE_ARRAYS_MAX);
            struct tlb_array *array = &machine->array[machine->array_count];
            if (!take_array(context, section, (unsigned)index, array))
                good = false;
            else if (array->geometry.entries != 0)
                machine->array_count++;
        }
    }
    if (good && machine_kinds(machine) == KINDS_NONE)
        return err_add(
            context.err,
            "%s: no first-level array is left, and so nothing to translate: give [tlb.l1d.LABEL], [tlb.l1i.LABEL] or "
            "[tlb.l1.LABEL] entries",
            context.text->path);
    good = check_victims(context, machine) && check_halves(context, machine) && good;
    good = check_shared(context, machine) && good;
    return check_overlap(context, machine) && good;
}

/* A section that holds entries of `format`, which `key` names, above those of the leaves. */
static bool take_walk_cache(struct context context, const struct setting *first, const char *key,
                            const struct page_table_format *format, struct geometry *caches)
{
    const char *section = first->section;
    const char *entry = strchr(section, '.') + 1;
    struct geometry geometry;
    if (!take_geometry(context, section, &geometry))
        return false;
    if (geometry.entries == 0)
        return true;
    if (format == NULL)
        return err_add(context.err,
                       "%s: [%s] does not suit %s = none, which has no nested page table: leave it out, or set its "
                       "entries to 0",
                       first->origin, section, key);
    if (format->kind != PAGE_TABLE_RADIX)
        return err_add(context.err,
                       "%s: [%s] does not suit %s = %s, whose walks ask no walk caches: leave it out, or set "
                       "its entries to 0",
                       first->origin, section, key, format->name);
    unsigned level = 0;
    char legal[64] = "";
    while (level + 1 < format->level_count && strcmp(format->level[level].entry, entry) != 0) {
        strncat(legal, " ", sizeof legal - strlen(legal) - 1);
        strncat(legal, format->level[level++].entry, sizeof legal - strlen(legal) - 1);
    }
    if (level + 1 == format->level_count)
        return err_add(context.err, "%s: [%s] holds entries that %s = %s does not have; its non-leaf entries are%s",
                       first->origin, section, key, format->name, legal);
    caches[level] = geometry;
    return true;
}

static bool take_walk_caches(struct context context, const char *prefix, const char *key,
                             const struct page_table_format *format, struct geometry *caches)
{
    bool good = true;
    for (size_t i = 0; i < context.text->setting_count; i++) {
        const struct setting *setting = &context.text->setting[i];
        if (strncmp(setting->section, prefix, strlen(prefix)) == 0 && !section_seen(context.text, i, setting->section))
            good = take_walk_cache(context, setting, key, format, caches) && good;
    }
    return good;
}

static bool has_section(struct context context, const char *section)
{
    for (size_t i = 0; i < context.text->setting_count; i++)
        if (strcmp(context.text->setting[i].section, section) == 0)
            return true;
    return false;
}

static bool take_cache(struct context context, const char *section, bool shared, struct memory_cache *cache)
{
    int is_shared = shared;
    uint64_t size = 0;
    uint64_t line = 64;
    if (!required(context, section, "size") || !take_size(context, section, "size", &size))
        return false;
    if (size == 0)
        return true;
    bool good = required(context, section, "ways");
    good = required(context, section, "hit_cycles") && good;
    good = take_name(context, section, "shared", no_yes_names, &is_shared) && good;
    cache->shared = is_shared != 0;
    good = take_count(context, section, "hit_cycles", 0, MACHINE_CYCLES_MAX, &cache->hit_cycles) && good;
    if (!take_size(context, section, "line", &line) || !good)
        return false;
    const struct setting *size_setting = machine_text_find(context.text, section, "size");
    const struct setting *ways_setting = machine_text_find(context.text, section, "ways");
    if (!is_power_of_two(line) || line < LINE_BYTES_MIN || line > LINE_BYTES_MAX)
        return refuse(machine_text_find(context.text, section, "line"), context.err,
                      "does not fit: expected a power of two from %d to %d", LINE_BYTES_MIN, LINE_BYTES_MAX);
    if (size > CACHE_BYTES_MAX || size % line != 0)
        return refuse(size_setting, context.err, "does not fit: expected whole lines of %" PRIu64 " bytes, up to 1G",
                      line);
    uint32_t ways = (uint32_t)(size / line);
    if (strcmp(ways_setting->value, "full") != 0 && !parse_geometry_number(context, ways_setting, 1, &ways))
        return false;
    const uint64_t way_set = ways * line;
    if (size % way_set != 0) {
        const uint64_t below = size / way_set * way_set;
        char low[UNITS_SIZE_TEXT];
        char high[UNITS_SIZE_TEXT];
        return refuse(ways_setting->overlay && !size_setting->overlay ? ways_setting : size_setting, context.err,
                      "does not give whole sets of %" PRIu32 " ways x %" PRIu64 " bytes; the nearest sizes are %s%s%s",
                      ways, line, below == 0 ? "" : units_format_size(below, low), below == 0 ? "" : " and ",
                      units_format_size(below + way_set, high));
    }
    cache->line_bytes = (uint32_t)line;
    cache->geometry = (struct geometry){(uint32_t)(size / line), (uint32_t)(size / way_set), ways};
    return true;
}

/* As of levels. */
static bool check_shared_caches(struct context context, const struct machine *machine)
{
    const char *above = NULL;
    bool good = true;
    for (int i = 0; i < MACHINE_CACHES; i++) {
        if (machine->cache[i].geometry.entries == 0)
            continue;
        char origin[MACHINE_ORIGIN_BYTES];
        char section[16];
        snprintf(section, sizeof section, "cache.%s", cache_names[i]);
        machine_text_where(context.text, section, origin);
        if (machine->cache[i].shared)
            above = cache_names[i];
        else if (above != NULL)
            good = err_add(context.err,
                           "%s: [%s] is each CPU's own, and stands below [cache.%s], which all CPUs share: give [%s] "
                           "shared = yes, too",
                           origin, section, above, section);
    }
    return good;
}

static bool take_caches(struct context context, struct machine *machine)
{
    bool good = true;
    for (int i = 0; i < MACHINE_CACHES; i++) {
        char section[16];
        snprintf(section, sizeof section, "cache.%s", cache_names[i]);
        for (size_t s = 0; s < context.text->setting_count; s++) {
            if (strcmp(context.text->setting[s].section, section) != 0)
                continue;
            good = take_cache(context, section, i == MACHINE_CACHES - 1, &machine->cache[i]) && good;
            break;
        }
    }
    return check_shared_caches(context, machine) && good;
}

static bool take_format(struct context context, struct machine *machine)
{
    const struct setting *setting = machine_text_find(context.text, "page_table", "format");
    const char *name = setting == NULL ? "x86-64" : setting->value;
    machine->format = page_table_named(name);
    if (machine->format != NULL)
        return true;
    const char *names[32];
    size_t count = 0;
    for (const struct page_table_format *format = page_table_formats; format->name != NULL; format++)
        names[count++] = format->name;
    names[count] = NULL;
    const char *near = err_nearest(name, names);
    if (near != NULL)
        return refuse(setting, context.err, "is not a format; did you mean %s?", near);
    return refuse(setting, context.err, "is not a format; `pagewalk list formats` lists them");
}

static bool take_page_size(struct context context, struct machine *machine)
{
    machine->page_size_bytes = UINT64_C(1) << machine->format->page_shift;
    if (!take_size(context, "os", "page_size", &machine->page_size_bytes))
        return false;
    struct err predicate;
    if (!page_table_leaf_level(machine->format, machine->page_size_bytes, &machine->leaf_level, &predicate))
        return refuse(machine_text_find(context.text, "os", "page_size"), context.err, "%s", predicate.text);
    return true;
}

static bool take_host_format(struct context context, struct machine *machine)
{
    const struct setting *setting = machine_text_find(context.text, "page_table", "host");
    if (setting == NULL || strcmp(setting->value, "none") == 0)
        return true;
    machine->host = page_table_named(setting->value);
    if (machine->host != NULL && machine->host->kind == PAGE_TABLE_RADIX)
        return true;
    if (machine->host != NULL)
        return refuse(setting, context.err, "is no tree: nested page tables are, as x86-64 or sv48");
    const char *names[32] = {"none"};
    size_t count = 1;
    for (const struct page_table_format *format = page_table_formats; format->name != NULL; format++)
        if (format->kind == PAGE_TABLE_RADIX)
            names[count++] = format->name;
    names[count] = NULL;
    const char *near = err_nearest(setting->value, names);
    if (near != NULL)
        return refuse(setting, context.err, "is not a format; did you mean %s?", near);
    return refuse(setting, context.err, "is neither none nor a format; `pagewalk list formats` lists these");
}

/* The page sizes are there. */
static bool take_host_pages(struct context context, struct machine *machine)
{
    const struct setting *setting = machine_text_find(context.text, "page_table", "host_page_size");
    char size[UNITS_SIZE_TEXT];
    struct err predicate;
    if (machine->host == NULL)
        return setting == NULL ||
               refuse(setting, context.err,
                      "does not suit page_table.host = none, which has no nested page table: leave it out");
    machine->host_page_size_bytes = machine->page_size_bytes;
    if (!take_size(context, "page_table", "host_page_size", &machine->host_page_size_bytes))
        return false;
    if (!page_table_leaf_level(machine->host, machine->host_page_size_bytes, &machine->host_leaf_level, &predicate))
        return setting != NULL ? refuse(setting, context.err, "%s", predicate.text)
                               : refuse(machine_text_find(context.text, "page_table", "host"), context.err,
                                        "does not suit os.page_size = %s, which %s: give page_table.host_page_size",
                                        units_format_size(machine->page_size_bytes, size), predicate.text);
    if (machine->host_page_size_bytes < machine->page_size_bytes)
        return refuse(setting, context.err,
                      "is below os.page_size = %s: a TLB entry would map a part of the guest's page, which is not "
                      "modelled; raise it",
                      units_format_size(machine->page_size_bytes, size));
    return true;
}

static bool take_nested(struct context context, struct machine *machine)
{
    bool good = !has_section(context, "nested_tlb") || take_geometry(context, "nested_tlb", &machine->nested_tlb);
    if (machine->host == NULL && machine->nested_tlb.entries != 0)
        good =
            refuse(geometry_setting(context, "nested_tlb", ENTRIES), context.err,
                   "does not suit page_table.host = none, which has no nested page table: leave [nested_tlb] out, or "
                   "set its entries to 0");
    return take_walk_caches(context, "host_walk_cache.", "page_table.host", machine->host, machine->host_walk_cache) &&
           good;
}

static bool take_asids(struct context context, struct machine *machine)
{
    struct process_rules *rules = &machine->process;
    int recycle = RECYCLE_ONE;
    bool good = take_name(context, "asid", "recycle", recycle_names, &recycle);
    rules->recycle = (enum asid_recycle)recycle;
    rules->asids = MACHINE_ASIDS_ANY;
    const struct setting *count = machine_text_find(context.text, "asid", "count");
    if (count == NULL || strcmp(count->value, "any") == 0)
        return good;
    /* A lookup has room for so many beside an address of the format. */
    const uint64_t room = request_tags(page_table_signed_bits(machine->format)) - rules->global_upper;
    const uint64_t most = room < MACHINE_ASIDS_MAX ? room : MACHINE_ASIDS_MAX;
    uint64_t asids;
    if (!units_parse_count(count->value, &asids) || asids > most)
        return refuse(count, context.err,
                      "does not fit: expected any, 0, or a whole number up to %" PRIu64
                      ", which is what there is room for beside addresses of %s",
                      most, machine->format->name);
    rules->asids = (uint32_t)asids;
    return good;
}

static bool take_processes(struct context context, struct machine *machine)
{
    struct process_rules *rules = &machine->process;
    int global = 0;
    int shootdowns = 0;
    rules->shootdown_pages = 33;
    rules->cpus = 1;
    machine->shootdown_cycles = 2000;
    bool good = take_name(context, "os", "global", global_names, &global);
    good = take_count(context, "os", "cpus", 1, MACHINE_CPUS_MAX, &rules->cpus) && good;
    good = take_name(context, "os", "shootdowns", no_yes_names, &shootdowns) && good;
    good = take_count(context, "os", "shootdown_pages", 0, UINT32_MAX, &rules->shootdown_pages) && good;
    good = take_count(context, "os", "shootdown_cycles", 0, MACHINE_CYCLES_MAX, &machine->shootdown_cycles) && good;
    good = take_count(context, "os", "switch_cycles", 0, MACHINE_CYCLES_MAX, &machine->switch_cycles) && good;
    rules->global_upper = global != 0;
    rules->shootdowns = shootdowns != 0;
    if (rules->global_upper && machine->format->upper == PAGE_TABLE_ZERO_EXTENDED)
        good = refuse(machine_text_find(context.text, "os", "global"), context.err,
                      "does not fit: %s has no upper half of addresses", machine->format->name);
    return take_asids(context, machine) && good;
}

/* Both or neither: a width alone hides nothing, and a window alone has no time to hide in. */
static bool take_core(struct context context, struct machine *machine)
{
    const bool width = machine_text_find(context.text, "core", "width") != NULL;
    const bool rob = machine_text_find(context.text, "core", "rob") != NULL;
    bool good = take_count(context, "core", "width", 1, CORE_WIDTH_MAX, &machine->core_width);
    good = take_count(context, "core", "rob", 1, CORE_ROB_MAX, &machine->core_rob) && good;
    if (!good || width == rob)
        return good;
    return refuse(machine_text_find(context.text, "core", width ? "width" : "rob"), context.err,
                  "asks for an estimate alone: give [core] %s, too, or leave both out", width ? "rob" : "width");
}

/* A key of [page_table] that says a size; `has` is what it is where nobody says so, 0 for a format that has none. */
static const struct setting *size_setting(struct context context, const struct machine *machine, const char *key,
                                          uint64_t has, bool *good)
{
    const struct setting *setting = machine_text_find(context.text, "page_table", key);
    if (setting == NULL || has != 0)
        return setting;
    *good =
        refuse(setting, context.err, "does not belong to page_table.format = %s, which has no such size: leave it out",
               machine->format->name);
    return NULL;
}

static bool take_table_count(struct context context, const struct machine *machine, const char *key, uint32_t least,
                             uint32_t most, bool powers, uint32_t *value)
{
    bool good = true;
    uint64_t count;
    const struct setting *setting = size_setting(context, machine, key, *value, &good);
    if (setting == NULL)
        return good;
    const bool is_size = strcmp(key, "entry_bytes") == 0;
    if (!(is_size ? units_parse_size(setting->value, &count) : units_parse_count(setting->value, &count)) ||
        count < least || count > most || (powers && !is_power_of_two(count)))
        return refuse(setting, context.err, "does not fit: expected a %s from %" PRIu32 " to %" PRIu32,
                      powers ? "power of two" : "whole number", least, most);
    *value = (uint32_t)count;
    return true;
}

/* Memory, of which an inverted table has an entry for each page; anchors as many, where nobody says otherwise. */
static bool take_table_memory(struct context context, struct machine *machine)
{
    bool good = true;
    struct page_table_sizes *sizes = &machine->table;
    const struct setting *setting = size_setting(context, machine, "memory", sizes->memory_bytes, &good);
    const uint64_t page_bytes = machine->page_size_bytes;
    if (machine->format->kind == PAGE_TABLE_INVERTED)
        sizes->entries = 1; /* there are some, whatever is wrong with the memory */
    if (setting != NULL &&
        (!take_size(context, "page_table", "memory", &sizes->memory_bytes) || !is_power_of_two(sizes->memory_bytes) ||
         sizes->memory_bytes < page_bytes || sizes->memory_bytes / page_bytes > TABLE_ENTRIES_MAX))
        return refuse(setting, context.err,
                      "does not fit: expected a power of two of bytes, 1 to %d pages of os.page_size",
                      TABLE_ENTRIES_MAX);
    if (machine->format->kind == PAGE_TABLE_INVERTED)
        sizes->entries = (uint32_t)(sizes->memory_bytes / page_bytes);
    return good;
}

static bool take_table(struct context context, struct machine *machine)
{
    struct page_table_sizes *sizes = &machine->table;
    *sizes = machine->format->sizes;
    bool good = take_table_memory(context, machine);
    good = take_table_count(context, machine, "entries", 1, TABLE_ENTRIES_MAX, true, &sizes->entries) && good;
    good =
        take_table_count(context, machine, "entry_bytes", 8, TABLE_ENTRY_BYTES_MAX, true, &sizes->entry_bytes) && good;
    good = take_table_count(context, machine, "cluster", 1, TABLE_CLUSTER_MAX, true, &sizes->cluster) && good;
    good = take_table_count(context, machine, "ways", 2, TABLE_WAYS_MAX, false, &sizes->ways) && good;
    good = take_table_count(context, machine, "load_percent", 10, 90, false, &sizes->load_percent) && good;
    if (machine->format->kind == PAGE_TABLE_INVERTED && sizes->entry_bytes >= machine->page_size_bytes)
        return refuse(machine_text_find(context.text, "page_table", "entry_bytes"), context.err,
                      "is no less than os.page_size, of which an inverted table has an entry for each in memory: the "
                      "table alone would fill it; give a smaller one");
    return good;
}

static bool take_walker(struct context context, struct machine *machine)
{
    int kind = WALKER_HARDWARE;
    bool good = take_name(context, "walker", "kind", walker_names, &kind);
    machine->walker_kind = (enum walker_kind)kind;
    good = take_count(context, "walker", "count", 1, WALKERS_MAX, &machine->walker_count) && good;
    good = take_count(context, "walker", "setup_cycles", 0, MACHINE_CYCLES_MAX, &machine->walker_setup_cycles) && good;
    good = take_count(context, "walker", "trap_cycles", 0, MACHINE_CYCLES_MAX, &machine->trap_cycles) && good;
    good = take_count(context, "walker", "handler_cycles", 0, MACHINE_CYCLES_MAX, &machine->handler_cycles) && good;
    if (machine->walker_kind == WALKER_SOFTWARE && machine->walker_count != 1)
        return refuse(machine_text_find(context.text, "walker", "count"), context.err,
                      "does not suit walker.kind = software, which is one handler at a time: set it to 1");
    return good;
}

static bool has_huge_pages(enum page_policy policy)
{
    return policy == PAGES_THP || policy == PAGES_KHUGEPAGED || policy == PAGES_RESERVE;
}

/* The format's smallest leaf above the size; 0 where there is none. */
static uint64_t next_leaf(const struct page_table_format *format, uint64_t page_size_bytes)
{
    uint64_t next = 0;
    for (unsigned level = 0; level < format->level_count; level++) {
        const uint64_t bytes = UINT64_C(1) << page_table_shift(format, level);
        if (format->level[level].leaf && bytes > page_size_bytes)
            next = bytes;
    }
    return next;
}

static bool take_huge_pages(struct context context, const struct setting *policy, struct machine *machine)
{
    const struct setting *setting = machine_text_find(context.text, "os", "huge_size");
    char size[UNITS_SIZE_TEXT];
    unsigned level;
    struct err predicate;
    units_format_size(machine->page_size_bytes, size);
    if (machine->format->kind != PAGE_TABLE_RADIX)
        return true; /* check_policy says what is wrong */
    machine->huge_size_bytes = next_leaf(machine->format, machine->page_size_bytes);
    if (!take_size(context, "os", "huge_size", &machine->huge_size_bytes))
        return false;
    if (setting == NULL && machine->huge_size_bytes == 0)
        return refuse(policy, context.err,
                      "needs a larger page than os.page_size = %s, the largest of %s; take a smaller "
                      "one",
                      size, machine->format->name);
    if (setting != NULL && !page_table_leaf_level(machine->format, machine->huge_size_bytes, &level, &predicate))
        return refuse(setting, context.err, "%s", predicate.text);
    if (machine->huge_size_bytes <= machine->page_size_bytes)
        return refuse(setting, context.err, "is not above os.page_size = %s: a huge page takes the place of several",
                      size);
    const uint64_t pages = machine->huge_size_bytes / machine->page_size_bytes;
    if (machine->page_policy != PAGES_KHUGEPAGED || machine->promote_pages <= pages)
        return true;
    setting = machine_text_find(context.text, "os", "promote_pages");
    return refuse(setting, context.err, "is more than the %" PRIu64 " pages of os.page_size = %s in a huge one", pages,
                  size);
}

/* "0x400000-0x800000:2M", from *text on. */
static bool parse_range(const char *text, size_t length, struct page_range *range)
{
    char word[80];
    char *end;
    if (length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    if (strncmp(word, "0x", 2) != 0)
        return false;
    errno = 0;
    range->first = strtoull(word, &end, 16);
    if (strncmp(end, "-0x", 3) != 0)
        return false;
    range->last = strtoull(end + 1, &end, 16) - 1;
    return errno == 0 && *end == ':' && range->last != UINT64_MAX && range->last >= range->first &&
           units_parse_size(end + 1, &range->page_size_bytes);
}

enum { RANGE_FILE_BYTES_MAX = 65536 };

/* Where a range stands: in the setting itself, or in a file that it names. */
struct range_place {
    const struct setting *setting;
    const char *path; /* NULL: in the setting */
    unsigned long line;
};

__attribute__((format(printf, 3, 4))) static bool refuse_range(struct context context, const struct range_place *place,
                                                               const char *format, ...)
{
    char where[PATH_MAX + 32] = "";
    char predicate[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(predicate, sizeof predicate, format, arguments);
    va_end(arguments);
    if (place->path != NULL)
        snprintf(where, sizeof where, "%s:%lu: ", place->path, place->line);
    return refuse(place->setting, context.err, "does not fit: %s%s", where, predicate);
}

static bool check_range(struct context context, const struct range_place *place, const struct machine *machine,
                        const struct page_range *range, const char *word, int length)
{
    unsigned level;
    struct err predicate;
    char size[UNITS_SIZE_TEXT];
    if (!page_table_leaf_level(machine->format, range->page_size_bytes, &level, &predicate))
        return refuse_range(context, place, "the page size of %.*s %s", length, word, predicate.text);
    const uint64_t unit =
        range->page_size_bytes > machine->page_size_bytes ? range->page_size_bytes : machine->page_size_bytes;
    if (range->first % unit != 0 || (range->last + 1) % unit != 0)
        return refuse_range(context, place, "%.*s does not begin and end at multiples of %s, %s", length, word,
                            units_format_size(unit, size),
                            unit == range->page_size_bytes ? "its page size"
                                                           : "os.page_size, which maps what is beside it");
    char legal[128];
    page_table_describe_range(machine->format, legal, sizeof legal);
    if (!page_table_expresses(machine->format, range->first) || !page_table_expresses(machine->format, range->last) ||
        (range->first ^ range->last) >> 63 != 0)
        return refuse_range(context, place, "%.*s is not in the addresses of %s, %s", length, word,
                            machine->format->name, legal);
    return true;
}

static bool take_range_words(struct context context, const struct range_place *place, const char *text,
                             struct machine *machine)
{
    static const char blanks[] = " \t\r\n,";
    for (const char *p = text; *(p += strspn(p, blanks)) != '\0';) {
        const size_t length = strcspn(p, blanks);
        struct page_range *range = &machine->range[machine->range_count];
        if (machine->range_count == MACHINE_RANGES_MAX)
            return refuse(place->setting, context.err, "is too much: at most %d ranges", MACHINE_RANGES_MAX);
        if (!parse_range(p, length, range))
            return refuse_range(context, place,
                                "expected START-END:SIZE such as 0x400000-0x800000:2M, END above START and the first "
                                "address behind, not %.*s",
                                (int)length, p);
        if (!check_range(context, place, machine, range, p, (int)length))
            return false;
        machine->range_count++;
        p += length;
    }
    return true;
}

/* Ranges on lines, of which what is behind a # is a comment. */
static bool take_range_lines(struct context context, struct range_place *place, char *text, struct machine *machine)
{
    bool good = true;
    for (char *line = text; good && line != NULL;) {
        char *next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        line[strcspn(line, "#")] = '\0';
        place->line++;
        good = take_range_words(context, place, line, machine);
        line = next;
    }
    return good;
}

static bool take_range_file(struct context context, const struct setting *setting, const char *path,
                            struct machine *machine)
{
    struct range_place place = {.setting = setting, .path = path};
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return refuse(setting, context.err, "does not fit: %s: %s", path, strerror(errno));
    bool good = true;
    char *text = malloc(RANGE_FILE_BYTES_MAX + 1);
    const size_t size = text == NULL ? 0 : fread(text, 1, RANGE_FILE_BYTES_MAX + 1, file);
    if (text == NULL)
        good = refuse(setting, context.err, "does not fit: %s: out of memory", path);
    else if (ferror(file))
        good = refuse(setting, context.err, "does not fit: %s: cannot be read: %s", path, strerror(errno));
    else if (size > RANGE_FILE_BYTES_MAX || memchr(text, '\0', size) != NULL)
        good = refuse(setting, context.err, "does not fit: %s: expected text, at most %d bytes of it", path,
                      RANGE_FILE_BYTES_MAX);
    fclose(file);
    if (good && text != NULL) {
        text[size] = '\0';
        good = take_range_lines(context, &place, text, machine);
    }
    free(text);
    return good;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct page_range *x = a;
    const struct page_range *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static bool take_ranges(struct context context, struct machine *machine)
{
    const struct setting *setting = machine_text_find(context.text, "os", "ranges");
    const struct range_place place = {.setting = setting};
    if (setting == NULL)
        return true;
    if (!(setting->value[0] == '@' ? take_range_file(context, setting, setting->value + 1, machine)
                                   : take_range_words(context, &place, setting->value, machine)))
        return false;
    qsort(machine->range, machine->range_count, sizeof *machine->range, compare_ranges);
    for (unsigned i = 1; i < machine->range_count; i++)
        if (machine->range[i].first <= machine->range[i - 1].last)
            return refuse(setting, context.err, "does not fit: two ranges hold 0x%" PRIx64, machine->range[i].first);
    if (__builtin_popcountll(machine_page_sizes(machine)) > MACHINE_PAGE_SIZES_MAX)
        return refuse(setting, context.err, "is too much: at most %d page sizes, with os.page_size",
                      MACHINE_PAGE_SIZES_MAX);
    return true;
}

/* What does not depend on the sizes of pages. */
static bool take_policy(struct context context, struct machine *machine)
{
    int policy = PAGES_UNIFORM;
    int kinds = 0;
    bool good = take_name(context, "os", "policy", page_policy_names, &policy);
    good = take_name(context, "os", "huge_kinds", huge_kinds_names, &kinds) && good;
    good = take_count(context, "os", "promote_pages", 1, UINT32_MAX, &machine->promote_pages) && good;
    good = take_count(context, "os", "reserve_threshold", 1, 100, &machine->reserve_percent) && good;
    good = take_count(context, "os", "promote_cycles", 0, PROMOTE_CYCLES_MAX, &machine->promote_cycles) && good;
    machine->page_policy = (enum page_policy)policy;
    machine->huge_kinds = kinds == 0 ? KINDS_ALL : KINDS_DATA;
    return good;
}

/* The page size and the policy are there. */
static bool take_page_sizes(struct context context, struct machine *machine)
{
    if (has_huge_pages(machine->page_policy))
        return take_huge_pages(context, machine_text_find(context.text, "os", "policy"), machine);
    return machine->page_policy != PAGES_RANGES || take_ranges(context, machine);
}

static bool take_machine(struct context context, struct machine *machine)
{
    const struct setting *name = machine_text_find(context.text, "machine", "name");
    const struct setting *source = machine_text_find(context.text, "machine", "source");
    const char *text = name != NULL ? name->value : context.text->default_name;
    machine->source = source != NULL ? source->value : "";
    if (strlen(text) >= MACHINE_NAME_BYTES)
        return err_add(context.err,
                       "%s: the machine's name, %s, is longer than %d characters: give a shorter [machine] name",
                       name != NULL ? name->origin : context.text->path, text, MACHINE_NAME_BYTES - 1);
    for (const char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return err_add(context.err, "%s: the machine's name holds a control character: give it a printable one",
                           name != NULL ? name->origin : context.text->path);
    memcpy(machine->name, text, strlen(text) + 1);
    return true;
}

/* What is right by itself, and not together. */
static bool refuse_together(struct context context, const char *section, const char *key, const char *with,
                            const char *why)
{
    return refuse(machine_text_find(context.text, section, key), context.err, "does not suit %s: %s", with, why);
}

const char *machine_of_one_process(const struct machine *machine)
{
    if (machine->format->kind != PAGE_TABLE_RADIX)
        return "a page_table.format that is no tree, or stands behind a TSB";
    if (machine->prefetch.kind != PREFETCH_NONE)
        return "[prefetch]";
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].pdes || tlb_array_pages(&machine->array[i]) > 1)
            return "arrays with sector, coalesce or pdes";
    if (machine->page_policy != PAGES_UNIFORM)
        return "an os.policy of pages of several sizes";
    if (machine->host != NULL)
        return "page_table.host";
    return NULL;
}

static bool check_one_process(struct context context, const struct machine *machine)
{
    static const char why[] = "that knows the pages of one process; leave one of them out";
    const char *one = machine_of_one_process(machine);
    bool good = true;
    if (one != NULL && machine->process.asids != MACHINE_ASIDS_ANY)
        good = refuse_together(context, "asid", "count", one, why) && good;
    if (one != NULL && machine->process.global_upper)
        good = refuse_together(context, "os", "global", one, why) && good;
    if (one != NULL && machine->process.shootdowns)
        good = refuse_together(context, "os", "shootdowns", one, why) && good;
    return good;
}

/* Ids are all CPUs', and a process that runs on one of them keeps its own. Without ids, what a CPU holds is its
 * process's, and of an array of all CPUs nobody could tell whose entries they are. */
static bool check_cpus(struct context context, const struct machine *machine)
{
    const struct process_rules *rules = &machine->process;
    const char *one = machine_of_one_process(machine);
    const uint64_t tags = request_tags(page_table_signed_bits(machine->format)) - rules->global_upper;
    char cpus[32];
    bool good = true;
    if (rules->cpus == 1)
        return true;
    snprintf(cpus, sizeof cpus, "os.cpus = %" PRIu32, rules->cpus);
    if (one != NULL)
        good = refuse_together(context, "os", "cpus", one,
                               "it knows the lookups of one CPU; set os.cpus to 1, or leave it out");
    if (machine->core_width != 0)
        good = refuse_together(context, "core", "width", cpus,
                               "the estimate knows the time of one CPU; leave [core] out, or set os.cpus to 1") &&
               good;
    if (rules->asids == 0 && machine_shared_level(machine) <= MACHINE_LEVELS)
        good = refuse_together(context, "asid", "count", "arrays with shared = yes",
                               "without ids nothing tells whose entries they hold; give every array shared = no, or "
                               "asid.count = any or a number") &&
               good;
    if (rules->asids != 0 && rules->asids < rules->cpus)
        good = refuse_together(context, "asid", "count", cpus,
                               "a process that runs keeps its id, and so there must be one for each CPU") &&
               good;
    if (rules->asids == 0 && tags < rules->cpus) {
        char why[128];
        snprintf(why, sizeof why,
                 "beside its addresses%s there is room to tell %" PRIu64 " processes apart; take fewer CPUs",
                 rules->global_upper ? " and global pages" : "", tags);
        good = refuse_together(context, "os", "cpus", machine->format->name, why) && good;
    }
    return good;
}

/* The estimate knows the walks of trees, that something waits for. */
static bool check_core(struct context context, const struct machine *machine)
{
    bool good = true;
    if (machine->core_width == 0)
        return true;
    if (machine->format->kind != PAGE_TABLE_RADIX)
        good = refuse_together(context, "core", "width", "a page_table.format that is no tree, or stands behind a TSB",
                               "the estimate knows the walks of trees; leave [core] out");
    if (machine->walker_kind == WALKER_SOFTWARE)
        good = refuse_together(context, "core", "width", "walker.kind = software",
                               "nothing else runs while a handler does, and so nothing hides it; leave [core] out") &&
               good;
    if (machine->prefetch.kind != PREFETCH_NONE)
        good = refuse_together(context, "core", "width", "[prefetch]",
                               "the estimate does not know when prefetches come; leave [core] out") &&
               good;
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].pdes)
            return refuse_together(context, "core", "width", "arrays with pdes",
                                   "the estimate knows the walks that walk caches shorten; leave [core] out");
    return good;
}

/* Who asks in which frame a page is, and who holds entries of tables, asks a tree. */
static bool check_tree(struct context context, const struct machine *machine)
{
    static const char why[] = "only of a tree's pages is it known where they lie and what maps them";
    bool good = true;
    if (machine->format->kind == PAGE_TABLE_RADIX)
        return true;
    if (machine->prefetch.kind != PREFETCH_NONE)
        good = refuse_together(context, "prefetch", "kind",
                               "a page_table.format that is no tree, or stands behind a TSB", why);
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        char section[MACHINE_NAME_BYTES + 8];
        snprintf(section, sizeof section, "tlb.%s", array->name);
        const char *key = array->pdes ? "pdes" : array->coalesce > 1 ? "coalesce" : array->sector > 1 ? "sector" : NULL;
        if (key != NULL)
            good = refuse_together(context, section, key, "a page_table.format that is no tree, or stands behind a TSB",
                                   why) &&
                   good;
    }
    return good;
}

/* Pages of several sizes go through arrays of their own kind. */
static bool check_policy(struct context context, const struct machine *machine)
{
    const char *policy = "an os.policy of pages of several sizes";
    bool good = true;
    if (machine->page_policy == PAGES_UNIFORM)
        return true;
    if (machine->format->kind != PAGE_TABLE_RADIX)
        good = refuse_together(context, "page_table", "format", policy, "only trees map them side by side");
    if (machine->core_width != 0)
        good = refuse_together(context, "core", "width", policy,
                               "the estimate knows pages of one size; leave [core] out") &&
               good;
    if (machine->prefetch.kind != PREFETCH_NONE)
        good =
            refuse_together(context, "prefetch", "kind", policy, "what the next page is depends on its size") && good;
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        char section[MACHINE_NAME_BYTES + 8];
        snprintf(section, sizeof section, "tlb.%s", array->name);
        const char *key = array->pdes ? "pdes" : array->coalesce > 1 ? "coalesce" : array->sector > 1 ? "sector" : NULL;
        if (key != NULL)
            good = refuse_together(context, section, key, policy, "its entries are for pages of one size") && good;
        if (array->half != DATA_BOTH)
            good = err_add(context.err,
                           "[%s] does not suit %s: loads and stores are not told apart there; make l1d of both",
                           section, policy) &&
                   good;
    }
    return good;
}

/* A nested walk is a walker's, of a guest's tree, and what it finds is where the host has the page. */
static bool check_nested(struct context context, const struct machine *machine)
{
    static const char host[] = "page_table.host";
    bool good = true;
    if (machine->host == NULL)
        return true;
    if (machine->format->kind != PAGE_TABLE_RADIX)
        good = refuse_together(context, "page_table", "format", host,
                               "nested walks go down the guest's tree; take a format that is one");
    if (machine->page_policy != PAGES_UNIFORM)
        good = refuse_together(context, "os", "policy", host, "the guest's pages have one size there") && good;
    if (machine->core_width != 0)
        good = refuse_together(context, "core", "width", host,
                               "the estimate knows walks of one dimension; leave [core] out") &&
               good;
    if (machine->prefetch.kind != PREFETCH_NONE)
        good = refuse_together(context, "prefetch", "kind", host,
                               "prefetches would be nested walks, too; leave one of them out") &&
               good;
    if (machine->walker_kind == WALKER_SOFTWARE)
        good =
            refuse_together(context, "walker", "kind", host, "no handler walks two tables; set it to hardware") && good;
    for (unsigned i = 0; i < machine->array_count; i++) {
        char section[MACHINE_NAME_BYTES + 8];
        snprintf(section, sizeof section, "tlb.%s", machine->array[i].name);
        if (machine->array[i].coalesce > 1)
            good =
                refuse_together(context, section, "coalesce", host,
                                "contiguous are frames of the guest, and entries are of the host's; leave one out") &&
                good;
    }
    return good;
}

static bool check_together(struct context context, const struct machine *machine)
{
    bool good = check_one_process(context, machine);
    good = check_cpus(context, machine) && good;
    good = check_core(context, machine) && good;
    good = check_tree(context, machine) && good;
    good = check_policy(context, machine) && good;
    good = check_nested(context, machine) && good;
    if (machine->walker_kind == WALKER_SOFTWARE && machine->prefetch.kind != PREFETCH_NONE)
        good = refuse_together(context, "prefetch", "kind", "walker.kind = software",
                               "no handler runs for what nothing trapped for; leave one of them out");
    return good;
}

/* PDEs are asked by walks: so nothing may stand between the array and the walks, and nothing else may hold them. */
static bool check_pdes(struct context context, const struct machine *machine)
{
    bool good = true;
    if (machine->format->kind != PAGE_TABLE_RADIX)
        return true; /* check_tree says what is wrong */
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        const struct tlb_array *last = &machine->array[machine->array_count - 1];
        const unsigned level = machine->format->level_count - 2;
        char section[MACHINE_NAME_BYTES + 8];
        snprintf(section, sizeof section, "tlb.%s", array->name);
        const struct setting *setting = machine_text_find(context.text, section, "pdes");
        if (!array->pdes)
            continue;
        if (last->level != array->level)
            good = refuse(setting, context.err,
                          "does not suit level %u: walks come behind [tlb.%s], of the last level, which alone can hold "
                          "their PDEs",
                          array->level, last->name);
        if (array->fill == FILL_VICTIM || tlb_array_pages(array) > 1)
            good = refuse(setting, context.err, "does not go with %s of [%s]: leave out one of them",
                          array->fill == FILL_VICTIM ? "fill = victim"
                          : array->sector > 1        ? "sector"
                                                     : "coalesce",
                          section);
        if (machine->prefetch.kind != PREFETCH_NONE)
            good = refuse(setting, context.err,
                          "does not go with prefetch.kind = %s, whose buffer stands between the array and the walks: "
                          "leave out one of them",
                          prefetch_names[machine->prefetch.kind]);
        if (machine->walk_cache[level].entries != 0)
            good = refuse(setting, context.err,
                          "does not go with [walk_cache.%s], which holds the same entries: leave out one of them",
                          machine->format->level[level].entry);
    }
    return good;
}

static bool take_prefetch(struct context context, struct prefetch *prefetch)
{
    int kind = PREFETCH_NONE;
    *prefetch = (struct prefetch){.degree = 2, .entries = 16, .rows = 256, .hit_cycles = 7};
    bool good = take_name(context, "prefetch", "kind", prefetch_names, &kind);
    good = take_count(context, "prefetch", "degree", 1, PREFETCH_DEGREE_MAX, &prefetch->degree) && good;
    good = take_count(context, "prefetch", "entries", 1, PREFETCH_ENTRIES_MAX, &prefetch->entries) && good;
    good = take_count(context, "prefetch", "rows", 1, PREFETCH_ROWS_MAX, &prefetch->rows) && good;
    good = take_count(context, "prefetch", "hit_cycles", 0, MACHINE_CYCLES_MAX, &prefetch->hit_cycles) && good;
    prefetch->kind = (enum prefetch_kind)kind;
    return good;
}

bool machine_resolve(const struct machine_text *text, struct machine *machine, struct err *err)
{
    const struct context context = {text, err};
    struct machine m = {.walker_count = 1,
                        .trap_cycles = 10,
                        .handler_cycles = 10,
                        .fixed_cycles = 10,
                        .dram_cycles = 200,
                        .huge_kinds = KINDS_ALL,
                        .promote_pages = 1,
                        .reserve_percent = 100};
    int memory = MEMORY_FIXED;
    err->text[0] = '\0';
    bool good = take_machine(context, &m);
    /* Without a format no page size is right, and no walk cache. */
    const bool good_format = take_format(context, &m);
    good = take_policy(context, &m) && good;
    const bool good_host = take_host_format(context, &m);
    good = good_host && good;
    const bool good_pages = good_format && take_page_size(context, &m);
    good = good_pages && good;
    good = (!good_pages || (take_page_sizes(context, &m) && take_table(context, &m))) && good;
    good = (!good_pages || !good_host || take_host_pages(context, &m)) && good;
    good = good_format && take_processes(context, &m) && good;
    good = take_tlbs(context, &m) && good;
    good = good_format && take_walk_caches(context, "walk_cache.", "page_table.format", m.format, m.walk_cache) && good;
    good = (!good_host || take_nested(context, &m)) && good;
    good = take_prefetch(context, &m.prefetch) && good;
    good = good_format && check_pdes(context, &m) && good;
    good = take_walker(context, &m) && good;
    good = take_name(context, "memory", "model", memory_names, &memory) && good;
    good = take_count(context, "memory", "fixed_cycles", 0, MACHINE_CYCLES_MAX, &m.fixed_cycles) && good;
    good = take_count(context, "memory", "dram_cycles", 0, MACHINE_CYCLES_MAX, &m.dram_cycles) && good;
    good = take_core(context, &m) && good;
    if (!take_caches(context, &m) || !good || !check_together(context, &m))
        return false;
    m.memory_model = (enum memory_model)memory;
    *machine = m;
    return true;
}

/* ---- Questions about a machine ---- */

unsigned machine_shared_level(const struct machine *machine)
{
    for (unsigned i = 0; i < machine->array_count; i++) /* by level */
        if (machine->array[i].shared)
            return machine->array[i].level;
    return MACHINE_LEVELS + 1;
}

unsigned machine_pde_level(const struct machine *machine)
{
    const unsigned levels = machine->format->level_count;
    return levels > 1 && machine->leaf_level == levels - 1 ? levels - 2 : levels;
}

uint32_t tlb_array_pages(const struct tlb_array *array)
{
    const uint32_t pages = array->sector > array->coalesce ? array->sector : array->coalesce;
    return pages > 1 ? pages : 1;
}

enum kinds machine_kinds(const struct machine *machine)
{
    unsigned kinds = KINDS_NONE;
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].level == 1)
            kinds |= machine->array[i].kinds;
    return (enum kinds)kinds;
}

static bool holds(const struct tlb_array *array, uint64_t page_size_bytes)
{
    return array->page_sizes == 0 || (array->page_sizes & page_size_bytes) != 0;
}

const struct tlb_array *machine_array(const struct machine *machine, unsigned level, enum kinds kind,
                                      uint64_t page_size_bytes)
{
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        if (array->level == level && (array->kinds & kind) != 0 && array->half != DATA_STORES &&
            holds(array, page_size_bytes))
            return array;
    }
    return NULL;
}

const struct tlb_array *machine_store_array(const struct machine *machine, uint64_t page_size_bytes)
{
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].half == DATA_STORES && holds(&machine->array[i], page_size_bytes))
            return &machine->array[i];
    return NULL;
}

bool machine_splits_data(const struct machine *machine)
{
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].half != DATA_BOTH)
            return true;
    return false;
}

uint64_t machine_page_sizes(const struct machine *machine)
{
    uint64_t sizes = machine->page_size_bytes | machine->huge_size_bytes;
    for (unsigned i = 0; i < machine->range_count; i++)
        sizes |= machine->range[i].page_size_bytes;
    return sizes;
}

static void write_geometry(const struct geometry *geometry, FILE *out)
{
    fprintf(out, "entries = %" PRIu32 "\nways = %" PRIu32 "\n", geometry->entries, geometry->ways);
}

static void write_walk_caches(const char *section, const struct page_table_format *format,
                              const struct geometry *caches, FILE *out)
{
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++) {
        if (caches[level].entries == 0)
            continue;
        fprintf(out, "\n[%s.%s]\n", section, format->level[level].entry);
        write_geometry(&caches[level], out);
    }
}

static void write_table(const struct page_table_sizes *sizes, FILE *out)
{
    char size[UNITS_SIZE_TEXT];
    const struct {
        const char *key;
        uint32_t value;
    } counts[] = {
        {"entries", sizes->entries}, {"entry_bytes", sizes->entry_bytes},   {"cluster", sizes->cluster},
        {"ways", sizes->ways},       {"load_percent", sizes->load_percent},
    };
    if (sizes->memory_bytes != 0)
        fprintf(out, "memory = %s\n", units_format_size(sizes->memory_bytes, size));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value != 0)
            fprintf(out, "%s = %" PRIu32 "\n", counts[i].key, counts[i].value);
}

/* What the policy asks for. */
static void write_pages_policy(const struct machine *machine, FILE *out)
{
    char size[UNITS_SIZE_TEXT];
    if (has_huge_pages(machine->page_policy))
        fprintf(out, "huge_size = %s\nhuge_kinds = %s\n", units_format_size(machine->huge_size_bytes, size),
                huge_kinds_names[machine->huge_kinds == KINDS_DATA]);
    if (machine->page_policy == PAGES_KHUGEPAGED)
        fprintf(out, "promote_pages = %" PRIu32 "\n", machine->promote_pages);
    if (machine->page_policy == PAGES_RESERVE)
        fprintf(out, "reserve_threshold = %" PRIu32 "\n", machine->reserve_percent);
    if (machine->page_policy == PAGES_KHUGEPAGED || machine->page_policy == PAGES_RESERVE)
        fprintf(out, "promote_cycles = %" PRIu32 "\n", machine->promote_cycles);
    if (machine->range_count == 0)
        return;
    fputs("ranges =", out);
    for (unsigned i = 0; i < machine->range_count; i++)
        fprintf(out, " 0x%" PRIx64 "-0x%" PRIx64 ":%s", machine->range[i].first, machine->range[i].last + 1,
                units_format_size(machine->range[i].page_size_bytes, size));
    fputc('\n', out);
}

void machine_write(const struct machine *machine, FILE *out)
{
    char size[UNITS_SIZE_TEXT];
    fprintf(out, "[machine]\nname = %s\n", machine->name);
    if (*machine->source != '\0')
        fprintf(out, "source = %s\n", machine->source);
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        fprintf(out, "\n[tlb.%s]\npages =", array->name);
        for (uint64_t sizes = array->page_sizes; sizes != 0; sizes &= sizes - 1)
            fprintf(out, " %s", units_format_size(sizes & -sizes, size));
        fprintf(out, "%s\n", array->page_sizes == 0 ? " any" : "");
        write_geometry(&array->geometry, out);
        fprintf(out, "policy = %s\nindex = %s\n", policy_names[array->policy], index_names[array->index]);
        if (array->level > 1)
            fprintf(out, "hit_cycles = %" PRIu32 "\nfill = %s\n", array->hit_cycles, fill_names[array->fill]);
        fprintf(out, "sector = %" PRIu32 "\nsector_fill = %s\n", array->sector, sector_fill_names[array->sector_fill]);
        fprintf(out, "coalesce = %" PRIu32 "\ncoalesce_rule = %s\n", array->coalesce,
                coalesce_rule_names[array->coalesce_rule]);
        fprintf(out, "pdes = %s\n", no_yes_names[array->pdes]);
        if (array->level > 1)
            fprintf(out, "shared = %s\n", no_yes_names[array->shared]);
    }
    fprintf(out, "\n[page_table]\nformat = %s\n", machine->format->name);
    write_table(&machine->table, out);
    fprintf(out, "host = %s\n", machine->host == NULL ? "none" : machine->host->name);
    if (machine->host != NULL)
        fprintf(out, "host_page_size = %s\n", units_format_size(machine->host_page_size_bytes, size));
    fprintf(out, "\n[prefetch]\nkind = %s\ndegree = %" PRIu32 "\nentries = %" PRIu32 "\nrows = %" PRIu32 "\n",
            prefetch_names[machine->prefetch.kind], machine->prefetch.degree, machine->prefetch.entries,
            machine->prefetch.rows);
    fprintf(out, "hit_cycles = %" PRIu32 "\n", machine->prefetch.hit_cycles);
    fprintf(out, "\n[walker]\nkind = %s\ncount = %" PRIu32 "\nsetup_cycles = %" PRIu32 "\n",
            walker_names[machine->walker_kind], machine->walker_count, machine->walker_setup_cycles);
    if (machine->walker_kind == WALKER_SOFTWARE)
        fprintf(out, "trap_cycles = %" PRIu32 "\nhandler_cycles = %" PRIu32 "\n", machine->trap_cycles,
                machine->handler_cycles);
    write_walk_caches("walk_cache", machine->format, machine->walk_cache, out);
    if (machine->nested_tlb.entries != 0) {
        fputs("\n[nested_tlb]\n", out);
        write_geometry(&machine->nested_tlb, out);
    }
    write_walk_caches("host_walk_cache", machine->host, machine->host_walk_cache, out);
    fprintf(out, "\n[memory]\nmodel = %s\nfixed_cycles = %" PRIu32 "\ndram_cycles = %" PRIu32 "\n",
            memory_names[machine->memory_model], machine->fixed_cycles, machine->dram_cycles);
    for (int i = 0; i < MACHINE_CACHES; i++) {
        const struct memory_cache *cache = &machine->cache[i];
        if (cache->geometry.entries == 0)
            continue;
        fprintf(out, "\n[cache.%s]\nsize = %s\nways = %" PRIu32 "\n", cache_names[i],
                units_format_size((uint64_t)cache->geometry.entries * cache->line_bytes, size), cache->geometry.ways);
        fprintf(out, "line = %" PRIu32 "\nhit_cycles = %" PRIu32 "\nshared = %s\n", cache->line_bytes,
                cache->hit_cycles, no_yes_names[cache->shared]);
    }
    if (machine->core_width != 0)
        fprintf(out, "\n[core]\nwidth = %" PRIu32 "\nrob = %" PRIu32 "\n", machine->core_width, machine->core_rob);
    const struct process_rules *rules = &machine->process;
    fputs("\n[asid]\ncount = ", out);
    if (rules->asids == MACHINE_ASIDS_ANY)
        fputs("any\n", out);
    else
        fprintf(out, "%" PRIu32 "\n", rules->asids);
    fprintf(out, "recycle = %s\n", recycle_names[rules->recycle]);
    fprintf(out, "\n[os]\ncpus = %" PRIu32 "\npage_size = %s\n", rules->cpus,
            units_format_size(machine->page_size_bytes, size));
    fprintf(out, "policy = %s\n", page_policy_names[machine->page_policy]);
    write_pages_policy(machine, out);
    fprintf(out, "global = %s\nswitch_cycles = %" PRIu32 "\n", global_names[rules->global_upper],
            machine->switch_cycles);
    fprintf(out, "shootdowns = %s\nshootdown_pages = %" PRIu32 "\nshootdown_cycles = %" PRIu32 "\n",
            no_yes_names[rules->shootdowns], rules->shootdown_pages, machine->shootdown_cycles);
}

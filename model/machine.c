/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/machine.h"

#include <assert.h>
#include <errno.h>
#include <ini_configobj.h>
#include <ini_valueobj.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "model/embedded.h"
#include "model/units.h"

enum {
    WALKERS_MAX = 64,
    CACHE_BYTES_MAX = 1 << 30,
    LINE_BYTES_MIN = 16,
    LINE_BYTES_MAX = 4096,
    FILE_BYTES_MAX = 1 << 20, /* a machine file is a page or two: more is another file, named by mistake */
    ORIGIN_BYTES = 512,
};

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
static const char *const index_names[] = {"modulo", "xor", NULL};
static const char *const fill_names[] = {"all", "victim", NULL};
static const char *const memory_names[] = {"fixed", "caches", NULL};
static const char *const walker_names[] = {"hardware", NULL};
static const char *const cache_names[] = {"l1d", "l2", "l3", NULL};

static const struct {
    const char *name;
    unsigned level;
    enum kinds kinds;
} tlb_levels[] = {
    {"l1", 1, KINDS_ALL},           {"l1i", 1, KINDS_INSTRUCTIONS}, {"l1d", 1, KINDS_DATA}, {"l2", 2, KINDS_ALL},
    {"l2i", 2, KINDS_INSTRUCTIONS}, {"l2d", 2, KINDS_DATA},         {"l3", 3, KINDS_ALL},
};
enum { TLB_LEVELS = sizeof tlb_levels / sizeof tlb_levels[0] };

/* ---- Settings as written ---- */

struct setting {
    char *section;
    char *key;
    char *value;
    char *origin; /* "file:line", or the option that set it */
    bool overlay; /* from the command line: wins over the file */
};

struct machine_text {
    char *default_name;
    char *path;
    struct setting *setting;
    size_t setting_count;
    size_t setting_room;
};

static void setting_free(struct setting *setting)
{
    free(setting->section);
    free(setting->key);
    free(setting->value);
    free(setting->origin);
}

void machine_text_free(struct machine_text *text)
{
    if (text == NULL)
        return;
    for (size_t i = 0; i < text->setting_count; i++)
        setting_free(&text->setting[i]);
    free(text->setting);
    free(text->default_name);
    free(text->path);
    free(text);
}

static bool text_add(struct machine_text *text, const char *section, const char *key, const char *value,
                     const char *origin, bool overlay)
{
    if (text->setting_count == text->setting_room) {
        const size_t room = text->setting_room == 0 ? 64 : 2 * text->setting_room;
        struct setting *more = realloc(text->setting, room * sizeof *more);
        if (more == NULL)
            return false;
        text->setting = more;
        text->setting_room = room;
    }
    struct setting *setting = &text->setting[text->setting_count++];
    *setting = (struct setting){strdup(section), strdup(key), strdup(value), strdup(origin), overlay};
    return setting->section != NULL && setting->key != NULL && setting->value != NULL && setting->origin != NULL;
}

static struct machine_text *text_new(const char *path)
{
    struct machine_text *text = calloc(1, sizeof *text);
    if (text == NULL)
        return NULL;
    const char *base = strrchr(path, '/');
    base = base == NULL ? path : base + 1;
    const size_t length = strlen(base);
    const bool ini = length > 4 && strcmp(base + length - 4, ".ini") == 0;
    text->default_name = strndup(base, ini ? length - 4 : length);
    text->path = strdup(path);
    if (text->default_name == NULL || text->path == NULL) {
        machine_text_free(text);
        return NULL;
    }
    return text;
}

struct machine_text *machine_text_copy(const struct machine_text *text)
{
    struct machine_text *copy = text_new(text->path);
    for (size_t i = 0; copy != NULL && i < text->setting_count; i++) {
        const struct setting *s = &text->setting[i];
        if (!text_add(copy, s->section, s->key, s->value, s->origin, s->overlay)) {
            machine_text_free(copy);
            return NULL;
        }
    }
    return copy;
}

/* The setting that counts: what the command line says, else what the file says. */
static const struct setting *find(const struct machine_text *text, const char *section, const char *key)
{
    const struct setting *found = NULL;
    for (size_t i = 0; i < text->setting_count; i++) {
        const struct setting *s = &text->setting[i];
        if (strcmp(s->section, section) == 0 && strcmp(s->key, key) == 0 && (found == NULL || s->overlay))
            found = s;
    }
    return found;
}

static const struct setting *find_layer(const struct machine_text *text, const char *section, const char *key,
                                        bool overlay)
{
    for (size_t i = text->setting_count; i-- > 0;) {
        const struct setting *s = &text->setting[i];
        if (s->overlay == overlay && strcmp(s->section, section) == 0 && strcmp(s->key, key) == 0)
            return s;
    }
    return NULL;
}

/* ---- Sections and keys ---- */

static bool is_label(const char *text)
{
    return *text != '\0' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

/* Index into tlb_levels of a section "tlb.LEVEL.LABEL", with *label at its label; -1 where it is none. */
static int tlb_section(const char *section, const char **label)
{
    if (strncmp(section, "tlb.", 4) != 0)
        return -1;
    for (int i = 0; i < TLB_LEVELS; i++) {
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

static int name_index(const char *const *names, const char *name)
{
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* The section as machine_keys spells it, NULL where it is unknown. */
static const char *section_pattern(const char *section)
{
    const char *label;
    if (tlb_section(section, &label) >= 0)
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

static bool section_unknown(const char *origin, const char *section, struct err *err)
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

static bool key_known(const char *origin, const char *section, const char *name, struct err *err)
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

bool machine_text_set(struct machine_text *text, const char *name, const char *value, const char *origin,
                      struct err *err)
{
    const char *dot = strrchr(name, '.');
    if (dot == NULL || dot == name || dot[1] == '\0')
        return err_set(err, "%s: %s does not name a key: write SECTION.KEY, such as tlb.l2.any.entries or os.page_size",
                       origin, name);
    char *section = strndup(name, (size_t)(dot - name));
    if (section == NULL)
        return err_set(err, "%s: out of memory", origin);
    bool good = key_known(origin, section, dot + 1, err);
    if (good && *value == '\0')
        good = err_set(err, "%s: %s has no value: write %s=VALUE", origin, name, name);
    if (good && !text_add(text, section, dot + 1, value, origin, true))
        good = err_set(err, "%s: out of memory", origin);
    free(section);
    return good;
}

/* ---- Reading files ---- */

static bool report_syntax(const char *path, struct ini_cfgobj *config, struct err *err)
{
    static const char *const sentences[] = {
        [ERR_LONGDATA] = "the value is too long",
        [ERR_NOCLOSESEC] = "the section has no closing bracket ]",
        [ERR_NOSECTION] = "the section has no name: write [name]",
        [ERR_SECTIONLONG] = "the section's name is too long",
        [ERR_NOEQUAL] = "neither [section] nor key = value nor # comment",
        [ERR_NOKEY] = "there is no key before the =",
        [ERR_LONGKEY] = "the key is too long",
    };
    char **errors = NULL;
    unsigned code = 0;
    unsigned line = 0;
    if (ini_config_get_errors(config, &errors) != 0 || errors == NULL || errors[0] == NULL ||
        sscanf(errors[0], "%*[^(](%u) %*s %*s %u", &code, &line) != 2)
        err_set(err, "%s: not a machine file: write [section] and key = value lines", path);
    else if (code < sizeof sentences / sizeof sentences[0] && sentences[code] != NULL)
        err_set(err, "%s:%u: %s", path, line, sentences[code]);
    else
        err_set(err, "%s:%u: not a line of a machine file", path, line);
    if (errors != NULL)
        ini_config_free_errors(errors);
    return false;
}

static bool take_section(struct machine_text *text, struct ini_cfgobj *config, const char *section, struct err *err)
{
    int count = 0;
    int error = 0;
    char **keys = ini_get_attribute_list(config, section, &count, &error);
    if (keys == NULL)
        return err_set(err, "%s: out of memory", text->path);
    bool good = true;
    if (count == 0)
        good = section_pattern(section) == NULL
                   ? section_unknown(text->path, section, err)
                   : err_set(err, "%s: [%s] says nothing: give its keys or leave it out", text->path, section);
    for (int i = 0; good && i < count; i++) {
        struct value_obj *object = NULL;
        uint32_t line = 0;
        const struct setting *twin = find(text, section, keys[i]); /* a key that stands twice comes up twice */
        if (ini_get_config_valueobj(section, keys[i], config, twin == NULL ? INI_GET_FIRST_VALUE : INI_GET_LAST_VALUE,
                                    &object) != 0 ||
            object == NULL || value_get_line(object, &line) != 0) {
            good = err_set(err, "%s: out of memory", text->path);
            break;
        }
        const char *value = ini_get_const_string_config_value(object, &error);
        char origin[ORIGIN_BYTES];
        snprintf(origin, sizeof origin, "%s:%u", text->path, line);
        good = key_known(origin, section, keys[i], err);
        if (good && twin != NULL)
            good =
                err_set(err, "%s: %s of [%s] stands already at %s: leave one", origin, keys[i], section, twin->origin);
        if (good && (value == NULL || *value == '\0'))
            good = err_set(err, "%s: %s has no value", origin, keys[i]);
        if (good && !text_add(text, section, keys[i], value, origin, false))
            good = err_set(err, "%s: out of memory", text->path);
    }
    ini_free_attribute_list(keys);
    return good;
}

static bool take_file(struct machine_text *text, const char *bytes, size_t size, struct err *err)
{
    const char *nul = memchr(bytes, '\0', size);
    if (nul != NULL)
        return err_set(err, "%s: not a machine file: it holds a NUL byte at offset %zu", text->path,
                       (size_t)(nul - bytes));
    struct ini_cfgfile *file = NULL;
    struct ini_cfgobj *config = NULL;
    bool good = true;
    char *copy = malloc(size + 1); /* the library takes no const, and no empty buffer */
    if (copy == NULL)
        return err_set(err, "%s: out of memory", text->path);
    memcpy(copy, bytes, size);
    copy[size] = '\n';
    const int opened = ini_config_file_from_mem(copy, (uint32_t)size + 1, &file);
    if (opened == EILSEQ)
        good = err_set(err, "%s: not a machine file: it is not UTF-8 text", text->path);
    else if (opened != 0 || ini_config_create(&config) != 0)
        good = err_set(err, "%s: cannot be parsed: %s", text->path, strerror(opened));
    if (good && ini_config_parse(file, INI_STOP_ON_ANY, INI_MS_MERGE | INI_MV1S_ALLOW | INI_MV2S_ALLOW,
                                 INI_PARSE_NOWRAP, config) != 0)
        good = report_syntax(text->path, config, err);
    if (good) {
        int count = 0;
        int error = 0;
        char **sections = ini_get_section_list(config, &count, &error);
        if (sections == NULL || count == 0)
            good = err_set(err, "%s: an empty machine file: `pagewalk machines show generic` prints one to start from",
                           text->path);
        for (int i = 0; good && i < count; i++)
            good = take_section(text, config, sections[i], err);
        if (sections != NULL)
            ini_free_section_list(sections);
    }
    if (config != NULL)
        ini_config_destroy(config);
    if (file != NULL)
        ini_config_file_destroy(file);
    free(copy);
    return good;
}

static struct machine_text *text_from(const char *path, const char *bytes, size_t size, struct err *err)
{
    struct machine_text *text = text_new(path);
    if (text == NULL) {
        err_set(err, "%s: out of memory", path);
        return NULL;
    }
    if (!take_file(text, bytes, size, err)) {
        machine_text_free(text);
        return NULL;
    }
    return text;
}

struct machine_text *machine_text_parse(const char *path, const char *text, struct err *err)
{
    return text_from(path, text, strlen(text), err);
}

struct machine_text *machine_text_read(const char *path, struct err *err)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        err_set(err, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct machine_text *text = NULL;
    char *bytes = malloc(FILE_BYTES_MAX);
    const size_t size = bytes == NULL ? 0 : fread(bytes, 1, FILE_BYTES_MAX, file);
    if (bytes == NULL)
        err_set(err, "%s: out of memory", path);
    else if (ferror(file))
        err_set(err, "%s: cannot be read: %s", path, strerror(errno));
    else if (size == FILE_BYTES_MAX)
        err_set(err, "%s: not a machine file: it is longer than %d bytes", path, FILE_BYTES_MAX - 1);
    else
        text = text_from(path, bytes, size, err);
    free(bytes);
    fclose(file);
    return text;
}

struct machine_text *machine_text_open(const char *name_or_path, struct err *err)
{
    const char *preset = machine_preset_text(name_or_path);
    if (preset != NULL)
        return machine_text_parse(name_or_path, preset, err);
    FILE *file = fopen(name_or_path, "r");
    if (file != NULL) {
        fclose(file);
        return machine_text_read(name_or_path, err);
    }
    const int error = errno;
    const char *near = err_nearest(name_or_path, machine_preset_names());
    if (error != ENOENT || strchr(name_or_path, '/') != NULL)
        err_set(err, "%s: %s", name_or_path, strerror(error));
    else if (near != NULL)
        err_set(err, "%s: neither a machine nor a file; did you mean %s?", name_or_path, near);
    else
        err_set(err, "%s: neither a machine nor a file; `pagewalk machines list` lists the machines", name_or_path);
    return NULL;
}

/* ---- Presets ---- */

static bool is_preset(const struct embedded_file *file)
{
    const size_t length = strlen(file->name);
    return length > 4 && strcmp(file->name + length - 4, ".ini") == 0;
}

const char *const *machine_preset_names(void)
{
    enum { PRESETS_MAX = 256 };
    static char names[PRESETS_MAX][MACHINE_NAME_BYTES];
    static const char *list[PRESETS_MAX + 1];
    size_t count = 0;
    for (const struct embedded_file *file = embedded_files; file->name != NULL; file++) {
        if (!is_preset(file))
            continue;
        assert(count < PRESETS_MAX && strlen(file->name) < MACHINE_NAME_BYTES);
        snprintf(names[count], MACHINE_NAME_BYTES, "%.*s", (int)strlen(file->name) - 4, file->name);
        list[count] = names[count];
        count++;
    }
    return list;
}

const char *machine_preset_text(const char *name)
{
    for (const struct embedded_file *file = embedded_files; file->name != NULL; file++)
        if (is_preset(file) && strlen(file->name) - 4 == strlen(name) && strncmp(file->name, name, strlen(name)) == 0)
            return file->text;
    return NULL;
}

/* ---- From settings to values ---- */

/* What is wrong with a setting: "file:line: key = value <predicate>". */
__attribute__((format(printf, 3, 4))) static bool refuse(const struct setting *setting, struct err *err,
                                                         const char *format, ...)
{
    char predicate[ERR_TEXT_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(predicate, sizeof predicate, format, arguments);
    va_end(arguments);
    return err_set(err, "%s: %s = %s %s", setting->origin, setting->key, setting->value, predicate);
}

struct context {
    const struct machine_text *text;
    struct err *err;
};

static bool take_count(struct context context, const char *section, const char *key, uint32_t least, uint32_t most,
                       uint32_t *value)
{
    const struct setting *setting = find(context.text, section, key);
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
    const struct setting *setting = find(context.text, section, key);
    if (setting == NULL)
        return true;
    if (!units_parse_size(setting->value, bytes))
        return refuse(setting, context.err, "does not fit: expected a size such as 4096, 4K or 2M");
    return true;
}

static bool take_name(struct context context, const char *section, const char *key, const char *const *names,
                      int *value)
{
    const struct setting *setting = find(context.text, section, key);
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
    if (find(context.text, section, key) != NULL)
        return true;
    return err_set(context.err, "%s: [%s] lacks %s", context.text->path, section, key);
}

/* Nearest multiples of `unit` around `value`, for messages; the lower one may be 0, which is then not named. */
static void nearest_multiples(uint32_t value, uint32_t unit, char text[64])
{
    const uint64_t below = value / unit * (uint64_t)unit;
    if (below == 0)
        snprintf(text, 64, "%" PRIu32, unit);
    else
        snprintf(text, 64, "%" PRIu64 " or %" PRIu64, below, below + unit);
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
        base[i] = find_layer(context.text, section, geometry_keys[i], false);
        over[i] = find_layer(context.text, section, geometry_keys[i], true);
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
    if (!parse_geometry_number(context, base[ENTRIES], 0, &entries) ||
        !parse_geometry_number(context, base[SETS], 1, &sets))
        return false;
    if (entries % sets != 0)
        return refuse(base[ENTRIES], context.err,
                      "does not give whole ways in sets = %" PRIu32 ", so there are none to keep", sets);
    *kept_ways = entries / sets;
    return true;
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
    if (entries != NULL && !parse_geometry_number(context, entries, 0, &g.entries))
        return false;
    if (entries != NULL && g.entries == 0)
        return true;
    if (sets != NULL && !parse_geometry_number(context, sets, 1, &g.sets))
        return false;
    const bool full = ways != NULL && strcmp(ways->value, "full") == 0;
    if (ways != NULL && !full && !parse_geometry_number(context, ways, 1, &g.ways))
        return false;
    if (kept_ways != 0)
        g.ways = kept_ways;
    if (full) {
        if (entries == NULL)
            return refuse(ways, context.err, "means one set of all entries: give [%s] entries beside it%s", section,
                          sets != NULL ? ", not sets; for more sets give a number of ways" : "");
        g.ways = g.entries;
    }
    char legal[64];
    const bool have_ways = g.ways != 0;
    if (entries != NULL && have_ways) {
        if (g.entries % g.ways != 0) {
            nearest_multiples(g.entries, g.ways, legal);
            const struct setting *blamed = ways != NULL && ways->overlay && !entries->overlay ? ways : entries;
            return refuse(blamed, context.err,
                          "does not give whole sets: entries = %" PRIu32 " with ways = %" PRIu32
                          "; the nearest entries are %s",
                          g.entries, g.ways, legal);
        }
        g.sets = g.entries / g.ways;
    } else if (entries != NULL && sets != NULL) {
        if (g.entries % g.sets != 0) {
            nearest_multiples(g.entries, g.sets, legal);
            const struct setting *blamed = sets->overlay && !entries->overlay ? sets : entries;
            return refuse(blamed, context.err,
                          "does not give whole ways: entries = %" PRIu32 " in sets = %" PRIu32
                          "; the nearest entries are %s",
                          g.entries, g.sets, legal);
        }
        g.ways = g.entries / g.sets;
    } else if (sets != NULL && have_ways) {
        const uint64_t product = (uint64_t)g.sets * g.ways;
        if (product > MACHINE_ENTRIES_MAX)
            return refuse(sets, context.err,
                          "does not fit: sets = %" PRIu32 " of ways = %" PRIu32 " are %" PRIu64 " entries, above %d",
                          g.sets, g.ways, product, MACHINE_ENTRIES_MAX);
        g.entries = (uint32_t)product;
    } else {
        const struct setting *only = entries != NULL ? entries : sets != NULL ? sets : ways;
        if (only == NULL)
            return err_set(context.err, "%s: [%s] lacks two of entries, sets and ways", context.text->path, section);
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
    const struct setting *setting = find(context.text, section, "pages");
    array->page_size_count = 0;
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
        for (unsigned i = 0; i < array->page_size_count; i++)
            if (array->page_size_bytes[i] == bytes)
                return refuse(setting, context.err, "names %s twice", word);
        if (array->page_size_count == MACHINE_PAGES_MAX)
            return refuse(setting, context.err, "names more than %d page sizes", MACHINE_PAGES_MAX);
        array->page_size_bytes[array->page_size_count++] = bytes;
        p += length;
    }
    return true;
}

/* The setting to blame for what follows from the ways or the sets of a section. */
static const struct setting *geometry_setting(struct context context, const char *section, int preferred)
{
    const struct setting *setting = find(context.text, section, geometry_keys[preferred]);
    if (setting == NULL)
        setting = find(context.text, section, "entries");
    return setting != NULL ? setting : find(context.text, section, "sets");
}

static bool take_array(struct context context, const char *section, unsigned level_index, struct tlb_array *array)
{
    int policy = POLICY_LRU;
    int index = INDEX_MODULO;
    int fill = FILL_ALL;
    const struct setting *setting;
    if (strlen(section + 4) >= MACHINE_NAME_BYTES)
        return err_set(context.err, "%s: [%s]: the label is longer than %d characters", context.text->path, section,
                       MACHINE_NAME_BYTES - 5);
    *array = (struct tlb_array){.level = tlb_levels[level_index].level, .kinds = tlb_levels[level_index].kinds};
    snprintf(array->name, sizeof array->name, "%s", section + 4);
    array->hit_cycles = array->level == 1 ? 0 : 7;
    if (!take_geometry(context, section, &array->geometry) || !take_pages(context, section, array) ||
        !take_name(context, section, "policy", policy_names, &policy) ||
        !take_name(context, section, "index", index_names, &index) ||
        !take_name(context, section, "fill", fill_names, &fill))
        return false;
    if (array->level == 1 && (setting = find(context.text, section, "hit_cycles")) != NULL)
        return refuse(
            setting, context.err,
            "does not belong to a first level: its hits are what every cost is counted on top of; leave it out");
    if (!take_count(context, section, "hit_cycles", 0, MACHINE_CYCLES_MAX, &array->hit_cycles))
        return false;
    array->policy = (enum policy)policy;
    array->index = (enum tlb_index)index;
    array->fill = (enum tlb_fill)fill;
    if (array->geometry.entries == 0)
        return true;
    if (array->fill == FILL_VICTIM && array->level == 1)
        return refuse(find(context.text, section, "fill"), context.err,
                      "does not belong to a first level: there is no level above to evict into it");
    if (array->policy == POLICY_PLRU && !is_power_of_two(array->geometry.ways)) {
        const uint32_t below = UINT32_C(1) << (31 - __builtin_clz(array->geometry.ways));
        return refuse(geometry_setting(context, section, WAYS), context.err,
                      "does not suit policy = plru, whose tree needs a power of two of ways, not %" PRIu32
                      "; the nearest are %" PRIu32 " and %" PRIu32,
                      array->geometry.ways, below, 2 * below);
    }
    if (array->index == INDEX_XOR && !is_power_of_two(array->geometry.sets)) {
        const uint32_t below = UINT32_C(1) << (31 - __builtin_clz(array->geometry.sets));
        return refuse(geometry_setting(context, section, SETS), context.err,
                      "does not suit index = xor, which needs a power of two of sets, not %" PRIu32
                      "; the nearest are %" PRIu32 " and %" PRIu32,
                      array->geometry.sets, below, 2 * below);
    }
    return true;
}

/* A page size that both arrays hold, 0 where there is none; `any` meets everything, and 1 stands for that. */
static uint64_t shared_page_size(const struct tlb_array *a, const struct tlb_array *b)
{
    if (a->page_size_count == 0 || b->page_size_count == 0)
        return a->page_size_count != 0 ? a->page_size_bytes[0] : b->page_size_count != 0 ? b->page_size_bytes[0] : 1;
    for (unsigned i = 0; i < a->page_size_count; i++)
        for (unsigned j = 0; j < b->page_size_count; j++)
            if (a->page_size_bytes[i] == b->page_size_bytes[j])
                return a->page_size_bytes[i];
    return 0;
}

static bool check_overlap(struct context context, const struct machine *machine)
{
    for (unsigned i = 0; i < machine->array_count; i++) {
        for (unsigned j = i + 1; j < machine->array_count; j++) {
            const struct tlb_array *a = &machine->array[i];
            const struct tlb_array *b = &machine->array[j];
            if (a->level != b->level || (a->kinds & b->kinds) == 0)
                continue;
            if (a->level == 1 && a->kinds != b->kinds)
                return err_set(context.err,
                               "%s: [tlb.%s] stands beside [tlb.%s]: a first level is either l1, or l1i and l1d",
                               context.text->path, a->name, b->name);
            const uint64_t bytes = shared_page_size(a, b);
            char size[UNITS_SIZE_TEXT];
            if (bytes != 0)
                return err_set(
                    context.err,
                    "%s: [tlb.%s] and [tlb.%s] both serve %s pages: divide the sizes between them with pages =",
                    context.text->path, a->name, b->name, bytes == 1 ? "all" : units_format_size(bytes, size));
        }
    }
    return true;
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
    for (unsigned level = 1; level <= 3; level++) {
        for (size_t i = 0; i < context.text->setting_count; i++) {
            const char *section = context.text->setting[i].section;
            const char *label;
            const int index = tlb_section(section, &label);
            if (index < 0 || tlb_levels[index].level != level || section_seen(context.text, i, section))
                continue;
            if (machine->array_count == MACHINE_ARRAYS_MAX)
                return err_set(context.err, "%s: [%s]: more than %d arrays", context.text->path, section,
                               MACHINE_ARRAYS_MAX);
            struct tlb_array *array = &machine->array[machine->array_count];
            if (!take_array(context, section, (unsigned)index, array))
                return false;
            if (array->geometry.entries != 0)
                machine->array_count++;
        }
    }
    if (machine_kinds(machine) == KINDS_NONE)
        return err_set(
            context.err,
            "%s: no first-level array is left, and so nothing to translate: give [tlb.l1d.LABEL], [tlb.l1i.LABEL] or "
            "[tlb.l1.LABEL] entries",
            context.text->path);
    return check_overlap(context, machine);
}

static bool take_walk_caches(struct context context, struct machine *machine)
{
    for (size_t i = 0; i < context.text->setting_count; i++) {
        const char *section = context.text->setting[i].section;
        if (strncmp(section, "walk_cache.", 11) != 0 || section_seen(context.text, i, section))
            continue;
        struct geometry geometry;
        if (!take_geometry(context, section, &geometry))
            return false;
        if (geometry.entries == 0)
            continue;
        unsigned level = 0;
        char legal[64] = "";
        while (level + 1 < machine->format->level_count &&
               strcmp(machine->format->level[level].entry, section + 11) != 0) {
            strncat(legal, " ", sizeof legal - strlen(legal) - 1);
            strncat(legal, machine->format->level[level++].entry, sizeof legal - strlen(legal) - 1);
        }
        if (level + 1 == machine->format->level_count)
            return err_set(
                context.err,
                "%s: [%s] holds entries that page_table.format = %s does not have; its non-leaf entries are%s",
                context.text->setting[i].origin, section, machine->format->name, legal);
        machine->walk_cache[level] = geometry;
    }
    return true;
}

static bool take_cache(struct context context, const char *section, struct memory_cache *cache)
{
    uint64_t size = 0;
    uint64_t line = 64;
    if (!required(context, section, "size") || !take_size(context, section, "size", &size))
        return false;
    if (size == 0)
        return true;
    if (!required(context, section, "ways") || !required(context, section, "hit_cycles") ||
        !take_count(context, section, "hit_cycles", 0, MACHINE_CYCLES_MAX, &cache->hit_cycles) ||
        !take_size(context, section, "line", &line))
        return false;
    const struct setting *size_setting = find(context.text, section, "size");
    const struct setting *ways_setting = find(context.text, section, "ways");
    if (!is_power_of_two(line) || line < LINE_BYTES_MIN || line > LINE_BYTES_MAX)
        return refuse(find(context.text, section, "line"), context.err,
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

static bool take_caches(struct context context, struct machine *machine)
{
    for (int i = 0; i < MACHINE_CACHES; i++) {
        char section[16];
        snprintf(section, sizeof section, "cache.%s", cache_names[i]);
        for (size_t s = 0; s < context.text->setting_count; s++) {
            if (strcmp(context.text->setting[s].section, section) != 0)
                continue;
            if (!take_cache(context, section, &machine->cache[i]))
                return false;
            break;
        }
    }
    return true;
}

static bool take_format(struct context context, struct machine *machine)
{
    const struct setting *setting = find(context.text, "page_table", "format");
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
        return refuse(find(context.text, "os", "page_size"), context.err, "%s", predicate.text);
    return true;
}

static bool take_machine(struct context context, struct machine *machine)
{
    const struct setting *name = find(context.text, "machine", "name");
    const struct setting *source = find(context.text, "machine", "source");
    const char *text = name != NULL ? name->value : context.text->default_name;
    machine->source = source != NULL ? source->value : "";
    if (strlen(text) >= MACHINE_NAME_BYTES)
        return err_set(context.err,
                       "%s: the machine's name, %s, is longer than %d characters: give a shorter [machine] name",
                       name != NULL ? name->origin : context.text->path, text, MACHINE_NAME_BYTES - 1);
    memcpy(machine->name, text, strlen(text) + 1);
    return true;
}

bool machine_resolve(const struct machine_text *text, struct machine *machine, struct err *err)
{
    const struct context context = {text, err};
    struct machine m = {.walker_count = 1, .fixed_cycles = 10, .dram_cycles = 200};
    int walker = 0;
    int memory = MEMORY_FIXED;
    if (!take_machine(context, &m) || !take_format(context, &m) || !take_page_size(context, &m) ||
        !take_tlbs(context, &m) || !take_walk_caches(context, &m) ||
        !take_name(context, "walker", "kind", walker_names, &walker) ||
        !take_count(context, "walker", "count", 1, WALKERS_MAX, &m.walker_count) ||
        !take_count(context, "walker", "setup_cycles", 0, MACHINE_CYCLES_MAX, &m.walker_setup_cycles) ||
        !take_name(context, "memory", "model", memory_names, &memory) ||
        !take_count(context, "memory", "fixed_cycles", 0, MACHINE_CYCLES_MAX, &m.fixed_cycles) ||
        !take_count(context, "memory", "dram_cycles", 0, MACHINE_CYCLES_MAX, &m.dram_cycles) ||
        !take_caches(context, &m))
        return false;
    m.memory_model = (enum memory_model)memory;
    *machine = m;
    return true;
}

/* ---- Questions about a machine ---- */

enum kinds machine_kinds(const struct machine *machine)
{
    unsigned kinds = KINDS_NONE;
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].level == 1)
            kinds |= machine->array[i].kinds;
    return (enum kinds)kinds;
}

const struct tlb_array *machine_array(const struct machine *machine, unsigned level, enum kinds kind,
                                      uint64_t page_size_bytes)
{
    for (unsigned i = 0; i < machine->array_count; i++) {
        const struct tlb_array *array = &machine->array[i];
        if (array->level != level || (array->kinds & kind) == 0)
            continue;
        if (array->page_size_count == 0)
            return array;
        for (unsigned p = 0; p < array->page_size_count; p++)
            if (array->page_size_bytes[p] == page_size_bytes)
                return array;
    }
    return NULL;
}

static void write_geometry(const struct geometry *geometry, FILE *out)
{
    fprintf(out, "entries = %" PRIu32 "\nways = %" PRIu32 "\n", geometry->entries, geometry->ways);
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
        for (unsigned p = 0; p < array->page_size_count; p++)
            fprintf(out, " %s", units_format_size(array->page_size_bytes[p], size));
        fprintf(out, "%s\n", array->page_size_count == 0 ? " any" : "");
        write_geometry(&array->geometry, out);
        fprintf(out, "policy = %s\nindex = %s\n", policy_names[array->policy], index_names[array->index]);
        if (array->level > 1)
            fprintf(out, "hit_cycles = %" PRIu32 "\nfill = %s\n", array->hit_cycles, fill_names[array->fill]);
    }
    fprintf(out, "\n[page_table]\nformat = %s\n", machine->format->name);
    fprintf(out, "\n[walker]\nkind = hardware\ncount = %" PRIu32 "\nsetup_cycles = %" PRIu32 "\n",
            machine->walker_count, machine->walker_setup_cycles);
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++) {
        if (machine->walk_cache[level].entries == 0)
            continue;
        fprintf(out, "\n[walk_cache.%s]\n", machine->format->level[level].entry);
        write_geometry(&machine->walk_cache[level], out);
    }
    fprintf(out, "\n[memory]\nmodel = %s\nfixed_cycles = %" PRIu32 "\ndram_cycles = %" PRIu32 "\n",
            memory_names[machine->memory_model], machine->fixed_cycles, machine->dram_cycles);
    for (int i = 0; i < MACHINE_CACHES; i++) {
        const struct memory_cache *cache = &machine->cache[i];
        if (cache->geometry.entries == 0)
            continue;
        fprintf(out, "\n[cache.%s]\nsize = %s\nways = %" PRIu32 "\n", cache_names[i],
                units_format_size((uint64_t)cache->geometry.entries * cache->line_bytes, size), cache->geometry.ways);
        fprintf(out, "line = %" PRIu32 "\nhit_cycles = %" PRIu32 "\n", cache->line_bytes, cache->hit_cycles);
    }
    fprintf(out, "\n[os]\npage_size = %s\n", units_format_size(machine->page_size_bytes, size));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/machine_text.h"

#include <assert.h>
#include <errno.h>
#include <ini_configobj.h>
#include <ini_valueobj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/embedded.h"
#include "model/machine_keys.h"

enum {
    FILE_BYTES_MAX = 1 << 20, /* a machine file is a page or two: more is another file, named by mistake */
    ORIGIN_BYTES = MACHINE_ORIGIN_BYTES,
};

/* ---- Settings as written ---- */

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
    for (size_t i = 0; i < text->header_count; i++)
        free(text->header[i].section);
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
    for (size_t i = 0; copy != NULL && i < text->header_count; i++) {
        copy->header[i] = (struct header){strdup(text->header[i].section), text->header[i].line};
        copy->header_count++;
        if (copy->header[i].section == NULL) {
            machine_text_free(copy);
            return NULL;
        }
    }
    for (size_t i = 0; copy != NULL && i < text->setting_count; i++) {
        const struct setting *s = &text->setting[i];
        if (!text_add(copy, s->section, s->key, s->value, s->origin, s->overlay)) {
            machine_text_free(copy);
            return NULL;
        }
    }
    return copy;
}

const struct setting *machine_text_find(const struct machine_text *text, const char *section, const char *key)
{
    const struct setting *found = NULL;
    for (size_t i = 0; i < text->setting_count; i++) {
        const struct setting *s = &text->setting[i];
        if (strcmp(s->section, section) == 0 && strcmp(s->key, key) == 0 && (found == NULL || s->overlay))
            found = s;
    }
    return found;
}

const struct setting *machine_text_find_layer(const struct machine_text *text, const char *section, const char *key,
                                              bool overlay)
{
    for (size_t i = text->setting_count; i-- > 0;) {
        const struct setting *s = &text->setting[i];
        if (s->overlay == overlay && strcmp(s->section, section) == 0 && strcmp(s->key, key) == 0)
            return s;
    }
    return NULL;
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

/* "... (code) on line N: ..." */
static bool report_syntax_error(const char *path, const char *error, struct err *err)
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
    unsigned code = 0;
    unsigned line = 0;
    if (sscanf(error, "%*[^(](%u) %*s %*s %u", &code, &line) != 2)
        return err_add(err, "%s: not a machine file: write [section] and key = value lines", path);
    if (code < sizeof sentences / sizeof sentences[0] && sentences[code] != NULL)
        return err_add(err, "%s:%u: %s", path, line, sentences[code]);
    return err_add(err, "%s:%u: not a line of a machine file", path, line);
}

/* A file with many is another file, named by mistake: one of them shows that. */
static bool report_syntax(const char *path, struct ini_cfgobj *config, struct err *err)
{
    enum { MANY = 10, SHOWN_OF_MANY = 1 };
    char **errors = NULL;
    if (ini_config_get_errors(config, &errors) != 0 || errors == NULL || errors[0] == NULL)
        return err_set(err, "%s: not a machine file: write [section] and key = value lines", path);
    size_t count = 0;
    while (errors[count] != NULL)
        count++;
    const size_t shown = count > MANY ? SHOWN_OF_MANY : count;
    for (size_t i = 0; i < shown; i++)
        report_syntax_error(path, errors[i], err);
    if (shown < count)
        err_add(err, "%s: and %zu lines more that are none of a machine file; is it one?", path, count - shown);
    ini_config_free_errors(errors);
    return false;
}

/* The library takes [A] and [a] for one section and keeps no section's line: so the headers are read here, too. That a
 * section is unknown is said when its keys are taken. */
static bool take_header(struct machine_text *text, const char *header, size_t length, unsigned line, struct err *err)
{
    char origin[ORIGIN_BYTES];
    snprintf(origin, sizeof origin, "%s:%u", text->path, line);
    const char *end = memchr(header, ']', length);
    if (end == NULL)
        return err_add(err, "%s: the section has no closing bracket ]", origin);
    char *name = strndup(header + 1, (size_t)(end - header) - 1);
    if (name == NULL)
        return err_add(err, "%s: out of memory", origin);
    bool good = true;
    for (size_t i = 0; good && i < text->header_count; i++) {
        const struct header *other = &text->header[i];
        if (strcasecmp(other->section, name) != 0 || strcmp(other->section, name) == 0)
            continue;
        good = err_add(err, "%s: [%s] differs from [%s] of line %u in capitals only: give it another %s", origin, name,
                       other->section, other->line, strchr(name, '.') != NULL ? "label" : "name");
    }
    if (good)
        text->header[text->header_count++] = (struct header){name, line};
    else
        free(name);
    return good;
}

static bool take_headers(struct machine_text *text, const char *bytes, size_t size, struct err *err)
{
    unsigned line = 1;
    bool good = true;
    for (const char *p = bytes; p < bytes + size; line++) {
        const char *end = memchr(p, '\n', (size_t)(bytes + size - p));
        const size_t length = end == NULL ? (size_t)(bytes + size - p) : (size_t)(end - p);
        if (*p == '[' && text->header_count == HEADERS_MAX)
            return err_add(err, "%s:%u: more than %d sections", text->path, line, HEADERS_MAX);
        good = (*p != '[' || take_header(text, p, length, line, err)) && good;
        p += length + 1;
    }
    return good;
}

void machine_text_where(const struct machine_text *text, const char *section, char origin[MACHINE_ORIGIN_BYTES])
{
    for (size_t i = 0; i < text->header_count; i++) {
        if (strcmp(text->header[i].section, section) == 0) {
            snprintf(origin, MACHINE_ORIGIN_BYTES, "%s:%u", text->path, text->header[i].line);
            return;
        }
    }
    snprintf(origin, MACHINE_ORIGIN_BYTES, "%s", text->path);
}

static bool take_setting(struct machine_text *text, struct ini_cfgobj *config, const char *section, const char *key,
                         struct err *err)
{
    struct value_obj *object = NULL;
    uint32_t line = 0;
    int error = 0;
    const struct setting *twin = machine_text_find(text, section, key); /* a key that stands twice comes up twice */
    if (ini_get_config_valueobj(section, key, config, twin == NULL ? INI_GET_FIRST_VALUE : INI_GET_LAST_VALUE,
                                &object) != 0 ||
        object == NULL || value_get_line(object, &line) != 0)
        return err_add(err, "%s: out of memory", text->path);
    const char *value = ini_get_const_string_config_value(object, &error);
    char origin[ORIGIN_BYTES];
    struct err unknown;
    snprintf(origin, sizeof origin, "%s:%u", text->path, line);
    if (!key_known(origin, section, key, &unknown))
        return err_add(err, "%s", unknown.text);
    if (twin != NULL)
        return err_add(err, "%s: %s of [%s] stands already at %s: leave one", origin, key, section, twin->origin);
    if (value == NULL || *value == '\0')
        return err_add(err, "%s: %s has no value", origin, key);
    return text_add(text, section, key, value, origin, false) || err_add(err, "%s: out of memory", text->path);
}

static bool stands_before(char *const *keys, int i)
{
    for (int j = 0; j < i; j++)
        if (strcmp(keys[j], keys[i]) == 0)
            return true;
    return false;
}

/* A key that was not taken and stands twice is wrong once. */
static bool take_section(struct machine_text *text, struct ini_cfgobj *config, const char *section, struct err *err)
{
    char origin[ORIGIN_BYTES];
    struct err unknown;
    machine_text_where(text, section, origin);
    if (section_pattern(section) == NULL) {
        section_unknown(origin, section, &unknown);
        return err_add(err, "%s", unknown.text);
    }
    int count = 0;
    int error = 0;
    char **keys = ini_get_attribute_list(config, section, &count, &error);
    if (keys == NULL)
        return err_add(err, "%s: out of memory", text->path);
    bool good = count > 0 || err_add(err, "%s: [%s] says nothing: give its keys or leave it out", origin, section);
    for (int i = 0; i < count; i++)
        if (machine_text_find(text, section, keys[i]) != NULL || !stands_before(keys, i))
            good = take_setting(text, config, section, keys[i], err) && good;
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
    err->text[0] = '\0';
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
    if (good && ini_config_parse(file, INI_STOP_ON_NONE, INI_MS_MERGE | INI_MV1S_ALLOW | INI_MV2S_ALLOW,
                                 INI_PARSE_NOWRAP, config) != 0)
        good = report_syntax(text->path, config, err);
    if (good)
        good = take_headers(text, bytes, size, err);
    if (good) {
        int count = 0;
        int error = 0;
        char **sections = ini_get_section_list(config, &count, &error);
        if (sections == NULL || count == 0)
            good = err_set(err, "%s: an empty machine file: `pagewalk machines show generic` prints one to start from",
                           text->path);
        else
            for (int i = 0; i < count; i++)
                good = take_section(text, config, sections[i], err) && good;
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

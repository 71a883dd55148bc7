/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/configurations.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "cli/say.h"
#include "cli/table.h"

/* ---- Settings that every configuration shares ---- */

/* `option` and `given` are what the user wrote, "--set" and "os.page_size=4K", for messages. */
static bool set_one(struct machine_text *text, const char *option, const char *given, const char *key,
                    const char *value, struct err *err)
{
    char *origin;
    if (asprintf(&origin, "%s %s", option, given) < 0)
        return err_set(err, "there is no memory for the settings");
    const bool good = machine_text_set(text, key, value, origin, err);
    free(origin);
    return good;
}

static bool apply_set(struct machine_text *text, const char *given, struct err *err)
{
    const char *equals = strchr(given, '=');
    if (equals == NULL || equals == given)
        return err_set(err, "--set %s: write it as SECTION.KEY=VALUE, such as os.page_size=2M", given);
    char *key = strndup(given, (size_t)(equals - given));
    const bool good = key != NULL ? set_one(text, "--set", given, key, equals + 1, err)
                                  : err_set(err, "there is no memory for --set");
    free(key);
    return good;
}

/* Does "KEY=VALUE" set the key? */
static bool sets_key(const char *given, const char *key)
{
    const size_t length = strlen(key);
    return strncmp(given, key, length) == 0 && given[length] == '=';
}

static const char page_size_key[] = "os.page_size";

/* A key has one value from one place: which of two was meant is not for us to guess. */
static bool check_settings(const struct configurations_request *request, struct err *err)
{
    for (size_t i = 0; i < request->set.count; i++) {
        const char *given = request->set.value[i];
        const size_t key_length = strcspn(given, "=");
        for (size_t j = 0; j < i; j++)
            if (strncmp(given, request->set.value[j], key_length + 1) == 0)
                return err_set(err, "--set %s: --set %s sets the same key", given, request->set.value[j]);
        if (request->page_size != NULL && sets_key(given, page_size_key))
            return err_set(err, "--set %s: --page-size %s sets the same key", given, request->page_size);
    }
    return true;
}

static bool check_axes(const struct configurations_request *request, const struct axes *axes, struct err *err)
{
    for (size_t i = 0; i < axes->key_count; i++) {
        for (size_t j = 0; j < request->set.count; j++)
            if (sets_key(request->set.value[j], axes->key[i]))
                return err_set(err, "--set %s: --vary varies the same key", request->set.value[j]);
        if (request->page_size != NULL && strcmp(axes->key[i], page_size_key) == 0)
            return err_set(err, "--page-size %s: --vary varies the same key, %s", request->page_size, page_size_key);
    }
    return true;
}

struct machine_text *configurations_text(const struct configurations_request *request, struct err *err)
{
    struct machine_text *text = check_settings(request, err) ? machine_text_open(request->machine, err) : NULL;
    bool good = text != NULL;
    for (size_t i = 0; good && i < request->set.count; i++)
        good = apply_set(text, request->set.value[i], err);
    if (good && request->page_size != NULL)
        good = set_one(text, "--page-size", request->page_size, page_size_key, request->page_size, err);
    if (good)
        return text;
    machine_text_free(text);
    return NULL;
}

/* ---- The combinations ---- */

/* XXH3 of what machine_write writes: equal for equal machines, whatever file or option said so. */
static uint64_t hash_machine(const struct machine *machine)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return 0;
    machine_write(machine, file);
    fclose(file);
    const uint64_t hash = XXH3_64bits(text, size);
    free(text);
    return hash;
}

struct illegal {
    size_t combination;
    char *reason;
};

struct making {
    const struct machine_text *base;
    struct configurations *made;
    const char **value; /* of the varied keys, for the combination at hand */
    struct illegal *illegal;
    size_t illegal_count;
};

static bool vary_one(struct machine_text *text, const char *key, const char *value, struct err *err)
{
    char *given;
    if (asprintf(&given, "%s=%s", key, value) < 0)
        return err_set(err, "there is no memory for the settings");
    const bool good = set_one(text, "--vary", given, key, value, err);
    free(given);
    return good;
}

/* An unknown key is the same mistake in every combination: an error at once. A machine that does not resolve is one
 * illegal combination. */
static bool make_one(struct making *making, const struct configurations_request *request, size_t combination,
                     struct err *err)
{
    struct configurations *made = making->made;
    struct machine_text *text = machine_text_copy(making->base);
    if (text == NULL)
        return err_set(err, "there is no memory for %zu configurations", made->axes.combinations);
    axes_values(&made->axes, combination, making->value);
    bool good = true;
    for (size_t i = 0; good && i < made->axes.key_count; i++)
        good = vary_one(text, made->axes.key[i], making->value[i], err);

    struct configuration *configuration = &made->configuration[made->count];
    struct err reason;
    if (good && machine_resolve(text, &configuration->machine, &reason)) {
        configuration->only = request->only;
        configuration->seed = request->seed;
        made->machine_hash[made->count] = hash_machine(&configuration->machine);
        made->combination[made->count] = combination;
        configuration->machine.source = "";
        made->count++;
    } else if (good && made->axes.axis_count > 0) {
        making->illegal = say_reallocate(making->illegal, making->illegal_count + 1, sizeof *making->illegal);
        making->illegal[making->illegal_count++] = (struct illegal){combination, say_copy(reason.text)};
    } else if (good) {
        good = err_set(err, "%s", reason.text);
    }
    machine_text_free(text);
    return good;
}

static int by_reason(const void *a, const void *b)
{
    const struct illegal *x = a;
    const struct illegal *y = b;
    const int order = strcmp(x->reason, y->reason);
    return order != 0 ? order : (x->combination > y->combination) - (x->combination < y->combination);
}

/* All of them, by reason: one bad value makes many bad combinations, and the reason is what has to be read. */
static void say_illegal(struct making *making, bool skip)
{
    const struct axes *axes = &making->made->axes;
    char *text = NULL;
    size_t size = 0;
    FILE *list = open_memstream(&text, &size);
    if (list == NULL)
        return;
    fprintf(list, "%zu of %zu combinations %s illegal%s:\n", making->illegal_count, axes->combinations,
            making->illegal_count == 1 ? "is" : "are", skip ? " and left out" : "");
    qsort(making->illegal, making->illegal_count, sizeof *making->illegal, by_reason);
    for (size_t i = 0; i < making->illegal_count; i++) {
        const struct illegal *illegal = &making->illegal[i];
        if (i == 0 || strcmp(illegal->reason, illegal[-1].reason) != 0)
            fprintf(list, "  %s\n", illegal->reason);
        fputs("    ", list);
        configurations_describe(axes, illegal->combination, list);
        fputc('\n', list);
    }
    fclose(list);
    say_warning("%s", text);
    free(text);
}

static uint64_t physical_memory_bytes(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes : UINT64_MAX;
}

/* The least that it takes, before anything of it is taken: configurations, and a word for each entry of an array. What
 * the trace touches comes on top and cannot be known here. */
static bool check_memory(uint64_t bytes, size_t count, struct err *err)
{
    const uint64_t physical = physical_memory_bytes();
    return bytes <= physical || err_set(err,
                                        "%zu configurations need %.1fG of memory at the least, and this computer has "
                                        "%.1fG; vary less, or split it",
                                        count, (double)bytes / 0x1p30, (double)physical / 0x1p30);
}

static uint64_t machine_bytes(const struct machine *machine)
{
    uint64_t entries = 0;
    for (unsigned i = 0; i < machine->array_count; i++)
        entries += machine->array[i].geometry.entries;
    for (unsigned i = 0; i < MACHINE_CACHES; i++)
        entries += machine->cache[i].geometry.entries;
    return entries * sizeof(uint64_t) + sizeof(struct configuration);
}

static bool make_all(struct making *making, const struct configurations_request *request, struct err *err)
{
    struct configurations *made = making->made;
    const size_t combinations = made->axes.combinations;
    if (!check_memory(combinations * sizeof *made->configuration, combinations, err))
        return false;
    made->configuration = say_allocate(combinations, sizeof *made->configuration);
    made->machine_hash = say_allocate(combinations, sizeof *made->machine_hash);
    made->combination = say_allocate(combinations, sizeof *made->combination);
    for (size_t i = 0; i < combinations; i++)
        if (!make_one(making, request, i, err))
            return false;
    if (making->illegal_count > 0) {
        say_illegal(making, request->skip_illegal);
        if (!request->skip_illegal)
            return err_set(err, "nothing ran; correct the combinations above, or leave them out with --skip-illegal");
        if (made->count == 0)
            return err_set(err, "nothing ran: no legal combination is left");
    }
    uint64_t bytes = 0;
    for (size_t i = 0; i < made->count; i++)
        bytes += machine_bytes(&made->configuration[i].machine);
    return check_memory(bytes, made->count, err);
}

bool configurations_make(const struct configurations_request *request, struct configurations *made, struct err *err)
{
    *made = (struct configurations){0};
    if (!axes_parse(&request->vary, &made->axes, err))
        return false;
    struct machine_text *base = check_axes(request, &made->axes, err) ? configurations_text(request, err) : NULL;
    struct making making = {.base = base, .made = made};
    making.value = say_allocate(made->axes.key_count + 1, sizeof *making.value);
    const bool good = base != NULL && make_all(&making, request, err);
    for (size_t i = 0; i < making.illegal_count; i++)
        free(making.illegal[i].reason);
    free(making.illegal);
    free(making.value);
    machine_text_free(base);
    if (!good)
        configurations_free(made);
    return good;
}

void configurations_free(struct configurations *configurations)
{
    free(configurations->configuration);
    free(configurations->machine_hash);
    free(configurations->combination);
    axes_free(&configurations->axes);
    *configurations = (struct configurations){0};
}

void configurations_describe(const struct axes *axes, size_t combination, FILE *out)
{
    const char **value = say_allocate(axes->key_count + 1, sizeof *value);
    axes_values(axes, combination, value);
    for (size_t i = 0; i < axes->key_count; i++)
        fprintf(out, "%s%s=%s", i > 0 ? " " : "", axes->key[i], value[i]);
    free(value);
}

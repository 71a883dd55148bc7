/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/configurations.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "cli/illegal.h"
#include "cli/memory_limit.h"
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
    struct err wrong;
    for (size_t i = 0; text != NULL && i < request->set.count; i++) {
        if (apply_set(text, request->set.value[i], &wrong))
            continue;
        if (good)
            err->text[0] = '\0';
        good = err_add(err, "%s", wrong.text);
    }
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

struct making {
    const struct machine_text *base;
    struct configurations *made;
    const char **value; /* of the varied keys, for the combination at hand */
    struct illegal *illegal;
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

/* An unknown key is the same mistake in every combination: all of them are said before any is made. */
static bool check_keys(const struct machine_text *base, const struct axes *axes, struct err *err)
{
    struct machine_text *text = machine_text_copy(base);
    const char **value = say_allocate(axes->key_count + 1, sizeof *value);
    struct err wrong;
    bool good = text != NULL;
    if (!good)
        err_set(err, "there is no memory for the settings");
    axes_values(axes, 0, value);
    for (size_t i = 0; text != NULL && i < axes->key_count; i++) {
        if (vary_one(text, axes->key[i], value[i], &wrong))
            continue;
        if (good)
            err->text[0] = '\0';
        good = err_add(err, "%s", wrong.text);
    }
    free(value);
    machine_text_free(text);
    return good;
}

static enum ideal ideal_of(const char *name)
{
    unsigned ideal = IDEAL_NONE + 1;
    while (ideal_names[ideal] != NULL && strcmp(ideal_names[ideal], name) != 0)
        ideal++;
    return (enum ideal)ideal;
}

static bool check_ideals(const struct configurations_request *request, struct err *err)
{
    for (size_t i = 0; i < request->ideal.count; i++) {
        const char *name = request->ideal.value[i];
        if (ideal_names[ideal_of(name)] == NULL)
            return options_unknown(err, "ideal", name, ideal_names + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(name, request->ideal.value[j]) == 0)
                return err_set(err, "--ideal %s is given twice; its row would stand there twice", name);
    }
    return true;
}

/* Behind the configuration that was made last. */
static void add_ideals(struct configurations *made, const struct configurations_request *request)
{
    const size_t of = made->count - 1;
    for (size_t i = 0; i < request->ideal.count; i++) {
        made->configuration[made->count] = made->configuration[of];
        made->configuration[made->count].ideal = ideal_of(request->ideal.value[i]);
        made->machine_hash[made->count] = made->machine_hash[of];
        made->combination[made->count++] = made->combination[of];
    }
}

/* A machine that does not resolve is an illegal combination, or just wrong where nothing varies. */
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
    struct err reason = {.text = ""};
    if (good && machine_resolve(text, &configuration->machine, &reason)) {
        made->machine_hash[made->count] = request->unhashed ? 0 : hash_machine(&configuration->machine);
        configuration->machine.source = "";
        configuration->only = request->only;
        configuration->seed = request->seed;
        configuration->walk_paths = request->walk_paths;
        configuration->ideal = IDEAL_NONE;
        made->combination[made->count++] = combination;
        add_ideals(made, request);
    } else if (good && made->axes.key_count > 0) {
        illegal_add(making->illegal, combination, reason.text);
    } else if (good) {
        good = err_set(err, "%s", reason.text);
    }
    machine_text_free(text);
    return good;
}

/* All of them, by problem: that is what has to be read. */
static bool say_illegal(const struct making *making, const struct configurations_request *request, struct err *err)
{
    const size_t count = illegal_count(making->illegal);
    char number[TABLE_COUNT_TEXT];
    char of[TABLE_COUNT_TEXT];
    char *text = NULL;
    size_t size = 0;
    FILE *list = open_memstream(&text, &size);
    if (list == NULL)
        return err_set(err, "there is no memory to say what is wrong with %zu combinations", count);
    fprintf(list, "%s of %s combination%s %s illegal%s:\n", table_count(count, number),
            table_count(making->made->axes.combinations, of), making->made->axes.combinations == 1 ? "" : "s",
            count == 1 ? "is" : "are", request->skip_illegal ? " and left out" : "");
    if (illegal_write(making->illegal, request->all_illegal, list))
        fputs("  --dry-run says every one of them\n", list);
    fclose(list);
    say_warning("%s", text);
    free(text);
    if (!request->skip_illegal)
        return err_set(err, "nothing ran; correct the combinations above, or leave them out with --skip-illegal");
    return making->made->count > 0 || err_set(err, "nothing ran: no legal combination is left");
}

/* Before any of it is taken. What the engine needs on top depends on what configurations share. */
static bool check_memory(const struct configurations *made, uint64_t bytes_beside, struct err *err)
{
    const uint64_t each_bytes = (1 + made->ideals) * (sizeof *made->configuration + sizeof *made->machine_hash +
                                                      sizeof *made->combination + bytes_beside);
    char number[TABLE_COUNT_TEXT];
    char what[TABLE_COUNT_TEXT + 64];
    uint64_t bytes;
    if (__builtin_mul_overflow(made->axes.combinations, each_bytes, &bytes))
        bytes = UINT64_MAX;
    snprintf(what, sizeof what, "--vary: %s combinations", table_count(made->axes.combinations, number));
    return memory_limit_check(bytes, what, "vary fewer values, or make several sweeps", err);
}

static bool make_all(struct making *making, const struct configurations_request *request, struct err *err)
{
    struct configurations *made = making->made;
    const size_t combinations = made->axes.combinations;
    const size_t most = combinations * (1 + made->ideals);
    made->configuration = say_allocate(most, sizeof *made->configuration);
    made->machine_hash = say_allocate(most, sizeof *made->machine_hash);
    made->combination = say_allocate(most, sizeof *made->combination);
    for (size_t i = 0; i < combinations; i++)
        if (!make_one(making, request, i, err))
            return false;
    return illegal_count(making->illegal) == 0 || say_illegal(making, request, err);
}

bool configurations_make(const struct configurations_request *request, struct configurations *made, struct err *err)
{
    *made = (struct configurations){.ideals = request->ideal.count};
    if (!check_ideals(request, err) || !axes_parse(&request->vary, &made->axes, err))
        return false;
    struct machine_text *base = check_axes(request, &made->axes, err) ? configurations_text(request, err) : NULL;
    struct making making = {.base = base,
                            .made = made,
                            .value = say_allocate(made->axes.key_count + 1, sizeof *making.value),
                            .illegal = illegal_create(&made->axes)};
    const bool good = base != NULL && check_keys(base, &made->axes, err) &&
                      check_memory(made, request->bytes_beside, err) && make_all(&making, request, err);
    illegal_free(making.illegal);
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

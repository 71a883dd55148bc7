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
        made->combination[made->count++] = combination;
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
    const uint64_t each_bytes =
        sizeof *made->configuration + sizeof *made->machine_hash + sizeof *made->combination + bytes_beside;
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
    made->configuration = say_allocate(combinations, sizeof *made->configuration);
    made->machine_hash = say_allocate(combinations, sizeof *made->machine_hash);
    made->combination = say_allocate(combinations, sizeof *made->combination);
    for (size_t i = 0; i < combinations; i++)
        if (!make_one(making, request, i, err))
            return false;
    return illegal_count(making->illegal) == 0 || say_illegal(making, request, err);
}

bool configurations_make(const struct configurations_request *request, struct configurations *made, struct err *err)
{
    *made = (struct configurations){0};
    if (!axes_parse(&request->vary, &made->axes, err))
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

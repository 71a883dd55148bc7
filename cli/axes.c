/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/axes.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "cli/table.h"

/* Cuts `text`, which is changed and must outlive the parts, at each `separator`. */
static char **split(char *text, char separator, size_t *count)
{
    *count = 1;
    for (const char *p = text; *p != '\0'; p++)
        *count += *p == separator;
    char **part = say_allocate(*count, sizeof *part);
    const char separators[] = {separator, '\0'};
    for (size_t i = 0; i < *count; i++)
        part[i] = strsep(&text, separators);
    return part;
}

static bool add_keys(struct axes *axes, const struct axis *axis, const char *given, struct err *err)
{
    for (size_t i = 0; i < axis->key_count; i++) {
        if (*axis->key[i] == '\0')
            return err_set(err, "--vary %s: a key is missing; write KEY=V1,V2 or KEY1,KEY2=A1:A2,B1:B2", given);
        for (size_t j = 0; j < axes->key_count; j++)
            if (strcmp(axes->key[j], axis->key[i]) == 0)
                return err_set(err, "--vary %s: %s is varied twice", given, axis->key[i]);
        axes->key = say_reallocate(axes->key, axes->key_count + 1, sizeof *axes->key);
        axes->key[axes->key_count++] = axis->key[i];
    }
    return true;
}

static bool same_tuple(const struct axis *axis, size_t a, size_t b)
{
    for (size_t i = 0; i < axis->key_count; i++)
        if (strcmp(axis->value[a * axis->key_count + i], axis->value[b * axis->key_count + i]) != 0)
            return false;
    return true;
}

static bool add_tuple(struct axis *axis, char *tuple, const char *given, struct err *err)
{
    if (*tuple == '\0')
        return err_set(err, "--vary %s: value %zu is empty; write KEY=V1,V2", given, axis->tuple_count + 1);
    char *whole = say_copy(tuple);
    size_t count = 1;
    /* The value of a single key is taken as it stands, whatever is in it. */
    char **part =
        axis->key_count == 1 ? memcpy(say_allocate(1, sizeof *part), &tuple, sizeof tuple) : split(tuple, ':', &count);
    bool good = true;
    if (count != axis->key_count)
        good = err_set(err, "--vary %s: %s is not one value for each of the %zu keys, with a colon between", given,
                       whole, axis->key_count);
    for (size_t i = 0; good && i < count; i++) {
        axis->value[axis->tuple_count * count + i] = part[i];
        if (*part[i] == '\0')
            good = err_set(err, "--vary %s: a value of \"%s\" is empty", given, whole);
    }
    for (size_t i = 0; good && i < axis->tuple_count; i++)
        if (same_tuple(axis, i, axis->tuple_count))
            good = err_set(err, "--vary %s: the value %s stands twice", given, whole);
    axis->tuple_count++;
    free(part);
    free(whole);
    return good;
}

static bool parse_axis(struct axes *axes, const char *given, struct err *err)
{
    struct axis *axis = &axes->axis[axes->axis_count++];
    char *keys = say_copy(given);
    char *values = strchr(keys, '=');
    if (values == NULL) {
        free(keys);
        return err_set(err, "--vary %s: there are no values; write KEY=V1,V2", given);
    }
    *values++ = '\0';
    axis->key = split(keys, ',', &axis->key_count); /* key[0] is the whole text, values included */
    if (!add_keys(axes, axis, given, err))
        return false;
    size_t count;
    char **tuple = split(values, ',', &count);
    axis->value = say_allocate(count * axis->key_count, sizeof *axis->value);
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = add_tuple(axis, tuple[i], given, err);
    free(tuple);
    return good;
}

bool axes_parse(const struct option_values *vary, struct axes *axes, struct err *err)
{
    *axes = (struct axes){.axis = say_allocate(vary->count + 1, sizeof *axes->axis), .combinations = 1};
    bool good = true;
    for (size_t i = 0; good && i < vary->count; i++)
        good = parse_axis(axes, vary->value[i], err);
    double product = 1;
    for (size_t i = 0; good && i < axes->axis_count; i++)
        product *= (double)axes->axis[i].tuple_count;
    if (good && product > AXES_COMBINATIONS_MAX)
        good =
            err_set(err, "--vary: %.6g combinations are more than the %d that one sweep takes; vary less, or split it",
                    product, AXES_COMBINATIONS_MAX);
    if (!good) {
        axes_free(axes);
        return false;
    }
    axes->combinations = (size_t)product;
    return true;
}

void axes_free(struct axes *axes)
{
    for (size_t i = 0; i < axes->axis_count; i++) {
        if (axes->axis[i].key != NULL)
            free(axes->axis[i].key[0]);
        free(axes->axis[i].key);
        free(axes->axis[i].value);
    }
    free(axes->axis);
    free(axes->key);
    *axes = (struct axes){0};
}

void axes_values(const struct axes *axes, size_t combination, const char **value)
{
    size_t first_key = axes->key_count;
    for (size_t i = axes->axis_count; i-- > 0;) {
        const struct axis *axis = &axes->axis[i];
        const size_t tuple = combination % axis->tuple_count;
        combination /= axis->tuple_count;
        first_key -= axis->key_count;
        for (size_t j = 0; j < axis->key_count; j++)
            value[first_key + j] = axis->value[tuple * axis->key_count + j];
    }
}

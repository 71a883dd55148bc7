/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/axes.h"

#include <math.h>
#include <stdint.h>
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

/* ---- What stands twice ----
 *
 * By sorting: a command line has room for a hundred thousand values.
 */
typedef int compare_items(size_t a, size_t b, const void *context);

struct sorting {
    compare_items *compare;
    const void *context;
};

static int compare_sorted(const void *a, const void *b, void *sorting)
{
    const struct sorting *by = sorting;
    const size_t x = *(const size_t *)a;
    const size_t y = *(const size_t *)b;
    const int order = by->compare(x, y, by->context);
    return order != 0 ? order : (x > y) - (x < y);
}

/* The first of items 0 to count - 1 that equals one before it; `count` where all differ. */
static size_t find_repeated(size_t count, compare_items *compare, const void *context)
{
    struct sorting sorting = {compare, context};
    size_t *item = say_allocate(count + 1, sizeof *item);
    size_t repeated = count;
    for (size_t i = 0; i < count; i++)
        item[i] = i;
    qsort_r(item, count, sizeof *item, compare_sorted, &sorting);
    for (size_t i = 1; i < count; i++)
        if (item[i] < repeated && compare(item[i - 1], item[i], context) == 0)
            repeated = item[i];
    free(item);
    return repeated;
}

static int compare_tuples(size_t a, size_t b, const void *context)
{
    const struct axis *axis = context;
    int order = 0;
    for (size_t i = 0; order == 0 && i < axis->key_count; i++)
        order = strcmp(axis->value[a * axis->key_count + i], axis->value[b * axis->key_count + i]);
    return order;
}

static int compare_keys(size_t a, size_t b, const void *context)
{
    const struct axes *axes = context;
    return strcmp(axes->key[a], axes->key[b]);
}

/* ---- One axis ---- */

static bool take_keys(const struct axis *axis, const char *given, struct err *err)
{
    for (size_t i = 0; i < axis->key_count; i++)
        if (*axis->key[i] == '\0')
            return err_set(err, "--vary %s: a key is missing; write KEY=V1,V2 or KEY1,KEY2=A1:A2,B1:B2", given);
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
    axis->tuple_count++;
    free(part);
    free(whole);
    return good;
}

static bool check_repeated(const struct axis *axis, const char *given, struct err *err)
{
    const size_t repeated = find_repeated(axis->tuple_count, compare_tuples, axis);
    if (repeated == axis->tuple_count)
        return true;
    char *text = NULL;
    size_t size = 0;
    FILE *tuple = open_memstream(&text, &size);
    if (tuple == NULL)
        return err_set(err, "--vary %s: a value stands twice", given);
    axes_write_tuple(axis, repeated, tuple);
    fclose(tuple);
    err_set(err, "--vary %s: the value %s stands twice", given, text);
    free(text);
    return false;
}

/* `shown` is what messages have for `given`. */
static bool take_axis(struct axes *axes, const char *given, const char *shown, struct err *err)
{
    struct axis *axis = &axes->axis[axes->axis_count++];
    char *keys = say_copy(given);
    char *values = strchr(keys, '=');
    if (values == NULL) {
        free(keys);
        return err_set(err, "--vary %s: there are no values; write KEY=V1,V2", shown);
    }
    *values++ = '\0';
    axis->key = split(keys, ',', &axis->key_count); /* key[0] is the whole text, values included */
    if (!take_keys(axis, shown, err))
        return false;
    axes->key_count += axis->key_count;
    size_t count;
    char **tuple = split(values, ',', &count);
    axis->value = say_allocate(count * axis->key_count, sizeof *axis->value);
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = add_tuple(axis, tuple[i], shown, err);
    free(tuple);
    return good && check_repeated(axis, shown, err);
}

static bool parse_axis(struct axes *axes, const char *given, struct err *err)
{
    char *shown = say_shortened(given);
    const bool good = take_axis(axes, given, shown, err);
    free(shown);
    return good;
}

/* ---- All of them ---- */

static bool list_keys(struct axes *axes, const struct option_values *vary, struct err *err)
{
    axes->key = say_allocate(axes->key_count + 1, sizeof *axes->key);
    size_t *axis_of = say_allocate(axes->key_count + 1, sizeof *axis_of);
    size_t key = 0;
    for (size_t i = 0; i < axes->axis_count; i++) {
        for (size_t j = 0; j < axes->axis[i].key_count; j++) {
            axes->key[key] = axes->axis[i].key[j];
            axis_of[key++] = i;
        }
    }
    const size_t repeated = find_repeated(axes->key_count, compare_keys, axes);
    if (repeated < axes->key_count) {
        char *shown = say_shortened(vary->value[axis_of[repeated]]);
        err_set(err, "--vary %s: %s is varied twice", shown, axes->key[repeated]);
        free(shown);
    }
    free(axis_of);
    return repeated == axes->key_count;
}

/* "1,001 x 1,001 are 1,002,001", or "about 10^21" where 64 bits do not hold it. */
static bool refuse_product(const struct axes *axes, bool fits, uint64_t product, struct err *err)
{
    enum { FACTORS_SHOWN = 6 };
    char *text = NULL;
    size_t size = 0;
    char number[TABLE_COUNT_TEXT];
    double digits = 0;
    FILE *factors = open_memstream(&text, &size);
    if (factors == NULL)
        return err_set(err, "--vary: there are more than %d combinations; vary fewer values", AXES_COMBINATIONS_MAX);
    for (size_t i = 0; i < axes->axis_count; i++) {
        digits += log10((double)axes->axis[i].tuple_count);
        if (axes->axis_count > 1 && i < FACTORS_SHOWN)
            fprintf(factors, "%s%s", i > 0 ? " x " : "", table_count(axes->axis[i].tuple_count, number));
    }
    if (axes->axis_count > FACTORS_SHOWN)
        fprintf(factors, " x ... of %s axes", table_count(axes->axis_count, number));
    if (axes->axis_count > 1)
        fputs(" are ", factors);
    if (fits)
        fputs(table_count(product, number), factors);
    else
        fprintf(factors, "about 10^%s", table_count((uint64_t)(digits + 0.5), number));
    fclose(factors);
    err_set(err,
            "--vary: %s combinations, and one sweep takes %s at the most; vary fewer values, or make several sweeps",
            text, table_count(AXES_COMBINATIONS_MAX, number));
    free(text);
    return false;
}

static bool multiply(struct axes *axes, struct err *err)
{
    uint64_t product = 1;
    bool fits = true;
    for (size_t i = 0; i < axes->axis_count; i++)
        fits = !__builtin_mul_overflow(product, axes->axis[i].tuple_count, &product) && fits;
    axes->combinations = (size_t)product;
    return (fits && product <= AXES_COMBINATIONS_MAX) || refuse_product(axes, fits, product, err);
}

bool axes_parse(const struct option_values *vary, struct axes *axes, struct err *err)
{
    *axes = (struct axes){.axis = say_allocate(vary->count + 1, sizeof *axes->axis)};
    bool good = true;
    for (size_t i = 0; good && i < vary->count; i++)
        good = parse_axis(axes, vary->value[i], err);
    good = good && list_keys(axes, vary, err) && multiply(axes, err);
    if (!good)
        axes_free(axes);
    return good;
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

void axes_write_tuple(const struct axis *axis, size_t tuple, FILE *out)
{
    for (size_t i = 0; i < axis->key_count; i++)
        fprintf(out, "%s%s", i > 0 ? ":" : "", axis->value[tuple * axis->key_count + i]);
}

void axes_describe(const struct axes *axes, size_t combination, FILE *out)
{
    size_t stride = axes->combinations;
    for (size_t i = 0; i < axes->axis_count; i++) {
        const struct axis *axis = &axes->axis[i];
        stride /= axis->tuple_count;
        char *const *value = &axis->value[combination / stride % axis->tuple_count * axis->key_count];
        for (size_t j = 0; j < axis->key_count; j++)
            fprintf(out, "%s%s=%s", i + j > 0 ? " " : "", axis->key[j], value[j]);
    }
}

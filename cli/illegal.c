/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/illegal.h"

#include <ctype.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "cli/table.h"

enum {
    PROBLEMS_MANY = 10, /* of one kind */
    PROBLEMS_SHOWN = 8,
    COMBINATIONS_MANY = 4, /* of one problem */
    COMBINATIONS_SHOWN = 3,
    VALUES_MANY = 10, /* of an axis */
    VALUES_SHOWN = 3,
};

/* Trees find both by `text`, which therefore comes first. */
struct problem {
    char *text;
    size_t *combination;
    size_t count;
    size_t room;
};

struct kind {
    char *text; /* the problem's, with # for every value and number */
    struct problem **problem;
    size_t count;
    size_t room;
};

struct illegal {
    const struct axes *axes;
    size_t count;
    const char **value; /* of the combination at hand */
    struct kind **kind; /* in the order in which they came up */
    size_t kind_count;
    size_t kind_room;
    void *problem_tree;
    void *kind_tree;
};

struct illegal *illegal_create(const struct axes *axes)
{
    struct illegal *illegal = say_allocate(1, sizeof *illegal);
    illegal->axes = axes;
    illegal->value = say_allocate(axes->key_count + 1, sizeof *illegal->value);
    return illegal;
}

static void keep_node(void *node)
{
    (void)node; /* the lists have it */
}

void illegal_free(struct illegal *illegal)
{
    if (illegal == NULL)
        return;
    tdestroy(illegal->problem_tree, keep_node);
    tdestroy(illegal->kind_tree, keep_node);
    for (size_t k = 0; k < illegal->kind_count; k++) {
        struct kind *kind = illegal->kind[k];
        for (size_t p = 0; p < kind->count; p++) {
            free(kind->problem[p]->text);
            free(kind->problem[p]->combination);
            free(kind->problem[p]);
        }
        free(kind->problem);
        free(kind->text);
        free(kind);
    }
    free(illegal->kind);
    free(illegal->value);
    free(illegal);
}

size_t illegal_count(const struct illegal *illegal)
{
    return illegal->count;
}

/* ---- Gathering ---- */

/* A list with room for one more. */
static void *with_room(void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room == 0 ? 4 : 2 * *room;
    return say_reallocate(list, *room, size);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Length of the varied value that stands at `text`, 0 where none does. */
static size_t value_length(const struct illegal *illegal, const char *text)
{
    size_t longest = 0;
    for (size_t i = 0; i < illegal->axes->key_count; i++) {
        const size_t length = strlen(illegal->value[i]);
        if (length > longest && strncmp(text, illegal->value[i], length) == 0 && strchr(": ", text[length]) != NULL)
            longest = length;
    }
    return longest;
}

/* A # at the end of the text; "# or #" is one, too, as where the nearest of two legal values are named, or the one that is
 * left. */
static char *put_value(const char *text, char *end)
{
    static const char *const between[] = {"# or ", "# and "};
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        const size_t length = strlen(between[i]);
        if ((size_t)(end - text) >= length && strncmp(end - length, between[i], length) == 0)
            return end - length + 1;
    }
    *end = '#';
    return end + 1;
}

/* What problems of one kind have in common: the text without the values that settings have in it, and without numbers,
 * "3K" being one. */
static char *kind_of(const struct illegal *illegal, const char *text)
{
    char *kind = say_allocate(2 * strlen(text) + 1, 1);
    char *end = kind;
    while (*text != '\0') {
        size_t length = 0;
        if (*text == '=') {
            *end++ = *text++;
            if (*text == ' ')
                *end++ = *text++;
            length = value_length(illegal, text);
        }
        if (length == 0 && isdigit((unsigned char)*text)) {
            length = strspn(text, "0123456789");
            length += text[length] != '\0' && strchr("KMGTP", text[length]) != NULL;
        }
        if (length > 0)
            end = put_value(kind, end);
        else if (*text != '\0')
            *end++ = *text++;
        text += length;
    }
    *end = '\0';
    return kind;
}

static struct kind *find_kind(struct illegal *illegal, const char *text)
{
    char *common = kind_of(illegal, text);
    void *found = tfind(&common, &illegal->kind_tree, by_text);
    if (found != NULL) {
        free(common);
        return *(struct kind **)found;
    }
    struct kind *kind = say_allocate(1, sizeof *kind);
    kind->text = common;
    tsearch(kind, &illegal->kind_tree, by_text);
    illegal->kind = with_room(illegal->kind, illegal->kind_count, &illegal->kind_room, sizeof *illegal->kind);
    illegal->kind[illegal->kind_count++] = kind;
    return kind;
}

static struct problem *find_problem(struct illegal *illegal, char *text)
{
    void *found = tfind(&text, &illegal->problem_tree, by_text);
    if (found != NULL)
        return *(struct problem **)found;
    struct problem *problem = say_allocate(1, sizeof *problem);
    struct kind *kind = find_kind(illegal, text);
    problem->text = say_copy(text);
    tsearch(problem, &illegal->problem_tree, by_text);
    kind->problem = with_room(kind->problem, kind->count, &kind->room, sizeof *kind->problem);
    kind->problem[kind->count++] = problem;
    return problem;
}

void illegal_add(struct illegal *illegal, size_t combination, const char *reason)
{
    axes_values(illegal->axes, combination, illegal->value);
    char *lines = say_copy(reason);
    char *rest = lines;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        struct problem *problem = find_problem(illegal, line);
        if (problem->count > 0 && problem->combination[problem->count - 1] == combination)
            continue;
        problem->combination =
            with_room(problem->combination, problem->count, &problem->room, sizeof *problem->combination);
        problem->combination[problem->count++] = combination;
    }
    free(lines);
    illegal->count++;
}

/* ---- Writing ---- */

/* The tuples of every axis that a problem's combinations have, axis after axis. */
struct used {
    bool *tuple;
    size_t *count; /* by axis */
};

static struct used find_used(const struct axes *axes, const struct problem *problem)
{
    size_t tuples = 0;
    for (size_t i = 0; i < axes->axis_count; i++)
        tuples += axes->axis[i].tuple_count;
    struct used used = {say_allocate(tuples + 1, sizeof *used.tuple),
                        say_allocate(axes->axis_count + 1, sizeof *used.count)};
    for (size_t c = 0; c < problem->count; c++) {
        size_t combination = problem->combination[c];
        size_t first = tuples;
        for (size_t i = axes->axis_count; i-- > 0;) {
            const size_t count = axes->axis[i].tuple_count;
            first -= count;
            bool *tuple = &used.tuple[first + combination % count];
            used.count[i] += !*tuple;
            *tuple = true;
            combination /= count;
        }
    }
    return used;
}

/* "KEY=V1,V2", or "KEY=V1,V2,V3,...,V40 (38 of 50 values)". */
static void write_axis(const struct axis *axis, const bool *used, size_t count, bool all, FILE *out)
{
    char number[TABLE_COUNT_TEXT];
    const size_t shown = all || count <= VALUES_MANY ? count : VALUES_SHOWN;
    size_t seen = 0;
    for (size_t i = 0; i < axis->key_count; i++)
        fprintf(out, "%s%s", i > 0 ? "," : "", axis->key[i]);
    for (size_t i = 0; i < axis->tuple_count; i++) {
        if (!used[i] || (++seen > shown && seen < count))
            continue;
        fputs(seen == 1 ? "=" : seen > shown ? ",...," : ",", out);
        axes_write_tuple(axis, i, out);
    }
    if (shown < count) {
        fprintf(out, " (%s of ", table_count(count, number));
        fprintf(out, "%s values)", table_count(axis->tuple_count, number));
    }
}

/* An axis of which every value occurs says nothing. */
static void write_product(const struct axes *axes, const struct used *used, bool all, FILE *out)
{
    size_t first = 0;
    for (size_t i = 0; i < axes->axis_count; i++) {
        if (used->count[i] < axes->axis[i].tuple_count) {
            fputc(' ', out);
            write_axis(&axes->axis[i], used->tuple + first, used->count[i], all, out);
        }
        first += axes->axis[i].tuple_count;
    }
    fputc('\n', out);
}

static bool write_each(const struct illegal *illegal, const struct problem *problem, bool all, FILE *out)
{
    char number[TABLE_COUNT_TEXT];
    const size_t shown = all || problem->count <= COMBINATIONS_MANY ? problem->count : COMBINATIONS_SHOWN;
    for (size_t c = 0; c < shown; c++) {
        fputs("    ", out);
        axes_describe(illegal->axes, problem->combination[c], out);
        fputc('\n', out);
    }
    if (shown < problem->count)
        fprintf(out, "    (and %s more combinations with the same problem)\n",
                table_count(problem->count - shown, number));
    return shown < problem->count;
}

static bool write_problem(const struct illegal *illegal, const struct problem *problem, bool all, FILE *out)
{
    const struct axes *axes = illegal->axes;
    char number[TABLE_COUNT_TEXT];
    fprintf(out, "  %s\n", problem->text);
    if (problem->count == axes->combinations) {
        if (problem->count > 1)
            fprintf(out, "    all %s combinations\n", table_count(problem->count, number));
        return false;
    }
    struct used used = find_used(axes, problem);
    size_t product = 1;
    for (size_t i = 0; i < axes->axis_count; i++)
        product *= used.count[i];
    bool cut = false;
    if (product == problem->count && product > 1) {
        fprintf(out, "    %s combinations, all with", table_count(product, number));
        write_product(axes, &used, all, out);
    } else {
        cut = write_each(illegal, problem, all, out);
    }
    free(used.tuple);
    free(used.count);
    return cut;
}

static int by_number(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a;
    const size_t y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* A combination may have several of the problems. */
static size_t count_combinations(const struct kind *kind, size_t first)
{
    size_t count = 0;
    for (size_t p = first; p < kind->count; p++)
        count += kind->problem[p]->count;
    size_t *combination = say_allocate(count + 1, sizeof *combination);
    size_t *end = combination;
    for (size_t p = first; p < kind->count; p++)
        end = mempcpy(end, kind->problem[p]->combination, kind->problem[p]->count * sizeof *end);
    qsort(combination, count, sizeof *combination, by_number);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || combination[i] != combination[i - 1];
    free(combination);
    return distinct;
}

bool illegal_write(const struct illegal *illegal, bool all, FILE *out)
{
    bool cut = false;
    for (size_t k = 0; k < illegal->kind_count; k++) {
        const struct kind *kind = illegal->kind[k];
        const size_t shown = all || kind->count <= PROBLEMS_MANY ? kind->count : PROBLEMS_SHOWN;
        for (size_t p = 0; p < shown; p++)
            cut = write_problem(illegal, kind->problem[p], all, out) || cut;
        if (shown == kind->count)
            continue;
        char number[TABLE_COUNT_TEXT];
        fprintf(out, "  (and %s more problems like these, ", table_count(kind->count - shown, number));
        fprintf(out, "of %s combinations)\n", table_count(count_combinations(kind, shown), number));
        cut = true;
    }
    return cut;
}

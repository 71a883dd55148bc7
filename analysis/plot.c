/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/plot.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/results.h"
#include "model/counters.h"
#include "model/embedded.h"

const struct plot_kind plot_kinds[] = {
    {"hit-ratio",
     "hits per lookup of each level",
     "hit-ratio.gp",
     LAYOUT_OVERLAY,
     {"l1i_hit_ratio", "l1d_hit_ratio", "l2_hit_ratio", "l3_hit_ratio"},
     {NULL}},
    {"miss-ratio",
     "misses per lookup of each level, and page-table walks per lookup",
     "miss-ratio.gp",
     LAYOUT_OVERLAY,
     {"l1i_miss_ratio", "l1d_miss_ratio", "l2_miss_ratio", "walk_ratio"},
     {NULL}},
    {"walk-ratio", "page-table walks per lookup", "walk-ratio.gp", LAYOUT_PANELS, {"walk_ratio"}, {NULL}},
    {"cycles",
     "translation cycles per access, between the lower and the upper bound",
     "cycles.gp",
     LAYOUT_PANELS,
     {"cycles_per_access_min", "cycles_per_access"},
     {NULL}},
    {"mpki",
     "misses per 1000 instructions of each level, and walks",
     "mpki.gp",
     LAYOUT_OVERLAY,
     {"l1i_mpki", "l1d_mpki", "l2_mpki", "walk_mpki"},
     {NULL}},
    {"levels",
     "bars: the share of the lookups that each level answers",
     "levels.gp",
     LAYOUT_BARS,
     {"lookups", "l1i_hits", "l1d_hits", "l2_hits", "l3_hits", "walks"},
     {NULL}},
    {"cost",
     "bars: cycles per access spent on hits below level 1 and on walks",
     "cost.gp",
     LAYOUT_BARS,
     {"accesses", "translation_cycles", "walk_cycles", "cycles_per_access"},
     {NULL}},
    {"memory",
     "bars: memory that pages hold, what of it is touched, and cycles per access",
     "memory.gp",
     LAYOUT_BARS,
     {"pages_touched", "page_size", "page_table_bytes", "touched_bytes", "bloat_bytes", "cycles_per_access"},
     {NULL}},
    {"page-size",
     "the trade of page sizes: walks per lookup against memory and page tables",
     "page-size.gp",
     LAYOUT_PAGES,
     {"walk_ratio", "pages_touched", "page_size", "page_table_bytes"},
     {NULL}},
    {"miss-ratio-curve",
     "misses per lookup over TLB entries, as `pagewalk mrc` finds them",
     "miss-ratio-curve.gp",
     LAYOUT_CURVES,
     {"miss_ratio", "miss_ratio_error"},
     {NULL}},
    {"heatmap", "cycles per access over two varied keys", "heatmap.gp", LAYOUT_GRID, {"cycles_per_access"}, {NULL}},
    {"working-set",
     "distinct pages of each window over time, as `pagewalk trace stats` finds them, and so below",
     "working-set.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"working_set"}},
    {"footprint",
     "memory touched since the start over time",
     "footprint.gp",
     LAYOUT_BUCKETS,
     {"value", "page_size"},
     {"footprint"}},
    {"mean-working-set",
     "distinct pages of windows, the mean, over their length",
     "mean-working-set.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"mean_working_set"}},
    {"reuse-time",
     "lookups by the accesses since the page's last one",
     "reuse-time.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"reuse_times"}},
    {"lru-depth",
     "lookups by the other pages since the page's last one",
     "lru-depth.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"lru_depths"}},
    {"stride",
     "distances between successive data accesses",
     "stride.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"forward_strides", "backward_strides"}},
    {"pc-stride",
     "distances between successive data accesses of one instruction",
     "pc-stride.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"pc_forward_strides", "pc_backward_strides"}},
    {"walk-latency",
     "walks by what they cost, as --walks of run and sweep finds them: the share that costs no more",
     "walk-latency.gp",
     LAYOUT_BUCKETS,
     {"value"},
     {"walk_latencies"}},
    {"walk-reads",
     "bars: what served the entries that walks read, by level, as --walks finds it",
     "walk-reads.gp",
     LAYOUT_SERVED,
     {"value"},
     {"reads_served"}},
    {NULL, NULL, NULL, LAYOUT_PANELS, {NULL}, {NULL}},
};

static const char *const formats[] = {"svg", "png", "pdf", NULL};

/* ---- What is asked for ---- */

static const struct plot_kind *find_kind(const char *name, struct err *err)
{
    enum { KINDS = sizeof plot_kinds / sizeof *plot_kinds };
    const char *names[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        names[i] = plot_kinds[i].name;
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return &plot_kinds[i];
    }
    const char *nearest = err_nearest(name, names);
    if (nearest != NULL)
        err_set(err, "there is no plot \"%s\"; did you mean %s?", name, nearest);
    else
        err_set(err, "there is no plot \"%s\"; `pagewalk list plots` shows those that there are", name);
    return NULL;
}

/* The suffix behind the last dot of the file's name; NULL where there is none. */
static const char *suffix_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(file, '.');
    return dot != NULL && dot != file ? dot + 1 : NULL;
}

static const char *find_format(const char *output, struct err *err)
{
    const char *suffix = suffix_of(output);
    for (const char *const *format = formats; suffix != NULL && *format != NULL; format++)
        if (strcmp(*format, suffix) == 0)
            return *format;
    err_set(err, "%s: the suffix says what to draw; .svg, .png or .pdf was expected", output);
    return NULL;
}

char *plot_path(const char *kind, const char *results_path)
{
    const char *base = strcmp(results_path, "-") == 0 ? "results" : results_path;
    const char *suffix = suffix_of(base);
    const size_t length = suffix != NULL ? (size_t)(suffix - base) - 1 : strlen(base);
    char *path;
    const int bytes = asprintf(&path, "%.*s.%s.svg", (int)length, base, kind);
    assert(bytes > 0);
    return path;
}

/* ---- The numbers that it needs ---- */

/* A column of numbers, and what an axis has to hold. */
struct quantity {
    const char *name;
    double *value; /* by row; NaN: none */
    double least;  /* of those above zero; 0: none */
    double most;
    size_t zeros; /* how many are 0 */
    size_t values;
};

struct picture {
    const struct plot_kind *kind;
    const char *format;
    const struct results *results;
    const struct layout *layout;
    struct quantity quantity[PLOT_COLUMNS_MAX];
    size_t quantity_count;
};

static bool check_columns(const struct picture *picture, struct err *err)
{
    char missing[ERR_TEXT_BYTES / 2] = "";
    size_t length = 0;
    for (const char *const *name = picture->kind->columns; *name != NULL; name++) {
        size_t column;
        if (!results_column(picture->results, *name, &column))
            length +=
                (size_t)snprintf(missing + length, sizeof missing - length, "%s%s", length > 0 ? ", " : "", *name);
    }
    return length == 0 || err_set(err, "%s: the plot %s needs columns that are missing: %s", picture->results->name,
                                  picture->kind->name, missing);
}

static void add_value(struct quantity *quantity, double value)
{
    if (isnan(value))
        return;
    quantity->values++;
    quantity->zeros += value == 0;
    quantity->most = fmax(quantity->most, value);
    if (value > 0 && (quantity->least == 0 || value < quantity->least))
        quantity->least = value;
}

static const char *help_of_metric(const char *name)
{
    const struct metric_info *metric = metric_infos;
    while (metric->name != NULL && strcmp(metric->name, name) != 0)
        metric++;
    return metric->name != NULL ? metric->help : "a column of numbers";
}

static bool read_quantity(const struct results *results, const char *name, struct quantity *quantity, struct err *err)
{
    size_t column;
    const bool found = results_column(results, name, &column);
    assert(found);
    quantity->name = name;
    quantity->value = calloc(results->row_count, sizeof *quantity->value);
    assert(quantity->value != NULL);
    for (size_t row = 0; row < results->row_count; row++) {
        if (!results_number(results, row, column, &quantity->value[row], err))
            return false;
        add_value(quantity, quantity->value[row]);
    }
    return true;
}

static bool is_empty(const struct quantity *quantity)
{
    return quantity->values == 0;
}

/* Must a row have a value of the kind's column `i`? A small sample states no error of a curve. */
static bool is_needed(const struct picture *picture, size_t i)
{
    return picture->kind->shape != LAYOUT_CURVES || i == 0;
}

/* A panel each: those that a level lacks, or that have no instructions to divide by, are left out as long as one is
 * left. */
static bool check_values(const struct picture *picture, struct err *err)
{
    const struct quantity *empty = NULL;
    size_t count = 0;
    for (size_t i = 0; i < picture->quantity_count; i++) {
        if (!is_needed(picture, i) || !is_empty(&picture->quantity[i]))
            continue;
        empty = &picture->quantity[i];
        count++;
    }
    if (picture->kind->shape == LAYOUT_BARS && picture->quantity[0].most == 0)
        return err_set(err, "%s: %s is 0 in every row, and so there is nothing to divide among bars",
                       picture->results->name, picture->quantity[0].name);
    if (empty == NULL || (picture->kind->shape == LAYOUT_OVERLAY && count < picture->quantity_count))
        return true;
    return err_set(err, "%s: %s (%s) is empty in every row, as a metric is where there is nothing to divide by",
                   picture->results->name, empty->name, help_of_metric(empty->name));
}

static bool read_quantities(struct picture *picture, struct err *err)
{
    if (!check_columns(picture, err))
        return false;
    for (const char *const *name = picture->kind->columns; *name != NULL; name++)
        if (!read_quantity(picture->results, *name, &picture->quantity[picture->quantity_count++], err))
            return false;
    return check_values(picture, err);
}

/* Has the row no value in some column? */
static bool is_gap(const struct picture *picture, size_t row)
{
    for (size_t i = 0; i < picture->quantity_count; i++)
        if (is_needed(picture, i) && isnan(picture->quantity[i].value[row]) && !is_empty(&picture->quantity[i]))
            return true;
    return false;
}

static size_t count_gaps(const struct picture *picture)
{
    size_t gaps = 0;
    for (size_t row = 0; row < picture->results->row_count; row++)
        gaps += is_gap(picture, row);
    return gaps;
}

/* ---- What the script is given: parameters.gp and data.tsv ---- */

/* How positions along x are told: by name, evenly spaced, or by the number itself. */
enum { NAMES_RATHER_THAN_NUMBERS = 12, LOGARITHMIC_SPAN = 8 };

static const char *x_scale(const struct picture *picture)
{
    const struct layout_axis *x = picture->layout->x;
    if (picture->kind->shape == LAYOUT_BUCKETS)
        return "linear";
    const bool bars = picture->kind->shape == LAYOUT_BARS || picture->kind->shape == LAYOUT_GRID;
    if (picture->kind->shape == LAYOUT_CURVES)
        return "log";
    if (x->number == NULL || x->count <= NAMES_RATHER_THAN_NUMBERS || bars)
        return "names";
    const double least = x->number[0];
    return least > 0 && x->number[x->count - 1] > LOGARITHMIC_SPAN * least ? "log" : "linear";
}

static size_t characters_of(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

static bool is_utf8(const char *text)
{
    json_t *string = json_string(text);
    json_decref(string);
    return string != NULL;
}

/* As gnuplot's single-quoted string, in which nothing but the quote itself is special. What no font has becomes a blank
 * or a question mark. */
static void write_quoted(FILE *out, const char *text)
{
    const bool utf8 = is_utf8(text);
    fputc('\'', out);
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '\'')
            fputs("''", out);
        else if (c < ' ' || c == 0x7f)
            fputc(' ', out);
        else
            fputc(c >= 0x80 && !utf8 ? '?' : c, out);
    }
    fputs("'\n", out);
}

static void write_text(FILE *out, const char *name, const char *text)
{
    fprintf(out, "%s = ", name);
    write_quoted(out, text);
}

/* `name_count`, `name_name`, `name_characters` (of the longest label) and the array `name_label`. */
static void write_axis(FILE *out, const char *name, const struct layout_axis *axis, char *const *label)
{
    size_t longest = 0;
    fprintf(out, "%s_count = %zu\narray %s_label[%zu]\n", name, axis->count, name, axis->count);
    for (size_t i = 0; i < axis->count; i++) {
        fprintf(out, "%s_label[%zu] = ", name, i + 1);
        write_quoted(out, label[i]);
        if (characters_of(label[i]) > longest)
            longest = characters_of(label[i]);
    }
    fprintf(out, "%s_characters = %zu\n%s_ordered = %d\n%s_name = ", name, longest, name, axis->number != NULL, name);
    write_quoted(out, axis->name);
}

/* What all rows have in common: trace, machine, page size. */
static void write_subtitle(FILE *out, const struct results *results)
{
    static const char *const names[] = {"trace", "machine", "page_size"};
    static const char *const words[] = {"", "", " pages"};
    char *text;
    size_t bytes;
    FILE *subtitle = open_memstream(&text, &bytes);
    assert(subtitle != NULL);
    const char *separator = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *label = layout_common(results, names[i]);
        if (label == NULL)
            continue;
        fprintf(subtitle, "%s%s%s", separator, label, words[i]);
        separator = " · ";
        free(label);
    }
    fclose(subtitle);
    write_text(out, "subtitle", text);
    free(text);
}

/* What the windows of statistics are, "" where rows differ in it. */
static void write_window(FILE *out, const struct results *results)
{
    static const char *const names[] = {"window", "window_unit"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *label = layout_common(results, names[i]);
        write_text(out, names[i], label != NULL ? label : "");
        free(label);
    }
}

static void write_parameters(FILE *out, const struct picture *picture)
{
    const struct layout *layout = picture->layout;
    const bool groups = picture->kind->shape == LAYOUT_BARS;
    write_text(out, "format", picture->format);
    write_subtitle(out, picture->results);
    if (picture->kind->shape == LAYOUT_BUCKETS)
        write_window(out, picture->results);
    write_axis(out, "x", layout->x, layout->x->label);
    write_text(out, "x_scale", x_scale(picture));
    write_axis(out, "series", layout->series, groups ? layout->series->title : layout->series->label);
    write_axis(out, "panels", layout->panels, layout->panels->title);
    fprintf(out, "row_count = %zu\ngap_count = %zu\n", picture->results->row_count, count_gaps(picture));
    for (size_t i = 0; i < picture->quantity_count; i++) {
        const struct quantity *quantity = &picture->quantity[i];
        fprintf(out, "%s_least = %.17g\n%s_most = %.17g\n%s_zeros = %zu\n%s_values = %zu\n", quantity->name,
                quantity->least, quantity->name, quantity->most, quantity->name, quantity->zeros, quantity->name,
                quantity->values);
    }
}

/* One row of `row` (from 1), `panel`, `series` and `level` of x (from 1), `x` (where to draw it), `first` (1 in the
 * first row of its panel and series), `gap` (1 where a value is missing), and the kind's columns. */
static void write_row(FILE *out, const struct picture *picture, size_t index, bool by_number)
{
    const struct layout *layout = picture->layout;
    const size_t row = layout->order[index];
    const size_t last = layout->order[index > 0 ? index - 1 : 0];
    const size_t panel = layout->panels->of_row[row];
    const size_t series = layout->series->of_row[row];
    const size_t level = layout->x->of_row[row];
    const bool first = index == 0 || layout->panels->of_row[last] != panel || layout->series->of_row[last] != series;
    fprintf(out, "%zu\t%zu\t%zu\t%zu\t%.17g\t%d\t%d", index + 1, panel + 1, series + 1, level + 1,
            by_number ? layout->x->number[level] : (double)(level + 1), first, is_gap(picture, row));
    for (size_t k = 0; k < picture->quantity_count; k++) {
        const double value = picture->quantity[k].value[row];
        if (isnan(value))
            fputs("\tNaN", out);
        else
            fprintf(out, "\t%.17g", value);
    }
    fputc('\n', out);
}

static void write_data(FILE *out, const struct picture *picture)
{
    const bool by_number = strcmp(x_scale(picture), "names") != 0;
    fputs("row\tpanel\tseries\tlevel\tx\tfirst\tgap", out);
    for (size_t i = 0; i < picture->quantity_count; i++)
        fprintf(out, "\t%s", picture->quantity[i].name);
    fputc('\n', out);
    for (size_t i = 0; i < picture->results->row_count; i++)
        write_row(out, picture, i, by_number);
}

/* ---- The temporary directory, in which gnuplot runs ---- */

struct workshop {
    char *path;
    int directory;
};

static bool workshop_open(struct workshop *workshop, struct err *err)
{
    const char *parent = getenv("TMPDIR");
    const int bytes =
        asprintf(&workshop->path, "%s/pagewalk-XXXXXX", parent != NULL && *parent != '\0' ? parent : "/tmp");
    assert(bytes > 0);
    if (mkdtemp(workshop->path) == NULL) {
        err_set(err, "%s: no temporary directory can be made: %s; TMPDIR says where", workshop->path, strerror(errno));
        free(workshop->path);
        return false;
    }
    workshop->directory = open(workshop->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert(workshop->directory >= 0);
    return true;
}

static void workshop_close(struct workshop *workshop)
{
    DIR *list = fdopendir(workshop->directory);
    assert(list != NULL);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        unlinkat(dirfd(list), entry->d_name, 0);
    closedir(list);
    rmdir(workshop->path);
    free(workshop->path);
}

static FILE *workshop_file(const struct workshop *workshop, const char *name)
{
    const int file = openat(workshop->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return file >= 0 ? fdopen(file, "w") : NULL;
}

/* Ends a write: false where any of it failed. */
static bool finish(FILE *file)
{
    const bool failed = ferror(file);
    return fclose(file) == 0 && !failed;
}

static bool write_file(const struct workshop *workshop, const struct picture *picture, const char *name,
                       void (*write)(FILE *, const struct picture *))
{
    FILE *file = workshop_file(workshop, name);
    if (file == NULL)
        return false;
    write(file, picture);
    return finish(file);
}

static bool write_scripts(const struct workshop *workshop)
{
    for (const struct embedded_file *embedded = embedded_files; embedded->name != NULL; embedded++) {
        const char *suffix = suffix_of(embedded->name);
        if (suffix == NULL || strcmp(suffix, "gp") != 0)
            continue;
        FILE *file = workshop_file(workshop, embedded->name);
        if (file == NULL)
            return false;
        fputs(embedded->text, file);
        if (!finish(file))
            return false;
    }
    return true;
}

static bool fill_workshop(const struct workshop *workshop, const struct picture *picture, struct err *err)
{
    return (write_scripts(workshop) && write_file(workshop, picture, "parameters.gp", write_parameters) &&
            write_file(workshop, picture, "data.tsv", write_data)) ||
           err_set(err, "%s: cannot be written to: %s; TMPDIR names another directory", workshop->path,
                   strerror(errno));
}

/* The whole file, which the caller frees, and its length; NULL where it cannot be read. */
static char *read_file(const struct workshop *workshop, const char *name, size_t *length)
{
    const int file = openat(workshop->directory, name, O_RDONLY | O_CLOEXEC);
    FILE *in = file >= 0 ? fdopen(file, "r") : NULL;
    if (in == NULL)
        return NULL;
    char *bytes = NULL;
    FILE *copy = open_memstream(&bytes, length);
    assert(copy != NULL);
    char block[1 << 14];
    for (size_t count; (count = fread(block, 1, sizeof block, in)) > 0;)
        fwrite(block, 1, count, copy);
    fclose(in);
    if (finish(copy))
        return bytes;
    free(bytes);
    return NULL;
}

/* ---- gnuplot ---- */

static const char messages[] = "messages"; /* what gnuplot says, a file */

/* Returns 0, or what posix_spawnp returns; then *status is gnuplot's. */
static int spawn_gnuplot(const struct workshop *workshop, const char *script, int *status)
{
    char *const arguments[] = {"gnuplot", "-d", "parameters.gp", "style.gp", (char *)script, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addfchdir_np(&actions, workshop->directory);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, messages, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child;
    const int problem = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    while (problem == 0 && waitpid(child, status, 0) < 0)
        assert(errno == EINTR);
    return problem;
}

static bool refuse_messages(const struct workshop *workshop, const char *script, struct err *err)
{
    size_t length = 0;
    char *said = read_file(workshop, messages, &length);
    while (length > 0 && strchr(" \n", said[length - 1]) != NULL)
        length--;
    err_set(err, "gnuplot fails on %s%s%.*s", script, length > 0 ? " and says:\n" : " and says nothing", (int)length,
            said != NULL ? said : "");
    free(said);
    return false;
}

/* Draws into the workshop's file `drawing`. */
static bool run_gnuplot(const struct workshop *workshop, const char *script, const char *drawing, struct err *err)
{
    int status = 0;
    const int problem = spawn_gnuplot(workshop, script, &status);
    if (problem == ENOENT)
        return err_set(err, "gnuplot draws the plots, and is not there; apt install gnuplot-nox");
    if (problem != 0)
        return err_set(err, "gnuplot cannot be run: %s", strerror(problem));
    struct stat drawn;
    const bool drew = fstatat(workshop->directory, drawing, &drawn, 0) == 0 && drawn.st_size > 0;
    return (status == 0 && drew) || refuse_messages(workshop, script, err);
}

/* ---- All of it ---- */

static bool deliver(const struct workshop *workshop, const char *drawing, const char *output, struct err *err)
{
    size_t length;
    char *bytes = read_file(workshop, drawing, &length);
    if (bytes == NULL)
        return err_set(err, "%s/%s: cannot be read: %s", workshop->path, drawing, strerror(errno));
    FILE *file = fopen(output, "w");
    bool good = file != NULL;
    if (good) {
        fwrite(bytes, 1, length, file);
        good = finish(file);
    }
    free(bytes);
    return good || err_set(err, "%s: cannot be written: %s", output, strerror(errno));
}

static bool draw_in(const struct workshop *workshop, const struct picture *picture, const char *output, struct err *err)
{
    char drawing[16];
    snprintf(drawing, sizeof drawing, "plot.%s", picture->format);
    return fill_workshop(workshop, picture, err) && run_gnuplot(workshop, picture->kind->script, drawing, err) &&
           deliver(workshop, drawing, output, err);
}

static bool draw(struct picture *picture, const char *output, struct err *err)
{
    struct layout *layout = layout_make(picture->results, picture->kind->shape, err);
    if (layout == NULL)
        return false;
    picture->layout = layout;
    struct workshop workshop;
    bool good = workshop_open(&workshop, err);
    if (good) {
        good = draw_in(&workshop, picture, output, err);
        workshop_close(&workshop);
    }
    layout_free(layout);
    return good;
}

/* Of the walks that --walks tells apart, all together, where the file has them. */
static void keep_all_walks(struct results *results)
{
    static const char *const columns[] = {"kind", "mapping"};
    static const char *const all[][2] = {{"all", NULL}, {"(all)", NULL}};
    size_t column;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (results_column(results, columns[i], &column))
            results_keep(results, column, all[i]);
}

static bool keep_statistics(const struct plot_kind *kind, struct results *results, struct err *err)
{
    size_t column;
    if (kind->statistics[0] == NULL)
        return true;
    if (!results_column(results, "statistic", &column))
        return err_set(err,
                       "%s: there is no column of statistics; `pagewalk trace stats` writes them, and of walks "
                       "`pagewalk run --walks FILE`",
                       results->name);
    if (!results_keep(results, column, kind->statistics))
        return err_set(err,
                       "%s: has no row of %s, which the plot %s shows; `pagewalk trace stats`, or of walks `pagewalk "
                       "run --walks FILE`, writes them where the trace has any",
                       results->name, kind->statistics[0], kind->name);
    keep_all_walks(results);
    return true;
}

static bool plot_results(const struct plot_kind *kind, const char *format, const char *results_path, const char *output,
                         struct err *err)
{
    struct results *results = results_read(results_path, err);
    if (results == NULL)
        return false;
    struct picture picture = {.kind = kind, .format = format, .results = results};
    const bool good =
        keep_statistics(kind, results, err) && read_quantities(&picture, err) && draw(&picture, output, err);
    for (size_t i = 0; i < picture.quantity_count; i++)
        free(picture.quantity[i].value);
    results_free(results);
    return good;
}

bool plot_write(const char *kind_name, const char *results_path, const char *output, struct err *err)
{
    const struct plot_kind *kind = find_kind(kind_name, err);
    if (kind == NULL)
        return false;
    const char *format = find_format(output, err);
    return format != NULL && plot_results(kind, format, results_path, output, err);
}

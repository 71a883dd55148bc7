/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/results_testing.h"
#include "model/embedded.h"

static void need_gnuplot(void)
{
    if (system("gnuplot --version >/dev/null 2>&1") != 0)
        skip();
}

/* Every column that some kind needs. Two rows share a configuration but for the key `key`, which has two values. */
static const char header[] =
    "machine,trace,page_size,os.page_size,%s,accesses,lookups,l1i_hits,l1d_hits,l2_hits,l3_hits,"
    "walks,translation_cycles,walk_cycles,pages_touched,page_table_bytes,walk_ratio,l1i_mpki,"
    "l1d_mpki,l2_mpki,walk_mpki,cycles_per_access_min,cycles_per_access,l1i_hit_ratio,l1d_hit_ratio,l2_hit_ratio,"
    "l3_hit_ratio,l1i_miss_ratio,l1d_miss_ratio,l2_miss_ratio,touched_bytes,bloat_bytes\n";

/* A sweep of five page sizes and two values of `key`, each name as CSV has it, quoted where it must be. */
static void write_sweep(const char *path, const char *trace, const char *key, const char *value_a, const char *value_b)
{
    static const char *const sizes[] = {"1G", "4K", "2M", "64K", "16K"};
    static const unsigned shifts[] = {30, 12, 21, 16, 14};
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, header, key);
    for (unsigned i = 0; i < 10; i++) {
        const unsigned shift = shifts[i % 5];
        const unsigned walks = i % 5 == 0 ? 0 : 400u >> (shift - 12) / 3;
        fprintf(out, "skylake,%s,%lu,%s,%s,", trace, 1UL << shift, sizes[i % 5], i < 5 ? value_a : value_b);
        fprintf(out, "1000,1000,0,%u,90,0,%u,%u,%u,%lu,%u,", 910 - walks, walks, 90 * 7 + walks * 30, walks * 30,
                (1UL << 31) >> shift, 4096 * (33 - shift));
        fprintf(out, "%g,0.5,%u,%u,%u,%g,%g,", walks / 1000.0, 90 + walks, walks, walks, walks * 0.015,
                0.63 + walks * 0.03);
        fprintf(out, ",0.91,%g,,,0.09,%g,%lu,%lu\n", 90 / (90.0 + walks), walks / (90.0 + walks), 1UL << 30, 1UL << 30);
    }
    assert_int_equal(fclose(out), 0);
}

/* Curves of two page sizes; of the smaller, a sample. */
static void write_curves(const char *path, const char *trace)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("version,trace,sample_rate,page_size,entries,reach,lookups,miss_ratio,miss_ratio_error\n", out);
    for (unsigned entries = 1; entries <= 4096; entries += 1 + entries / 16)
        for (unsigned shift = 12; shift <= 16; shift += 4)
            if (entries <= (1U << (24 - shift)))
                fprintf(out, "0.1.0,%s,%g,%u,%u,%u,1000000,%g,%s\n", trace, shift == 12 ? 0.1 : 1.0, 1U << shift,
                        entries, entries << shift, 0.9 / entries, shift == 12 ? "0.01" : "0");
    assert_int_equal(fclose(out), 0);
}

/* The statistics of a kind: of two page sizes, but for strides, and with an empty bucket. */
static void write_statistics(const struct plot_kind *kind, const char *path, const char *trace)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("version,trace,window,window_unit,statistic,page_size,bucket,value\n0.1.0,t,100,accesses,pages,4096,,7\n",
          out);
    for (const char *const *statistic = kind->statistics; *statistic != NULL; statistic++) {
        const bool strides = strstr(*statistic, "stride") != NULL;
        for (unsigned shift = 12; shift <= (strides ? 12 : 16); shift += 4)
            for (unsigned bucket = 0; bucket <= 4096; bucket = bucket == 0 ? 1 : 2 * bucket) {
                fprintf(out, "0.1.0,%s,100,accesses,%s,", trace, *statistic);
                if (!strides)
                    fprintf(out, "%u", 1U << shift);
                fprintf(out, ",%u,%u\n", bucket, bucket == 64 ? 0 : 1 + bucket / (shift - 11));
            }
    }
    assert_int_equal(fclose(out), 0);
}

static bool is_of_walks(const struct plot_kind *kind)
{
    return strncmp(kind->name, "walk-", 5) == 0 && kind->statistics[0] != NULL;
}

/* The walks of two values of `key`; those of data take part in all and must not be drawn. */
static void write_walks(const char *path, const char *trace, const char *key, const char *value_a, const char *value_b)
{
    static const char *const kinds[] = {"all,(all)", "data,(all)", "all,[heap]"};
    static const char *const levels[] = {"pml4e", "pdpte", "pde", "pte"};
    static const char *const servers[] = {"l1d", "memory"};
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "version,machine,trace,%s,page_size,kind,mapping,statistic,level,server,bucket,value\n", key);
    for (unsigned i = 0; i < 6; i++) {
        char row[256];
        snprintf(row, sizeof row, "0.1.0,skylake,%s,%s,4096,%s", trace, i < 3 ? value_a : value_b, kinds[i % 3]);
        fprintf(out, "%s,walks,,,,1000\n", row);
        for (unsigned cycles = 7; cycles < 900; cycles *= 3)
            fprintf(out, "%s,walk_latencies,,,%u,%u\n", row, i % 3 == 0 ? cycles : 5555, 1 + cycles % 9);
        for (unsigned level = 0; level < 4; level++)
            for (unsigned server = 0; server < 2; server++)
                fprintf(out, "%s,reads_served,%s,%s,,%u\n", row, levels[level], servers[server],
                        i % 3 == 0 ? 25U * (1 + level) * (server + i % 2 + 1) : 777777U);
    }
    assert_int_equal(fclose(out), 0);
}

/* Writes what the kind draws. */
static void write_results(const struct plot_kind *kind, const char *path, const char *trace, const char *key,
                          const char *value_a, const char *value_b)
{
    if (kind->shape == LAYOUT_CURVES)
        write_curves(path, trace);
    else if (is_of_walks(kind))
        write_walks(path, trace, key, value_a, value_b);
    else if (kind->shape == LAYOUT_BUCKETS)
        write_statistics(kind, path, trace);
    else
        write_sweep(path, trace, key, value_a, value_b);
}

static void expect_drawn(const char *kind, const char *results, const char *output)
{
    struct err err = {""};
    if (!plot_write(kind, results, output, &err))
        fail_msg("%s: %s", kind, err.text);
}

static void expect_refusal(const char *kind, const char *results, const char *output, const char *expected)
{
    struct err err = {""};
    assert_false(plot_write(kind, results, output, &err));
    if (strstr(err.text, expected) == NULL)
        fail_msg("\"%s\"", err.text);
}

static void expect_text(const char *path, const char *expected)
{
    char *text = testing_read(path);
    assert_non_null(text);
    if (strstr(text, expected) == NULL)
        fail_msg("%s lacks \"%s\"", path, expected);
    free(text);
}

static void test_table_of_kinds(void **state)
{
    (void)state;
    for (const struct plot_kind *kind = plot_kinds; kind->name != NULL; kind++) {
        const struct embedded_file *file = embedded_files;
        while (file->name != NULL && strcmp(file->name, kind->script) != 0)
            file++;
        assert_non_null(file->name);
        assert_non_null(kind->columns[0]);
        assert_null(kind->columns[PLOT_COLUMNS_MAX - 1]);
        assert_null(kind->statistics[PLOT_STATISTICS_MAX - 1]);
        assert_int_equal(kind->statistics[0] != NULL, kind->shape == LAYOUT_BUCKETS || kind->shape == LAYOUT_SERVED);
    }
}

static void test_paths(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"sweep.csv", "sweep.cycles.svg"},
        {"a.b/sweep", "a.b/sweep.cycles.svg"},
        {"a.b/x.y.json", "a.b/x.y.cycles.svg"},
        {".csv", ".csv.cycles.svg"},
        {"-", "results.cycles.svg"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = plot_path("cycles", cases[i][0]);
        assert_string_equal(path, cases[i][1]);
        free(path);
    }
}

static void test_every_kind_in_every_format(void **state)
{
    (void)state;
    need_gnuplot();
    static const char *const first_bytes[][2] = {{"svg", "<?xml"}, {"png", "\x89PNG"}, {"pdf", "%PDF-"}};
    for (const struct plot_kind *kind = plot_kinds; kind->name != NULL; kind++) {
        write_results(kind, "results.csv", "traces/mcf.trace.zst", "tlb.l2.any.entries", "512", "1536");
        for (size_t i = 0; i < sizeof first_bytes / sizeof *first_bytes; i++) {
            char path[64];
            snprintf(path, sizeof path, "%s.%s", kind->name, first_bytes[i][0]);
            expect_drawn(kind->name, "results.csv", path);
            char *text = testing_read(path);
            assert_non_null(text);
            assert_memory_equal(text, first_bytes[i][1], strlen(first_bytes[i][1]));
            free(text);
        }
    }
}

static void test_what_is_written(void **state)
{
    (void)state;
    need_gnuplot();
    write_sweep("sweep.csv", "traces/mcf.trace.zst", "tlb.l2.any.entries", "512", "1536");
    static const char *const everywhere[] = {"mcf.trace.zst", "skylake", "page size", "4K", "16K", "64K", "2M", "1G"};
    static const char *const of_kind[][4] = {
        {"walk-ratio", "walks per lookup", ">1536<", ">0<"},
        {"hit-ratio", "hit ratio", "level 1, data", "level 2, of what reaches it"},
        {"miss-ratio", "miss ratio", "level 1, data", "walks, of all lookups"},
        {"cycles", "cycles per access", "nothing overlaps", "tlb.l2.any.entries"},
        {"mpki", "MPKI", "level 1, data", "tlb.l2.any.entries"},
        {"levels", "share of lookups (%)", "tlb.l2.any.entries = 512", "level 3"},
        {"cost", "page-table walks", "tlb.l2.any.entries = 1536", "hits below level 1"},
        {"memory", ">bloat<", "tlb.l2.any.entries = 1536", "cycles per access"},
        {"page-size", "page tables (bytes)", "memory (bytes)", ">1536<"},
        {"heatmap", "0.630", "tlb.l2.any.entries", ">1536<"},
    };
    for (size_t i = 0; i < sizeof of_kind / sizeof *of_kind; i++) {
        expect_drawn(of_kind[i][0], "sweep.csv", "a.svg");
        for (size_t k = 0; k < sizeof everywhere / sizeof *everywhere; k++)
            expect_text("a.svg", everywhere[k]);
        for (size_t k = 1; k < 4; k++)
            expect_text("a.svg", of_kind[i][k]);
    }
}

static void test_hostile_names(void **state)
{
    (void)state;
    need_gnuplot();
    static const char results[] = "it's \"q\" $(touch caught) `touch caught` {:Bold x}_y^z@ %d\n.csv";
    static const char output[] = "'; system('touch caught') # \xc3\xa9.svg";
    for (const struct plot_kind *kind = plot_kinds; kind->name != NULL; kind++) {
        write_results(kind, results, "\"a_{b}^c@d/x\ny%s\"", "tlb.l'2.%d `touch caught`",
                      "\"it's \"\"_{q}\"\" 100% <&> \\n\xff\"", "$(touch caught)");
        expect_drawn(kind->name, results, output);
        expect_text(output, "x y%s");
        if (kind->shape == LAYOUT_CURVES || kind->shape == LAYOUT_BUCKETS)
            continue;
        expect_text(output, "tlb.l'2.%d `touch caught`");
        expect_text(output, "it's \"_{q}\" 100% &lt;&amp;> \\n?");
        expect_text(output, "$(touch caught)");
    }
    assert_int_not_equal(access("caught", F_OK), 0);
}

static void test_single_row_and_gaps(void **state)
{
    (void)state;
    need_gnuplot();
    testing_write("one.csv", "machine,walk_ratio,cycles_per_access_min,cycles_per_access\nm,0,0,0\n");
    expect_drawn("walk-ratio", "one.csv", "a.svg");
    expect_drawn("cycles", "one.csv", "a.svg");
    testing_write("bars.csv", "accesses,translation_cycles,walk_cycles,cycles_per_access,lookups,l1i_hits,l1d_hits,"
                              "l2_hits,l3_hits,walks\n4,8,4,2,4,0,2,1,0,1\n");
    expect_drawn("cost", "bars.csv", "a.svg");
    expect_drawn("levels", "bars.csv", "a.svg");
    testing_write("gaps.csv", "a.n,b.p,cycles_per_access\n1,x,\n1,y,2\n2,x,3\n3,y,0\n");
    expect_drawn("heatmap", "gaps.csv", "a.svg");
    expect_text("a.svg", "1 of 4 rows have no value");
}

static void test_many_numbers_along_x(void **state)
{
    (void)state;
    need_gnuplot();
    FILE *out = fopen("many.csv", "w");
    assert_non_null(out);
    fputs("a.n,trace,cycles_per_access_min,cycles_per_access\n", out);
    for (unsigned i = 1; i <= 200; i++)
        fprintf(out, "%u,t%u,%g,%g\n", 1 + i / 2, i % 2, 0.5 / i, 1.0 / i);
    assert_int_equal(fclose(out), 0);
    expect_drawn("cycles", "many.csv", "a.svg");
    expect_text("a.svg", ">64<"); /* a logarithmic axis has powers of two */
}

static void test_curves(void **state)
{
    (void)state;
    need_gnuplot();
    write_curves("curves.csv", "traces/mcf.trace.zst");
    expect_drawn("miss-ratio-curve", "curves.csv", "a.svg");
    static const char *const texts[] = {"mcf.trace.zst", ">4K<", ">64K<", ">entries<", ">1024<", "two standard errors"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_text("a.svg", texts[i]);

    /* Errors that are not stated are no gaps; one point is a curve, too. */
    testing_write("curves.csv",
                  "trace,page_size,entries,miss_ratio,miss_ratio_error\na,4096,80,0.5,\na,4096,90,0.25,\n");
    expect_drawn("miss-ratio-curve", "curves.csv", "a.svg");
    testing_write("curves.csv", "trace,page_size,entries,miss_ratio,miss_ratio_error\na,4096,1,1,0\n");
    expect_drawn("miss-ratio-curve", "curves.csv", "a.svg");

    testing_write("curves.csv", "trace,miss_ratio,miss_ratio_error\na,1,0\n");
    expect_refusal("miss-ratio-curve", "curves.csv", "a.svg",
                   "curves.csv: there is no column of entries; `pagewalk mrc` writes curves");
    testing_write("curves.csv", "trace,entries,miss_ratio,miss_ratio_error\na,many,1,0\n");
    expect_refusal("miss-ratio-curve", "curves.csv", "a.svg", "curves.csv: entries are numbers, and some here are not");
    testing_write("curves.csv", "trace,entries,walk_ratio\na,1,1\n");
    expect_refusal("miss-ratio-curve", "curves.csv", "a.svg", "needs columns that are missing: miss_ratio");
}

static void test_statistics(void **state)
{
    (void)state;
    need_gnuplot();
    static const char *const texts[][6] = {
        {"working-set", "mcf.trace.zst", ">64K<", "accesses (thousands)", "windows of 100 accesses", ">pages<"},
        {"footprint", "mcf.trace.zst", ">64K<", "accesses (thousands)", "memory (bytes)", ">1M<"},
        {"mean-working-set", "mcf.trace.zst", ">64K<", "accesses in the window", ">pages<", ">4Ki<"},
        {"reuse-time", "mcf.trace.zst", ">64K<", "accesses, from", ">lookups<", ">0<"},
        {"lru-depth", "mcf.trace.zst", ">64K<", "other pages, from", ">lookups<", ">4Ki<"},
        {"stride", "mcf.trace.zst", "share (%)", "stride (bytes), from", ">2K<", ">−2K<"},
        {"pc-stride", "mcf.trace.zst", "of the same instruction", "stride (bytes), from", ">2K<", ">−2K<"},
    };
    const struct plot_kind *kind = plot_kinds;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        while (strcmp(kind->name, texts[i][0]) != 0)
            kind++;
        write_statistics(kind, "stats.csv", "traces/mcf.trace.zst");
        expect_drawn(kind->name, "stats.csv", "a.svg");
        for (size_t k = 1; k < 6; k++)
            expect_text("a.svg", texts[i][k]);
    }

    /* One window, one bucket, several traces with windows of their own. */
    testing_write("stats.csv", "trace,window,window_unit,statistic,page_size,bucket,value\n"
                               "a,100,accesses,working_set,4096,7,1\na,100,accesses,lru_depths,4096,0,1\n"
                               "b,50,accesses,working_set,4096,9,0\nb,50,accesses,backward_strides,,8,3\n");
    expect_drawn("working-set", "stats.csv", "a.svg");
    expect_drawn("lru-depth", "stats.csv", "a.svg");
    expect_drawn("stride", "stats.csv", "a.svg");
    expect_refusal("reuse-time", "stats.csv", "a.svg",
                   "stats.csv: has no row of reuse_times, which the plot reuse-time shows");
    testing_write("stats.csv", "trace,bucket,value\na,1,1\n");
    expect_refusal("stride", "stats.csv", "a.svg",
                   "stats.csv: there is no column of statistics; `pagewalk trace stats` writes them");
}

static void test_walks(void **state)
{
    (void)state;
    need_gnuplot();
    write_walks("walks.csv", "traces/mcf.trace.zst", "tlb.l2.any.entries", "512", "1536");
    expect_drawn("walk-latency", "walks.csv", "a.svg");
    static const char *const of_latency[] = {
        "mcf.trace.zst",      "skylake", "4K pages", "cost of a walk (cycles)",
        "tlb.l2.any.entries", ">1536<",  ">500<",    "walks that cost no more (%)"};
    for (size_t i = 0; i < sizeof of_latency / sizeof *of_latency; i++)
        expect_text("a.svg", of_latency[i]);
    expect_drawn("walk-reads", "walks.csv", "a.svg");
    static const char *const of_reads[] = {
        "reads per walk",           "served by", ">l1d<", ">memory<", ">pml4e<", ">pte<",
        "tlb.l2.any.entries = 512", ">0.250<",   ">1.00<"};
    for (size_t i = 0; i < sizeof of_reads / sizeof *of_reads; i++)
        expect_text("a.svg", of_reads[i]);

    /* One walk; walks without cost; a kind that was picked out. */
    testing_write("one.csv",
                  "trace,kind,mapping,statistic,level,server,bucket,value\na,all,(all),walk_latencies,,,0,1\n"
                  "a,all,(all),reads_served,pte,fixed,,1\n");
    expect_drawn("walk-latency", "one.csv", "a.svg");
    expect_drawn("walk-reads", "one.csv", "a.svg");
    testing_write("one.csv", "trace,kind,mapping,statistic,level,server,bucket,value\n"
                             "a,data,[heap],reads_served,pte,fixed,,0\n");
    expect_drawn("walk-reads", "one.csv", "a.svg");
    testing_write("one.csv", "trace,statistic,value\na,reads_served,1\n");
    expect_refusal("walk-reads", "one.csv", "a.svg",
                   "one.csv: there are no columns level and server; `pagewalk run --walks FILE` writes them");
    expect_refusal("walk-latency", "one.csv", "a.svg", "one.csv: has no row of walk_latencies");
}

static void test_refusals(void **state)
{
    (void)state;
    testing_write("a.csv", "a.n,walk_ratio,cycles_per_access\n1,0.5,\n2,x,\n");
    expect_refusal("misratio", "a.csv", "a.svg", "there is no plot \"misratio\"; did you mean miss-ratio?");
    expect_refusal("zzz", "a.csv", "a.svg", "`pagewalk list plots`");
    expect_refusal("walk-ratio", "a.csv", "a.gif", "a.gif: the suffix says what to draw; .svg, .png or .pdf");
    expect_refusal("walk-ratio", "a.csv", "svg", "svg: the suffix");
    expect_refusal("walk-ratio", "none.csv", "a.svg", "none.csv: No such file");
    expect_refusal("mpki", "a.csv", "a.svg",
                   "a.csv: the plot mpki needs columns that are missing: l1i_mpki, l1d_mpki, l2_mpki, walk_mpki");
    expect_refusal("walk-ratio", "a.csv", "a.svg", "a.csv:3: walk_ratio is \"x\"; a decimal number was expected");
    expect_refusal("heatmap", "a.csv", "a.svg",
                   "a.csv: cycles_per_access (translation cycles per access, upper bound) is empty in every row");
    testing_write("a.csv", "a.n,cycles_per_access\n1,2\n1,3\n");
    expect_refusal("heatmap", "a.csv", "a.svg", "a.csv:3: the same configuration");
}

/* Returns what PATH was, for restore_path. */
static char *replace_path(const char *path)
{
    const char *before = getenv("PATH");
    char *kept = strdup(before != NULL ? before : "");
    setenv("PATH", path, 1);
    return kept;
}

static void restore_path(char *kept)
{
    setenv("PATH", kept, 1);
    free(kept);
}

static void test_gnuplot_that_is_missing(void **state)
{
    (void)state;
    testing_write("a.csv", "a.n,walk_ratio\n1,0.5\n2,0.25\n");
    char *path = replace_path("/nonexistent");
    expect_refusal("walk-ratio", "a.csv", "a.svg", "apt install gnuplot-nox");
    restore_path(path);
}

static size_t count_entries(const char *directory)
{
    DIR *list = opendir(directory);
    assert_non_null(list);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(list);
    return count;
}

static void test_gnuplot_that_fails(void **state)
{
    (void)state;
    char *here = getcwd(NULL, 0);
    testing_write("a.csv", "a.n,walk_ratio\n1,0.5\n2,0.25\n");
    testing_write("a.svg", "as it was");
    assert_int_equal(mkdir("tmp", 0700), 0);
    char *path = replace_path(here);
    setenv("TMPDIR", "tmp", 1);
    testing_write("gnuplot", "#!/bin/sh\necho partly > plot.svg; echo 'line 7: no such thing' >&2; exit 1\n");
    assert_int_equal(chmod("gnuplot", 0700), 0);
    expect_refusal("walk-ratio", "a.csv", "a.svg", "gnuplot fails on walk-ratio.gp and says:\nline 7: no such thing");
    testing_write("gnuplot", "#!/bin/sh\nexit 0\n");
    expect_refusal("walk-ratio", "a.csv", "a.svg", "gnuplot fails on walk-ratio.gp and says nothing");
    expect_text("a.svg", "as it was");
    testing_write("gnuplot", "#!/bin/sh\necho drawn > plot.svg\n");
    expect_drawn("walk-ratio", "a.csv", "a.svg");
    expect_text("a.svg", "drawn\n");
    expect_refusal("walk-ratio", "a.csv", "none/a.svg", "none/a.svg: cannot be written: No such file or directory");
    assert_int_equal(count_entries("tmp"), 0);
    setenv("TMPDIR", "none", 1);
    expect_refusal("walk-ratio", "a.csv", "a.svg", "TMPDIR says where");
    unsetenv("TMPDIR");
    restore_path(path);
    free(here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_of_kinds),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_every_kind_in_every_format),
        cmocka_unit_test(test_what_is_written),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_single_row_and_gaps),
        cmocka_unit_test(test_many_numbers_along_x),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_walks),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_gnuplot_that_is_missing),
        cmocka_unit_test(test_gnuplot_that_fails),
    };
    return cmocka_run_group_tests(tests, testing_enter, testing_leave);
}

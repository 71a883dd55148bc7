/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results_testing.h"

static struct results *table(const char *text)
{
    struct err err = {""};
    testing_write("t.csv", text);
    struct results *results = results_read("t.csv", &err);
    if (results == NULL)
        fail_msg("%s", err.text);
    return results;
}

static char *append_labels(char *end, const struct layout_axis *axis, char *const *label)
{
    end += sprintf(end, "%s%s:", axis->name, axis->number != NULL ? "#" : "");
    for (size_t level = 0; level < axis->count; level++)
        end += sprintf(end, "%s%s%s", level > 0 ? ";" : "", *label[level] != '\0' ? " " : "", label[level]);
    return end;
}

/* "x: labels / series: labels / panels: titles", each axis with its name and '#' where it has numbers. */
static const char *flat(const struct layout *layout)
{
    static char text[4096];
    char *end = append_labels(text, layout->x, layout->x->label);
    end += sprintf(end, " / ");
    end = append_labels(end, layout->series, layout->series->label);
    end += sprintf(end, " / ");
    append_labels(end, layout->panels, layout->panels->title);
    return text;
}

static void expect_layout(const char *text, enum layout_shape shape, const char *expected)
{
    struct err err = {""};
    struct results *results = table(text);
    struct layout *layout = layout_make(results, shape, &err);
    assert_string_equal(layout != NULL ? flat(layout) : err.text, expected);
    layout_free(layout);
    results_free(results);
}

static void expect_refusal(const char *text, enum layout_shape shape, const char *expected)
{
    struct err err = {""};
    struct results *results = table(text);
    assert_null(layout_make(results, shape, &err));
    if (strstr(err.text, expected) == NULL)
        fail_msg("\"%s\"", err.text);
    results_free(results);
}

static void test_page_sizes_ascend(void **state)
{
    (void)state;
    expect_layout("page_size,os.page_size,tlb.l2.any.entries,walks\n"
                  "2097152,2M,1536,1\n4096,4K,1536,2\n1073741824,1G,1536,3\n65536,64K,1536,4\n"
                  "2097152,2M,64,1\n4096,4K,64,2\n1073741824,1024M,64,3\n65536,65536,64,4\n",
                  LAYOUT_PANELS, "page size#: 4K; 64K; 2M; 1G / tlb.l2.any.entries#: 64; 1536 / :");
}

static void test_choice_of_x(void **state)
{
    (void)state;
    /* The first key of numbers, wherever it stands. */
    expect_layout("trace,a.policy,b.entries,c.cycles\n"
                  "t,lru,8,1\nt,fifo,16,1\nt,lru,16,2\nt,fifo,8,2\n",
                  LAYOUT_OVERLAY, "b.entries#: 8; 16 / a.policy, c.cycles: lru, 1; lru, 2; fifo, 1; fifo, 2 / :");
    /* Two page sizes give way to three entries, but not to two. */
    expect_layout("os.page_size,a.n\n4K,1\n2M,1\n4K,2\n2M,2\n4K,3\n2M,3\n", LAYOUT_PANELS,
                  "a.n#: 1; 2; 3 / page size#: 4K; 2M / :");
    expect_layout("a.n,os.page_size\n1,4K\n1,2M\n2,4K\n2,2M\n", LAYOUT_PANELS, "page size#: 4K; 2M / a.n#: 1; 2 / :");
    /* Without numbers the axis with the most levels, in the order of the file. */
    expect_layout("trace,a.policy\nz,srrip\nz,fifo\nz,lru\ny,srrip\ny,fifo\ny,lru\n", LAYOUT_PANELS,
                  "a.policy: srrip; fifo; lru / trace: z; y / :");
    expect_layout("trace,a.policy\nz,lru\ny,lru\nz,fifo\ny,fifo\n", LAYOUT_PANELS,
                  "trace: z; y / a.policy: lru; fifo / :");
    /* One that is no number makes all of them names. */
    expect_layout("a.ways\n16\nfull\n2\n", LAYOUT_PANELS, "a.ways: 16; full; 2 / : / :");
    expect_layout("a.ways\n16\n1.5\n2\n", LAYOUT_PANELS, "a.ways#: 1.5; 2; 16 / : / :");
    expect_layout("a.b\n16\n\"\"\n", LAYOUT_PANELS, "a.b: 16; (none) / : / :");
}

static void test_curves(void **state)
{
    (void)state;
    /* Entries along x, whatever else varies; traces make panels. */
    expect_layout("trace,page_size,entries,reach\na,4096,1,4096\na,4096,2,8192\na,65536,1,65536\n"
                  "b,4096,1,4096\nb,65536,1,65536\n",
                  LAYOUT_CURVES, "entries#: 1; 2 / page size#: 4K; 64K / trace: a; b");
    expect_layout("trace,sample_rate,page_size,entries\na,1,4096,1\na,1,4096,2\na,0.1,4096,2\n", LAYOUT_CURVES,
                  "entries#: 1; 2 / sample_rate#: 0.1; 1 / :");
    expect_layout("trace,page_size,entries\na,4096,7\na,65536,7\n", LAYOUT_CURVES,
                  "entries#: 7 / page size#: 4K; 64K / :");
    expect_layout("trace,entries\na,7\n", LAYOUT_CURVES, "entries#: 7 / : / :");
    expect_refusal("trace,page_size\na,4096\n", LAYOUT_CURVES, "t.csv: there is no column of entries");
    expect_refusal("trace,entries\na,x\n", LAYOUT_CURVES, "t.csv: entries are numbers, and some here are not");
}

static void test_buckets(void **state)
{
    (void)state;
    expect_layout("trace,window,statistic,page_size,bucket,value\na,9,w,4096,1,5\na,9,w,4096,2,5\na,9,w,65536,2,5\n"
                  "b,9,w,4096,1,5\n",
                  LAYOUT_BUCKETS, "bucket#: 1; 2 / page size#: 4K; 64K / trace: a; b");
    expect_layout("trace,statistic,page_size,bucket,value\na,up,,0,5\na,up,,8,5\na,down,,8,5\n", LAYOUT_BUCKETS,
                  "bucket#: 0; 8 / statistic: up; down / :");
    expect_refusal("trace,page_size\na,4096\n", LAYOUT_BUCKETS,
                   "t.csv: there is no column of buckets; `pagewalk trace stats` writes statistics");
    expect_refusal("trace,bucket\na,x\n", LAYOUT_BUCKETS, "t.csv: buckets are numbers, and some here are not");
}

static void test_served(void **state)
{
    (void)state;
    expect_layout("trace,a.n,level,server,value\na,1,pde,l1d,5\na,1,pte,l1d,5\na,1,pte,l2,5\na,2,pte,l1d,5\n",
                  LAYOUT_SERVED, "level: pde; pte / server: l1d; l2 / a.n#: a.n = 1; a.n = 2");
    expect_layout("trace,level,server,value\na,pte,fixed,5\n", LAYOUT_SERVED, "level: pte / server: fixed / :");
    expect_refusal("trace,level,value\na,pte,1\n", LAYOUT_SERVED, "t.csv: there are no columns level and server");
}

static void test_nothing_varies(void **state)
{
    (void)state;
    expect_layout("machine,trace,walks\nm,t,1\n", LAYOUT_PANELS, "machine: m / : / :");
    expect_layout("walks\n1\n", LAYOUT_BARS, ": / : / :");
    expect_refusal("machine,trace\nm,t\n", LAYOUT_GRID, "t.csv: a grid needs two things that vary, and none does");
}

static void test_what_tells_rows_apart(void **state)
{
    (void)state;
    expect_layout("seed,walks,a.n\n1,5,8\n2,6,8\n1,7,16\n2,8,16\n", LAYOUT_PANELS, "a.n#: 8; 16 / seed#: 1; 2 / :");
    expect_layout("page_size,seed\n4096,1\n2097152,1\n4096,1000\n2097152,1000\n", LAYOUT_PANELS,
                  "page size#: 4K; 2M / seed#: 1; 1000 / :");
    /* What only follows from the rest is no axis: a machine's page size, its hash. */
    expect_layout("machine,machine_hash,page_size\nx,aa,4096\ny,bb,65536\n", LAYOUT_PANELS, "machine: x; y / : / :");
    /* Counters and metrics never tell apart. */
    expect_refusal("trace,walks,walk_ratio\nt,1,0.1\nu,1,0.1\nt,2,0.2\n", LAYOUT_PANELS,
                   "t.csv:4: the same configuration and trace as line 2");
    expect_refusal("trace,page_size,a.n\nt,1,1\nu,2,2\nu,2,2\n", LAYOUT_PANELS, "t.csv:4: the same configuration");
    expect_refusal("walks\n1\n1\n", LAYOUT_BARS, "t.csv:3: the same configuration and trace as line 2");
}

static void test_keys_in_step(void **state)
{
    (void)state;
    expect_layout("tlb.l2.any.entries,tlb.l2.any.ways,tlb.l1d.any.ways,a.policy\n"
                  "64,4,x,lru\n1536,12,y,lru\n64,4,x,fifo\n1536,12,y,fifo\n",
                  LAYOUT_PANELS,
                  "tlb.l2.any.entries, ways, tlb.l1d.any.ways#: 64, 4, x; 1536, 12, y / a.policy: lru; fifo / :");
    /* Numbers lead. */
    expect_layout("a.policy,a.entries\nlru,64\nfifo,8\n", LAYOUT_PANELS,
                  "a.entries, policy#: 8, fifo; 64, lru / : / :");
    /* Traces stay what they are. */
    expect_layout("trace,a.n\nt,1\nu,2\n", LAYOUT_PANELS, "a.n#: 1; 2 / trace: t; u / :");
}

static void test_names(void **state)
{
    (void)state;
    expect_layout("trace\nruns/spec/mcf.trace.zst\nruns/spec/lbm.trace.zst\n", LAYOUT_PANELS,
                  "trace: mcf; lbm / : / :");
    expect_layout("trace\nruns/a/x.zst\nruns/b/x.zst\n", LAYOUT_PANELS, "trace: a/x; b/x / : / :");
    expect_layout("trace\na.zst\nb.xz\n", LAYOUT_PANELS, "trace: a.zst; b.xz / : / :");
    expect_layout("trace\n.zst\na.zst\n", LAYOUT_PANELS, "trace: .zst; a.zst / : / :");
    expect_layout("trace\na\na/b\n", LAYOUT_PANELS, "trace: a; a/b / : / :");
    struct results *results = table("machine,trace,page_size\nm,runs/mcf.zst,4096\nn,runs/mcf.zst,4096\n");
    char *trace = layout_common(results, "trace");
    char *page_size = layout_common(results, "page_size");
    assert_string_equal(trace, "mcf.zst");
    assert_string_equal(page_size, "4K");
    assert_null(layout_common(results, "machine"));
    assert_null(layout_common(results, "seed"));
    free(trace);
    free(page_size);
    results_free(results);
}

/* A table of all combinations: counts[i] values of column i, each its number. */
static char *product(const char *header, const size_t *counts, size_t columns)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fprintf(out, "%s\n", header);
    size_t rows = 1;
    for (size_t i = 0; i < columns; i++)
        rows *= counts[i];
    for (size_t row = 0; row < rows; row++) {
        size_t rest = row;
        for (size_t i = 0; i < columns; i++) {
            fprintf(out, "%s%zu", i > 0 ? "," : "", rest % counts[i] + 1);
            rest /= counts[i];
        }
        fputc('\n', out);
    }
    fclose(out);
    return text;
}

static void expect_product(const char *header, const size_t counts[3], enum layout_shape shape, const char *expected)
{
    char *text = product(header, counts, 3);
    expect_layout(text, shape, expected);
    free(text);
}

static void test_panels(void **state)
{
    (void)state;
    expect_product("a.n,trace,b.n", (size_t[]){3, 2, 2}, LAYOUT_PANELS, "a.n#: 1; 2; 3 / b.n#: 1; 2 / trace: 1; 2");
    expect_product("a.n,machine,trace", (size_t[]){3, 2, 3}, LAYOUT_PANELS,
                   "a.n#: 1; 2; 3 / machine: 1; 2 / trace: 1; 2; 3");
    expect_product("a.n,b.n,c.n", (size_t[]){3, 3, 2}, LAYOUT_PANELS,
                   "a.n#: 1; 2; 3 / b.n#: 1; 2; 3 / c.n#: c.n = 1; c.n = 2");
    expect_product("a.n,b.x,b.y", (size_t[]){2, 2, 2}, LAYOUT_BARS, "a.n#: 1; 2 / b.x, y: 1, 1; 1, 2; 2, 1; 2, 2 / :");
    expect_product("a.n,b.n,trace", (size_t[]){2, 3, 2}, LAYOUT_GRID, "a.n#: 1; 2 / b.n#: 1; 2; 3 / trace: 1; 2");
    expect_product("a.n,os.page_size,trace", (size_t[]){3, 2, 1}, LAYOUT_PAGES, "page size#: 1; 2 / a.n#: 1; 2; 3 / :");
    /* Traces that are too many for panels stay series. */
    expect_product("trace,a.n,b.n", (size_t[]){13, 2, 2}, LAYOUT_PANELS,
                   "a.n#: 1; 2 / trace: 1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; 13 / b.n#: b.n = 1; b.n = 2");
}

static void expect_product_refusal(const char *header, const size_t counts[3], enum layout_shape shape,
                                   const char *expected)
{
    char *text = product(header, counts, 3);
    expect_refusal(text, shape, expected);
    free(text);
}

static void test_too_many(void **state)
{
    (void)state;
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){3, 25, 1}, LAYOUT_PANELS,
                           "25 lines in a panel (b.n), and at most 24");
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){3, 5, 5}, LAYOUT_OVERLAY, "25 lines in a panel (b.n, c.n)");
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){3, 41, 1}, LAYOUT_BARS,
                           "123 rows make as many bars, and at most 120");
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){41, 2, 1}, LAYOUT_GRID, "41 cells in a row (a.n), and at most 40");
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){2, 2, 13}, LAYOUT_GRID, "13 panels (c.n), and at most 12");
    expect_product_refusal("trace,b.n,c.n", (size_t[]){61, 1, 1}, LAYOUT_PANELS,
                           "61 names along x (trace), and at most 60");
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){3, 1, 1}, LAYOUT_GRID, "and only one does; sweep another key");
    expect_product_refusal("a.n,b.n,c.n", (size_t[]){3, 2, 1}, LAYOUT_PAGES, "the page size does not vary; sweep it");
}

static void test_order(void **state)
{
    (void)state;
    struct err err;
    struct results *results = table("trace,a.n,b.p\nt,16,x\nu,8,y\nt,8,y\nt,8,x\nu,16,x\n");
    struct layout *layout = layout_make(results, LAYOUT_PANELS, &err);
    assert_non_null(layout);
    assert_string_equal(flat(layout), "a.n#: 8; 16 / b.p: x; y / trace: t; u");
    static const size_t expected[] = {3, 0, 2, 4, 1};
    assert_memory_equal(layout->order, expected, sizeof expected);
    layout_free(layout);
    layout_free(NULL);
    results_free(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_sizes_ascend),
        cmocka_unit_test(test_choice_of_x),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_served),
        cmocka_unit_test(test_nothing_varies),
        cmocka_unit_test(test_what_tells_rows_apart),
        cmocka_unit_test(test_keys_in_step),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_panels),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, testing_enter, testing_leave);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Real traces against counts that independent programs agree on, where the reference data stands beside the project:
 * every counter of every machine, all machines of a trace in one plan.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/plan.h"
#include "model/units.h"
#include "traces/reader.h"

#define REFERENCE "../shared/"

enum { CONFIGURATIONS_MAX = 128, FIELDS = 7 };

struct cases {
    size_t count;
    struct configuration configuration[CONFIGURATIONS_MAX];
    char label[CONFIGURATIONS_MAX][64];
};

static void add_case(struct cases *cases, const char *label, const char *path, const char *page_size, enum kinds only)
{
    struct err err;
    assert_in_range(cases->count, 0, CONFIGURATIONS_MAX - 1);
    struct machine_text *text = machine_text_read(path, &err);
    assert_non_null(text);
    if (!machine_text_set(text, "os.page_size", page_size, "test", &err))
        fail_msg("%s", err.text);
    struct configuration *configuration = &cases->configuration[cases->count];
    *configuration = (struct configuration){.only = only, .seed = 1};
    if (!machine_resolve(text, &configuration->machine, &err))
        fail_msg("%s", err.text);
    configuration->machine.source = "";
    snprintf(cases->label[cases->count++], sizeof cases->label[0], "%s", label);
    machine_text_free(text);
}

/* The first `lines` lines of a trace through all cases. */
static struct plan *run(const char *trace, uint64_t lines, const struct cases *cases)
{
    struct err err;
    char path[128];
    snprintf(path, sizeof path, REFERENCE "traces/%s.trace.zst", trace);
    static struct block block;
    struct reader *reader = reader_open(path, NULL, &err);
    assert_non_null(reader);
    struct plan *plan = plan_create(cases->configuration, cases->count, &err);
    assert_non_null(plan);
    bool more = true;
    while (more) {
        if (!reader_next(reader, &block, &err))
            fail_msg("%s", err.text);
        more = block.count > 0 && block_line(&block, block.count - 1) < lines;
        while (block.count > 0 && block_line(&block, block.count - 1) > lines)
            block.count--;
        block_summarise(&block);
        if (block.count > 0 && !plan_block(plan, &block, &err))
            fail_msg("%s", err.text);
    }
    reader_close(reader);
    return plan;
}

/* Splits a line of the expected files, which quote nothing, in place. */
static int split(char *line, char *field[], int room)
{
    int count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *p = line; p != NULL && count < room; count++)
        field[count] = strsep(&p, ",");
    return count;
}

static void test_machines(void **state)
{
    (void)state;
    FILE *file = fopen(REFERENCE "traces/expected_machines.csv", "r");
    if (file == NULL)
        skip();
    static const char *const traces[] = {"ls", "awk", "bfs"};
    for (size_t t = 0; t < sizeof traces / sizeof traces[0]; t++) {
        static struct cases cases;
        cases.count = 0;
        struct plan *plan = NULL;
        size_t compared = 0;
        char line[256];
        char *field[FIELDS];
        for (int pass = 0; pass < 2; pass++) {
            rewind(file);
            assert_non_null(fgets(line, sizeof line, file));
            while (fgets(line, sizeof line, file) != NULL) {
                assert_int_equal(split(line, field, FIELDS), FIELDS);
                if (strcmp(field[0], traces[t]) != 0)
                    continue;
                char label[64];
                snprintf(label, sizeof label, "%s %s", field[2], field[3]);
                size_t c = 0;
                while (c < cases.count && strcmp(cases.label[c], label) != 0)
                    c++;
                if (pass == 0 && c == cases.count) {
                    char path[128];
                    snprintf(path, sizeof path, REFERENCE "machines/cases/%s.ini", field[2]);
                    assert_string_equal(field[1], "1000000");
                    assert_string_equal(field[4], "all");
                    add_case(&cases, label, path, field[3], KINDS_ALL);
                }
                if (pass == 0)
                    continue;
                struct counters counters;
                plan_counters(plan, c, &counters);
                const uint64_t *value = counter_named(&counters, field[5]);
                assert_non_null(value);
                const uint64_t expected = strtoull(field[6], NULL, 10);
                if (*value != expected)
                    print_error("%s on %s: %s is %" PRIu64 ", expected %" PRIu64 "\n", label, field[0], field[5],
                                *value, expected);
                assert_int_equal(*value, expected);
                compared++;
            }
            if (pass == 0)
                plan = run(traces[t], 1000000, &cases);
        }
        assert_true(compared > 1000);
        plan_free(plan);
    }
    fclose(file);
}

/* One fully associative array, or the two levels of reference.ini, at three page sizes: data accesses of whole traces.
 */
static void test_arrays(void **state)
{
    (void)state;
    FILE *file = fopen(REFERENCE "traces/expected.csv", "r");
    if (file == NULL)
        skip();
    enum { COLUMNS = 10 };
    static const char *const traces[] = {"ls", "awk", "bfs"};
    char line[256];
    char *field[COLUMNS];
    for (size_t t = 0; t < sizeof traces / sizeof traces[0]; t++) {
        static struct cases cases;
        static uint64_t expected[CONFIGURATIONS_MAX][3]; /* page_crossings, lookups, misses */
        cases.count = 0;
        rewind(file);
        assert_non_null(fgets(line, sizeof line, file));
        while (fgets(line, sizeof line, file) != NULL) {
            assert_int_equal(split(line, field, COLUMNS), COLUMNS);
            if (strcmp(field[0], traces[t]) != 0)
                continue;
            for (int i = 0; i < 3; i++)
                expected[cases.count][i] = strtoull(field[7 + i], NULL, 10);
            add_case(&cases, field[1], REFERENCE "machines/reference.ini", field[2], KINDS_DATA);
            struct machine *machine = &cases.configuration[cases.count - 1].machine;
            if (strncmp(field[1], "fa", 2) == 0) {
                const uint32_t entries = (uint32_t)strtoul(field[3], NULL, 10);
                machine->array_count = 1;
                machine->array[0].geometry = (struct geometry){entries, 1, entries};
            }
        }
        assert_true(cases.count > 5);
        struct plan *plan = run(traces[t], UINT64_MAX, &cases);
        for (size_t c = 0; c < cases.count; c++) {
            struct counters counters;
            plan_counters(plan, c, &counters);
            const bool second = strncmp(cases.label[c], "l2", 2) == 0;
            const uint64_t lookups = second ? counters.l2_hits + counters.l2_misses : counters.lookups;
            assert_int_equal(counters.page_crossings, expected[c][0]);
            assert_int_equal(lookups, expected[c][1]);
            assert_int_equal(second ? counters.l2_misses : counters.l1d_misses, expected[c][2]);
        }
        plan_free(plan);
    }
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_machines),
        cmocka_unit_test(test_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

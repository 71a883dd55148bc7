/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is written is compared with printf's text, after the formats' own programs have decompressed it.
 */
#include "traces/writer.h"

#include "model/random.h"
#include "traces/extras.h"
#include "traces/reader.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCKS = 5, TEXT_BYTES = BLOCKS * BLOCK_ACCESSES * 26 + 1 };

static char directory[] = "/tmp/writer_test.XXXXXX";
static struct err err;
static struct block blocks[BLOCKS];
static char text[TEXT_BYTES];
static size_t text_bytes;

struct suffix {
    const char *name;
    const char *decompress;
};

static const struct suffix suffixes[] = {
    {"trace", "cat"},           {"trace.gz", "gzip -dc"},   {"trace.xz", "xz -dc"},
    {"trace.zst", "zstd -qdc"}, {"trace.bz2", "bzip2 -dc"}, {"trace.lz4", "lz4 -qdc"},
};

enum { SUFFIXES = sizeof suffixes / sizeof *suffixes };

static uint64_t random_state = 1;

static uint64_t draw(uint64_t below)
{
    return random_below(&random_state, (uint32_t)below);
}

static int set_up(void **state)
{
    (void)state;
    static const char *const forms[] = {"I  %08lx,%lu\n", " L %08lx,%lu\n", " S %08lx,%lu\n", " M %08lx,%lu\n"};
    static const uint32_t sizes[] = {1, 9, 10, 99, 100, 999, 1000, 4095, 4096};
    for (int b = 0; b < BLOCKS; b++) {
        blocks[b].count = b == 2 ? 1 : BLOCK_ACCESSES;
        for (uint32_t i = 0; i < blocks[b].count; i++) {
            const uint32_t size_bytes = i < 9 ? sizes[i] : 1 + (uint32_t)draw(i % 2 == 0 ? 16 : ACCESS_SIZE_MAX);
            const uint64_t any = draw(1 << 20) << 44 | draw(1 << 20) << 24 | draw(1 << 24);
            const uint64_t va = i < 64 ? (1ULL << i) - (i % 2) : any >> draw(64);
            const enum access_kind kind = (enum access_kind)(i % 4);
            blocks[b].va[i] = va > UINT64_MAX - 4096 ? 0 : va;
            blocks[b].meta[i] = access_meta(kind, size_bytes);
            text_bytes += (size_t)sprintf(text + text_bytes, forms[kind], (unsigned long)blocks[b].va[i],
                                          (unsigned long)size_bytes);
        }
    }
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0;
}

static struct writer *open_new(const char *path)
{
    unlink(path); /* emptying a file and writing it again makes ext4 wait for the disk */
    struct writer *writer = writer_open(path, &err);
    if (writer == NULL)
        fail_msg("%s", err.text);
    return writer;
}

static void expect_text(const struct suffix *suffix, const char *expected, size_t expected_bytes)
{
    char command[64];
    char *got = malloc(expected_bytes + 1);
    assert_non_null(got);
    snprintf(command, sizeof command, "%s < %s", suffix->decompress, suffix->name);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    assert_int_equal(fread(got, 1, expected_bytes + 1, output), expected_bytes);
    assert_int_equal(pclose(output), 0);
    assert_memory_equal(got, expected, expected_bytes);
    free(got);
}

static void blocks_become_lackeys_text(void **state)
{
    (void)state;
    static struct block got;
    for (const struct suffix *suffix = suffixes; suffix < suffixes + SUFFIXES; suffix++) {
        struct writer *writer = open_new(suffix->name);
        for (int b = 0; b < BLOCKS; b++)
            assert_true(writer_block(writer, &blocks[b], NULL, &err));
        assert_true(writer_close(writer, &err));
        expect_text(suffix, text, text_bytes);

        /* And back, whether or not blocks are cut as they were. */
        struct reader *reader = reader_open(suffix->name, NULL, &err);
        assert_non_null(reader);
        uint64_t records = 0;
        for (int b = 0; b < BLOCKS; b++) {
            for (uint32_t i = 0; i < blocks[b].count; i++, records++) {
                if (records % BLOCK_ACCESSES == 0)
                    assert_true(reader_next(reader, &got, &err));
                assert_int_equal(got.va[records % BLOCK_ACCESSES], blocks[b].va[i]);
                assert_int_equal(got.meta[records % BLOCK_ACCESSES], blocks[b].meta[i]);
            }
        }
        assert_int_equal(reader_facts(reader)->records, records);
        assert_int_equal(reader_facts(reader)->unknown_lines, 0);
        reader_close(reader);
    }
}

static void nothing_is_an_empty_file(void **state)
{
    (void)state;
    for (const struct suffix *suffix = suffixes; suffix < suffixes + SUFFIXES; suffix++) {
        struct writer *writer = open_new(suffix->name);
        assert_true(writer_close(writer, &err));
        struct stat status;
        assert_int_equal(stat(suffix->name, &status), 0);
        assert_int_equal(status.st_size, 0);
    }
}

static void no_time_is_written(void **state)
{
    (void)state;
    struct writer *writer = open_new("trace.gz");
    assert_true(writer_block(writer, &blocks[0], NULL, &err));
    assert_true(writer_close(writer, &err));
    char header[8];
    const int fd = open("trace.gz", O_RDONLY);
    assert_int_equal(read(fd, header, sizeof header), sizeof header);
    close(fd);
    assert_memory_equal(header + 4, "\0\0\0\0", 4);
}

static void standard_output_is_written(void **state)
{
    (void)state;
    const struct suffix plain = {"output", "cat"};
    fflush(stdout);
    const int standard_output = dup(STDOUT_FILENO);
    const int fd = open(plain.name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDOUT_FILENO);
    close(fd);
    struct writer *writer = writer_open("-", &err);
    const bool opened = writer != NULL;
    bool good = opened;
    for (int b = 0; b < BLOCKS && good; b++)
        good = writer_block(writer, &blocks[b], NULL, &err);
    const bool closed = opened && writer_close(writer, &err);
    const bool still_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    close(STDOUT_FILENO);
    struct writer *none = writer_open("-", &err);
    dup2(standard_output, STDOUT_FILENO);
    close(standard_output);
    assert_true(opened && good && closed && still_open);
    expect_text(&plain, text, text_bytes);
    assert_null(none);
    assert_non_null(strstr(err.text, "standard output: cannot be written: Bad file descriptor"));
}

/* However little is written: 1 block stays in buffers until the end. */
static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    for (const struct suffix *suffix = suffixes; suffix < suffixes + SUFFIXES; suffix++) {
        unlink(suffix->name);
        assert_int_equal(symlink("/dev/full", suffix->name), 0);
        for (int count = 1; count <= 40; count += 39) {
            struct writer *writer = writer_open(suffix->name, &err);
            bool good = writer != NULL;
            for (int i = 0; i < count && good; i++)
                good = writer_block(writer, &blocks[0], NULL, &err);
            struct err later = {.text = "as it was"};
            if (writer != NULL && !writer_close(writer, &later)) {
                assert_true(good == (strcmp(later.text, "as it was") != 0));
                if (good)
                    err = later;
                good = false;
            }
            assert_false(good);
            assert_non_null(strstr(err.text, suffix->name));
            assert_non_null(strstr(err.text, "No space left on device"));
        }
        unlink(suffix->name);
    }
}

static const char *const native_names[] = {"trace.pwt",     "trace.pwt.gz",  "trace.pwt.xz",
                                           "trace.pwt.zst", "trace.pwt.bz2", "trace.pwt.lz4"};

/* The suffix chooses it, compressed or not, and what stands beside the accesses is not left out. */
static void native_traces_are_written_by_their_suffix(void **state)
{
    (void)state;
    static struct block got;
    const struct event event = {.position = 3, .kind = EVENT_BRK, .address = 7};
    const struct extras extras = {.event_count = 1, .event = &event, .pc = blocks[0].va};
    json_t *metadata = json_pack("{s:s}", "command", "ls");
    for (size_t n = 0; n < sizeof native_names / sizeof *native_names; n++) {
        struct writer *writer = open_new(native_names[n]);
        writer_describe(writer, metadata);
        assert_true(writer_block(writer, &blocks[0], &extras, &err));
        assert_true(writer_block(writer, &blocks[1], NULL, &err));
        assert_true(writer_end(writer, &err));
        assert_int_equal(writer_left_out(writer)->events + writer_left_out(writer)->pcs, 0);
        assert_true(writer_close(writer, &err));

        struct reader *reader = reader_open(native_names[n], NULL, &err);
        assert_non_null(reader);
        for (int b = 0; b < 2; b++) {
            assert_true(reader_next(reader, &got, &err));
            const struct extras *beside = reader_extras(reader);
            assert_true(json_equal(reader_metadata(reader), metadata));
            assert_int_equal(got.count, BLOCK_ACCESSES);
            assert_memory_equal(got.va, blocks[b].va, sizeof got.va);
            assert_memory_equal(got.meta, blocks[b].meta, sizeof got.meta);
            assert_int_equal(beside->event_count, b == 0);
            assert_true((beside->pc != NULL) == (b == 0));
            if (b == 0) {
                assert_memory_equal(beside->event, &event, sizeof event);
                assert_memory_equal(beside->pc, blocks[0].va, sizeof got.va);
            }
        }
        assert_true(reader_next(reader, &got, &err));
        assert_int_equal(got.count, 0);
        reader_close(reader);
    }
    json_decref(metadata);
}

static void what_text_has_no_place_for_is_counted(void **state)
{
    (void)state;
    static uint32_t data_end[BLOCK_ACCESSES];
    const struct event event[2] = {{.kind = EVENT_THREAD, .id = 1}, {.position = 1, .kind = EVENT_BRK}};
    const struct extras extras = {.event_count = 2, .event = event, .pc = blocks[2].va, .data_end = data_end};
    data_end[0] = 17;
    struct writer *writer = open_new("trace");
    assert_true(writer_block(writer, &blocks[2], &extras, &err));
    assert_true(writer_block(writer, &blocks[2], &extras, &err));
    assert_true(writer_block(writer, &blocks[2], NULL, &err));
    assert_true(writer_end(writer, &err));
    assert_int_equal(writer_left_out(writer)->events, 4);
    assert_int_equal(writer_left_out(writer)->pcs, 2);
    assert_int_equal(writer_left_out(writer)->data_bytes, 34);
    assert_true(writer_close(writer, &err));
}

/* A disk that is full after a few megabytes, as the limit of a file's size makes it. */
static void what_a_full_disk_lets_stand_reads_back(void **state)
{
    (void)state;
    enum { FULL_BYTES = 4 << 20, MOST_BLOCKS = 2000 };
    static struct block got;
    static struct block block;
    struct rlimit was;
    uint32_t written = 0;
    uint64_t noise = 1;
    getrlimit(RLIMIT_FSIZE, &was);
    signal(SIGXFSZ, SIG_IGN);
    struct writer *writer = open_new("full.pwt");
    const struct rlimit limit = {FULL_BYTES, was.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    bool good = true;
    for (; good && written < MOST_BLOCKS; written++) {
        block = blocks[0];
        for (uint32_t i = 0; i < BLOCK_ACCESSES; i++) /* noise, which nothing packs */
            block.va[i] = (noise = noise * UINT64_C(6364136223846793005) + 1) >> 32;
        good = writer_block(writer, &block, NULL, &err);
    }
    assert_false(writer_end(writer, &err));
    setrlimit(RLIMIT_FSIZE, &was);
    const uint64_t kept = writer_kept_records(writer);
    writer_close(writer, &err);
    assert_false(good);
    assert_non_null(strstr(err.text, "full.pwt: cannot be written beyond byte 4194304: File too large"));
    assert_true(kept > 0 && kept < (uint64_t)written * BLOCK_ACCESSES);

    struct reader *reader = reader_open("full.pwt", NULL, &err);
    assert_non_null(reader);
    reader_keep_going(reader);
    do {
        assert_true(reader_next(reader, &got, &err));
        for (uint32_t i = 0; i < got.count; i++)
            assert_int_equal(got.meta[i], blocks[0].meta[(got.first_record - 1 + i) % BLOCK_ACCESSES]);
    } while (got.count > 0);
    assert_int_equal(reader_facts(reader)->records, kept);
    assert_true(reader_facts(reader)->cut);
    reader_close(reader);
}

static void what_cannot_be_opened_is_told(void **state)
{
    (void)state;
    assert_null(writer_open("missing/trace.zst", &err));
    assert_non_null(strstr(err.text, "missing/trace.zst: cannot be written: No such file or directory"));
    assert_null(writer_open(".", &err));
    assert_non_null(strstr(err.text, "Is a directory"));
}

static void a_text_takes_one_process(void **state)
{
    (void)state;
    static const struct event processes[] = {{.kind = EVENT_PROCESS, .id = 7},
                                             {.kind = EVENT_MMAP},
                                             {.kind = EVENT_PROCESS, .id = 7},
                                             {.kind = EVENT_PROCESS, .id = 1}};
    for (uint32_t count = 0; count <= 4; count++) {
        const struct extras extras = {.event = processes, .event_count = count};
        struct writer *writer = open_new("processes.trace");
        const bool good = writer_block(writer, &blocks[2], &extras, &err);
        assert_int_equal(writer_close(writer, &err), good);
        assert_int_equal(good, count < 4);
    }
    assert_non_null(strstr(err.text, "processes.trace: Lackey text cannot say which process an access is of"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_become_lackeys_text),
        cmocka_unit_test(nothing_is_an_empty_file),
        cmocka_unit_test(no_time_is_written),
        cmocka_unit_test(standard_output_is_written),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(what_cannot_be_opened_is_told),
        cmocka_unit_test(a_text_takes_one_process),
        cmocka_unit_test(native_traces_are_written_by_their_suffix),
        cmocka_unit_test(what_text_has_no_place_for_is_counted),
        cmocka_unit_test(what_a_full_disk_lets_stand_reads_back),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compressed data comes from the formats' own programs, not from the library that reads it.
 */
#include "model/random.h"
#include "traces/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

enum { LONG_BYTES = 300000, SHORT_BYTES = 100, FILE_BYTES = 1 << 20 };

static char directory[] = "/tmp/input_test.XXXXXX";
static struct err err;

/* What the test reads back; trace-like, so that it takes several blocks of each format when compressed. */
static char text[LONG_BYTES];

struct tool {
    const char *name;
    const char *command;
    const char *behind;  /* what is said of something else behind its data */
    const char *padding; /* what the format allows there */
    size_t padding_bytes;
};

static const struct tool tools[] = {
    {"gzip", "gzip -nc", "is followed by something else", "\0\0\0\0\0", 5},
    {"xz", "xz -0c", "is damaged", "\0\0\0\0", 4},
    {"zstd", "zstd -qc", "is damaged", "", 0},
    {"bzip2", "bzip2 -1c", "is followed by something else", "", 0},
    {"lz4", "lz4 -qcB4", "is followed by something else", "", 0},
    {"lz4", "lz4 -qcB4BD", "is followed by something else", "", 0},
    {"lz4", "lz4 -qc --no-frame-crc", "is followed by something else", "", 0},
    {"zstd", "zstd -qc --no-check", "is damaged", "", 0},
};

enum { TOOLS = sizeof tools / sizeof *tools };

static uint64_t random_state = 1;

static uint64_t draw(uint64_t below)
{
    return random_below(&random_state, (uint32_t)below);
}

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < LONG_BYTES; i++)
        text[i] = "0123456789abcdef\n"[i % 14 == 13 ? 16 : draw(16)];
    text[0] = 'B'; /* as bzip2's magic number: who has read no more must wait */
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0;
}

static void write_file(const char *name, const void *bytes, size_t size_bytes)
{
    unlink(name); /* emptying a file and writing it again makes ext4 wait for the disk */
    const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size_bytes), size_bytes);
    close(fd);
}

static size_t read_file(const char *name, char bytes[FILE_BYTES])
{
    const int fd = open(name, O_RDONLY);
    assert_true(fd >= 0);
    const ssize_t got_bytes = read(fd, bytes, FILE_BYTES);
    assert_in_range(got_bytes, 0, FILE_BYTES - 1);
    close(fd);
    return (size_t)got_bytes;
}

/* The first bytes of the text, compressed. */
static size_t compress_text(const struct tool *tool, size_t text_bytes, char bytes[FILE_BYTES])
{
    char command[128];
    write_file("text", text, text_bytes);
    snprintf(command, sizeof command, "%s < text > compressed", tool->command);
    assert_int_equal(system(command), 0);
    return read_file("compressed", bytes);
}

/* Reads all of it, leaves some of each chunk for the next, and compares with the text, again and again from its start.
 * False with err, which names the file. */
static bool read_back(const char *path, size_t text_bytes, size_t *got_bytes)
{
    struct input_chunk chunk;
    struct input *input = input_open(path, &err);
    size_t taken_bytes = 0;
    size_t at = 0;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    bool good = input != NULL;
    while (good) {
        good = input_next(input, taken_bytes, &chunk, &err);
        if (!good)
            break;
        assert_true(at > 0 || chunk.last || chunk.size_bytes >= INPUT_HEAD_BYTES);
        for (size_t i = 0; i < chunk.size_bytes;) {
            const size_t text_at = (at + i) % text_bytes;
            const size_t rest_bytes = chunk.size_bytes - i;
            const size_t run_bytes = rest_bytes < text_bytes - text_at ? rest_bytes : text_bytes - text_at;
            assert_memory_equal(chunk.bytes + i, text + text_at, run_bytes);
            i += run_bytes;
        }
        assert_int_equal(input_total_bytes(input), at + chunk.size_bytes);
        if (chunk.last)
            break;
        const uint64_t left_bytes = draw(4) == 0 ? INPUT_CARRY_BYTES : draw(20);
        taken_bytes = left_bytes < chunk.size_bytes ? chunk.size_bytes - left_bytes : 0;
        at += taken_bytes;
    }
    if (good) {
        *got_bytes = at + chunk.size_bytes;
        if (*got_bytes == text_bytes)
            assert_int_equal(input_hash(input), XXH3_64bits(text, text_bytes));
        assert_int_equal(input_total_bytes(input), *got_bytes);
    } else if (strncmp(err.text, name, strlen(name)) != 0) {
        fail_msg("%s is not named: %s", name, err.text);
    }
    input_close(input);
    return good;
}

static void expect_whole(const char *path, size_t text_bytes, size_t expected_bytes)
{
    size_t got_bytes = 0;
    if (!read_back(path, text_bytes, &got_bytes))
        fail_msg("%s", err.text);
    assert_int_equal(got_bytes, expected_bytes);
}

static void expect_error(const char *path, size_t text_bytes, const char *part)
{
    size_t got_bytes;
    if (read_back(path, text_bytes, &got_bytes))
        fail_msg("%s was taken for whole, of %zu bytes; expected: %s", path, got_bytes, part);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.text, part);
}

static void plain_files_are_read(void **state)
{
    (void)state;
    for (size_t text_bytes = 4; text_bytes < LONG_BYTES; text_bytes = text_bytes * 3 + 1) {
        write_file("plain", text, text_bytes);
        expect_whole("plain", text_bytes, text_bytes);
    }
}

static void pads_are_readable(void **state)
{
    (void)state;
    /* So long that chunks fill their buffer. */
    static char long_text[3 * LONG_BYTES];
    write_file("plain", long_text, sizeof long_text);
    struct input *input = input_open("plain", &err);
    assert_non_null(input);
    struct input_chunk chunk = {0};
    volatile char sum = 0;
    do {
        const size_t left_bytes = chunk.size_bytes < INPUT_CARRY_BYTES ? chunk.size_bytes : INPUT_CARRY_BYTES;
        assert_true(input_next(input, chunk.size_bytes - left_bytes, &chunk, &err));
        for (ptrdiff_t i = 1; i <= INPUT_PAD_BYTES; i++)
            sum = (char)(sum ^ chunk.bytes[-i] ^ chunk.bytes[(ptrdiff_t)chunk.size_bytes + i - 1]);
    } while (!chunk.last);
    input_close(input);
}

/* A child writes a file into a descriptor: one byte, a pause, and the rest in pieces. */
static pid_t start_writer(const char *fifo, int fd, const char *bytes, size_t size_bytes, size_t piece_bytes)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    if (fifo != NULL)
        fd = open(fifo, O_WRONLY);
    if (write(fd, bytes, 1) < 0)
        _exit(1);
    usleep(5000);
    for (size_t at = 1; at < size_bytes; at += piece_bytes)
        if (write(fd, bytes + at, size_bytes - at < piece_bytes ? size_bytes - at : piece_bytes) < 0)
            _exit(1);
    _exit(0);
}

static void wait_for(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void pipes_are_read(void **state)
{
    (void)state;
    static char bytes[FILE_BYTES];
    assert_int_equal(mkfifo("fifo", 0600), 0);
    for (size_t i = 0; i <= TOOLS; i++) {
        const size_t text_bytes = 20000;
        size_t size_bytes = text_bytes;
        if (i < TOOLS)
            size_bytes = compress_text(&tools[i], text_bytes, bytes);
        else
            memcpy(bytes, text, text_bytes);

        pid_t child = start_writer("fifo", -1, bytes, size_bytes, 100);
        expect_whole("fifo", text_bytes, text_bytes);
        wait_for(child);

        int ends[2];
        const int standard_input = dup(STDIN_FILENO);
        assert_int_equal(pipe(ends), 0);
        child = start_writer(NULL, ends[1], bytes, size_bytes, 3);
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        expect_whole("-", text_bytes, text_bytes);
        dup2(standard_input, STDIN_FILENO);
        close(standard_input);
        wait_for(child);
    }
}

static void compressed_files_are_read(void **state)
{
    (void)state;
    static char bytes[FILE_BYTES];
    static char twice[2 * FILE_BYTES];
    for (const struct tool *tool = tools; tool < tools + TOOLS; tool++) {
        const size_t size_bytes = compress_text(tool, LONG_BYTES, bytes);
        expect_whole("compressed", LONG_BYTES, LONG_BYTES);

        /* One behind the other, as cat makes them, and with what the format allows behind. */
        memcpy(twice, bytes, size_bytes);
        memcpy(twice + size_bytes, bytes, size_bytes);
        memcpy(twice + 2 * size_bytes, tool->padding, tool->padding_bytes);
        write_file("twice", twice, 2 * size_bytes + tool->padding_bytes);
        expect_whole("twice", LONG_BYTES, 2UL * LONG_BYTES);

        compress_text(tool, SHORT_BYTES, bytes);
        expect_whole("compressed", SHORT_BYTES, SHORT_BYTES);
    }
}

static void cut_files_are_never_whole(void **state)
{
    (void)state;
    static char bytes[FILE_BYTES];
    for (const struct tool *tool = tools; tool < tools + TOOLS; tool++) {
        /* Everywhere in a short one, and between two short ones; here and there, and near both ends, in a long one. */
        size_t size_bytes = compress_text(tool, SHORT_BYTES, bytes);
        memcpy(bytes + size_bytes, bytes, size_bytes);
        for (size_t cut = 1; cut < 2 * size_bytes; cut++) {
            write_file("cut", bytes, cut);
            if (cut == size_bytes)
                expect_whole("cut", SHORT_BYTES, SHORT_BYTES);
            else if (cut < size_bytes)
                expect_error("cut", SHORT_BYTES, "ends early");
            else
                expect_error("cut", SHORT_BYTES, "cut");
        }
        size_bytes = compress_text(tool, LONG_BYTES, bytes);
        for (size_t i = 0; i < 24; i++) {
            write_file("cut", bytes, i < 12 ? size_bytes - 1 - i : 20 + draw(size_bytes - 40));
            expect_error("cut", LONG_BYTES, "ends early");
        }
    }
}

static void what_follows_is_refused(void **state)
{
    (void)state;
    static char bytes[FILE_BYTES];
    static const char text_behind[] = "I  04001000,3\n";
    static const unsigned char skippable[] = {0x50, 0x2a, 0x4d, 0x18, 100, 0, 0, 0, 'x'};
    for (const struct tool *tool = tools; tool < tools + TOOLS; tool++) {
        const size_t size_bytes = compress_text(tool, SHORT_BYTES, bytes);
        for (size_t garbage_bytes = 1; garbage_bytes < sizeof text_behind; garbage_bytes++) {
            memcpy(bytes + size_bytes, text_behind, garbage_bytes);
            write_file("followed", bytes, size_bytes + garbage_bytes);
            expect_error("followed", SHORT_BYTES, tool->name);
        }
        expect_error("followed", SHORT_BYTES, tool->behind);
        for (size_t zero_bytes = 1; zero_bytes < 10; zero_bytes++) {
            memset(bytes + size_bytes, 0, zero_bytes);
            write_file("followed", bytes, size_bytes + zero_bytes);
            if (strcmp(tool->name, "gzip") == 0 || (strcmp(tool->name, "xz") == 0 && zero_bytes % 4 == 0))
                expect_whole("followed", SHORT_BYTES, SHORT_BYTES);
            else
                expect_error("followed", SHORT_BYTES, tool->name);
        }
        memcpy(bytes + size_bytes, skippable, sizeof skippable);
        write_file("followed", bytes, size_bytes + sizeof skippable);
        expect_error("followed", SHORT_BYTES, tool->name);
    }
}

static void damage_is_found(void **state)
{
    (void)state;
    static char bytes[FILE_BYTES];
    for (const struct tool *tool = tools; tool < tools + 5; tool++) {
        const size_t size_bytes = compress_text(tool, LONG_BYTES, bytes);
        for (size_t i = 0; i < 24; i++) {
            const size_t at = 20 + draw(size_bytes - 30); /* behind header fields that nothing covers */
            const char was = bytes[at];
            bytes[at] = (char)(was ^ 1 << draw(8));
            write_file("damaged", bytes, size_bytes);
            bytes[at] = was;
            /* What was decompressed before the damage was found may differ from the text, so count instead of
             * comparing. */
            struct input_chunk chunk = {0};
            struct input *input = input_open("damaged", &err);
            while (input != NULL && input_next(input, chunk.size_bytes, &chunk, &err) && !chunk.last)
                ;
            if (input != NULL && chunk.last && input_hash(input) != XXH3_64bits(text, LONG_BYTES))
                fail_msg("%s does not notice a flipped bit at %zu of %zu", tool->command, at, size_bytes);
            input_close(input);
        }
    }
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    expect_error("missing", 1, "missing: cannot be opened: No such file or directory; check the path");
    expect_error(".", 1, "is a directory");
    expect_error("/dev/null", 1, "is empty");
    write_file("unreadable", "x", 1);
    chmod("unreadable", 0);
    if (geteuid() != 0)
        expect_error("unreadable", 1, "Permission denied");

    write_file("archive.zip", "PK\3\4", 4);
    expect_error("archive.zip", 1, "is a zip archive, which is not read; give the trace that is in it: unzip -p");

    static char bytes[FILE_BYTES];
    for (const struct tool *tool = tools; tool < tools + TOOLS; tool++) {
        compress_text(tool, 0, bytes);
        expect_error("compressed", 1, "holds nothing");
    }

    const int standard_input = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    expect_error("-", 1, "cannot be read beyond byte 0: Bad file descriptor");
    dup2(standard_input, STDIN_FILENO);
    close(standard_input);
}

static void a_file_may_shrink_while_it_is_read(void **state)
{
    (void)state;
    write_file("shrinking", text, LONG_BYTES);
    struct input *input = input_open("shrinking", &err);
    struct input_chunk chunk;
    assert_non_null(input);
    assert_true(input_next(input, 0, &chunk, &err));
    assert_int_equal(truncate("shrinking", 10), 0);
    assert_true(input_next(input, chunk.size_bytes, &chunk, &err));
    assert_true(chunk.last);
    assert_int_equal(chunk.size_bytes, 0);
    input_close(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_files_are_read),
        cmocka_unit_test(pads_are_readable),
        cmocka_unit_test(pipes_are_read),
        cmocka_unit_test(compressed_files_are_read),
        cmocka_unit_test(cut_files_are_never_whole),
        cmocka_unit_test(what_follows_is_refused),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(a_file_may_shrink_while_it_is_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

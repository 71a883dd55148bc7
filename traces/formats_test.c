/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What holds of every format of the table: its samples (fuzz/corpus/NAME) are recognised as its own and read alike however
 * they are cut; no bytes end the process, whatever becomes of them; and what one format holds, another tells the same of.
 *
 * Mutations are drawn from a fixed seed. `make fuzz` looks for others, for as long as it is let.
 */
#include "model/random.h"
#include "traces/format_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "traces/fuzz/corpus"

enum {
    SAMPLE_BYTES_MOST = 2048,
    SAMPLES_MOST = 64,
    NAME_BYTES = 320,
    MUTATIONS = 600, /* of each sample */
};

struct sample {
    char folder[NAME_BYTES];
    char path[2 * NAME_BYTES];
    size_t size_bytes;
    char bytes[SAMPLE_BYTES_MOST];
};

static struct sample sample[SAMPLES_MOST];
static size_t samples;

static uint64_t random_state = 1;

static uint64_t draw(uint64_t below)
{
    return random_below(&random_state, (uint32_t)below);
}

/* ---- The samples ---- */

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void read_sample(const char *folder, const char *name)
{
    assert_true(samples < SAMPLES_MOST);
    struct sample *it = &sample[samples++];
    snprintf(it->folder, sizeof it->folder, "%s", folder);
    snprintf(it->path, sizeof it->path, CORPUS "/%s/%s", folder, name);
    FILE *file = fopen(it->path, "rb");
    assert_non_null(file);
    it->size_bytes = fread(it->bytes, 1, sizeof it->bytes, file);
    fclose(file);
    assert_in_range(it->size_bytes, 1, sizeof it->bytes - 1);
}

static int read_samples(void **state)
{
    (void)state;
    struct dirent **folder;
    const int folders = scandir(CORPUS, &folder, is_visible, by_name);
    assert_true(folders > 0);
    for (int i = 0; i < folders; i++) {
        char path[NAME_BYTES];
        snprintf(path, sizeof path, CORPUS "/%.255s", folder[i]->d_name);
        struct dirent **file;
        const int files = scandir(path, &file, is_visible, by_name);
        for (int j = 0; j < files; j++) {
            read_sample(folder[i]->d_name, file[j]->d_name);
            free(file[j]);
        }
        free(file);
        free(folder[i]);
    }
    free(folder);
    return 0;
}

/* The format that the sample is of; NULL for a compressed one. */
static const struct trace_format *format_of(const struct sample *it)
{
    return strcmp(it->folder, "compressed") == 0 ? NULL : format_find(it->folder);
}

static void every_format_has_samples(void **state)
{
    (void)state;
    for (const struct trace_format *const *format = reader_formats(); *format != NULL; format++) {
        size_t found = 0;
        for (size_t i = 0; i < samples; i++)
            found += strcmp(sample[i].folder, (*format)->name) == 0;
        if (found == 0)
            fail_msg("%s/%s has no sample", CORPUS, (*format)->name);
    }
}

static void samples_are_recognised_as_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < samples; i++) {
        const struct trace_format *own = format_of(&sample[i]);
        for (const struct trace_format *const *format = reader_formats(); own != NULL && *format != NULL; format++) {
            /* Lackey stands last, and takes any text for its own. */
            const bool any_text = strcmp((*format)->name, "lackey") == 0;
            const bool recognised = (*format)->recognise(sample[i].bytes, sample[i].size_bytes);
            if (recognised != (*format == own) && !(any_text && recognised) && !(any_text && *format == own))
                fail_msg("%s is%s recognised as %s", sample[i].path, recognised ? "" : " not", (*format)->name);
        }
    }
}

static void other_text_goes_to_lackey(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "hello, world\n",
        "gem\n",
        "gem5 is a simulator\n",
        "0x401000: entering main\n",
        "#eof\n",
        "# nothing\n",
        "2\n",
        "2 401000\nand then\n",
        "read 401000 8\n",
        "i 401000\n",
        "401136 T main\n",
        "0000000000401136 T main\n",
        "ffffffff81000000 T _stext\n",
        "              ls 20516 22431.632069:          1 page-faults:  ffffffff817554ea elf_load+0x28a "
        "([kernel.kallsyms])\n",
        "I  04001000,3\n L 1fff0005e0,8\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (const struct trace_format *const *format = reader_formats(); *format != NULL; format++) {
            const bool lackey = strcmp((*format)->name, "lackey") == 0;
            if ((*format)->recognise(texts[i], strlen(texts[i])) && !lackey)
                fail_msg("%s recognises \"%s\"", (*format)->name, texts[i]);
        }
    for (int i = 0; i < 20000; i++) {
        char text[256];
        const size_t size_bytes = 1 + draw(sizeof text);
        for (size_t j = 0; j < size_bytes; j++)
            text[j] = (char)(draw(20) == 0 ? '\n' : ' ' + draw('~' - ' ' + 1));
        for (const struct trace_format *const *format = reader_formats(); strcmp((*format)->name, "lackey") != 0;
             format++)
            if ((*format)->recognise(text, size_bytes))
                fail_msg("%s recognises random text \"%.*s\"", (*format)->name, (int)size_bytes, text);
    }
}

static void samples_read_alike_at_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < samples; i++) {
        const struct sample *it = &sample[i];
        const struct trace_format *format = format_of(it);
        if (format == NULL)
            continue;
        struct format_outcome whole = format_read(format, it->bytes, it->size_bytes, it->size_bytes, 1);
        if (!whole.good)
            fail_msg("%s: %s", it->path, whole.err.text);
        assert_true(whole.records > 0);
        format_try_file(format, it->bytes, it->size_bytes);
        for (size_t first_bytes = 0; first_bytes < it->size_bytes; first_bytes++) {
            struct format_outcome cut =
                format_read(format, it->bytes, it->size_bytes, first_bytes, first_bytes == 0 ? 1 : it->size_bytes);
            const char *difference = format_difference(&whole, &cut);
            if (difference != NULL)
                fail_msg("%s: cut at %zu, %s differs", it->path, first_bytes, difference);
            format_outcome_free(&cut);
        }
        format_outcome_free(&whole);
    }
}

/* ---- Any bytes ---- */

/* A format that a trace was recognised as may be wrong, so that others have to bear it too. */
static void try_all(const struct sample *it, const char *bytes, size_t size_bytes)
{
    const struct trace_format *own = format_of(it);
    if (own != NULL)
        format_try(own, bytes, size_bytes);
    if (own == NULL || draw(16) == 0)
        format_try_file(draw(2) == 0 ? own : NULL, bytes, size_bytes);
    for (const struct trace_format *const *format = reader_formats(); *format != NULL; format++)
        if (draw(16) == 0)
            format_try(*format, bytes, size_bytes);
}

static void cut_samples_are_borne(void **state)
{
    (void)state;
    for (size_t i = 0; i < samples; i++)
        for (size_t size_bytes = 0; size_bytes < sample[i].size_bytes; size_bytes++)
            try_all(&sample[i], sample[i].bytes, size_bytes);
}

/* `bytes` has room for twice the samples'. */
static size_t mutate(char *bytes, size_t size_bytes)
{
    static const unsigned char usual[] = {0, 1, 0x7f, 0x80, 0xff, '\n', ' ', '0', 'f', ':', '#'};
    const size_t at = draw(size_bytes);
    const size_t length = 1 + draw(size_bytes - at);
    switch (draw(size_bytes < SAMPLE_BYTES_MOST ? 6 : 4)) {
    case 0:
        bytes[at] = (char)(bytes[at] ^ 1 << draw(8));
        return size_bytes;
    case 1:
        bytes[at] = (char)usual[draw(sizeof usual)];
        return size_bytes;
    case 2:
        memset(bytes + at, usual[draw(sizeof usual)], length < 8 ? length : 8);
        return size_bytes;
    case 3: /* leave out */
        memmove(bytes + at, bytes + at + length, size_bytes - at - length);
        return size_bytes > length ? size_bytes - length : size_bytes;
    case 4: /* insert */
        memmove(bytes + at + 1, bytes + at, size_bytes - at);
        bytes[at] = (char)draw(256);
        return size_bytes + 1;
    default: /* say twice */
        memmove(bytes + at + length, bytes + at, size_bytes - at);
        return size_bytes + length;
    }
}

static void mutated_samples_are_borne(void **state)
{
    (void)state;
    static char bytes[2 * SAMPLE_BYTES_MOST];
    for (size_t i = 0; i < samples; i++)
        for (int j = 0; j < MUTATIONS; j++) {
            size_t size_bytes = sample[i].size_bytes;
            memcpy(bytes, sample[i].bytes, size_bytes);
            for (uint64_t mutations = 1 + draw(6); mutations > 0; mutations--)
                size_bytes = mutate(bytes, size_bytes);
            try_all(&sample[i], bytes, size_bytes);
        }
}

static void garbage_is_borne(void **state)
{
    (void)state;
    static char bytes[20000];
    for (int i = 0; i < 60; i++) {
        const size_t size_bytes = draw(i % 4 == 0 ? sizeof bytes : 500);
        for (size_t j = 0; j < size_bytes; j++)
            bytes[j] = (char)draw(i % 3 == 0 ? 2 : 256);
        for (const struct trace_format *const *format = reader_formats(); *format != NULL; format++) {
            format_try(*format, bytes, size_bytes);
            if (size_bytes > 0)
                format_try_file(*format, bytes, size_bytes);
        }
    }
}

/* ---- From one into another ---- */

/* A format's way to write what Lackey holds; fields that it has no room for are said by `lacks`. */
struct encoder {
    const char *format;
    size_t (*write)(char *to, const struct format_record *record);
    const char *head;
    size_t head_bytes;
    bool lacks_sizes, lacks_fetches;
};

static size_t write_din(char *to, const struct format_record *record)
{
    return (size_t)sprintf(to, "%c %lx\n", "201"[record->kind], (unsigned long)record -> va);
}

static size_t write_extended_din(char *to, const struct format_record *record)
{
    return (size_t)sprintf(to, "%c %lx %x\n", "irw"[record->kind], (unsigned long)record -> va, record -> size_bytes);
}

static size_t write_manual_pin(char *to, const struct format_record *record)
{
    return (size_t)sprintf(to, "0x401000: %c 0x%lx\n", " RW"[record->kind], (unsigned long)record -> va);
}

static size_t write_simple_pin(char *to, const struct format_record *record)
{
    return (size_t)sprintf(to, "0x401000: %c %#18lx %2u %#18x\n", " RW"[record->kind], (unsigned long)record -> va,
                           record -> size_bytes, 0x1234);
}

static size_t write_perf(char *to, const struct format_record *record)
{
    return (size_t)sprintf(to, "cat %5u 12.345678: %10u cpu/mem-%s/P: %16lx %16x main+0x6 (/bin/cat)\n", 516U, 1U,
                           record->kind == ACCESS_STORE ? "stores" : "loads", (unsigned long)record->va, 0x401136);
}

static void put(char *to, size_t at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[at + i] = (char)(value >> 8 * i);
}

/* An instruction a record, with what it accesses last; a fetch is one that accesses nothing. */
static size_t write_champsim(char *to, const struct format_record *record)
{
    memset(to, 0, 64);
    put(to, 0, record->kind == ACCESS_FETCH ? record->va : 0x401000, 8);
    put(to, record->kind == ACCESS_STORE ? 24 : 40, record->kind == ACCESS_FETCH ? 0 : record->va, 8);
    return 64;
}

static size_t write_cloudsuite(char *to, const struct format_record *record)
{
    memset(to, 0, 96);
    put(to, 0, record->kind == ACCESS_FETCH ? record->va : 0x401000, 8);
    put(to, record->kind == ACCESS_STORE ? 32 : 80, record->kind == ACCESS_FETCH ? 0 : record->va, 8);
    return 96;
}

static size_t write_drmemtrace(char *to, const struct format_record *record)
{
    static const uint64_t types[] = {[ACCESS_FETCH] = 10, [ACCESS_LOAD] = 0, [ACCESS_STORE] = 1};
    put(to, 0, types[record->kind], 2);
    put(to, 2, record->size_bytes, 2);
    put(to, 4, record->va, 8);
    return 12;
}

static size_t put_varint(char *to, uint64_t value)
{
    size_t bytes = 0;
    for (; value > 0x7f; value >>= 7)
        to[bytes++] = (char)(value | 0x80);
    to[bytes++] = (char)value;
    return bytes;
}

static size_t write_gem5(char *to, const struct format_record *record)
{
    char packet[64] = "";
    size_t bytes = 0;
    const uint64_t fields[][2] = {{1, 500},
                                  {2, record->kind == ACCESS_STORE ? 4 : 1},
                                  {3, record->va},
                                  {4, record->size_bytes},
                                  {5, record->kind == ACCESS_FETCH ? 0x100 : 0}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        bytes += put_varint(packet + bytes, fields[i][0] << 3);
        bytes += put_varint(packet + bytes, fields[i][1]);
    }
    const size_t length_bytes = put_varint(to, bytes);
    memcpy(to + length_bytes, packet, bytes);
    return length_bytes + bytes;
}

static const char drmemtrace_head[] = "\x19\0\0\0\x04\0\0\0\0\0\0\0\x16\0\0\0\x67\x12\0\0\0\0\0";
static const char gem5_head[] = "gem5\4\x0a\0\x18\1";

static const struct encoder encoders[] = {
    {"dinero", write_din, "", 0, true, false},
    {"dinero", write_extended_din, "", 0, false, false},
    {"pin", write_manual_pin, "", 0, true, true},
    {"pin", write_simple_pin, "", 0, false, true},
    {"perf", write_perf, "", 0, true, true},
    {"champsim", write_champsim, "", 0, true, false},
    {"champsim-cloudsuite", write_cloudsuite, "", 0, true, false},
    {"drmemtrace", write_drmemtrace, drmemtrace_head, sizeof drmemtrace_head, false, false},
    {"gem5", write_gem5, gem5_head, sizeof gem5_head - 1, false, false},
};

enum { CONVERTED = 10000, RECORD_BYTES_MOST = 128 };

/* Lackey text of as many accesses, which fill more than one block. */
static size_t draw_lackey(char *text)
{
    size_t size_bytes = 0;
    for (int i = 0; i < CONVERTED; i++)
        size_bytes += (size_t)sprintf(text + size_bytes, "%s%08lx,%u\n", (const char *[]){"I  ", " L ", " S "}[draw(3)],
                                      (unsigned long)(0x1000 + (draw(1 << 30) << draw(17))), (unsigned)(1 + draw(16)));
    return size_bytes;
}

/* ChampSim's records have a fetch each, which Lackey has not. */
static bool is_added(const struct encoder *encoder, const struct format_outcome *got, size_t i)
{
    return strncmp(encoder->format, "champsim", 8) == 0 && got->record[i].kind == ACCESS_FETCH &&
           got->record[i].va == 0x401000;
}

static void check_converted(const struct encoder *encoder, const struct format_outcome *lackey, char *bytes)
{
    size_t size_bytes = encoder->head_bytes;
    memcpy(bytes, encoder->head, encoder->head_bytes);
    for (size_t i = 0; i < lackey->records; i++)
        if (!encoder->lacks_fetches || lackey->record[i].kind != ACCESS_FETCH)
            size_bytes += encoder->write(bytes + size_bytes, &lackey->record[i]);
    const struct trace_format *format = format_find(encoder->format);
    assert_true(format->recognise(bytes, size_bytes));
    struct format_outcome got = format_read(format, bytes, size_bytes, 12345, 54321);
    if (!got.good)
        fail_msg("%s: %s", encoder->format, got.err.text);
    assert_int_equal(got.facts.unknown_lines, 0);
    size_t at = 0;
    for (size_t i = 0; i < lackey->records; i++) {
        const struct format_record *expected = &lackey->record[i];
        if (encoder->lacks_fetches && expected->kind == ACCESS_FETCH)
            continue;
        if (expected->kind != ACCESS_FETCH && is_added(encoder, &got, at))
            at++;
        assert_true(at < got.records);
        assert_int_equal(got.record[at].va, expected->va);
        assert_int_equal(got.record[at].kind, expected->kind);
        assert_int_equal(got.record[at].size_bytes, encoder->lacks_sizes ? 1 : expected->size_bytes);
        at++;
    }
    assert_int_equal(at, got.records);
    format_outcome_free(&got);
}

static void other_formats_hold_what_lackey_holds(void **state)
{
    (void)state;
    char *text = malloc((size_t)CONVERTED * RECORD_BYTES_MOST);
    char *bytes = malloc((size_t)CONVERTED * RECORD_BYTES_MOST + 64);
    assert_true(text != NULL && bytes != NULL);
    const size_t size_bytes = draw_lackey(text);
    struct format_outcome lackey = format_read(format_find("lackey"), text, size_bytes, 0, 4096);
    assert_int_equal(lackey.records, CONVERTED);
    for (size_t i = 0; i < sizeof encoders / sizeof *encoders; i++)
        check_converted(&encoders[i], &lackey, bytes);
    format_outcome_free(&lackey);
    free(bytes);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_has_samples),  cmocka_unit_test(samples_are_recognised_as_their_own),
        cmocka_unit_test(other_text_goes_to_lackey), cmocka_unit_test(samples_read_alike_at_every_cut),
        cmocka_unit_test(cut_samples_are_borne),     cmocka_unit_test(mutated_samples_are_borne),
        cmocka_unit_test(garbage_is_borne),          cmocka_unit_test(other_formats_hold_what_lackey_holds),
    };
    return cmocka_run_group_tests(tests, read_samples, NULL);
}

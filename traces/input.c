/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xz, zstd, bzip2 and lz4 go through libarchive, gzip through zlib itself: libarchive 3.6.2 checks neither the CRC nor
 * the length of gzip data. It also takes whatever follows gzip, bzip2 or lz4 data, such as half a header of the next
 * member, for the end; so the bytes it consumed are held against those that the file has.
 */
#include "traces/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#if defined __x86_64__
#include <xxh_x86dispatch.h> /* AVX2 where there is some; the same hash, at twice the speed */
#else
#include <xxhash.h>
#endif

enum {
    CHUNK_BYTES = 256 << 10, /* 64K to 1M differ by less than 3 % */
    RAW_BYTES = 64 << 10,
    FRONT_BYTES = INPUT_CARRY_BYTES + INPUT_PAD_BYTES,
    MAGIC_BYTES = 6,
};

struct compression {
    const char *name;
    unsigned char magic[MAGIC_BYTES];
    uint8_t magic_bytes;
    int archive_filter;
};

static const struct compression compressions[] = {
    {"gzip", {0x1f, 0x8b}, 2, ARCHIVE_FILTER_GZIP},
    {"xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, ARCHIVE_FILTER_XZ},
    {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, ARCHIVE_FILTER_ZSTD},
    {"zstd", {0x50, 0x2a, 0x4d, 0x18}, 4, ARCHIVE_FILTER_ZSTD}, /* pzstd begins with a skippable frame */
    {"bzip2", {'B', 'Z', 'h'}, 3, ARCHIVE_FILTER_BZIP2},
    {"lz4", {0x04, 0x22, 0x4d, 0x18}, 4, ARCHIVE_FILTER_LZ4},
};

/* An archive, not a compression: which of its files the trace is, and in which order, only its owner knows. */
static const unsigned char zip_magic[] = {'P', 'K', 3, 4};

struct input {
    char *name; /* for messages */
    int fd;
    bool (*wait)(void *context); /* as in struct input_source */
    void *wait_context;
    const struct compression *compression; /* NULL: none */

    /* The file's bytes, of which nobody took those from raw_at on. Of a plain file these are the sniffed ones only. */
    unsigned char *raw;
    size_t raw_at, raw_size_bytes;
    uint64_t raw_total_bytes; /* ever read */
    bool raw_ended;           /* read(2) has said so */
    int read_errno;           /* of the read(2) that failed */

    z_stream zlib;
    bool zlib_open, between_members;

    struct archive *archive;
    const char *block; /* what libarchive decompressed and nobody took yet */
    size_t block_bytes;

    char *buffer; /* FRONT_BYTES, CHUNK_BYTES, INPUT_PAD_BYTES */
    char *chunk;
    size_t chunk_bytes;
    uint64_t total_bytes;
    bool ended;
    XXH3_state_t *hash;
};

static bool fail_memory(const struct input *input, struct err *err)
{
    return err_set(err, "%s: out of memory", input->name);
}

static bool fail_read(const struct input *input, struct err *err)
{
    return err_set(err, "%s: cannot be read beyond byte %" PRIu64 ": %s; check the disk, or copy the file again",
                   input->name, input->raw_total_bytes, strerror(input->read_errno));
}

static bool fail_data(const struct input *input, const char *what, const char *advice, struct err *err)
{
    return err_set(err, "%s: the %s data %s, after %" PRIu64 " decompressed bytes; %s", input->name,
                   input->compression->name, what, input->total_bytes, advice);
}

static bool fail_cut(const struct input *input, struct err *err)
{
    return fail_data(input, "ends early", "the file was cut: copy or capture it again", err);
}

static bool fail_damaged(const struct input *input, const char *detail, struct err *err)
{
    char what[128];
    snprintf(what, sizeof what, "is damaged (%s)", detail == NULL ? "no details" : detail);
    return fail_data(input, what, "copy or capture the file again", err);
}

static bool fail_trailing(const struct input *input, struct err *err)
{
    return fail_data(input, "is followed by something else",
                     "something was appended, or the next part was cut: copy or capture the file again", err);
}

static bool read_file(struct input *input, void *to, size_t room_bytes, size_t *got_bytes)
{
    const bool ends = input->wait != NULL && !input->wait(input->wait_context);
    const ssize_t got = ends ? 0 : read(input->fd, to, room_bytes);
    *got_bytes = got < 0 ? 0 : (size_t)got;
    input->raw_total_bytes += *got_bytes;
    input->raw_ended = got == 0;
    input->read_errno = got < 0 ? errno : 0;
    return got >= 0;
}

/* Reads on where all of raw was taken. If there is nothing in it then, the file has ended. */
static bool refill_raw(struct input *input)
{
    if (input->raw_at < input->raw_size_bytes || input->raw_ended)
        return true;
    input->raw_at = 0;
    return read_file(input, input->raw, RAW_BYTES, &input->raw_size_bytes);
}

/* The three ways to read: at least one decompressed byte and at most room_bytes; none at the end. */

static bool read_plain(struct input *input, char *to, size_t room_bytes, size_t *got_bytes, struct err *err)
{
    const size_t sniffed_bytes = input->raw_size_bytes - input->raw_at;
    if (sniffed_bytes > 0) {
        assert(sniffed_bytes <= room_bytes);
        memcpy(to, input->raw + input->raw_at, sniffed_bytes);
        input->raw_at = input->raw_size_bytes;
        *got_bytes = sniffed_bytes;
        return true;
    }
    return read_file(input, to, room_bytes, got_bytes) || fail_read(input, err);
}

/* Members may follow one another, and zeros may follow each: gzip(1) allows for the blocks of a tape. */
static bool read_gzip(struct input *input, char *to, size_t room_bytes, size_t *got_bytes, struct err *err)
{
    z_stream *zlib = &input->zlib;
    zlib->next_out = (Bytef *)to;
    zlib->avail_out = (uInt)room_bytes;
    while (zlib->avail_out == room_bytes) {
        if (!refill_raw(input))
            return fail_read(input, err);
        if (input->raw_at == input->raw_size_bytes) {
            if (!input->between_members)
                return fail_cut(input, err);
            break;
        }
        if (input->between_members && input->raw[input->raw_at] == 0) {
            input->raw_at++;
            continue;
        }
        zlib->next_in = input->raw + input->raw_at;
        zlib->avail_in = (uInt)(input->raw_size_bytes - input->raw_at);
        const int status = inflate(zlib, Z_NO_FLUSH);
        if (status == Z_DATA_ERROR && input->between_members)
            return fail_trailing(input, err);
        if (status != Z_OK && status != Z_STREAM_END)
            return fail_damaged(input, zlib->msg, err);
        input->raw_at = input->raw_size_bytes - zlib->avail_in;
        input->between_members = status == Z_STREAM_END;
        if (input->between_members)
            inflateReset(zlib);
    }
    *got_bytes = room_bytes - zlib->avail_out;
    return true;
}

static la_ssize_t feed_archive(struct archive *archive, void *user, const void **bytes)
{
    (void)archive;
    struct input *input = user;
    if (!refill_raw(input))
        return -1;
    const size_t fed_bytes = input->raw_size_bytes - input->raw_at;
    *bytes = input->raw + input->raw_at;
    input->raw_at = input->raw_size_bytes;
    return (la_ssize_t)fed_bytes;
}

static bool fail_archive(const struct input *input, struct err *err)
{
    if (input->read_errno != 0)
        return fail_read(input, err);
    /* Who asked for more than the file has was not at the end of its data. */
    return input->raw_ended ? fail_cut(input, err) : fail_damaged(input, archive_error_string(input->archive), err);
}

/* A decoder at its end has consumed all bytes and asked for more. libarchive's lz4 decoder also ends at four bytes that
 * are no magic number, which it consumes; in a cut skippable frame, with an error that it keeps to itself; and at an
 * empty frame, so that one beside others is refused, too. */
static bool end_archive(const struct input *input, struct err *err)
{
    const bool failed = archive_errno(input->archive) != 0;
    const bool consumed = (uint64_t)archive_filter_bytes(input->archive, -1) == input->raw_total_bytes;
    if (!failed && consumed && (input->raw_ended || input->total_bytes == 0))
        return true;
    return failed || input->total_bytes == 0 ? fail_cut(input, err) : fail_trailing(input, err);
}

static bool read_archive(struct input *input, char *to, size_t room_bytes, size_t *got_bytes, struct err *err)
{
    while (input->block_bytes == 0) {
        const void *block;
        la_int64_t offset;
        const int status = archive_read_data_block(input->archive, &block, &input->block_bytes, &offset);
        if (status == ARCHIVE_EOF) {
            *got_bytes = 0;
            return end_archive(input, err);
        }
        if (status != ARCHIVE_OK)
            return fail_archive(input, err);
        input->block = block;
    }
    *got_bytes = input->block_bytes < room_bytes ? input->block_bytes : room_bytes;
    memcpy(to, input->block, *got_bytes);
    input->block += *got_bytes;
    input->block_bytes -= *got_bytes;
    return true;
}

static bool read_some(struct input *input, char *to, size_t room_bytes, size_t *got_bytes, struct err *err)
{
    if (input->compression == NULL)
        return read_plain(input, to, room_bytes, got_bytes, err);
    if (input->zlib_open)
        return read_gzip(input, to, room_bytes, got_bytes, err);
    return read_archive(input, to, room_bytes, got_bytes, err);
}

static bool open_file(struct input *input, const char *path, struct err *err)
{
    struct stat status;
    if (strcmp(path, "-") == 0)
        input->fd = STDIN_FILENO;
    else if ((input->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return err_set(err, "%s: cannot be opened: %s; check the path and its permissions", path, strerror(errno));
    if (fstat(input->fd, &status) == 0 && S_ISDIR(status.st_mode))
        return err_set(err, "%s: is a directory; name a trace in it", input->name);
    posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* mere advice, and not for pipes */
    return true;
}

/* Reads what it takes to tell the compression. A file that ends within the magic number is taken for a cut one. */
static bool sniff(struct input *input, struct err *err)
{
    while (input->raw_size_bytes < MAGIC_BYTES && !input->raw_ended) {
        size_t got_bytes;
        if (!read_file(input, input->raw + input->raw_size_bytes, RAW_BYTES - input->raw_size_bytes, &got_bytes))
            return fail_read(input, err);
        input->raw_size_bytes += got_bytes;
    }
    if (input->raw_size_bytes == 0)
        return err_set(err, "%s: is empty; a trace holds one record at least: capture it again", input->name);
    if (input->raw_size_bytes >= sizeof zip_magic && memcmp(input->raw, zip_magic, sizeof zip_magic) == 0)
        return err_set(
            err,
            "%s: is a zip archive, which is not read; give the trace that is in it: unzip -p ARCHIVE.zip | pagewalk "
            "... -",
            input->name);
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions && input->compression == NULL; i++) {
        const struct compression *compression = &compressions[i];
        size_t compared_bytes = compression->magic_bytes;
        if (compared_bytes > input->raw_size_bytes)
            compared_bytes = input->raw_size_bytes;
        if (memcmp(input->raw, compression->magic, compared_bytes) == 0)
            input->compression = compression;
    }
    return true;
}

static bool open_decompressor(struct input *input, struct err *err)
{
    enum { GZIP_ONLY = 16 };
    struct archive_entry *entry;
    if (input->compression == NULL)
        return true;
    if (input->compression->archive_filter == ARCHIVE_FILTER_GZIP) {
        input->zlib_open = inflateInit2(&input->zlib, MAX_WBITS + GZIP_ONLY) == Z_OK;
        return input->zlib_open || fail_memory(input, err);
    }
    if ((input->archive = archive_read_new()) == NULL)
        return fail_memory(input, err);
    archive_read_set_format(input->archive, ARCHIVE_FORMAT_RAW);
    if (archive_read_append_filter(input->archive, input->compression->archive_filter) != ARCHIVE_OK)
        return err_set(err, "%s: this libarchive cannot read %s by itself; decompress the file first", input->name,
                       input->compression->name);
    if (archive_read_open(input->archive, input, NULL, feed_archive, NULL) != ARCHIVE_OK ||
        archive_read_next_header(input->archive, &entry) != ARCHIVE_OK)
        return fail_archive(input, err);
    return true;
}

static struct input *create(const char *name, struct err *err)
{
    struct input *input = calloc(1, sizeof *input);
    if (input != NULL) {
        input->fd = -1;
        input->name = strdup(name);
        input->raw = malloc(RAW_BYTES);
        input->buffer = calloc(1, FRONT_BYTES + CHUNK_BYTES + INPUT_PAD_BYTES);
        input->hash = XXH3_createState();
    }
    if (input != NULL && input->name != NULL && input->raw != NULL && input->buffer != NULL && input->hash != NULL)
        return input;
    input_close(input);
    err_set(err, "%s: out of memory", name);
    return NULL;
}

/* The input, whose file is open, or NULL where there is nothing in it that can be read. */
static struct input *begin(struct input *input, struct err *err)
{
    if (sniff(input, err) && open_decompressor(input, err)) {
        input->chunk = input->buffer + FRONT_BYTES;
        XXH3_64bits_reset(input->hash);
        return input;
    }
    input_close(input);
    return NULL;
}

struct input *input_open(const char *path, struct err *err)
{
    struct input *input = create(strcmp(path, "-") == 0 ? "standard input" : path, err);
    if (input == NULL || open_file(input, path, err))
        return input == NULL ? NULL : begin(input, err);
    input_close(input);
    return NULL;
}

struct input *input_open_source(const struct input_source *source, struct err *err)
{
    struct input *input = create(source->name, err);
    if (input == NULL) {
        close(source->fd);
        return NULL;
    }
    input->fd = source->fd;
    input->wait = source->wait;
    input->wait_context = source->context;
    return begin(input, err);
}

bool input_next(struct input *input, size_t taken_bytes, struct input_chunk *chunk, struct err *err)
{
    assert(taken_bytes <= input->chunk_bytes && input->chunk_bytes - taken_bytes <= INPUT_CARRY_BYTES);
    const size_t carried_bytes = input->chunk_bytes - taken_bytes;
    const size_t wanted_bytes = input->total_bytes == 0 ? INPUT_HEAD_BYTES : 1;
    char *fresh = input->buffer + FRONT_BYTES;
    size_t fresh_bytes = 0;
    input->chunk = memmove(fresh - carried_bytes, input->chunk + taken_bytes, carried_bytes);
    while (fresh_bytes < wanted_bytes && !input->ended) {
        size_t got_bytes = 0;
        if (!read_some(input, fresh + fresh_bytes, CHUNK_BYTES - fresh_bytes, &got_bytes, err))
            return false;
        input->ended = got_bytes == 0;
        fresh_bytes += got_bytes;
        input->total_bytes += got_bytes;
    }
    if (input->total_bytes == 0)
        return err_set(err, "%s: the %s data holds nothing; a trace holds one record at least: capture it again",
                       input->name, input->compression->name);
    XXH3_64bits_update(input->hash, fresh, fresh_bytes);
    input->chunk_bytes = carried_bytes + fresh_bytes;
    *chunk = (struct input_chunk){.bytes = input->chunk, .size_bytes = input->chunk_bytes, .last = input->ended};
    return true;
}

int input_plain_fd(const struct input *input)
{
    struct stat status;
    const bool plain = input->compression == NULL && input->fd > STDIN_FILENO && fstat(input->fd, &status) == 0 &&
                       S_ISREG(status.st_mode);
    return plain ? input->fd : -1;
}

bool input_seek(struct input *input, uint64_t offset, struct err *err)
{
    assert(input_plain_fd(input) >= 0);
    if (lseek(input->fd, (off_t)offset, SEEK_SET) < 0)
        return err_set(err, "%s: byte %" PRIu64 " cannot be sought: %s; check the disk, or copy the file again",
                       input->name, offset, strerror(errno));
    input->raw_at = input->raw_size_bytes;
    input->raw_total_bytes = offset;
    input->total_bytes = offset;
    input->chunk_bytes = 0;
    input->ended = false;
    return true;
}

const char *input_name(const struct input *input)
{
    return input->name;
}

uint64_t input_total_bytes(const struct input *input)
{
    return input->total_bytes;
}

uint64_t input_hash(const struct input *input)
{
    return XXH3_64bits_digest(input->hash);
}

uint64_t input_file_bytes_read(const struct input *input)
{
    return input->raw_total_bytes;
}

uint64_t input_file_bytes(const struct input *input)
{
    struct stat status;
    return fstat(input->fd, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

void input_close(struct input *input)
{
    if (input == NULL)
        return;
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    if (input->zlib_open)
        inflateEnd(&input->zlib);
    archive_read_free(input->archive); /* as the rest: NULL is fine */
    XXH3_freeState(input->hash);
    free(input->buffer);
    free(input->raw);
    free(input->name);
    free(input);
}

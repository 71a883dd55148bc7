/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/writer.h"

#include "traces/native.h"

#include <archive.h>
#include <archive_entry.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum {
    BUFFER_BYTES = 256 << 10,
    RECORD_BYTES = 32, /* room for the longest, and for stores that run over its end */
    ADDRESS_DIGITS = 16,
    USUAL_DIGITS = 8, /* an address has at least so many */
};

struct compression {
    const char *suffix;
    int archive_filter;
};

static const struct compression compressions[] = {
    {".gz", ARCHIVE_FILTER_GZIP},   {".xz", ARCHIVE_FILTER_XZ},   {".zst", ARCHIVE_FILTER_ZSTD},
    {".bz2", ARCHIVE_FILTER_BZIP2}, {".lz4", ARCHIVE_FILTER_LZ4},
};

struct writer {
    char *name; /* for messages */
    int fd;
    int archive_filter;
    struct archive *archive; /* NULL without compression, and before the first bytes */
    ZSTD_CCtx *zstd;         /* .zst: libarchive 3.6.2 writes it without a checksum, and damage could go unseen */
    uint64_t written_bytes;  /* of the file */
    int write_errno;         /* of the write(2) that failed */
    bool failed, ended;
    uint32_t process; /* of a text, the only one it may have; 0: none was told */
    bool is_native;
    struct native_writer *native; /* once there was a block */
    json_t *metadata;
    struct writer_left_out left_out;
    size_t size_bytes;
    char buffer[BUFFER_BYTES];
};

static bool write_file(struct writer *writer, const char *bytes, size_t size_bytes)
{
    while (size_bytes > 0) {
        const ssize_t written = write(writer->fd, bytes, size_bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            writer->write_errno = errno;
            return false;
        }
        bytes += written;
        size_bytes -= (size_t)written;
        writer->written_bytes += (uint64_t)written;
    }
    return true;
}

static la_ssize_t write_compressed(struct archive *archive, void *user, const void *bytes, size_t size_bytes)
{
    (void)archive;
    return write_file(user, bytes, size_bytes) ? (la_ssize_t)size_bytes : -1;
}

static bool fail(struct writer *writer, struct err *err)
{
    writer->failed = true;
    if (writer->write_errno == 0) {
        const char *detail = writer->archive == NULL ? "out of memory" : archive_error_string(writer->archive);
        return err_set(err, "%s: cannot be compressed%s%s; write it without the suffix", writer->name,
                       detail == NULL ? "" : ": ", detail == NULL ? "" : detail);
    }
    return err_set(err, "%s: cannot be written beyond byte %" PRIu64 ": %s; the trace is not whole: write it elsewhere",
                   writer->name, writer->written_bytes, strerror(writer->write_errno));
}

/* Compresses the bytes into the file; ZSTD_e_end completes the frame. */
static bool write_zstd(struct writer *writer, const char *bytes, size_t size_bytes, ZSTD_EndDirective directive)
{
    if (writer->zstd == NULL) {
        writer->zstd = ZSTD_createCCtx();
        if (writer->zstd == NULL || ZSTD_isError(ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1)))
            return false;
    }
    char block[64 << 10];
    ZSTD_inBuffer in = {bytes, size_bytes, 0};
    size_t left = 1;
    while (in.pos < in.size || (directive == ZSTD_e_end && left != 0)) {
        ZSTD_outBuffer out = {block, sizeof block, 0};
        left = ZSTD_compressStream2(writer->zstd, &out, &in, directive);
        if (ZSTD_isError(left) || !write_file(writer, block, out.pos))
            return false;
    }
    return true;
}

static bool open_compressor(struct writer *writer)
{
    struct archive_entry *entry = archive_entry_new();
    struct archive *archive = writer->archive = archive_write_new();
    bool good = entry != NULL && archive != NULL;
    if (good) {
        archive_entry_set_filetype(entry, AE_IFREG);
        good = archive_write_set_format_raw(archive) == ARCHIVE_OK &&
               archive_write_add_filter(archive, writer->archive_filter) == ARCHIVE_OK;
        if (good && writer->archive_filter == ARCHIVE_FILTER_GZIP)
            good = archive_write_set_filter_option(archive, "gzip", "timestamp", NULL) == ARCHIVE_OK;
        /* No blocks as of a tape, whose padding would be taken for garbage. */
        good = good && archive_write_set_bytes_per_block(archive, 0) == ARCHIVE_OK &&
               archive_write_open(archive, writer, NULL, write_compressed, NULL) == ARCHIVE_OK &&
               archive_write_header(archive, entry) == ARCHIVE_OK;
    }
    archive_entry_free(entry);
    return good;
}

static bool put(struct writer *writer, const char *bytes, size_t size_bytes, struct err *err)
{
    bool good;
    if (size_bytes == 0)
        return true; /* libarchive 3.6.2 crashes when it closes lz4 data of no bytes: it is not even opened */
    if (writer->archive_filter == ARCHIVE_FILTER_NONE)
        good = write_file(writer, bytes, size_bytes);
    else if (writer->archive_filter == ARCHIVE_FILTER_ZSTD)
        good = write_zstd(writer, bytes, size_bytes, ZSTD_e_continue);
    else
        good = (writer->archive != NULL || open_compressor(writer)) &&
               archive_write_data(writer->archive, bytes, size_bytes) == (la_ssize_t)size_bytes;
    return good || fail(writer, err);
}

static bool flush(struct writer *writer, struct err *err)
{
    const size_t size_bytes = writer->size_bytes;
    writer->size_bytes = 0;
    return put(writer, writer->buffer, size_bytes, err);
}

static bool ends_in(const char *path, size_t length, const char *suffix)
{
    const size_t suffix_length = strlen(suffix);
    return length > suffix_length && memcmp(path + length - suffix_length, suffix, suffix_length) == 0;
}

static void choose_format(struct writer *writer, const char *path)
{
    size_t length = strlen(path);
    writer->archive_filter = ARCHIVE_FILTER_NONE;
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
        if (!ends_in(path, length, compressions[i].suffix))
            continue;
        writer->archive_filter = compressions[i].archive_filter;
        length -= strlen(compressions[i].suffix);
        break;
    }
    writer->is_native = ends_in(path, length, NATIVE_SUFFIX);
}

static struct writer *start(int fd, const char *name, const char *path, struct err *err)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (writer != NULL && (writer->name = strdup(name)) != NULL) {
        writer->fd = fd;
        choose_format(writer, path);
        return writer;
    }
    free(writer);
    close(fd);
    err_set(err, "%s: out of memory", name);
    return NULL;
}

struct writer *writer_open_fd(int fd, const char *path, struct err *err)
{
    return start(fd, path, path, err);
}

struct writer *writer_open(const char *path, struct err *err)
{
    const bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard output" : path;
    /* A copy of standard output, so that closing it tells of late failures, too. */
    const int fd = standard ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                            : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd >= 0)
        return start(fd, name, path, err);
    err_set(err, "%s: cannot be written: %s; check the path and its permissions", name, strerror(errno));
    return NULL;
}

/* Eight hexadecimal digits, the highest first. */
static void put_hex8(char *to, uint32_t value)
{
    uint64_t nibbles = value;
    nibbles = (nibbles | nibbles << 16) & 0x0000ffff0000ffff;
    nibbles = (nibbles | nibbles << 8) & 0x00ff00ff00ff00ff;
    nibbles = (nibbles | nibbles << 4) & 0x0f0f0f0f0f0f0f0f;
    const uint64_t letters = (nibbles + 0x0606060606060606) >> 4 & 0x0101010101010101;
    const uint64_t text = htobe64(nibbles + 0x3030303030303030 + letters * ('a' - '0' - 10));
    memcpy(to, &text, sizeof text);
}

static char *put_record(char *to, uint64_t va, uint16_t meta)
{
    static const char prefixes[4][4] = {"I  ", " L ", " S ", " M "};
    char digits[2 * ADDRESS_DIGITS] = "";
    put_hex8(digits, (uint32_t)(va >> 32));
    put_hex8(digits + 8, (uint32_t)va);
    const size_t needed_digits = (size_t)(67 - __builtin_clzll(va | 1)) / 4;
    const size_t digit_count = needed_digits < USUAL_DIGITS ? USUAL_DIGITS : needed_digits;
    memcpy(to, prefixes[meta >> ACCESS_KIND_SHIFT], 4);
    to += 3;
    memcpy(to, digits + ADDRESS_DIGITS - digit_count, ADDRESS_DIGITS);
    to += digit_count;
    *to++ = ',';
    const uint32_t size_bytes = access_size_bytes(meta);
    if (size_bytes >= 1000)
        *to++ = (char)('0' + size_bytes / 1000);
    if (size_bytes >= 100)
        *to++ = (char)('0' + size_bytes / 100 % 10);
    if (size_bytes >= 10)
        *to++ = (char)('0' + size_bytes / 10 % 10);
    *to++ = (char)('0' + size_bytes % 10);
    *to++ = '\n';
    return to;
}

void writer_describe(struct writer *writer, const json_t *metadata)
{
    json_decref(writer->metadata);
    writer->metadata = json_deep_copy(metadata);
}

static bool write_text(struct writer *writer, const struct block *block, struct err *err)
{
    for (uint32_t i = 0; i < block->count; i++) {
        if (BUFFER_BYTES - writer->size_bytes < RECORD_BYTES && !flush(writer, err))
            return false;
        const char *end = put_record(writer->buffer + writer->size_bytes, block->va[i], block->meta[i]);
        writer->size_bytes = (size_t)(end - writer->buffer);
    }
    return true;
}

static bool take_native(void *context, const void *bytes, size_t size_bytes, struct err *err)
{
    return put(context, bytes, size_bytes, err);
}

/* What the sink says has the file's name; what the native writer says itself gets it here. */
static bool native_went(struct writer *writer, bool good, struct err *err)
{
    if (!good && !writer->failed)
        err_prefix(err, writer->name);
    writer->failed = writer->failed || !good;
    return good;
}

static bool write_native(struct writer *writer, const struct block *block, const struct extras *extras, struct err *err)
{
    if (writer->native == NULL)
        writer->native = native_writer_create(take_native, writer, writer->metadata, err);
    return native_went(writer, writer->native != NULL && native_write(writer->native, block, extras, err), err);
}

static void leave_out(struct writer_left_out *left_out, const struct block *block, const struct extras *extras)
{
    left_out->events += extras->event_count;
    left_out->pcs += extras->pc != NULL ? block->count : 0;
    left_out->data_bytes += extras->data_end != NULL && block->count > 0 ? extras->data_end[block->count - 1] : 0;
}

static bool is_of_one_process(struct writer *writer, const struct extras *extras, struct err *err)
{
    for (uint32_t i = 0; i < extras->event_count; i++) {
        const struct event *event = &extras->event[i];
        if (event->kind != EVENT_PROCESS)
            continue;
        if (writer->process != 0 && writer->process != event->id) {
            writer->failed = true;
            return err_set(err,
                           "%s: Lackey text cannot say which process an access is of, and the trace has several; write "
                           "it to a file whose name ends in %s",
                           writer->name, NATIVE_SUFFIX);
        }
        writer->process = event->id;
    }
    return true;
}

bool writer_block(struct writer *writer, const struct block *block, const struct extras *extras, struct err *err)
{
    static const struct extras none;
    if (extras == NULL)
        extras = &none;
    if (writer->is_native)
        return write_native(writer, block, extras, err);
    leave_out(&writer->left_out, block, extras);
    return is_of_one_process(writer, extras, err) && write_text(writer, block, err);
}

bool writer_end(struct writer *writer, struct err *err)
{
    writer->ended = true;
    bool good = !writer->failed;
    if (good && writer->native != NULL)
        good = native_went(writer, native_write_end(writer->native, err), err);
    good = good && flush(writer, err);
    if (good && writer->archive != NULL && archive_write_close(writer->archive) != ARCHIVE_OK)
        good = fail(writer, err);
    if (good && writer->zstd != NULL && !write_zstd(writer, NULL, 0, ZSTD_e_end))
        good = fail(writer, err);
    return good;
}

const struct writer_left_out *writer_left_out(const struct writer *writer)
{
    return &writer->left_out;
}

uint64_t writer_kept_records(const struct writer *writer)
{
    /* Compressed data that is cut is not read at all. */
    const bool readable = writer->native != NULL && writer->archive_filter == ARCHIVE_FILTER_NONE;
    return writer->write_errno != 0 && readable ? native_written_records(writer->native) : 0;
}

bool writer_close(struct writer *writer, struct err *err)
{
    bool good = writer->ended ? !writer->failed : writer_end(writer, err);
    archive_write_free(writer->archive); /* NULL is fine, and below */
    ZSTD_freeCCtx(writer->zstd);
    native_writer_free(writer->native);
    json_decref(writer->metadata);
    if (close(writer->fd) != 0 && good) {
        writer->write_errno = errno;
        good = fail(writer, err);
    }
    free(writer->name);
    free(writer);
    return good;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Programs go the same ways again and again. A chunk is a dictionary of paths, which are pieces of at most 32 accesses, and a
 * list of visits to them. All visits to a path are of the same kinds and sizes and fetch from the same addresses. Its
 * accesses to data are where they were in the visit before, or a step away from there; visits list their steps.
 *
 *     path 7               I 04001000,3    L 04a00010,8    I 04001003,4    S 1fff000d18,8    I 04001007,2
 *     visit, step 0: +8      04001000        04a00018        04001003        1fff000d18        04001007
 *     step 0: +8, 1: -30     04001000        04a00020        04001003        1fff000ce8        04001007
 *
 * To unpack a visit is to add steps to a row of addresses, eight at a time, and to copy it. What the columns have left of an
 * access of a real program are two to four bits, most of them zero, for Zstandard to pack: traces/FORMAT.md.
 */
#include "traces/columns.h"

#include "traces/bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#if defined __x86_64__
#include <immintrin.h>
#endif

enum {
    PATH_ACCESSES = 32,
    PATH_DATA = 8, /* accesses to data: their steps are a vector, and a byte says which are there */
    STEP_NONE = PATH_DATA,

    /* Slots are unpacked a group at a time, and a path takes whole groups. Real programs take 2,000 to 40,000 slots a
     * chunk; random streams take all, and end their chunk early. */
    GROUP = 8,
    SLOTS_MAX = 1 << 17,
    PATHS_MAX = SLOTS_MAX / GROUP,

    VALUE_BYTES = 8,
    VECTOR_PAD_BYTES = 64, /* what a vector may read behind the end of a column */

    ZSTD_LEVEL = 3, /* see bench/README.md */
};

/* In the order of the chunk. A value is a byte of CONTROLS, which says which bytes of the value are not zero, and those in BYTES. */
enum column {
    LENGTHS,  /* a byte a path: its accesses */
    METAS,    /* two bytes an access of the paths: struct block's meta */
    STEPS,    /* a byte an access of the paths: which step of a visit it takes, or STEP_NONE */
    VISITS,   /* two bytes a visit: its path, from 0 */
    MASKS,    /* a byte a visit: which steps it lists; the others are 0 */
    CONTROLS, /* a byte a value: first addresses of the paths, then steps */
    BYTES,
    COLUMNS
};

static const char *const column_name[COLUMNS] = {"lengths", "metas", "steps", "visits", "masks", "controls", "bytes"};

static const uint32_t column_room[COLUMNS] = {
    [LENGTHS] = PATHS_MAX,
    [METAS] = 2 * SLOTS_MAX,
    [STEPS] = SLOTS_MAX,
    [VISITS] = 2 * COLUMNS_ACCESSES,
    [MASKS] = COLUMNS_ACCESSES,
    [CONTROLS] = SLOTS_MAX + COLUMNS_ACCESSES,
    [BYTES] = VALUE_BYTES * (SLOTS_MAX + COLUMNS_ACCESSES),
};

/* The unpacked columns. */
struct columns {
    uint8_t *bytes[COLUMNS];
    uint32_t size[COLUMNS];
};

/* What a chunk begins with: for each column its size, and what it takes in the chunk; less if it is packed. */
struct header {
    uint32_t size[COLUMNS];
    uint32_t packed_size[COLUMNS];
};

static bool columns_create(struct columns *columns)
{
    size_t room = 0;
    for (int c = 0; c < COLUMNS; c++)
        room += column_room[c] + VECTOR_PAD_BYTES;
    uint8_t *memory = calloc(1, room); /* what is not touched takes none */
    if (memory == NULL)
        return false;
    for (int c = 0; c < COLUMNS; c++) {
        columns->bytes[c] = memory;
        memory += column_room[c] + VECTOR_PAD_BYTES;
    }
    return true;
}

static void columns_free(struct columns *columns)
{
    free(columns->bytes[0]);
}

static uint32_t slots_of(uint32_t length)
{
    return (length + GROUP - 1) / GROUP * GROUP;
}

/* ---- Packing ---- */

enum {
    TABLE_ENTRIES = 4 * PATHS_MAX,

    /* A path ends where a fetch jumps if it is so long by then. Shorter paths are fewer, longer ones faster to unpack. */
    PATH_BEFORE_JUMP = 16,
};

struct path {
    uint64_t hash;
    uint32_t slot; /* of its first access */
    uint32_t data; /* of its first access to data */
    uint32_t length;
    uint32_t data_count;
};

/* What the visits so far tell of an access to data. */
struct data {
    uint64_t first;
    uint64_t last;
    uint8_t same; /* the accesses to data before it in the path that took the same steps */
};

struct columns_encoder {
    struct columns columns;
    ZSTD_CCtx *zstd;
    uint8_t *chunk;
    size_t chunk_room;

    uint32_t count;
    uint32_t paths;
    uint32_t slots;
    uint32_t data_slots;
    uint32_t visits;
    uint32_t steps;

    /* What may become a visit: not yet in the above, but in the count. */
    struct {
        uint64_t hash;
        uint32_t length;
        uint32_t data_count;
        uint64_t next_fetch; /* where the fetch behind the last one is, if it jumps not; 0: none was */
        uint16_t meta[PATH_ACCESSES];
        uint64_t fetch[PATH_ACCESSES]; /* 0 for data */
        uint64_t data[PATH_DATA];
    } open;

    struct path path[PATHS_MAX];
    uint16_t table[TABLE_ENTRIES]; /* paths by hash, from 1 */
    uint16_t meta[SLOTS_MAX];
    uint64_t fetch[SLOTS_MAX]; /* 0 for data */
    struct data data[SLOTS_MAX];
    uint16_t visit[COLUMNS_ACCESSES];
    uint64_t step[COLUMNS_ACCESSES]; /* of each access to data since the visit before; 0 in the first */
};

struct columns_encoder *columns_encoder_create(struct err *err)
{
    struct columns_encoder *encoder = calloc(1, sizeof *encoder);
    if (encoder != NULL && columns_create(&encoder->columns)) {
        encoder->chunk_room = sizeof(struct header);
        for (int c = 0; c < COLUMNS; c++)
            encoder->chunk_room += ZSTD_compressBound(column_room[c]);
        encoder->chunk = malloc(encoder->chunk_room);
        encoder->zstd = ZSTD_createCCtx();
    }
    if (encoder != NULL && encoder->chunk != NULL && encoder->zstd != NULL)
        return encoder;
    columns_encoder_free(encoder);
    err_set(err, "no memory to pack a trace");
    return NULL;
}

void columns_encoder_free(struct columns_encoder *encoder)
{
    if (encoder == NULL)
        return;
    ZSTD_freeCCtx(encoder->zstd);
    free(encoder->chunk);
    columns_free(&encoder->columns);
    free(encoder);
}

uint32_t columns_count(const struct columns_encoder *encoder)
{
    return encoder->count;
}

static bool is_open_path(const struct columns_encoder *encoder, const struct path *path)
{
    const uint32_t length = encoder->open.length;
    return path->hash == encoder->open.hash && path->length == length &&
           memcmp(&encoder->meta[path->slot], encoder->open.meta, length * sizeof *encoder->meta) == 0 &&
           memcmp(&encoder->fetch[path->slot], encoder->open.fetch, length * sizeof *encoder->fetch) == 0;
}

static void add_path(struct columns_encoder *encoder)
{
    const uint32_t length = encoder->open.length;
    const uint32_t data_count = encoder->open.data_count;
    encoder->path[encoder->paths++] = (struct path){
        .hash = encoder->open.hash,
        .slot = encoder->slots,
        .data = encoder->data_slots,
        .length = length,
        .data_count = data_count,
    };
    memcpy(&encoder->meta[encoder->slots], encoder->open.meta, length * sizeof *encoder->meta);
    memcpy(&encoder->fetch[encoder->slots], encoder->open.fetch, length * sizeof *encoder->fetch);
    for (uint32_t i = 0; i < data_count; i++) {
        const uint64_t va = encoder->open.data[i];
        encoder->data[encoder->data_slots + i] =
            (struct data){.first = va, .last = va, .same = (uint8_t)((1U << i) - 1)};
        encoder->step[encoder->steps + i] = 0;
    }
    encoder->slots += slots_of(length);
    encoder->data_slots += data_count;
}

static void visit_path(struct columns_encoder *encoder, const struct path *path)
{
    struct data *data = &encoder->data[path->data];
    uint64_t *step = &encoder->step[encoder->steps];
    for (uint32_t i = 0; i < path->data_count; i++) {
        step[i] = encoder->open.data[i] - data[i].last;
        data[i].last = encoder->open.data[i];
        for (uint32_t j = 0; j < i; j++)
            if (step[j] != step[i])
                data[i].same &= (uint8_t) ~(1U << j);
    }
}

static void close_path(struct columns_encoder *encoder)
{
    uint32_t entry = (uint32_t)(encoder->open.hash >> 32) % TABLE_ENTRIES;
    while (encoder->table[entry] != 0 && !is_open_path(encoder, &encoder->path[encoder->table[entry] - 1]))
        entry = (entry + 1) % TABLE_ENTRIES;
    if (encoder->table[entry] == 0) {
        add_path(encoder);
        encoder->table[entry] = (uint16_t)encoder->paths;
    } else
        visit_path(encoder, &encoder->path[encoder->table[entry] - 1]);
    encoder->visit[encoder->visits++] = (uint16_t)(encoder->table[entry] - 1);
    encoder->steps += encoder->open.data_count;
    encoder->open.hash = 0;
    encoder->open.length = 0;
    encoder->open.data_count = 0;
    encoder->open.next_fetch = 0;
}

/* Does the open path end before this access? */
static bool ends_before(const struct columns_encoder *encoder, uint64_t va, uint16_t meta)
{
    const uint32_t length = encoder->open.length;
    if (length == PATH_ACCESSES)
        return true;
    if (!access_is_fetch(meta))
        return encoder->open.data_count == PATH_DATA;
    const uint64_t next = encoder->open.next_fetch;
    return va != next && next != 0 && length >= PATH_BEFORE_JUMP;
}

uint32_t columns_add(struct columns_encoder *encoder, const struct block *block, uint32_t from)
{
    uint32_t i;
    for (i = from; i < block->count && encoder->count < COLUMNS_ACCESSES; i++) {
        const uint64_t va = block->va[i];
        const uint16_t meta = block->meta[i];
        if (ends_before(encoder, va, meta))
            close_path(encoder);
        const uint32_t length = encoder->open.length;
        if (length == 0 && encoder->slots + PATH_ACCESSES > SLOTS_MAX)
            break;
        const bool is_fetch = access_is_fetch(meta);
        encoder->open.meta[length] = meta;
        encoder->open.fetch[length] = is_fetch ? va : 0;
        if (is_fetch)
            encoder->open.next_fetch = va + access_size_bytes(meta);
        else
            encoder->open.data[encoder->open.data_count++] = va;
        const uint64_t told = encoder->open.hash ^ encoder->open.fetch[length] ^ (uint64_t)(meta + 1) << 48;
        encoder->open.hash = (told ^ told >> 32) * UINT64_C(0x9e3779b97f4a7c15);
        encoder->open.length = length + 1;
        encoder->count++;
    }
    return i - from;
}

static void put_byte(struct columns *columns, enum column c, uint32_t byte)
{
    columns->bytes[c][columns->size[c]++] = (uint8_t)byte;
}

static void put_two_bytes(struct columns *columns, enum column c, uint32_t number)
{
    put_byte(columns, c, number & 0xff);
    put_byte(columns, c, number >> 8);
}

/* A difference may be negative: its sign goes into the lowest bit. */
static void put_difference(struct columns *columns, uint64_t difference)
{
    const uint64_t value = bytes_zigzag(difference);
    uint32_t control = 0;
    for (uint32_t i = 0; i < VALUE_BYTES; i++)
        if ((value >> 8 * i & 0xff) != 0) {
            control |= 1U << i;
            put_byte(columns, BYTES, value >> 8 * i & 0xff);
        }
    put_byte(columns, CONTROLS, control);
}

/* Which step an access to data takes: one of its own, or that of an access before it that has taken the same ones. */
static uint32_t step_of(const struct data *data, uint32_t i)
{
    return data[i].same == 0 ? i : (uint32_t)__builtin_ctz(data[i].same);
}

static void put_dictionary(struct columns_encoder *encoder)
{
    struct columns *columns = &encoder->columns;
    uint64_t next_fetch = 0;
    uint64_t last_data = 0;
    for (const struct path *path = encoder->path; path < encoder->path + encoder->paths; path++) {
        const struct data *data = &encoder->data[path->data];
        uint32_t d = 0;
        put_byte(columns, LENGTHS, path->length);
        for (uint32_t slot = path->slot; slot < path->slot + path->length; slot++) {
            const uint16_t meta = encoder->meta[slot];
            put_two_bytes(columns, METAS, meta);
            if (access_is_fetch(meta)) {
                put_byte(columns, STEPS, STEP_NONE);
                put_difference(columns, encoder->fetch[slot] - next_fetch);
                next_fetch = encoder->fetch[slot] + access_size_bytes(meta);
            } else {
                put_byte(columns, STEPS, step_of(data, d));
                put_difference(columns, data[d].first - last_data);
                last_data = data[d++].first;
            }
        }
    }
}

static void put_visits(struct columns_encoder *encoder)
{
    struct columns *columns = &encoder->columns;
    const uint64_t *step = encoder->step;
    for (uint32_t v = 0; v < encoder->visits; v++) {
        const struct path *path = &encoder->path[encoder->visit[v]];
        uint32_t mask = 0;
        for (uint32_t i = 0; i < path->data_count; i++)
            if (step[i] != 0 && encoder->data[path->data + i].same == 0) {
                mask |= 1U << i;
                put_difference(columns, step[i]);
            }
        step += path->data_count;
        put_two_bytes(columns, VISITS, encoder->visit[v]);
        put_byte(columns, MASKS, mask);
    }
}

static void empty(struct columns_encoder *encoder)
{
    memset(encoder->table, 0, sizeof encoder->table);
    memset(encoder->columns.size, 0, sizeof encoder->columns.size);
    encoder->count = 0;
    encoder->paths = 0;
    encoder->slots = 0;
    encoder->data_slots = 0;
    encoder->visits = 0;
    encoder->steps = 0;
}

const void *columns_finish(struct columns_encoder *encoder, size_t *size_bytes, struct err *err)
{
    const struct columns *columns = &encoder->columns;
    if (encoder->open.length > 0)
        close_path(encoder);
    put_dictionary(encoder);
    put_visits(encoder);
    struct header header;
    uint8_t *end = encoder->chunk + sizeof header;
    for (int c = 0; c < COLUMNS; c++) {
        const uint32_t size = columns->size[c];
        const size_t room = encoder->chunk_room - (size_t)(end - encoder->chunk);
        size_t packed = ZSTD_compressCCtx(encoder->zstd, end, room, columns->bytes[c], size, ZSTD_LEVEL);
        if (ZSTD_isError(packed)) {
            err_set(err, "packing a chunk of %" PRIu32 " accesses: Zstandard says: %s", encoder->count,
                    ZSTD_getErrorName(packed));
            end = NULL;
            break;
        }
        if (packed >= size) {
            memcpy(end, columns->bytes[c], size);
            packed = size;
        }
        header.size[c] = htole32(size);
        header.packed_size[c] = htole32((uint32_t)packed);
        end += packed;
    }
    empty(encoder);
    if (end == NULL)
        return NULL;
    memcpy(encoder->chunk, &header, sizeof header);
    *size_bytes = (size_t)(end - encoder->chunk);
    return encoder->chunk;
}

/* ---- Unpacking ---- */

/* One implementation for all processors, and one for those with the vector instructions. */
struct skill {
    /* The next `count` values, and zeros up to a whole group. */
    void (*read_differences)(struct columns_decoder *decoder, uint64_t *difference, uint32_t count);

    /* Unpacks visits while there are some and room for the longest. Returns how many accesses, and the highest address. */
    uint32_t (*unpack)(struct columns_decoder *decoder, uint64_t *va, uint16_t *meta, uint32_t room, uint64_t *highest);
};

struct columns_decoder {
    const struct skill *skill;

    /* The dictionary. Slots that no access has are zero and stay so. */
    uint64_t va[SLOTS_MAX] __attribute__((aligned(64)));
    uint16_t meta[SLOTS_MAX] __attribute__((aligned(16)));
    uint8_t step[SLOTS_MAX];
    struct {
        uint32_t slot;
        uint32_t length;
    } path[PATHS_MAX];

    struct columns columns;
    ZSTD_DCtx *zstd;

    /* What is next. */
    uint32_t visit;
    const uint8_t *control;
    const uint8_t *byte;
    uint32_t done; /* accesses of the chunk */

    /* A visit at the end of a block, maybe too long for it: what it has left. */
    uint32_t left_from;
    uint32_t left_count;
    uint64_t left_va[PATH_ACCESSES];
    uint16_t left_meta[PATH_ACCESSES];
};

struct columns_decoder *columns_decoder_create(struct err *err)
{
    const size_t alignment = _Alignof(struct columns_decoder);
    struct columns_decoder *decoder = aligned_alloc(alignment, sizeof *decoder);
    if (decoder != NULL) {
        decoder->zstd = ZSTD_createDCtx();
        decoder->visit = 0;
        decoder->left_count = 0;
        decoder->columns = (struct columns){0};
        columns_allow_vectors(decoder, true);
        if (columns_create(&decoder->columns) && decoder->zstd != NULL)
            return decoder;
    }
    columns_decoder_free(decoder);
    err_set(err, "no memory to unpack a trace");
    return NULL;
}

void columns_decoder_free(struct columns_decoder *decoder)
{
    if (decoder == NULL)
        return;
    ZSTD_freeDCtx(decoder->zstd);
    columns_free(&decoder->columns);
    free(decoder);
}

static uint32_t two_bytes(const struct columns *columns, enum column c, uint32_t i)
{
    return bytes_get16(&columns->bytes[c][(size_t)2 * i]);
}

static bool unpack_columns(struct columns_decoder *decoder, const uint8_t *bytes, size_t size_bytes, struct err *err)
{
    struct columns *columns = &decoder->columns;
    struct header header;
    if (size_bytes < sizeof header)
        return err_set(err, "the chunk has %zu bytes; its header alone has %zu", size_bytes, sizeof header);
    memcpy(&header, bytes, sizeof header);
    size_t at = sizeof header;
    for (int c = 0; c < COLUMNS; c++) {
        const uint32_t size = le32toh(header.size[c]);
        const uint32_t packed_size = le32toh(header.packed_size[c]);
        if (size > column_room[c])
            return err_set(err, "the %s of the chunk are said to be %" PRIu32 " bytes; they are at most %" PRIu32,
                           column_name[c], size, column_room[c]);
        if (packed_size > size || packed_size > size_bytes - at)
            return err_set(err,
                           "the %s of the chunk, %" PRIu32 " bytes, are said to be packed as %" PRIu32
                           " bytes from byte %zu on; the chunk has %zu",
                           column_name[c], size, packed_size, at, size_bytes);
        if (packed_size == size)
            memcpy(columns->bytes[c], bytes + at, size);
        else {
            const size_t unpacked =
                ZSTD_decompressDCtx(decoder->zstd, columns->bytes[c], size, bytes + at, packed_size);
            if (ZSTD_isError(unpacked))
                return err_set(err, "the %s of the chunk, from its byte %zu on, do not unpack: Zstandard says: %s",
                               column_name[c], at, ZSTD_getErrorName(unpacked));
            if (unpacked != size)
                return err_set(err, "the %s of the chunk unpack to %zu bytes; its header says %" PRIu32, column_name[c],
                               unpacked, size);
        }
        columns->size[c] = size;
        at += packed_size;
    }
    if (at != size_bytes)
        return err_set(err, "the chunk has %zu bytes; by its header it has %zu", size_bytes, at);
    return true;
}

static bool is_size(const struct columns *columns, enum column c, uint32_t expected, struct err *err)
{
    if (columns->size[c] == expected)
        return true;
    return err_set(err, "the %s of the chunk are %" PRIu32 " bytes; by its other columns they would be %" PRIu32,
                   column_name[c], columns->size[c], expected);
}

static uint64_t bits_of_8_bytes(uint64_t bytes)
{
    bytes -= bytes >> 1 & UINT64_C(0x5555555555555555);
    bytes = (bytes & UINT64_C(0x3333333333333333)) + (bytes >> 2 & UINT64_C(0x3333333333333333));
    bytes = (bytes + (bytes >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return bytes * UINT64_C(0x0101010101010101) >> 56;
}

static uint32_t count_bits(const struct columns *columns, enum column c)
{
    const uint32_t whole = columns->size[c] / 8;
    uint64_t bits = 0;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < whole; i++) {
        memcpy(&bytes, &columns->bytes[c][8 * i], sizeof bytes);
        bits += bits_of_8_bytes(bytes);
    }
    bytes = 0;
    memcpy(&bytes, &columns->bytes[c][8 * whole], columns->size[c] % 8);
    return (uint32_t)(bits + bits_of_8_bytes(bytes));
}

/* Everything that unpacking visits goes by, so that it needs no checks of its own. */
static bool check_columns(const struct columns_decoder *decoder, uint32_t accesses, struct err *err)
{
    const struct columns *columns = &decoder->columns;
    const uint32_t paths = columns->size[LENGTHS];
    const uint8_t *length = columns->bytes[LENGTHS];
    uint32_t slots = 0;
    uint32_t count = 0;
    for (uint32_t p = 0; p < paths; p++) {
        if (length[p] == 0 || length[p] > PATH_ACCESSES)
            return err_set(err, "path %" PRIu32 " of the chunk has %u accesses; paths have 1 to %d", p, length[p],
                           PATH_ACCESSES);
        slots += slots_of(length[p]);
        count += length[p];
    }
    if (slots > SLOTS_MAX)
        return err_set(err, "the paths of the chunk take %" PRIu32 " slots; there are %d", slots, SLOTS_MAX);
    if (!is_size(columns, METAS, 2 * count, err) || !is_size(columns, STEPS, count, err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t kind = two_bytes(columns, METAS, i) >> ACCESS_KIND_SHIFT;
        if (kind > ACCESS_MODIFY)
            return err_set(err, "access %" PRIu32 " of the paths of the chunk is of kind %" PRIu32 "; kinds are 0 to 3",
                           i, kind);
        if (columns->bytes[STEPS][i] > STEP_NONE)
            return err_set(err, "access %" PRIu32 " of the paths of the chunk takes step %u; steps are 0 to %d", i,
                           columns->bytes[STEPS][i], STEP_NONE);
    }

    const uint32_t visits = columns->size[MASKS];
    if (!is_size(columns, VISITS, 2 * visits, err))
        return false;
    uint32_t visited = 0;
    for (uint32_t v = 0; v < visits; v++) {
        const uint32_t path = two_bytes(columns, VISITS, v);
        if (path >= paths)
            return err_set(err, "visit %" PRIu32 " of the chunk is to path %" PRIu32 "; it has %" PRIu32 " paths", v,
                           path, paths);
        visited += length[path];
    }
    if (visited != accesses)
        return err_set(err, "the chunk has %" PRIu32 " accesses; %" PRIu32 " were expected", visited, accesses);
    return is_size(columns, CONTROLS, count + count_bits(columns, MASKS), err) &&
           is_size(columns, BYTES, count_bits(columns, CONTROLS), err);
}

/* ---- Unpacking, plain ---- */

/* Most values have nothing but zeros above their last byte that is not zero, and are read at once. */
static uint64_t next_difference(struct columns_decoder *decoder)
{
    uint32_t control = *decoder->control++;
    uint64_t value = 0;
    if ((control & (control + 1)) == 0) {
        const int bytes = __builtin_ctz(~control);
        value = bytes_get64(decoder->byte) & ~(UINT64_MAX << 4 * bytes << 4 * bytes);
        decoder->byte += bytes;
    } else
        for (; control != 0; control &= control - 1)
            value |= (uint64_t)*decoder->byte++ << 8 * __builtin_ctz(control);
    return bytes_unzigzag(value);
}

static void read_differences_plain(struct columns_decoder *decoder, uint64_t *difference, uint32_t count)
{
    for (uint32_t i = 0; i < slots_of(count); i++)
        difference[i] = i < count ? next_difference(decoder) : 0;
}

static uint32_t unpack_plain(struct columns_decoder *decoder, uint64_t *va, uint16_t *meta, uint32_t room,
                             uint64_t *highest)
{
    const struct columns *columns = &decoder->columns;
    uint64_t high = 0;
    uint32_t count = 0;
    for (; decoder->visit < columns->size[MASKS] && room - count >= PATH_ACCESSES; decoder->visit++) {
        const uint32_t mask = columns->bytes[MASKS][decoder->visit];
        uint64_t step[PATH_DATA + 1] = {0};
        for (uint32_t i = 0; i < PATH_DATA; i++)
            if ((mask >> i & 1) != 0)
                step[i] = next_difference(decoder);
        const uint32_t path = two_bytes(columns, VISITS, decoder->visit);
        const uint32_t length = decoder->path[path].length;
        const uint32_t slot = decoder->path[path].slot;
        for (uint32_t i = 0; i < length; i++) {
            const uint64_t now = decoder->va[slot + i] + step[decoder->step[slot + i]];
            decoder->va[slot + i] = now;
            va[count + i] = now;
            meta[count + i] = decoder->meta[slot + i];
            high = now > high ? now : high;
        }
        count += length;
    }
    *highest = high;
    return count;
}

static const struct skill plain = {read_differences_plain, unpack_plain};

/* ---- Unpacking, a group at a time ---- */

#if defined __x86_64__
#define VECTOR __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vbmi2,bmi,bmi2,popcnt")))

static bool vectors_available(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

/* Takes `count` values, up to eight, into the first lanes; 0 in the others. */
VECTOR static inline __attribute__((always_inline)) __m512i next_differences(const uint8_t **control,
                                                                             const uint8_t **byte, uint32_t count)
{
    uint64_t controls;
    memcpy(&controls, *control, sizeof controls);
    controls = _bzhi_u64(controls, 8 * count);
    const __m512i value = _mm512_maskz_expand_epi8(controls, _mm512_loadu_si512(*byte));
    const __m512i sign = _mm512_sub_epi64(_mm512_setzero_si512(), _mm512_and_si512(value, _mm512_set1_epi64(1)));
    *control += count;
    *byte += _mm_popcnt_u64(controls);
    return _mm512_xor_si512(_mm512_srli_epi64(value, 1), sign);
}

VECTOR static void read_differences_vector(struct columns_decoder *decoder, uint64_t *difference, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += GROUP)
        _mm512_storeu_si512(difference + i,
                            next_differences(&decoder->control, &decoder->byte, count - i < GROUP ? count - i : GROUP));
}

VECTOR static uint32_t unpack_vector(struct columns_decoder *decoder, uint64_t *va, uint16_t *meta, uint32_t room,
                                     uint64_t *highest)
{
    const struct columns *columns = &decoder->columns;
    const uint8_t *visit = columns->bytes[VISITS];
    const uint8_t *mask = columns->bytes[MASKS];
    const uint8_t *control = decoder->control; /* these two in registers */
    const uint8_t *byte = decoder->byte;
    const uint32_t visits = columns->size[MASKS];
    __m512i high = _mm512_setzero_si512();
    uint32_t count = 0;
    uint32_t v;
    for (v = decoder->visit; v < visits && room - count >= PATH_ACCESSES; v++) {
        const __m512i listed = next_differences(&control, &byte, (uint32_t)_mm_popcnt_u32(mask[v]));
        const __m512i steps = _mm512_maskz_expand_epi64(mask[v], listed);
        uint16_t path;
        memcpy(&path, visit + 2 * v, sizeof path);
        const uint32_t length = decoder->path[path].length;
        uint32_t slot = decoder->path[path].slot;
        for (uint32_t i = 0; i < length; i += GROUP, slot += GROUP) {
            const __m512i which = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)&decoder->step[slot]));
            const __m512i step = _mm512_permutex2var_epi64(steps, which, _mm512_setzero_si512());
            const __m512i now = _mm512_add_epi64(_mm512_load_si512(&decoder->va[slot]), step);
            high = _mm512_max_epu64(high, now);
            _mm512_store_si512(&decoder->va[slot], now);
            _mm512_storeu_si512(va + count + i, now);
            _mm_storeu_si128((__m128i *)(meta + count + i), _mm_load_si128((const __m128i *)&decoder->meta[slot]));
        }
        count += length;
    }
    decoder->visit = v;
    decoder->control = control;
    decoder->byte = byte;
    *highest = _mm512_reduce_max_epu64(high);
    return count;
}

static const struct skill vectors = {read_differences_vector, unpack_vector};
#else
static bool vectors_available(void)
{
    return false;
}

static const struct skill vectors = {read_differences_plain, unpack_plain};
#endif

void columns_allow_vectors(struct columns_decoder *decoder, bool allowed)
{
    decoder->skill = allowed && vectors_available() ? &vectors : &plain;
}

static void read_dictionary(struct columns_decoder *decoder)
{
    const struct columns *columns = &decoder->columns;
    const uint32_t paths = columns->size[LENGTHS];
    const uint8_t *length = columns->bytes[LENGTHS];
    uint64_t before[2] = {0}; /* of data, where it was; of fetches, where they ended */
    uint32_t slot = 0;
    uint32_t count = 0;
    for (uint32_t p = 0; p < paths; p++) {
        decoder->path[p].slot = slot;
        decoder->path[p].length = length[p];
        memset(&decoder->meta[slot], 0, slots_of(length[p]) * sizeof *decoder->meta);
        memset(&decoder->step[slot], STEP_NONE, slots_of(length[p]) * sizeof *decoder->step);
        decoder->skill->read_differences(decoder, &decoder->va[slot], length[p]);
        for (uint32_t i = slot; i < slot + length[p]; i++, count++) {
            const uint16_t meta = (uint16_t)two_bytes(columns, METAS, count);
            const bool is_fetch = access_is_fetch(meta);
            const uint64_t va = decoder->va[i] + before[is_fetch];
            before[is_fetch] = va + access_size_bytes(meta) * is_fetch; /* no branch: nobody could predict it */
            decoder->va[i] = va;
            decoder->meta[i] = meta;
            decoder->step[i] = columns->bytes[STEPS][count];
        }
        slot += slots_of(length[p]);
    }
}

bool columns_begin(struct columns_decoder *decoder, const void *bytes, size_t size_bytes, uint32_t accesses,
                   struct err *err)
{
    decoder->columns.size[MASKS] = 0;
    decoder->visit = 0;
    decoder->left_count = 0;
    decoder->done = 0;
    if (accesses > COLUMNS_ACCESSES)
        return err_set(err, "%" PRIu32 " accesses were expected in the chunk; chunks have at most %d", accesses,
                       COLUMNS_ACCESSES);
    if (!unpack_columns(decoder, bytes, size_bytes, err) || !check_columns(decoder, accesses, err)) {
        decoder->columns.size[MASKS] = 0; /* no visits */
        return false;
    }
    decoder->control = decoder->columns.bytes[CONTROLS];
    decoder->byte = decoder->columns.bytes[BYTES];
    read_dictionary(decoder);
    return true;
}

/* An address near the last one is rare, an access that ends behind it is damage. */
static bool check_ends(const struct columns_decoder *decoder, const uint64_t *va, const uint16_t *meta, uint32_t count,
                       struct err *err)
{
    for (uint32_t i = 0; i < count; i++)
        if (va[i] + (access_size_bytes(meta[i]) - 1) < va[i])
            return err_set(err,
                           "access %" PRIu32 " of the chunk is %" PRIu32 " bytes at 0x%" PRIx64
                           ", which end beyond the last address, 0xffffffffffffffff",
                           decoder->done + i, access_size_bytes(meta[i]), va[i]);
    return true;
}

/* Whole visits into the block while there is room for any; then one by one, beside it. */
bool columns_next(struct columns_decoder *decoder, struct block *block, struct err *err)
{
    for (;;) {
        for (; decoder->left_count > 0 && block->count < BLOCK_ACCESSES; decoder->left_count--) {
            block->va[block->count] = decoder->left_va[decoder->left_from];
            block->meta[block->count++] = decoder->left_meta[decoder->left_from++];
        }
        const uint32_t room = BLOCK_ACCESSES - block->count;
        if (room == 0 || decoder->visit == decoder->columns.size[MASKS])
            return true;
        const bool aside = room < PATH_ACCESSES;
        uint64_t *va = aside ? decoder->left_va : &block->va[block->count];
        uint16_t *meta = aside ? decoder->left_meta : &block->meta[block->count];
        uint64_t highest;
        const uint32_t count = decoder->skill->unpack(decoder, va, meta, aside ? PATH_ACCESSES : room, &highest);
        if (highest > UINT64_MAX - ACCESS_SIZE_MAX && !check_ends(decoder, va, meta, count, err)) {
            decoder->columns.size[MASKS] = 0;
            decoder->visit = 0;
            return false;
        }
        decoder->done += count;
        if (aside) {
            decoder->left_from = 0;
            decoder->left_count = count;
        } else
            block->count += count;
    }
}

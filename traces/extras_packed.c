/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of varints, each of which zstd makes small: most events differ from those before them in little, and where there
 * are fetches most pcs are what the fetch before them said.
 */
#include "traces/extras_packed.h"

#include <assert.h>
#include <inttypes.h>
#include <zstd.h>

enum {
    LEVEL = 3,                                     /* as of the columns; see bench/README.md */
    SECTION_HEAD_BYTES = 8,                        /* unpacked and packed size */
    EVENT_FIXED_BYTES = 1 + 10 * BYTES_VARINT_MAX, /* the most of an event but its name */
    DATA_SIZE_BYTES = 2,                           /* the most of the varint of a size up to ACCESS_SIZE_MAX */
};

/* The bits of an event's mask: which of its seven numbers are not 0, and whether it has a name. */
enum { HAS_NAME = 1 << 7 };

/* What a pc most likely is: where an instruction is fetched its address, else the pc before. */
static uint64_t expected_pc(const struct block *block, uint32_t access, uint64_t last_pc)
{
    return access_is_fetch(block->meta[access]) ? block->va[access] : last_pc;
}

/* ---- Packing ---- */

struct extras_packer {
    uint32_t events;
    uint32_t position; /* of the last event, in the chunk */
    uint64_t pc;       /* the last */
    uint8_t beside;    /* EXTRAS_PCS and EXTRAS_DATA: of the accesses so far */
    struct bytes section[SECTIONS];
    ZSTD_CCtx *zstd;
};

struct extras_packer *extras_packer_create(struct err *err)
{
    struct extras_packer *packer = calloc(1, sizeof *packer);
    if (packer != NULL && (packer->zstd = ZSTD_createCCtx()) != NULL)
        return packer;
    extras_packer_free(packer);
    err_set(err, "there is no memory to pack events");
    return NULL;
}

static uint8_t beside_of(const struct extras *extras)
{
    return (uint8_t)((extras->pc != NULL ? EXTRAS_PCS : 0) | (extras->data_end != NULL ? EXTRAS_DATA : 0));
}

static uint32_t data_begin(const struct extras *extras, uint32_t access)
{
    return access == 0 ? 0 : extras->data_end[access - 1];
}

static uint64_t events_bytes(const struct extras *extras)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < extras->event_count; i++)
        bytes += EVENT_FIXED_BYTES + (extras->event[i].name != NULL ? strlen(extras->event[i].name) + 1 : 0);
    return bytes;
}

bool extras_pack_fits(const struct extras_packer *packer, uint32_t chunk_accesses, const struct block *block,
                      const struct extras *extras)
{
    if (chunk_accesses > 0 && block->count > 0 && packer->beside != beside_of(extras))
        return false;
    if (extras->data_end != NULL && block->count > 0 &&
        packer->section[SECTION_DATA].count + extras->data_end[block->count - 1] > EXTRAS_SECTION_BYTES)
        return false;
    return packer->events + (uint64_t)extras->event_count <= EXTRAS_CHUNK_EVENTS &&
           packer->section[SECTION_EVENTS].count + events_bytes(extras) <= EXTRAS_SECTION_BYTES;
}

static bool fail_memory(struct err *err)
{
    return err_set(err, "there is no memory to pack what stands beside the accesses of a chunk");
}

static bool pack_event(struct extras_packer *packer, const struct event *event, uint32_t position)
{
    struct bytes *to = &packer->section[SECTION_EVENTS];
    const size_t name_bytes = event->name != NULL ? strlen(event->name) + 1 : 0;
    const uint64_t field[] = {event->protection, event->id,          event->flags,         event->address,
                              event->size_bytes, event->old_address, event->old_size_bytes};
    enum { FIELDS = sizeof field / sizeof *field };
    unsigned mask = event->name != NULL ? HAS_NAME : 0;
    for (unsigned i = 0; i < FIELDS; i++)
        mask |= field[i] != 0 ? 1U << i : 0;
    if (!bytes_reserve(to, EVENT_FIXED_BYTES + name_bytes))
        return false;
    bytes_put_varint(to, position - packer->position);
    bytes_put_varint(to, event->kind);
    to->at[to->count++] = (uint8_t)mask;
    for (unsigned i = 0; i < FIELDS; i++)
        if (field[i] != 0)
            bytes_put_varint(to, field[i]);
    if (name_bytes > 0)
        memcpy(to->at + to->count, event->name, name_bytes);
    to->count += name_bytes;
    packer->position = position;
    packer->events++;
    return true;
}

static bool pack_pcs(struct extras_packer *packer, const struct block *block, const uint64_t *pc, uint32_t from,
                     uint32_t to)
{
    struct bytes *section = &packer->section[SECTION_PCS];
    if (!bytes_reserve(section, (size_t)(to - from) * BYTES_VARINT_MAX))
        return false;
    for (uint32_t i = from; i < to; i++) {
        bytes_put_varint(section, bytes_zigzag(pc[i] - expected_pc(block, i, packer->pc)));
        packer->pc = pc[i];
    }
    return true;
}

static bool pack_data(struct extras_packer *packer, const struct extras *extras, uint32_t from, uint32_t to)
{
    struct bytes *sizes = &packer->section[SECTION_DATA_SIZES];
    struct bytes *data = &packer->section[SECTION_DATA];
    const uint32_t begin = data_begin(extras, from);
    const uint32_t end = data_begin(extras, to);
    if (!bytes_reserve(sizes, (size_t)(to - from) * BYTES_VARINT_MAX) || !bytes_reserve(data, end - begin))
        return false;
    for (uint32_t i = from; i < to; i++) {
        assert(extras->data_end[i] - data_begin(extras, i) <= ACCESS_SIZE_MAX);
        bytes_put_varint(sizes, extras->data_end[i] - data_begin(extras, i));
    }
    if (end > begin)
        memcpy(data->at + data->count, extras->data + begin, end - begin);
    data->count += end - begin;
    return true;
}

bool extras_pack(struct extras_packer *packer, uint32_t chunk_accesses, const struct block *block,
                 const struct extras *extras, uint32_t from, uint32_t to, struct err *err)
{
    for (uint32_t i = 0; i < extras->event_count; i++) {
        const struct event *event = &extras->event[i];
        if (event->position < from || (event->position >= to && to < block->count))
            continue;
        assert(event->kind > 0 && event->kind < EVENT_KINDS && event->position <= block->count);
        if (!pack_event(packer, event, chunk_accesses + (event->position - from)))
            return fail_memory(err);
    }
    if (from == to)
        return true;
    packer->beside = beside_of(extras);
    if ((extras->pc != NULL && !pack_pcs(packer, block, extras->pc, from, to)) ||
        (extras->data_end != NULL && !pack_data(packer, extras, from, to)))
        return fail_memory(err);
    return true;
}

uint32_t extras_packer_events(const struct extras_packer *packer)
{
    return packer->events;
}

static bool finish_section(struct extras_packer *packer, struct bytes *section, struct bytes *to, struct err *err)
{
    const size_t bound = ZSTD_compressBound(section->count);
    if (!bytes_reserve(to, SECTION_HEAD_BYTES + bound))
        return fail_memory(err);
    uint8_t *head = to->at + to->count;
    const size_t packed =
        ZSTD_compressCCtx(packer->zstd, head + SECTION_HEAD_BYTES, bound, section->at, section->count, LEVEL);
    if (ZSTD_isError(packed))
        return err_set(err, "what stands beside the accesses cannot be packed: %s", ZSTD_getErrorName(packed));
    bytes_put32(head, (uint32_t)section->count);
    bytes_put32(head + 4, (uint32_t)packed);
    to->count += SECTION_HEAD_BYTES + packed;
    section->count = 0;
    return true;
}

bool extras_pack_finish(struct extras_packer *packer, struct bytes *to, uint8_t *sections, struct err *err)
{
    *sections = (uint8_t)(packer->beside | (packer->events > 0 ? EXTRAS_EVENTS : 0));
    for (unsigned i = 0; i < SECTIONS; i++)
        if ((*sections >> i & 1) != 0 && !finish_section(packer, &packer->section[i], to, err))
            return false;
    packer->events = 0;
    packer->position = 0;
    packer->pc = 0;
    packer->beside = 0;
    return true;
}

void extras_packer_free(struct extras_packer *packer)
{
    if (packer == NULL)
        return;
    for (unsigned i = 0; i < SECTIONS; i++)
        bytes_free(&packer->section[i]);
    ZSTD_freeCCtx(packer->zstd);
    free(packer);
}

/* ---- Unpacking ---- */

struct extras_unpacker {
    uint8_t sections;
    uint32_t accesses, events; /* of the chunk that are still to come */
    uint32_t at;               /* the next access */
    bool event_read;           /* the position of the next event */
    uint32_t position;
    uint64_t pc;
    const uint8_t *data; /* the next access's */
    struct bytes section[SECTIONS];
    const uint8_t *read[SECTIONS]; /* how far */
    ZSTD_DCtx *zstd;
    struct bytes event; /* struct event, of the block */
    uint64_t pcs[BLOCK_ACCESSES];
    uint32_t data_end[BLOCK_ACCESSES];
};

struct extras_unpacker *extras_unpacker_create(struct err *err)
{
    struct extras_unpacker *unpacker = calloc(1, sizeof *unpacker);
    if (unpacker != NULL && (unpacker->zstd = ZSTD_createDCtx()) != NULL)
        return unpacker;
    extras_unpacker_free(unpacker);
    err_set(err, "there is no memory to unpack events");
    return NULL;
}

static const char *const section_names[SECTIONS] = {"events", "pcs", "sizes of data", "data"};

static bool unpack_section(struct extras_unpacker *unpacker, unsigned which, const uint8_t **at, const uint8_t *end,
                           struct err *err)
{
    struct bytes *section = &unpacker->section[which];
    const char *name = section_names[which];
    if (end - *at < SECTION_HEAD_BYTES)
        return err_set(err, "the %s begin behind its end", name);
    const uint32_t raw_bytes = bytes_get32(*at);
    const uint32_t packed_bytes = bytes_get32(*at + 4);
    *at += SECTION_HEAD_BYTES;
    if (packed_bytes > (size_t)(end - *at))
        return err_set(err, "the %s are to be %" PRIu32 " bytes, and %zu are left of it", name, packed_bytes,
                       (size_t)(end - *at));
    if (raw_bytes > EXTRAS_SECTION_BYTES)
        return err_set(err, "the %s are to be %" PRIu32 " bytes unpacked, and %d are the most", name, raw_bytes,
                       EXTRAS_SECTION_BYTES);
    section->count = 0;
    if (!bytes_reserve(section, (size_t)raw_bytes + 1)) /* + 1: never NULL */
        return err_set(err, "there is no memory to unpack the %s", name);
    const size_t got = ZSTD_decompressDCtx(unpacker->zstd, section->at, raw_bytes, *at, packed_bytes);
    if (ZSTD_isError(got))
        return err_set(err, "the %s cannot be unpacked: %s", name, ZSTD_getErrorName(got));
    if (got != raw_bytes)
        return err_set(err, "the %s are %zu bytes unpacked, not %" PRIu32, name, got, raw_bytes);
    section->count = got;
    unpacker->read[which] = section->at;
    *at += packed_bytes;
    return true;
}

bool extras_unpack_begin(struct extras_unpacker *unpacker, const uint8_t *bytes, size_t size_bytes, uint8_t sections,
                         uint32_t accesses, uint32_t events, struct err *err)
{
    const uint8_t *end = bytes + size_bytes;
    const uint8_t data = sections & EXTRAS_DATA;
    if (sections >> SECTIONS != 0 || (data != 0 && data != EXTRAS_DATA) ||
        ((sections & EXTRAS_EVENTS) != 0) != (events > 0) || events > EXTRAS_CHUNK_EVENTS)
        return err_set(err, "the sections 0x%02x are not those of %" PRIu32 " events", sections, events);
    unpacker->sections = sections;
    unpacker->accesses = accesses;
    unpacker->events = events;
    unpacker->at = 0;
    unpacker->event_read = false;
    unpacker->position = 0;
    unpacker->pc = 0;
    for (unsigned i = 0; i < SECTIONS; i++)
        if ((sections >> i & 1) != 0 && !unpack_section(unpacker, i, &bytes, end, err))
            return false;
    if (bytes < end)
        return err_set(err, "%zu bytes follow what it holds", (size_t)(end - bytes));
    unpacker->data = unpacker->read[SECTION_DATA];
    return true;
}

static const uint8_t *section_end(const struct extras_unpacker *unpacker, unsigned which)
{
    return unpacker->section[which].at + unpacker->section[which].count;
}

static bool fail_section(unsigned which, const char *what, struct err *err)
{
    return err_set(err, "the %s %s", section_names[which], what);
}

static bool read_number(struct extras_unpacker *unpacker, unsigned which, uint64_t most, uint64_t *number,
                        struct err *err)
{
    if (!bytes_get_varint(&unpacker->read[which], section_end(unpacker, which), number))
        return fail_section(which, "end within a number", err);
    return *number <= most ||
           err_set(err, "the %s have a %" PRIu64 " where %" PRIu64 " is the most", section_names[which], *number, most);
}

static bool read_name(struct extras_unpacker *unpacker, const char **name, struct err *err)
{
    const uint8_t *begin = unpacker->read[SECTION_EVENTS];
    const uint8_t *nul = memchr(begin, '\0', (size_t)(section_end(unpacker, SECTION_EVENTS) - begin));
    if (nul == NULL)
        return fail_section(SECTION_EVENTS, "end within a name", err);
    *name = (const char *)begin;
    unpacker->read[SECTION_EVENTS] = nul + 1;
    return true;
}

/* All but the position. */
static bool read_event(struct extras_unpacker *unpacker, struct event *event, struct err *err)
{
    enum { FIELDS = 7 };
    static const uint64_t most[FIELDS] = {UINT16_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX,
                                          UINT64_MAX, UINT64_MAX, UINT64_MAX};
    uint64_t kind;
    uint64_t field[FIELDS] = {0};
    const char *name = NULL;
    if (!read_number(unpacker, SECTION_EVENTS, UINT16_MAX, &kind, err))
        return false;
    if (kind == 0 || kind >= EVENT_KINDS)
        return err_set(err, "an event is of kind %" PRIu64 ", and 1 to %d are known; a newer pagewalk may know it",
                       kind, EVENT_KINDS - 1);
    if (unpacker->read[SECTION_EVENTS] == section_end(unpacker, SECTION_EVENTS))
        return fail_section(SECTION_EVENTS, "end within one", err);
    const uint8_t mask = *unpacker->read[SECTION_EVENTS]++;
    for (unsigned i = 0; i < FIELDS; i++)
        if ((mask >> i & 1) != 0 && !read_number(unpacker, SECTION_EVENTS, most[i], &field[i], err))
            return false;
    if ((mask & HAS_NAME) != 0 && !read_name(unpacker, &name, err))
        return false;
    *event = (struct event){
        .kind = (uint16_t)kind,
        .protection = (uint16_t)field[0],
        .id = (uint32_t)field[1],
        .flags = (uint32_t)field[2],
        .address = field[3],
        .size_bytes = field[4],
        .old_address = field[5],
        .old_size_bytes = field[6],
        .name = name,
    };
    return true;
}

static bool add_event(struct extras_unpacker *unpacker, const struct event *event, struct err *err)
{
    if (!bytes_reserve(&unpacker->event, sizeof *event))
        return err_set(err, "there is no memory for the events of a block");
    memcpy(unpacker->event.at + unpacker->event.count, event, sizeof *event);
    unpacker->event.count += sizeof *event;
    return true;
}

/* Those before the access `end` of the chunk, or all. */
static bool read_events(struct extras_unpacker *unpacker, uint32_t end, bool all, struct err *err)
{
    while (unpacker->events > 0) {
        uint64_t further;
        struct event event;
        if (!unpacker->event_read) {
            const uint64_t most = (uint64_t)unpacker->at + unpacker->accesses - unpacker->position;
            if (!read_number(unpacker, SECTION_EVENTS, most, &further, err))
                return false;
            unpacker->position += (uint32_t)further;
            unpacker->event_read = true;
        }
        if (unpacker->position >= end && !all)
            return true;
        if (!read_event(unpacker, &event, err))
            return false;
        event.position = unpacker->position - unpacker->at;
        unpacker->event_read = false;
        unpacker->events--;
        if (!add_event(unpacker, &event, err))
            return false;
    }
    return true;
}

static bool read_pcs(struct extras_unpacker *unpacker, const struct block *block, struct err *err)
{
    for (uint32_t i = 0; i < block->count; i++) {
        uint64_t number;
        if (!read_number(unpacker, SECTION_PCS, UINT64_MAX, &number, err))
            return false;
        unpacker->pc = expected_pc(block, i, unpacker->pc) + bytes_unzigzag(number);
        unpacker->pcs[i] = unpacker->pc;
    }
    return true;
}

static bool read_data(struct extras_unpacker *unpacker, uint32_t count, struct err *err)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t size_bytes;
        if (!read_number(unpacker, SECTION_DATA_SIZES, ACCESS_SIZE_MAX, &size_bytes, err))
            return false;
        end += (uint32_t)size_bytes;
        unpacker->data_end[i] = end;
    }
    unpacker->data = unpacker->read[SECTION_DATA];
    if (end > section_end(unpacker, SECTION_DATA) - unpacker->data)
        return fail_section(SECTION_DATA, "end within an access's", err);
    unpacker->read[SECTION_DATA] += end;
    return true;
}

static bool check_end(const struct extras_unpacker *unpacker, struct err *err)
{
    for (unsigned i = 0; i < SECTIONS; i++)
        if ((unpacker->sections >> i & 1) != 0 && unpacker->read[i] != section_end(unpacker, i))
            return fail_section(i, "are more than the chunk has a use for", err);
    return true;
}

bool extras_unpack_next(struct extras_unpacker *unpacker, const struct block *block, const struct event *extra,
                        uint32_t extra_count, struct extras *extras, struct err *err)
{
    assert(block->count <= unpacker->accesses);
    const bool with_pcs = (unpacker->sections & EXTRAS_PCS) != 0 && block->count > 0;
    const bool with_data = (unpacker->sections & EXTRAS_DATA) != 0 && block->count > 0;
    const bool last = block->count == unpacker->accesses;
    unpacker->event.count = 0;
    for (uint32_t i = 0; i < extra_count; i++)
        if (!add_event(unpacker, &extra[i], err))
            return false;
    if (!read_events(unpacker, unpacker->at + block->count, last, err) ||
        (with_pcs && !read_pcs(unpacker, block, err)) || (with_data && !read_data(unpacker, block->count, err)))
        return false;
    unpacker->at += block->count;
    unpacker->accesses -= block->count;
    if (last && !check_end(unpacker, err))
        return false;
    *extras = (struct extras){
        .event_count = (uint32_t)(unpacker->event.count / sizeof(struct event)),
        .event = (const struct event *)(const void *)unpacker->event.at,
        .pc = with_pcs ? unpacker->pcs : NULL,
        .data_end = with_data ? unpacker->data_end : NULL,
        .data = with_data ? unpacker->data : NULL,
    };
    return true;
}

void extras_unpacker_free(struct extras_unpacker *unpacker)
{
    if (unpacker == NULL)
        return;
    for (unsigned i = 0; i < SECTIONS; i++)
        bytes_free(&unpacker->section[i]);
    bytes_free(&unpacker->event);
    ZSTD_freeDCtx(unpacker->zstd);
    free(unpacker);
}

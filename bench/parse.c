/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/parse.h"

#include "model/access.h"
#include "traces/reader.h"
#include "traces/writer.h"

#include <string.h>

static struct block block;

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (*state >> 11) % below;
}

bool parse_generate(const char *path, uint64_t records, struct err *err)
{
    static const uint32_t sizes[16] = {8, 8, 8, 8, 8, 8, 4, 4, 4, 1, 1, 2, 16, 16, 32, 8};
    struct writer *writer = writer_open(path, err);
    if (writer == NULL)
        return false;
    uint64_t state = 1;
    uint64_t pc = 0x04001000;
    bool good = true;
    for (uint64_t done = 0; good && done < records; done += block.count) {
        block.count = records - done < BLOCK_ACCESSES ? (uint32_t)(records - done) : BLOCK_ACCESSES;
        for (uint32_t i = 0; i < block.count; i++) {
            if (draw(&state, 7) < 5) {
                const uint32_t size_bytes = 1 + (uint32_t)draw(&state, 8);
                block.va[i] = pc;
                block.meta[i] = access_meta(ACCESS_FETCH, size_bytes);
                pc = draw(&state, 16) == 0 ? 0x04001000 + draw(&state, 1 << 20) : pc + size_bytes;
            } else {
                const enum access_kind kind = (enum access_kind)(ACCESS_LOAD + draw(&state, 3));
                const uint64_t base = draw(&state, 4) == 0 ? 0x1fff000000 : 0x04a00000;
                block.va[i] = base + draw(&state, 1 << 20) * 8;
                block.meta[i] = access_meta(kind, sizes[draw(&state, 16)]);
            }
        }
        good = writer_block(writer, &block, NULL, err);
    }
    return writer_close(writer, err) && good;
}

uint64_t parse_memchr(const char *bytes, size_t size_bytes)
{
    const char *end = bytes + size_bytes;
    uint64_t lines = 0;
    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        bytes++;
        lines++;
    }
    return lines;
}

bool parse_blocks(const char *path, struct plan *plan, uint64_t *records, struct err *err)
{
    struct reader *reader = reader_open(path, NULL, err);
    if (reader == NULL)
        return false;
    bool good;
    do
        good = reader_next(reader, &block, err) && (plan == NULL || plan_block(plan, &block, err));
    while (good && block.count > 0);
    *records = reader_facts(reader)->records;
    reader_close(reader);
    return good;
}

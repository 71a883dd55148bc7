/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/provenance.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/say.h"
#include "cli/version.h"

enum { FIELDS = 8 };
enum { MACHINE_HASH, TRACE_HASH };

struct field field_of_text(const char *name, const char *text)
{
    return (struct field){.name = name, .kind = FIELD_TEXT, .text = text};
}

struct field field_of_count(const char *name, uint64_t count)
{
    return (struct field){.name = name, .kind = FIELD_COUNT, .count = count};
}

static const char *hash_text(uint64_t hash, char text[PROVENANCE_HASH_TEXT])
{
    snprintf(text, PROVENANCE_HASH_TEXT, "%016" PRIx64, hash);
    return text;
}

static const char *only_name(enum kinds only)
{
    return only == KINDS_ALL ? "all" : only == KINDS_DATA ? "data" : "instructions";
}

void provenance_begin(struct provenance *row, const struct configurations *all, size_t index, const char *trace,
                      uint64_t trace_hash, size_t more)
{
    const struct configuration *configuration = &all->configuration[index];
    const struct axes *axes = &all->axes;
    row->field = say_allocate(FIELDS + axes->key_count + more, sizeof *row->field);
    row->value = say_allocate(axes->key_count + 1, sizeof *row->value);

    struct field *next = row->field;
    *next++ = field_of_text("version", PAGEWALK_VERSION);
    *next++ = field_of_text("machine", configuration->machine.name);
    *next++ = field_of_text("machine_hash", hash_text(all->machine_hash[index], row->hash[MACHINE_HASH]));
    *next++ = field_of_text("trace", trace);
    *next++ = field_of_text("trace_hash", trace_hash == 0 ? "partial" : hash_text(trace_hash, row->hash[TRACE_HASH]));
    *next++ = field_of_count("seed", configuration->seed);
    *next++ = field_of_text("only", only_name(configuration->only));
    *next++ = field_of_count("page_size", configuration->machine.page_size_bytes);
    axes_values(axes, all->combination[index], row->value);
    for (size_t i = 0; i < axes->key_count; i++)
        *next++ = field_of_text(axes->key[i], row->value[i]);
    row->count = (size_t)(next - row->field);
}

void provenance_free(struct provenance *row)
{
    free(row->value);
    free(row->field);
}

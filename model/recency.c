/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each access has a time, a count of accesses that starts at 1. `number` has the number of each time, a hash table the
 * last time of each number, and a bitmap over times, `live`, a bit for each number that is held, at its last time. The
 * depth of a number is the count of live bits behind its own. Counting is made cheap by counts of the live bits that
 * stand before a place among its neighbours, one cache line of neighbours a level:
 *
 *     live          a bit a time, 64 to the word
 *     word_before   a count a word, among the 32 of its line
 *     line_before   a count for every 32 words, among 32
 *     above[0]      a count for every 1024 words (2^16 times), among 16; above[1] for 2^20, ...
 *
 * The live bits before a time are the sum of one count of each level, and to clear a bit takes 1 from what stands behind
 * it in one line of each level, which is a vector instruction or a few. To set one costs nothing at all: new times come
 * last, and what stands behind them is counted when a word is begun. A Fenwick tree has as many levels as the logarithm
 * to base 2 has, and two walks over them for an access.
 *
 * When the times are used up, or the table is full, the stack is renewed: numbers get the times 1, 2, 3, ... in their
 * order, and what sank below the limit goes. Until then it stays, since its depth, which is the limit or more, says that
 * it is not held. So no access pays for an eviction.
 */
#include "model/recency.h"

#include <assert.h>
#include <string.h>

#include "model/vector.h"

enum {
    WORD_BITS = 6,  /* log2 of the times in a word of live bits, */
    LINE_BITS = 5,  /* of the 16-bit counts in a cache line, */
    ABOVE_BITS = 4, /* and of the 32-bit counts in one */
    WORD_MASK = (1 << WORD_BITS) - 1,
    LINE_MASK = (1 << LINE_BITS) - 1,
    ABOVE_MASK = (1 << ABOVE_BITS) - 1,
    LINE_BYTES = 64,
    ABOVE_SHIFT = WORD_BITS + 2 * LINE_BITS,
    ABOVE_MAX = 4,
    FIRST_SLOTS = 64,
    FIRST_TIMES = 256, /* arrays of many sets have a stack for each */
    ROOM = 4, /* a renewed stack has at least so many times and slots a number, and is full with half of the slots */
};

#define TIMES_MAX (UINT64_C(1) << (ABOVE_SHIFT + ABOVE_MAX * ABOVE_BITS))

struct clock {
    uint64_t times;        /* a power of two */
    uint64_t now;          /* the next one */
    uint64_t *live;        /* the arrays are one allocation, which begins here */
    uint16_t *word_before; /* counts of words behind that of now - 1 mean nothing */
    uint16_t *line_before;
    uint32_t *above[ABOVE_MAX];
    unsigned above_count;
    uint64_t room_bytes;
};

struct recency {
    struct arena *arena;
    uint64_t limit; /* UINT64_MAX: none */
    uint64_t held;  /* live bits; more than the limit at times */
    uint64_t full;  /* as many as the slots are for */
    struct clock clock;
    uint64_t *number; /* by time */

    /* Open addressing, linear probing. A slot is a time, and above it as many bits of the number's hash as fit, which
     * spare most looks at numbers that are others; 0 is an empty one. */
    uint32_t *slot;
    uint64_t slots;      /* a power of two */
    unsigned slot_shift; /* of a hash, for the first slot to look into */
    unsigned time_bits;
    uint64_t slot_bytes; /* allocated, as the next */
    uint64_t number_bytes;

    uint64_t dead_words; /* of live bits, all before the oldest number: where to look for it */
};

/* ---- Times ---- */

/* A level's counts, or the live words: whole cache lines, one at the least. */
static uint64_t level_bytes(uint64_t count, size_t size)
{
    return (count * size + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES + (count == 0 ? LINE_BYTES : 0);
}

static uint64_t above_counts(uint64_t times, unsigned level)
{
    return times >> (ABOVE_SHIFT + level * ABOVE_BITS);
}

static uint64_t clock_bytes(uint64_t times)
{
    const uint64_t words = times >> WORD_BITS;
    uint64_t bytes = level_bytes(words, sizeof(uint64_t)) + level_bytes(words, sizeof(uint16_t)) +
                     level_bytes(words >> LINE_BITS, sizeof(uint16_t));
    for (unsigned k = 0; above_counts(times, k) > 1; k++)
        bytes += level_bytes(above_counts(times, k), sizeof(uint32_t));
    return bytes;
}

/* Room for `times`; what is live stays. */
static bool clock_grow(struct clock *clock, struct arena *arena, uint64_t times)
{
    const uint64_t words = times >> WORD_BITS;
    const uint64_t bytes = clock_bytes(times);
    if (bytes > clock->room_bytes) {
        uint64_t *live = arena_grow(arena, clock->live, clock->room_bytes, bytes);
        if (live == NULL)
            return false;
        clock->live = live;
        clock->room_bytes = bytes;
    }
    clock->times = times;
    char *level = (char *)clock->live + level_bytes(words, sizeof(uint64_t));
    clock->word_before = (uint16_t *)(void *)level;
    level += level_bytes(words, sizeof(uint16_t));
    clock->line_before = (uint16_t *)(void *)level;
    level += level_bytes(words >> LINE_BITS, sizeof(uint16_t));
    for (clock->above_count = 0; above_counts(times, clock->above_count) > 1; clock->above_count++) {
        clock->above[clock->above_count] = (uint32_t *)(void *)level;
        level += level_bytes(above_counts(times, clock->above_count), sizeof(uint32_t));
    }
    return true;
}

/* Empties the word and counts what is live before it, now that it is known: only where its neighbourhood on a level
 * begins with it does the next level have to know. */
static void begin_word(struct clock *clock, uint64_t word)
{
    uint64_t index = word;
    uint64_t count = word > 0 ? (uint64_t)__builtin_popcountll(clock->live[word - 1]) : 0;
    clock->live[word] = 0;
    uint16_t *const levels[] = {clock->word_before, clock->line_before};
    for (unsigned i = 0; i < 2; i++) {
        uint16_t *before = levels[i];
        if ((index & LINE_MASK) != 0) {
            before[index] = (uint16_t)(before[index - 1] + count);
            return;
        }
        before[index] = 0;
        count += index > 0 ? before[index - 1] : 0;
        index >>= LINE_BITS;
    }
    for (unsigned k = 0; k < clock->above_count; k++) {
        uint32_t *before = clock->above[k];
        if ((index & ABOVE_MASK) != 0) {
            before[index] = (uint32_t)(before[index - 1] + count);
            return;
        }
        before[index] = 0;
        count += index > 0 ? before[index - 1] : 0;
        index >>= ABOVE_BITS;
    }
}

/* Starts anew with the times 1 to `count` live. */
static void clock_reset(struct clock *clock, uint64_t count)
{
    clock->now = count + 1;
    const uint64_t last = clock->now >> WORD_BITS;
    for (uint64_t word = 0; word <= last; word++) {
        begin_word(clock, word);
        clock->live[word] = word < last ? UINT64_MAX : (UINT64_C(1) << (clock->now & WORD_MASK)) - 1;
        if (word == 0)
            clock->live[word] &= ~UINT64_C(1); /* there is no time 0 */
    }
}

/* Makes the next time a live one. */
static inline void clock_tick(struct clock *clock)
{
    const uint64_t word = clock->now >> WORD_BITS;
    const uint64_t bit = clock->now & WORD_MASK;
    if (bit == 0)
        begin_word(clock, word);
    clock->live[word] |= UINT64_C(1) << bit;
    clock->now++;
}

/* The live times before this one. */
static inline uint64_t clock_before(const struct clock *clock, uint32_t time)
{
    const uint32_t word = time >> WORD_BITS;
    const uint64_t earlier = (UINT64_C(1) << (time & WORD_MASK)) - 1;
    uint64_t count = (uint64_t)__builtin_popcountll(clock->live[word] & earlier);
    count += clock->word_before[word] + clock->line_before[word >> LINE_BITS];
    for (unsigned k = 0; k < clock->above_count; k++)
        count += clock->above[k][time >> (ABOVE_SHIFT + k * ABOVE_BITS)];
    return count;
}

static inline bool clock_is_live(const struct clock *clock, uint64_t time)
{
    return clock->live[time >> WORD_BITS] >> (time & WORD_MASK) & 1;
}

/* Takes 1 from the counts of a line that stand behind `index`. Loops that become one vector instruction or several: a
 * vector type of the line's width is taken to pieces in memory where registers are narrower, which made an access twice
 * to three times as long (20 against 44 to 73 ns, 65536 numbers). */
static inline void lower16(uint16_t *counts, uint32_t index)
{
    uint16_t *line = __builtin_assume_aligned(counts + (index & ~(uint32_t)LINE_MASK), LINE_BYTES);
    const uint16_t place = (uint16_t)(index & LINE_MASK);
    for (uint32_t i = 0; i < 1 << LINE_BITS; i++)
        line[i] = (uint16_t)(line[i] - ((uint16_t)i > place));
}

static inline void lower32(uint32_t *counts, uint32_t index)
{
    uint32_t *line = __builtin_assume_aligned(counts + (index & ~(uint32_t)ABOVE_MASK), LINE_BYTES);
    const uint32_t place = index & ABOVE_MASK;
    for (uint32_t i = 0; i < 1 << ABOVE_BITS; i++)
        line[i] -= i > place;
}

static inline void clock_forget(struct clock *clock, uint32_t time)
{
    const uint32_t word = time >> WORD_BITS;
    clock->live[word] &= ~(UINT64_C(1) << (time & WORD_MASK));
    lower16(clock->word_before, word);
    lower16(clock->line_before, word >> LINE_BITS);
    for (unsigned k = 0; k < clock->above_count; k++)
        lower32(clock->above[k], time >> (ABOVE_SHIFT + k * ABOVE_BITS));
}

/* ---- Numbers ---- */

/* Two rounds of multiplication: with one, which is Fibonacci hashing, there are strides whose numbers meet in a few
 * slots. */
static inline uint64_t hash_of(uint64_t number)
{
    number = (number ^ number >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return (number ^ number >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* The bits of a hash that a slot has, where it has them. */
static inline uint32_t hash_bits(const struct recency *recency, uint64_t hash)
{
    return (uint32_t)(hash << recency->time_bits);
}

static inline uint32_t time_of(const struct recency *recency, uint32_t slot)
{
    return slot & (uint32_t)((UINT64_C(1) << recency->time_bits) - 1);
}

/* The slot of the number, or the empty one where it belongs. */
static inline uint32_t *find_slot(const struct recency *recency, uint64_t number, uint64_t hash)
{
    const uint32_t bits = hash_bits(recency, hash);
    for (uint64_t i = hash >> recency->slot_shift;; i = (i + 1) & (recency->slots - 1)) {
        const uint32_t slot = recency->slot[i];
        const bool may_be = (uint64_t)(slot ^ bits) >> recency->time_bits == 0;
        if (slot == 0 || (may_be && recency->number[time_of(recency, slot)] == number))
            return &recency->slot[i];
    }
}

/* The same for a number that has no slot. */
static inline uint32_t *find_empty(const struct recency *recency, uint64_t hash)
{
    uint64_t i = hash >> recency->slot_shift;
    while (recency->slot[i] != 0)
        i = (i + 1) & (recency->slots - 1);
    return &recency->slot[i];
}

/* Empties the slot. What stands behind it and would be looked for at or before it moves up: a search ends at an empty
 * slot (Knuth, "The Art of Computer Programming", volume 3, 6.4, algorithm R). */
static void empty_slot(struct recency *recency, uint64_t empty)
{
    const uint64_t mask = recency->slots - 1;
    for (uint64_t i = (empty + 1) & mask; recency->slot[i] != 0; i = (i + 1) & mask) {
        const uint64_t number = recency->number[time_of(recency, recency->slot[i])];
        const uint64_t first = hash_of(number) >> recency->slot_shift;
        if (((i - first) & mask) < ((i - empty) & mask))
            continue;
        recency->slot[empty] = recency->slot[i];
        empty = i;
    }
    recency->slot[empty] = 0;
}

/* ---- Renewal ---- */

static uint64_t grown(uint64_t size, uint64_t least)
{
    while (size < least)
        size *= 2;
    return size;
}

/* Times for `count` numbers, no fewer than there are. */
static uint64_t grown_times(uint64_t times, uint64_t count)
{
    times = grown(times, ROOM * count);
    return times < TIMES_MAX ? times : TIMES_MAX;
}

/* An array of at least `bytes`; NULL when out of memory, where the old one stays. */
static void *grow(struct arena *arena, void *array, uint64_t *room_bytes, uint64_t bytes)
{
    if (bytes <= *room_bytes)
        return array;
    void *more = arena_grow(arena, array, *room_bytes, bytes);
    if (more != NULL)
        *room_bytes = bytes;
    return more;
}

static bool make_room(struct recency *recency, uint64_t slots, uint64_t times)
{
    uint32_t *slot = grow(recency->arena, recency->slot, &recency->slot_bytes, slots * sizeof *slot);
    recency->slot = slot != NULL ? slot : recency->slot;
    uint64_t *number = grow(recency->arena, recency->number, &recency->number_bytes, times * sizeof *number);
    recency->number = number != NULL ? number : recency->number;
    return slot != NULL && number != NULL;
}

/* Moves the youngest `kept` numbers to the times 1 to `kept`. */
static void move_numbers(struct recency *recency, uint64_t kept)
{
    uint64_t sunk = recency->held - kept;
    uint64_t time = 1;
    for (uint64_t word = 0; word <= (recency->clock.now - 1) >> WORD_BITS; word++)
        for (uint64_t live = recency->clock.live[word]; live != 0; live &= live - 1) {
            if (sunk > 0)
                sunk--;
            else
                recency->number[time++] = recency->number[word << WORD_BITS | (uint64_t)__builtin_ctzll(live)];
        }
}

/* Makes room for more. Out of memory, nothing has changed but that arrays may have room to spare. */
VECTOR_CLONES
static bool renew(struct recency *recency)
{
    const uint64_t kept = recency_count(recency);
    if (kept > TIMES_MAX / 2)
        return false; /* a time has 32 bits, and the numbers take 100 GiB */
    const uint64_t slots = grown(recency->slots, ROOM * kept);
    const uint64_t times = grown_times(recency->clock.times, kept);
    if (!make_room(recency, slots, times) || !clock_grow(&recency->clock, recency->arena, times))
        return false;
    move_numbers(recency, kept);
    clock_reset(&recency->clock, kept);
    recency->held = kept;
    recency->dead_words = 0;
    recency->full = slots / 2;
    recency->slots = slots;
    recency->slot_shift = 64 - (unsigned)__builtin_ctzll(slots);
    recency->time_bits = (unsigned)__builtin_ctzll(times);
    memset(recency->slot, 0, slots * sizeof *recency->slot);
    for (uint32_t time = 1; time <= kept; time++) {
        const uint64_t hash = hash_of(recency->number[time]);
        *find_empty(recency, hash) = hash_bits(recency, hash) | time;
    }
    return true;
}

/* ---- The stack ---- */

struct recency *recency_create(struct arena *arena, uint64_t limit)
{
    struct recency *recency = arena_alloc(arena, sizeof *recency);
    if (recency == NULL)
        return NULL;
    recency->arena = arena;
    recency->limit = limit > 0 ? limit : UINT64_MAX;
    recency->slots = FIRST_SLOTS;
    recency->clock.times = FIRST_TIMES;
    recency->clock.now = 1;
    return renew(recency) ? recency : NULL;
}

bool recency_reserve(struct recency *recency)
{
    struct clock *clock = &recency->clock;
    assert(recency->limit <= TIMES_MAX / ROOM);
    const uint64_t times = grown_times(FIRST_TIMES, recency->limit);
    const uint64_t bytes = clock_bytes(times);
    if (!make_room(recency, grown(FIRST_SLOTS, ROOM * recency->limit), times))
        return false;
    uint64_t *live = grow(recency->arena, clock->live, &clock->room_bytes, bytes);
    if (live == NULL)
        return false;
    clock->live = live;
    return clock_grow(clock, recency->arena, clock->times);
}

VECTOR_CLONES
bool recency_access(struct recency *recency, uint64_t number, uint64_t *depth)
{
    struct clock *clock = &recency->clock;
    if (recency->number[clock->now - 1] == number && clock_is_live(clock, clock->now - 1)) {
        *depth = 0;
        return true;
    }
    if ((clock->now == clock->times || recency->held == recency->full) && !renew(recency))
        return false;
    const uint64_t hash = hash_of(number);
    uint32_t *slot = find_slot(recency, number, hash);
    *depth = RECENCY_NEVER;
    if (*slot != 0) {
        const uint32_t before = time_of(recency, *slot);
        const uint64_t deep = recency->held - 1 - clock_before(clock, before);
        if (deep < recency->limit)
            *depth = deep;
        clock_forget(clock, before);
    } else {
        recency->held++;
    }
    recency->number[clock->now] = number;
    *slot = hash_bits(recency, hash) | (uint32_t)clock->now;
    clock_tick(clock);
    return true;
}

bool recency_remove(struct recency *recency, uint64_t number)
{
    assert(recency->held <= recency->limit);
    const uint32_t *slot = find_slot(recency, number, hash_of(number));
    if (*slot == 0)
        return false;
    clock_forget(&recency->clock, time_of(recency, *slot));
    empty_slot(recency, (uint64_t)(slot - recency->slot));
    recency->held--;
    return true;
}

bool recency_remove_if(struct recency *recency, bool (*is_meant)(uint64_t number, const void *argument),
                       const void *argument)
{
    if (recency->held > recency->limit && !renew(recency)) /* what has sunk must not come up again */
        return false;
    for (uint64_t word = 0; word <= (recency->clock.now - 1) >> WORD_BITS; word++)
        for (uint64_t live = recency->clock.live[word]; live != 0; live &= live - 1) {
            const uint64_t number = recency->number[word << WORD_BITS | (uint64_t)__builtin_ctzll(live)];
            if (is_meant(number, argument))
                recency_remove(recency, number);
        }
    return true;
}

uint64_t recency_evict(struct recency *recency)
{
    assert(recency->held > 0);
    const uint64_t *live = recency->clock.live;
    while (live[recency->dead_words] == 0)
        recency->dead_words++;
    const uint64_t word = recency->dead_words;
    const uint64_t number = recency->number[word << WORD_BITS | (uint64_t)__builtin_ctzll(live[word])];
    recency_remove(recency, number);
    return number;
}

uint64_t recency_count(const struct recency *recency)
{
    return recency->held < recency->limit ? recency->held : recency->limit;
}

uint64_t recency_bytes(const struct recency *recency)
{
    return sizeof *recency + recency->slot_bytes + recency->number_bytes + recency->clock.room_bytes;
}

uint64_t recency_most_bytes(uint64_t limit)
{
    const uint64_t times = grown_times(FIRST_TIMES, limit);
    return sizeof(struct recency) + grown(FIRST_SLOTS, ROOM * limit) * sizeof(uint32_t) + times * sizeof(uint64_t) +
           clock_bytes(times);
}

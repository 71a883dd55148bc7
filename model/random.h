/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The generator behind `policy = random`: one an array, seeded from (seed, the array's name), so that adding an array
 * to a machine changes no draw of another. SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): 64 bits of state, every state good, nothing to warm up.
 */
#ifndef MODEL_RANDOM_H
#define MODEL_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The state to begin with for the array called `name`, such as "l2.shared". */
static inline uint64_t random_seed(uint64_t seed, const char *name)
{
    uint64_t state = seed;
    for (; *name != '\0'; name++)
        state = random_next(&state) ^ (uint8_t)*name;
    return random_next(&state);
}

/* Of an array that each CPU has one of. */
static inline uint64_t random_seed_on(uint64_t seed, const char *name, unsigned cpu)
{
    uint64_t state = random_seed(seed, name) ^ cpu;
    return cpu == 0 ? state : random_next(&state);
}

/* Uniform over 0 .. bound - 1, bound >= 1, without bias: Lemire's multiply, redrawing the short interval. */
static inline uint32_t random_below(uint64_t *state, uint32_t bound)
{
    uint64_t product = (random_next(state) >> 32) * bound;
    if ((uint32_t)product < bound) {
        const uint32_t threshold = -bound % bound;
        while ((uint32_t)product < threshold)
            product = (random_next(state) >> 32) * bound;
    }
    return (uint32_t)(product >> 32);
}

#endif

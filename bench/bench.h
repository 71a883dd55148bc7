/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Google Benchmark for C: what to time, and which speeds to divide by which. bench.cc is the only C++ there is.
 *
 * A figure of one run is not a measurement here: every benchmark is repeated, the repetitions of all of them in one
 * random order so that a machine that drifts hits all alike, and what counts is the median of the CPU time of the whole
 * process, or, where a benchmark asks for it, of the time that passed. Ratios are told, never judged: a bar that is missed
 * does not make the process fail.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The functions but `body` may be NULL, are not timed, and end the process when they fail. */
struct bench {
    const char *name;               /* unique; group/what/of */
    void (*check)(void *context);   /* once, before the first timing: is what is timed right? */
    void (*prepare)(void *context); /* before each iteration */
    void (*body)(void *context);
    void (*finish)(void *context); /* behind each iteration */
    void *context;
    uint64_t items; /* an iteration */
    bool wall;      /* time by the clock on the wall and not by that of the processors: for what runs on several */
};

/* Speed of `numerator` / speed of `denominator`, both names of benchmarks. */
struct bench_ratio {
    const char *name;
    const char *numerator;
    const char *denominator;
    double at_least; /* the bar; 0: none */
    double at_most;  /* the same, from above */
};

/* What is told beside speeds, where the benchmark was run. */
struct bench_figure {
    const char *name;
    const char *benchmark;
    double (*measure)(void *context);
    void *context;
    double at_most; /* the bar; 0: none */
};

/* All are copied, with their strings. */
void bench_register(const struct bench *bench);
void bench_register_ratio(const struct bench_ratio *ratio);
void bench_register_figure(const struct bench_figure *figure);

/* Runs what --benchmark_filter selects, prints the medians and then the ratios and figures of what was run. Any --benchmark_* flag
 * goes. Returns an exit status: 2 for arguments that nobody knows. */
int bench_run(int argc, char **argv);

/* One iteration of one benchmark, unchecked and untimed, for a tool that counts inside `bench_once_body`, and its items
 * on stdout. An exit status as above. */
int bench_once(const char *name);

/* The compiler must take `value` for used. */
void bench_keep(uint64_t value);

#ifdef __cplusplus
}
#endif

#endif

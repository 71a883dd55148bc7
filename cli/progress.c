/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/table.h"

#define FIRST_SECONDS 1.0
#define EVERY_SECONDS 0.2

/* One process has one stderr, so there is one of these. */
static struct {
    bool active;
    bool shown;
    const char *label;
    uint64_t total;
    double begun;
    double next;
} line;

double progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_begin(const char *label, uint64_t total)
{
    const char *terminal = getenv("TERM");
    line.active = !say_is_quiet() && isatty(STDERR_FILENO) == 1 && (terminal == NULL || strcmp(terminal, "dumb") != 0);
    line.label = label;
    line.total = total;
    line.begun = progress_clock();
    line.next = line.begun + FIRST_SECONDS;
}

void progress_update(uint64_t accesses, uint64_t done)
{
    if (!line.active)
        return;
    const double now = progress_clock();
    if (now < line.next)
        return;
    line.next = now + EVERY_SECONDS;
    line.shown = true;
    const double seconds = now - line.begun;
    char text[TABLE_COUNT_TEXT];
    fprintf(stderr, "\r\033[K%.40s: %s accesses, %.1f M/s", line.label, table_count(accesses, text),
            (double)accesses / seconds / 1e6);
    if (line.total > 0 && done > 0 && done <= line.total)
        fprintf(stderr, ", %.0f %%, %.0f s to go", 100.0 * (double)done / (double)line.total,
                seconds * (double)(line.total - done) / (double)done);
    fflush(stderr);
}

void progress_hide(void)
{
    if (line.shown)
        fputs("\r\033[K", stderr);
    line.shown = false;
}

void progress_end(void)
{
    progress_hide();
    line.active = false;
}

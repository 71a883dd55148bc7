/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From what the command line says (a machine, settings, axes) to the list of configurations that the engine runs. Every
 * combination is resolved, and every illegal one reported, before anything runs.
 */
#ifndef CLI_CONFIGURATIONS_H
#define CLI_CONFIGURATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/axes.h"
#include "cli/options.h"
#include "model/plan.h"

struct configurations_request {
    const char *machine; /* preset or file */
    struct option_values set;
    const char *page_size; /* NULL: as the machine has it */
    struct option_values vary;
    bool skip_illegal;
    bool all_illegal;      /* say every one, however many there are */
    bool unhashed;         /* for who writes no rows: a tenth of the time */
    uint64_t bytes_beside; /* memory that the caller takes for each configuration */
    enum kinds only;
    uint64_t seed;
    struct option_values ideal; /* bounds that are asked for beside each configuration */
    bool walk_paths;
};

/* Behind each configuration stand its bounds, in the order in which they were asked for. */
struct configurations {
    size_t count;
    size_t ideals;
    struct configuration *configuration; /* machine.source is empty: the text it pointed to is gone */
    uint64_t *machine_hash; /* XXH3 64-bit of what machine_write writes, unless the request leaves it out */
    size_t *combination;    /* of the axes */
    struct axes axes;
};

/* The settings of a machine as --machine, --set and --page-size say it; NULL with err. */
struct machine_text *configurations_text(const struct configurations_request *request, struct err *err);

/* Illegal combinations are said on stderr, all at once; without skip_illegal they are an error, too. More combinations
 * than there is memory for are an error before any is made. */
bool configurations_make(const struct configurations_request *request, struct configurations *configurations,
                         struct err *err);

void configurations_free(struct configurations *configurations);

#endif

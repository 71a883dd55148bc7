/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The subcommands, one file each, and the actions of those that have some. A command gets its own name as argv[0]. What
 * it returns is the exit status; where it leaves a message in err, main prints it.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdio.h>

#include "cli/options.h"
#include "model/err.h"

struct command {
    const char *name;
    const char *help; /* one line */
    enum status (*run)(int argc, char **argv, struct err *err);
};

/* In the order of the help; the last has a NULL name. */
extern const struct command commands[];

extern const struct command trace_actions[];

/* The names and their help, below the title. */
void commands_print(const struct command *commands_of, const char *title, FILE *out);

/* NULL with err, which calls it what it is: "subcommand". */
const struct command *commands_find(const struct command *commands_of, const char *what, const char *name,
                                    struct err *err);

enum status run_command(int argc, char **argv, struct err *err);
enum status sweep_command(int argc, char **argv, struct err *err);
enum status mrc_command(int argc, char **argv, struct err *err);
enum status gen_command(int argc, char **argv, struct err *err);
enum status capture_command(int argc, char **argv, struct err *err);
enum status trace_command(int argc, char **argv, struct err *err);
enum status plot_command(int argc, char **argv, struct err *err);
enum status machines_command(int argc, char **argv, struct err *err);
enum status list_command(int argc, char **argv, struct err *err);

/* The actions of trace: argv[0] is "trace info". */
enum status trace_info_command(int argc, char **argv, struct err *err);
enum status trace_head_command(int argc, char **argv, struct err *err);
enum status trace_convert_command(int argc, char **argv, struct err *err);
enum status trace_cut_command(int argc, char **argv, struct err *err);
enum status trace_stats_command(int argc, char **argv, struct err *err);
enum status trace_merge_command(int argc, char **argv, struct err *err);

#endif

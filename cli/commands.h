/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The subcommands, one file each. A command gets its own name as argv[0]. What it returns is the exit status; where it
 * leaves a message in err, main prints it.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"
#include "model/err.h"

struct command {
    const char *name;
    const char *help; /* one line */
    enum status (*run)(int argc, char **argv, struct err *err);
};

/* In the order of the help; the last has a NULL name. */
extern const struct command commands[];

enum status run_command(int argc, char **argv, struct err *err);
enum status sweep_command(int argc, char **argv, struct err *err);
enum status mrc_command(int argc, char **argv, struct err *err);
enum status gen_command(int argc, char **argv, struct err *err);
enum status capture_command(int argc, char **argv, struct err *err);
enum status trace_command(int argc, char **argv, struct err *err);
enum status trace_stats_command(int argc, char **argv, struct err *err); /* argv[0] is "trace stats", and so below */
enum status trace_merge_command(int argc, char **argv, struct err *err);
enum status plot_command(int argc, char **argv, struct err *err);
enum status machines_command(int argc, char **argv, struct err *err);
enum status list_command(int argc, char **argv, struct err *err);

#endif

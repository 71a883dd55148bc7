/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command: finds the subcommand, says what went wrong, and sees to it that all of standard output was written.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/version.h"

static enum status help_command(int argc, char **argv, struct err *err);

const struct command commands[] = {
    {"run", "run traces through one machine", run_command},
    {"sweep", "run traces through every combination of settings", sweep_command},
    {"mrc", "miss ratios of TLBs of every size, in one pass", mrc_command},
    {"gen", "make a trace of known statistics", gen_command},
    {"capture", "record a trace of a real program, with Valgrind", capture_command},
    {"trace", "look into traces and convert them", trace_command},
    {"plot", "draw results", plot_command},
    {"machines", "list, show and check machines", machines_command},
    {"list", "list policies, formats, generators, counters, metrics, statistics, plots, keys", list_command},
    {"help", "print the help of a subcommand", help_command},
    {NULL, NULL, NULL},
};

static const char examples[] =
    "examples:\n"
    "  pagewalk capture -- ls -l\n"
    "  pagewalk run ls.pwt\n"
    "  pagewalk sweep --vary os.page_size=4K,2M --vary tlb.l2.any.entries=384,1536 -o sizes.csv ls.pwt\n"
    "  pagewalk help sweep\n";

static void print_usage(FILE *out)
{
    fputs("usage: pagewalk COMMAND [ARGUMENT]...\n"
          "       pagewalk help [COMMAND [ACTION]]\n"
          "       pagewalk --version\n\n",
          out);
    commands_print(commands, "commands:", out);
}

static enum status print_help(void)
{
    options_wrap(
        stdout,
        "pagewalk is a model of the MMU: memory traces of programs go in, hit ratios of TLBs and cycles of page-table "
        "walks come out.",
        0, 0);
    fputs("\n\n", stdout);
    print_usage(stdout);
    printf("\n%s", examples);
    return STATUS_DONE;
}

/* `help X` is `X --help`. */
static enum status help_command(int argc, char **argv, struct err *err)
{
    if (argc == 1 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_help();
    const struct command *command = commands_find(commands, "subcommand", argv[1], err);
    if (command == NULL)
        return STATUS_WRONG;
    if (command->run == help_command)
        return print_help();
    /* `help trace cut` is `trace cut --help`. */
    const bool has_actions = command->run == trace_command;
    if (argc > (has_actions ? 3 : 2)) {
        err_set(err, "help takes one subcommand%s, and there is \"%s\"", has_actions ? " and its action" : "",
                argv[has_actions ? 3 : 2]);
        return STATUS_WRONG;
    }
    char help[] = "--help";
    char *asked[] = {argv[1], argc == 3 ? argv[2] : help, help, NULL};
    return command->run(argc, asked, err);
}

static enum status dispatch(int argc, char **argv, struct err *err)
{
    if (argc < 2) {
        print_usage(stderr);
        return STATUS_WRONG;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_help();
    if (strcmp(argv[1], "--version") == 0) {
        puts("pagewalk " PAGEWALK_VERSION);
        return STATUS_DONE;
    }
    if (argv[1][0] == '-') {
        err_set(err, "there is no option %s before the subcommand; \"pagewalk --help\" lists the subcommands", argv[1]);
        return STATUS_WRONG;
    }
    const struct command *command = commands_find(commands, "subcommand", argv[1], err);
    return command != NULL ? command->run(argc - 1, argv + 1, err) : STATUS_WRONG;
}

/* Whoever started us may have closed some, and the next file that is opened would be standard error to what says
 * something: a warning among the rows. Opened the wrong way round, so that to use one is the error that it would be. */
static void hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    hold_standard_descriptors();
    signal(SIGPIPE, SIG_DFL); /* whoever started us may have it ignored; a closed pipe is to end us quietly */
    struct err err = {.text = ""};
    enum status status = dispatch(argc, argv, &err);
    struct output standard = {.file = stdout};
    if (err.text[0] == '\0' && !output_flush(&standard, &err))
        status = STATUS_WRONG;
    if (err.text[0] != '\0')
        say_error(&err);
    return (int)status;
}

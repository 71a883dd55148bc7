/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli/commands.h"
#include "cli/configurations.h"
#include "cli/say.h"
#include "cli/table.h"

static enum status list_machines(struct err *err)
{
    struct table *table = table_create("lw");
    table_add(table, "MACHINE");
    table_add(table, "SOURCE");
    for (const char *const *name = machine_preset_names(); *name != NULL; name++) {
        struct machine machine;
        struct machine_text *text = machine_text_open(*name, err);
        if (text == NULL || !machine_resolve(text, &machine, err)) {
            machine_text_free(text);
            table_free(table);
            return STATUS_WRONG;
        }
        table_add(table, "%s", *name);
        table_add(table, "%s", machine.source);
        machine_text_free(text);
    }
    table_print(table, stdout, 0, say_may_style(stdout));
    table_free(table);
    return STATUS_DONE;
}

static enum status show_machine(const struct configurations_request *request, struct err *err)
{
    struct machine machine;
    struct machine_text *text = configurations_text(request, err);
    const bool good = text != NULL && machine_resolve(text, &machine, err);
    if (good)
        machine_write(&machine, stdout);
    machine_text_free(text);
    return good ? STATUS_DONE : STATUS_WRONG;
}

static enum status check_machine(const char *path, struct err *err)
{
    struct machine machine;
    struct machine_text *text = machine_text_read(path, err);
    const bool good = text != NULL && machine_resolve(text, &machine, err);
    if (good)
        printf("%s: OK\n", path);
    machine_text_free(text);
    return good ? STATUS_DONE : STATUS_WRONG;
}

static enum status wrong(struct err *err, const char *message)
{
    err_set(err, "%s", message);
    return STATUS_WRONG;
}

enum status machines_command(int argc, char **argv, struct err *err)
{
    struct configurations_request request = {0};
    const struct option_spec option[] = {
        {.letter = 's',
         .name = "set",
         .value = "SECTION.KEY=VALUE",
         .texts = &request.set,
         .help = "show: override one setting; may be given again"},
        {.letter = 'p',
         .name = "page-size",
         .value = "SIZE",
         .text = &request.page_size,
         .help = "show: short for --set os.page_size=SIZE"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "machines [list]\n"
                 "machines show [--set SECTION.KEY=VALUE]... NAME|FILE\n"
                 "machines check FILE",
        .about = "Lists the machines that pagewalk has, prints one as a machine file with every key (a start for one's "
                 "own), or checks "
                 "a machine file.",
        .option = option,
        .examples = "pagewalk machines\n"
                    "pagewalk machines show skylake > mine.ini\n"
                    "pagewalk machines show --set tlb.l2.any.entries=3072 generic\n"
                    "pagewalk machines check mine.ini",
        .operand = "list, show NAME or check FILE",
        .operands_most = 2,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    static const char *const actions[] = {"list", "show", "check", NULL};
    const char *action = arguments.operand_count > 0 ? arguments.operand[0] : "list";
    const char *name = arguments.operand_count > 1 ? arguments.operand[1] : NULL;
    const bool shows = strcmp(action, "show") == 0;
    if (!shows && arguments.given_count > 0)
        return wrong(err, "machines: settings are for machines show NAME only");
    if (strcmp(action, "list") == 0)
        return name == NULL ? list_machines(err)
                            : wrong(err, "machines list takes no name; machines show NAME shows one");
    if (!shows && strcmp(action, "check") != 0) {
        options_unknown(err, "action of machines", action, actions);
        return STATUS_WRONG;
    }
    if (name == NULL)
        return wrong(err, shows ? "machines show needs a NAME; \"pagewalk machines\" lists them"
                                : "machines check needs a FILE");
    request.machine = name;
    return shows ? show_machine(&request, err) : check_machine(name, err);
}

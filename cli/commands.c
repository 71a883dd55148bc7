/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "cli/table.h"

void commands_print(const struct command *commands_of, const char *title, FILE *out)
{
    struct table *table = table_create("lw");
    table_add(table, "%s", title);
    table_add(table, "%s", "");
    for (const struct command *command = commands_of; command->name != NULL; command++) {
        table_add(table, "  %s", command->name);
        table_add(table, "%s", command->help);
    }
    table_print(table, out, 0, false);
    table_free(table);
}

const struct command *commands_find(const struct command *commands_of, const char *what, const char *name,
                                    struct err *err)
{
    size_t count = 0;
    for (; commands_of[count].name != NULL; count++)
        if (strcmp(commands_of[count].name, name) == 0)
            return &commands_of[count];
    const char **names = say_allocate(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = commands_of[i].name;
    options_unknown(err, what, name, names);
    free(names);
    return NULL;
}

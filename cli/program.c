/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/program.h"

#include <string.h>

#include "cli/say.h"
#include "cli/table.h"

enum status program_say_end(const char *program, const struct capture_result *result, const char *until)
{
    if (result->signal == 0)
        return (enum status)result->exit_status;
    say_warning("signal %d (%s) ended %s; %s", result->signal, strsignal(result->signal), program, until);
    return (enum status)(128 + result->signal);
}

void program_say_lines(const struct reader_facts *facts)
{
    char number[TABLE_COUNT_TEXT];
    if (facts->unknown_lines > 0)
        say_warning("%s lines between Lackey's are none of its own and are left out; the first is %s",
                    table_count(facts->unknown_lines, number), facts->first_unknown);
}

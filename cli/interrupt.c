/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t asked;

static void ask(int signal_number)
{
    (void)signal_number;
    asked = 1;
}

/* Who started us may have it ignored, as a shell does for what runs in the background. */
static void catch (int signal_number)
{
    /* Reset on the first: a second Ctrl-C does what it always does. No restart, so that a read that waits is woken. */
    struct sigaction action = {.sa_handler = ask, .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;
    sigemptyset(&action.sa_mask);
    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(signal_number, &action, NULL);
}

void interrupt_catch(void)
{
    catch (SIGINT);
    catch (SIGTERM);
}

bool interrupt_asked(void)
{
    return asked != 0;
}

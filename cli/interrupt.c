/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/interrupt.h"

#include <signal.h>
#include <stdatomic.h>

static atomic_bool asked; /* lock-free, as signals want it; threads that run plans ask, too */

static void ask(int signal_number)
{
    (void)signal_number;
    asked = true;
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
    /* A file that may not grow, as ulimit -f has it, is an error of the write, which a sentence can be made of. */
    signal(SIGXFSZ, SIG_IGN);
    catch (SIGINT);
    catch (SIGTERM);
}

bool interrupt_asked(void)
{
    return asked;
}

bool interrupt_start_thread(pthread_t *thread, void *(*work)(void *), void *argument)
{
    sigset_t ours;
    sigset_t before;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    const bool started = pthread_create(thread, NULL, work, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

/* Only what is caught: after the first signal the next one kills, here as elsewhere. */
static void restart(int signal_number, bool restarts)
{
    struct sigaction action;
    if (sigaction(signal_number, NULL, &action) != 0 || action.sa_handler != ask)
        return;
    action.sa_flags = (int)(SA_RESETHAND | (restarts ? SA_RESTART : 0));
    sigaction(signal_number, &action, NULL);
}

void interrupt_hold(void)
{
    restart(SIGINT, true);
    restart(SIGTERM, true);
}

void interrupt_release(void)
{
    restart(SIGINT, false);
    restart(SIGTERM, false);
}

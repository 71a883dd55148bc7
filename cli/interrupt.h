/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ctrl-C: what runs long asks between blocks whether it is to end, and ends in order.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <pthread.h>
#include <stdbool.h>

/* From now on the first SIGINT or SIGTERM asks for an end, and the next one kills. */
void interrupt_catch(void);

bool interrupt_asked(void);

/* A read that waits is woken by what asks for an end, but a write would lose what it was given: between these two calls
 * system calls go on. */
void interrupt_hold(void);
void interrupt_release(void);

/* pthread_create for a thread that interruptions are kept from: they are for the one that reads, whose read must wake.
 */
bool interrupt_start_thread(pthread_t *thread, void *(*work)(void *), void *argument);

#endif

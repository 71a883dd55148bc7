/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/capture.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
    LOG_FD = 9,
    PIPE_BYTES = 1 << 20, /* what any user may ask for; enough for a tick at 1 GB/s, where Lackey makes 40 MB/s */
    TICK_MILLISECONDS = 1,
    STOP_MILLISECONDS = 1000, /* from SIGTERM to SIGKILL */
};

static char *const valgrind[] = {
    "valgrind", "-q", "--tool=lackey", "--basic-counts=no", "--trace-mem=yes", "--log-fd=9", "--",
};
enum { VALGRIND_WORDS = sizeof valgrind / sizeof *valgrind };

/* PROGRAM while it runs. */
struct traced {
    pid_t pid;
    int pidfd; /* readable once it has ended */
    int log;   /* the read end of the pipe */
};

static bool is_executable_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* Where execvp and Valgrind find `name`. */
static bool find_in_path(const char *name, char path[PATH_MAX])
{
    const char *entry = getenv("PATH");
    while (entry != NULL) {
        const char *end = strchrnul(entry, ':');
        const int length = (int)(end - entry);
        /* An empty entry is the current directory. */
        const int written = snprintf(path, PATH_MAX, "%.*s%s%s", length, entry, length == 0 ? "./" : "/", name);
        if (written < PATH_MAX && is_executable_file(path))
            return true;
        entry = *end == ':' ? end + 1 : NULL;
    }
    return false;
}

/* What Valgrind would refuse, said before it starts: its own words go in part to the trace. */
static bool check_program(const char *name, struct err *err)
{
    char found[PATH_MAX];
    const char *path = name;
    struct stat status;
    if (strchr(name, '/') == NULL) {
        if (!find_in_path(name, found))
            return err_set(err,
                           "there is no program '%s' in PATH. One that stands elsewhere needs its path, as in ./%s.",
                           name, name);
        path = found;
    }
    if (stat(path, &status) != 0)
        return err_set(err, "cannot run %s: %s.", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return err_set(err, "cannot run %s: it is a %s, not a program.", path,
                       S_ISDIR(status.st_mode) ? "directory" : "special file");
    if (access(path, X_OK) != 0)
        return err_set(err, "cannot run %s: it is not executable. chmod +x makes it so.", path);
    if (access(path, R_OK) != 0)
        return err_set(err, "cannot trace %s: Valgrind must read it, and you may not.", path);
    if ((status.st_mode & (S_ISUID | S_ISGID)) != 0 || getxattr(path, "security.capability", NULL, 0) > 0)
        return err_set(
            err,
            "cannot trace %s: it is setuid, setgid or setcap, and Valgrind runs no such program. Trace a copy "
            "without the bit.",
            path);
    return true;
}

/* Starts PROGRAM with its trace going to `log`; the signals of `reset` get their default action back. */
static bool spawn(char *const argv[], int log, const sigset_t *reset, pid_t *pid, struct err *err)
{
    size_t words = 0;
    while (argv[words] != NULL)
        words++;
    char **command = calloc(VALGRIND_WORDS + words + 1, sizeof *command);
    if (command == NULL)
        return err_set(err, "no memory for a command of %zu words.", VALGRIND_WORDS + words);
    memcpy(command, valgrind, sizeof valgrind);
    memcpy(command + VALGRIND_WORDS, argv, words * sizeof *argv);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, log, LOG_FD); /* which takes close-on-exec off, even from 9 itself */
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, reset);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawnp(pid, command[0], &actions, &attributes, command, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(command);
    if (error == ENOENT)
        return err_set(err, "a trace is made by Valgrind, which is not installed. `apt install valgrind` installs it.");
    if (error != 0)
        return err_set(err, "cannot start valgrind: %s.", strerror(error));
    return true;
}

/* Hands what is in the pipe now to the sink. */
static bool drain(int log, capture_sink *sink, void *context, uint64_t *bytes, struct err *err)
{
    char buffer[1 << 16];
    int pending;
    if (ioctl(log, FIONREAD, &pending) != 0)
        return err_set(err, "cannot ask for Valgrind's trace: %s.", strerror(errno));
    while (pending > 0) {
        const size_t most = (size_t)pending < sizeof buffer ? (size_t)pending : sizeof buffer;
        const ssize_t size = read(log, buffer, most);
        if (size < 0)
            return err_set(err, "cannot read Valgrind's trace: %s.", strerror(errno));
        if (!sink(context, buffer, (size_t)size, err))
            return false;
        *bytes += (uint64_t)size;
        pending -= (int)size;
    }
    return true;
}

/* SIGTERM and SIGHUP are for PROGRAM: whatever ends the capture ends it first, and what came is kept. */
static volatile sig_atomic_t passed_on;

static void pass_on(int signal_number)
{
    passed_on = signal_number;
}

/* Takes the trace until PROGRAM ends.
 *
 * Lackey writes a line at a time. Who waits for the pipe is woken for nearly every line, and the two of them cost each
 * other half of their speed: 17 MB/s, against 37 MB/s with a look every millisecond. PROGRAM's end, not the pipe's,
 * ends the loop: what PROGRAM left running in the background may hold descriptor 9 for days. */
static bool follow(const struct traced *traced, capture_sink *sink, void *context, uint64_t *bytes, struct err *err)
{
    bool ended = false;
    while (!ended) {
        struct pollfd end = {.fd = traced->pidfd, .events = POLLIN};
        const int ready = poll(&end, 1, TICK_MILLISECONDS);
        if (ready < 0 && errno != EINTR)
            return err_set(err, "cannot wait for PROGRAM: %s.", strerror(errno));
        ended = ready > 0;
        if (passed_on != 0 && !ended) {
            kill(traced->pid, passed_on);
            passed_on = 0;
        }
        if (!drain(traced->log, sink, context, bytes, err))
            return false;
    }
    return true;
}

/* Stops PROGRAM, which may be deaf to SIGTERM. The pipe has been closed: Valgrind hears nothing while it waits there.
 */
static void stop(const struct traced *traced)
{
    struct pollfd end = {.fd = traced->pidfd, .events = POLLIN};
    kill(traced->pid, SIGTERM);
    if (poll(&end, 1, STOP_MILLISECONDS) <= 0)
        kill(traced->pid, SIGKILL);
}

static bool run(char *const argv[], const sigset_t *reset, capture_sink *sink, void *context,
                struct capture_result *result, struct err *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(err, "cannot make a pipe: %s.", strerror(errno));
    fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES); /* for speed alone */
    struct traced traced = {.log = ends[0]};
    bool right = spawn(argv, ends[1], reset, &traced.pid, err);
    close(ends[1]);
    if (!right) {
        close(ends[0]);
        return false;
    }
    traced.pidfd = pidfd_open(traced.pid, 0);
    if (traced.pidfd < 0)
        right = err_set(err, "cannot watch PROGRAM: %s. Linux 5.3 or later can.", strerror(errno));
    else
        right = follow(&traced, sink, context, &result->bytes, err);
    close(traced.log);
    if (!right)
        stop(&traced);
    int status = 0;
    if (waitpid(traced.pid, &status, 0) < 0 && right)
        right = err_set(err, "cannot learn how PROGRAM ended: %s.", strerror(errno));
    close(traced.pidfd);
    if (WIFSIGNALED(status))
        result->signal = WTERMSIG(status);
    else
        result->exit_status = WEXITSTATUS(status);
    return right;
}

bool capture_run(char *const argv[], capture_sink *sink, void *context, struct capture_result *result, struct err *err)
{
    assert(argv[0] != NULL);
    *result = (struct capture_result){0};
    if (!check_program(argv[0], err))
        return false;

    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    const struct sigaction forward = {.sa_handler = pass_on};
    struct sigaction interrupt, quit, terminate, hangup;
    sigset_t reset;
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    passed_on = 0;
    sigaction(SIGTERM, &forward, &terminate);
    sigaction(SIGHUP, &forward, &hangup);
    sigemptyset(&reset);
    if (interrupt.sa_handler != SIG_IGN)
        sigaddset(&reset, SIGINT);
    if (quit.sa_handler != SIG_IGN)
        sigaddset(&reset, SIGQUIT);
    const bool right = run(argv, &reset, sink, context, result, err);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    sigaction(SIGTERM, &terminate, NULL);
    sigaction(SIGHUP, &hangup, NULL);

    /* Whatever ran was traced, were it one instruction. */
    if (right && result->signal == 0 && result->bytes == 0)
        return err_set(err, "Valgrind could not start %s, and says why above. It ended with status %d.", argv[0],
                       result->exit_status);
    return right;
}

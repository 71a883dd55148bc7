/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/capture.h"

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
    TRACE_FD = 9,
    PIPE_BYTES = 1 << 20, /* what any user may ask for; enough for a tick at 1 GB/s, where Lackey makes 40 MB/s */
    TICK_MILLISECONDS = 1,
    PLENTY_BYTES = 64 << 10,  /* to read without waiting for more */
    ASK_MILLISECONDS = 100,   /* a question may come while nobody listens for signals */
    STOP_MILLISECONDS = 1000, /* from SIGTERM to SIGKILL */
    WORDS = 16,               /* of Valgrind's own command line, at most */
};

const char *const capture_via_names[] = {"lackey", "native", NULL};

struct capture {
    enum capture_via via;
    bool (*asked)(void);
    struct reader *reader;
    pid_t pid;
    int pidfd; /* readable once PROGRAM has ended */
    int trace; /* the read end of the pipe, which is the reader's */
    bool any;  /* something came */
    bool signals_kept;
    struct sigaction interrupt, quit, terminate, hangup, file_size; /* the caller's */
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

/* What Valgrind would refuse, said before it starts: its own words go in part to the trace. Leaves where the program is. */
static bool check_program(const char *name, char path[PATH_MAX], struct err *err)
{
    struct stat status;
    if (strchr(name, '/') == NULL) {
        if (!find_in_path(name, path))
            return err_set(err,
                           "there is no program '%s' in PATH. One that stands elsewhere needs its path, as in ./%s.",
                           name, name);
    } else if (snprintf(path, PATH_MAX, "%s", name) >= PATH_MAX) {
        return err_set(err, "cannot run %s: %s.", name, strerror(ENAMETOOLONG));
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

/* ---- Our own tool ---- */

/* The folder that Valgrind takes its tools from: beside the command where it was built or installed, and beside the
 * tests. */
static bool find_tools(char folder[PATH_MAX])
{
    static const char *const places[] = {"valgrind", "../libexec/pagewalk", "../valgrind"};
    char self[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        return false;
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char tool[PATH_MAX];
        if (snprintf(tool, sizeof tool, "%s/%s/pagewalk-amd64-linux", self, places[i]) < PATH_MAX &&
            is_executable_file(tool)) {
            *strrchr(tool, '/') = '\0';
            return realpath(tool, folder) != NULL;
        }
    }
    return false;
}

static bool is_32_bit(const char *path)
{
    static const char magic[] = "\x7f"
                                "ELF\1"; /* ELFCLASS32 */
    char head[sizeof magic - 1];
    FILE *file = fopen(path, "re");
    const bool same = file != NULL && fread(head, sizeof head, 1, file) == 1 && memcmp(head, magic, sizeof head) == 0;
    if (file != NULL)
        fclose(file);
    return same;
}

static bool needs_tool(const struct capture_request *request)
{
    return request->children || request->pc || request->no_instructions || request->no_data;
}

/* `tools` is "" where there is none. */
static bool choose_via(const struct capture_request *request, const char *program, const char *tools,
                       enum capture_via *via, struct err *err)
{
    const bool native = *tools != '\0' && !is_32_bit(program);
    *via = request->via != CAPTURE_VIA_ANY ? request->via : native ? CAPTURE_VIA_NATIVE : CAPTURE_VIA_LACKEY;
    if (*via == CAPTURE_VIA_LACKEY && needs_tool(request))
        return err_set(
            err,
            "Lackey prints neither pcs nor whose access it is, and leaves nothing out%s; trace without those "
            "options, or with pagewalk's own tool, --via native.",
            request->via == CAPTURE_VIA_ANY ? ", and it is all there is for this program" : "");
    if (*via == CAPTURE_VIA_NATIVE && *tools == '\0')
        return err_set(err, "pagewalk's own Valgrind tool is not there: it is built with pagewalk where `apt install "
                            "valgrind` was done before, on amd64. --via lackey does without it.");
    if (*via == CAPTURE_VIA_NATIVE && !native)
        return err_set(err, "cannot trace %s with pagewalk's own tool: it is a 32-bit program. --via lackey can.",
                       program);
    return true;
}

/* ---- Starting ---- */

static size_t valgrind_words(const struct capture_request *request, enum capture_via via, char *words[WORDS])
{
    static char valgrind[] = "valgrind", quiet[] = "-q", end[] = "--", no_gdb[] = "--vgdb=no";
    static char lackey[] = "--tool=lackey", no_counts[] = "--basic-counts=no", trace[] = "--trace-mem=yes",
                log[] = "--log-fd=9";
    static char native[] = "--tool=pagewalk", stream[] = "--stream-fd=9", children[] = "--trace-children=yes",
                pc[] = "--pc=yes", data[] = "--only=data", instructions[] = "--only=instructions";
    size_t count = 0;
    words[count++] = valgrind;
    words[count++] = quiet;
    words[count++] = no_gdb;
    if (via == CAPTURE_VIA_LACKEY) {
        words[count++] = lackey;
        words[count++] = no_counts;
        words[count++] = trace;
        words[count++] = log;
    } else {
        words[count++] = native;
        words[count++] = stream;
        if (request->children)
            words[count++] = children;
        if (request->pc)
            words[count++] = pc;
        if (request->no_instructions)
            words[count++] = data;
        if (request->no_data)
            words[count++] = instructions;
    }
    words[count++] = end;
    return count;
}

/* The caller's environment, but that Valgrind finds its tools in the folder: for Lackey, too, so that PROGRAM has the same
 * environment and the same addresses either way. */
static char **make_environment(char *tools)
{
    static const char key[] = "VALGRIND_LIB=";
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **environment = calloc(count + 2, sizeof *environment);
    size_t kept = 0;
    for (size_t i = 0; environment != NULL && i < count; i++)
        if (*tools == '\0' || strncmp(environ[i], key, sizeof key - 1) != 0)
            environment[kept++] = environ[i];
    if (environment != NULL && *tools != '\0')
        environment[kept] = tools;
    return environment;
}

/* Starts PROGRAM with its trace going to `trace`; the signals of `reset` get their default action back. `library` is
 * "VALGRIND_LIB=..." or "". */
static bool spawn(const struct capture_request *request, enum capture_via via, char *library, int trace,
                  const sigset_t *reset, pid_t *pid, struct err *err)
{
    char *words[WORDS];
    const size_t own = valgrind_words(request, via, words);
    size_t given = 0;
    while (request->argv[given] != NULL)
        given++;
    char **command = calloc(own + given + 1, sizeof *command);
    char **environment = make_environment(library);
    if (command == NULL || environment == NULL) {
        free(command);
        free(environment);
        return err_set(err, "no memory for a command of %zu words.", own + given);
    }
    memcpy(command, words, own * sizeof *command);
    memcpy(command + own, request->argv, given * sizeof *command);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, trace, TRACE_FD); /* which takes close-on-exec off, even from 9 itself */
    if (request->output_to_stderr)
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, reset);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawnp(pid, command[0], &actions, &attributes, command, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    free(command);
    if (error == ENOENT)
        return err_set(err, "a trace is made by Valgrind, which is not installed. `apt install valgrind` installs it.");
    if (error != 0)
        return err_set(err, "cannot start valgrind: %s.", strerror(error));
    return true;
}

/* ---- While it runs ---- */

/* SIGTERM and SIGHUP are for PROGRAM: whatever ends the capture ends it first, and what came is kept. */
static volatile sig_atomic_t passed_on;

static void pass_on(int signal_number)
{
    passed_on = signal_number;
}

static void keep_signals(struct capture *capture, sigset_t *reset)
{
    sigemptyset(reset);
    if (capture->asked != NULL)
        return;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    const struct sigaction forward = {.sa_handler = pass_on};
    sigaction(SIGINT, &ignore, &capture->interrupt);
    sigaction(SIGQUIT, &ignore, &capture->quit);
    sigaction(SIGXFSZ, &ignore, &capture->file_size); /* a trace that may not grow is an error of the write */
    sigaddset(reset, SIGXFSZ);
    passed_on = 0;
    sigaction(SIGTERM, &forward, &capture->terminate);
    sigaction(SIGHUP, &forward, &capture->hangup);
    if (capture->interrupt.sa_handler != SIG_IGN)
        sigaddset(reset, SIGINT);
    if (capture->quit.sa_handler != SIG_IGN)
        sigaddset(reset, SIGQUIT);
    capture->signals_kept = true;
}

static void give_signals_back(const struct capture *capture)
{
    if (!capture->signals_kept)
        return;
    sigaction(SIGINT, &capture->interrupt, NULL);
    sigaction(SIGQUIT, &capture->quit, NULL);
    sigaction(SIGTERM, &capture->terminate, NULL);
    sigaction(SIGHUP, &capture->hangup, NULL);
    sigaction(SIGXFSZ, &capture->file_size, NULL);
}

static size_t pending(const struct capture *capture)
{
    int bytes = 0;
    return ioctl(capture->trace, FIONREAD, &bytes) == 0 && bytes > 0 ? (size_t)bytes : 0;
}

/* Waits for PROGRAM's end or, where `trace` is one, for something in the pipe. True once PROGRAM has ended. */
static bool watch(const struct capture *capture, int trace, int milliseconds)
{
    struct pollfd ends[] = {{.fd = capture->pidfd, .events = POLLIN}, {.fd = trace, .events = POLLIN}};
    const int ready = poll(ends, 2, milliseconds);
    const bool ended = ready > 0 && ends[0].revents != 0;
    if (passed_on != 0 && !ended) {
        kill(capture->pid, passed_on);
        passed_on = 0;
    }
    return ended;
}

static bool is_hung_up(const struct capture *capture)
{
    struct pollfd pipe = {.fd = capture->trace};
    return poll(&pipe, 1, 0) > 0 && (pipe.revents & POLLHUP) != 0;
}

/* PROGRAM's end ends the trace, if the pipe's does not: what PROGRAM left running in the background may hold it for days.
 *
 * Lackey writes a line at a time. Who waits for the pipe is woken for nearly every line, and the two of them cost each
 * other half of their speed: 17 MB/s, against 37 MB/s with a look every millisecond. */
static bool wait_for_bytes(void *context)
{
    struct capture *capture = context;
    const bool by_line = capture->via == CAPTURE_VIA_LACKEY;
    bool ended = false;
    for (bool waited = !by_line; capture->asked == NULL || !capture->asked(); waited = true) {
        ended = ended || is_hung_up(capture); /* before the look: what comes first is not lost */
        const size_t bytes = pending(capture);
        if (bytes >= PLENTY_BYTES || (bytes > 0 && waited)) {
            capture->any = true;
            return true;
        }
        if (bytes == 0 && ended)
            return false;
        ended = watch(capture, by_line ? -1 : capture->trace, by_line ? TICK_MILLISECONDS : ASK_MILLISECONDS) || ended;
    }
    return false;
}

/* Stops PROGRAM, which may be deaf to SIGTERM. The pipe has been closed: Valgrind hears nothing while it waits there. */
static void stop(const struct capture *capture)
{
    struct pollfd end = {.fd = capture->pidfd, .events = POLLIN};
    kill(capture->pid, SIGTERM);
    if (poll(&end, 1, STOP_MILLISECONDS) <= 0)
        kill(capture->pid, SIGKILL);
}

/* ---- From start to end ---- */

static struct reader *open_reader(struct capture *capture, const char *name, struct err *err)
{
    const struct input_source source = {.fd = capture->trace, .name = name, .wait = wait_for_bytes, .context = capture};
    struct reader *reader = reader_open_source(&source, capture->via == CAPTURE_VIA_NATIVE ? "stream" : "lackey", err);
    if (reader != NULL)
        reader_allow_cut(reader);
    return reader;
}

static struct capture *abandon(struct capture *capture)
{
    give_signals_back(capture);
    free(capture);
    return NULL;
}

/* Nothing came of it, or nothing good, as err says. Whatever ran was traced, were it one instruction. */
static struct capture *fail_to_read(struct capture *capture, const char *name, struct err *err)
{
    struct capture_result result;
    struct err unused;
    const bool ran = capture->any || (capture->asked != NULL && capture->asked());
    if (!capture_end(capture, ran ? CAPTURE_STOP : CAPTURE_RUN_ON, &result, &unused) || ran)
        return NULL;
    if (result.signal != 0)
        err_set(err, "signal %d (%s) ended %s before it was traced.", result.signal, strsignal(result.signal), name);
    else
        err_set(err, "Valgrind could not start %s, and says why above. It ended with status %d.", name,
                result.exit_status);
    return NULL;
}

/* PROGRAM runs: watches and reads it. */
static struct capture *attend(struct capture *capture, const char *name, struct err *err)
{
    capture->pidfd = pidfd_open(capture->pid, 0);
    if (capture->pidfd < 0) {
        err_set(err, "cannot watch PROGRAM: %s. Linux 5.3 or later can.", strerror(errno));
        kill(capture->pid, SIGKILL);
        waitpid(capture->pid, NULL, 0);
        close(capture->trace);
        return abandon(capture);
    }
    capture->reader = open_reader(capture, name, err);
    return capture->reader != NULL ? capture : fail_to_read(capture, name, err);
}

struct capture *capture_start(const struct capture_request *request, struct err *err)
{
    const char *name = request->argv[0];
    char program[PATH_MAX];
    static const char key[] = "VALGRIND_LIB=";
    char library[sizeof key + PATH_MAX] = "";
    char *tools = library + sizeof key - 1;
    enum capture_via via;
    if (!check_program(name, program, err))
        return NULL;
    if (find_tools(tools))
        memcpy(library, key, sizeof key - 1);
    else
        *tools = '\0';
    if (!choose_via(request, program, tools, &via, err))
        return NULL;
    struct capture *capture = calloc(1, sizeof *capture);
    int ends[2];
    if (capture == NULL || pipe2(ends, O_CLOEXEC) != 0) {
        err_set(err, "cannot make a pipe: %s.", strerror(errno));
        free(capture);
        return NULL;
    }
    fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES); /* for speed alone */
    capture->via = via;
    capture->asked = request->asked;
    capture->trace = ends[0];
    sigset_t reset;
    keep_signals(capture, &reset);
    const bool started = spawn(request, via, library, ends[1], &reset, &capture->pid, err);
    close(ends[1]);
    if (started)
        return attend(capture, name, err);
    close(ends[0]);
    return abandon(capture);
}

struct reader *capture_reader(const struct capture *capture)
{
    return capture->reader;
}

enum capture_via capture_via(const struct capture *capture)
{
    return capture->via;
}

/* Lackey would die of a pipe that nobody reads. */
static void read_on(const struct capture *capture)
{
    char bytes[1 << 16];
    while (!watch(capture, -1, TICK_MILLISECONDS))
        while (pending(capture) > 0 && read(capture->trace, bytes, sizeof bytes) > 0)
            ;
}

bool capture_end(struct capture *capture, enum capture_end end, struct capture_result *result, struct err *err)
{
    *result = (struct capture_result){0};
    if (end == CAPTURE_RUN_ON && capture->via == CAPTURE_VIA_LACKEY && capture->reader != NULL)
        read_on(capture);
    reader_close(capture->reader); /* and the pipe: our own tool notices, and traces no more */
    if (end == CAPTURE_STOP)
        stop(capture);
    while (!watch(capture, -1, -1))
        ;
    int status = 0;
    bool right = true;
    if (waitpid(capture->pid, &status, 0) < 0)
        right = err_set(err, "cannot learn how PROGRAM ended: %s.", strerror(errno));
    if (WIFSIGNALED(status))
        result->signal = WTERMSIG(status);
    else
        result->exit_status = WEXITSTATUS(status);
    close(capture->pidfd);
    give_signals_back(capture);
    free(capture);
    return right;
}

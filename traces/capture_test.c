/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ACCESSES = 1 << 21, EVENTS = 4096 };

/* What came: all that is counted, and the first of it. */
struct taken {
    uint64_t count;
    uint64_t of_kind[4];
    uint64_t va[ACCESSES];
    uint16_t meta[ACCESSES];
    uint64_t pc[ACCESSES];
    bool has_pc;
    uint32_t event_count;
    uint64_t event_at[EVENTS]; /* accesses before it */
    struct event event[EVENTS];
    char name[EVENTS][64];
    struct reader_facts facts;
};

static char directory[] = "/tmp/capture_test.XXXXXX";
static struct capture_request request; /* of the next capture */
static uint64_t most = UINT64_MAX;     /* records, of which no more than a block are read too many */
static struct taken taken, other;
static struct capture_result result;
static enum capture_via used;
static struct err err;
static enum capture_via via; /* of the tests at hand */

static void take(const struct block *block, const struct extras *extras)
{
    for (uint32_t i = 0; i < extras->event_count && taken.event_count < EVENTS; i++) {
        taken.event_at[taken.event_count] = taken.count + extras->event[i].position;
        taken.event[taken.event_count] = extras->event[i];
        if (extras->event[i].name != NULL)
            snprintf(taken.name[taken.event_count], sizeof taken.name[0], "%s", extras->event[i].name);
        taken.event_count++;
    }
    for (uint32_t i = 0; i < block->count && taken.count + i < ACCESSES; i++) {
        taken.va[taken.count + i] = block->va[i];
        taken.meta[taken.count + i] = block->meta[i];
        taken.pc[taken.count + i] = extras->pc == NULL ? 0 : extras->pc[i];
    }
    taken.has_pc = taken.has_pc || extras->pc != NULL;
    taken.count += block->count;
    for (int kind = 0; kind < 4; kind++)
        taken.of_kind[kind] += block->of_kind[kind];
}

static bool capture_as(char *const argv[], enum capture_end end)
{
    static struct block block;
    memset(&taken, 0, sizeof taken);
    request.argv = argv;
    struct capture *capture = capture_start(&request, &err);
    if (capture == NULL)
        return false;
    used = capture_via(capture);
    bool good;
    do {
        good = reader_next(capture_reader(capture), &block, &err);
        if (good)
            take(&block, reader_extras(capture_reader(capture)));
    } while (good && block.count > 0 && taken.count < most);
    taken.facts = *reader_facts(capture_reader(capture));
    struct err unused;
    return capture_end(capture, end, &result, good ? &err : &unused) && good;
}

static bool capture(char *const argv[])
{
    return capture_as(argv, CAPTURE_RUN_ON);
}

static bool capture_shell(const char *script)
{
    return capture((char *[]){"sh", "-c", (char *)script, NULL});
}

/* Whether our own tool was built. */
static bool native_is_there(void)
{
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 64);
    assert_true(length > 0);
    self[length] = '\0';
    strcpy(strrchr(self, '/'), "/../valgrind/pagewalk-amd64-linux");
    return access(self, X_OK) == 0;
}

/* Before each test that captures: by what it is to. */
static void need_valgrind(void **state)
{
    via = *(const enum capture_via *)*state;
    request = (struct capture_request){.via = via};
    most = UINT64_MAX;
    if (system("command -v valgrind >/dev/null") != 0 || (via == CAPTURE_VIA_NATIVE && !native_is_there()))
        skip();
}

/* The name of a file in the test's directory. */
static char *name_of(const char *file, char name[64])
{
    snprintf(name, 64, "%s/%s", directory, file);
    return name;
}

static char *make_file(const char *file, const char *text, mode_t mode, char name[64])
{
    FILE *f = fopen(name_of(file, name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(name, mode), 0);
    return name;
}

static char *content_of(const char *file, char text[4096])
{
    char name[64];
    FILE *f = fopen(name_of(file, name), "r");
    assert_non_null(f);
    text[fread(text, 1, 4095, f)] = '\0';
    fclose(f);
    return text;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void records_come(void **state)
{
    need_valgrind(state);
    assert_true(capture((char *[]){"true", NULL}));
    assert_int_equal(result.exit_status, 0);
    assert_int_equal(result.signal, 0);
    assert_true(taken.of_kind[0] > 0 && taken.of_kind[1] > 0 && taken.of_kind[2] > 0 && taken.of_kind[3] > 0);
    assert_int_equal(taken.facts.unknown_lines, 0);
    assert_false(taken.facts.cut);
    assert_int_equal(used, via);
    assert_no_child();
}

static void the_exit_status_is_the_program_s(void **state)
{
    need_valgrind(state);
    assert_true(capture_shell("exit 7"));
    assert_int_equal(result.exit_status, 7);
    assert_int_equal(result.signal, 0);
    assert_true(capture_shell("exit 126"));
    assert_int_equal(result.exit_status, 126);
}

static void a_signal_s_death_is_told(void **state)
{
    need_valgrind(state);
    assert_true(capture_shell("kill -TERM $$"));
    assert_int_equal(result.signal, SIGTERM);
    assert_int_equal(result.exit_status, 0);
    assert_true(taken.count > 0);
}

/* The keyboard's SIGINT goes to both. */
static void an_interrupt_is_the_program_s_affair(void **state)
{
    need_valgrind(state);
    struct sigaction after;
    signal(SIGINT, SIG_IGN); /* as in a shell's background */
    assert_true(capture_shell("kill -INT $$; exit 6"));
    assert_int_equal(result.exit_status, 6);
    signal(SIGINT, SIG_DFL);
    assert_true(capture_shell("kill -INT $PPID; trap 'exit 5' INT; kill -INT $$; exit 6"));
    assert_int_equal(result.exit_status, 5);
    assert_true(capture_shell("kill -INT $$; exit 6"));
    assert_int_equal(result.signal, SIGINT);
    assert_true(taken.count > 0);
    sigaction(SIGINT, NULL, &after);
    assert_true(after.sa_handler == SIG_DFL);
}

static void input_and_output_are_the_program_s_own(void **state)
{
    need_valgrind(state);
    char name[64];
    char text[4096];
    const int saved[] = {dup(STDIN_FILENO), dup(STDOUT_FILENO), dup(STDERR_FILENO)};
    fflush(stdout);
    assert_non_null(freopen(make_file("in", "hello\n", 0644, name), "r", stdin));
    const int out = open(name_of("out", name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    const bool right = capture_shell("read line; echo \"$line\"; echo warning >&2; /bin/echo executed");
    for (int i = 0; i < 3; i++) {
        dup2(saved[i], i);
        close(saved[i]);
    }
    close(out);
    assert_true(right);
    assert_string_equal(content_of("out", text), "hello\nwarning\nexecuted\n");
    assert_int_equal(taken.facts.unknown_lines, 0);
}

/* Valgrind's own stand above what PROGRAM may see or close. */
static void the_trace_s_is_the_only_descriptor_more(void **state)
{
    need_valgrind(state);
    char script[128];
    char native[4096];
    char traced[4096];
    snprintf(script, sizeof script, "ls /proc/self/fd > %s/native", directory);
    assert_int_equal(system(script), 0);
    snprintf(script, sizeof script, "ls /proc/self/fd > %s/traced; exit 0", directory);
    assert_true(capture_shell(script));
    content_of("native", native);
    for (char *fd = strtok(content_of("traced", traced), "\n"); fd != NULL; fd = strtok(NULL, "\n")) {
        char line[16];
        snprintf(line, sizeof line, "%s\n", fd);
        if (strcmp(fd, "9") != 0 && strstr(native, line) == NULL)
            fail_msg("descriptor %s", fd);
    }
}

static void the_trace_survives_a_program_that_closes_everything(void **state)
{
    need_valgrind(state);
    assert_true(capture_shell("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exit 0"));
    const uint64_t count = taken.count;
    assert_true(
        capture_shell("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; i=0; while [ $i -lt 100 ]; do i=$((i+1)); done"));
    assert_int_equal(result.exit_status, 0);
    assert_true(taken.count > count + 10000);
}

static void the_trace_ends_with_the_program(void **state)
{
    need_valgrind(state);
    char script[128];
    char text[4096];
    snprintf(script, sizeof script, "sleep 60 >/dev/null 2>&1 & echo $! > %s/pid; exit 3", directory);
    const double start = seconds();
    assert_true(capture_shell(script));
    assert_int_equal(result.exit_status, 3);
    assert_true(seconds() - start < 50);
    assert_int_equal(kill((pid_t)strtol(content_of("pid", text), NULL, 10), SIGKILL), 0);
}

static void a_capture_that_is_given_up_stops_the_program(void **state)
{
    need_valgrind(state);
    most = 1;
    /* The second hears neither of the pipe's end nor of SIGTERM. */
    const char *scripts[] = {"while :; do :; done", "trap '' TERM PIPE; while :; do :; done"};
    for (int i = 0; i < 2; i++) {
        char *argv[] = {"sh", "-c", (char *)scripts[i], NULL};
        assert_true(capture_as(argv, CAPTURE_STOP));
        assert_int_not_equal(result.signal, 0);
        assert_no_child();
    }
}

/* It does everything that it does otherwise, and notices nothing. */
static void a_program_runs_on_where_nobody_reads(void **state)
{
    need_valgrind(state);
    char name[64];
    char text[4096];
    char script[256];
    most = 1;
    snprintf(script, sizeof script,
             "trap 'exit 9' PIPE; i=0; while [ $i -lt 100 ]; do i=$((i+1)); done; echo $i > %s; exit 4",
             name_of("ran", name));
    assert_true(capture_shell(script));
    assert_int_equal(result.exit_status, 4);
    assert_string_equal(content_of("ran", text), "100\n");
    assert_true(taken.count <= BLOCK_ACCESSES);
}

static bool asked_now(void)
{
    return taken.count > 0;
}

static void a_capture_ends_when_it_is_asked_to(void **state)
{
    need_valgrind(state);
    request.asked = asked_now;
    char *argv[] = {"sh", "-c", "while :; do :; done", NULL};
    assert_true(capture_as(argv, CAPTURE_STOP));
    assert_int_not_equal(result.signal, 0);
    assert_true(taken.count > 0);
    assert_true(via == CAPTURE_VIA_LACKEY || taken.facts.cut);
}

static void output_goes_to_stderr_where_that_is_asked(void **state)
{
    need_valgrind(state);
    char name[64];
    char text[4096];
    const int saved = dup(STDERR_FILENO);
    const int file = open(name_of("both", name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    fflush(stderr);
    dup2(file, STDERR_FILENO);
    request.output_to_stderr = true;
    const bool right = capture_shell("echo out; echo err >&2");
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(file);
    assert_true(right);
    assert_string_equal(content_of("both", text), "out\nerr\n");
}

/* ---- Our own tool against Lackey ---- */

/* A program of traces/programs. */
static char *program(const char *name, char path[4096])
{
    const ssize_t length = readlink("/proc/self/exe", path, 4096 - 64);
    assert_true(length > 0);
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    snprintf(slash, 64, "/programs/%s", name);
    return path;
}

static void the_accesses_are_lackey_s(void **state)
{
    char path[4096];
    need_valgrind(state);
    char *argv[] = {program("accesses", path), NULL};
    assert_true(capture(argv));
    assert_int_equal(result.exit_status, 20);
    assert_true(taken.count > 100000 && taken.count < ACCESSES);
    other = taken;
    request.via = CAPTURE_VIA_LACKEY;
    assert_true(capture(argv));
    assert_int_equal(result.exit_status, 20);
    assert_int_equal(taken.count, other.count);
    assert_memory_equal(taken.va, other.va, taken.count * sizeof *taken.va);
    assert_memory_equal(taken.meta, other.meta, taken.count * sizeof *taken.meta);
    assert_true(taken.of_kind[3] > 200);
    assert_int_equal(taken.event_count, 0);
}

/* The instruction of an access is the one that was fetched last. */
static void pcs_are_those_of_the_fetches(void **state)
{
    char path[4096];
    need_valgrind(state);
    char *argv[] = {program("accesses", path), NULL};
    assert_true(capture(argv));
    other = taken;
    assert_false(taken.has_pc);
    request.pc = true;
    assert_true(capture(argv));
    assert_true(taken.has_pc);
    assert_int_equal(taken.count, other.count);
    assert_memory_equal(taken.va, other.va, taken.count * sizeof *taken.va);
    uint64_t fetched = 0;
    for (uint64_t i = 0; i < taken.count; i++) {
        if (access_is_fetch(taken.meta[i]))
            fetched = taken.va[i];
        assert_int_equal(taken.pc[i], fetched);
    }
    /* Beside no fetches, which is what they are good for. */
    request.no_instructions = true;
    memcpy(other.pc, taken.pc, sizeof other.pc);
    assert_true(capture(argv));
    assert_int_equal(taken.count, other.count - other.of_kind[0]);
    for (uint64_t i = 0, k = 0; i < other.count; i++) {
        if (access_is_fetch(other.meta[i]))
            continue;
        assert_int_equal(taken.va[k], other.va[i]);
        assert_int_equal(taken.meta[k], other.meta[i]);
        assert_int_equal(taken.pc[k], other.pc[i]);
        k++;
    }
}

static void instructions_alone_are_those_of_all(void **state)
{
    char path[4096];
    need_valgrind(state);
    char *argv[] = {program("accesses", path), NULL};
    assert_true(capture(argv));
    other = taken;
    request.no_data = true;
    assert_true(capture(argv));
    assert_int_equal(taken.count, other.of_kind[0]);
    for (uint64_t i = 0, k = 0; i < other.count; i++)
        if (access_is_fetch(other.meta[i]))
            assert_int_equal(taken.va[k++], other.va[i]);
}

/* The next event of the kind from `*at` on, which is moved behind it. */
static const struct event *next_event(uint32_t *at, enum event_kind kind)
{
    while (*at < taken.event_count && taken.event[*at].kind != kind)
        ++*at;
    if (*at == taken.event_count)
        fail_msg("no event of kind %d", (int)kind);
    return &taken.event[(*at)++];
}

static void assert_place(const struct event *event, uint64_t address, uint64_t size_bytes)
{
    assert_int_equal(event->address, address);
    assert_int_equal(event->size_bytes, size_bytes);
}

static void mappings_are_events(void **state)
{
    char path[4096];
    char mapped[64];
    need_valgrind(state);
    const uint64_t base = 0x10000000;
    char *argv[] = {program("events", path),
                    make_file("mapped", "something to be mapped, of no great length\n", 0644, mapped), NULL};
    assert_true(capture(argv));
    assert_int_equal(result.exit_status, 0);

    /* What was there before the first instruction. */
    uint32_t at = 0;
    bool stack = false, text = false;
    for (; at < taken.event_count && taken.event_at[at] == 0; at++) {
        stack = stack || strcmp(taken.name[at], "[stack]") == 0;
        text = text || (strcmp(taken.name[at], path) == 0 && taken.event[at].protection == (PROT_READ | PROT_EXEC));
    }
    assert_true(stack);
    assert_true(text);

    const struct event *event = next_event(&at, EVENT_MMAP);
    while (event->address != base)
        event = next_event(&at, EVENT_MMAP); /* the loader's */
    assert_place(event, base, 8192);
    assert_int_equal(event->protection, PROT_READ);
    assert_int_equal(event->flags, MAP_SHARED | MAP_FIXED);
    assert_string_equal(taken.name[at - 1], mapped);
    event = next_event(&at, EVENT_MMAP);
    assert_place(event, base + 65536, 8192);
    assert_int_equal(event->flags, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
    assert_string_equal(taken.name[at - 1], "");
    event = next_event(&at, EVENT_MPROTECT);
    assert_place(event, base + 65536, 4096);
    assert_int_equal(event->protection, PROT_READ);
    event = next_event(&at, EVENT_MREMAP);
    assert_place(event, base + 131072, 12288);
    assert_int_equal(event->old_address, base + 65536 + 4096);
    assert_int_equal(event->old_size_bytes, 4096);
    assert_place(next_event(&at, EVENT_MUNMAP), base, 8192);
    event = next_event(&at, EVENT_MMAP);
    assert_int_equal(event->size_bytes, 12288);
    assert_int_equal(event->protection, PROT_READ);
    assert_int_equal(event->flags, MAP_SHARED);
    const uint64_t shared = event->address;
    assert_place(next_event(&at, EVENT_MUNMAP), shared, 12288);
    event = next_event(&at, EVENT_BRK);
    const uint64_t first = event->address;
    if (taken.event[at].kind == EVENT_BRK) /* the allocator's came first */
        assert_true(next_event(&at, EVENT_BRK)->address > first);
}

static void threads_are_events(void **state)
{
    char path[4096];
    char mapped[64];
    need_valgrind(state);
    char *argv[] = {program("events", path), name_of("mapped", mapped), NULL};
    assert_true(capture(argv));
    uint32_t at = 0;
    assert_int_equal(next_event(&at, EVENT_THREAD)->id, 1);
    uint32_t switches = 0;
    uint32_t before = 1;
    while (at < taken.event_count && taken.event[at].kind != EVENT_EXIT) {
        if (taken.event[at].kind == EVENT_THREAD) {
            assert_int_not_equal(taken.event[at].id, before);
            before = taken.event[at].id;
            assert_in_range(before, 1, 2);
            switches++;
        }
        at++;
    }
    assert_true(switches >= 5);
    assert_int_equal(next_event(&at, EVENT_EXIT)->id, 2);
}

static void children_are_traced_where_that_is_asked(void **state)
{
    char path[4096];
    char mapped[64];
    need_valgrind(state);
    char *argv[] = {program("events", path), name_of("mapped", mapped), "exec", NULL};
    assert_true(capture(argv));
    uint32_t at = 0;
    assert_int_equal(next_event(&at, EVENT_PROCESS)->id, 1);
    assert_int_not_equal(next_event(&at, EVENT_FORK)->id, 1);
    for (; at < taken.event_count; at++)
        assert_int_not_equal(taken.event[at].kind, EVENT_PROCESS);
    const uint64_t alone = taken.count;

    request.children = true;
    assert_true(capture(argv));
    assert_int_equal(result.exit_status, 0);
    at = 0;
    assert_int_equal(next_event(&at, EVENT_PROCESS)->id, 1);
    const uint32_t child = next_event(&(uint32_t){0}, EVENT_FORK)->id;
    assert_int_equal(next_event(&at, EVENT_PROCESS)->id, child);
    /* Once: what could not be executed is not. */
    uint32_t executed = 0;
    for (uint32_t i = 0; i < taken.event_count; i++)
        executed += taken.event[i].kind == EVENT_EXEC;
    assert_int_equal(executed, 1);
    next_event(&at, EVENT_EXEC);
    assert_string_equal(taken.name[at - 1], path);
    assert_int_equal(next_event(&at, EVENT_PROCESS)->id, 1);
    assert_true(taken.count > alone + alone / 2);
}

static void what_lackey_cannot_is_refused(void **state)
{
    char name[64];
    need_valgrind(state);
    request = (struct capture_request){.via = CAPTURE_VIA_LACKEY, .pc = true};
    assert_false(capture((char *[]){"true", NULL}));
    assert_string_equal(err.text, "Lackey prints neither pcs nor whose access it is, and leaves nothing out; trace "
                                  "without those options, or with pagewalk's own tool, --via native.");
    /* And a program that our own cannot goes to Lackey by itself. */
    FILE *file = fopen(name_of("elf32", name), "w");
    assert_non_null(file);
    fputs("\x7f"
          "ELF\1",
          file);
    fclose(file);
    chmod(name, 0755);
    request = (struct capture_request){.via = CAPTURE_VIA_NATIVE};
    assert_false(capture((char *[]){name, NULL}));
    char text[512];
    snprintf(text, sizeof text, "cannot trace %s with pagewalk's own tool: it is a 32-bit program. --via lackey can.",
             name);
    assert_string_equal(err.text, text);
    request = (struct capture_request){.via = CAPTURE_VIA_ANY};
    assert_true(capture((char *[]){"true", NULL}));
    assert_int_equal(used, CAPTURE_VIA_NATIVE);
}

static void assert_refused(char *program, const char *format)
{
    char text[512];
    char *argv[] = {program, NULL};
    snprintf(text, sizeof text, format, program);
    assert_false(capture(argv));
    assert_string_equal(err.text, text);
    assert_no_child();
}

static void what_is_no_program_is_refused(void **state)
{
    (void)state;
    char name[64];
    assert_refused("no-such-program",
                   "there is no program 'no-such-program' in PATH. One that stands elsewhere needs its "
                   "path, as in ./%s.");
    assert_refused("./no-such-program", "cannot run %s: No such file or directory.");
    assert_refused(directory, "cannot run %s: it is a directory, not a program.");
    assert_refused("/dev/null", "cannot run %s: it is a special file, not a program.");
    assert_refused(make_file("text", "text\n", 0644, name),
                   "cannot run %s: it is not executable. chmod +x makes it so.");
    assert_refused(make_file("setuid", "#!/bin/sh\n", 04755, name),
                   "cannot trace %s: it is setuid, setgid or setcap, and Valgrind runs no such program. Trace a copy "
                   "without the bit.");
    if (geteuid() != 0)
        assert_refused(make_file("secret", "#!/bin/sh\n", 0111, name),
                       "cannot trace %s: Valgrind must read it, and you may not.");
}

static void what_valgrind_cannot_start_is_an_error(void **state)
{
    need_valgrind(state);
    char name[64];
    assert_refused(make_file("badscript", "#!/no/such/interpreter\n", 0755, name),
                   "Valgrind could not start %s, and says why above. It ended with status 126.");
}

static void path_is_searched_as_by_the_shell(void **state)
{
    need_valgrind(state);
    char name[64];
    char path[4096];
    char *saved = strdup(getenv("PATH"));
    make_file("-program", "#!/bin/sh\nexit 9\n", 0755, name);
    /* A directory of the program's name comes first, and is passed over. */
    assert_int_equal(mkdir(name_of("sub", name), 0755), 0);
    assert_int_equal(mkdir(name_of("sub/-program", name), 0755), 0);
    snprintf(path, sizeof path, "%s/sub:%s:%s", directory, directory, saved);
    setenv("PATH", path, 1);
    assert_true(capture((char *[]){"-program", NULL}));
    assert_int_equal(result.exit_status, 9);
    setenv("PATH", saved, 1);
    free(saved);
}

static void a_missing_valgrind_is_told(void **state)
{
    (void)state;
    char *saved = strdup(getenv("PATH"));
    setenv("PATH", directory, 1);
    const bool right = capture((char *[]){"/bin/true", NULL});
    setenv("PATH", saved, 1);
    free(saved);
    assert_false(right);
    assert_string_equal(err.text,
                        "a trace is made by Valgrind, which is not installed. `apt install valgrind` installs it.");
    assert_no_child();
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

/* A test by one tool, which its state says. */
#define BY(tool, test)                                                                                                 \
    {                                                                                                                  \
#test ", " #tool, test, NULL, NULL, &tool                                                                      \
    }
#define BY_BOTH(test) BY(native, test), BY(lackey, test)

int main(void)
{
    static enum capture_via any = CAPTURE_VIA_ANY, native = CAPTURE_VIA_NATIVE, lackey = CAPTURE_VIA_LACKEY;
    const struct CMUnitTest tests[] = {
        BY_BOTH(records_come),
        BY_BOTH(the_exit_status_is_the_program_s),
        BY_BOTH(a_signal_s_death_is_told),
        BY_BOTH(an_interrupt_is_the_program_s_affair),
        BY_BOTH(input_and_output_are_the_program_s_own),
        BY_BOTH(the_trace_s_is_the_only_descriptor_more),
        BY_BOTH(the_trace_survives_a_program_that_closes_everything),
        BY_BOTH(the_trace_ends_with_the_program),
        BY_BOTH(a_capture_that_is_given_up_stops_the_program),
        BY_BOTH(a_program_runs_on_where_nobody_reads),
        BY_BOTH(a_capture_ends_when_it_is_asked_to),
        BY_BOTH(output_goes_to_stderr_where_that_is_asked),
        BY(native, the_accesses_are_lackey_s),
        BY(native, pcs_are_those_of_the_fetches),
        BY(native, instructions_alone_are_those_of_all),
        BY(native, mappings_are_events),
        BY(native, threads_are_events),
        BY(native, children_are_traced_where_that_is_asked),
        BY(native, what_lackey_cannot_is_refused),
        BY(any, what_valgrind_cannot_start_is_an_error),
        BY(any, path_is_searched_as_by_the_shell),
        cmocka_unit_test(what_is_no_program_is_refused),
        cmocka_unit_test(a_missing_valgrind_is_told),
    };
    return cmocka_run_group_tests_name("capture", tests, make_directory, remove_directory);
}

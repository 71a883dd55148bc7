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
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The trace, cut where it is longer. */
struct taken {
    char text[1 << 16];
    size_t length;
};

static char directory[] = "/tmp/capture_test.XXXXXX";
static struct taken taken;
static struct capture_result result;
static struct err err;

static bool take(void *context, const void *bytes, size_t size_bytes, struct err *unused)
{
    (void)unused;
    struct taken *t = context;
    const size_t room = sizeof t->text - 1 - t->length;
    const size_t length = size_bytes < room ? size_bytes : room;
    assert_true(size_bytes > 0);
    memcpy(t->text + t->length, bytes, length);
    t->length += length;
    return true;
}

static bool take_nothing(void *context, const void *bytes, size_t size_bytes, struct err *e)
{
    (void)context;
    (void)bytes;
    (void)size_bytes;
    return err_set(e, "the disk is full.");
}

static bool capture(char *const argv[])
{
    taken = (struct taken){.length = 0};
    return capture_run(argv, take, &taken, &result, &err);
}

static bool capture_shell(const char *script)
{
    return capture((char *[]){"sh", "-c", (char *)script, NULL});
}

static void need_valgrind(void)
{
    if (system("command -v valgrind >/dev/null") != 0)
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
    (void)state;
    need_valgrind();
    assert_true(capture((char *[]){"true", NULL}));
    assert_int_equal(result.exit_status, 0);
    assert_int_equal(result.signal, 0);
    assert_true(result.bytes > taken.length);
    uint64_t kinds[4] = {0};
    for (char *line = strtok(taken.text, "\n"); line != NULL && line + 40 < taken.text + taken.length;
         line = strtok(NULL, "\n")) {
        char kind;
        unsigned long address;
        unsigned size_bytes;
        if (sscanf(line, " %c %lx,%u", &kind, &address, &size_bytes) != 3 || strchr("ILSM", kind) == NULL)
            fail_msg("no record: %s", line);
        kinds[strchr("ILSM", kind) - "ILSM"]++;
    }
    assert_true(kinds[0] > 0 && kinds[1] > 0 && kinds[2] > 0 && kinds[3] > 0);
    assert_no_child();
}

static void the_exit_status_is_the_program_s(void **state)
{
    (void)state;
    need_valgrind();
    assert_true(capture_shell("exit 7"));
    assert_int_equal(result.exit_status, 7);
    assert_int_equal(result.signal, 0);
    assert_true(capture_shell("exit 126"));
    assert_int_equal(result.exit_status, 126);
}

static void a_signal_s_death_is_told(void **state)
{
    (void)state;
    need_valgrind();
    assert_true(capture_shell("kill -TERM $$"));
    assert_int_equal(result.signal, SIGTERM);
    assert_int_equal(result.exit_status, 0);
    assert_true(result.bytes > 0);
}

/* The keyboard's SIGINT goes to both. */
static void an_interrupt_is_the_program_s_affair(void **state)
{
    (void)state;
    need_valgrind();
    struct sigaction after;
    signal(SIGINT, SIG_IGN); /* as in a shell's background */
    assert_true(capture_shell("kill -INT $$; exit 6"));
    assert_int_equal(result.exit_status, 6);
    signal(SIGINT, SIG_DFL);
    assert_true(capture_shell("kill -INT $PPID; trap 'exit 5' INT; kill -INT $$; exit 6"));
    assert_int_equal(result.exit_status, 5);
    assert_true(capture_shell("kill -INT $$; exit 6"));
    assert_int_equal(result.signal, SIGINT);
    assert_true(result.bytes > 0);
    sigaction(SIGINT, NULL, &after);
    assert_true(after.sa_handler == SIG_DFL);
}

static void input_and_output_are_the_program_s_own(void **state)
{
    (void)state;
    need_valgrind();
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
    assert_null(strstr(taken.text, "hello"));
}

/* Valgrind's own stand above what PROGRAM may see or close. */
static void the_trace_s_is_the_only_descriptor_more(void **state)
{
    (void)state;
    need_valgrind();
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
    (void)state;
    need_valgrind();
    assert_true(capture_shell("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exit 0"));
    const uint64_t bytes = result.bytes;
    assert_true(
        capture_shell("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; i=0; while [ $i -lt 500 ]; do i=$((i+1)); done"));
    assert_int_equal(result.exit_status, 0);
    assert_true(result.bytes > bytes + bytes / 2);
}

static void the_trace_ends_with_the_program(void **state)
{
    (void)state;
    need_valgrind();
    char script[128];
    char text[4096];
    snprintf(script, sizeof script, "sleep 60 >/dev/null 2>&1 & echo $! > %s/pid; exit 3", directory);
    const double start = seconds();
    assert_true(capture_shell(script));
    assert_int_equal(result.exit_status, 3);
    assert_true(seconds() - start < 50);
    assert_int_equal(kill((pid_t)strtol(content_of("pid", text), NULL, 10), SIGKILL), 0);
}

static void a_sink_that_fails_stops_the_program(void **state)
{
    (void)state;
    need_valgrind();
    /* The second hears neither of the pipe's end nor of SIGTERM. */
    const char *scripts[] = {"while :; do :; done", "trap '' TERM PIPE; while :; do :; done"};
    for (int i = 0; i < 2; i++) {
        char *argv[] = {"sh", "-c", (char *)scripts[i], NULL};
        assert_false(capture_run(argv, take_nothing, NULL, &result, &err));
        assert_string_equal(err.text, "the disk is full.");
        assert_int_equal(result.bytes, 0);
        assert_no_child();
    }
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
    (void)state;
    need_valgrind();
    char name[64];
    assert_refused(make_file("badscript", "#!/no/such/interpreter\n", 0755, name),
                   "Valgrind could not start %s, and says why above. It ended with status 126.");
}

static void path_is_searched_as_by_the_shell(void **state)
{
    (void)state;
    need_valgrind();
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come),
        cmocka_unit_test(the_exit_status_is_the_program_s),
        cmocka_unit_test(a_signal_s_death_is_told),
        cmocka_unit_test(an_interrupt_is_the_program_s_affair),
        cmocka_unit_test(input_and_output_are_the_program_s_own),
        cmocka_unit_test(the_trace_s_is_the_only_descriptor_more),
        cmocka_unit_test(the_trace_survives_a_program_that_closes_everything),
        cmocka_unit_test(the_trace_ends_with_the_program),
        cmocka_unit_test(a_sink_that_fails_stops_the_program),
        cmocka_unit_test(what_is_no_program_is_refused),
        cmocka_unit_test(what_valgrind_cannot_start_is_an_error),
        cmocka_unit_test(path_is_searched_as_by_the_shell),
        cmocka_unit_test(a_missing_valgrind_is_told),
    };
    return cmocka_run_group_tests_name("capture", tests, make_directory, remove_directory);
}

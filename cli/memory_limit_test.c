/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/memory_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_BYTES = 256 };

/* A computer of files, in place of /proc and /sys. */
static char root[PATH_BYTES];

/* With all folders above it. */
static void put_file(const char *path, const char *text)
{
    char whole[2 * PATH_BYTES];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *slash = strchr(whole + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(whole, 0777);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "%s", "/tmp/pagewalk-limit-XXXXXX");
    return mkdtemp(root) != NULL ? 0 : -1;
}

static int remove_root(void **state)
{
    (void)state;
    char command[2 * PATH_BYTES];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static uint64_t physical_bytes(void)
{
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* What the files do not say, the process says: with no limits of its own that is the computer's memory. */
static struct memory_limit unbound(void)
{
    const struct memory_limit limit = memory_limit_find(root);
    assert_true(limit.bytes <= physical_bytes());
    return limit;
}

static void absent_files_are_no_limit(void **state)
{
    (void)state;
    const struct memory_limit limit = unbound();
    put_file("/proc/self/cgroup", "0::/gone\n");
    assert_true(memory_limit_find(root).bytes == limit.bytes);
}

static void nonsense_is_no_limit(void **state)
{
    (void)state;
    const struct memory_limit limit = unbound();
    put_file("/proc/self/cgroup", "\n::\n0\n0:\nx:memory\n4:hugetlb,memoryless:/a\n0::\n");
    put_file("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1\n");
    put_file("/sys/fs/cgroup/memory.max", "much\n");
    assert_true(memory_limit_find(root).bytes == limit.bytes);
}

static void version_2_binds_from_above(void **state)
{
    (void)state;
    const struct memory_limit limit = unbound();
    put_file("/proc/self/cgroup", "0::/user.slice/a b/mine.scope\n");
    put_file("/sys/fs/cgroup/user.slice/a b/mine.scope/memory.max", "max\n");
    assert_true(memory_limit_find(root).bytes == limit.bytes);
    put_file("/sys/fs/cgroup/user.slice/memory.max", "67108864\n");
    assert_int_equal(memory_limit_find(root).bytes, 67108864);
    put_file("/sys/fs/cgroup/user.slice/a b/mine.scope/memory.max", "33554432\n");
    assert_int_equal(memory_limit_find(root).bytes, 33554432);
    assert_string_equal(memory_limit_find(root).source, "memory.max of its control group");
}

static void a_container_is_its_own_root(void **state)
{
    (void)state;
    put_file("/proc/self/cgroup", "0::/\n");
    put_file("/sys/fs/cgroup/memory.max", "33554432\n");
    assert_int_equal(memory_limit_find(root).bytes, 33554432);
    put_file("/proc/self/cgroup", "0::/of/the/host\n");
    assert_int_equal(memory_limit_find(root).bytes, 33554432);
}

static void version_1_has_a_folder_of_its_own(void **state)
{
    (void)state;
    const struct memory_limit limit = unbound();
    put_file("/proc/self/cgroup", "9:name=systemd:/x\n4:cpu,memory:/docker/1\n2:cpuacct:/\n0::/\n");
    put_file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_true(memory_limit_find(root).bytes == limit.bytes);
    put_file("/sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "33554432\n");
    assert_int_equal(memory_limit_find(root).bytes, 33554432);
    assert_string_equal(memory_limit_find(root).source, "memory.limit_in_bytes of its control group");
    put_file("/sys/fs/cgroup/unified/memory.max", "16777216\n");
    assert_int_equal(memory_limit_find(root).bytes, 16777216);
}

static void resource_limits_count(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* has more addresses than any limit */
#endif
    static const struct {
        int resource;
        const char *source;
    } cases[] = {{RLIMIT_AS, "RLIMIT_AS, which ulimit -v sets"}, {RLIMIT_DATA, "RLIMIT_DATA, which ulimit -d sets"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const __rlimit_resource_t resource = (__rlimit_resource_t)cases[i].resource;
        struct rlimit before;
        assert_int_equal(getrlimit(resource, &before), 0);
        const struct rlimit small = {16 << 20, before.rlim_max};
        assert_int_equal(setrlimit(resource, &small), 0);
        const struct memory_limit limit = memory_limit_find("/nonexistent");
        assert_int_equal(setrlimit(resource, &before), 0);
        assert_int_equal(limit.bytes, 16 << 20);
        assert_string_equal(limit.source, cases[i].source);
    }
}

static void messages_give_the_figure_and_the_limit(void **state)
{
    (void)state;
    const struct memory_limit limit = {UINT64_C(4) << 30, "memory.max of its control group"};
    struct err err;
    assert_true(memory_limit_hold(&limit, UINT64_C(4) << 30, "plans", "make fewer", &err));
    assert_false(memory_limit_hold(&limit, UINT64_C(9) << 29, "plans", "make fewer", &err));
    assert_string_equal(err.text, "plans need about 4.5G of memory, and the limit is 4.0G, memory.max of its control "
                                  "group; make fewer");
    assert_false(memory_limit_hold(&limit, UINT64_MAX, "plans", "make fewer", &err));
    assert_non_null(strstr(err.text, "need about 16.0E of"));
    assert_true(memory_limit_check(1, "plans", "make fewer", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(absent_files_are_no_limit, make_root, remove_root),
        cmocka_unit_test_setup_teardown(nonsense_is_no_limit, make_root, remove_root),
        cmocka_unit_test_setup_teardown(version_2_binds_from_above, make_root, remove_root),
        cmocka_unit_test_setup_teardown(a_container_is_its_own_root, make_root, remove_root),
        cmocka_unit_test_setup_teardown(version_1_has_a_folder_of_its_own, make_root, remove_root),
        cmocka_unit_test(resource_limits_count),
        cmocka_unit_test(messages_give_the_figure_and_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

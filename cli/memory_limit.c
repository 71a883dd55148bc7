/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/memory_limit.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void take(struct memory_limit *limit, uint64_t bytes, const char *source)
{
    if (bytes < limit->bytes)
        *limit = (struct memory_limit){bytes, source};
}

/* ---- The process and the computer ---- */

static void take_physical(struct memory_limit *limit)
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page_bytes > 0)
        take(limit, (uint64_t)pages * (uint64_t)page_bytes, "this computer's memory");
}

static void take_resource(struct memory_limit *limit, int resource, const char *source)
{
    struct rlimit rlimit;
    if (getrlimit((__rlimit_resource_t)resource, &rlimit) == 0 && rlimit.rlim_cur != RLIM_INFINITY)
        take(limit, rlimit.rlim_cur, source);
}

/* ---- Control groups ---- */

/* The number that a file of a control group holds; none where it is absent or says "max". */
static void take_file(struct memory_limit *limit, const char *root, const char *mount, const char *group,
                      const char *file, const char *source)
{
    char *path;
    if (asprintf(&path, "%s%s%s/%s", root, mount, group, file) < 0)
        return;
    FILE *stream = fopen(path, "re");
    free(path);
    if (stream == NULL)
        return;
    uint64_t bytes;
    if (fscanf(stream, "%" SCNu64, &bytes) == 1)
        take(limit, bytes, source);
    fclose(stream);
}

/* A group's limit binds what is below it: asks the group and all above, up to the root. A container may see itself as
 * the root, whatever its group is called outside: the root is there in any case. */
static void take_group(struct memory_limit *limit, const char *root, const char *mount, char *group, const char *file,
                       const char *source)
{
    for (;;) {
        char *slash = strrchr(group, '/');
        if (slash == NULL)
            break;
        if (slash[1] != '\0')
            take_file(limit, root, mount, group, file, source);
        *slash = '\0';
    }
    take_file(limit, root, mount, "", file, source);
}

static bool names_controller(const char *controllers, const char *name)
{
    const size_t length = strlen(name);
    for (const char *p = controllers; *p != '\0'; p += *p == ',') {
        const size_t word = strcspn(p, ",");
        if (word == length && strncmp(p, name, length) == 0)
            return true;
        p += word;
    }
    return false;
}

/* A line of /proc/self/cgroup is "0::/group" for version 2, "4:memory:/group" for version 1. Both may be there; version
 * 2 is then mounted beside the controllers of version 1. */
static void take_groups(struct memory_limit *limit, const char *root)
{
    static const char source[] = "memory.max of its control group";
    char *path;
    if (asprintf(&path, "%s/proc/self/cgroup", root) < 0)
        return;
    FILE *stream = fopen(path, "re");
    free(path);
    if (stream == NULL)
        return;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stream) > 0) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (group == NULL)
            continue;
        controllers++;
        *group++ = '\0';
        if (names_controller(controllers, "memory")) {
            take_group(limit, root, "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes",
                       "memory.limit_in_bytes of its control group");
        } else if (*controllers == '\0') {
            char *again = strdup(group);
            take_group(limit, root, "/sys/fs/cgroup", group, "memory.max", source);
            if (again != NULL)
                take_group(limit, root, "/sys/fs/cgroup/unified", again, "memory.max", source);
            free(again);
        }
    }
    free(line);
    fclose(stream);
}

/* ---- The least of them ---- */

struct memory_limit memory_limit_find(const char *root)
{
    struct memory_limit limit = {UINT64_MAX, "its addresses"};
    take_physical(&limit);
    take_groups(&limit, root);
    take_resource(&limit, RLIMIT_AS, "RLIMIT_AS, which ulimit -v sets");
    take_resource(&limit, RLIMIT_DATA, "RLIMIT_DATA, which ulimit -d sets");
    return limit;
}

enum { AMOUNT_TEXT = 32 };

/* 7.4G: what is asked for here is no round number. */
static const char *amount(uint64_t bytes, char text[AMOUNT_TEXT])
{
    static const char suffixes[] = "KMGTPE";
    double value = (double)bytes / 1024;
    size_t i = 0;
    while (value >= 1024 && suffixes[i + 1] != '\0') {
        value /= 1024;
        i++;
    }
    snprintf(text, AMOUNT_TEXT, "%.1f%c", value, suffixes[i]);
    return text;
}

bool memory_limit_hold(const struct memory_limit *limit, uint64_t bytes_needed, const char *what, const char *way_out,
                       struct err *err)
{
    char needed[AMOUNT_TEXT];
    char allowed[AMOUNT_TEXT];
    return bytes_needed <= limit->bytes ||
           err_set(err, "%s need about %s of memory, and the limit is %s, %s; %s", what, amount(bytes_needed, needed),
                   amount(limit->bytes, allowed), limit->source, way_out);
}

bool memory_limit_check(uint64_t bytes_needed, const char *what, const char *way_out, struct err *err)
{
    const struct memory_limit limit = memory_limit_find("");
    return memory_limit_hold(&limit, bytes_needed, what, way_out, err);
}

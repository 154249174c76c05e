/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "protocol.h"

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum
{
    POLL_MS = 5,
    PATIENCE_MS = HOST_JOIN_LIMIT_MS + 5000,
};

/* The state letter of /proc/PID/stat, 0 if it is no helper. */
static char helper_state(const char *stat_path)
{
    FILE *stat = fopen(stat_path, "r");
    char state = 0;

    if (stat) {
        if (fscanf(stat, "%*d (settcpentry-hos) %c", &state) != 1) {
            state = 0;
        }
        fclose(stat);
    }
    return state;
}

static bool is_in_our_network(pid_t process)
{
    char path[64];
    char ours[64] = {0};
    char theirs[64] = {0};

    snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)process);
    return readlink("/proc/self/ns/net", ours, sizeof(ours) - 1) > 0 &&
           readlink(path, theirs, sizeof(theirs) - 1) > 0 && strcmp(ours, theirs) == 0;
}

/* Sends a signal, or with 0 none, to each; returns how many there are.  Zombies do not count. */
static size_t for_each_helper(int signal_number)
{
    size_t count = 0;
    glob_t found;

    if (glob("/proc/[0-9]*/stat", 0, NULL, &found) != 0) {
        return 0;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char state = helper_state(found.gl_pathv[i]);
        const pid_t process = (pid_t)strtol(found.gl_pathv[i] + strlen("/proc/"), NULL, 10);

        if (state != 0 && state != 'Z' && is_in_our_network(process)) {
            count++;
            kill(process, signal_number);
        }
    }
    globfree(&found);
    return count;
}

static bool is_named(const char *comm_path, const char *name)
{
    char comm[32] = {0};
    FILE *file = fopen(comm_path, "r");

    if (file) {
        if (!fgets(comm, sizeof(comm), file)) {
            comm[0] = 0;
        }
        fclose(file);
    }
    return strncmp(comm, name, strlen(name)) == 0;
}

size_t helpers_each_process(const char *name, void (*act)(pid_t))
{
    size_t count = 0;
    glob_t found;

    if (glob("/proc/[0-9]*/comm", 0, NULL, &found) != 0) {
        return 0;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const pid_t candidate = (pid_t)strtol(found.gl_pathv[i] + strlen("/proc/"), NULL, 10);

        if (candidate != getpid() && is_named(found.gl_pathv[i], name) &&
            is_in_our_network(candidate)) {
            count++;
            act(candidate);
        }
    }
    globfree(&found);
    return count;
}

pid_t helpers_find_process(const char *name)
{
    pid_t process = 0;
    glob_t found;

    if (glob("/proc/[0-9]*/comm", 0, NULL, &found) != 0) {
        return 0;
    }
    for (size_t i = 0; i < found.gl_pathc && process == 0; i++) {
        const pid_t candidate = (pid_t)strtol(found.gl_pathv[i] + strlen("/proc/"), NULL, 10);

        if (is_named(found.gl_pathv[i], name) && is_in_our_network(candidate)) {
            process = candidate;
        }
    }
    globfree(&found);
    return process;
}

static bool is_no_file_left(void)
{
    glob_t found;
    const bool none = glob("/dev/shm/settcpentry-*", 0, NULL, &found) == GLOB_NOMATCH;

    if (!none) {
        globfree(&found);
    }
    return none;
}

static bool wait_until(bool (*is_so)(void))
{
    for (int waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
        if (is_so()) {
            return true;
        }
        usleep(POLL_MS * 1000);
    }
    return false;
}

/* By /proc/PID/stat. */
static bool is_zombie_of_another(const char *stat_path)
{
    static const char begin[] = "(settcpentry-hos) Z ";
    char line[512] = "";
    FILE *const stat = fopen(stat_path, "r");
    const char *found = NULL;
    pid_t parent = 0;

    if (stat) {
        found = fgets(line, sizeof(line), stat) ? strstr(line, begin) : NULL;
        fclose(stat);
    }
    parent = found ? (pid_t)strtol(found + strlen(begin), NULL, 10) : getpid();
    return parent != getpid() && is_in_our_network(parent);
}

static bool is_none_a_zombie(void)
{
    bool none = true;
    glob_t found;

    if (glob("/proc/[0-9]*/stat", 0, NULL, &found) != 0) {
        return true;
    }
    for (size_t i = 0; i < found.gl_pathc && none; i++) {
        none = !is_zombie_of_another(found.gl_pathv[i]);
    }
    globfree(&found);
    return none;
}

static bool is_one(void)
{
    return for_each_helper(0) > 0;
}

static bool is_nothing(void)
{
    return !is_one() && is_no_file_left();
}

bool helpers_come(void)
{
    return wait_until(is_one);
}

bool helpers_are_gone(void)
{
    return wait_until(is_nothing);
}

bool helpers_are_waited_for(void)
{
    return wait_until(is_none_a_zombie);
}

void helpers_kill(void)
{
    for_each_helper(SIGKILL);
}

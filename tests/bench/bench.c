/* SPDX-License-Identifier: MIT */
/*
 * bench ARCHITECTURE WINE TESTS STAGE JSON [GROUP...]: measures what docs/performance.md explains, all of it or these
 * groups, prints it as a table, and writes it as JSON.  TESTS is the folder in which that architecture's tests were
 * built, STAGE the one of what is shipped; WINE is only said.  To be run in the source's own folder.
 * Exit status 1 if a limit is missed, 2 if something could not be measured.
 */
#include "groups.h"
#include "peers.h"
#include "places.h"
#include "report.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static const struct group
{
    const char *name;
    void (*measure)(void);
} groups[] = {
    {"burst", bench_burst},           {"rest", bench_rest},
    {"first", bench_first},           {"outside", bench_outside_burst},
    {"outside", bench_outside_first}, {"parts", bench_parts},
    {"passed-on", bench_passed_on},   {"growth", bench_growth},
    {"programs", bench_programs},     {"threads", bench_threads},
    {"processor", bench_processor},   {"idle", bench_idle},
    {"tcpdrop", bench_tcpdrop},
};

enum
{
    GROUPS = sizeof(groups) / sizeof(groups[0]),
    FIRST_NAME = 6, /* in argv */
};

static bool is_among(const char *group, char *const names[])
{
    while (*names && strcmp(*names, group) != 0) {
        names++;
    }
    return *names != NULL;
}

static bool is_group(const char *name)
{
    size_t i = 0;

    while (i < GROUPS && strcmp(groups[i].name, name) != 0) {
        i++;
    }
    return i < GROUPS;
}

static bool are_groups(char *const names[])
{
    while (*names && is_group(*names)) {
        names++;
    }
    return !*names;
}

static int complain(void)
{
    fprintf(stderr, "usage: bench ARCHITECTURE WINE TESTS STAGE JSON [GROUP...]\ngroups:");
    for (size_t i = 0; i < GROUPS; i++) {
        if (i == 0 || strcmp(groups[i].name, groups[i - 1].name) != 0) {
            fprintf(stderr, " %s", groups[i].name);
        }
    }
    fprintf(stderr, "\n");
    return 2;
}

/* As many as whoever started us allows. */
static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    if (argc < FIRST_NAME || !are_groups(argv + FIRST_NAME)) {
        return complain();
    }
    places_set(argv[3], argv[4], argv[1]);
    allow_descriptors();
    signal(SIGPIPE, SIG_IGN); /* of a Windows program that ends */
    peers_open();
    for (size_t i = 0; i < GROUPS; i++) {
        if (argc == FIRST_NAME || is_among(groups[i].name, argv + FIRST_NAME)) {
            fprintf(stderr, "%s ...\n", groups[i].name);
            report_begin(groups[i].name);
            groups[i].measure();
        }
    }
    return report_end(argv[5], argv[1], argv[2]) ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
#include "caller.h"
#include "clock.h"
#include "connections.h"
#include "give_up.h"
#include "groups.h"
#include "outside.h"
#include "peers.h"
#include "places.h"
#include "report.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum
{
    REST_ROUNDS = 9,
    REST_US = 1000000,
    FIRST_ROUNDS = 11,
    PATIENCE_MS = 30000,
};

void bench_rest(void)
{
    struct caller caller = caller_start("bench_calls.exe", NULL);

    caller_drop(&caller, "burst", connections_make(1), NULL, 0);
    for (int round = 0; round < REST_ROUNDS; round++) {
        double figures[2];
        double floor;

        usleep(REST_US);
        floor = peers_floor(1);
        caller_drop(&caller, "rest", connections_make(1), figures, 2);
        report_add(ROW_REST, figures[0], floor + figures[1]);
    }
    caller_end(&caller);
}

/* ---- the first of a process ---- */

/* The clock of Linux's that Wine's performance counter shows: one of these, which Wine is free to choose. */
static clockid_t clock_of_wine(struct caller *caller)
{
    static const clockid_t clocks[] = {CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC, CLOCK_BOOTTIME};

    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
        const double before = clock_microseconds_of(clocks[i]);
        double shown;

        caller_tell(caller, "clock");
        caller_hear(caller, &shown, 1);
        /* It shows tenths of a microsecond. */
        if (shown >= before - 1 && shown <= clock_microseconds_of(clocks[i])) {
            return clocks[i];
        }
    }
    errno = ENOTSUP;
    give_up("Wine's performance counter shows none of Linux's clocks");
}

/* The moment at which the peer sees the reset. */
static double moment_of_reset(int peer, clockid_t clock)
{
    struct pollfd reset = {.fd = peer, .events = POLLIN};

    if (poll(&reset, 1, PATIENCE_MS) != 1) {
        give_up("no reset is seen");
    }
    return clock_microseconds_of(clock);
}

static void tell_to_drop(struct caller *caller, const struct connection_pair *pair, bool by_ss)
{
    char arguments[PEERS_COMMAND_CHARS];
    char command[PLACE_CHARS + PEERS_COMMAND_CHARS];

    if (by_ss) {
        peers_ss_command(pair->row, arguments);
        snprintf(command, sizeof(command), "start %s %s", peers_ss_path(), arguments);
    } else {
        snprintf(command, sizeof(command), "first %s 1", pair->path);
    }
    caller_tell(caller, command);
}

/* From what a new program begins until the peer sees the reset. */
static double time_first(const char *program, const char *folder, bool by_ss, clockid_t clock)
{
    struct connection_pair pair = connection_pair_make();
    struct caller caller = caller_start(program, folder);
    double began;
    double ended;

    tell_to_drop(&caller, &pair, by_ss);
    ended = moment_of_reset(pair.ends[1], clock);
    caller_hear(&caller, &began, 1);
    caller_end(&caller);
    connection_pair_end(&pair);
    return ended - began;
}

static clockid_t find_clock(void)
{
    struct caller caller = caller_start("bench_calls.exe", NULL);
    const clockid_t clock = clock_of_wine(&caller);

    caller_end(&caller);
    return clock;
}

void bench_first(void)
{
    static const struct kind
    {
        enum row row;
        const char *program;
    } kinds[] = {
        {ROW_FIRST_CONSOLE, "bench_calls.exe"},
        {ROW_FIRST_WINDOW, "bench_calls_window.exe"},
    };
    const clockid_t clock = find_clock();

    for (int round = 0; round < FIRST_ROUNDS; round++) {
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
            const double ours = time_first(kinds[i].program, NULL, false, clock);

            report_add(kinds[i].row, ours, time_first(kinds[i].program, NULL, true, clock));
        }
    }
}

void bench_outside_first(void)
{
    const clockid_t clock = find_clock();
    struct outside outside = outside_start();

    for (int round = 0; round < FIRST_ROUNDS; round++) {
        const double own = time_first("bench_calls.exe", NULL, false, clock);

        report_add(ROW_OUTSIDE_FIRST, time_first("bench_calls.exe", outside.folder, false, clock),
                   own);
    }
    outside_end(&outside);
}

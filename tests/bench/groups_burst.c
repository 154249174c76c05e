/* SPDX-License-Identifier: MIT */
#include "caller.h"
#include "connections.h"
#include "give_up.h"
#include "groups.h"
#include "guests.h"
#include "helpers.h"
#include "outside.h"
#include "peers.h"
#include "processors.h"
#include "report.h"

enum
{
    ROUNDS = 40,
    A_ROUND = 250,          /* so 10,000 in all */
    THREADS_A_ROUND = 2000, /* shared by 8 threads, which begin and end at different times */
    SS_A_ROUND = 5,
    FEWER_ROUNDS = 9, /* where thousands of others have to be made for each */
};

struct burst
{
    double drop;
    double token;
};

static struct burst burst_of(struct caller *caller, size_t count)
{
    double figures[2];

    caller_drop(caller, "burst", connections_make(count), figures, 2);
    return (struct burst){figures[0], figures[1]};
}

/* The helper is started by the first call, and what is used for the first time takes longer. */
static struct caller start_warm(const char *folder)
{
    struct caller caller = caller_start("bench_calls.exe", folder);

    burst_of(&caller, A_ROUND);
    return caller;
}

void bench_burst(void)
{
    struct caller caller = start_warm(NULL);

    for (int round = 0; round < ROUNDS; round++) {
        const double floor = peers_floor(A_ROUND);
        const struct burst burst = burst_of(&caller, A_ROUND);

        report_add(ROW_BURST, burst.drop, floor + burst.token);
        report_add(ROW_BURST_SS, burst.drop, peers_ss(SS_A_ROUND));
    }
    caller_end(&caller);
}

void bench_outside_burst(void)
{
    struct outside outside = outside_start();
    struct caller own = start_warm(NULL);
    struct caller guest = start_warm(outside.folder);

    for (int round = 0; round < ROUNDS; round++) {
        const double with_own = burst_of(&own, A_ROUND).drop;

        report_add(ROW_OUTSIDE_BURST, burst_of(&guest, A_ROUND).drop, with_own);
    }
    caller_end(&guest);
    caller_end(&own);
    outside_end(&outside);
}

/* ---- among others ---- */

struct growth
{
    double drop;
    double floor;
};

static struct growth drop_among(struct caller *caller, size_t others)
{
    struct connections bystanders = connections_make(others);
    struct growth growth;

    growth.floor = peers_floor(A_ROUND);
    growth.drop = burst_of(caller, A_ROUND).drop;
    connections_end_alive(&bystanders);
    return growth;
}

void bench_growth(void)
{
    struct caller caller = start_warm(NULL);

    for (int round = 0; round < FEWER_ROUNDS; round++) {
        const struct growth few = drop_among(&caller, 10);
        const struct growth more = drop_among(&caller, 1000);
        const struct growth most = drop_among(&caller, 20000);

        report_add(ROW_AMONG_1000, more.drop, few.drop);
        report_add(ROW_AMONG_20000, most.drop, few.drop);
        report_add(ROW_FLOOR_AMONG_1000, more.floor, few.floor);
        report_add(ROW_FLOOR_AMONG_20000, most.floor, few.floor);
    }
    caller_end(&caller);
}

void bench_programs(void)
{
    struct outside outside = outside_start();
    struct caller caller = start_warm(outside.folder);

    for (int round = 0; round < FEWER_ROUNDS; round++) {
        const double alone = burst_of(&caller, A_ROUND).drop;

        guests_come(outside.folder, 64 - 1);
        report_add(ROW_64_PROGRAMS, burst_of(&caller, A_ROUND).drop, alone);
        guests_come(outside.folder, 500 - 1);
        report_add(ROW_500_PROGRAMS, burst_of(&caller, A_ROUND).drop, alone);
        guests_leave();
    }
    caller_end(&caller);
    outside_end(&outside);
}

/* ---- threads and processors ---- */

static double drop_by_threads(struct caller *caller, const char *command)
{
    double time;

    caller_drop(caller, command, connections_make(THREADS_A_ROUND), &time, 1);
    return time;
}

void bench_threads(void)
{
    struct caller caller = start_warm(NULL);

    for (int round = 0; round < ROUNDS; round++) {
        const double by_one = drop_by_threads(&caller, "threads 1");

        report_add(ROW_8_THREADS, drop_by_threads(&caller, "threads 8"), by_one);
    }
    caller_end(&caller);
}

/* With no other helper about. */
static struct caller start_alone(void)
{
    if (!helpers_are_gone()) {
        give_up("another helper does not end");
    }
    return start_warm(NULL);
}

void bench_processor(void)
{
    struct caller caller = start_alone();
    const struct processors all = processors_of_all();

    for (int round = 0; round < ROUNDS; round++) {
        const double on_all = burst_of(&caller, A_ROUND).drop;

        processors_pin(caller.process, &all, true);
        report_add(ROW_ONE_PROCESSOR, burst_of(&caller, A_ROUND).drop, on_all);
        processors_pin(caller.process, &all, false);
    }
    caller_end(&caller);
}

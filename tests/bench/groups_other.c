/* SPDX-License-Identifier: MIT */
#include "caller.h"
#include "connections.h"
#include "give_up.h"
#include "groups.h"
#include "helpers.h"
#include "outside.h"
#include "peers.h"
#include "places.h"
#include "program.h"
#include "report.h"
#include "threads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    PARTS_ROUNDS = 10,
    PARTS_A_ROUND = 500,
    SETTLE_US = 500000,
    IDLE_US = 10000000,
};

void bench_parts(void)
{
    struct caller caller = caller_start("bench_parts.exe", NULL);

    caller_drop(&caller, "exchange", connections_make(PARTS_A_ROUND), NULL,
                0); /* this starts the helper */
    for (int round = 0; round < PARTS_ROUNDS; round++) {
        const double floor = peers_floor(PARTS_A_ROUND);
        double exchange;
        double check[2];

        caller_drop(&caller, "exchange", connections_make(PARTS_A_ROUND), &exchange, 1);
        caller_tell(&caller, "privilege");
        caller_hear(&caller, check, 2);
        report_add(ROW_EXCHANGE, exchange, floor);
        report_add(ROW_PRIVILEGE, check[0], check[1]);
    }
    caller_end(&caller);
}

/* ---- what is passed on ---- */

void bench_passed_on(void)
{
    static const enum row rows[] = {ROW_PASSED_CALL, ROW_LOAD, ROW_LOAD_AND_CALL};
    char program[PLACE_CHARS];
    const char *const arguments[] = {"drop-in", "--",
                                     places_drop_in("passthrough_bench.exe", program), NULL};
    struct program_answer answer;
    char *rest;
    char *line;

    setenv("WINEDLLOVERRIDES", "iphlpapi=n,b", 1);
    answer = program_run("tests/support/in_prefix.sh", arguments);
    unsetenv("WINEDLLOVERRIDES");
    if (answer.status != 0) {
        fputs(answer.errors, stderr);
        errno = ECHILD;
        give_up(program);
    }
    rest = answer.output;
    for (size_t i = 0; (line = strsep(&rest, "\n")) && *line; i++) {
        double figures[2];

        if (!caller_read_figures(line, figures, 2)) {
            give_up(line);
        }
        report_add(rows[i % (sizeof(rows) / sizeof(rows[0]))], figures[0], figures[1]);
    }
    program_free(&answer);
}

/* ---- at rest ---- */

void bench_idle(void)
{
    struct caller own;
    struct outside outside;
    struct caller guest;
    pid_t helper;
    double before[3];

    if (!helpers_are_gone()) {
        give_up("another helper does not end");
    }
    own = caller_start("bench_calls.exe", NULL);
    caller_drop(&own, "burst", connections_make(1), NULL, 0);
    helper = helpers_find_process("settcpentry-hos"); /* as long as there is only that one */
    outside = outside_start();
    guest = caller_start("bench_calls.exe", outside.folder);
    caller_drop(&guest, "burst", connections_make(1), NULL, 0);
    usleep(SETTLE_US);
    before[0] = threads_processor_time(own.process);
    before[1] = threads_processor_time(helper);
    before[2] = threads_processor_time(outside.process);
    usleep(IDLE_US);
    report_add(ROW_IDLE_PROGRAM, threads_processor_time(own.process) - before[0], 0);
    report_add(ROW_IDLE_HELPER, threads_processor_time(helper) - before[1], 0);
    report_add(ROW_IDLE_OUTSIDE, threads_processor_time(outside.process) - before[2], 0);
    caller_end(&guest);
    outside_end(&outside);
    caller_end(&own);
}

/* SPDX-License-Identifier: MIT */
/* tcpdrop beside ss: whole runs of a program, with its output in a file. */
#include "answer.h"
#include "clock.h"
#include "connections.h"
#include "give_up.h"
#include "groups.h"
#include "peers.h"
#include "places.h"
#include "program.h"
#include "report.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum
{
    CONNECTIONS = 5000,
    LIST_ROUNDS = 9,
    CLOSE_ROUNDS = 7,
    SS_A_ROUND = 20,
};

enum competitor
{
    SS,
    LINUX,
    WINDOWS,
};

_Static_assert((int)CONNECTIONS <= (int)CONNECTIONS_A_HOLDER, "they have one port in common");

static size_t count_lines(FILE *file)
{
    size_t lines = 0;
    int c;

    rewind(file);
    while ((c = getc(file)) != EOF) {
        lines += c == '\n';
    }
    return lines;
}

/* Runs it; the milliseconds.  It has to print that many lines at least. */
static double run_timed(const char *path, const char *const arguments[], size_t lines)
{
    FILE *output = tmpfile();
    const double start = clock_microseconds();
    const int status =
        output ? program_wait(program_start(path, arguments, -1, fileno(output), STDERR_FILENO))
               : -1;
    const double time = clock_microseconds() - start;

    if (status != 0 || count_lines(output) < lines) {
        fprintf(stderr, "%s: status %d, and not %zu lines\n", path, status, lines);
        exit(2);
    }
    fclose(output);
    return time / 1e3;
}

static double run_ss(const char *const arguments[], size_t lines)
{
    return run_timed(peers_ss_path(), arguments, lines);
}

static double run_tcpdrop(enum competitor which, const char *const arguments[], size_t lines)
{
    char path[PLACE_CHARS];

    return run_timed(which == LINUX ? places_tcpdrop(path) : places_tcpdrop_windows(path),
                     arguments, lines);
}

static double list(enum competitor which)
{
    const size_t lines = (size_t)2 * CONNECTIONS;

    return which == SS ? run_ss((const char *const[]){"-t", "-n", NULL}, lines)
                       : run_tcpdrop(which, (const char *const[]){"--list", NULL}, lines);
}

static double close_all(enum competitor which)
{
    struct connections connections = connections_make(CONNECTIONS);
    char port[16];
    double time;

    snprintf(port, sizeof(port), ":%u", ntohs((uint16_t)connections.rows[0].remote_port));
    if (which == SS) {
        time =
            run_ss((const char *const[]){"-K", "-t", "-n", "dport", "=", port, NULL}, CONNECTIONS);
    } else {
        time = run_tcpdrop(which, (const char *const[]){"--close", "--yes", "--remote", port, NULL},
                           CONNECTIONS);
    }
    connections_end_dropped(&connections);
    return time;
}

static void bench_lists(bool with_windows)
{
    struct connections connections = connections_make(CONNECTIONS);

    for (int round = 0; round < LIST_ROUNDS; round++) {
        const double ss = list(SS);

        report_add(ROW_LINUX_LISTS, list(LINUX), ss);
        if (with_windows) {
            report_add(ROW_WINDOWS_LISTS, list(WINDOWS), ss);
        }
    }
    connections_end_alive(&connections);
}

static void bench_closing(bool with_windows)
{
    for (int round = 0; round < CLOSE_ROUNDS; round++) {
        const double ss = close_all(SS);

        report_add(ROW_LINUX_CLOSES, close_all(LINUX), ss);
        if (with_windows) {
            const double windows = close_all(WINDOWS);

            report_add(ROW_WINDOWS_CLOSES, windows, ss);
            report_add(ROW_WINDOWS_CLOSES_EACH, windows, peers_ss(SS_A_ROUND) / 1e3 * CONNECTIONS);
        }
    }
}

/* Since 9.17 Wine's table has the connections of its own programs only. */
static bool windows_sees_linux(void)
{
    struct connections connections = connections_make(1);
    char path[PLACE_CHARS];
    struct program_answer answer =
        program_run(places_tcpdrop_windows(path), (const char *const[]){"--list", NULL});
    const int status = answer.status;

    if (status != STATUS_DONE && status != STATUS_NO_SUCH_CONNECTION) {
        give_up(path);
    }
    program_free(&answer);
    connections_end_alive(&connections);
    return status == STATUS_DONE;
}

void bench_tcpdrop(void)
{
    static const enum row of_windows[] = {ROW_WINDOWS_LISTS, ROW_WINDOWS_CLOSES,
                                          ROW_WINDOWS_CLOSES_EACH};
    const bool with_windows = windows_sees_linux();

    for (size_t i = 0; !with_windows && i < sizeof(of_windows) / sizeof(of_windows[0]); i++) {
        report_excuse(of_windows[i], "this Wine lists its own connections only");
    }
    bench_lists(with_windows);
    bench_closing(with_windows);
}

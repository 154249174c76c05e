/* SPDX-License-Identifier: MIT */
/*
 * bench_tcpdrop TCPDROP TCPDROP_EXE...: what it takes to list 10,000 rows, and to close 5,000 connections by one
 * filter, with ss and with each of these programs, the first of which is Linux's; and to close them by one ss -K for
 * each.  All are whole runs of a program, with its output in a file; medians of rounds in which each has its turn.
 * Exit status 1 if Linux's tcpdrop is slower than ss in either, or another closes less than 20 times faster than
 * one ss -K for each does.
 */
#include "median.h"
#include "pair.h"
#include "program.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum
{
    CONNECTIONS = 5000,
    LIST_ROUNDS = 15,
    CLOSE_ROUNDS = 9,
    SS_DROPS = 200,
    TIMES_FASTER = 20,
    PROGRAMS_AT_MOST = 8,
    ARGUMENTS_AT_MOST = 10,
};

/* One that competes, and how long it took. */
struct program
{
    const char *path;
    const char *list[ARGUMENTS_AT_MOST];
    const char *close[ARGUMENTS_AT_MOST];
    double list_times[LIST_ROUNDS];
    double close_times[CLOSE_ROUNDS];
};

static struct program programs[PROGRAMS_AT_MOST]; /* the first is ss, the second Linux's tcpdrop */
static size_t program_count;

static int listener;
static char port[16]; /* ":8080": where it listens, and by what connections are filtered */
static int ends[CONNECTIONS][2];

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static double milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct sockaddr_in own_address(int socket)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);

    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0) {
        give_up("getsockname");
    }
    return address;
}

static void connect_all(size_t count)
{
    const struct sockaddr_in to = own_address(listener);

    for (size_t i = 0; i < count; i++) {
        ends[i][0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (ends[i][0] < 0 || connect(ends[i][0], (const struct sockaddr *)&to, sizeof(to)) != 0) {
            give_up("connect");
        }
        ends[i][1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    }
}

/* Abruptly: thousands that the kernel remembers would be rows, and take ports. */
static void disconnect_all(size_t count)
{
    const struct linger reset = {.l_onoff = 1};

    for (size_t i = 0; i < count; i++) {
        setsockopt(ends[i][0], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        close(ends[i][0]);
        close(ends[i][1]);
    }
}

/* Every client's end was to be closed, or a bench of nothing was run. */
static void expect_closed(const char *by, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char byte;

        if (recv(ends[i][0], &byte, 1, MSG_DONTWAIT) >= 0 || errno != ECONNABORTED) {
            give_up(by);
        }
    }
}

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

/* Runs it; the time. It has to print that many lines at least. */
static double run_timed(const char *path, const char *const arguments[], size_t lines)
{
    FILE *output = tmpfile();
    const double start = milliseconds();
    const int status =
        output ? program_wait(program_start(path, arguments, -1, fileno(output), STDERR_FILENO))
               : -1;
    const double time = milliseconds() - start;

    if (status != 0 || count_lines(output) < lines) {
        fprintf(stderr, "%s: status %d, and not %zu lines\n", path, status, lines);
        exit(2);
    }
    fclose(output);
    return time;
}

static void bench_list(void)
{
    connect_all(CONNECTIONS);
    for (size_t round = 0; round < LIST_ROUNDS; round++) {
        for (size_t i = 0; i < program_count; i++) {
            programs[i].list_times[round] =
                run_timed(programs[i].path, programs[i].list, (size_t)2 * CONNECTIONS);
        }
    }
    disconnect_all(CONNECTIONS);
}

static void bench_close(void)
{
    for (size_t round = 0; round < CLOSE_ROUNDS; round++) {
        for (size_t i = 0; i < program_count; i++) {
            connect_all(CONNECTIONS);
            programs[i].close_times[round] =
                run_timed(programs[i].path, programs[i].close, CONNECTIONS);
            expect_closed(programs[i].path, CONNECTIONS);
            disconnect_all(CONNECTIONS);
        }
    }
}

/* One ss -K for each; the time for one. */
static double bench_single_ss(void)
{
    static double times[SS_DROPS];

    connect_all(SS_DROPS);
    for (size_t i = 0; i < SS_DROPS; i++) {
        char local[16];

        snprintf(local, sizeof(local), ":%u", ntohs(own_address(ends[i][0]).sin_port));
        times[i] = run_timed("ss",
                             (const char *const[]){"-K", "-t", "-n", "-H", "sport", "=", local,
                                                   "and", "dport", "=", port, NULL},
                             1);
    }
    expect_closed("ss", SS_DROPS);
    disconnect_all(SS_DROPS);
    return median(times, SS_DROPS);
}

/* Prints the lines of one program; 1 if it is too slow. */
static int judge(struct program *program, double single_ss)
{
    const bool is_linux = program == &programs[1];
    const double list = median(program->list_times, LIST_ROUNDS);
    const double close = median(program->close_times, CLOSE_ROUNDS);
    const double list_ratio = list / median(programs[0].list_times, LIST_ROUNDS);
    const double close_ratio = close / median(programs[0].close_times, CLOSE_ROUNDS);
    const double faster = single_ss * CONNECTIONS / close;

    printf("%-40s list %7.1f = %.2f ss%s;  close %7.1f = %.2f ss -K%s, %.0f times faster than one "
           "each%s\n",
           program->path, list, list_ratio, is_linux ? ", at most 1" : "", close, close_ratio,
           is_linux ? ", at most 1" : "", faster, is_linux ? "" : ", at least 20");
    return is_linux ? list_ratio > 1 || close_ratio > 1 : !(faster >= TIMES_FASTER);
}

static void add_tcpdrop(const char *path)
{
    programs[program_count++] = (struct program){
        .path = path,
        .list = {"--list"},
        .close = {"--close", "--yes", "--remote", port},
    };
}

int main(int argc, char **argv)
{
    const struct rlimit many = {20000, 20000};
    double single_ss;
    int status = 0;

    setrlimit(RLIMIT_NOFILE, &many);
    if (argc < 2 || argc >= PROGRAMS_AT_MOST) {
        fprintf(stderr, "usage: bench_tcpdrop TCPDROP TCPDROP_EXE...\n");
        return 2;
    }
    listener = pair_listen("127.0.0.1");
    snprintf(port, sizeof(port), ":%u", ntohs(own_address(listener).sin_port));
    programs[program_count++] = (struct program){
        .path = "ss",
        .list = {"-t", "-n"},
        .close = {"-K", "-t", "-n", "dport", "=", port},
    };
    for (int i = 1; i < argc; i++) {
        add_tcpdrop(argv[i]);
    }
    bench_list();
    bench_close();
    single_ss = bench_single_ss();
    printf("milliseconds, medians of %d and %d:  ss lists %d rows in %.1f, ss -K closes %d "
           "connections in %.1f, one each would take %.0f\n",
           LIST_ROUNDS, CLOSE_ROUNDS, 2 * CONNECTIONS, median(programs[0].list_times, LIST_ROUNDS),
           CONNECTIONS, median(programs[0].close_times, CLOSE_ROUNDS), single_ss * CONNECTIONS);
    for (size_t i = 1; i < program_count; i++) {
        status |= judge(&programs[i], single_ss);
    }
    return status;
}

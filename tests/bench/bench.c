/* SPDX-License-Identifier: MIT */
/*
 * bench BENCH_CALLS...: what one drop of a loopback connection costs, as medians of one run:
 *   floor   plain C on Linux, exact lookup and destroy by cookie
 *   ss -K   one process for each drop
 *   call    SetTcpEntry under Wine, by each of the given programs (tests/bench/bench_calls.c)
 *   token   one OpenThreadToken there, which is what a call must pay to notice impersonation
 *   first   the first call of a program, which starts the helper: of the given console program, and
 *           of the same one for the Windows subsystem, bench_calls_window beside it
 * Exit status 1 if a call costs more than 3 (floor + token), or more than a 15th of ss -K, or if the
 * first call costs a program with windows more than 1.5 times what it costs a console program.
 */
#include "diag.h"
#include "median.h"
#include "under_wine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum
{
    DROPS = 2000,
    SS_DROPS = 200,
    FIRST_CALLS = 15,
    DELETE_TCB = 12,
};

/* MIB_TCPROW */
struct row
{
    uint32_t state;
    uint32_t local_address;
    uint32_t local_port;
    uint32_t remote_address;
    uint32_t remote_port;
};

static int ends[DROPS][2];
static struct row rows[DROPS];
static double times[DROPS];

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static double microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
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

static void connect_one(size_t i, int listener)
{
    const struct sockaddr_in remote = own_address(listener);
    struct sockaddr_in local;

    ends[i][0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (ends[i][0] < 0 ||
        connect(ends[i][0], (const struct sockaddr *)&remote, sizeof(remote)) != 0) {
        give_up("connect");
    }
    ends[i][1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    local = own_address(ends[i][0]);
    rows[i] = (struct row){
        .state = DELETE_TCB,
        .local_address = local.sin_addr.s_addr,
        .local_port = local.sin_port,
        .remote_address = remote.sin_addr.s_addr,
        .remote_port = remote.sin_port,
    };
}

static void connect_all(size_t count)
{
    const int listener = pair_listen("127.0.0.1");

    for (size_t i = 0; i < count; i++) {
        connect_one(i, listener);
    }
    close(listener);
}

/* Every client's end was to be reset, or a bench of nothing was run. */
static void disconnect_all(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char byte;

        if (recv(ends[i][0], &byte, 1, MSG_DONTWAIT) >= 0 || errno != ECONNABORTED) {
            give_up("a connection that was to be dropped");
        }
        close(ends[i][0]);
        close(ends[i][1]);
    }
}

static double bench_floor(void)
{
    connect_all(DROPS);
    for (size_t i = 0; i < DROPS; i++) {
        struct connection connection = {
            .local = {.port = (uint16_t)rows[i].local_port},
            .remote = {.port = (uint16_t)rows[i].remote_port},
            .family = CONNECTION_IPV4,
        };
        struct diag_socket found;
        const double start = microseconds();

        memcpy(connection.local.address, &rows[i].local_address, 4);
        memcpy(connection.remote.address, &rows[i].remote_address, 4);
        if (diag_find(&connection, 0, &found) != 0 || diag_destroy(&connection, &found) != 0) {
            give_up("floor");
        }
        times[i] = microseconds() - start;
    }
    disconnect_all(DROPS);
    return median(times, DROPS);
}

static void run_ss(const struct row *row)
{
    char local[16];
    char remote[16];
    char *argv[] = {"ss",  "-K",  "-t",    "-n", "-H",   "sport", "=",
                    local, "and", "dport", "=",  remote, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t child;

    snprintf(local, sizeof(local), ":%u", ntohs((uint16_t)row->local_port));
    snprintf(remote, sizeof(remote), ":%u", ntohs((uint16_t)row->remote_port));
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", 1 /* O_WRONLY */, 0);
    if (posix_spawnp(&child, "ss", &quiet, NULL, argv, environ) != 0) {
        give_up("ss");
    }
    posix_spawn_file_actions_destroy(&quiet);
    waitpid(child, NULL, 0);
}

static double bench_ss(void)
{
    connect_all(SS_DROPS);
    for (size_t i = 0; i < SS_DROPS; i++) {
        const double start = microseconds();

        run_ss(&rows[i]);
        times[i] = microseconds() - start;
    }
    disconnect_all(SS_DROPS);
    return median(times, SS_DROPS);
}

static void write_rows(const char *path, size_t count)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(rows, sizeof(rows[0]), count, file) != count || fclose(file) != 0) {
        give_up(path);
    }
}

/* The program's word is checked: all ends have to be gone. */
static struct wine_answer bench_calls(const char *program, size_t count)
{
    char path[] = "/tmp/bench-rows-XXXXXX";
    const char *const arguments[] = {path, NULL};
    struct wine_answer answer;

    connect_all(count);
    close(mkstemp(path));
    write_rows(path, count);
    answer = wine_run(program, arguments);
    unlink(path);
    if (answer.status != 0) {
        fprintf(stderr, "%s failed: %s\n", program, answer.output);
        exit(2);
    }
    disconnect_all(count);
    return answer;
}

/* The program's own words: "call 1.23 token 4.56". */
static double said(const struct wine_answer *answer, const char *name)
{
    const char *found = strstr(answer->output, name);

    return found ? strtod(found + strlen(name), NULL) : 0;
}

/* Prints the line of one program; 1 if it is too slow. */
static int judge(const char *program, double floor, double ss)
{
    const struct wine_answer answer = bench_calls(program, DROPS);
    const double call = said(&answer, "call ");
    const double token = said(&answer, "token ");
    const double to_least = call / (floor + token);

    printf("%-48s call %7.2f  token %6.2f  = %.2f (floor + token), at most 3;  ss -K is %.0f times"
           " slower, at least 15\n",
           program, call, token, to_least, ss / call);
    return call <= 0 || to_least > 3 || ss / call < 15;
}

static double first_call(const char *program)
{
    const struct wine_answer answer = bench_calls(program, 1);

    return said(&answer, "call ");
}

/* The same for first calls; both kinds in turns, so that others on this machine disturb both. */
static int judge_first(const char *program)
{
    static double console[FIRST_CALLS];
    static double window[FIRST_CALLS];
    char windows[4096];
    double ratio;

    snprintf(windows, sizeof(windows), "%.*s_window.exe", (int)(strlen(program) - strlen(".exe")),
             program);
    for (size_t i = 0; i < FIRST_CALLS; i++) {
        console[i] = first_call(program);
        window[i] = first_call(windows);
    }
    ratio = median(window, FIRST_CALLS) / median(console, FIRST_CALLS);
    printf("%-48s first call %.0f, with windows %.2f times that, at most 1.5\n", program,
           console[FIRST_CALLS / 2], ratio);
    return !(ratio > 0 && ratio <= 1.5);
}

int main(int argc, char **argv)
{
    const struct rlimit many = {20000, 20000};
    int status = 0;
    double floor;
    double ss;

    setrlimit(RLIMIT_NOFILE, &many);
    if (argc < 2 || diag_open() != 0) {
        fprintf(stderr, "usage: bench BENCH_CALLS...\n");
        return 2;
    }
    floor = bench_floor();
    ss = bench_ss();
    printf("microseconds, medians of %d (ss: %d):  floor %.2f  ss -K %.0f\n", DROPS, SS_DROPS,
           floor, ss);
    for (int i = 1; i < argc; i++) {
        status |= judge(argv[i], floor, ss);
        status |= judge_first(argv[i]);
    }
    return status;
}

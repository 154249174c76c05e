/* SPDX-License-Identifier: MIT */
/*
 * demo BUILT_IN OURS DROP_IN OURS_IPV6 WINDOW: shows the main job with real connections.  The arguments
 * are examples/close_connection linked with the system's iphlpapi.dll, linked with our iphlp.dll, and the
 * first one again but with our iphlpapi.dll beside it; then close_connection_ipv6 and _window.  Exit
 * status 1 if anything is not as it should be.
 */
#include "pair.h"
#include "under_wine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int differences;

static void expect(bool is_so, const char *what)
{
    if (!is_so) {
        printf("  NOT as it should be: %s\n", what);
        differences++;
    }
    fflush(stdout);
}

static const char *sight(int seen)
{
    switch (seen) {
    case PAIR_ALIVE:
        return "the connection lives";
    case PAIR_SILENT:
        return "nothing";
    case 0:
        return "an orderly end";
    default:
        return strerror(seen);
    }
}

static void show_connection(const struct pair *pair)
{
    char client[PAIR_NAME_CHARS];
    char server[PAIR_NAME_CHARS];

    printf("Two Linux processes, %d and %d, talk over %s -> %s\n", (int)pair->client.process,
           (int)pair->server.process, pair_name(&pair->client.address, client),
           pair_name(&pair->server.address, server));
}

static struct wine_answer drop(const char *program, const struct pair *pair)
{
    return wine_close_connection(program, &pair->client.address, &pair->server.address);
}

/* By a button that presses itself. */
static struct wine_answer drop_in_window(const char *program, const struct pair *pair)
{
    char answer_file[] = "Z:/tmp/settcpentry-demo-XXXXXX";
    char *const linux_file = answer_file + sizeof("Z:") - 1;
    char local[PAIR_NAME_CHARS];
    char remote[PAIR_NAME_CHARS];
    const char *const arguments[] = {
        pair_name(&pair->client.address, local),
        pair_name(&pair->server.address, remote),
        "--now",
        answer_file,
        NULL,
    };
    struct wine_answer answer;

    close(mkstemp(linux_file));
    answer = wine_run(program, arguments);
    wine_read_answer(linux_file, &answer);
    unlink(linux_file);
    return answer;
}

static void show_answer(const char *who, const struct wine_answer *answer, const struct pair *pair)
{
    printf("%s %s returns %ld", who,
           pair->client.address.any.sa_family == AF_INET6 ? "SetTcp6Entry" : "SetTcpEntry",
           answer->code);
}

static void show_built_in(const char *program, struct pair *pair)
{
    const struct wine_answer answer = drop(program, pair);
    const int seen = pair_ping(pair);

    show_answer("Wine's own", &answer, pair);
    printf(": %s\n", sight(seen));
    expect(answer.code == 0 && seen == PAIR_ALIVE,
           "Wine's stub was to claim success and do nothing");
}

static void show_ours(const char *who, const struct wine_answer *answer, struct pair *pair)
{
    const int client = pair_saw(&pair->client);
    const int server = pair_saw(&pair->server);

    show_answer(who, answer, pair);
    printf(": the client saw \"%s\", the server \"%s\"\n", sight(client), sight(server));
    expect(answer->code == 0 && client == ECONNABORTED && server == ECONNRESET,
           "this end was to see ECONNABORTED, the other ECONNRESET");
}

/* Whoever imports from iphlpapi.dll gets ours, if Wine is told so and it lies beside the program. */
static void show_drop_in(const char *program, int listener)
{
    struct wine_answer answer;
    struct pair another;

    pair_open(&another, listener, getuid());
    printf("The first program again, another connection, and our iphlpapi.dll beside it\n");
    setenv("WINEDLLOVERRIDES", "iphlpapi=n,b", 1);
    answer = drop(program, &another);
    unsetenv("WINEDLLOVERRIDES");
    show_ours("Drop-in:  ", &answer, &another);
    pair_close(&another);
}

/* As most users' programs have one, and no console. */
static void show_window(const char *program, int listener)
{
    struct wine_answer answer;
    struct pair another;

    pair_open(&another, listener, getuid());
    printf("A program with a window, and another connection\n");
    answer = drop_in_window(program, &another);
    show_ours("Window:   ", &answer, &another);
    pair_close(&another);
}

static void show_ipv6(const char *program)
{
    const int listener = pair_listen("::1");
    struct wine_answer answer;
    struct pair pair;

    pair_open(&pair, listener, getuid());
    show_connection(&pair);
    answer = drop(program, &pair);
    show_ours("Ours, IPv6:", &answer, &pair);
    pair_close(&pair);
    close(listener);
}

static void show_listener(int listener)
{
    struct pair another;
    int seen;

    pair_open(&another, listener, getuid());
    seen = pair_ping(&another);
    printf("A new connection to the same listener: %s\n", sight(seen));
    expect(seen == PAIR_ALIVE, "the listener was to go on");
    pair_close(&another);
}

int main(int argc, char **argv)
{
    struct wine_answer answer;
    struct pair pair;
    int listener;

    if (argc != 6) {
        fprintf(stderr, "usage: demo BUILT_IN OURS DROP_IN OURS_IPV6 WINDOW\n");
        return 2;
    }
    listener = pair_listen("127.0.0.1");
    pair_open(&pair, listener, getuid());
    expect(pair_ping(&pair) == PAIR_ALIVE, "the connection was to live at first");
    show_connection(&pair);
    show_built_in(argv[1], &pair);
    answer = drop(argv[2], &pair);
    show_ours("Ours:     ", &answer, &pair);
    show_drop_in(argv[3], listener);
    show_window(argv[5], listener);
    show_listener(listener);
    show_ipv6(argv[4]);
    pair_close(&pair);
    return differences == 0 ? 0 : 1;
}

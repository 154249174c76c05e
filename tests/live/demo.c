/* SPDX-License-Identifier: MIT */
/*
 * demo BUILT_IN OURS DROP_IN OURS_IPV6: shows the main job with real connections.  All arguments are
 * examples/close_connection: the first one linked with the system's iphlpapi.dll, the second one with
 * our iphlp.dll, the third one the same as the first but with our iphlpapi.dll beside it.  Exit
 * status 1 if anything is not as it should be.
 */
#include "pair.h"
#include "wine.h"

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

static struct wine_answer drop(const char *who, const char *program, const struct pair *pair)
{
    const struct wine_answer answer =
        wine_close_connection(program, &pair->client.address, &pair->server.address);

    printf("%s %s returns %ld", who,
           pair->client.address.any.sa_family == AF_INET6 ? "SetTcp6Entry" : "SetTcpEntry",
           answer.code);
    return answer;
}

static void show_built_in(const char *program, struct pair *pair)
{
    const struct wine_answer answer = drop("Wine's own", program, pair);
    const int seen = pair_ping(pair);

    printf(": %s\n", sight(seen));
    expect(answer.code == 0 && seen == PAIR_ALIVE,
           "Wine's stub was to claim success and do nothing");
}

static void show_ours(const char *who, const char *program, struct pair *pair)
{
    const struct wine_answer answer = drop(who, program, pair);
    const int client = pair_saw(&pair->client);
    const int server = pair_saw(&pair->server);

    printf(": the client saw \"%s\", the server \"%s\"\n", sight(client), sight(server));
    expect(answer.code == 0 && client == ECONNABORTED && server == ECONNRESET,
           "this end was to see ECONNABORTED, the other ECONNRESET");
}

/* Whoever imports from iphlpapi.dll gets ours, if Wine is told so and it lies beside the program. */
static void show_drop_in(const char *program, int listener)
{
    struct pair another;

    pair_open(&another, listener, getuid());
    printf("The first program again, another connection, and our iphlpapi.dll beside it\n");
    setenv("WINEDLLOVERRIDES", "iphlpapi=n,b", 1);
    show_ours("Drop-in:  ", program, &another);
    unsetenv("WINEDLLOVERRIDES");
    pair_close(&another);
}

static void show_ipv6(const char *program)
{
    const int listener = pair_listen("::1");
    struct pair pair;

    pair_open(&pair, listener, getuid());
    show_connection(&pair);
    show_ours("Ours, IPv6:", program, &pair);
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
    struct pair pair;
    int listener;

    if (argc != 5) {
        fprintf(stderr, "usage: demo BUILT_IN OURS DROP_IN OURS_IPV6\n");
        return 2;
    }
    listener = pair_listen("127.0.0.1");
    pair_open(&pair, listener, getuid());
    expect(pair_ping(&pair) == PAIR_ALIVE, "the connection was to live at first");
    show_connection(&pair);
    show_built_in(argv[1], &pair);
    show_ours("Ours:     ", argv[2], &pair);
    show_drop_in(argv[3], listener);
    show_listener(listener);
    show_ipv6(argv[4]);
    pair_close(&pair);
    return differences == 0 ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
#include "peers.h"

#include "clock.h"
#include "diag.h"
#include "give_up.h"
#include "program.h"
#include "quartiles.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    WORDS_AT_MOST = 16,
};

void peers_open(void)
{
    errno = diag_open();
    if (errno != 0) {
        give_up("netlink");
    }
}

static void drop_by_floor(const struct tcp_row *row)
{
    struct connection connection = {
        .local = {.port = (uint16_t)row->local_port},
        .remote = {.port = (uint16_t)row->remote_port},
        .family = CONNECTION_IPV4,
    };
    struct diag_socket found;

    memcpy(connection.local.address, &row->local_address, 4);
    memcpy(connection.remote.address, &row->remote_address, 4);
    errno = diag_find(&connection, 0, &found);
    errno = errno == 0 ? diag_destroy(&connection, &found) : errno;
    if (errno != 0) {
        give_up("floor");
    }
}

void peers_ss_command(const struct tcp_row *row, char command_out[PEERS_COMMAND_CHARS])
{
    snprintf(command_out, PEERS_COMMAND_CHARS, "-K -t -n -H sport = :%u and dport = :%u",
             ntohs((uint16_t)row->local_port), ntohs((uint16_t)row->remote_port));
}

static const char *find_ss(char *path, size_t room)
{
    const char *folders = getenv("PATH");
    char *rest = folders ? strdup(folders) : NULL;
    char *const list = rest;
    const char *found = NULL;

    for (char *folder; !found && (folder = strsep(&rest, ":"));) {
        snprintf(path, room, "%s/ss", folder);
        found = access(path, X_OK) == 0 ? path : NULL;
    }
    free(list);
    return found;
}

const char *peers_ss_path(void)
{
    static char path[4096];

    if (!path[0] && !find_ss(path, sizeof(path))) {
        give_up("ss");
    }
    return path;
}

static void drop_by_ss(const struct tcp_row *row)
{
    char command[PEERS_COMMAND_CHARS];
    const char *words[WORDS_AT_MOST + 1] = {0};
    char *rest = command;

    peers_ss_command(row, command);
    for (size_t i = 0; i < WORDS_AT_MOST && rest; i++) {
        words[i] = strsep(&rest, " ");
    }
    if (program_wait(program_start(peers_ss_path(), words, -1, -1, STDERR_FILENO)) != 0) {
        give_up("ss");
    }
}

static double drop_all(size_t count, void (*drop)(const struct tcp_row *row))
{
    struct connections connections = connections_make(count);
    double *times = calloc(count, sizeof(*times));
    double median;

    if (!times) {
        give_up("memory");
    }
    for (size_t i = 0; i < count; i++) {
        const double start = clock_microseconds();

        drop(&connections.rows[i]);
        times[i] = clock_microseconds() - start;
    }
    median = median_of(times, count);
    free(times);
    connections_end_dropped(&connections);
    return median;
}

double peers_floor(size_t count)
{
    return drop_all(count, drop_by_floor);
}

double peers_ss(size_t count)
{
    return drop_all(count, drop_by_ss);
}

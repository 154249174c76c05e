/* SPDX-License-Identifier: MIT */
#include "connections.h"

#include "give_up.h"
#include "pair.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    DELETE_TCB = 12,
    PATIENCE_MS = 3000,
};

/* ---- one connection ---- */

static struct sockaddr_in own_address(int socket)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);

    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0) {
        give_up("getsockname");
    }
    return address;
}

static void connect_one(int listener, int ends[2], struct tcp_row *row)
{
    const struct sockaddr_in remote = own_address(listener);
    struct sockaddr_in local;

    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (ends[0] < 0 || connect(ends[0], (const struct sockaddr *)&remote, sizeof(remote)) != 0) {
        give_up("connect");
    }
    ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (ends[1] < 0) {
        give_up("accept");
    }
    local = own_address(ends[0]);
    *row = (struct tcp_row){
        .state = DELETE_TCB,
        .local_address = local.sin_addr.s_addr,
        .local_port = local.sin_port,
        .remote_address = remote.sin_addr.s_addr,
        .remote_port = remote.sin_port,
    };
}

/* What an end has seen: an errno, EAGAIN for nothing, 0 for an orderly end. */
static int seen_by(int socket, int patience_ms)
{
    struct pollfd happens = {.fd = socket, .events = POLLIN};
    char byte;

    poll(&happens, 1, patience_ms);
    return recv(socket, &byte, 1, MSG_DONTWAIT) < 0 ? errno : 0;
}

static void expect_dropped(const int ends[2])
{
    errno = seen_by(ends[0], PATIENCE_MS);
    if (errno != ECONNABORTED) {
        give_up("a connection that was to be dropped has not been aborted");
    }
    errno = seen_by(ends[1], PATIENCE_MS);
    if (errno != ECONNRESET) {
        give_up("the peer of a connection that was to be dropped has seen no reset");
    }
}

static void expect_alive(const int ends[2])
{
    if (seen_by(ends[0], 0) != EAGAIN || seen_by(ends[1], 0) != EAGAIN) {
        give_up("a connection that was not to be dropped has ended");
    }
}

/* Abruptly: thousands that the kernel remembers would take ports. */
static void disconnect(const int ends[2])
{
    const struct linger reset = {.l_onoff = 1};

    setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(ends[0]);
    close(ends[1]);
}

/* ---- the rows' file ---- */

static struct tcp_row *make_rows(char path[32], size_t count)
{
    int file;
    void *rows;

    snprintf(path, 32, "/dev/shm/bench-XXXXXX");
    file = mkostemp(path, O_CLOEXEC);
    if (file < 0 || ftruncate(file, (off_t)(count * sizeof(struct tcp_row))) != 0) {
        give_up(path);
    }
    rows = mmap(NULL, count * sizeof(struct tcp_row), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (rows == MAP_FAILED) {
        give_up(path);
    }
    close(file);
    return rows;
}

static void end_rows(const char *path, struct tcp_row *rows, size_t count)
{
    munmap(rows, count * sizeof(struct tcp_row));
    unlink(path);
}

/* ---- those who hold them ---- */

/* In a process of its own: connects, says so, and is told at last whether they were dropped. */
static _Noreturn void hold(struct tcp_row *rows, size_t count, int control)
{
    static int ends[CONNECTIONS_A_HOLDER][2];
    const int listener = pair_listen("127.0.0.1");
    bool are_dropped;

    for (size_t i = 0; i < count; i++) {
        connect_one(listener, ends[i], &rows[i]);
    }
    if (write(control, "", 1) != 1 || read(control, &are_dropped, sizeof(are_dropped)) <= 0) {
        exit(2);
    }
    for (size_t i = 0; i < count; i++) {
        (are_dropped ? expect_dropped : expect_alive)(ends[i]);
    }
    for (size_t i = 0; i < count; i++) {
        disconnect(ends[i]);
    }
    exit(0);
}

static size_t held_by(const struct connections *connections, size_t holder)
{
    const size_t first = holder * CONNECTIONS_A_HOLDER;
    const size_t rest = first < connections->count ? connections->count - first : 0;

    return rest < CONNECTIONS_A_HOLDER ? rest : CONNECTIONS_A_HOLDER;
}

static void start_holder(struct connections *connections, size_t holder)
{
    int control[2];
    const int failed = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control);
    const pid_t process = failed ? -1 : fork();

    if (process < 0) {
        give_up("fork");
    }
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        hold(connections->rows + holder * CONNECTIONS_A_HOLDER, held_by(connections, holder),
             control[1]);
    }
    close(control[1]);
    connections->holders[holder].process = process;
    connections->holders[holder].control = control[0];
}

struct connections connections_make(size_t count)
{
    struct connections connections = {.count = count};
    char ready;

    if (count > (size_t)HOLDERS_AT_MOST * CONNECTIONS_A_HOLDER) {
        errno = E2BIG;
        give_up("connections");
    }
    connections.rows = make_rows(connections.path, count);
    for (size_t i = 0; held_by(&connections, i) > 0; i++) {
        start_holder(&connections, i);
    }
    for (size_t i = 0; held_by(&connections, i) > 0; i++) {
        if (read(connections.holders[i].control, &ready, 1) != 1) {
            give_up("connections");
        }
    }
    return connections;
}

static void end_holder(int process, int control, bool are_dropped)
{
    int status;

    if (write(control, &are_dropped, sizeof(are_dropped)) != sizeof(are_dropped) ||
        waitpid(process, &status, 0) != process || status != 0) {
        fprintf(stderr, "these figures are worth nothing\n");
        exit(2);
    }
    close(control);
}

static void end(struct connections *connections, bool are_dropped)
{
    for (size_t i = 0; held_by(connections, i) > 0; i++) {
        end_holder(connections->holders[i].process, connections->holders[i].control, are_dropped);
    }
    end_rows(connections->path, connections->rows, connections->count);
}

void connections_end_dropped(struct connections *connections)
{
    end(connections, true);
}

void connections_end_alive(struct connections *connections)
{
    end(connections, false);
}

/* ---- a single one ---- */

struct connection_pair connection_pair_make(void)
{
    struct connection_pair pair;
    const int listener = pair_listen("127.0.0.1");

    pair.row = make_rows(pair.path, 1);
    connect_one(listener, pair.ends, pair.row);
    close(listener);
    return pair;
}

void connection_pair_end(struct connection_pair *pair)
{
    expect_dropped(pair->ends);
    disconnect(pair->ends);
    end_rows(pair->path, pair->row, 1);
}

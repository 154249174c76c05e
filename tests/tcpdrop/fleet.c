/* SPDX-License-Identifier: MIT */
#include "fleet.h"

#include "program.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
    PATIENCE_MS = 20000,
    LISTENERS = 5,
    ANSWER_CHARS = 8192,
};

const uint16_t fleet_ports[FLEET_PORTS] = {8080, 8081, 9000};

struct holder fleet_holders[FLEET_HOLDERS];
struct held fleet[FLEET];

static struct pollfd listeners[LISTENERS + 1]; /* and whom a connection is opened by */

static void must(bool success, const char *what)
{
    if (!success) {
        perror(what);
        exit(99);
    }
}

/* ---- holders ---- */

static void tell(const struct holder *holder, const char *order)
{
    must(send(holder->control, order, strlen(order), 0) == (ssize_t)strlen(order), order);
}

/* What the holder says, if it does in time. */
static const char *hear(const struct holder *holder)
{
    static char answer[ANSWER_CHARS];
    struct pollfd control = {.fd = holder->control, .events = POLLIN};
    ssize_t bytes;

    must(poll(&control, 1, PATIENCE_MS) == 1, holder->name);
    bytes = recv(holder->control, answer, sizeof(answer) - 1, 0);
    must(bytes >= 0, holder->name);
    answer[bytes] = 0;
    return answer;
}

/* A datagram socket, and from whom the first one comes. */
static void meet(struct holder *holder)
{
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    struct pollfd control = {.fd = holder->control, .events = POLLIN};
    char byte;

    must(poll(&control, 1, PATIENCE_MS) == 1, holder->name);
    must(recvfrom(holder->control, &byte, 1, MSG_PEEK, (struct sockaddr *)&from, &size) == 1 &&
             connect(holder->control, (const struct sockaddr *)&from, size) == 0,
         "meet a holder");
    holder->id = (uint32_t)strtoul(hear(holder), NULL, 10);
}

void holder_start(struct holder *holder, const char *folder, const char *name, bool is_windows)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(own);
    char path[512];
    char port[8];

    snprintf(holder->name, sizeof(holder->name), "%s%s", name, is_windows ? ".exe" : "");
    snprintf(path, sizeof(path), "%s/%s", folder, holder->name);
    holder->slots = 0;
    holder->control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    must(bind(holder->control, (const struct sockaddr *)&own, size) == 0 &&
             getsockname(holder->control, (struct sockaddr *)&own, &size) == 0,
         "bind");
    snprintf(port, sizeof(port), "%u", ntohs(own.sin_port));
    holder->process = program_start(path, (const char *const[]){port, NULL}, -1, -1, -1);
    meet(holder);
}

void holder_end(struct holder *holder)
{
    tell(holder, "end");
    program_wait(holder->process);
    close(holder->control);
}

/* ---- connections ---- */

static int accept_next(const struct holder *holder)
{
    listeners[LISTENERS] = (struct pollfd){.fd = holder->control, .events = POLLIN};
    must(poll(listeners, LISTENERS + 1, PATIENCE_MS) > 0, "a connection");
    for (int i = 0; i < LISTENERS; i++) {
        if (listeners[i].revents) {
            return accept4(listeners[i].fd, NULL, NULL, SOCK_CLOEXEC);
        }
    }
    fprintf(stderr, "%s: %s\n", holder->name, hear(holder));
    exit(99);
}

void held_open(struct held *held)
{
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    char order[256];
    char byte;

    snprintf(order, sizeof(order), "open %u %s %s %u %s %u", held->slot, held->family, held->local,
             held->local_port, held->remote, held->remote_port);
    tell(held->holder, order);
    held->server = accept_next(held->holder);
    setsockopt(held->server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    must(held->server >= 0 && recv(held->server, &byte, 1, 0) == 1 &&
             send(held->server, &byte, 1, MSG_NOSIGNAL) == 1,
         order);
    must(strcmp(hear(held->holder), "open") == 0, order);
    must(!held->is_half_closed || shutdown(held->server, SHUT_WR) == 0, "shutdown");
}

void held_close(struct held *held)
{
    const struct linger reset = {.l_onoff = 1};

    setsockopt(held->server, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(held->server);
}

/* What the test's end sees next: 1 is a byte, -1 the connection's abrupt end, 0 an orderly end. */
static int see(const struct held *held, int milliseconds)
{
    struct pollfd server = {.fd = held->server, .events = POLLIN};
    char byte;

    if (poll(&server, 1, milliseconds) != 1) {
        errno = EAGAIN;
        return -1;
    }
    return (int)recv(held->server, &byte, 1, MSG_DONTWAIT);
}

bool held_is_reset(const struct held *held)
{
    int seen;

    do {
        seen = see(held, PATIENCE_MS);
    } while (seen > 0);
    return seen < 0 && (errno == ECONNRESET || errno == ECONNABORTED);
}

/* Bytes of earlier looks. */
static bool has_nothing_left(const struct held *held)
{
    int seen;

    do {
        seen = see(held, 0);
    } while (seen > 0);
    return seen < 0 && errno == EAGAIN;
}

static bool complain(const struct held *held, const char *what)
{
    fprintf(stderr, "%s:%u -> %s:%u of %s %s\n", held->local, held->local_port, held->remote,
            held->remote_port, held->holder->name, what);
    return false;
}

static bool servers_are_as_meant(const struct held *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].is_meant && !held_is_reset(&all[i])) {
            return complain(&all[i], "was to be dropped, and its server's end lives");
        }
        if (!all[i].is_meant && !has_nothing_left(&all[i])) {
            return complain(&all[i], "was not to be dropped, and its server's end has ended");
        }
    }
    return true;
}

/* One holder's, which are among others'. */
static bool clients_are_as_meant(const struct held *all, size_t count, const struct holder *holder)
{
    const char *alive;

    tell(holder, "ping");
    alive = hear(holder);
    for (size_t i = 0; i < count; i++) {
        if (all[i].holder == holder && (alive[all[i].slot] == '1') == all[i].is_meant) {
            return complain(&all[i], all[i].is_meant ? "was to be dropped, and can send"
                                                     : "was not to be dropped, and cannot send");
        }
    }
    return true;
}

/* The answer to a FIN may take the kernel a while. */
static void await_states(const struct held *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tcp_info info = {.tcpi_state = TCP_FIN_WAIT1};
        socklen_t size = sizeof(info);

        while (all[i].is_half_closed && info.tcpi_state == TCP_FIN_WAIT1) {
            must(getsockopt(all[i].server, IPPROTO_TCP, TCP_INFO, &info, &size) == 0, "TCP_INFO");
            sched_yield();
        }
    }
}

static bool is_first_of_its_holder(const struct held *all, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (all[k].holder == all[i].holder) {
            return false;
        }
    }
    return true;
}

static bool pings_arrive(const struct held *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!all[i].is_meant && see(&all[i], PATIENCE_MS) != 1) {
            return complain(&all[i], "was not to be dropped, and what it sends does not arrive");
        }
    }
    return true;
}

bool held_are_dropped_as_meant(struct held *all, size_t count)
{
    if (!servers_are_as_meant(all, count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_first_of_its_holder(all, i) && !clients_are_as_meant(all, count, all[i].holder)) {
            return false;
        }
    }
    return pings_arrive(all, count);
}

void held_open_again(struct held *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].is_meant) {
            close(all[i].server);
            held_open(&all[i]);
        }
    }
    await_states(all, count);
}

/* ---- the 200 ---- */

static int listen_on(int family, uint16_t port, int is_v6only)
{
    const struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    const void *address = family == AF_INET6 ? (const void *)&ipv6 : (const void *)&ipv4;
    const int listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (family == AF_INET6) {
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &is_v6only, sizeof(is_v6only));
    }
    must(bind(listener, address, family == AF_INET6 ? sizeof(ipv6) : sizeof(ipv4)) == 0 &&
             listen(listener, 16) == 0,
         "listen");
    return listener;
}

/* At the last port there is one for both families, whose IPv4 connections are those of an IPv6 socket. */
static void listen_to_all(void)
{
    size_t count = 0;

    for (int i = 0; i < FLEET_PORTS - 1; i++) {
        listeners[count++].fd = listen_on(AF_INET, fleet_ports[i], 0);
        listeners[count++].fd = listen_on(AF_INET6, fleet_ports[i], 1);
    }
    listeners[count++].fd = listen_on(AF_INET6, fleet_ports[FLEET_PORTS - 1], 0);
    for (size_t i = 0; i < count; i++) {
        listeners[i].events = POLLIN;
    }
}

/* Two of them, FLEET / 2 apart, have the same local end. */
static struct held member(uint32_t i)
{
    static const char *const families[] = {"4", "6", "4", "dual"};
    static const char *const local4[] = {"127.0.0.1", "127.0.1.1", "127.0.1.2", "127.9.0.1",
                                         "127.0.0.1"};
    static const char *const remote4[] = {"127.0.0.1", "127.0.2.1", "127.0.2.130", "127.200.0.1"};
    static const char *const local6[] = {"::1", "fd00:0:0:1::1", "fd00:0:0:1::2", "::1",
                                         "fe80::1%1"};
    static const char *const remote6[] = {"::1", "fd00:0:0:2::1", "fd00:0:0:2::2"};
    const char *family = families[i / 5 % 4];
    const uint32_t fifth = i / 20 % 5;
    const bool is_ipv6 = strcmp(family, "6") == 0;
    struct held held = {
        .holder = &fleet_holders[i % FLEET_HOLDERS],
        .family = family,
        .local = is_ipv6 ? local6[fifth] : local4[fifth],
        .remote = is_ipv6 ? remote6[i % 3] : remote4[i / 3 % 4],
        .local_port = (uint16_t)(20000 + i % (FLEET / 2)),
        .remote_port = fleet_ports[(i + i / (FLEET / 2)) % FLEET_PORTS],
        .is_half_closed = i % 7 == 3,
    };

    if (strchr(held.local, '%')) {
        held.remote = held.local;
    }
    return held;
}

static void must_run(const char *program, const char *const arguments[])
{
    struct program_answer answer = program_run(program, arguments);

    if (answer.status != 0) {
        fprintf(stderr, "%s %s: %s%s\n", program, arguments[0], answer.output, answer.errors);
        exit(99);
    }
    program_free(&answer);
}

/* With the last one IPv4 counts as configured: else names are looked up for IPv6 alone. */
static void add_addresses(void)
{
    static const char *const addresses[] = {"fd00:0:0:1::1/128", "fd00:0:0:1::2/128",
                                            "fd00:0:0:2::1/128", "fd00:0:0:2::2/128",
                                            "fe80::1/64",        "192.0.2.1/32"};

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        must_run("ip", (const char *const[]){"address", "replace", addresses[i], "dev", "lo",
                                             "nodad", NULL});
    }
}

void fleet_open(const char *folder, bool is_windows)
{
    static const char *const names[FLEET_HOLDERS] = {"alpha", "Beta Game", "alpha", "Gamma",
                                                     "delta.2"};
    const struct rlimit many = {20000, 20000};

    setrlimit(RLIMIT_NOFILE, &many);
    /* What tests before this one have left behind. */
    must_run("ss", (const char *const[]){"-K", "-t", "-n", "state", "all", NULL});
    add_addresses();
    listen_to_all();
    for (size_t i = 0; i < FLEET_HOLDERS; i++) {
        holder_start(&fleet_holders[i], folder, names[i], is_windows);
    }
    for (uint32_t i = 0; i < FLEET; i++) {
        fleet[i] = member(i);
        fleet[i].slot = fleet[i].holder->slots++;
        held_open(&fleet[i]);
    }
    await_states(fleet, FLEET);
}

void fleet_close(void)
{
    for (size_t i = 0; i < FLEET; i++) {
        held_close(&fleet[i]);
    }
    for (size_t i = 0; i < FLEET_HOLDERS; i++) {
        holder_end(&fleet_holders[i]);
    }
    for (int i = 0; i < LISTENERS; i++) {
        close(listeners[i].fd);
    }
}

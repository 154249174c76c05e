/* SPDX-License-Identifier: MIT */
#include "pair.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    PATIENCE_MS = 3000,
    PING = 'p',
};

static void must(bool success, const char *what)
{
    if (!success) {
        perror(what);
        exit(99);
    }
}

static void report(int control, int what)
{
    must(write(control, &what, sizeof(what)) == sizeof(what), "report");
}

/* What happened to the socket: a byte came, or the connection's end. */
static int receive(int socket)
{
    char byte;
    const ssize_t bytes = recv(socket, &byte, 1, 0);

    if (bytes > 0) {
        return PAIR_ALIVE;
    }
    return bytes == 0 ? 0 : errno;
}

/* One end's process: the server sends back what it gets, the client reports it. */
static _Noreturn void live(int socket, int control, bool is_server)
{
    struct pollfd fds[] = {{.fd = socket, .events = POLLIN}, {.fd = control, .events = POLLIN}};
    const char ping = PING;
    char command;

    for (;;) {
        must(poll(fds, 2, -1) > 0, "poll");
        if (fds[1].revents) {
            if (read(control, &command, 1) != 1) {
                exit(0);
            }
            if (fds[0].fd < 0 || send(socket, &ping, 1, MSG_NOSIGNAL) != 1) {
                report(control, errno);
            }
        }
        if (fds[0].revents) {
            const int seen = receive(socket);

            if (seen == PAIR_ALIVE && is_server) {
                send(socket, &ping, 1, MSG_NOSIGNAL);
            } else {
                report(control, seen);
            }
            if (seen != PAIR_ALIVE) {
                fds[0].fd = -1;
            }
        }
    }
}

static void become(uid_t user)
{
    if (user != getuid()) {
        must(setgid(user) == 0 && setuid(user) == 0, "become another user");
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static union pair_address own_address(int socket)
{
    union pair_address address = {0};
    socklen_t size = sizeof(address);

    must(getsockname(socket, &address.any, &size) == 0, "getsockname");
    return address;
}

/* Goes on in a new process: makes the socket, tells its address, and lives. */
static struct pair_end spawn(int (*make_socket)(int), int listener, uid_t user, bool is_server)
{
    struct pair_end end;
    int control[2];

    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) == 0, "socketpair");
    end.process = fork();
    must(end.process >= 0, "fork");
    if (end.process == 0) {
        int socket;

        close(control[1]);
        become(user);
        socket = make_socket(listener);
        end.address = own_address(socket);
        must(write(control[0], &end.address, sizeof(end.address)) == sizeof(end.address), "tell");
        close(listener);
        live(socket, control[0], is_server);
    }
    close(control[0]);
    end.control = control[1];
    return end;
}

static const char *client_address;

void pair_connect_from(const char *address)
{
    client_address = address;
}

/* Binds to the address that was chosen for clients, if any. */
static void bind_client(int client)
{
    const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;

    if (client_address) {
        must(getaddrinfo(client_address, "0", &numeric, &found) == 0 &&
                 bind(client, found->ai_addr, found->ai_addrlen) == 0,
             client_address);
        freeaddrinfo(found);
    }
}

static int make_client(int listener)
{
    union pair_address to = own_address(listener);
    const int client = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    must(client >= 0, "socket");
    bind_client(client);
    if (client_address && to.any.sa_family == AF_INET6) {
        to.ipv6.sin6_scope_id = own_address(client).ipv6.sin6_scope_id; /* over this interface */
    }
    must(connect(client, &to.any, sizeof(to)) == 0, "connect");
    return client;
}

static int make_server(int listener)
{
    const int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

    must(server >= 0, "accept");
    return server;
}

int pair_listen(const char *address)
{
    const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int listener;

    must(getaddrinfo(address, "0", &numeric, &found) == 0, address);
    listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(listener >= 0 && bind(listener, found->ai_addr, found->ai_addrlen) == 0 &&
             listen(listener, 16) == 0,
         "listen");
    freeaddrinfo(found);
    return listener;
}

static void await_address(struct pair_end *end)
{
    must(read(end->control, &end->address, sizeof(end->address)) == sizeof(end->address),
         "an end did not come up");
}

void pair_open(struct pair *pair, int listener, uid_t user)
{
    pair->server = spawn(make_server, listener, user, true);
    pair->client = spawn(make_client, listener, user, false);
    await_address(&pair->server);
    await_address(&pair->client);
}

const char *pair_name(const union pair_address *address, char name_out[PAIR_NAME_CHARS])
{
    char host[INET6_ADDRSTRLEN];
    char scope[16] = "";

    if (address->any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &address->ipv4.sin_addr, host, sizeof(host));
        snprintf(name_out, PAIR_NAME_CHARS, "%s:%u", host, ntohs(address->ipv4.sin_port));
        return name_out;
    }
    inet_ntop(AF_INET6, &address->ipv6.sin6_addr, host, sizeof(host));
    if (address->ipv6.sin6_scope_id != 0) {
        snprintf(scope, sizeof(scope), "%%%u", address->ipv6.sin6_scope_id);
    }
    snprintf(name_out, PAIR_NAME_CHARS, "[%s%s]:%u", host, scope, ntohs(address->ipv6.sin6_port));
    return name_out;
}

int pair_saw(struct pair_end *end)
{
    struct pollfd control = {.fd = end->control, .events = POLLIN};
    int seen;

    if (poll(&control, 1, PATIENCE_MS) != 1 ||
        read(end->control, &seen, sizeof(seen)) != sizeof(seen)) {
        return PAIR_SILENT;
    }
    return seen;
}

int pair_ping(struct pair *pair)
{
    const char ping = PING;

    must(write(pair->client.control, &ping, 1) == 1, "ping");
    return pair_saw(&pair->client);
}

void pair_end_process(struct pair_end *end)
{
    kill(end->process, SIGKILL);
    waitpid(end->process, NULL, 0);
    close(end->control);
}

void pair_close(struct pair *pair)
{
    pair_end_process(&pair->client);
    pair_end_process(&pair->server);
}

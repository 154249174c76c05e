/* SPDX-License-Identifier: MIT */
/* A real TCP connection between two processes, and what each of them sees of it. */
#ifndef PAIR_H
#define PAIR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/types.h>

/* What an end reports; else an errno (ECONNRESET, ...), with 0 for an orderly end. */
enum
{
    PAIR_ALIVE = -1,
    PAIR_SILENT = -2, /* no answer in time */
};

union pair_address
{
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

struct pair_end
{
    pid_t process;
    int control; /* to talk to it */
    union pair_address address;
};

/* client connected to server; both are children of the caller. */
struct pair
{
    struct pair_end client;
    struct pair_end server;
};

/* A listener on a free port of this numeric address; the descriptor. */
int pair_listen(const char *address);

/* Connects two new processes, of this user, through the listener.  Ends the program on failure. */
void pair_open(struct pair *pair, int listener, uid_t user);

/* From now on clients bind to this numeric address first; NULL: to none. */
void pair_connect_from(const char *address);

/* "127.0.0.1:80", "[::1]:80" or "[fe80::1%2]:80", in a buffer of the caller's. */
enum
{
    PAIR_NAME_CHARS = 80,
};
const char *pair_name(const union pair_address *address, char name_out[PAIR_NAME_CHARS]);

/* Sends a byte from client to server and back. PAIR_ALIVE, or what the client saw. */
int pair_ping(struct pair *pair);

/* Waits for an end to see the end of the connection; what it saw, or PAIR_SILENT. */
int pair_saw(struct pair_end *end);

/* Ends one process, as by exit: the kernel closes its end. */
void pair_end_process(struct pair_end *end);
void pair_close(struct pair *pair);

#endif

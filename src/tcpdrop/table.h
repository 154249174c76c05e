/* SPDX-License-Identifier: MIT */
/*
 * The seam to the system's table of TCP connections.  table_windows.c asks Windows, or Wine; table_linux.c the kernel;
 * tests link another.
 */
#ifndef TABLE_H
#define TABLE_H

#include "../common/connection.h"
#include "tcp_state.h"

#include <stdbool.h>
#include <stddef.h>

struct table_owner
{
    uint32_t process; /* its id, never 0 */
    char *name;       /* UTF-8 without control characters; "" if it is not known */
};

/* As far as the system tells by listing them; root may close all. */
enum table_whose
{
    WHOSE_OURS, /* this user may close it, or that is not told */
    WHOSE_ANOTHERS,
    WHOSE_NOBODYS, /* no process has it any more, and nobody remembers who had */
};

/* IPv4 that is spoken over an IPv6 socket is IPv4 here. */
struct table_row
{
    struct connection connection;
    enum tcp_state state;
    uint64_t
        identity; /* tells it from a later connection of the same name; 0: the system has no such thing */
    enum table_whose whose;
    size_t first_owner; /* in the table's owners */
    size_t owners;      /* 0: the system does not know any, or was not asked */
};

struct table
{
    struct table_row *rows;
    size_t count;
    struct table_owner *owners; /* those of one row are next to each other */
    size_t owner_count;
};

struct table_wish
{
    uint32_t families; /* bits 1 << enum connection_family; rows of others may be missing */
    uint32_t states;   /* a set of tcp_state.h; the same holds for these */
    bool owners;       /* ask for them, which costs much more */
};

/* NULL, and the table, which table_free frees; or why it cannot be had, and nothing to free. */
const char *table_read(const struct table_wish *wish, struct table *table_out);
void table_free(struct table *table);

#endif

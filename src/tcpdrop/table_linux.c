/* SPDX-License-Identifier: MIT */
#include "table.h"

#include "../host/diag_each.h"
#include "owners_linux.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    KERNEL_NEW_SYN_RECV =
        12, /* of a connection that is being made; netinet/tcp.h has no name for it */
    KERNEL_STATES = KERNEL_NEW_SYN_RECV + 1,
    TRIES = 3,
    FIRST_ROOM = 256,
};

static const enum tcp_state states[KERNEL_STATES] = {
    [TCP_ESTABLISHED] = STATE_ESTABLISHED,
    [TCP_SYN_SENT] = STATE_SYN_SENT,
    [TCP_SYN_RECV] = STATE_SYN_RECEIVED,
    [TCP_FIN_WAIT1] = STATE_FIN_WAIT_1,
    [TCP_FIN_WAIT2] = STATE_FIN_WAIT_2,
    [TCP_TIME_WAIT] = STATE_TIME_WAIT,
    [TCP_CLOSE] = STATE_CLOSED,
    [TCP_CLOSE_WAIT] = STATE_CLOSE_WAIT,
    [TCP_LAST_ACK] = STATE_LAST_ACK,
    [TCP_LISTEN] = STATE_LISTEN,
    [TCP_CLOSING] = STATE_CLOSING,
    [KERNEL_NEW_SYN_RECV] = STATE_SYN_RECEIVED,
};

/* What the kernel means where strerror would not say it. */
static const struct
{
    int error;
    const char *why;
} reasons[] = {
    {ENOENT, "it lacks the modules tcp_diag and inet_diag"},
    {EPROTONOSUPPORT, "it lacks the modules tcp_diag and inet_diag"},
    {EAGAIN, "they change faster than they can be read"},
};

static const char out_of_memory[] = "out of memory";

/* ---- reading ---- */

struct entry
{
    struct table_row row;
    uint32_t inode;
};

struct reading
{
    uid_t user;
    uint32_t families; /* that are wished for */
    struct entry *entries;
    size_t count;
    size_t room;
    bool lacks_memory;
};

static bool make_room(struct reading *reading)
{
    const size_t room = reading->room == 0 ? FIRST_ROOM : 2 * reading->room;
    struct entry *entries;

    if (reading->count < reading->room) {
        return true;
    }
    entries = realloc(reading->entries, room * sizeof(*entries));
    if (entries) {
        reading->entries = entries;
        reading->room = room;
    }
    reading->lacks_memory = !entries;
    return entries != NULL;
}

static void set_scope(struct connection_end *end, uint32_t interface)
{
    if (end->address[0] == 0xFE && (end->address[1] & 0xC0) == 0x80) {
        end->scope_id = interface;
    }
}

/* A listener has no other end: that is written in IPv6 even if it listens for IPv4. */
static struct connection connection_of(const struct diag_socket *socket)
{
    static const struct connection_end nobody = {.port = 0};
    struct connection connection = socket->connection;
    struct connection ipv4 = connection;

    if (connection.family == CONNECTION_IPV4) {
        return connection;
    }
    if (socket->state == TCP_LISTEN) {
        ipv4.remote = connection_end_mapped(&nobody);
    }
    ipv4 = connection_unmapped(&ipv4);
    if (ipv4.family == CONNECTION_IPV4) {
        return ipv4;
    }
    set_scope(&connection.local, socket->interface);
    set_scope(&connection.remote, socket->interface);
    return connection;
}

static enum table_whose whose_is(const struct diag_socket *socket, uid_t user)
{
    if (user == 0) {
        return WHOSE_OURS;
    }
    if (socket->inode == 0) {
        return WHOSE_NOBODYS;
    }
    return socket->uid == user ? WHOSE_OURS : WHOSE_ANOTHERS;
}

static void take(void *taker, const struct diag_socket *socket)
{
    struct reading *reading = taker;
    const struct connection connection = connection_of(socket);

    if (socket->state >= KERNEL_STATES || states[socket->state] == 0 ||
        !(reading->families & 1u << connection.family) || !make_room(reading)) {
        return;
    }
    reading->entries[reading->count++] = (struct entry){
        .row =
            {
                .connection = connection,
                .state = states[socket->state],
                .identity = diag_identity(socket),
                .whose = whose_is(socket, reading->user),
            },
        .inode = socket->inode,
    };
}

static uint32_t kernel_states(uint32_t wished)
{
    uint32_t set = 0;

    for (uint32_t state = 0; state < KERNEL_STATES; state++) {
        if (states[state] != 0 && wished & STATE_BIT(states[state])) {
            set |= 1u << state;
        }
    }
    return set;
}

static const char *reason(int error)
{
    static char wrong[128];
    const char *why = strerror(error);

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        why = reasons[i].error == error ? reasons[i].why : why;
    }
    snprintf(wrong, sizeof(wrong), "Linux does not list its TCP connections: %s", why);
    return wrong;
}

static const char *read_family(struct reading *reading, uint32_t family, uint32_t wished)
{
    const size_t before = reading->count;
    int error = EAGAIN;

    for (int i = 0; (error == EAGAIN || error == ENOBUFS) && i < TRIES; i++) {
        reading->count = before;
        error = diag_each(family, kernel_states(wished), take, reading);
    }
    if (reading->lacks_memory) {
        return out_of_memory;
    }
    return error == 0 ? NULL : reason(error);
}

/* ---- putting together ---- */

static int compare(const void *a, const void *b)
{
    const struct table_row *left = &((const struct entry *)a)->row;
    const struct table_row *right = &((const struct entry *)b)->row;
    const int by_family = (left->connection.family > right->connection.family) -
                          (left->connection.family < right->connection.family);

    return by_family != 0 ? by_family
                          : (left->identity > right->identity) - (left->identity < right->identity);
}

/* The kernel may have given one twice. */
static void drop_doubles(struct reading *reading)
{
    size_t kept = 0;

    if (reading->count > 0) {
        qsort(reading->entries, reading->count, sizeof(*reading->entries), compare);
    }
    for (size_t i = 0; i < reading->count; i++) {
        const struct entry *entry = &reading->entries[i];

        if (kept == 0 || entry->row.identity == 0 ||
            compare(&reading->entries[kept - 1], entry) != 0) {
            reading->entries[kept++] = *entry;
        }
    }
    reading->count = kept;
}

/* Each where it was, or before: so the table takes the memory over. */
static void take_rows(const struct reading *reading, struct table *table)
{
    char *rows = (char *)reading->entries;

    for (size_t i = 0; i < reading->count; i++) {
        memmove(rows + i * sizeof(struct table_row), &reading->entries[i].row,
                sizeof(struct table_row));
    }
    table->rows = (void *)rows;
    table->count = reading->count;
}

static const char *make_table(const struct reading *reading, bool owners, struct table *table)
{
    uint32_t *inodes = owners ? malloc((reading->count + 1) * sizeof(*inodes)) : NULL;
    const char *wrong = owners && !inodes ? out_of_memory : NULL;

    for (size_t i = 0; inodes && i < reading->count; i++) {
        inodes[i] = reading->entries[i].inode;
    }
    take_rows(reading, table);
    if (inodes) {
        wrong = owners_find(table, inodes);
    }
    free(inodes);
    return wrong;
}

/* IPv4 that is spoken over IPv6 sockets is in the list of IPv6. */
const char *table_read(const struct table_wish *wish, struct table *table_out)
{
    struct reading reading = {.user = getuid(), .families = wish->families};
    const char *wrong = NULL;

    *table_out = (struct table){.count = 0};
    if (wish->families & 1u << CONNECTION_IPV4) {
        wrong = read_family(&reading, CONNECTION_IPV4, wish->states);
    }
    if (!wrong) {
        wrong = read_family(&reading, CONNECTION_IPV6, wish->states);
    }
    if (!wrong) {
        drop_doubles(&reading);
        wrong = make_table(&reading, wish->owners, table_out);
    } else {
        free(reading.entries);
    }
    if (wrong) {
        table_free(table_out);
    }
    return wrong;
}

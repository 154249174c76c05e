/* SPDX-License-Identifier: MIT */
#include "tables.h"

#include <iphlpapi.h>
#include <stdlib.h>
#include <string.h>

typedef void write_func(void *row, const struct script_row *from);

/* ---- rows; network byte order is how a script has them ---- */

static DWORD ipv4_of(const struct connection_end *end)
{
    DWORD address;

    memcpy(&address, end->address, sizeof(address));
    return address;
}

static void write_plain(void *row, const struct script_row *from)
{
    const MIB_TCPROW made = {
        .dwState = (DWORD)from->state,
        .dwLocalAddr = ipv4_of(&from->connection.local),
        .dwLocalPort = from->connection.local.port,
        .dwRemoteAddr = ipv4_of(&from->connection.remote),
        .dwRemotePort = from->connection.remote.port,
    };

    memcpy(row, &made, sizeof(made));
}

/* The others begin in the same way. */
static void write_two(void *row, const struct script_row *from)
{
    MIB_TCPROW2 *to = row;

    write_plain(row, from);
    to->dwOwningPid = from->process;
    to->dwOffloadState = TcpConnectionOffloadStateInHost;
}

static void write_owner_pid(void *row, const struct script_row *from)
{
    write_plain(row, from);
    ((MIB_TCPROW_OWNER_PID *)row)->dwOwningPid = from->process;
}

static void write_owner_module(void *row, const struct script_row *from)
{
    write_plain(row, from);
    ((MIB_TCPROW_OWNER_MODULE *)row)->dwOwningPid = from->process;
}

#define WRITE_ENDS(to, from, local_address, remote_address)                                        \
    memcpy(local_address, (from)->connection.local.address, 16);                                   \
    memcpy(remote_address, (from)->connection.remote.address, 16);                                 \
    (to)->dwLocalScopeId = (from)->connection.local.scope_id;                                      \
    (to)->dwLocalPort = (from)->connection.local.port;                                             \
    (to)->dwRemoteScopeId = (from)->connection.remote.scope_id;                                    \
    (to)->dwRemotePort = (from)->connection.remote.port

static void write_plain6(void *row, const struct script_row *from)
{
    MIB_TCP6ROW *to = row;

    to->State = (MIB_TCP_STATE)from->state;
    WRITE_ENDS(to, from, &to->LocalAddr, &to->RemoteAddr);
}

static void write_two6(void *row, const struct script_row *from)
{
    MIB_TCP6ROW2 *to = row;

    to->State = (MIB_TCP_STATE)from->state;
    WRITE_ENDS(to, from, &to->LocalAddr, &to->RemoteAddr);
    to->dwOwningPid = from->process;
    to->dwOffloadState = TcpConnectionOffloadStateInHost;
}

static void write_owner_pid6(void *row, const struct script_row *from)
{
    MIB_TCP6ROW_OWNER_PID *to = row;

    to->dwState = (DWORD)from->state;
    WRITE_ENDS(to, from, to->ucLocalAddr, to->ucRemoteAddr);
    to->dwOwningPid = from->process;
}

static void write_owner_module6(void *row, const struct script_row *from)
{
    MIB_TCP6ROW_OWNER_MODULE *to = row;

    to->dwState = (DWORD)from->state;
    WRITE_ENDS(to, from, to->ucLocalAddr, to->ucRemoteAddr);
    to->dwOwningPid = from->process;
}

/* ---- tables ---- */

static const struct layout
{
    size_t first; /* where the first row begins */
    size_t row;   /* bytes of each */
    write_func *write;
} layouts[][2] = {
#define LAYOUT(table_type, row_type, write)                                                        \
    {                                                                                              \
        offsetof(table_type, table), sizeof(row_type), write                                       \
    }
    [FORM_PLAIN] = {LAYOUT(MIB_TCPTABLE, MIB_TCPROW, write_plain),
                    LAYOUT(MIB_TCP6TABLE, MIB_TCP6ROW, write_plain6)},
    [FORM_TWO] = {LAYOUT(MIB_TCPTABLE2, MIB_TCPROW2, write_two),
                  LAYOUT(MIB_TCP6TABLE2, MIB_TCP6ROW2, write_two6)},
    [FORM_OWNER_PID] = {LAYOUT(MIB_TCPTABLE_OWNER_PID, MIB_TCPROW_OWNER_PID, write_owner_pid),
                        LAYOUT(MIB_TCP6TABLE_OWNER_PID, MIB_TCP6ROW_OWNER_PID, write_owner_pid6)},
    [FORM_OWNER_MODULE] = {LAYOUT(MIB_TCPTABLE_OWNER_MODULE, MIB_TCPROW_OWNER_MODULE,
                                  write_owner_module),
                           LAYOUT(MIB_TCP6TABLE_OWNER_MODULE, MIB_TCP6ROW_OWNER_MODULE,
                                  write_owner_module6)},
};

static int compare_ends(const struct connection_end *a, const struct connection_end *b)
{
    int order = memcmp(a->address, b->address, sizeof(a->address));

    if (order == 0) {
        order = (a->scope_id > b->scope_id) - (a->scope_id < b->scope_id);
    }
    return order != 0 ? order : memcmp(&a->port, &b->port, sizeof(a->port));
}

static int compare_rows(const void *a, const void *b)
{
    const struct connection *left = &((const struct script_row *)a)->connection;
    const struct connection *right = &((const struct script_row *)b)->connection;
    const int order = compare_ends(&left->local, &right->local);

    return order != 0 ? order : compare_ends(&left->remote, &right->remote);
}

/* Copies of those that are to be listed; how many. */
static size_t choose(const struct script *script, tables_is_open_func *is_open,
                     const struct tables_wish *wish, struct script_row *chosen)
{
    size_t count = 0;

    for (size_t i = 0; i < script->row_count; i++) {
        const struct script_row *row = &script->rows[i];

        if (row->connection.family == wish->family && wish->states & STATE_BIT(row->state) &&
            is_open(i)) {
            chosen[count++] = *row;
        }
    }
    if (wish->sorted && count > 0) {
        qsort(chosen, count, sizeof(*chosen), compare_rows);
    }
    return count;
}

static DWORD write_rows(const struct layout *layout, const struct script_row *rows, size_t count,
                        void *table, DWORD *bytes)
{
    const DWORD needed = (DWORD)layout->first + (DWORD)count * (DWORD)layout->row;
    BYTE *to = table;

    if (!table || *bytes < needed) {
        *bytes = needed;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    memset(to, 0, needed);
    *(DWORD *)table = (DWORD)count;
    for (size_t i = 0; i < count; i++) {
        layout->write(to + layout->first + i * layout->row, &rows[i]);
    }
    return NO_ERROR;
}

DWORD tables_write(const struct script *script, tables_is_open_func *is_open,
                   const struct tables_wish *wish, void *table, DWORD *bytes)
{
    const struct layout *layout = &layouts[wish->form][wish->family == CONNECTION_IPV6];
    struct script_row *chosen;
    DWORD error;

    if (!bytes) {
        return ERROR_INVALID_PARAMETER;
    }
    chosen = malloc((script->row_count + 1) * sizeof(*chosen));
    if (!chosen) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    error = write_rows(layout, chosen, choose(script, is_open, wish, chosen), table, bytes);
    free(chosen);
    return error;
}

bool tables_read_class(int number, struct tables_wish *wish_out)
{
    static const struct
    {
        enum tables_form form;
        uint32_t states;
    } classes[] = {
        [TCP_TABLE_BASIC_LISTENER] = {FORM_PLAIN, STATE_BIT(STATE_LISTEN)},
        [TCP_TABLE_BASIC_CONNECTIONS] = {FORM_PLAIN, STATES_ALL & ~STATE_BIT(STATE_LISTEN)},
        [TCP_TABLE_BASIC_ALL] = {FORM_PLAIN, STATES_ALL},
        [TCP_TABLE_OWNER_PID_LISTENER] = {FORM_OWNER_PID, STATE_BIT(STATE_LISTEN)},
        [TCP_TABLE_OWNER_PID_CONNECTIONS] = {FORM_OWNER_PID, STATES_ALL & ~STATE_BIT(STATE_LISTEN)},
        [TCP_TABLE_OWNER_PID_ALL] = {FORM_OWNER_PID, STATES_ALL},
        [TCP_TABLE_OWNER_MODULE_LISTENER] = {FORM_OWNER_MODULE, STATE_BIT(STATE_LISTEN)},
        [TCP_TABLE_OWNER_MODULE_CONNECTIONS] = {FORM_OWNER_MODULE,
                                                STATES_ALL & ~STATE_BIT(STATE_LISTEN)},
        [TCP_TABLE_OWNER_MODULE_ALL] = {FORM_OWNER_MODULE, STATES_ALL},
    };

    if ((size_t)number >= sizeof(classes) / sizeof(classes[0])) {
        return false;
    }
    wish_out->form = classes[number].form;
    wish_out->states = classes[number].states;
    return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * Source: https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getextendedtcptable, and those of
 * GetTcpTable and GetTcp6Table, which do without the owners: under Wine these cost a hundred times as much.
 */
#include "table.h"

#include "settcpentry.h"

#include "../common/mib_row.h"
#include "../common/text.h"
#include "../common/wine.h"
#include "endpoint.h"

#include <tlhelp32.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    TABLE_BYTES = 1 << 20, /* room for most: Wine makes the table anew for each try */
    TRIES = 16,            /* it grows meanwhile */
};

static const char out_of_memory[] = "out of memory";

/* ---- the system's tables ---- */

static DWORD ask(uint32_t family, bool owners, void *table, DWORD *bytes)
{
    const ULONG address_family = family == CONNECTION_IPV4 ? AF_INET : AF_INET6;

    if (owners) {
        return GetExtendedTcpTable(table, bytes, FALSE, address_family, TCP_TABLE_OWNER_PID_ALL, 0);
    }
    return family == CONNECTION_IPV4 ? GetTcpTable(table, bytes, FALSE)
                                     : GetTcp6Table(table, bytes, FALSE);
}

/* NULL and NO_ERROR: this system has no such protocol.  To be freed. */
static void *fetch(uint32_t family, bool owners, DWORD *error_out)
{
    DWORD bytes = TABLE_BYTES;
    void *table = malloc(bytes);

    *error_out = ERROR_INSUFFICIENT_BUFFER;
    for (int i = 0; table && *error_out == ERROR_INSUFFICIENT_BUFFER && i < TRIES; i++) {
        *error_out = ask(family, owners, table, &bytes);
        if (*error_out == ERROR_INSUFFICIENT_BUFFER) {
            free(table);
            bytes += bytes / 4;
            table = malloc(bytes);
        }
    }
    if (!table) {
        *error_out = ERROR_NOT_ENOUGH_MEMORY;
    } else if (*error_out != NO_ERROR) {
        free(table);
        table = NULL;
    }
    *error_out = *error_out == ERROR_NOT_SUPPORTED ? NO_ERROR : *error_out;
    return table;
}

/* ---- processes ---- */

static int compare_owners(const void *a, const void *b)
{
    const struct table_owner *left = a;
    const struct table_owner *right = b;

    return (left->process > right->process) - (left->process < right->process);
}

static char *clean_name(const wchar_t *wide)
{
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *name = calloc((size_t)bytes + 1, 1);

    if (name) {
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, bytes, NULL, NULL);
        text_clean(name);
    }
    return name;
}

static bool add_owner(struct table *table, uint32_t process, const wchar_t *name)
{
    struct table_owner *owners =
        realloc(table->owners, (table->owner_count + 1) * sizeof(*table->owners));

    if (!owners) {
        return false;
    }
    table->owners = owners;
    owners[table->owner_count] = (struct table_owner){process, clean_name(name)};
    return owners[table->owner_count++].name != NULL;
}

/* All processes there are, in the order of their ids.  Without a list they have no names. */
static bool read_owners(struct table *table)
{
    const HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32W process = {.dwSize = sizeof(process)};
    bool done = true;

    for (BOOL more = Process32FirstW(list, &process); more && done;
         more = Process32NextW(list, &process)) {
        done = process.th32ProcessID == 0 ||
               add_owner(table, process.th32ProcessID, process.szExeFile);
    }
    CloseHandle(list);
    if (table->owner_count > 0) {
        qsort(table->owners, table->owner_count, sizeof(*table->owners), compare_owners);
    }
    return done;
}

/* ---- rows ---- */

/* What is being put together. */
struct collection
{
    struct table *table;
    size_t listed_owners; /* these are in order; behind them are those that no list has */
    bool has_scopes;      /* Wine fills in some that mean nothing */
    const struct table_wish *wish;
};

static bool find_owner(const struct collection *collection, DWORD process, struct table_row *row)
{
    struct table *table = collection->table;
    const struct table_owner wanted = {.process = process};
    const struct table_owner *found =
        bsearch(&wanted, table->owners, collection->listed_owners, sizeof(wanted), compare_owners);

    row->owners = 1;
    row->first_owner = found ? (size_t)(found - table->owners) : table->owner_count;
    return found || add_owner(table, process, L"");
}

static void clean_scope(const struct collection *collection, struct connection_end *end)
{
    if (!collection->has_scopes || !endpoint_is_link_local(CONNECTION_IPV6, end)) {
        end->scope_id = 0;
    }
}

static struct connection clean_connection(const struct collection *collection,
                                          struct connection connection, enum tcp_state state)
{
    if (state == STATE_LISTEN) { /* there is no other end, but there may be anything */
        connection.remote = (struct connection_end){.port = 0};
    }
    if (connection.family == CONNECTION_IPV6) {
        clean_scope(collection, &connection.local);
        clean_scope(collection, &connection.remote);
    }
    return connection_unmapped(&connection);
}

/* process: 0, nobody is known, or was asked for. */
static bool add_row(const struct collection *collection, struct connection connection, DWORD state,
                    DWORD process)
{
    struct table *table = collection->table;
    struct table_row *row = &table->rows[table->count];

    *row = (struct table_row){
        .state = state > 0 && state < STATES ? (enum tcp_state)state : STATE_CLOSED,
    };
    row->connection = clean_connection(collection, connection, row->state);
    table->count++;
    return process == 0 || find_owner(collection, process, row);
}

static bool make_room(struct table *table, DWORD rows)
{
    struct table_row *more = realloc(table->rows, (table->count + rows + 1) * sizeof(*more));

    if (more) {
        table->rows = more;
    }
    return more != NULL;
}

static bool add_ipv4(const struct collection *collection, const void *found)
{
    const MIB_TCPTABLE_OWNER_PID *owned = found;
    const MIB_TCPTABLE *plain = found;
    const DWORD count = plain->dwNumEntries;
    bool done = make_room(collection->table, count);

    for (DWORD i = 0; i < count && done; i++) {
        const MIB_TCPROW_OWNER_PID *row = &owned->table[i];
        const MIB_TCPROW *begin =
            collection->wish->owners ? (const MIB_TCPROW *)row : &plain->table[i];

        done = add_row(collection, connection_of_row(begin), begin->dwState,
                       collection->wish->owners ? row->dwOwningPid : 0);
    }
    return done;
}

static bool add_ipv6(const struct collection *collection, const void *found)
{
    const MIB_TCP6TABLE_OWNER_PID *owned = found;
    const MIB_TCP6TABLE *plain = found;
    const DWORD count = plain->dwNumEntries;
    bool done = make_room(collection->table, count);

    for (DWORD i = 0; i < count && done; i++) {
        if (collection->wish->owners) {
            const MIB_TCP6ROW row = SetTcp6EntryRowOwnerPid(&owned->table[i]);

            done = add_row(collection, connection_of_row6(&row), owned->table[i].dwState,
                           owned->table[i].dwOwningPid);
        } else {
            done = add_row(collection, connection_of_row6(&plain->table[i]),
                           (DWORD)plain->table[i].State, 0);
        }
    }
    return done;
}

static const char *add_family(const struct collection *collection, uint32_t family)
{
    static char wrong[64];
    DWORD error;
    void *found = fetch(family, collection->wish->owners, &error);
    bool done = true;

    if (error != NO_ERROR) {
        snprintf(wrong, sizeof(wrong), "the system does not show its TCP table: %lu", error);
        return wrong;
    }
    if (found) {
        done =
            family == CONNECTION_IPV4 ? add_ipv4(collection, found) : add_ipv6(collection, found);
    }
    free(found);
    return done ? NULL : out_of_memory;
}

/* IPv4 over IPv6 sockets is in the table of IPv6, under Wine. */
const char *table_read(const struct table_wish *wish, struct table *table_out)
{
    struct collection collection = {
        .table = table_out, .has_scopes = !wine_is_here(), .wish = wish};
    const char *wrong = NULL;

    *table_out = (struct table){.count = 0};
    if (wish->owners && !read_owners(table_out)) {
        wrong = out_of_memory;
    }
    collection.listed_owners = table_out->owner_count;
    if (!wrong && wish->families & 1u << CONNECTION_IPV4) {
        wrong = add_family(&collection, CONNECTION_IPV4);
    }
    if (!wrong) {
        wrong = add_family(&collection, CONNECTION_IPV6);
    }
    if (wrong) {
        table_free(table_out);
    }
    return wrong;
}

/* SPDX-License-Identifier: MIT */
#include "listings.h"

#include "../common/mib_row.h"
#include "log.h"
#include "mock.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>

static DWORD finish(const char *function, DWORD code)
{
    const struct mock *mock = mock_get();
    const struct log_call call = {
        .function = function,
        .code = mock->is_broken ? ERROR_BAD_CONFIGURATION : code,
        .last_error = mock->is_broken ? ERROR_BAD_CONFIGURATION : GetLastError(),
        .error = mock->is_broken ? &mock->error : NULL,
    };

    log_write(&call);
    SetLastError(call.last_error);
    return call.code;
}

/* ---- tables ---- */

static DWORD list(const char *function, const struct tables_wish *wish, void *table, DWORD *bytes)
{
    const struct script *script = &mock_get()->script;
    const bool lacks = wish->family == CONNECTION_IPV4 ? script->lacks_ipv4 : script->lacks_ipv6;

    if (mock_get()->is_broken || lacks) {
        return finish(function, ERROR_NOT_SUPPORTED);
    }
    return finish(function, tables_write(script, mock_is_open, wish, table, bytes));
}

#define DEFINE_LIST(name, its_family, its_form)                                                    \
    static ULONG WINAPI scripted_##name(void *table, ULONG *bytes, BOOL order)                     \
    {                                                                                              \
        const struct tables_wish wish = {its_family, its_form, STATES_ALL, order != FALSE};        \
                                                                                                   \
        return list(#name, &wish, table, bytes);                                                   \
    }

DEFINE_LIST(GetTcpTable, CONNECTION_IPV4, FORM_PLAIN)
DEFINE_LIST(GetTcpTable2, CONNECTION_IPV4, FORM_TWO)
DEFINE_LIST(GetTcp6Table, CONNECTION_IPV6, FORM_PLAIN)
DEFINE_LIST(GetTcp6Table2, CONNECTION_IPV6, FORM_TWO)

static DWORD WINAPI scripted_GetExtendedTcpTable(void *table, DWORD *bytes, BOOL order,
                                                 ULONG address_family, int table_class,
                                                 ULONG reserved)
{
    struct tables_wish wish = {
        .family = address_family == AF_INET6 ? CONNECTION_IPV6 : CONNECTION_IPV4,
        .sorted = order != FALSE,
    };

    (void)reserved;
    if ((address_family != AF_INET && address_family != AF_INET6) ||
        !tables_read_class(table_class, &wish)) {
        return finish("GetExtendedTcpTable", ERROR_INVALID_PARAMETER);
    }
    return list("GetExtendedTcpTable", &wish, table, bytes);
}

/* ---- whose module it is ---- */

/* UTF-8 to the end of a block that is being filled; how many characters, with the NUL. */
static DWORD add_text(const char *text, WCHAR *to, DWORD room)
{
    return (DWORD)MultiByteToWideChar(CP_UTF8, 0, text, -1, to, (int)room);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '\\');

    return slash ? slash + 1 : path;
}

static DWORD write_module(const char *path, void *buffer, DWORD *bytes)
{
    const DWORD name_chars = add_text(base_name(path), NULL, 0);
    const DWORD path_chars = add_text(path, NULL, 0);
    const DWORD needed = (DWORD)sizeof(TCPIP_OWNER_MODULE_BASIC_INFO) +
                         (name_chars + path_chars) * (DWORD)sizeof(WCHAR);
    TCPIP_OWNER_MODULE_BASIC_INFO *info = buffer;

    if (!buffer || *bytes < needed) {
        *bytes = needed;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    info->pModuleName = (WCHAR *)(info + 1);
    info->pModulePath = info->pModuleName + name_chars;
    add_text(base_name(path), info->pModuleName, name_chars);
    add_text(path, info->pModulePath, path_chars);
    return NO_ERROR;
}

static DWORD find_module(const char *function, const struct connection *connection, DWORD process,
                         int info_class, void *buffer, DWORD *bytes)
{
    const struct script *script = &mock_get()->script;

    if (info_class != TCPIP_OWNER_MODULE_INFO_BASIC || !bytes) {
        return finish(function, ERROR_INVALID_PARAMETER);
    }
    for (size_t i = 0; i < script->row_count; i++) {
        const struct script_row *row = &script->rows[i];

        if (row->module && row->process == process && mock_is_open(i) &&
            memcmp(&row->connection, connection, sizeof(*connection)) == 0) {
            return finish(function, write_module(row->module, buffer, bytes));
        }
    }
    return finish(function, ERROR_NOT_FOUND);
}

static DWORD WINAPI scripted_GetOwnerModuleFromTcpEntry(const MIB_TCPROW_OWNER_MODULE *row,
                                                        int info_class, void *buffer, DWORD *bytes)
{
    struct connection connection;

    if (!row) {
        return finish("GetOwnerModuleFromTcpEntry", ERROR_INVALID_PARAMETER);
    }
    connection = connection_of_row((const MIB_TCPROW *)row); /* which it begins as */
    return find_module("GetOwnerModuleFromTcpEntry", &connection, row->dwOwningPid, info_class,
                       buffer, bytes);
}

static DWORD WINAPI scripted_GetOwnerModuleFromTcp6Entry(const MIB_TCP6ROW_OWNER_MODULE *row,
                                                         int info_class, void *buffer, DWORD *bytes)
{
    struct connection connection;
    MIB_TCP6ROW plain;

    if (!row) {
        return finish("GetOwnerModuleFromTcp6Entry", ERROR_INVALID_PARAMETER);
    }
    memcpy(&plain.LocalAddr, row->ucLocalAddr, sizeof(plain.LocalAddr));
    memcpy(&plain.RemoteAddr, row->ucRemoteAddr, sizeof(plain.RemoteAddr));
    plain.dwLocalScopeId = row->dwLocalScopeId;
    plain.dwLocalPort = row->dwLocalPort;
    plain.dwRemoteScopeId = row->dwRemoteScopeId;
    plain.dwRemotePort = row->dwRemotePort;
    connection = connection_of_row6(&plain);
    return find_module("GetOwnerModuleFromTcp6Entry", &connection, row->dwOwningPid, info_class,
                       buffer, bytes);
}

/* ---- which are scripted ---- */

FARPROC listings_find(const char *name)
{
#define SCRIPTED(name)                                                                             \
    {                                                                                              \
#name, (FARPROC)(void *)scripted_##name                                                    \
    }
    static const struct
    {
        const char *name;
        FARPROC function;
    } all[] = {
        SCRIPTED(GetExtendedTcpTable),
        SCRIPTED(GetOwnerModuleFromTcp6Entry),
        SCRIPTED(GetOwnerModuleFromTcpEntry),
        SCRIPTED(GetTcp6Table),
        SCRIPTED(GetTcp6Table2),
        SCRIPTED(GetTcpTable),
        SCRIPTED(GetTcpTable2),
    };

    if (!mock_get()->is_broken && !script_has_tables(&mock_get()->script)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (strcmp(all[i].name, name) == 0) {
            return all[i].function;
        }
    }
    return NULL;
}

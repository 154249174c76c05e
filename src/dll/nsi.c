/* SPDX-License-Identifier: MIT */
#include "nsi.h"

#include "system_dll.h"

enum
{
    STORE_ACTIVE = 1,
    ACTION_CREATE_OR_SET = 2,
    OBJECT_TCP_CONNECTION = 16,
    FAMILY_IPV6 = 23,
};

typedef DWORD(WINAPI *nsi_set_all_parameters_func)(DWORD store, DWORD action, const void *module,
                                                   DWORD object, const void *key, DWORD key_bytes,
                                                   const void *value, DWORD value_bytes);

/* SOCKADDR_IN6, and with that SOCKADDR_INET: 28 bytes. */
struct end
{
    WORD family;
    WORD port; /* network byte order */
    DWORD flow_info;
    BYTE address[16];
    DWORD scope_id;
};

struct key
{
    struct end local;
    struct end remote;
};

_Static_assert(sizeof(struct key) == 56, "two SOCKADDR_INET");

/* NPI_MODULEID of TCP: 24 bytes long, of type 1 (GUID), EB004A03-9B1A-11D4-9123-0050047759BC. */
static const BYTE tcp_module[24] = {
    0x18, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x03, 0x4A, 0x00, 0xEB,
    0x1A, 0x9B, 0xD4, 0x11, 0x91, 0x23, 0x00, 0x50, 0x04, 0x77, 0x59, 0xBC,
};

static struct end end_of(const struct connection_end *of)
{
    struct end end = {.family = FAMILY_IPV6, .port = of->port, .scope_id = of->scope_id};

    __builtin_memcpy(end.address, of->address, sizeof(end.address));
    return end;
}

/* Public programs disagree whether the answer is a Win32 code or an NTSTATUS; errors of the latter kind
 * begin with 0xC, where no Win32 code is.  317 would mean "not elevated", so it is not said of those
 * that have no counterpart. */
static DWORD as_win32_code(DWORD answer)
{
    DWORD code = answer;

    if (answer >= 0xC0000000) {
        code = os_code_of_status(answer);
    }
    return code == ERROR_MR_MID_NOT_FOUND && code != answer ? ERROR_GEN_FAILURE : code;
}

DWORD nsi_close_ipv6(const struct connection *connection)
{
    const struct key key = {
        .local = end_of(&connection->local),
        .remote = end_of(&connection->remote),
    };
    FARPROC function;
    const DWORD error = system_dll_function(L"nsi.dll", "NsiSetAllParameters", &function);

    if (error != NO_ERROR) {
        return error;
    }
    return as_win32_code(((nsi_set_all_parameters_func)(void *)function)(
        STORE_ACTIVE, ACTION_CREATE_OR_SET, tcp_module, OBJECT_TCP_CONNECTION, &key, sizeof(key),
        NULL, 0));
}

/* SPDX-License-Identifier: MIT */
#include "closing.h"

enum
{
    PAUSE_MS = 20, /* before the second try; twice as long before the next */
};

/* These pass.  After ERROR_BROKEN_PIPE the connection may be closed, and a second try would say 317. */
static BOOL may_pass(DWORD code)
{
    return code == ERROR_TIMEOUT || code == ERROR_BUSY || code == ERROR_NO_SYSTEM_RESOURCES;
}

static DWORD call_once(MIB_TCPROW *row, MIB_TCP6ROW *row6)
{
    return row6 ? SetTcp6Entry(row6) : SetTcpEntry(row);
}

static struct closing close_either(MIB_TCPROW *row, MIB_TCP6ROW *row6)
{
    struct closing closing = {NO_ERROR, NO_ERROR, 0};

    for (DWORD pause = PAUSE_MS;; pause *= 2) {
        closing.tries++;
        closing.code = call_once(row, row6);
        closing.last_error = closing.code == NO_ERROR ? NO_ERROR : GetLastError();
        if (!may_pass(closing.code) || closing.tries == CLOSING_TRIES) {
            return closing;
        }
        Sleep(pause);
    }
}

struct closing close_with_retry(MIB_TCPROW *row)
{
    return close_either(row, NULL);
}

struct closing close_with_retry6(MIB_TCP6ROW *row)
{
    return close_either(NULL, row);
}

const char *closing_message(const struct closing *closing)
{
    static const struct
    {
        DWORD code;
        DWORD last_error;
        const char *message;
    } messages[] = {
        {NO_ERROR, NO_ERROR, "The connection is closed."},
        {ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER, "This is a mistake of this program's."},
        {ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, "There is no such connection any more."},
        {ERROR_NOT_FOUND, ERROR_NOT_FOUND, "There is no such connection any more."},
        {ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED, "Please run this as administrator."},
        {ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, "You may not close this connection."},
        {ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD,
         "Please give settcpentry-host CAP_NET_ADMIN."},
        {ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, "Nothing here can close it."},
        {ERROR_NETWORK_UNREACHABLE, ERROR_NETWORK_UNREACHABLE, "It is in another network."},
        {ERROR_BROKEN_PIPE, ERROR_BROKEN_PIPE, "Please look whether it is still there."},
        {ERROR_TIMEOUT, ERROR_TIMEOUT, "Nobody answers. Please try again later."},
        {ERROR_BUSY, ERROR_BUSY, "Too many programs close connections. Please try again later."},
        {ERROR_NO_SYSTEM_RESOURCES, ERROR_NO_SYSTEM_RESOURCES,
         "The system has nothing left to do it with."},
        {ERROR_REVISION_MISMATCH, ERROR_REVISION_MISMATCH, "Please install settcpentry anew."},
        {ERROR_INVALID_DATA, ERROR_INVALID_DATA, "Please install settcpentry anew."},
        {ERROR_BAD_EXE_FORMAT, ERROR_BAD_EXE_FORMAT, "Please install settcpentry anew."},
        {ERROR_CANNOT_MAKE, ERROR_CANNOT_MAKE, "Please see to it that you can write to /tmp."},
    };

    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        if (messages[i].code == closing->code && messages[i].last_error == closing->last_error) {
            return messages[i].message;
        }
    }
    return "The system refuses.";
}

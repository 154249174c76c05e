/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "../dll/os.h"
#include "../tcpdrop/endpoint.h"

#include <stdio.h>

enum
{
    LINE_CHARS = 1024, /* two ends, and what is expected of a script: less than 600 */
    ROW_CHARS = 256,
    SCRIPT_CHARS = 384,
};

static const char *write_row(const struct log_call *call, char text_out[ROW_CHARS])
{
    const struct connection *connection = &call->connection;
    char local[ENDPOINT_CHARS];
    char remote[ENDPOINT_CHARS];

    if (!call->has_row) {
        return "null";
    }
    snprintf(text_out, ROW_CHARS, "{\"local\":\"%s\",\"remote\":\"%s\",\"state\":%lu}",
             endpoint_write(connection->family, &connection->local, local),
             endpoint_write(connection->family, &connection->remote, remote), call->tcp_state);
    return text_out;
}

static const char *write_error(const struct script_error *error, char text_out[SCRIPT_CHARS])
{
    if (!error) {
        return "";
    }
    snprintf(text_out, SCRIPT_CHARS, ",\"script\":{\"line\":%u,\"column\":%u,\"expected\":\"%s\"}",
             error->line, error->column, error->expected);
    return text_out;
}

static int write_line(const struct log_call *call, char line_out[LINE_CHARS])
{
    char row[ROW_CHARS];
    char script[SCRIPT_CHARS];
    SYSTEMTIME now;

    GetSystemTime(&now);
    return snprintf(
        line_out, LINE_CHARS,
        "{\"time\":\"%04u-%02u-%02uT%02u:%02u:%02u.%03uZ\",\"process\":%lu,\"thread\":%lu,"
        "\"function\":\"%s\",\"row\":%s,\"code\":%lu,\"lastError\":%lu%s}\n",
        now.wYear, now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond, now.wMilliseconds,
        GetCurrentProcessId(), GetCurrentThreadId(), call->function, write_row(call, row),
        call->code, call->last_error, write_error(call->error, script));
}

/* One line after the other, whichever process's and thread's: under Wine two that are added at once can come to lie at
 * the same place. */
static void append(const WCHAR *path, const char *line, DWORD length)
{
    const HANDLE turn = CreateMutexA(NULL, FALSE, "settcpentry-mock-log");

    if (turn) {
        WaitForSingleObject(turn, INFINITE);
    }
    os_append(path, line, length);
    if (turn) {
        ReleaseMutex(turn);
        CloseHandle(turn);
    }
}

void log_write(const struct log_call *call)
{
    WCHAR path[MAX_PATH];
    char line[LINE_CHARS];

    if (os_environment(L"SETTCPENTRY_MOCK_LOG", path, MAX_PATH)) {
        append(path, line, (DWORD)write_line(call, line));
    }
}

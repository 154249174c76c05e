/* SPDX-License-Identifier: MIT */
/*
 * SETTCPENTRY_MOCK_LOG=FILE, a Windows path in the environment: a line of JSON is added to the file for each call.
 * Looked for at each call.  Failures to write are ignored, and nothing is written to pipes and terminals.
 */
#ifndef LOG_H
#define LOG_H

#include "script.h"

#include <winsock2.h>

#include <windef.h>

struct log_call
{
    const char *function;
    bool has_row; /* false: it was NULL, or the function has none */
    struct connection connection;
    DWORD tcp_state; /* to be set */
    DWORD code;
    DWORD last_error;                 /* as GetLastError() gives it then */
    const struct script_error *error; /* NULL where the script is not broken */
};

void log_write(const struct log_call *call);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * SETTCPENTRY_TRACE=FILE, a Windows path in the environment: one line is added to the file for each
 * call, with what was asked, what was answered, why, and what helps.  Looked for on the first call only.
 * Failures to write are ignored, and nothing is written to pipes and terminals, which might not be
 * read: a trace never changes an answer, nor keeps it waiting.
 */
#ifndef TRACE_H
#define TRACE_H

#include "../common/answer.h"
#include "../common/connection.h"

#include <stdbool.h>

#include <windef.h>

/* What the caller asked for. */
struct call
{
    const char *function; /* by its name */
    bool has_row;         /* false: it was NULL, and the rest is without meaning */
    DWORD tcp_state;      /* to be set */
    struct connection connection;
};

void trace_call(const struct call *call, struct answer answer);

#endif

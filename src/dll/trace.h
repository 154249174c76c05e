/* SPDX-License-Identifier: MIT */
/*
 * SETTCPENTRY_TRACE=FILE, a Windows path in the environment: one line is added to the file for each
 * call, with what was asked, what was answered, and why.  Looked for on the first call only.
 * Failures to write are ignored, and nothing is written to pipes and terminals, which might not be
 * read: a trace never changes an answer, nor keeps it waiting.
 */
#ifndef TRACE_H
#define TRACE_H

#include "tcp_row.h"

#include "outcome.h"

/* NULL: the caller gave no row. */
void trace_ipv4(const MIB_TCPROW *row, struct outcome outcome);
void trace_ipv6(const MIB_TCP6ROW *row, struct outcome outcome);

#endif

/* SPDX-License-Identifier: MIT */
/* The DLL's side of src/host/protocol.h: one helper for the process, started on first use. */
#ifndef HOST_SESSION_H
#define HOST_SESSION_H

#include <windef.h>

#include "../host/protocol.h"

/*
 * Has the helper close a connection and waits for its answer, HOST_CALL_LIMIT_MS at most.  Any number
 * of threads may call; they take turns.  One that is ended within a call keeps nobody waiting.
 *
 * Returns NO_ERROR when the helper answered; *verdict_out is then one of enum host_verdict.  Else
 *   ERROR_FILE_NOT_FOUND     there is no helper at the configured path
 *   ERROR_TIMEOUT            it did not start, or did not answer, in time
 *   ERROR_BROKEN_PIPE        it died
 *   ERROR_REVISION_MISMATCH  it speaks another version
 *   ERROR_INVALID_DATA       it answers nonsense
 *   ERROR_BAD_EXE_FORMAT     it cannot be executed
 *   ERROR_CANNOT_MAKE        there is no folder in which the page can be made
 *   ERROR_BUSY, ERROR_NO_SYSTEM_RESOURCES, ERROR_NETWORK_UNREACHABLE
 *                            as docs/return-codes.md says
 *   another Win32 code       it could not be started
 * and the next call starts a new helper.  One that died before it said anything, or said nothing
 * for a second in which it was not at work, is not followed by another for 5 seconds, in which calls
 * return the same code at once.
 */
DWORD host_session_ask(const struct connection *connection, enum host_verdict *verdict_out);

/* Lets the helper go.  Only for when no other thread can call any more. */
void host_session_end(void);

#endif

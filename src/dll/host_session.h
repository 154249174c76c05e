/* SPDX-License-Identifier: MIT */
/* The DLL's side of src/common/protocol.h: one helper for the process, started on first use. */
#ifndef HOST_SESSION_H
#define HOST_SESSION_H

#include "../common/protocol.h"

#define HOST_SESSION_NOT_BEGUN (-1)

/*
 * Has the helper look up a connection that may have to be closed, without waiting for anything.  Not begun: there is
 * no helper yet, or too many ask it at once.  What it returns is handed on to one of the two that follow, on the same
 * thread.
 */
int host_session_begin(const struct connection *connection);
void host_session_leave(int begun);

/*
 * Has the helper close a connection and waits for its answer, HOST_CALL_LIMIT_MS at most.  Any number
 * of threads may call, HOST_SLOTS of them at once.  One that is ended within a call keeps nobody waiting.
 * begun: what host_session_begin said of this connection.
 *
 * Returns the helper's answer, or why there is none: ANSWER_NO_HELPER if there is nothing at the
 * configured path.  After a failure the next call starts a new helper.  One that died before it said anything,
 * or said nothing for a second in which it was not at work, is not followed by another for 5 seconds,
 * in which calls return the same at once.
 */
struct answer host_session_ask(const struct connection *connection, int begun);

/* Lets the helper go.  Only for when no other thread can call any more. */
void host_session_end(void);

#endif

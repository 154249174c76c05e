/* SPDX-License-Identifier: MIT */
/* The DLL's side of src/common/protocol.h: one helper for the process, started on first use. */
#ifndef HOST_SESSION_H
#define HOST_SESSION_H

#include "../common/protocol.h"

/*
 * Has the helper close a connection and waits for its answer, HOST_CALL_LIMIT_MS at most.  Any number
 * of threads may call; they take turns.  One that is ended within a call keeps nobody waiting.
 *
 * Returns the helper's answer, or why there is none: ANSWER_NO_HELPER if there is nothing at the
 * configured path.  After a failure the next call starts a new helper.  One that died before it said anything,
 * or said nothing for a second in which it was not at work, is not followed by another for 5 seconds,
 * in which calls return the same at once.
 */
struct answer host_session_ask(const struct connection *connection);

/* Lets the helper go.  Only for when no other thread can call any more. */
void host_session_end(void);

#endif

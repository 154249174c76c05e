/* SPDX-License-Identifier: MIT */
/* Who closes the connection once the row is well-formed and the caller may. */
#ifndef BACKEND_H
#define BACKEND_H

#include "../common/answer.h"
#include "../common/connection.h"

/*
 * The one for this process.  backend_begin may let it look the connection up, but not touch it, while the caller's
 * rights are looked at; what it returns is handed on to the function that follows on the same thread, one of the two.
 */
int backend_begin(const struct connection *connection);
void backend_leave(int begun);
struct answer backend_close(const struct connection *connection, int begun);

struct answer backend_native_close(const struct connection *connection); /* Windows: the system */
/* Wine: the Linux helper.  begun: by host_session_begin. */
struct answer backend_host_close(const struct connection *connection, int begun);

#endif

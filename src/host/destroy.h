/* SPDX-License-Identifier: MIT */
/* The helper's rules: which connection is meant, whose it is, and that only it is closed. */
#ifndef DESTROY_H
#define DESTROY_H

#include "../common/answer.h"
#include "../common/connection.h"

#include <sys/types.h>

/*
 * Closes this connection for a user: root may close any, others their own.  Never another one that
 * has come to use the same addresses and ports in between, and never a listener, but for one that the
 * user's own program makes of that very socket in that very moment.
 *
 * With an identity (diag_identity) the socket that has it is meant, and no other: for whoever asks later than they
 * have looked.  With 0 it is whichever has these addresses and ports now.
 */
struct answer destroy_connection(const struct connection *connection, uint64_t identity,
                                 uid_t user);

#endif

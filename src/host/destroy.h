/* SPDX-License-Identifier: MIT */
/* The helper's rules: which connection is meant, whose it is, and that only it is closed. */
#ifndef DESTROY_H
#define DESTROY_H

#include "../common/answer.h"
#include "../common/connection.h"
#include "diag.h"

#include <sys/types.h>

/* What is to be closed, or why there is nothing. */
struct target
{
    struct answer answer; /* ANSWER_NONE: this socket */
    struct diag_socket socket;
};

/*
 * Looks up what this connection is, for a user: root may have any closed, others their own.  Nothing is done to it.
 *
 * With an identity (diag_identity) the socket that has it is meant, and no other: for whoever asks later than they
 * have looked.  With 0 it is whichever has these addresses and ports now.
 */
struct target destroy_find(const struct connection *connection, uint64_t identity, uid_t user);

/*
 * Closes what was found.  Never another one that has come to use the same addresses and ports in between, and never
 * a listener, but for one that the user's own program makes of that very socket since it was looked up.
 */
struct answer destroy_target(const struct connection *connection, const struct target *target);

/* Both. */
struct answer destroy_connection(const struct connection *connection, uint64_t identity,
                                 uid_t user);

#endif

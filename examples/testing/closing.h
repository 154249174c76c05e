/* SPDX-License-Identifier: MIT */
/* What a program has around SetTcpEntry: it tries again where that helps, and tells its user why it is not closed. */
#ifndef CLOSING_H
#define CLOSING_H

#include "settcpentry.h"

enum
{
    CLOSING_TRIES = 3,
};

/* What came of it. */
struct closing
{
    DWORD code; /* of the last try */
    DWORD last_error;
    int tries;
};

struct closing close_with_retry(MIB_TCPROW *row);
struct closing close_with_retry6(MIB_TCP6ROW *row);

/* A sentence for the user. */
const char *closing_message(const struct closing *closing);

#endif

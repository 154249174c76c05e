/* SPDX-License-Identifier: MIT */
/* What the answers of SetTcpEntry and SetTcp6Entry mean to somebody at a command line. */
#ifndef MEANING_H
#define MEANING_H

#include <windef.h>

/* Exit statuses. */
enum
{
    STATUS_DONE = 0,
    STATUS_NOT_DONE = 1,
    STATUS_USAGE = 2,
    STATUS_NO_RIGHTS = 3,
    STATUS_NO_SUCH_CONNECTION = 4,
};

struct meaning
{
    int status;
    const char *what;   /* in a few words */
    const char *remedy; /* what to do; NULL: there is nothing */
};

/* For what the function returned and GetLastError() said.  Codes that we have no words for have
 * the system's, in a buffer that the next call uses again. */
struct meaning meaning_of(DWORD code, DWORD last_error);

#endif

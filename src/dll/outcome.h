/* SPDX-License-Identifier: MIT */
/* What one call answers: the documented code, the precise one that GetLastError() gives, and why. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <windef.h>

struct outcome
{
    DWORD code;         /* what the function returns */
    DWORD last_error;   /* what GetLastError() says then; without meaning where code is NO_ERROR */
    const char *reason; /* for SETTCPENTRY_TRACE, a few words that are not freed */
};

/* Both are the same code. */
static inline struct outcome outcome_plain(DWORD code, const char *reason)
{
    return (struct outcome){code, code, reason};
}

#endif

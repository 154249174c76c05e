/* SPDX-License-Identifier: MIT */
/* What one call answers: the documented code, and the precise one that GetLastError() gives. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <windef.h>

struct outcome
{
    DWORD code;       /* what the function returns */
    DWORD last_error; /* what GetLastError() says then; without meaning where code is NO_ERROR */
};

/* Both are the same code. */
static inline struct outcome outcome_plain(DWORD code)
{
    return (struct outcome){code, code};
}

#endif

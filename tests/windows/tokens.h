/* SPDX-License-Identifier: MIT */
/* Real tokens of callers who may not close connections. */
#ifndef TOKENS_H
#define TOKENS_H

#include <windows.h>

enum token_kind
{
    TOKEN_AS_IT_IS,      /* under Wine: an elevated administrator */
    TOKEN_NOT_ELEVATED,  /* the linked token */
    TOKEN_NO_ADMIN,      /* Administrators for refusals only */
    TOKEN_UAC_FILTERED,  /* both, as UAC does it */
    TOKEN_IDENTIFICATION /* an elevated administrator's at identification level */
};

/* A primary token of this kind (the last one: an impersonation token), made from the process's own.
 * Fails the test if it cannot. */
HANDLE token_make(enum token_kind kind);

#endif

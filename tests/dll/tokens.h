/* SPDX-License-Identifier: MIT */
/* Real tokens of callers who may and who may not close connections. */
#ifndef TOKENS_H
#define TOKENS_H

#include <windows.h>

enum token_kind
{
    TOKEN_AS_IT_IS,      /* under Wine: an administrator, elevated until Wine 9.4 */
    TOKEN_ELEVATED,      /* of this and its linked token the one that is */
    TOKEN_NOT_ELEVATED,  /* the other one; under Wine an administrator all the same */
    TOKEN_NO_ADMIN,      /* elevated, but Administrators for refusals only */
    TOKEN_UAC_FILTERED,  /* not elevated, and Administrators for refusals only, as UAC does it */
    TOKEN_IDENTIFICATION /* the process's own at identification level */
};

/* A primary token of this kind (the last one: an impersonation token), made from the process's own.
 * Fails the test if it cannot. */
HANDLE token_make(enum token_kind kind);

#endif

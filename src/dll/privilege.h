/* SPDX-License-Identifier: MIT */
/* Logic only, over os.h: may the caller close connections? */
#ifndef PRIVILEGE_H
#define PRIVILEGE_H

#include "../common/answer.h"

/*
 * Judges the token that the calling thread impersonates, else the process's:
 *   ANSWER_NONE               they may
 *   ANSWER_NOT_ELEVATED       under Wine only where Administrators count for refusals only
 *   ANSWER_NOT_ADMINISTRATOR
 *   ANSWER_TOKEN_UNREADABLE   it cannot be told
 * That they may is remembered for the process, never for a thread.
 */
struct answer privilege_check(void);

#endif

/* SPDX-License-Identifier: MIT */
/* What the answers of SetTcpEntry and SetTcp6Entry mean to somebody at a command line. */
#ifndef MEANING_H
#define MEANING_H

#include "answer.h"

enum
{
    MEANING_BYTES = 1024,
};

struct meaning
{
    enum answer_status status;
    char reason[MEANING_BYTES];
    char remedy[MEANING_BYTES]; /* what to do; "": there is nothing */
};

/*
 * For what the function returned for a connection of this family, and GetLastError() said.  Where that
 * can mean more than one thing here, on Windows or under Wine, it tells all of them.  Codes that we have no
 * words for have the system's.
 */
struct meaning meaning_of(uint32_t family, uint32_t code, uint32_t last_error);

#endif

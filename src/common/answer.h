/* SPDX-License-Identifier: MIT */
/* What becomes of a call: one row of def/answers.inc, from whoever finds it out to the caller. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stdint.h>

/* As numbers they are the same in the DLL and in the helper, which tells the DLL its own by them. */
enum answer_kind
{
    ANSWER_NONE, /* there is none yet: nothing speaks against it */
#define ANSWER(name, ...) ANSWER_##name,
#include "../../def/answers.inc"
    ANSWERS
};

/* The helper's are the first ones; this only counts them. */
enum
{
    HELPERS_NONE,
#define HELPER_ANSWER(name, ...) HELPERS_##name,
#include "../../def/answers.inc"
    HELPERS_END,
    ANSWER_LAST_OF_HELPER = HELPERS_END - 1
};

struct answer
{
    enum answer_kind kind;
    uint32_t detail; /* what stands for SYSTEM_CODE; of SYSTEM_CALL_FAILED, an errno; else 0 */
};

static inline struct answer answer_of(enum answer_kind kind)
{
    return (struct answer){.kind = kind};
}

/* Of a number that somebody else has written. */
static inline bool answer_is_helpers(uint32_t kind)
{
    return kind > ANSWER_NONE && kind <= (uint32_t)ANSWER_LAST_OF_HELPER;
}

/* ---- for Windows programs: answer.c ---- */

enum answer_where
{
    WHERE_ANYWHERE,
    WHERE_WINE,
    WHERE_WINDOWS,
};

/* Exit statuses of tcpdrop. */
enum answer_status
{
    STATUS_DONE = 0,
    STATUS_NOT_DONE = 1,
    STATUS_USAGE = 2,
    STATUS_NO_RIGHTS = 3,
    STATUS_NO_SUCH_CONNECTION = 4,
};

#define SYSTEM_CODE UINT32_MAX /* is no Win32 code */

struct answer_row
{
    enum answer_where where;
    struct
    {
        uint32_t ipv4;
        uint32_t ipv6;
        uint32_t last_error;
    } codes;
    enum answer_status status;
    const char *reason;
    const char *remedy; /* "": there is none */
};

extern const struct answer_row answer_rows[ANSWERS];

/* What the function returns, for a connection of this family (enum connection_family). */
uint32_t answer_code(struct answer answer, uint32_t family);

/* What GetLastError() says then; without meaning where the connection was closed. */
uint32_t answer_last_error(struct answer answer);

#endif

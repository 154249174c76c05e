/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include "connection.h"

#ifdef _WIN32
#include <windef.h> /* which mingw-w64's next one needs */
#endif

#include <winerror.h>

#ifndef ERROR_ELEVATION_REQUIRED /* mingw-w64 has no name for it */
#define ERROR_ELEVATION_REQUIRED 740
#endif

#define CODES(ipv4, ipv6, last_error)                                                              \
    {                                                                                              \
        ipv4, ipv6, last_error                                                                     \
    }
#define CODE(code) CODES(code, code, code)

const struct answer_row answer_rows[ANSWERS] = {
    /* Nobody may be told that nothing speaks against it. */
    [ANSWER_NONE] = {WHERE_ANYWHERE, CODE(ERROR_INTERNAL_ERROR), STATUS_NOT_DONE, "no answer came",
                     ""},
#define ANSWER(name, where, codes, status, reason, remedy, tests)                                  \
    [ANSWER_##name] = {WHERE_##where, codes, STATUS_##status, reason, remedy},
#include "../../def/answers.inc"
};

/* A system that failed without a code has failed all the same. */
static uint32_t code_or_systems(uint32_t code, struct answer answer)
{
    const uint32_t systems = answer.detail != NO_ERROR ? answer.detail : ERROR_INTERNAL_ERROR;

    return code == SYSTEM_CODE ? systems : code;
}

uint32_t answer_code(struct answer answer, uint32_t family)
{
    const struct answer_row *row = &answer_rows[answer.kind];

    return code_or_systems(family == CONNECTION_IPV6 ? row->codes.ipv6 : row->codes.ipv4, answer);
}

uint32_t answer_last_error(struct answer answer)
{
    return code_or_systems(answer_rows[answer.kind].codes.last_error, answer);
}

/* SPDX-License-Identifier: MIT */
/*
 * The seam to who closes connections.  closer_windows.c calls our DLL, closer_linux.c has settcpentry-host do it;
 * tests link another.
 */
#ifndef CLOSER_H
#define CLOSER_H

#include "../common/meaning.h"
#include "table.h"

struct closer_outcome
{
    uint32_t code;         /* as SetTcpEntry or SetTcp6Entry returns it */
    uint32_t last_error;   /* as GetLastError() gives it then; 0 where code is */
    enum answer_kind kind; /* on Linux: which row of def/answers.inc it is; else ANSWER_NONE */
    uint32_t detail;       /* on Linux: its errno, if it has one */
};

/* What becomes of each is told to this, in their order, as it is known. */
typedef void closer_told_func(void *told, size_t index, const struct closer_outcome *outcome);

/*
 * Closes these rows, of which connection and identity count.  One with an identity is closed only if it is that very
 * connection; otherwise there is no such connection.
 */
void closer_close(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                  void *told);

/* The same, but only what would become of them, as far as that can be told without trying. */
void closer_foresee(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                    void *told);

/* Of a connection of that family. */
struct meaning closer_meaning(uint32_t family, const struct closer_outcome *outcome);

/* Prints the versions of tcpdrop and of what it closes with. */
void closer_print_version(void);

#endif

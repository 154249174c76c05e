/* SPDX-License-Identifier: MIT */
/* What this process's script says, and how far it has got. */
#ifndef MOCK_H
#define MOCK_H

#include "script.h"

struct mock
{
    struct script script;
    bool is_broken; /* then the script is empty, and this says why */
    struct script_error error;
};

/* Reads the file that SETTCPENTRY_MOCK names; without, the script is empty.  For DLL_PROCESS_ATTACH and
 * DLL_PROCESS_DETACH. */
void mock_load(void);
void mock_unload(void);

const struct mock *mock_get(void);

/* The place in memory that both of the mock's DLLs have in common counts, so that a row that the one has closed is gone
 * from the other one's listing, too. */

/* How often was this asked of this rule before? */
uint32_t mock_count(const struct script_rule *rule);

bool mock_is_open(size_t row);
/* False: another call has closed it before. */
bool mock_close(size_t row);

#endif

/* SPDX-License-Identifier: MIT */
/* Logic only, over os.h: may the caller close connections? */
#ifndef PRIVILEGE_H
#define PRIVILEGE_H

#include "outcome.h"

/*
 * Judges the token that the calling thread impersonates, else the process's:
 *   allowed               code NO_ERROR
 *   not elevated          317, LastError ERROR_ELEVATION_REQUIRED; under Wine only where
 *                         Administrators count for refusals only
 *   not an administrator,
 *   or it cannot be told  ERROR_ACCESS_DENIED
 * "Allowed" is remembered for the process, never for a thread.
 */
struct outcome privilege_check(void);

#endif

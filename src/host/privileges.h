/* SPDX-License-Identifier: MIT */
/* What the helper has come by from whoever started it. */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>

/* Keeps CAP_NET_ADMIN, if it is there, and the first three descriptors, which lead nowhere if they were
 * closed; gives up all other capabilities, ways to get more, descriptors, and the environment.  False
 * and errno on failure. */
bool privileges_drop(void);

#endif

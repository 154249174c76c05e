/* SPDX-License-Identifier: MIT */
/* Is Windows played by Wine?  The one place that knows: for the DLLs behind os_is_wine, and for
 * tcpdrop. */
#ifndef WINE_H
#define WINE_H

#include <stdbool.h>

/* Looks anew each time; the answer is the same for as long as the process lives. */
bool wine_is_here(void);

#endif

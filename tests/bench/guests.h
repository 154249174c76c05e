/* SPDX-License-Identifier: MIT */
/* Programs that a helper outside serves, and that ask it for nothing: pages of this process. */
#ifndef GUESTS_H
#define GUESTS_H

#include <stddef.h>

/* Has more come, until there are so many, each of them served.  What fails ends the bench with status 2. */
void guests_come(const char *folder, size_t count);

/* All go. */
void guests_leave(void);

#endif

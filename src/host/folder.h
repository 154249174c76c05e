/* SPDX-License-Identifier: MIT */
/* Where programs meet a helper that runs outside: a folder that only our user can reach. */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <sys/inotify.h>

/*
 * Opens the folder, made if need be, says there that we serve, and has inotify tell of pages (their
 * names, IN_MODIFY, when the program rings) and of what folder_is_left looks at.  Returns the folder's watch;
 * -1 and errno: EPERM if others can reach it, EBUSY if another helper serves there.
 */
int folder_open(const char *path, int inotify);

/* Has somebody moved the folder, or removed what says that we serve, as who removes the folder has
 * to?  (We hold it open, so the kernel does not tell of its own end.) */
bool folder_is_left(const struct inotify_event *event);

/* Opens a page by its name, with O_PATH only; -1 if it cannot be one by its name. */
int folder_page(const char *name);

/* Calls for each name that is there already. */
void folder_for_each(void (*act)(const char *name));

/* Says that nobody serves there any more. */
void folder_leave(void);

#endif

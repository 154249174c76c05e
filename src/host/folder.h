/* SPDX-License-Identifier: MIT */
/* Where programs meet a helper that runs outside: a folder that only our user can reach. */
#ifndef FOLDER_H
#define FOLDER_H

/*
 * Opens the folder, made if need be, says there that we serve, and has inotify tell of pages (their
 * names, IN_MODIFY, when the program rings) and of the folder's end.  Returns the folder's watch;
 * -1 and errno: EPERM if others can reach it, EBUSY if another helper serves there.
 */
int folder_open(const char *path, int inotify);

/* Opens a page by its name, with O_PATH only; -1 if it cannot be one by its name. */
int folder_page(const char *name);

/* Calls for each name that is there already. */
void folder_for_each(void (*act)(const char *name));

/* Says that nobody serves there any more. */
void folder_leave(void);

#endif

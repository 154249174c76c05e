/* SPDX-License-Identifier: MIT */
/* A folder in which a helper meets programs: their pages are opened and removed by names relative to
 * it, and no link is followed. */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <sys/inotify.h>

/* Its descriptors, and inotify's watch. */
struct folder
{
    int itself;
    int serving; /* locked as long as we serve */
    int watch;
};

/* Opens the folder in which one page lies, whoever can reach that, and gives the name that is left of
 * the path.  False and errno. */
bool folder_of_page(struct folder *folder_out, const char *path, const char **name_out);

/* Before the first of the next, and before the sandbox.  False and errno. */
bool folder_begin(void);

/*
 * For programs that will come: opens a folder that only our user can reach, made if need be, says there
 * that we serve, and has inotify tell of pages (their names, IN_MODIFY, when the program rings) and of
 * what folder_is_left looks at.  The path is relative to the parent, a descriptor or AT_FDCWD.  False and
 * errno: EPERM if others can reach it, EBUSY if another helper serves there.
 */
bool folder_open(struct folder *folder_out, int parent, const char *path, int inotify);

/* Has somebody moved the folder, or removed what says that we serve, as who removes the folder has
 * to?  (We hold it open, so the kernel does not tell of its own end.) */
bool folder_is_left(const struct inotify_event *event);

/* Does the folder still say that we serve? */
bool folder_is_served(const struct folder *folder);

/* Opens a page by its name for reading and writing, without waiting for anything; -1 and errno, EINVAL
 * if it cannot be one by its name. */
int folder_page(const struct folder *folder, const char *name);

/* The same for one that nobody may open, by its mode: with O_PATH only. */
int folder_closed_page(const struct folder *folder, const char *name);

/* Removes the page's name, as long as it is this file's. */
void folder_remove_page(const struct folder *folder, const char *name, int page_file);

/* Calls for each name that is there already. */
typedef void (*folder_act_func)(const struct folder *folder, const char *name);
void folder_for_each(const struct folder *folder, folder_act_func act);

/* Says that nobody serves there any more, if that was said, and closes it. */
void folder_close(struct folder *folder);

#endif

/* SPDX-License-Identifier: MIT */
/* The page of one program: a file that somebody else has made, and can do anything to. */
#ifndef PAGE_H
#define PAGE_H

#include "protocol.h"

/*
 * Maps the page behind a descriptor, which may be one that was opened with O_PATH only, and has
 * inotify tell in watch_out when the program rings (IN_MODIFY) or closes it (IN_CLOSE_WRITE).
 * NULL and errno, EINVAL among them, if it is no page of our user's own.
 */
struct host_page *page_take(int file, int inotify, int *watch_out);

/* Removes the file's name, as long as it is still this file's. */
void page_remove_name(int file);

void page_release(struct host_page *page, int inotify, int watch);

/* From now on a page that its program makes shorter becomes all zeros, rather than our end. */
void page_survive_truncation(void);

#endif

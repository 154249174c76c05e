/* SPDX-License-Identifier: MIT */
/* The page of one program: a file that somebody else has made, and can do anything to. */
#ifndef PAGE_H
#define PAGE_H

#include "../common/protocol.h"

/* Maps the page behind a descriptor, which has to be open for reading and writing.  NULL and errno,
 * EINVAL among them, if it is no page of our user's own, or has other names. */
struct host_page *page_map(int file);

/* A new descriptor of a page that nobody may open, by its mode, behind one that was opened with O_PATH:
 * it is given a mode first, if it is a page of our user's own.  -1 and errno. */
int page_reopen(int closed);

/* Has inotify tell when the program rings (IN_MODIFY) or closes the page (IN_CLOSE_WRITE).  The
 * watch; -1 and errno. */
int page_watch(int file, int inotify);

/* Has its program closed it?  That can be told of a page that has no name any more, by the descriptor that
 * it was mapped by, without inotify too. */
enum page_user
{
    PAGE_IN_USE,
    PAGE_LEFT,
    PAGE_UNKNOWN, /* this file system cannot tell */
};
enum page_user page_user(int file);

void page_unmap(struct host_page *page);

/* From now on a page that its program makes shorter becomes all zeros, rather than our end. */
void page_survive_truncation(void);

#endif

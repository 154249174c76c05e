/* SPDX-License-Identifier: MIT */
/* Pages without files, and no journal, for tests of programs.c: a program's pages are its own memory. */
#include "folder.h"
#include "journal.h"
#include "page.h"

int page_watch(int file, int inotify)
{
    (void)file;
    (void)inotify;
    return 1;
}

enum page_user page_user(int file)
{
    (void)file;
    return PAGE_IN_USE;
}

/* The program may still look at it. */
void page_unmap(struct host_page *page)
{
    (void)page;
}

void folder_remove_page(const struct folder *folder, const char *name, int page_file)
{
    (void)folder;
    (void)name;
    (void)page_file;
}

void journal_answer(const char *page, const struct connection *connection, struct answer answer)
{
    (void)page;
    (void)connection;
    (void)answer;
}

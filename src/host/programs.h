/* SPDX-License-Identifier: MIT */
/* The programs that are served, each with its page: what they write there is answered, and nothing of it
 * believed. */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "../common/protocol.h"
#include "folder.h"

#include <stdbool.h>

enum
{
    PROGRAMS_AT_MOST = 512,
    PROGRAM_NAME_CHARS = 32,
};

/* Once, before the others: by which inotify they are heard, -1 where it is not to be had; and why nobody
 * can be served, an errno, or 0. */
void programs_begin(int inotify_or_none, int error);

/*
 * Takes a page of a folder that was mapped by this descriptor, and says in it what becomes of it.  True: it is served,
 * and page and descriptor are ours until it is forgotten.  False and errno, EINVAL among them, if this is no
 * page, or not yet, or cannot be served.  Times are in nanoseconds, by one clock.
 */
bool programs_admit(struct host_page *page, int page_file, const struct folder *folder,
                    const char *name, int64_t now);

/* The page's name, whatever its program has called it, as it can be shown. */
const char *programs_show_name(const char *name, char name_out[PROGRAM_NAME_CHARS]);

/* Looks up or answers what each asks in its slots, so that none keeps the others waiting; how many that were. */
typedef int64_t (*programs_clock)(void);
unsigned programs_answer(programs_clock clock);

/* Tells them whether we cannot run beside them; from then on those who come, too. */
void programs_run_on_one_processor(bool is_one);

/* Tells them that we sleep, so that they have to ring.  False if one has something for us to do. */
bool programs_fall_asleep(void);

/* What inotify tells of the page with this watch: that it was rung, or left. */
void programs_hear(int watch, bool is_left);

/* Those that never joined, and those that have spoilt their page. */
void programs_forget_lost(int64_t now);

/* Those that have left: of which inotify does not tell us, or all, as it has not told us all. */
void programs_forget_left(bool all);
void programs_forget_all(void);

bool programs_are_none(void);

/* Does inotify tell of all of them? */
bool programs_are_heard(void);

/* Have all of them joined? */
bool programs_have_joined(void);

#endif

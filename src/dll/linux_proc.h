/* SPDX-License-Identifier: MIT */
/* Logic only, over os.h: Linux's processes, as /proc shows them. */
#ifndef LINUX_PROC_H
#define LINUX_PROC_H

#include "linux_process.h"

/* The process of that number, as it is now; false if there is none, or it is not shown. */
bool linux_proc_look(DWORD number, struct linux_process *process_out);

enum linux_proc_seen
{
    LINUX_PROC_UNKNOWN, /* not every process is shown here */
    LINUX_PROC_ABSENT,
    LINUX_PROC_IDLE,
    LINUX_PROC_AT_WORK, /* one of them is */
};

/*
 * The processes whose command lines end with this argument.  Anybody can have such a one: it tells what
 * to wait for, and not who somebody is.
 */
enum linux_proc_seen linux_proc_seek(const WCHAR *last_argument);

#endif

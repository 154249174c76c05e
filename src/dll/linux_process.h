/* SPDX-License-Identifier: MIT */
/* Pure: reads what Linux says of a process in /proc/PID/stat. */
#ifndef LINUX_PROCESS_H
#define LINUX_PROCESS_H

#include <windef.h>

#include <stdbool.h>

struct linux_process
{
    bool lives;           /* false for one that has ended but that nobody has waited for yet */
    ULONGLONG start_time; /* in clock ticks since boot: tells it from others with the same number */
};

/*
 * False if the text is something else.
 * Source: proc(5), fields 3 and 22
 */
bool linux_process_read(const char *text, DWORD length, struct linux_process *process_out);

#endif

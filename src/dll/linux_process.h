/* SPDX-License-Identifier: MIT */
/* Pure: reads what Linux says in /proc of processes, and of a network. */
#ifndef LINUX_PROCESS_H
#define LINUX_PROCESS_H

#include <windef.h>

#include <stdbool.h>

struct linux_process
{
    bool is_helper;       /* by its name, settcpentry-host, of which Linux keeps 15 characters */
    bool lives;           /* false for one that has ended but that nobody has waited for yet */
    bool is_at_work;      /* it runs, or waits for a processor or a disk */
    ULONGLONG start_time; /* in clock ticks since boot: tells it from others with the same number */
};

/*
 * False if the text is something else.
 * Source: proc(5), fields 3 and 22
 */
bool linux_process_read(const char *text, DWORD length, struct linux_process *process_out);

/*
 * Was the process with this /proc/PID/cmdline given this text as its last argument?
 * Source: proc(5): each argument ends with a NUL
 */
bool linux_command_line_ends_with(const char *text, DWORD length, const WCHAR *argument);

/*
 * Is this line of /proc/net/netlink, the list of sockets of that kind in one network, that of this
 * inode, a DWORD?  For linux_list_look.
 * Source: its own first line: the last column is the inode, in decimal
 */
bool linux_network_line_has(const void *inode, const char *line, DWORD length);

#endif

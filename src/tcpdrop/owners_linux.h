/* SPDX-License-Identifier: MIT */
/* Which processes have a socket, as far as /proc lets us see. */
#ifndef OWNERS_LINUX_H
#define OWNERS_LINUX_H

#include "table.h"

enum
{
    OWNER_NAME_BYTES = 256,
};

/*
 * Finds the owners of a table that has none yet: all processes that have a row's socket, in the order of their ids.  Of
 * other users' processes only root sees that.  inodes are the sockets', one for each row; 0: nobody has a descriptor of
 * it.  NULL; or why it cannot be done, and table_free has to free what is there.
 */
const char *owners_find(struct table *table, const uint32_t *inodes);

/* ---- pure ---- */

/* Of what the link /proc/PID/fd/N says: the socket's inode; 0: it is none. */
uint32_t owners_socket_inode(const char *link);

/*
 * What a process is called: by /proc/PID/comm, without the end of its line, or, as Linux cuts that off after 15 bytes,
 * by the last part of the first argument in the `bytes` of /proc/PID/cmdline, if it begins so.  Wine's processes have
 * Windows paths there.
 */
void owners_choose_name(const char *comm, const char *command_line, size_t bytes,
                        char name_out[OWNER_NAME_BYTES]);

#endif

/* SPDX-License-Identifier: MIT */
/* A helper, found outside or started, and the page of memory that it shares with us. */
#ifndef HOST_LINK_H
#define HOST_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <windef.h>

#include "../common/protocol.h"
#include "linux_process.h"

/* {0}: none. */
struct host_link
{
    struct host_page *page;
    HANDLE page_file;
    bool is_outside; /* it was there before */
    bool is_watched; /* else Linux does not tell us whether the helper lives */
    uint32_t process;
    struct linux_process helper; /* as it was at first */
};

/*
 * Meet a helper, until HOST_CALL_LIMIT_MS after start (an os_milliseconds) at most: one outside, and
 * if that gives ANSWER_NO_HELPER, one of our own, which is started.  ANSWER_NONE once it can be asked,
 * else why not.  Whatever comes of it, the link is to be closed.  else_out: what there is to say if
 * there is none of our own either, that one outside, which nobody named, is in another network.
 */
struct answer host_link_meet_outside(struct host_link *link, DWORD start, struct answer *else_out);
struct answer host_link_start(struct host_link *link, DWORD start);

/* After either: tells the helper that it will be asked. */
struct answer host_link_join(struct host_link *link);

/* Wakes the helper. */
struct answer host_link_ring(const struct host_link *link);

/* True once it has ended, or been ended. */
bool host_link_is_dead(const struct host_link *link);

/* Lets the helper go.  Nothing to do for one that is closed. */
void host_link_close(struct host_link *link);

#endif

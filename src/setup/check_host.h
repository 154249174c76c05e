/* SPDX-License-Identifier: MIT */
/* What doctor has to say about Wine and settcpentry-host. */
#ifndef CHECK_HOST_H
#define CHECK_HOST_H

/* Which system this is; under Wine also the helper: outside, or to be started, and whether that has
 * what it needs. */
void check_host(void);

#endif

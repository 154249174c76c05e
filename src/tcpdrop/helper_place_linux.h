/* SPDX-License-Identifier: MIT */
/* Where settcpentry-host is. */
#ifndef HELPER_PLACE_LINUX_H
#define HELPER_PLACE_LINUX_H

/*
 * $SETTCPENTRY_HOST, whether anything is there or not; or else the first of HOST_PATHS (common/host_places.h) that is
 * there; or else one beside this program, or in ../libexec, if nobody can have put it there who could not have replaced
 * this very program.  NULL: nowhere.
 */
const char *helper_place(void);

#endif

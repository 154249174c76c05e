/* SPDX-License-Identifier: MIT */
/* The part of doctor that is about Wine and settcpentry-host. */
#ifndef DOCTOR_HOST_H
#define DOCTOR_HOST_H

/* Which system this is; under Wine also the helper: outside, or to be started, and whether that has
 * what it needs. */
void doctor_check_host(void);

#endif

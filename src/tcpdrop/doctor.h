/* SPDX-License-Identifier: MIT */
/* tcpdrop doctor: would a drop work here, and if not, why? */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>

/* Prints a checklist, with a remedy for what is wrong, in lines or as JSON; for a program that is to
 * use iphlpapi.dll, too, unless it is NULL (UTF-8, a Windows path).  Returns an exit status: 0 if
 * nothing is wrong, else 1. */
int doctor(const char *program, bool as_json);

#endif

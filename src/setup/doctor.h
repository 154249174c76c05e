/* SPDX-License-Identifier: MIT */
/* Would a drop work here, and if not, why? */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

/* Prints a checklist, with a remedy for what is wrong, in lines or as JSON; for a program that is to use
 * iphlpapi.dll, too, by its full path, unless it is NULL. Returns whether nothing is wrong. */
bool doctor(const wchar_t *program, bool as_json);

#endif

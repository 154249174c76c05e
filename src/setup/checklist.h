/* SPDX-License-Identifier: MIT */
/* A list of checks, printed as they are made, in lines or as JSON; UTF-8, whatever they are about. */
#ifndef CHECKLIST_H
#define CHECKLIST_H

#include <stdbool.h>

void checklist_begin(bool as_json);

/* One check: what was looked at, in a word; whether it is as it should be; what was found (printf's
 * format); and what to do if it is not (NULL: nothing is wrong). */
void checklist_add(const char *what, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns whether nothing was wrong; in lines that is said in either of these words. */
bool checklist_end(const char *right, const char *not_right);

#endif

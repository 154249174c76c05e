/* SPDX-License-Identifier: MIT */
/* Collects figures and says what they come to, as a table in Markdown and as JSON (docs/performance.md). */
#ifndef REPORT_H
#define REPORT_H

#include "rows.h"

#include <stdbool.h>

/* From now on the table has this group, each row of which is to get figures. */
void report_begin(const char *group);

/* One round's figure for a row, and its peer's of the same round: any number if it has none. */
void report_add(enum row row, double ours, double peers);

/* A row that cannot have figures here, and why: no limit is missed by that. */
void report_excuse(enum row row, const char *why);

/* Prints the table, and writes the file, which says on what this was.  False if a limit is missed, or a row
 * has neither figures nor an excuse. */
bool report_end(const char *json_path, const char *architecture, const char *wine);

#endif

/* SPDX-License-Identifier: MIT */
/* THE table of what is measured; docs/performance.md says of each row how, and why it has its limit. */
#ifndef ROWS_H
#define ROWS_H

enum row
{
    ROW_BURST,
    ROW_BURST_SS,
    ROW_REST,
    ROW_FIRST_CONSOLE,
    ROW_FIRST_WINDOW,
    ROW_OUTSIDE_BURST,
    ROW_OUTSIDE_FIRST,
    ROW_PRIVILEGE,
    ROW_EXCHANGE,
    ROW_PASSED_CALL,
    ROW_LOAD,
    ROW_LOAD_AND_CALL,
    ROW_AMONG_1000,
    ROW_AMONG_20000,
    ROW_FLOOR_AMONG_1000,
    ROW_FLOOR_AMONG_20000,
    ROW_64_PROGRAMS,
    ROW_500_PROGRAMS,
    ROW_8_THREADS,
    ROW_ONE_PROCESSOR,
    ROW_IDLE_PROGRAM,
    ROW_IDLE_HELPER,
    ROW_IDLE_OUTSIDE,
    ROW_LINUX_LISTS,
    ROW_LINUX_CLOSES,
    ROW_WINDOWS_LISTS,
    ROW_WINDOWS_CLOSES,
    ROW_WINDOWS_CLOSES_EACH,
    ROWS,
};

#define NO_LIMIT (-1)

struct row_meaning
{
    const char *group;
    const char *what;
    const char *peer; /* NULL: none, and the limit is that of the figure itself */
    const char *unit;
    double limit;  /* of figure / peer's figure, at most; or NO_LIMIT */
    double margin; /* in the unit: so much more than the peer is never too much */
};

extern const struct row_meaning row_meanings[ROWS];

#endif

/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include <stddef.h>

const struct row_meaning row_meanings[ROWS] = {
    [ROW_BURST] = {"burst", "a drop", "floor + token", "us", 1, 0},
    [ROW_BURST_SS] = {"burst", "a drop", "one ss -K", "us", 1.0 / 15, 0},
    [ROW_REST] = {"rest", "a drop after 1 s", "floor + token after 1 s", "us", 4, 0},
    [ROW_FIRST_CONSOLE] = {"first", "console program", "it starts ss -K", "us", 1, 0},
    [ROW_FIRST_WINDOW] = {"first", "GUI program", "it starts ss -K", "us", 1, 0},
    [ROW_OUTSIDE_BURST] = {"outside", "a drop", "own helper", "us", NO_LIMIT, 0},
    [ROW_OUTSIDE_FIRST] = {"outside", "first, console program", "own helper", "us", NO_LIMIT, 0},
    [ROW_PRIVILEGE] = {"parts", "privilege check", "token", "us", NO_LIMIT, 0},
    [ROW_EXCHANGE] = {"parts", "exchange with the helper", "floor", "us", NO_LIMIT, 0},
    [ROW_PASSED_CALL] = {"passed-on", "a call", "the system's DLL", "ns", 1.05, 2},
    [ROW_LOAD] = {"passed-on", "load", "the system's DLL", "us", 1, 1000},
    [ROW_LOAD_AND_CALL] = {"passed-on", "load, call once", "the system's DLL", "us", NO_LIMIT, 0},
    [ROW_AMONG_1000] = {"growth", "a drop among 1,000", "among 10", "us", NO_LIMIT, 0},
    [ROW_AMONG_20000] = {"growth", "a drop among 20,000", "among 10", "us", 1.2, 0},
    [ROW_FLOOR_AMONG_1000] = {"growth", "floor among 1,000", "among 10", "us", NO_LIMIT, 0},
    [ROW_FLOOR_AMONG_20000] = {"growth", "floor among 20,000", "among 10", "us", NO_LIMIT, 0},
    [ROW_64_PROGRAMS] = {"programs", "a drop, 64 programs", "1 program", "us", NO_LIMIT, 0},
    [ROW_500_PROGRAMS] = {"programs", "a drop, 500 programs", "1 program", "us", NO_LIMIT, 0},
    [ROW_8_THREADS] = {"threads", "time for each drop, 8 threads", "1 thread", "us", 1, 0},
    [ROW_ONE_PROCESSOR] = {"processor", "a drop on one", "on all", "us", 3, 0},
    [ROW_IDLE_PROGRAM] = {"idle", "program, 10 s", NULL, "ns", 0, 0},
    [ROW_IDLE_HELPER] = {"idle", "helper, 10 s", NULL, "ns", 0, 0},
    [ROW_IDLE_OUTSIDE] = {"idle", "helper outside, 10 s", NULL, "ns", 0, 0},
    [ROW_LINUX_LISTS] = {"tcpdrop", "Linux: list 10,000", "ss", "ms", 1, 0},
    [ROW_LINUX_CLOSES] = {"tcpdrop", "Linux: close 5,000", "ss -K", "ms", 1, 0},
    [ROW_WINDOWS_LISTS] = {"tcpdrop", "Windows: list 10,000", "ss", "ms", NO_LIMIT, 0},
    [ROW_WINDOWS_CLOSES] = {"tcpdrop", "Windows: close 5,000", "ss -K", "ms", NO_LIMIT, 0},
    [ROW_WINDOWS_CLOSES_EACH] = {"tcpdrop", "Windows: close 5,000", "one ss -K each", "ms",
                                 1.0 / 20, 0},
};

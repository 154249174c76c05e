/* SPDX-License-Identifier: MIT */
/* What our programs for the command line have in common. */
#ifndef COMMAND_LINE_H
#define COMMAND_LINE_H

#include <stddef.h> /* wchar_t */

/* Options by getopt_long have no letters: their numbers begin here. */
#define COMMAND_LINE_OPTIONS 0x100

/* The argument that getopt_long has just returned '?' for. */
const char *command_line_bad_option(char *const argv[]);

/* ---- of Windows programs: command_line_windows.c ---- */

/* A program's wmain: run has the arguments in UTF-8, and prints UTF-8. Returns its exit status. */
int command_line_main(const char *program, int argc, wchar_t *const wide[],
                      int (*run)(int argc, char *argv[]));

/* Of the program, and of the DLL that it uses. */
void command_line_print_version(const char *program);

#endif

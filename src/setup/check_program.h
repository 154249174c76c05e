/* SPDX-License-Identifier: MIT */
/*
 * What does a program that asks for iphlpapi.dll get, and does ours reach the system's? All as the program
 * itself would find it (probe.h): files and registry only explain why it does not get ours.
 */
#ifndef CHECK_PROGRAM_H
#define CHECK_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Adds to the checklist: what kind of program it is, what it gets, and perhaps a trial with that. */
void check_program(const wchar_t *program, bool with_trial);

/* The same of programs that have none beside them, for each architecture that the system has folders for. */
void check_all_programs(void);

#endif

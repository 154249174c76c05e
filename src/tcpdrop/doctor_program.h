/* SPDX-License-Identifier: MIT */
/* The part of doctor that is about a program that asks for iphlpapi.dll. */
#ifndef DOCTOR_PROGRAM_H
#define DOCTOR_PROGRAM_H

/* What kind of program it is, which DLL it gets, whether that reaches the system's, and a trial with it: all
 * as the program itself would find it.  Files and registry only explain why it does not get ours. */
void doctor_check_program(const char *program);

#endif

/* SPDX-License-Identifier: MIT */
/* The part of doctor that is about a program that asks for iphlpapi.dll. */
#ifndef DOCTOR_PROGRAM_H
#define DOCTOR_PROGRAM_H

/* Its architecture, the DLL beside it, under Wine the override that is in force for its name, and the
 * system's DLL. */
void doctor_check_program(const char *program);

#endif

/* SPDX-License-Identifier: MIT */
/* A trial: a connection of our own to 127.0.0.1 is opened, and a SetTcpEntry is asked to close it. */
#ifndef TRIAL_H
#define TRIAL_H

#include <winsock2.h>

#include <iphlpapi.h>

typedef DWORD(WINAPI *set_tcp_entry_func)(PMIB_TCPROW row);

/* The same in programs of every architecture. */
struct trial
{
    DWORD network_error; /* Winsock's: no connection could be made, and nothing was tried; else 0 */
    DWORD code;          /* what SetTcpEntry returned */
    DWORD last_error;    /* what GetLastError() said then; 0 where the code is */
    DWORD lives;         /* is the connection usable afterwards? */
    DWORD exception;     /* instead of all that: SetTcpEntry raised it; else 0 */
};

struct trial trial_make(set_tcp_entry_func set_tcp_entry);

/* Adds it to the checklist under this name. The remedy is for a SetTcpEntry that returned 0 and closed
 * nothing. */
void trial_judge(const char *what, const struct trial *trial, const char *remedy);

#endif

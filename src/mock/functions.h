/* SPDX-License-Identifier: MIT */
/* What the mock's DLLs export in place of the functions of the same names. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "settcpentry.h"

DWORD WINAPI mock_SetTcpEntry(PMIB_TCPROW pTcpRow);
DWORD WINAPI mock_SetTcp6Entry(PMIB_TCP6ROW pTcp6Row);
DWORD WINAPI mock_SetTcpEntryVersion(void);

#endif

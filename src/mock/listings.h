/* SPDX-License-Identifier: MIT */
/* The mock of iphlpapi.dll only: the system's functions that the script answers. */
#ifndef LISTINGS_H
#define LISTINGS_H

#include <winsock2.h>

#include <windef.h>

#include <winbase.h>

/* What stands in for a function of the system's by this name; NULL where nothing does. */
FARPROC listings_find(const char *name);

#endif

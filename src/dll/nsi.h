/* SPDX-License-Identifier: MIT */
/* Closing an IPv6 connection through nsi.dll, the layer below iphlpapi.dll since Vista. */
#ifndef NSI_H
#define NSI_H

#include "../common/connection.h"

#include <windef.h>

/*
 * The layer's own answer: 0, ERROR_ACCESS_DENIED, ERROR_NOT_FOUND, ...; ERROR_MOD_NOT_FOUND or
 * ERROR_PROC_NOT_FOUND where there is no such layer, before Vista.  Microsoft does not document it;
 * docs/design.md says what this rests on.
 * Not for Wine, whose function of this name raises an exception.
 */
DWORD nsi_close_ipv6(const struct connection *connection);

#endif

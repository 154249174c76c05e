/* SPDX-License-Identifier: MIT */
/* For the examples: an IPv4 connection and what came of closing it, in words. */
#ifndef TEXT_H
#define TEXT_H

#include "settcpentry.h"

#include <stdlib.h>
#include <string.h>

/* "127.0.0.1:80" to an address and a port in network byte order; 0 if it is something else. */
static inline int parse(const char *text, DWORD *address_out, DWORD *port_out)
{
    char address[16];
    char *end;
    const char *colon = strchr(text, ':');
    unsigned long port;

    if (!colon || (size_t)(colon - text) >= sizeof(address) || colon[1] < '0' || colon[1] > '9') {
        return 0;
    }
    memcpy(address, text, (size_t)(colon - text));
    address[colon - text] = 0;
    port = strtoul(colon + 1, &end, 10);
    *address_out = inet_addr(address);
    *port_out = htons((u_short)port);
    return *end == 0 && port <= 0xFFFF && strchr(address, '.') &&
           (*address_out != INADDR_NONE || strcmp(address, "255.255.255.255") == 0);
}

/* FormatMessage has nothing useful for 317, and cannot know what LastError adds. */
static inline const char *sentence(DWORD code, DWORD last_error)
{
    switch (code) {
    case NO_ERROR:
        return "the connection is closed";
    case ERROR_ACCESS_DENIED:
        return last_error == ERROR_PRIVILEGE_NOT_HELD
                   ? "settcpentry-host lacks the capability CAP_NET_ADMIN"
                   : "you are not an administrator, or the connection is another user's";
    case ERROR_INVALID_PARAMETER:
        return "the row is not a request to delete a connection";
    case ERROR_NOT_SUPPORTED:
        return "there is no IPv4 here, or nothing that can close its connections";
    case ERROR_MR_MID_NOT_FOUND:
        return last_error == ERROR_ELEVATION_REQUIRED ? "run this program as administrator"
                                                      : "there is no such connection";
    default:
        return "see docs/return-codes.md";
    }
}

#endif

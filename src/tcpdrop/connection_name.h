/* SPDX-License-Identifier: MIT */
/* Pure: which connection the arguments of the command line name. */
#ifndef CONNECTION_NAME_H
#define CONNECTION_NAME_H

#include <stdbool.h>
#include <stdint.h>

struct connection_end
{
    uint8_t address[16]; /* network byte order; IPv4 in the first 4 bytes, the rest 0 */
    uint16_t port;       /* network byte order */
    uint32_t scope_id;   /* IPv6: after the %, else 0 */
};

struct connection_name
{
    bool is_ipv6;
    struct connection_end local;
    struct connection_end remote;
};

/*
 * Four arguments as tcpdrop of the BSDs has them, LADDR LPORT FADDR FPORT; or two as netstat prints
 * them, LADDR:LPORT FADDR:FPORT, with IPv6 addresses in brackets, or without where that is clear.
 * Addresses and ports are numeric, scopes too.  Returns NULL; or what is wrong, and in bad_out the
 * index of the argument in which, or count if it is their number.
 */
const char *connection_name_read(int count, char *const arguments[],
                                 struct connection_name *name_out, int *bad_out);

#endif

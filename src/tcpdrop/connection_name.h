/* SPDX-License-Identifier: MIT */
/* Pure: which connection the arguments of the command line name. */
#ifndef CONNECTION_NAME_H
#define CONNECTION_NAME_H

#include "../common/connection.h"

/*
 * Four arguments as tcpdrop of the BSDs has them, LADDR LPORT FADDR FPORT; or two as netstat prints
 * them, LADDR:LPORT FADDR:FPORT, with IPv6 addresses in brackets, or without where that is clear.
 * Addresses and ports are numeric, scopes too.  Returns NULL; or what is wrong, and in bad_out the
 * index of the argument in which, or count if it is their number.
 */
const char *connection_name_read(int count, char *const arguments[],
                                 struct connection *connection_out, int *bad_out);

#endif

/* SPDX-License-Identifier: MIT */
/* Pure: which connection the arguments of the command line name. */
#ifndef CONNECTION_NAME_H
#define CONNECTION_NAME_H

#include "../common/connection.h"

/*
 * Any of these, in one argument or in several, as the shell has cut them:
 *   LADDR LPORT FADDR FPORT            as tcpdrop of the BSDs has it
 *   LADDR:LPORT FADDR:FPORT            as netstat prints them
 *   either with -> in the middle       with or without blanks
 *   a whole line that has these two    of netstat, ss, lsof, or of ours: one with a word for the protocol (tcp, TCP,
 *                                      tcp4, tcp6), or a state.  Other words in it do not matter, but exactly two have
 *                                      to be an end, ADDRESS:PORT, next to each other.
 * IPv6 addresses stand in brackets before a port; in a whole line they need not.  "localhost" is 127.0.0.1, or ::1 if
 * the other end is IPv6.  An interface that ss has put behind an address counts only if it is a number.
 *
 * Returns NULL; or what is wrong, as a sentence goes on, and in bad_out the index of the argument in which, or count if
 * that is none.  Wrong are also: a line of a listener, one of another protocol, and one with an IPv6 address that
 * netstat may have cut to the width of its column, as that can be another address.
 */
const char *connection_name_read(int count, char *const arguments[],
                                 struct connection *connection_out, int *bad_out);

#endif

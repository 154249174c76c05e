/* SPDX-License-Identifier: MIT */
/*
 * Pure: ends of connections as people write them, and as we write them.
 *
 * A function that reads returns NULL, or what is wrong with the text, as a sentence goes on after it
 * ("'1.2.3' is no IPv4 or IPv6 address").
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "../common/connection.h"

#include <stdbool.h>
#include <stddef.h>

enum
{
    ENDPOINT_CHARS = 80, /* of the longest that is written: [address%scope]:port */
};

/* A decimal number, digits only, of at most `most`. */
bool endpoint_read_number(const char *text, uint32_t most, uint32_t *number_out);

/* A port, 1 to 65535; in network byte order. */
const char *endpoint_read_port(const char *text, uint16_t *port_out);

/*
 * The address in the first `length` bytes, IPv4, or IPv6 in brackets or not.  A "%N" behind IPv6 is its scope, which
 * counts for link-local addresses only.  family_out is one of enum connection_family: a mapped IPv6 address
 * (::ffff:a.b.c.d) is read as IPv4.  end_out's port is 0.
 */
const char *endpoint_read_address(const char *text, size_t length, uint32_t *family_out,
                                  struct connection_end *end_out);

/* Is it "localhost", in any case?  That is 127.0.0.1 or ::1, without a port. */
bool endpoint_is_localhost(const char *text, size_t length);
struct connection_end endpoint_localhost(uint32_t family);

/* Makes an IPv4 end of an IPv6 end that is a mapped one; leaves others alone. */
void endpoint_unmap(uint32_t *family, struct connection_end *end);

/* Is it an IPv6 address of fe80::/10, one with a scope? */
bool endpoint_is_link_local(uint32_t family, const struct connection_end *end);

/* In host byte order. */
uint16_t endpoint_port(const struct connection_end *end);

/* "1.2.3.4", "::1", "fe80::1%2"; and with the port, "1.2.3.4:80", "[fe80::1%2]:80".  They return text_out. */
const char *endpoint_write_address(uint32_t family, const struct connection_end *end,
                                   char text_out[ENDPOINT_CHARS]);
const char *endpoint_write(uint32_t family, const struct connection_end *end,
                           char text_out[ENDPOINT_CHARS]);

#endif

/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#ifdef _WIN32
#include <winsock2.h>

#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#endif

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum
{
    ADDRESS_CHARS = 64, /* of the longest, with a scope: some 57 */
    NUMBER_DIGITS = 10, /* at most, so that no number overflows */
};

struct written
{
    char address[46]; /* as many as every inet_ntop wants */
    char scope[12];
};

/* Unlike strtoul, which also takes blanks and signs. */
bool endpoint_read_number(const char *text, uint32_t most, uint32_t *number_out)
{
    uint64_t number = 0;

    if (*text == 0 || strlen(text) > NUMBER_DIGITS) {
        return false;
    }
    for (; *text; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(*text - '0');
    }
    *number_out = (uint32_t)number;
    return number <= most;
}

const char *endpoint_read_port(const char *text, uint16_t *port_out)
{
    uint32_t port;

    if (!endpoint_read_number(text, 0xFFFF, &port) || port == 0) {
        return "is no port: a number from 1 to 65535";
    }
    *port_out = htons((uint16_t)port);
    return NULL;
}

/* Cuts "%scope" off, if there is one. */
static const char *read_scope(char *address, uint32_t *scope_id_out)
{
    char *percent = strchr(address, '%');

    if (percent) {
        *percent = 0;
        if (!endpoint_read_number(percent + 1, UINT32_MAX, scope_id_out)) {
            return "has no numeric scope after the %";
        }
    }
    return NULL;
}

static const char *read_ipv6(char *address, uint32_t *family_out, struct connection_end *end_out)
{
    const char *wrong = read_scope(address, &end_out->scope_id);

    if (wrong) {
        return wrong;
    }
    if (inet_pton(AF_INET6, address, end_out->address) != 1) {
        return "is no IPv4 or IPv6 address";
    }
    *family_out = CONNECTION_IPV6;
    if (!endpoint_is_link_local(CONNECTION_IPV6, end_out)) {
        end_out->scope_id = 0;
    }
    endpoint_unmap(family_out, end_out);
    return NULL;
}

const char *endpoint_read_address(const char *text, size_t length, uint32_t *family_out,
                                  struct connection_end *end_out)
{
    const bool in_brackets = length >= 2 && text[0] == '[' && text[length - 1] == ']';
    char address[ADDRESS_CHARS];

    memset(end_out, 0, sizeof(*end_out));
    if (in_brackets) {
        text++;
        length -= 2;
    }
    if (length >= sizeof(address)) {
        return "is no IPv4 or IPv6 address";
    }
    memcpy(address, text, length);
    address[length] = 0;
    if (inet_pton(AF_INET, address, end_out->address) == 1) {
        *family_out = CONNECTION_IPV4;
        return in_brackets ? "has an IPv4 address in brackets" : NULL;
    }
    return read_ipv6(address, family_out, end_out);
}

bool endpoint_is_localhost(const char *text, size_t length)
{
    static const char name[] = "localhost";

    return length == sizeof(name) - 1 && strncasecmp(text, name, length) == 0;
}

struct connection_end endpoint_localhost(uint32_t family)
{
    static const struct connection_end ipv4 = {.address = {127, 0, 0, 1}};
    static const struct connection_end ipv6 = {.address = {[15] = 1}};

    return family == CONNECTION_IPV4 ? ipv4 : ipv6;
}

void endpoint_unmap(uint32_t *family, struct connection_end *end)
{
    const struct connection mapped = {*end, *end, *family};
    const struct connection connection = connection_unmapped(&mapped);

    *family = connection.family;
    *end = connection.local;
}

bool endpoint_is_link_local(uint32_t family, const struct connection_end *end)
{
    return family == CONNECTION_IPV6 && end->address[0] == 0xFE && (end->address[1] & 0xC0) == 0x80;
}

uint16_t endpoint_port(const struct connection_end *end)
{
    return ntohs(end->port);
}

static struct written write_parts(uint32_t family, const struct connection_end *end)
{
    struct written written = {.scope = ""};

    inet_ntop(family == CONNECTION_IPV6 ? AF_INET6 : AF_INET, end->address, written.address,
              sizeof(written.address));
    if (end->scope_id != 0 && endpoint_is_link_local(family, end)) {
        snprintf(written.scope, sizeof(written.scope), "%%%lu", (unsigned long)end->scope_id);
    }
    return written;
}

const char *endpoint_write_address(uint32_t family, const struct connection_end *end,
                                   char text_out[ENDPOINT_CHARS])
{
    const struct written written = write_parts(family, end);

    snprintf(text_out, ENDPOINT_CHARS, "%s%s", written.address, written.scope);
    return text_out;
}

const char *endpoint_write(uint32_t family, const struct connection_end *end,
                           char text_out[ENDPOINT_CHARS])
{
    const struct written written = write_parts(family, end);

    snprintf(text_out, ENDPOINT_CHARS, family == CONNECTION_IPV6 ? "[%s%s]:%u" : "%s%s:%u",
             written.address, written.scope, (unsigned)endpoint_port(end));
    return text_out;
}

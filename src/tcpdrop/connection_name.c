/* SPDX-License-Identifier: MIT */
#include "connection_name.h"

#ifdef _WIN32
#include <winsock2.h>

#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#endif

#include <stdbool.h>
#include <string.h>

enum
{
    ADDRESS_CHARS = 64, /* of the longest, with a scope: some 57 */
};

/* Decimal digits only, unlike strtoul, which also takes blanks and signs. */
static bool read_number(const char *text, uint32_t most, uint32_t *number_out)
{
    uint64_t number = 0;

    if (*text == 0 || strlen(text) > 10) {
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

static const char *read_port(const char *text, struct connection_end *end_out)
{
    uint32_t port;

    if (!read_number(text, 0xFFFF, &port) || port == 0) {
        return "is no port: 1 to 65535";
    }
    end_out->port = htons((uint16_t)port);
    return NULL;
}

/* Cuts "%scope" off, if there is one. */
static const char *read_scope(char *address, uint32_t *scope_id_out)
{
    char *percent = strchr(address, '%');

    if (percent) {
        *percent = 0;
        if (!read_number(percent + 1, UINT32_MAX, scope_id_out)) {
            return "has no numeric scope after the %";
        }
    }
    return NULL;
}

static const char *read_address(const char *text, size_t length, bool *is_ipv6_out,
                                struct connection_end *end_out)
{
    static const char no_address[] = "is no IPv4 or IPv6 address";
    char address[ADDRESS_CHARS];
    const char *wrong;

    if (length >= sizeof(address)) {
        return no_address;
    }
    memcpy(address, text, length);
    address[length] = 0;
    if (inet_pton(AF_INET, address, end_out->address) == 1) {
        *is_ipv6_out = false;
        return NULL;
    }
    wrong = read_scope(address, &end_out->scope_id);
    if (wrong) {
        return wrong;
    }
    *is_ipv6_out = true;
    return inet_pton(AF_INET6, address, end_out->address) == 1 ? NULL : no_address;
}

/* An address by itself may stand in brackets, too. */
static const char *read_lone_address(const char *text, bool *is_ipv6_out,
                                     struct connection_end *end_out)
{
    const size_t length = strlen(text);

    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        const char *wrong = read_address(text + 1, length - 2, is_ipv6_out, end_out);

        return !wrong && !*is_ipv6_out ? "has an IPv4 address in brackets" : wrong;
    }
    return read_address(text, length, is_ipv6_out, end_out);
}

/* "1.2.3.4:80", "[::1]:80"; of "::1:80" nobody could tell what is the port. */
static const char *read_address_and_port(const char *text, bool *is_ipv6_out,
                                         struct connection_end *end_out)
{
    char address[ADDRESS_CHARS];
    const char *colon = strrchr(text, ':');
    const char *wrong;

    if (!colon || colon[1] == 0) {
        return "has no :PORT";
    }
    if ((size_t)(colon - text) >= sizeof(address)) {
        return "is no IPv4 or IPv6 address";
    }
    memcpy(address, text, (size_t)(colon - text));
    address[colon - text] = 0;
    wrong = read_lone_address(address, is_ipv6_out, end_out);
    if (!wrong && *is_ipv6_out && address[0] != '[') {
        return "has an IPv6 address that is not in brackets";
    }
    return wrong ? wrong : read_port(colon + 1, end_out);
}

static const char *read_pair(char *const arguments[], struct connection_end *end_out,
                             bool *is_ipv6_out, int *bad_out)
{
    const char *wrong = read_lone_address(arguments[0], is_ipv6_out, end_out);

    if (!wrong) {
        wrong = read_port(arguments[1], end_out);
        ++*bad_out;
    }
    return wrong;
}

const char *connection_name_read(int count, char *const arguments[],
                                 struct connection *connection_out, int *bad_out)
{
    const int step = count / 2;
    struct connection_end *const ends[] = {&connection_out->local, &connection_out->remote};
    bool is_ipv6[2] = {false, false};
    const char *wrong;

    memset(connection_out, 0, sizeof(*connection_out));
    *bad_out = count;
    if (count != 2 && count != 4) {
        return "wants LADDR LPORT FADDR FPORT, or LADDR:LPORT FADDR:FPORT";
    }
    for (int i = 0; i < 2; i++) {
        const size_t first = (size_t)i * (size_t)step;

        *bad_out = (int)first;
        wrong = count == 2 ? read_address_and_port(arguments[i], &is_ipv6[i], ends[i])
                           : read_pair(&arguments[first], ends[i], &is_ipv6[i], bad_out);
        if (wrong) {
            return wrong;
        }
    }
    *bad_out = step;
    connection_out->family = is_ipv6[0] ? CONNECTION_IPV6 : CONNECTION_IPV4;
    return is_ipv6[0] == is_ipv6[1] ? NULL : "is of another family than the local address";
}

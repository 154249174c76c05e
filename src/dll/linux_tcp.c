/* SPDX-License-Identifier: MIT */
#include "linux_tcp.h"

#include "linux_list.h"

enum
{
    IPV4_WORDS = 1, /* of 32 bits, in an address */
    IPV6_WORDS = 4,
    PORT_CHARS = 6, /* ":1F90 " */
};

/* "0100007F:1F90 0100007F:C350 ", as the list has both ends of a connection: an address's words as
 * they lie in memory, read as numbers, and the port in host order. */
struct ends
{
    char text[2 * (8 * IPV6_WORDS + PORT_CHARS)];
    DWORD length;
};

static void add(struct ends *ends, char c)
{
    ends->text[ends->length++] = c;
}

static void add_number(struct ends *ends, DWORD number, DWORD digits)
{
    while (digits-- > 0) {
        add(ends, "0123456789ABCDEF"[number >> 4 * digits & 0xF]);
    }
}

static void add_end(struct ends *ends, const struct connection_end *end, DWORD words)
{
    for (DWORD i = 0; i < words; i++) {
        DWORD word;

        __builtin_memcpy(&word, end->address + i * sizeof(word), sizeof(word));
        add_number(ends, word, 8);
    }
    add(ends, ':');
    add_number(ends, (WORD)(end->port << 8 | end->port >> 8), 4);
    add(ends, ' ');
}

/* "   0: 0100007F:1F90 0100007F:C350 01 ..."; the last of these is the state. */
static bool is_connection(const void *wanted, const char *line, DWORD length)
{
    static const char before_ends[] = ": ";
    static const char listen[] = "0A";
    const struct ends *ends = wanted;
    DWORD at = 0;

    while (at < length && line[at] != before_ends[0]) {
        at++;
    }
    at += sizeof(before_ends) - 1;
    if (at + ends->length + sizeof(listen) - 1 > length) {
        return false;
    }
    for (DWORD i = 0; i < ends->length; i++, at++) {
        if (line[at] != ends->text[i]) {
            return false;
        }
    }
    return line[at] != listen[0] || line[at + 1] != listen[1];
}

static enum linux_listed look(const struct connection *connection)
{
    const bool is_ipv4 = connection->family == CONNECTION_IPV4;
    const DWORD words = is_ipv4 ? IPV4_WORDS : IPV6_WORDS;
    struct ends ends = {.length = 0};

    add_end(&ends, &connection->local, words);
    add_end(&ends, &connection->remote, words);
    return linux_list_look(is_ipv4 ? L"/proc/net/tcp" : L"/proc/net/tcp6", is_connection, &ends);
}

static enum linux_tcp_presence presence(enum linux_listed listed)
{
    switch (listed) {
    case LINUX_LISTED:
        return LINUX_TCP_PRESENT;
    case LINUX_NOT_LISTED:
        return LINUX_TCP_ABSENT;
    default:
        return LINUX_TCP_UNKNOWN;
    }
}

enum linux_tcp_presence linux_tcp_look(const struct connection *connection)
{
    const enum linux_listed listed = look(connection);
    struct connection mapped;
    enum linux_listed over_ipv6;

    if (listed != LINUX_NOT_LISTED || connection->family != CONNECTION_IPV4) {
        return presence(listed);
    }
    mapped = connection_mapped(connection);
    over_ipv6 = look(&mapped);
    /* A Linux without IPv6 has no such list. */
    return over_ipv6 == LINUX_NO_LIST ? LINUX_TCP_ABSENT : presence(over_ipv6);
}

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

static void add_end(struct ends *ends, const void *address, DWORD words, DWORD port)
{
    const WORD network_order = tcp_row_port(port);

    for (DWORD i = 0; i < words; i++) {
        DWORD word;

        __builtin_memcpy(&word, (const BYTE *)address + i * sizeof(word), sizeof(word));
        add_number(ends, word, 8);
    }
    add(ends, ':');
    add_number(ends, (WORD)(network_order << 8 | network_order >> 8), 4);
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

static enum linux_listed look(const WCHAR *list, const void *local, DWORD local_port,
                              const void *remote, DWORD remote_port, DWORD words)
{
    struct ends ends = {.length = 0};

    add_end(&ends, local, words, local_port);
    add_end(&ends, remote, words, remote_port);
    return linux_list_look(list, is_connection, &ends);
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

static enum linux_listed look_ipv6(const MIB_TCP6ROW *row)
{
    return look(L"/proc/net/tcp6", &row->LocalAddr, row->dwLocalPort, &row->RemoteAddr,
                row->dwRemotePort, IPV6_WORDS);
}

static IN6_ADDR mapped(DWORD address)
{
    IN6_ADDR result = {.u.Byte = {[10] = 0xFF, [11] = 0xFF}};

    __builtin_memcpy(&result.u.Byte[12], &address, sizeof(address));
    return result;
}

static enum linux_listed look_mapped(const MIB_TCPROW *row)
{
    const MIB_TCP6ROW over_ipv6 = {
        .LocalAddr = mapped(row->dwLocalAddr),
        .dwLocalPort = row->dwLocalPort,
        .RemoteAddr = mapped(row->dwRemoteAddr),
        .dwRemotePort = row->dwRemotePort,
    };

    return look_ipv6(&over_ipv6);
}

enum linux_tcp_presence linux_tcp_look(const MIB_TCPROW *wanted)
{
    const enum linux_listed listed =
        look(L"/proc/net/tcp", &wanted->dwLocalAddr, wanted->dwLocalPort, &wanted->dwRemoteAddr,
             wanted->dwRemotePort, IPV4_WORDS);
    enum linux_listed over_ipv6;

    if (listed != LINUX_NOT_LISTED) {
        return presence(listed);
    }
    over_ipv6 = look_mapped(wanted);
    /* A Linux without IPv6 has no such list. */
    return over_ipv6 == LINUX_NO_LIST ? LINUX_TCP_ABSENT : presence(over_ipv6);
}

enum linux_tcp_presence linux_tcp6_look(const MIB_TCP6ROW *wanted)
{
    return presence(look_ipv6(wanted));
}

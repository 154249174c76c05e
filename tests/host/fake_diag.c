/* SPDX-License-Identifier: MIT */
#include "fake_diag.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

struct fake_diag fake_diag;

int diag_open(void)
{
    return 0;
}

static bool is_mapped(const uint8_t ipv6[16], const uint8_t ipv4[4])
{
    static const uint8_t prefix[12] = {[10] = 0xFF, [11] = 0xFF};

    return memcmp(ipv6, prefix, 12) == 0 && memcmp(ipv6 + 12, ipv4, 4) == 0;
}

static bool addresses_match(const struct connection *meant, const struct diag_socket *socket)
{
    if (meant->family == CONNECTION_IPV4 && socket->connection.family == CONNECTION_IPV6) {
        return is_mapped(socket->connection.local.address, meant->local.address) &&
               is_mapped(socket->connection.remote.address, meant->remote.address);
    }
    if (meant->family == CONNECTION_IPV6 && socket->connection.family == CONNECTION_IPV4) {
        return is_mapped(meant->local.address, socket->connection.local.address) &&
               is_mapped(meant->remote.address, socket->connection.remote.address);
    }
    return memcmp(meant->local.address, socket->connection.local.address, 16) == 0 &&
           memcmp(meant->remote.address, socket->connection.remote.address, 16) == 0;
}

static bool matches(const struct connection *meant, uint32_t interface,
                    const struct diag_socket *socket)
{
    if (socket->interface != 0 && socket->interface != interface) {
        return false;
    }
    if (socket->state == TCP_LISTEN) {
        return socket->connection.local.port == meant->local.port;
    }
    return socket->connection.local.port == meant->local.port &&
           socket->connection.remote.port == meant->remote.port && addresses_match(meant, socket);
}

int diag_find(const struct connection *meant, uint32_t interface, struct diag_socket *socket_out)
{
    if (fake_diag.find_error != 0) {
        return fake_diag.find_error;
    }
    if (fake_diag.lies) {
        *socket_out = fake_diag.sockets[0];
        return 0;
    }
    for (int listeners = 0; listeners < 2; listeners++) {
        for (size_t i = 0; i < fake_diag.count; i++) {
            const struct diag_socket *socket = &fake_diag.sockets[i];

            if (!fake_diag.destroyed[i] && (socket->state == TCP_LISTEN) == listeners &&
                matches(meant, interface, socket)) {
                *socket_out = *socket;
                if (fake_diag.becomes_listener) {
                    fake_diag.sockets[0].state = TCP_LISTEN;
                }
                return 0;
            }
        }
    }
    return ENOENT;
}

int diag_destroy(const struct connection *meant, const struct diag_socket *socket)
{
    (void)meant;
    if (fake_diag.destroy_error != 0 || fake_diag.vain_destroys > 0) {
        fake_diag.vain_destroys--;
        return fake_diag.destroy_error;
    }
    for (size_t i = 0; i < fake_diag.count; i++) {
        if (!fake_diag.destroyed[i] &&
            memcmp(fake_diag.sockets[i].cookie, socket->cookie, sizeof(socket->cookie)) == 0) {
            fake_diag.destroyed[i] = true;
            return 0;
        }
    }
    return ENOENT;
}

int diag_probe(uint32_t family)
{
    (void)family;
    fake_diag.probes++;
    return fake_diag.probe_error;
}

bool diag_may_spare_orphans(void)
{
    return fake_diag.may_spare_orphans;
}

uint32_t diag_unknown_owner(void)
{
    return FAKE_UNKNOWN_OWNER;
}

size_t diag_interfaces(uint32_t *indexes_out, size_t room)
{
    size_t count = 0;

    while (count < room && count < fake_diag.interface_count) {
        indexes_out[count] = fake_diag.interfaces[count];
        count++;
    }
    return count;
}

uint32_t diag_socket_inode(void)
{
    return FAKE_INODE;
}

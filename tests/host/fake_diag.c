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

static bool addresses_match(const struct diag_key *key, const struct diag_socket *socket)
{
    if (key->family == AF_INET && socket->key.family == AF_INET6) {
        return is_mapped(socket->key.local, key->local) &&
               is_mapped(socket->key.remote, key->remote);
    }
    if (key->family == AF_INET6 && socket->key.family == AF_INET) {
        return is_mapped(key->local, socket->key.local) &&
               is_mapped(key->remote, socket->key.remote);
    }
    return memcmp(key->local, socket->key.local, 16) == 0 &&
           memcmp(key->remote, socket->key.remote, 16) == 0;
}

static bool matches(const struct diag_key *key, uint32_t interface,
                    const struct diag_socket *socket)
{
    if (socket->interface != 0 && socket->interface != interface) {
        return false;
    }
    if (socket->state == TCP_LISTEN) {
        return socket->key.local_port == key->local_port;
    }
    return socket->key.local_port == key->local_port &&
           socket->key.remote_port == key->remote_port && addresses_match(key, socket);
}

int diag_find(const struct diag_key *key, uint32_t interface, struct diag_socket *socket_out)
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
                matches(key, interface, socket)) {
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

int diag_destroy(const struct diag_key *key, const struct diag_socket *socket)
{
    (void)key;
    if (fake_diag.destroy_error != 0 || fake_diag.destroys_nothing) {
        return fake_diag.destroy_error;
    }
    for (size_t i = 0; i < fake_diag.count; i++) {
        if (memcmp(fake_diag.sockets[i].cookie, socket->cookie, sizeof(socket->cookie)) == 0) {
            fake_diag.destroyed[i] = true;
            return 0;
        }
    }
    return ENOENT;
}

int diag_probe(uint8_t family)
{
    (void)family;
    fake_diag.probes++;
    return fake_diag.probe_error;
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

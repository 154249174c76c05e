/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include "endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    END_CHARS = 320, /* of the longest: a host's name, 253, and ports */
    IPV4_BITS = 32,
    IPV6_BITS = 128,
    MAPPED_BITS = IPV6_BITS - IPV4_BITS, /* of ::ffff:0:0 */
};

/* Room for one more of this size; or the end of the program. */
static void *grow(void *all, size_t count, size_t size)
{
    void *more = realloc(all, (count + 1) * size);

    if (!more) {
        fputs("tcpdrop: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return more;
}

/* ---- the parts of an end ---- */

/* What stands where in an end's text; NULL where it has no such part. */
struct parts
{
    bool in_brackets;
    const char *host;
    const char *bits;
    char *ports;
};

/* Takes a copy of the text apart. */
static const char *cut(char *text, struct parts *parts_out)
{
    char *bracket = *text == '[' ? strchr(text, ']') : NULL;
    char *colon = strchr(bracket ? bracket : text, ':');
    char *slash;

    if (*text == '[' && !bracket) {
        return "has a [ without a ]";
    }
    if (bracket && bracket[1] != 0 && bracket[1] != '/' && bracket[1] != ':') {
        return "has neither /BITS nor :PORT after its ]";
    }
    if (!bracket && colon && strchr(colon + 1, ':')) {
        colon = NULL; /* one of many, in an IPv6 address */
    }
    if (colon) {
        *colon++ = 0;
    }
    if (bracket) {
        memmove(bracket, bracket + 1, strlen(bracket));
    }
    slash = strchr(text, '/');
    if (slash) {
        *slash++ = 0;
    }
    *parts_out = (struct parts){bracket != NULL, bracket ? text + 1 : text, slash, colon};
    return NULL;
}

static bool read_port(const char *text, uint16_t *port_out)
{
    uint32_t port;

    if (!endpoint_read_number(text, UINT16_MAX, &port) || port == 0) {
        return false;
    }
    *port_out = (uint16_t)port;
    return true;
}

static const char *read_ports(char *text, struct filter_end *end_out)
{
    char *dash = strchr(text, '-');

    if (dash) {
        *dash++ = 0;
    }
    if (!read_port(text, &end_out->port_low) ||
        !read_port(dash ? dash : text, &end_out->port_high)) {
        return "ends in no port, nor in a range of ports: numbers from 1 to 65535";
    }
    return end_out->port_low <= end_out->port_high ? NULL : "has an empty range of ports";
}

/* ---- adding ends ---- */

static void add_end(struct filter_ends *ends, const struct filter_end *end)
{
    ends->all = grow(ends->all, ends->count, sizeof(*ends->all));
    ends->all[ends->count++] = *end;
}

/* To which end's ports addresses are added. */
struct taker
{
    struct filter_ends *ends;
    struct filter_end end;
};

static void add_network(const struct taker *taker, uint32_t family,
                        const struct connection_end *address, uint32_t bits)
{
    struct filter_end end = taker->end;

    end.family = family;
    memcpy(end.address, address->address, sizeof(end.address));
    end.bits = bits;
    end.scope_id = address->scope_id;
    add_end(taker->ends, &end);
}

/* A filter_take_func. */
static void add_address(void *taker, uint32_t family, const struct connection_end *end)
{
    struct connection_end address = *end;

    endpoint_unmap(&family, &address);
    add_network(taker, family, &address, family == CONNECTION_IPV4 ? IPV4_BITS : IPV6_BITS);
}

/* Of mapped IPv6 the bits were counted from its beginning. */
static const char *add_addresses(const struct taker *taker, const struct parts *parts,
                                 uint32_t family, const struct connection_end *address)
{
    const bool is_written_as_ipv6 = strchr(parts->host, ':') != NULL;
    const bool is_mapped = is_written_as_ipv6 && family == CONNECTION_IPV4;
    const uint32_t most = is_written_as_ipv6 ? IPV6_BITS : IPV4_BITS;
    const struct connection_end mapped = connection_end_mapped(address);
    uint32_t bits = most;

    if (parts->bits && !endpoint_read_number(parts->bits, UINT32_MAX, &bits)) {
        return "has no number of bits after the /";
    }
    if (bits > most) {
        return is_written_as_ipv6 ? "has more bits after the / than the 128 of IPv6"
                                  : "has more bits after the / than the 32 of IPv4";
    }
    if (is_mapped && bits < MAPPED_BITS) {
        add_network(taker, CONNECTION_IPV6, &mapped, bits);
    } else {
        add_network(taker, family, address, is_mapped ? bits - MAPPED_BITS : bits);
    }
    return NULL;
}

static bool is_of_host_name(char c)
{
    const char folded = (char)(c | 0x20);

    return (unsigned char)c >= 0x80 || strchr("-._0123456789", c) ||
           (folded >= 'a' && folded <= 'z');
}

/* Not a number in the end: what looks names up takes 127.1 for an address, and 0x7F.1. */
static bool is_host_name(const char *host)
{
    const size_t length = strlen(host);
    const char *end = host + length - (length > 0 && host[length - 1] == '.');
    const char *label = end;
    char *end_of_number;

    for (const char *c = host; *c; c++) {
        if (!is_of_host_name(*c)) {
            return false;
        }
    }
    while (label > host && label[-1] != '.') {
        label--;
    }
    strtoul(label, &end_of_number, strncasecmp(label, "0x", 2) == 0 ? 16 : 10);
    return end_of_number != end;
}

static const char *add_host(struct taker *taker, const char *host, filter_resolve_func *resolve)
{
    static const uint32_t families[] = {CONNECTION_IPV4, CONNECTION_IPV6};
    const size_t before = taker->ends->count;
    const char *wrong;

    if (endpoint_is_localhost(host, strlen(host))) {
        for (size_t i = 0; i < 2; i++) {
            const struct connection_end end = endpoint_localhost(families[i]);

            add_address(taker, families[i], &end);
        }
        return NULL;
    }
    if (!is_host_name(host)) {
        return "is no IPv4 or IPv6 address";
    }
    if (!resolve) {
        return "is no address; --resolve looks names up";
    }
    wrong = resolve(host, add_address, taker);
    return wrong || taker->ends->count > before ? wrong : "has no IPv4 or IPv6 address";
}

static const char *add_parts(struct taker *taker, const struct parts *parts,
                             filter_resolve_func *resolve)
{
    const char *host = parts->host;
    const bool is_alone = !parts->in_brackets && !parts->bits;
    struct connection_end address;
    uint32_t family;
    const char *wrong;

    if (is_alone && (strcmp(host, "*") == 0 || (*host == 0 && parts->ports))) {
        add_end(taker->ends, &taker->end);
        return NULL;
    }
    wrong = endpoint_read_address(host, strlen(host), &family, &address);
    if (wrong && strchr(host, '%')) {
        return wrong;
    }
    if (parts->in_brackets && (wrong || !strchr(host, ':'))) {
        return "has no IPv6 address in its brackets";
    }
    if (!wrong) {
        return add_addresses(taker, parts, family, &address);
    }
    if (strchr(host, ':')) {
        return "is no IPv6 address, which stands in brackets before a port";
    }
    return is_alone ? add_host(taker, host, resolve) : "has no address before the /";
}

const char *filter_add_end(struct filter_ends *ends, const char *text, filter_resolve_func *resolve)
{
    struct taker taker = {ends, {.text = text}};
    char copy[END_CHARS];
    struct parts parts;
    const char *wrong;

    if (*text == 0) {
        return "is empty";
    }
    if (strpbrk(text, " \t\r\n")) {
        return "has a blank in it";
    }
    if (strlen(text) >= sizeof(copy)) {
        return "is too long";
    }
    memcpy(copy, text, strlen(text) + 1);
    wrong = cut(copy, &parts);
    if (!wrong && parts.ports) {
        wrong = read_ports(parts.ports, &taker.end);
    }
    return wrong ? wrong : add_parts(&taker, &parts, resolve);
}

/* ---- adding the others ---- */

const char *filter_add_state(struct filter *filter, const char *text)
{
    const uint32_t states = tcp_state_read(text);

    filter->states |= states;
    return states != 0 ? NULL : "is no state of TCP, such as ESTABLISHED or TIME-WAIT";
}

const char *filter_add_process(struct filter *filter, const char *text)
{
    uint32_t process;

    if (!endpoint_read_number(text, UINT32_MAX, &process) || process == 0) {
        return "is no process id: a number from 1 on";
    }
    filter->processes = grow(filter->processes, filter->process_count, sizeof(*filter->processes));
    filter->processes[filter->process_count++] = process;
    return NULL;
}

const char *filter_add_name(struct filter *filter, const char *text)
{
    if (*text == 0) {
        return "is empty";
    }
    filter->names = grow(filter->names, filter->name_count, sizeof(*filter->names));
    filter->names[filter->name_count++] = text;
    return NULL;
}

void filter_free(struct filter *filter)
{
    free(filter->local.all);
    free(filter->remote.all);
    free(filter->processes);
    free(filter->names);
    *filter = (struct filter){.families = 0};
}

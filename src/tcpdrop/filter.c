/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include "endpoint.h"

#include <string.h>
#include <strings.h>

#define FAMILIES (1u << CONNECTION_IPV4 | 1u << CONNECTION_IPV6)

/* ---- matching ends ---- */

static bool has_prefix(const uint8_t address[16], const uint8_t prefix[16], uint32_t bits)
{
    const uint32_t bytes = bits / 8;
    const uint32_t mask = 0xFF00u >> bits % 8 & 0xFF;

    return memcmp(address, prefix, bytes) == 0 &&
           (mask == 0 || ((address[bytes] ^ prefix[bytes]) & mask) == 0);
}

static bool end_matches(const struct filter_end *end, uint32_t family,
                        const struct connection_end *of)
{
    const uint16_t port = endpoint_port(of);

    return (end->family == 0 || end->family == family) &&
           has_prefix(of->address, end->address, end->bits) &&
           (end->scope_id == 0 || end->scope_id == of->scope_id) &&
           (end->port_high == 0 || (port >= end->port_low && port <= end->port_high));
}

static bool ends_match(const struct filter_ends *ends, uint32_t family,
                       const struct connection_end *of)
{
    bool matches = ends->count == 0;

    for (size_t i = 0; i < ends->count && !matches; i++) {
        matches = end_matches(&ends->all[i], family, of);
    }
    return matches;
}

/* ---- what can match at all ---- */

static uint32_t families_of(const struct filter_end *end)
{
    return end->family != 0 ? 1u << end->family : FAMILIES;
}

static uint32_t families_of_ends(const struct filter_ends *ends)
{
    uint32_t families = ends->count == 0 ? FAMILIES : 0;

    for (size_t i = 0; i < ends->count; i++) {
        families |= families_of(&ends->all[i]);
    }
    return families;
}

static uint32_t families_of_options(const struct filter *filter)
{
    return filter->families != 0 ? filter->families : FAMILIES;
}

/* A listener's remote end is no address and no port. */
static bool can_be_listeners(const struct filter_ends *remote)
{
    static const struct connection_end none = {.port = 0};

    return ends_match(remote, CONNECTION_IPV4, &none) || ends_match(remote, CONNECTION_IPV6, &none);
}

static uint32_t states_of(const struct filter *filter)
{
    return filter->states != 0 ? filter->states : STATES_CONNECTED;
}

/* The text of an end that is of none of these families; a host may have addresses of both. */
static const char *find_outside(const struct filter_ends *ends, uint32_t families)
{
    for (size_t i = 0; i < ends->count;) {
        const char *text = ends->all[i].text;
        uint32_t own = 0;

        for (; i < ends->count && ends->all[i].text == text; i++) {
            own |= families_of(&ends->all[i]);
        }
        if (!(own & families)) {
            return text;
        }
    }
    return NULL;
}

/* Where only listeners are asked for, the text of a remote end that none has. */
static const char *find_unlistening(const struct filter *filter)
{
    for (size_t i = 0; i < filter->remote.count; i++) {
        const struct filter_ends one = {&filter->remote.all[i], 1};

        if (!can_be_listeners(&one) && states_of(filter) == STATE_BIT(STATE_LISTEN)) {
            return one.all->text;
        }
    }
    return NULL;
}

const char *filter_check(const struct filter *filter, const char **text_out)
{
    const uint32_t families = families_of_options(filter);

    *text_out = find_outside(&filter->local, families & families_of_ends(&filter->remote));
    if (!*text_out) {
        *text_out = find_outside(&filter->remote, families & families_of_ends(&filter->local));
    }
    if (*text_out) {
        return "can match nothing, as the other filters exclude its family, IPv4 or IPv6";
    }
    *text_out = find_unlistening(filter);
    return *text_out
               ? "can match nothing, as only listeners are asked for, which have no remote end"
               : NULL;
}

struct table_wish filter_wish(const struct filter *filter)
{
    const uint32_t never = can_be_listeners(&filter->remote) ? 0 : STATE_BIT(STATE_LISTEN);

    return (struct table_wish){
        .families = families_of_options(filter) & families_of_ends(&filter->local) &
                    families_of_ends(&filter->remote),
        .states = states_of(filter) & ~never,
        .owners = filter->process_count > 0 || filter->name_count > 0,
    };
}

/* ---- matching processes ---- */

/* Both are the same character, or letters of ASCII that differ in case; the rest of UTF-8 is compared as it is. */
static bool is_same(char a, char b)
{
    const char folded = (char)(a | 0x20);

    return a == b || (folded >= 'a' && folded <= 'z' && folded == (char)(b | 0x20));
}

/* What ? takes of a text that is not empty: a byte, and those that continue its character. */
static const char *after_character(const char *text, const char *end)
{
    do {
        text++;
    } while (text < end && (*text & 0xC0) == 0x80);
    return text;
}

/* Only the last * is tried with longer and longer texts: whatever an earlier one could take besides, it can. */
static bool pattern_matches(const char *pattern, const char *name, const char *end)
{
    const char *after_star = NULL;
    const char *from = NULL;

    while (name < end) {
        if (*pattern == '*') {
            after_star = ++pattern;
            from = name;
        } else if (*pattern == '?') {
            pattern++;
            name = after_character(name, end);
        } else if (*pattern && is_same(*pattern, *name)) {
            pattern++;
            name++;
        } else if (after_star) {
            pattern = after_star;
            name = ++from;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == 0;
}

bool filter_name_matches(const char *pattern, const char *name)
{
    static const char ending[] = ".exe";
    const size_t length = strlen(name);
    const char *end = name + length;

    if (pattern_matches(pattern, name, end)) {
        return true;
    }
    end -= length < sizeof(ending) - 1 ? 0 : sizeof(ending) - 1;
    return strcasecmp(end, ending) == 0 && pattern_matches(pattern, name, end);
}

static bool is_of_these_processes(const struct filter *filter, const struct table_owner *owner)
{
    bool has_id = filter->process_count == 0;
    bool has_name = filter->name_count == 0;

    for (size_t i = 0; i < filter->process_count && !has_id; i++) {
        has_id = filter->processes[i] == owner->process;
    }
    for (size_t i = 0; i < filter->name_count && has_id && !has_name; i++) {
        has_name = filter_name_matches(filter->names[i], owner->name);
    }
    return has_id && has_name;
}

static bool owners_match(const struct filter *filter, const struct table *table,
                         const struct table_row *row)
{
    bool matches = filter->process_count == 0 && filter->name_count == 0;

    for (size_t i = 0; i < row->owners && !matches; i++) {
        matches = is_of_these_processes(filter, &table->owners[row->first_owner + i]);
    }
    return matches;
}

bool filter_matches(const struct filter *filter, const struct table *table,
                    const struct table_row *row)
{
    const struct connection *connection = &row->connection;

    return (states_of(filter) & STATE_BIT(row->state)) &&
           (families_of_options(filter) & 1u << connection->family) &&
           ends_match(&filter->local, connection->family, &connection->local) &&
           ends_match(&filter->remote, connection->family, &connection->remote) &&
           owners_match(filter, table, row);
}

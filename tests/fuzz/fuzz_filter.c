/* SPDX-License-Identifier: MIT */
/*
 * The input is what the command line asks for: a letter for each filter, and its text up to a NUL; then rows of the TCP
 * table, which are made of the ends that are asked for.
 */
#include "fuzz.h"

#include "tcpdrop/endpoint.h"
#include "tcpdrop/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

enum
{
    TEXTS = 16,
    OWNERS = 3,
    NAME_CHARS = 64,
};

static struct input input;
static struct filter filter;
static char *texts[TEXTS]; /* which the filter keeps */
static size_t text_count;

/* ---- the command line ---- */

static char *take_text(void)
{
    const uint8_t *end = memchr(input.at, 0, input.left);
    const size_t length = end ? (size_t)(end - input.at) : input.left;
    char *text = calloc(length + 1, 1);

    if (!text) {
        abort();
    }
    take(&input, text, length);
    take_byte(&input); /* the NUL */
    return text;
}

static const char *resolve(const char *host, filter_take_func *take_address, void *taker)
{
    const struct connection_end ipv4 = {.address = {1, 2, 3, 4}};
    const struct connection_end mapped = connection_end_mapped(&ipv4);

    promise(*host && host[strcspn(host, "[]:/%* \t")] == 0);
    promise(host[strspn(host, "0123456789.")] != 0);
    if (*host == 'a') {
        take_address(taker, CONNECTION_IPV4, &ipv4);
    } else if (*host == 'b') {
        take_address(taker, CONNECTION_IPV6, &mapped);
    }
    return *host == 'c' ? "is not known" : NULL;
}

/* What an end means, written in another way, means the same. */
static void promise_same_again(const struct filter_end *end)
{
    struct connection_end address = {.scope_id = end->scope_id};
    struct filter_ends again = {NULL, 0};
    char written[ENDPOINT_CHARS] = "*";
    char text[2 * ENDPOINT_CHARS];
    char ports[16] = "";
    const bool is_ipv6 = end->family == CONNECTION_IPV6;

    memcpy(address.address, end->address, sizeof(address.address));
    if (end->family != 0) {
        endpoint_write_address(end->family, &address, written);
        snprintf(written + strlen(written), sizeof(written) - strlen(written), "%s/%u",
                 is_ipv6 ? "]" : "", (unsigned)end->bits);
    }
    if (end->port_high != 0) {
        snprintf(ports, sizeof(ports), ":%u-%u", end->port_low, end->port_high);
    }
    snprintf(text, sizeof(text), "%s%s%s", is_ipv6 ? "[" : "", written, ports);
    promise(filter_add_end(&again, text, NULL) == NULL && again.count == 1);
    promise(again.all[0].family == end->family && again.all[0].bits == end->bits);
    promise(memcmp(again.all[0].address, end->address, sizeof(end->address)) == 0);
    promise(again.all[0].scope_id == end->scope_id);
    promise(again.all[0].port_low == end->port_low && again.all[0].port_high == end->port_high);
    free(again.all);
}

static void add_end(struct filter_ends *ends, const char *text, filter_resolve_func *resolver)
{
    const size_t before = ends->count;
    const char *wrong = filter_add_end(ends, text, resolver);

    promise(wrong ? ends->count == before : ends->count > before);
    for (size_t i = before; i < ends->count; i++) {
        const struct filter_end *end = &ends->all[i];

        promise(end->text == text);
        promise(end->family == 0 || end->family == CONNECTION_IPV4 ||
                end->family == CONNECTION_IPV6);
        promise(end->bits <= (end->family == 0 ? 0 : end->family == CONNECTION_IPV4 ? 32 : 128));
        promise(end->port_low <= end->port_high && (end->port_low > 0) == (end->port_high > 0));
        promise(strchr(text, '/') || end->bits % 32 == 0);
        promise_same_again(end);
    }
}

/* The next one, or false: what follows are rows. */
static bool add_filter(void)
{
    const uint8_t letter = take_byte(&input);
    char *text;

    if (!strchr("lrLRspn46", letter) || letter == 0 || text_count == TEXTS) {
        return false;
    }
    if (letter == '4' || letter == '6') {
        filter.families |= 1u << (letter - '0');
        return true;
    }
    text = take_text();
    texts[text_count++] = text;
    switch (letter) {
    case 's':
        filter_add_state(&filter, text);
        break;
    case 'p':
        filter_add_process(&filter, text);
        break;
    case 'n':
        filter_add_name(&filter, text);
        break;
    default:
        add_end(tolower(letter) == 'l' ? &filter.local : &filter.remote, text,
                isupper(letter) ? resolve : NULL);
        break;
    }
    return true;
}

/* ---- what matches, found out in another way ---- */

static bool is_in_network(const struct filter_end *end, const uint8_t address[16])
{
    for (uint32_t bit = 0; bit < end->bits; bit++) {
        if (((end->address[bit / 8] ^ address[bit / 8]) >> (7 - bit % 8)) & 1) {
            return false;
        }
    }
    return true;
}

static bool is_one_of(const struct filter_ends *ends, uint32_t family,
                      const struct connection_end *end)
{
    const uint8_t *bytes = (const uint8_t *)&end->port;
    const int port = bytes[0] << 8 | bytes[1];

    for (size_t i = 0; i < ends->count; i++) {
        const struct filter_end *one = &ends->all[i];

        if ((one->family != 0 && one->family != family) || !is_in_network(one, end->address) ||
            (one->scope_id != 0 && one->scope_id != end->scope_id)) {
            continue;
        }
        if (one->port_low == 0 || (one->port_low <= port && port <= one->port_high)) {
            return true;
        }
    }
    return ends->count == 0;
}

/* By all the places in the name that the pattern's beginning can lead to. */
static bool leads_to_end(const char *pattern, const char *name, size_t length)
{
    bool is_at[NAME_CHARS + 1] = {true};

    for (; *pattern; pattern++) {
        bool next[NAME_CHARS + 1] = {false};

        for (size_t i = 0; i <= length; i++) {
            size_t to = i + 1;

            if (!is_at[i]) {
                continue;
            }
            while (*pattern == '?' && to < length && ((uint8_t)name[to] & 0xC0) == 0x80) {
                to++;
            }
            for (size_t j = i; *pattern == '*' && j <= length; j++) {
                next[j] = true;
            }
            if (i < length && *pattern != '*' &&
                (*pattern == '?' || tolower((uint8_t)*pattern) == tolower((uint8_t)name[i]))) {
                next[to] = true;
            }
        }
        memcpy(is_at, next, sizeof(is_at));
    }
    return is_at[length];
}

static bool has_name(const char *pattern, const char *name)
{
    const size_t length = strlen(name);

    return leads_to_end(pattern, name, length) ||
           (length >= 4 && strcasecmp(name + length - 4, ".exe") == 0 &&
            leads_to_end(pattern, name, length - 4));
}

static bool is_owned(const struct table_owner *owner)
{
    bool has = filter.process_count == 0;
    bool is_called = filter.name_count == 0;

    for (size_t i = 0; i < filter.process_count; i++) {
        has = has || filter.processes[i] == owner->process;
    }
    for (size_t i = 0; i < filter.name_count; i++) {
        is_called = is_called || has_name(filter.names[i], owner->name);
    }
    return has && is_called;
}

static bool is_meant(const struct table *table, const struct table_row *row)
{
    const struct connection *connection = &row->connection;
    const uint32_t states = filter.states != 0 ? filter.states : STATES_CONNECTED;
    bool is_of_process = filter.process_count == 0 && filter.name_count == 0;

    for (size_t i = 0; i < row->owners; i++) {
        is_of_process = is_of_process || is_owned(&table->owners[row->first_owner + i]);
    }
    return is_of_process && (states >> row->state & 1) &&
           (filter.families == 0 || (filter.families >> connection->family & 1)) &&
           is_one_of(&filter.local, connection->family, &connection->local) &&
           is_one_of(&filter.remote, connection->family, &connection->remote);
}

/* ---- rows ---- */

/* One of the ends that are asked for, or nearly. */
static struct connection_end any_end(const struct filter_ends *ends, uint32_t family)
{
    struct connection_end end = {.scope_id = 0};
    const uint8_t choice = take_byte(&input);
    const size_t flipped = take_byte(&input);
    uint16_t port = choice;

    if (ends->count > 0) {
        const struct filter_end *like = &ends->all[take_below(&input, ends->count)];

        memcpy(end.address, like->address, family == CONNECTION_IPV4 ? 4 : 16);
        port = choice & 1 ? like->port_low : like->port_high;
        port = (uint16_t)(port + (choice >> 1) % 3 - 1);
        end.scope_id = like->scope_id + (choice >> 7);
    }
    if (flipped < (family == CONNECTION_IPV4 ? 32 : 128)) {
        end.address[flipped / 8] ^= (uint8_t)(0x80 >> flipped % 8);
    }
    end.port = (uint16_t)(port << 8 | port >> 8);
    if (!endpoint_is_link_local(family, &end)) {
        end.scope_id = 0;
    }
    return end;
}

static struct table_row any_row(void)
{
    const uint8_t flags = take_byte(&input);
    struct table_row row = {
        .connection = {.family = flags & 1 ? CONNECTION_IPV6 : CONNECTION_IPV4},
        .first_owner = take_below(&input, OWNERS),
        .state = (enum tcp_state)(STATE_CLOSED + (flags >> 1) % (STATES - STATE_CLOSED)),
    };

    row.owners = take_below(&input, OWNERS + 1 - row.first_owner);
    row.connection.local = any_end(&filter.local, row.connection.family);
    row.connection.remote = any_end(&filter.remote, row.connection.family);
    if (row.state == STATE_LISTEN) {
        row.connection.remote = (struct connection_end){.port = 0};
    }
    return row;
}

/* The ends that came of this text. */
static struct filter_ends ends_of(const struct filter_ends *ends, const char *text)
{
    struct filter_ends own = {NULL, 0};

    for (size_t i = ends->count; i-- > 0;) {
        if (ends->all[i].text == text) {
            own.all = &ends->all[i];
            own.count++;
        }
    }
    return own;
}

/* What is said to match nothing does not, by itself. */
static void promise_no_match(const char *text, const struct table *table,
                             const struct table_row *row)
{
    const struct filter_ends local = ends_of(&filter.local, text);
    const struct filter_ends remote = ends_of(&filter.remote, text);
    struct filter alone = filter;

    promise((local.count > 0) != (remote.count > 0));
    alone.local = local.count > 0 ? local : filter.local;
    alone.remote = remote.count > 0 ? remote : filter.remote;
    promise(!filter_matches(&alone, table, row));
}

static void promise_match(const struct table *table, const struct table_row *row)
{
    const struct table_wish wish = filter_wish(&filter);
    const bool matches = filter_matches(&filter, table, row);
    const char *text;

    promise(matches == is_meant(table, row));
    if (matches) {
        promise((wish.families >> row->connection.family & 1) != 0);
        promise((wish.states >> row->state & 1) != 0);
    }
    if (filter_check(&filter, &text)) {
        promise_no_match(text, table, row);
    }
}

/* ---- from the beginning to the end ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char names[OWNERS][NAME_CHARS];
    struct table_owner owners[OWNERS];
    const struct table table = {.owners = owners, .owner_count = OWNERS};

    input = (struct input){data, size};
    while (add_filter()) {
    }
    for (size_t i = 0; i < OWNERS; i++) {
        take(&input, names[i], take_below(&input, NAME_CHARS));
        names[i][NAME_CHARS - 1] = 0;
        owners[i] = (struct table_owner){(uint32_t)take_below(&input, 4) + 1, names[i]};
    }
    do {
        const struct table_row row = any_row();

        promise_match(&table, &row);
    } while (input.left > 0);
    filter_free(&filter);
    while (text_count > 0) {
        free(texts[--text_count]);
    }
    return 0;
}

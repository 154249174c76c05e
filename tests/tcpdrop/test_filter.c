/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include "endpoint.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static struct filter filter;

static int begin(void **state)
{
    (void)state;
    memset(&filter, 0, sizeof(filter));
    return 0;
}

static int end(void **state)
{
    (void)state;
    filter_free(&filter);
    return 0;
}

/* ---- rows ---- */

/* "1.2.3.4:80", "[::1]:80" */
static void read_end(const char *text, uint32_t *family_out, struct connection_end *end_out)
{
    const char *colon = strrchr(text, ':');

    assert_null(endpoint_read_address(text, (size_t)(colon - text), family_out, end_out));
    if (strcmp(colon, ":0") != 0) {
        assert_null(endpoint_read_port(colon + 1, &end_out->port));
    }
}

static struct table_row row_of(const char *local, const char *remote)
{
    struct table_row row = {.state = STATE_ESTABLISHED};
    uint32_t family;

    read_end(local, &family, &row.connection.local);
    read_end(remote, &row.connection.family, &row.connection.remote);
    assert_int_equal(row.connection.family, family);
    return row;
}

/* One whose owners are not known. */
static bool matches(const struct table_row *row)
{
    const struct table table = {.count = 0};

    return filter_matches(&filter, &table, row);
}

static bool matches_state(enum tcp_state state)
{
    struct table_row row = row_of("127.0.0.1:1", "127.0.0.1:2");

    row.state = state;
    return matches(&row);
}

/* ---- ends ---- */

static void an_end_matches_what_it_says(void **state)
{
    static const struct
    {
        const char *end;
        const char *matching[3];
        const char *others[5];
    } cases[] = {
        {"*", {"1.2.3.4:80", "[::1]:1", "0.0.0.0:0"}, {NULL}},
        {"*:80", {"1.2.3.4:80", "[::1]:80"}, {"1.2.3.4:81", "[::1]:79", "0.0.0.0:0"}},
        {":80", {"1.2.3.4:80", "[::1]:80"}, {"1.2.3.4:81", "[::1]:79", "0.0.0.0:0"}},
        {":80-90", {"1.2.3.4:80", "1.2.3.4:90", "[::1]:85"}, {"1.2.3.4:79", "1.2.3.4:91"}},
        {":65535-65535", {"1.2.3.4:65535"}, {"1.2.3.4:65534"}},
        {"1.2.3.4", {"1.2.3.4:80", "1.2.3.4:1"}, {"1.2.3.5:80", "[::102:304]:80"}},
        {"1.2.3.4:80", {"1.2.3.4:80"}, {"1.2.3.5:80", "1.2.3.4:81"}},
        {"1.2.3.4:80-81", {"1.2.3.4:80", "1.2.3.4:81"}, {"1.2.3.5:80", "1.2.3.4:82"}},
        {"10.0.0.0/8", {"10.0.0.0:1", "10.255.255.255:1"}, {"9.255.255.255:1", "11.0.0.0:1"}},
        {"10.1.2.3/8", {"10.0.0.0:1", "10.255.255.255:1"}, {"9.255.255.255:1", "11.0.0.0:1"}},
        {"10.0.0.0/8:80", {"10.1.0.0:80"}, {"10.1.0.0:81", "11.0.0.0:80"}},
        {"10.0.0.128/25", {"10.0.0.128:1", "10.0.0.255:1"}, {"10.0.0.127:1", "10.0.1.128:1"}},
        {"10.0.0.1/32", {"10.0.0.1:1"}, {"10.0.0.0:1"}},
        {"1.2.3.4/0", {"0.0.0.0:0", "255.0.0.1:1"}, {"[::]:0"}},
        {"::1", {"[::1]:1", "[::1]:2"}, {"[::2]:1", "127.0.0.1:1"}},
        {"[::1]", {"[::1]:1", "[::1]:2"}, {"[::2]:1"}},
        {"[::1]:80", {"[::1]:80"}, {"[::1]:81", "[::2]:80"}},
        {"[::1]:80-81", {"[::1]:81"}, {"[::1]:82"}},
        {"::1:80", {"[::1:80]:1"}, {"[::1]:80"}},
        {"2001:db8::/32", {"[2001:db8:ffff::]:1"}, {"[2001:db9::]:1"}},
        {"[2001:db8::]/32:80", {"[2001:db8:ffff::]:80"}, {"[2001:db8::]:81", "[2001:db9::]:80"}},
        {"[2001:db8::/32]:80", {"[2001:db8:ffff::]:80"}, {"[2001:db8::]:81", "[2001:db9::]:80"}},
        {"[2001:db8::/33]", {"[2001:db8:7fff::]:1"}, {"[2001:db8:8000::]:1"}},
        {"::1/128", {"[::1]:1"}, {"[::]:1"}},
        {"::/0", {"[::1]:1", "[ffff::]:1"}, {"1.2.3.4:1"}},
        {"fe80::1", {"[fe80::1]:1", "[fe80::1%2]:1"}, {"[fe80::2]:1"}},
        {"fe80::1%2", {"[fe80::1%2]:1"}, {"[fe80::1%3]:1", "[fe80::1]:1"}},
        {"[fe80::%2]/10:80", {"[fe80::1%2]:80"}, {"[fe80::1%3]:80", "[fec0::1]:80"}},
        {"::1%2", {"[::1]:1"}, {"[::2]:1"}},
        {"::ffff:1.2.3.4", {"1.2.3.4:1"}, {"1.2.3.5:1"}},
        {"[::ffff:1.2.3.4]:80", {"1.2.3.4:80"}, {"1.2.3.4:81"}},
        {"::ffff:10.0.0.0/104", {"10.1.2.3:1"}, {"11.0.0.0:1"}},
        {"::ffff:0:0/96", {"10.1.2.3:1"}, {"[::1]:1"}},
        {"::ffff:1.2.3.4/95", {"[::fffe:1:2]:1"}, {"1.2.3.4:1", "[::fffd:1:2]:1"}},
        {"localhost", {"127.0.0.1:1", "[::1]:1"}, {"127.0.0.2:1", "[::2]:1"}},
        {"LocalHost:80", {"127.0.0.1:80", "[::1]:80"}, {"127.0.0.1:81", "[::1]:81"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *wrong = filter_add_end(&filter.local, cases[i].end, NULL);

        if (wrong) {
            fail_msg("'%s' %s", cases[i].end, wrong);
        }
        for (size_t j = 0; j < 8; j++) {
            const char *text = j < 3 ? cases[i].matching[j] : cases[i].others[j - 3];
            const struct table_row row = text ? row_of(text, text) : (struct table_row){0};

            if (text && matches(&row) != (j < 3)) {
                fail_msg("'%s' and %s", cases[i].end, text);
            }
        }
        filter_free(&filter);
    }
}

static void what_is_wrong_with_an_end_is_said(void **state)
{
    static const char no_port[] = "ends in no port, nor in a range of ports";
    static const char no_bits[] = "has no number of bits after the /";
    static const char in_brackets[] = "has no IPv6 address in its brackets";
    static const char no_address[] = "is no IPv4 or IPv6 address";
    static const char no_ipv6[] = "is no IPv6 address, which stands in brackets before a port";
    static const struct
    {
        const char *end;
        const char *wrong;
    } cases[] = {
        {"", "is empty"},
        {" 1.2.3.4", "has a blank in it"},
        {"1.2.3.4 :80", "has a blank in it"},
        {"1.2.3.4/33", "has more bits after the / than the 32 of IPv4"},
        {"1.2.3.4/4294967296", no_bits},
        {"::/129", "has more bits after the / than the 128 of IPv6"},
        {"::ffff:1.2.3.4/129", "has more bits after the / than the 128 of IPv6"},
        {"1.2.3.4/", no_bits},
        {"1.2.3.4/x", no_bits},
        {"1.2.3.4/-1", no_bits},
        {"1.2.3.4/8/8", no_bits},
        {"[::1/8]/8", no_bits},
        {"::1/8:80", no_bits},
        {"*/8", "has no address before the /"},
        {"localhost/8", "has no address before the /"},
        {"/8", "has no address before the /"},
        {"/8:80", "has no address before the /"},
        {":90-80", "has an empty range of ports"},
        {":0", no_port},
        {":65536", no_port},
        {":80-65536", no_port},
        {":0-80", no_port},
        {":-80", no_port},
        {":80-", no_port},
        {":80-90-100", no_port},
        {":http", no_port},
        {":*", no_port},
        {":", no_port},
        {"1.2.3.4:", no_port},
        {"1.2.3.4:80/8", no_port},
        {"[::1]:", no_port},
        {"[::1]:80:81", no_port},
        {"[1.2.3.4]", in_brackets},
        {"[1.2.3.4]:80", in_brackets},
        {"[]", in_brackets},
        {"[]:80", in_brackets},
        {"[*]", in_brackets},
        {"[localhost]", in_brackets},
        {"[[::1]", in_brackets},
        {"[::1", "has a [ without a ]"},
        {"[::1:80", "has a [ without a ]"},
        {"[::1]80", "has neither /BITS nor :PORT after its ]"},
        {"[[::1]]", "has neither /BITS nor :PORT after its ]"},
        {"[::1]%2", "has neither /BITS nor :PORT after its ]"},
        {"::1]", no_ipv6},
        {"fe80::1:80-90", no_ipv6},
        {"1:2:3:4:5:6:7:8:80", no_ipv6},
        {"1.2.3.4:80:81", no_ipv6},
        {"fe80::1%eth0", "has no numeric scope after the %"},
        {"[fe80::1%eth0]:80", "has no numeric scope after the %"},
        {"1.2.3.4%lo", "has no numeric scope after the %"},
        {"1.2.3", no_address},
        {"1.2.3.256:80", no_address},
        {"**", no_address},
        {"1.2.3.*", no_address},
        {"example.org", "is no address; --resolve looks names up"},
        {"example.org:80", "is no address; --resolve looks names up"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *wrong = filter_add_end(&filter.local, cases[i].end, NULL);

        if (!wrong || strncmp(wrong, cases[i].wrong, strlen(cases[i].wrong)) != 0) {
            fail_msg("'%s' %s", cases[i].end, wrong ? wrong : "has nothing wrong");
        }
    }
    assert_int_equal(filter.local.count, 0);
}

static void an_end_of_any_length_is_read_safely(void **state)
{
    char text[600];

    (void)state;
    for (size_t length = 1; length < 550; length++) {
        memset(text, '1', length);
        memcpy(text + length, ":80", sizeof(":80"));
        assert_non_null(filter_add_end(&filter.local, text, NULL));
        text[0] = '[';
        assert_non_null(filter_add_end(&filter.local, text, NULL));
    }
}

static void ends_of_one_side_are_alternatives_and_both_sides_have_to_match(void **state)
{
    const struct table_row rows[] = {
        row_of("10.0.0.1:1", "1.1.1.1:80"), row_of("10.0.0.2:1", "1.1.1.1:81"),
        row_of("10.0.0.3:1", "1.1.1.1:80"), row_of("10.0.0.1:1", "1.1.1.1:82"),
        row_of("1.1.1.1:80", "10.0.0.1:1"),
    };

    (void)state;
    assert_null(filter_add_end(&filter.local, "10.0.0.1", NULL));
    assert_null(filter_add_end(&filter.local, "10.0.0.2", NULL));
    assert_null(filter_add_end(&filter.remote, ":80", NULL));
    assert_null(filter_add_end(&filter.remote, ":81", NULL));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(matches(&rows[i]), i < 2);
    }
}

/* ---- names of hosts ---- */

static const char *resolve(const char *host, filter_take_func *take, void *taker)
{
    const struct connection_end ipv4 = {.address = {1, 2, 3, 4}};
    const struct connection_end mapped = connection_end_mapped(&ipv4);
    const struct connection_end ipv6 = {.address = {0x20, 1, [15] = 7}};

    if (strcmp(host, "both") == 0) {
        take(taker, CONNECTION_IPV4, &ipv4);
        take(taker, CONNECTION_IPV6, &ipv6);
    } else if (strcmp(host, "mapped") == 0) {
        take(taker, CONNECTION_IPV6, &mapped);
    } else if (strcmp(host, "ipv6.Zone.") == 0) {
        take(taker, CONNECTION_IPV6, &ipv6);
    }
    return strcmp(host, "nobody") == 0 ? "is not known" : NULL;
}

static void each_address_of_a_host_is_an_alternative(void **state)
{
    const struct table_row ipv4 = row_of("1.2.3.4:80", "1.2.3.4:80");
    const struct table_row ipv6 = row_of("[2001::7]:80", "[2001::7]:80");
    const struct table_row other_port = row_of("[2001::7]:81", "[2001::7]:81");

    (void)state;
    assert_null(filter_add_end(&filter.local, "both:80", resolve));
    assert_int_equal(filter.local.count, 2);
    assert_true(matches(&ipv4));
    assert_true(matches(&ipv6));
    assert_false(matches(&other_port));
}

static void a_hosts_mapped_address_is_the_ipv4_one(void **state)
{
    const struct table_row ipv4 = row_of("1.2.3.4:80", "1.2.3.4:80");

    (void)state;
    assert_null(filter_add_end(&filter.local, "mapped", resolve));
    assert_true(matches(&ipv4));
}

static void why_a_host_has_no_address_is_said(void **state)
{
    (void)state;
    assert_string_equal(filter_add_end(&filter.local, "nobody:80", resolve), "is not known");
    assert_string_equal(filter_add_end(&filter.local, "empty", resolve),
                        "has no IPv4 or IPv6 address");
}

static void what_looks_like_a_number_is_not_looked_up(void **state)
{
    static const char *const texts[] = {"127.1",     "127.",       ".",      "a..",   "08",
                                        "1",         "0x7f000001", "a.0x7F", "a.017", "-1",
                                        "1.2.3.4.5", "**",         "a/b:80", "a_b!",  "\x7F"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *wrong = filter_add_end(&filter.local, texts[i], resolve);

        if (!wrong || strcmp(wrong, "has no IPv4 or IPv6 address") == 0) {
            fail_msg("'%s'", texts[i]);
        }
    }
    assert_string_equal(filter_add_end(&filter.local, "7f3a", resolve),
                        "has no IPv4 or IPv6 address");
    assert_string_equal(filter_add_end(&filter.local, "m\xC3\xBCnchen.de", resolve),
                        "has no IPv4 or IPv6 address");
    assert_null(filter_add_end(&filter.local, "ipv6.Zone.", resolve));
}

/* ---- families and states ---- */

static void the_families_are_those_that_are_given(void **state)
{
    const struct table_row ipv4 = row_of("127.0.0.1:1", "127.0.0.1:2");
    const struct table_row ipv6 = row_of("[::1]:1", "[::1]:2");

    (void)state;
    for (uint32_t families = 0; families < 4; families++) {
        filter.families = (families & 1) << CONNECTION_IPV4 | (families >> 1) << CONNECTION_IPV6;
        assert_int_equal(matches(&ipv4), families != 2);
        assert_int_equal(matches(&ipv6), families != 1);
    }
}

static void without_a_state_those_are_meant_that_are_connected(void **state)
{
    (void)state;
    for (int i = STATE_CLOSED; i < STATES; i++) {
        assert_int_equal(matches_state((enum tcp_state)i), (STATES_CONNECTED & STATE_BIT(i)) != 0);
    }
}

static void states_are_alternatives(void **state)
{
    (void)state;
    assert_null(filter_add_state(&filter, "listening"));
    assert_null(filter_add_state(&filter, "FIN_WAIT_1"));
    for (int i = STATE_CLOSED; i < STATES; i++) {
        assert_int_equal(matches_state((enum tcp_state)i),
                         i == STATE_LISTEN || i == STATE_FIN_WAIT_1);
    }
    assert_null(filter_add_state(&filter, "all"));
    assert_true(matches_state(STATE_TIME_WAIT));
    assert_string_equal(filter_add_state(&filter, "open"),
                        "is no state of TCP, such as ESTABLISHED or TIME-WAIT");
}

/* ---- processes ---- */

static char game[] = "Game.exe";
static char server[] = "nginx";
static char nameless[] = "";
static struct table_owner owners[] = {{7, server}, {10, game}, {11, server}, {12, nameless}};

/* Is the one matched that has so many owners, from this one on? */
static bool matches_owners(size_t first, size_t count)
{
    const struct table table = {.owners = owners, .owner_count = 4};
    struct table_row row = row_of("127.0.0.1:1", "127.0.0.1:2");

    row.first_owner = first;
    row.owners = count;
    return filter_matches(&filter, &table, &row);
}

static void a_process_is_any_owner_with_one_of_the_ids(void **state)
{
    (void)state;
    assert_null(filter_add_process(&filter, "10"));
    assert_null(filter_add_process(&filter, "4294967295"));
    assert_true(matches_owners(1, 1));
    assert_true(matches_owners(0, 3));
    assert_false(matches_owners(0, 1));
    assert_false(matches_owners(2, 1));
}

static void a_process_is_any_owner_with_one_of_the_names(void **state)
{
    (void)state;
    assert_null(filter_add_name(&filter, "game"));
    assert_null(filter_add_name(&filter, "none"));
    assert_true(matches_owners(1, 1));
    assert_true(matches_owners(0, 3));
    assert_false(matches_owners(2, 2));
}

static void one_owner_has_to_have_both_id_and_name(void **state)
{
    (void)state;
    assert_null(filter_add_name(&filter, "game"));
    assert_null(filter_add_process(&filter, "11"));
    assert_false(matches_owners(0, 3));
    assert_null(filter_add_process(&filter, "10"));
    assert_true(matches_owners(0, 3));
}

static void one_without_owners_is_of_no_process(void **state)
{
    (void)state;
    assert_true(matches_owners(0, 0));
    assert_null(filter_add_name(&filter, "*"));
    assert_false(matches_owners(0, 0));
    assert_true(matches_owners(3, 1));
    filter_free(&filter);
    assert_null(filter_add_process(&filter, "7"));
    assert_false(matches_owners(0, 0));
}

static void what_is_no_process_is_said(void **state)
{
    static const char *const texts[] = {"", "0", "-1", "x", "1x", "4294967296", " 1"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_string_equal(filter_add_process(&filter, texts[i]),
                            "is no process id: a number from 1 on");
    }
    assert_string_equal(filter_add_name(&filter, ""), "is empty");
    assert_int_equal(filter.process_count + filter.name_count, 0);
}

static void a_name_matches_a_pattern_as_people_expect(void **state)
{
    static const struct
    {
        const char *pattern;
        const char *matching[3];
        const char *others[4];
    } cases[] = {
        {"game.exe", {"game.exe", "GAME.EXE"}, {"game", "game.exe2", "agame.exe", ""}},
        {"game",
         {"game", "Game.exe", "game.EXE"},
         {"games.exe", "game.ex", ".exe", "game.exe.exe"}},
        {"game*", {"game", "game.exe", "game2.exe"}, {"agame", "gam"}},
        {"*game", {"game", "agame.exe", "gamegame"}, {"game2", "gam.exe"}},
        {"g*m*e", {"game", "gmme", "gxxmxxe.exe"}, {"gem", "gaem.x"}},
        {"*", {"", "x", ".exe"}, {NULL}},
        {"?", {"x", "\xC3\xA9", "x.exe"}, {"", "xx", ".exe.x"}},
        {"???",
         {"abc",
          "a\xE2\x82\xAC"
          "b",
          "abc.exe"},
         {"ab", "\xE2\x82\xAC"}},
        {"*?", {"x", "\xC3\xA9"}, {""}},
        {"*??", {"xx", "a\xC3\xA9"}, {"x", "\xC3\xA9"}},
        {"\xC3\xA9*", {"\xC3\xA9", "\xC3\xA9t\xC3\xA9.exe"}, {"\xC3\x89", "e"}},
        {"?.exe", {"x.exe", "x.exe.exe"}, {"x", ".exe"}},
        {"*a*b*c*", {"abc", "xaxbxcx"}, {"acb", "ab"}},
        {"a**b", {"ab", "axb"}, {"a"}},
        {"a[bc]", {"a[bc]"}, {"ab", "a{bc}"}},
        {"aZ", {"Az"}, {"a["}},
        {"@`", {"@`"}, {"``", "@@"}},
        {".exe", {".exe", ".EXE.exe"}, {"", "x.exe"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t j = 0; j < 7; j++) {
            const char *name = j < 3 ? cases[i].matching[j] : cases[i].others[j - 3];

            if (name && filter_name_matches(cases[i].pattern, name) != (j < 3)) {
                fail_msg("'%s' and '%s'", cases[i].pattern, name);
            }
        }
    }
}

/* One that tries everything would take longer than the universe has been there. */
static void a_pattern_of_many_stars_is_decided_at_once(void **state)
{
    char pattern[401];
    char name[2001];

    (void)state;
    for (size_t i = 0; i < sizeof(pattern) - 1; i++) {
        pattern[i] = i % 2 == 0 ? '*' : 'a';
    }
    pattern[sizeof(pattern) - 2] = 'b';
    pattern[sizeof(pattern) - 1] = 0;
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = 0;
    assert_false(filter_name_matches(pattern, name));
    name[sizeof(name) - 2] = 'b';
    assert_true(filter_name_matches(pattern, name));
}

/* ---- what can match, and what has to be asked for ---- */

enum
{
    IPV4 = 1u << CONNECTION_IPV4,
    IPV6 = 1u << CONNECTION_IPV6,
};

struct given
{
    const char *local[2];
    const char *remote[2];
    uint32_t families;
    uint32_t states;
    const char *cannot_match; /* or NULL */
    struct table_wish wish;
};

static void add_all(const struct given *given)
{
    for (size_t i = 0; i < 2; i++) {
        assert_true(!given->local[i] || !filter_add_end(&filter.local, given->local[i], resolve));
        assert_true(!given->remote[i] ||
                    !filter_add_end(&filter.remote, given->remote[i], resolve));
    }
    filter.families = given->families;
    filter.states = given->states;
}

static void an_end_that_can_match_nothing_is_named(void **state)
{
    static const uint32_t listen = STATE_BIT(STATE_LISTEN);
    static const struct given cases[] = {
        {{"::1"}, {NULL}, IPV4, 0, "::1", {0}},
        {{"10.0.0.1", "::1"}, {NULL}, IPV4, 0, "::1", {0}},
        {{NULL}, {"10.0.0.0/8"}, IPV6, 0, "10.0.0.0/8", {0}},
        {{NULL}, {"::ffff:10.0.0.0/104"}, IPV6, 0, "::ffff:10.0.0.0/104", {0}},
        {{"10.0.0.1"}, {"[::1]:80"}, 0, 0, "10.0.0.1", {0}},
        {{"10.0.0.1"}, {"[::1]:80", "1.1.1.1"}, 0, 0, "[::1]:80", {0}},
        {{"10.0.0.1"}, {"[::1]:80", ":80"}, 0, 0, "[::1]:80", {0}},
        {{"ipv6.Zone."}, {"1.1.1.1"}, 0, 0, "ipv6.Zone.", {0}},
        {{NULL}, {"1.1.1.1"}, 0, listen, "1.1.1.1", {0}},
        {{NULL}, {"0.0.0.0", ":80"}, 0, listen, ":80", {0}},
        {{NULL}, {"localhost"}, 0, listen, "localhost", {0}},
        {{"*", ":1"}, {"*", ":2"}, IPV4, 0, NULL, {0}},
        {{"10.0.0.1", "::1"}, {NULL}, IPV4 | IPV6, 0, NULL, {0}},
        {{"10.0.0.1", "::1"}, {"localhost"}, 0, 0, NULL, {0}},
        {{"localhost"}, {"both"}, IPV6, 0, NULL, {0}},
        {{"localhost"}, {"1.1.1.1"}, 0, 0, NULL, {0}},
        {{"10.0.0.1"}, {":80"}, IPV4 | IPV6, 0, NULL, {0}},
        {{NULL}, {"1.1.1.1"}, 0, STATES_ALL, NULL, {0}},
        {{":80"}, {"*", "::/0"}, 0, listen, NULL, {0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = "";
        const char *wrong;

        add_all(&cases[i]);
        wrong = filter_check(&filter, &text);
        if (!wrong != !cases[i].cannot_match || text != cases[i].cannot_match) {
            fail_msg("%d: '%s' %s", (int)i, text ? text : "", wrong ? wrong : "has nothing wrong");
        }
        filter_free(&filter);
    }
}

static void no_more_is_asked_for_than_can_match(void **state)
{
    static const uint32_t listen = STATE_BIT(STATE_LISTEN);
    static const struct given cases[] = {
        {{NULL}, {NULL}, 0, 0, NULL, {IPV4 | IPV6, STATES_CONNECTED, false}},
        {{NULL}, {NULL}, IPV6, listen, NULL, {IPV6, listen, false}},
        {{NULL}, {"1.1.1.1"}, 0, STATES_ALL, NULL, {IPV4, STATES_ALL & ~listen, false}},
        {{NULL}, {"*"}, 0, STATES_ALL, NULL, {IPV4 | IPV6, STATES_ALL, false}},
        {{"::1", "localhost"}, {":80"}, 0, 0, NULL, {IPV4 | IPV6, STATES_CONNECTED, false}},
        {{"::1", "localhost"}, {"both"}, IPV6, 0, NULL, {IPV6, STATES_CONNECTED, false}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct table_wish wish;

        add_all(&cases[i]);
        wish = filter_wish(&filter);
        assert_int_equal(wish.families, cases[i].wish.families);
        assert_int_equal(wish.states, cases[i].wish.states);
        assert_int_equal(wish.owners, cases[i].wish.owners);
        filter_free(&filter);
    }
}

static void owners_are_asked_for_only_where_they_count(void **state)
{
    (void)state;
    assert_false(filter_wish(&filter).owners);
    assert_null(filter_add_process(&filter, "1"));
    assert_true(filter_wish(&filter).owners);
    filter_free(&filter);
    assert_null(filter_add_name(&filter, "x"));
    assert_true(filter_wish(&filter).owners);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_end_matches_what_it_says),
        TEST(what_is_wrong_with_an_end_is_said),
        TEST(an_end_of_any_length_is_read_safely),
        TEST(ends_of_one_side_are_alternatives_and_both_sides_have_to_match),
        TEST(each_address_of_a_host_is_an_alternative),
        TEST(a_hosts_mapped_address_is_the_ipv4_one),
        TEST(why_a_host_has_no_address_is_said),
        TEST(what_looks_like_a_number_is_not_looked_up),
        TEST(the_families_are_those_that_are_given),
        TEST(without_a_state_those_are_meant_that_are_connected),
        TEST(states_are_alternatives),
        TEST(a_process_is_any_owner_with_one_of_the_ids),
        TEST(a_process_is_any_owner_with_one_of_the_names),
        TEST(one_owner_has_to_have_both_id_and_name),
        TEST(one_without_owners_is_of_no_process),
        TEST(what_is_no_process_is_said),
        TEST(a_name_matches_a_pattern_as_people_expect),
        TEST(a_pattern_of_many_stars_is_decided_at_once),
        TEST(an_end_that_can_match_nothing_is_named),
        TEST(no_more_is_asked_for_than_can_match),
        TEST(owners_are_asked_for_only_where_they_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "connection_name.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>

enum
{
    ARGUMENTS_AT_MOST = 5,
};

static struct connection name;
static int bad;

/* Arguments separated by single blanks. */
static const char *reads(const char *line)
{
    static char words[512];
    char *arguments[ARGUMENTS_AT_MOST + 1] = {words};
    int count = *line ? 1 : 0;

    snprintf(words, sizeof(words), "%s", line);
    for (char *c = words; *c; c++) {
        if (*c == ' ') {
            *c = 0;
            assert_true(count < ARGUMENTS_AT_MOST);
            arguments[count++] = c + 1;
        }
    }
    return connection_name_read(count, arguments, &name, &bad);
}

static uint16_t from_network(uint16_t port)
{
    const uint8_t *bytes = (const uint8_t *)&port;

    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void expect_ipv4(void)
{
    static const uint8_t local[16] = {127, 0, 0, 1};
    static const uint8_t remote[16] = {10, 1, 2, 255};

    assert_int_equal(name.family, CONNECTION_IPV4);
    assert_memory_equal(name.local.address, local, 16);
    assert_memory_equal(name.remote.address, remote, 16);
    assert_int_equal(from_network(name.local.port), 80);
    assert_int_equal(from_network(name.remote.port), 65535);
}

static void expect_ipv6(uint32_t local_scope, uint32_t remote_scope)
{
    static const uint8_t local[16] = {0xFE, 0x80, [15] = 1};
    static const uint8_t remote[16] = {0xFE, 0x80, [15] = 2};

    assert_int_equal(name.family, CONNECTION_IPV6);
    assert_memory_equal(name.local.address, local, 16);
    assert_memory_equal(name.remote.address, remote, 16);
    assert_int_equal(name.local.scope_id, local_scope);
    assert_int_equal(name.remote.scope_id, remote_scope);
    assert_int_equal(from_network(name.local.port), 80);
    assert_int_equal(from_network(name.remote.port), 443);
}

static void both_forms_name_an_ipv4_connection(void **state)
{
    (void)state;
    assert_null(reads("127.0.0.1 80 10.1.2.255 65535"));
    expect_ipv4();
    assert_null(reads("127.0.0.1:80 10.1.2.255:65535"));
    expect_ipv4();
}

static void both_forms_name_an_ipv6_connection(void **state)
{
    (void)state;
    assert_null(reads("fe80::1 80 fe80::2 443"));
    expect_ipv6(0, 0);
    assert_null(reads("[fe80::1] 80 [fe80::2] 443"));
    expect_ipv6(0, 0);
    assert_null(reads("[fe80::1]:80 [fe80::2]:443"));
    expect_ipv6(0, 0);
}

static void a_scope_is_the_number_after_the_percent_sign(void **state)
{
    (void)state;
    assert_null(reads("fe80::1%7 80 fe80::2%4294967295 443"));
    expect_ipv6(7, 4294967295U);
    assert_null(reads("[fe80::1%7]:80 [fe80::2%0]:443"));
    expect_ipv6(7, 0);
}

static void what_is_wrong_is_said_of_the_argument_that_is(void **state)
{
    static const struct
    {
        const char *line;
        int bad;
    } cases[] = {
        {"", 0},
        {"127.0.0.1:80", 1},
        {"127.0.0.1 80 127.0.0.1", 3},
        {"127.0.0.1 80 127.0.0.1 81 more", 5},
        {"127.0.0.256:80 127.0.0.1:81", 0},
        {"127.0.0.1:80 127.0.0.1", 1},
        {"127.0.0.1:80 127.0.0.1:", 1},
        {"127.0.0.1:80 127.0.0.1:0", 1},
        {"127.0.0.1:80 127.0.0.1:65536", 1},
        {"127.0.0.1:80 127.0.0.1:99999999999999999999", 1},
        {"127.0.0.1:+80 127.0.0.1:81", 0},
        {"127.0.0.1:80x 127.0.0.1:81", 0},
        {"127.1:80 127.0.0.1:81", 0},
        {"localhost:80 127.0.0.1:81", 0},
        {":80 127.0.0.1:81", 0},
        {"::1:80 [::1]:81", 0},
        {"[::1:80 [::1]:81", 0},
        {"[127.0.0.1]:80 127.0.0.1:81", 0},
        {"[::1]:80 [::1%lo]:81", 1},
        {"[::1]:80 [::1%]:81", 1},
        {"[::1]:80 [::1%4294967296]:81", 1},
        {"[::1]:80 127.0.0.1:81", 1},
        {"::1 80 127.0.0.1 81", 2},
        {"127.0.0.1 x 127.0.0.1 81", 1},
        {"127.0.0.1 80 127.0.0 81", 2},
        {"127.0.0.1 80 127.0.0.1 -1", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (!reads(cases[i].line) || bad != cases[i].bad) {
            fail_msg("'%s': argument %d", cases[i].line, bad);
        }
    }
}

static void an_argument_of_any_length_is_read_safely(void **state)
{
    char line[400];

    (void)state;
    for (size_t length = 1; length < 350; length++) {
        memset(line, '1', length);
        memcpy(line + length, ":80 127.0.0.1:81", sizeof(":80 127.0.0.1:81"));
        assert_non_null(reads(line));
        assert_int_equal(bad, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_name_an_ipv4_connection),
        cmocka_unit_test(both_forms_name_an_ipv6_connection),
        cmocka_unit_test(a_scope_is_the_number_after_the_percent_sign),
        cmocka_unit_test(what_is_wrong_is_said_of_the_argument_that_is),
        cmocka_unit_test(an_argument_of_any_length_is_read_safely),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

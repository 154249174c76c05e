/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#include "testing.h"

#include <string.h>

static struct connection_end end;
static uint32_t family;
static char text[ENDPOINT_CHARS];

static const char *reads(const char *address)
{
    return endpoint_read_address(address, strlen(address), &family, &end);
}

static void what_is_read_of_an_address_is_written_again(void **state)
{
    static const struct
    {
        const char *address;
        uint32_t family;
        const char *written;
    } cases[] = {
        {"127.0.0.1", CONNECTION_IPV4, "127.0.0.1"},
        {"255.255.255.255", CONNECTION_IPV4, "255.255.255.255"},
        {"::1", CONNECTION_IPV6, "::1"},
        {"[::1]", CONNECTION_IPV6, "::1"},
        {"2001:DB8::0:1", CONNECTION_IPV6, "2001:db8::1"},
        {"fe80::1%2", CONNECTION_IPV6, "fe80::1%2"},
        {"[febf::1%4294967295]", CONNECTION_IPV6, "febf::1%4294967295"},
        {"fe80::1%0", CONNECTION_IPV6, "fe80::1"},
        {"fec0::1%2", CONNECTION_IPV6, "fec0::1"},
        {"::1%2", CONNECTION_IPV6, "::1"},
        {"::ffff:1.2.3.4", CONNECTION_IPV4, "1.2.3.4"},
        {"[::ffff:102:304]", CONNECTION_IPV4, "1.2.3.4"},
        {"::ffff:1.2.3.4%2", CONNECTION_IPV4, "1.2.3.4"},
        {"::fffe:1:2", CONNECTION_IPV6, "::fffe:1:2"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *wrong = reads(cases[i].address);

        if (wrong || family != cases[i].family ||
            strcmp(endpoint_write_address(family, &end, text), cases[i].written) != 0) {
            fail_msg("'%s' %s: '%s'", cases[i].address, wrong ? wrong : "", text);
        }
    }
}

static void what_is_no_address_is_none(void **state)
{
    static const char *const texts[] = {
        "",           "1.2.3",
        "127.1",      "010.0.0.1",
        "0x7f.0.0.1", "1.2.3.256",
        "1.2.3.4 ",   " 1.2.3.4",
        "1.2.3.4.5",  "1.2.3.4%2",
        "1.2.3.4%",   "[1.2.3.4]",
        "1.2.3.4/8",  ":",
        ":::",        "::1::",
        "::1/64",     "::g",
        "::12345",    "1:2:3:4:5:6:7",
        "::1 ",       "fe80::1%",
        "::1%lo",     "::1%+1",
        "::1%1%1",    "::1%4294967296",
        "[::1",       "::1]",
        "[]",         "[[::1]]",
        "[::1]%2",    "[",
        "]",          "localhost",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!reads(texts[i])) {
            fail_msg("'%s'", texts[i]);
        }
    }
}

static void only_so_many_bytes_are_the_address(void **state)
{
    char long_text[200];

    (void)state;
    assert_null(endpoint_read_address("1.2.3.45", 7, &family, &end));
    assert_string_equal(endpoint_write_address(family, &end, text), "1.2.3.4");
    memset(long_text, '1', sizeof(long_text));
    for (size_t length = 0; length <= sizeof(long_text); length++) {
        assert_non_null(endpoint_read_address(long_text, length, &family, &end));
    }
}

static void a_port_is_a_number_that_a_port_can_have(void **state)
{
    static const char *const wrong[] = {"",   "0",    "65536", "4294967297", "18446744073709551617",
                                        "x",  "http", "80x",   "+80",        "-1",
                                        " 1", "1 ",   "0x50",  "*"};
    uint16_t *const port = &end.port;

    (void)state;
    assert_null(endpoint_read_port("1", port));
    assert_int_equal(endpoint_port(&end), 1);
    assert_null(endpoint_read_port("65535", port));
    assert_int_equal(endpoint_port(&end), 65535);
    assert_null(endpoint_read_port("0443", port));
    assert_memory_equal(port, "\x01\xBB", 2);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (!endpoint_read_port(wrong[i], port)) {
            fail_msg("'%s'", wrong[i]);
        }
    }
}

static void a_number_may_be_as_large_as_is_said(void **state)
{
    uint32_t number;

    (void)state;
    assert_true(endpoint_read_number("4294967295", UINT32_MAX, &number));
    assert_int_equal(number, UINT32_MAX);
    assert_false(endpoint_read_number("4294967296", UINT32_MAX, &number));
    assert_true(endpoint_read_number("128", 128, &number));
    assert_false(endpoint_read_number("129", 128, &number));
}

static void an_end_is_written_with_its_port(void **state)
{
    static const struct
    {
        const char *address;
        const char *written;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1:8080"},
        {"::1", "[::1]:8080"},
        {"fe80::1%2", "[fe80::1%2]:8080"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
         "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:8080"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_null(reads(cases[i].address));
        assert_null(endpoint_read_port("8080", &end.port));
        assert_string_equal(endpoint_write(family, &end, text), cases[i].written);
    }
}

static void only_a_link_local_address_is_written_with_a_scope(void **state)
{
    const struct connection_end ipv4 = {.address = {0xFE, 0x80}, .scope_id = 2};
    const struct connection_end loopback = {.address = {[15] = 1}, .scope_id = 2};

    (void)state;
    assert_string_equal(endpoint_write_address(CONNECTION_IPV4, &ipv4, text), "254.128.0.0");
    assert_string_equal(endpoint_write_address(CONNECTION_IPV6, &loopback, text), "::1");
}

static void localhost_is_a_name_of_both_loopback_addresses(void **state)
{
    const struct connection_end ipv4 = endpoint_localhost(CONNECTION_IPV4);
    const struct connection_end ipv6 = endpoint_localhost(CONNECTION_IPV6);

    (void)state;
    assert_true(endpoint_is_localhost("localhost", 9));
    assert_true(endpoint_is_localhost("LocalHost:80", 9));
    assert_false(endpoint_is_localhost("localhost", 8));
    assert_false(endpoint_is_localhost("localhosts", 10));
    assert_string_equal(endpoint_write(CONNECTION_IPV4, &ipv4, text), "127.0.0.1:0");
    assert_string_equal(endpoint_write(CONNECTION_IPV6, &ipv6, text), "[::1]:0");
}

static void a_mapped_end_keeps_its_port(void **state)
{
    struct connection_end mapped = {
        .address = {[10] = 0xFF, [11] = 0xFF, [12] = 1, [13] = 2, [14] = 3, [15] = 4}};
    uint32_t of = CONNECTION_IPV6;

    (void)state;
    assert_null(endpoint_read_port("80", &mapped.port));
    endpoint_unmap(&of, &mapped);
    assert_int_equal(of, CONNECTION_IPV4);
    assert_string_equal(endpoint_write(of, &mapped, text), "1.2.3.4:80");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_of_an_address_is_written_again),
        cmocka_unit_test(what_is_no_address_is_none),
        cmocka_unit_test(only_so_many_bytes_are_the_address),
        cmocka_unit_test(a_port_is_a_number_that_a_port_can_have),
        cmocka_unit_test(a_number_may_be_as_large_as_is_said),
        cmocka_unit_test(an_end_is_written_with_its_port),
        cmocka_unit_test(only_a_link_local_address_is_written_with_a_scope),
        cmocka_unit_test(localhost_is_a_name_of_both_loopback_addresses),
        cmocka_unit_test(a_mapped_end_keeps_its_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

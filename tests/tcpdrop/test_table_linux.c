/* SPDX-License-Identifier: MIT */
/* How the kernel's sockets become rows: over a list of this test's own. */
#include "table.h"

#include "diag_each.h"
#include "owners_linux.h"

#include "testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

enum
{
    SOCKETS = 20000,
    STATES_OF_KERNEL = 14, /* and one that we do not know */
    NEW_SYN_RECV = 12,
    INTERFACE = 7,
};

#define BOTH (1u << CONNECTION_IPV4 | 1u << CONNECTION_IPV6)

/* ---- the kernel ---- */

static struct diag_socket *sockets; /* SOCKETS */
static size_t socket_count;
static int errors[8]; /* of each time it is asked, in turn */
static size_t asked;
static uint32_t asked_states;
static bool gives_all_states;

int diag_each(uint32_t family, uint32_t states, diag_take_func *take, void *taker)
{
    asked_states = states;
    for (size_t i = 0; i < socket_count; i++) {
        if (sockets[i].connection.family == family &&
            (gives_all_states || states & 1u << sockets[i].state)) {
            take(taker, &sockets[i]);
        }
    }
    return errors[asked++];
}

/* ---- owners: process 1 has what has an inode ---- */

static const char *owners_wrong;

const char *owners_find(struct table *table, const uint32_t *inodes)
{
    table->owners = calloc(table->count + 1, sizeof(*table->owners));
    assert_non_null(table->owners);
    for (size_t i = 0; i < table->count; i++) {
        if (inodes[i] != 0) {
            table->rows[i].first_owner = table->owner_count;
            table->rows[i].owners = 1;
            table->owners[table->owner_count++] = (struct table_owner){inodes[i], strdup("x")};
        }
    }
    return owners_wrong;
}

/* ---- */

static int begin(void **state)
{
    (void)state;
    socket_count = 0;
    memset(errors, 0, sizeof(errors));
    asked = 0;
    gives_all_states = false;
    owners_wrong = NULL;
    return 0;
}

static struct connection_end end(const char *address, uint16_t port)
{
    struct connection_end made = {.port = htons(port)};

    assert_true(inet_pton(strchr(address, ':') ? AF_INET6 : AF_INET, address, made.address) == 1);
    return made;
}

static struct diag_socket *add(const char *local, const char *remote, uint8_t state)
{
    struct diag_socket *made = &sockets[socket_count++];

    *made = (struct diag_socket){
        .connection =
            {
                .local = end(local, 80),
                .remote = end(remote, state == TCP_LISTEN ? 0 : 81),
                .family = strchr(local, ':') ? CONNECTION_IPV6 : CONNECTION_IPV4,
            },
        .state = state,
        .cookie = {(uint32_t)socket_count, 1},
        .inode = 1000 + (uint32_t)socket_count,
    };
    return made;
}

static const char *read_wrong(uint32_t families, uint32_t states, struct table *table_out)
{
    const struct table_wish wish = {.families = families, .states = states};

    return table_read(&wish, table_out);
}

static struct table read_table(uint32_t families, uint32_t states)
{
    struct table table;

    assert_null(read_wrong(families, states, &table));
    return table;
}

static void expect_row(const struct table_row *row, const char *local, const char *remote)
{
    const struct connection_end wanted_local = end(local, 80);
    const struct connection_end wanted_remote = end(remote, row->state == STATE_LISTEN ? 0 : 81);

    assert_int_equal(row->connection.family,
                     strchr(local, ':') ? CONNECTION_IPV6 : CONNECTION_IPV4);
    assert_memory_equal(&row->connection.local, &wanted_local, sizeof(wanted_local));
    assert_memory_equal(&row->connection.remote, &wanted_remote, sizeof(wanted_remote));
}

/* ---- tests ---- */

static void a_socket_becomes_a_row_with_its_cookie_as_identity(void **state)
{
    struct table table;

    (void)state;
    add("127.0.0.1", "127.0.0.2", TCP_ESTABLISHED)->cookie[1] = 0xFFFFFFFF;
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 1);
    expect_row(&table.rows[0], "127.0.0.1", "127.0.0.2");
    assert_int_equal(table.rows[0].state, STATE_ESTABLISHED);
    assert_true(table.rows[0].identity == 0xFFFFFFFF00000001);
    assert_int_equal(table.rows[0].owners, 0);
    table_free(&table);
}

static void every_state_of_the_kernel_has_a_name(void **state)
{
    static const enum tcp_state names[STATES_OF_KERNEL] = {
        [TCP_ESTABLISHED] = STATE_ESTABLISHED,
        [TCP_SYN_SENT] = STATE_SYN_SENT,
        [TCP_SYN_RECV] = STATE_SYN_RECEIVED,
        [TCP_FIN_WAIT1] = STATE_FIN_WAIT_1,
        [TCP_FIN_WAIT2] = STATE_FIN_WAIT_2,
        [TCP_TIME_WAIT] = STATE_TIME_WAIT,
        [TCP_CLOSE] = STATE_CLOSED,
        [TCP_CLOSE_WAIT] = STATE_CLOSE_WAIT,
        [TCP_LAST_ACK] = STATE_LAST_ACK,
        [TCP_LISTEN] = STATE_LISTEN,
        [TCP_CLOSING] = STATE_CLOSING,
        [NEW_SYN_RECV] = STATE_SYN_RECEIVED,
    };
    struct table table;

    (void)state;
    for (int i = 0; i < STATES_OF_KERNEL; i++) {
        socket_count = 0;
        add("127.0.0.1", "127.0.0.2", (uint8_t)i);
        table = read_table(BOTH, STATES_ALL);
        assert_int_equal(table.count, names[i] == 0 ? 0 : 1);
        assert_int_equal(table.count == 1 ? table.rows[0].state : 0, names[i]);
        table_free(&table);
        asked = 0;
    }
}

static void a_state_that_nobody_knows_is_left_out(void **state)
{
    static const uint8_t unknown[] = {0, STATES_OF_KERNEL - 1, 200};
    struct table table;

    (void)state;
    gives_all_states = true;
    for (size_t i = 0; i < sizeof(unknown); i++) {
        add("127.0.0.1", "127.0.0.2", unknown[i]);
    }
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 0);
    table_free(&table);
}

static void the_kernel_is_asked_for_the_states_that_are_wished_for(void **state)
{
    struct table table;

    (void)state;
    table = read_table(BOTH, STATE_BIT(STATE_SYN_RECEIVED) | STATE_BIT(STATE_TIME_WAIT));
    assert_int_equal(asked_states, 1u << TCP_SYN_RECV | 1u << NEW_SYN_RECV | 1u << TCP_TIME_WAIT);
    table_free(&table);
    table = read_table(BOTH, STATE_BIT(STATE_LISTEN));
    assert_int_equal(asked_states, 1u << TCP_LISTEN);
    table_free(&table);
}

static void ipv4_over_ipv6_sockets_is_ipv4_also_where_that_alone_is_wished_for(void **state)
{
    static const uint32_t families[] = {BOTH, 1u << CONNECTION_IPV4};
    struct table table;

    (void)state;
    add("::ffff:10.0.0.1", "::ffff:10.0.0.2", TCP_ESTABLISHED)->interface = INTERFACE;
    for (size_t i = 0; i < 2; i++) {
        table = read_table(families[i], STATES_ALL);
        assert_int_equal(table.count, 1);
        expect_row(&table.rows[0], "10.0.0.1", "10.0.0.2");
        table_free(&table);
    }
}

static void listeners_are_of_the_family_for_which_they_listen(void **state)
{
    struct table table;

    (void)state;
    add("::ffff:10.0.0.1", "::", TCP_LISTEN);
    add("::", "::", TCP_LISTEN); /* for both */
    add("0.0.0.0", "0.0.0.0", TCP_LISTEN);
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 3);
    expect_row(&table.rows[0], "10.0.0.1", "0.0.0.0");
    expect_row(&table.rows[1], "0.0.0.0", "0.0.0.0");
    expect_row(&table.rows[2], "::", "::");
    table_free(&table);
}

static void ipv6_whose_ends_are_not_both_mapped_stays_ipv6(void **state)
{
    struct table table;

    (void)state;
    add("::ffff:10.0.0.1", "fd00::1", TCP_ESTABLISHED);
    add("::fffe:10.0.0.1", "::fffe:10.0.0.2", TCP_ESTABLISHED);
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 2);
    expect_row(&table.rows[0], "::ffff:10.0.0.1", "fd00::1");
    expect_row(&table.rows[1], "::fffe:10.0.0.1", "::fffe:10.0.0.2");
    table_free(&table);
}

static void a_family_that_is_not_wished_for_is_left_out(void **state)
{
    struct table table;

    (void)state;
    add("127.0.0.1", "127.0.0.2", TCP_ESTABLISHED);
    add("::ffff:127.0.0.1", "::ffff:127.0.0.2", TCP_ESTABLISHED);
    add("::1", "::2", TCP_ESTABLISHED);
    table = read_table(1u << CONNECTION_IPV6, STATES_ALL);
    assert_int_equal(table.count, 1);
    assert_int_equal(asked, 1);
    expect_row(&table.rows[0], "::1", "::2");
    table_free(&table);
    asked = 0;
    table = read_table(1u << CONNECTION_IPV4, STATES_ALL);
    assert_int_equal(table.count, 2);
    table_free(&table);
}

static void link_local_ends_have_the_scope_of_the_sockets_interface(void **state)
{
    struct table table;

    (void)state;
    add("fe80::1", "febf::2", TCP_ESTABLISHED)->interface = INTERFACE;
    add("fd00::1", "fe80::2", TCP_ESTABLISHED)->interface = INTERFACE;
    add("fe80::1", "fe80::2", TCP_ESTABLISHED);
    add("fec0::1", "fd00::2", TCP_ESTABLISHED)->interface = INTERFACE;
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 4);
    assert_int_equal(table.rows[0].connection.local.scope_id, INTERFACE);
    assert_int_equal(table.rows[0].connection.remote.scope_id, INTERFACE);
    assert_int_equal(table.rows[1].connection.local.scope_id, 0);
    assert_int_equal(table.rows[1].connection.remote.scope_id, INTERFACE);
    expect_row(&table.rows[2], "fe80::1", "fe80::2");
    expect_row(&table.rows[3], "fec0::1", "fd00::2");
    table_free(&table);
}

static void one_that_is_listed_twice_is_one_row_and_those_without_identity_are_two(void **state)
{
    struct table table;

    (void)state;
    add("127.0.0.1", "127.0.0.2", TCP_ESTABLISHED);
    add("127.0.0.3", "127.0.0.4", TCP_ESTABLISHED);
    sockets[socket_count++] = sockets[0];
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 2);
    expect_row(&table.rows[0], "127.0.0.1", "127.0.0.2");
    expect_row(&table.rows[1], "127.0.0.3", "127.0.0.4");
    table_free(&table);
    for (size_t i = 0; i < socket_count; i++) {
        sockets[i].cookie[0] = sockets[i].cookie[1] = 0;
    }
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 3);
    table_free(&table);
}

static void owners_are_of_the_rows_whose_sockets_they_have(void **state)
{
    const struct table_wish wish = {.families = BOTH, .states = STATES_ALL, .owners = true};
    struct table table;

    (void)state;
    add("::1", "::2", TCP_ESTABLISHED);
    add("127.0.0.1", "127.0.0.2", TCP_TIME_WAIT)->inode = 0;
    add("127.0.0.3", "127.0.0.4", TCP_ESTABLISHED)->cookie[0] = 0; /* so it is the first */
    assert_null(table_read(&wish, &table));
    assert_int_equal(table.count, 3);
    assert_int_equal(table.owners[table.rows[0].first_owner].process, sockets[2].inode);
    assert_int_equal(table.rows[1].owners, 0);
    assert_int_equal(table.owners[table.rows[2].first_owner].process, sockets[0].inode);
    table_free(&table);
    assert_int_equal(table.count + table.owner_count, 0);
    owners_wrong = "it rains";
    asked = 0;
    assert_string_equal(table_read(&wish, &table), "it rains");
}

static void a_list_that_changed_too_much_is_read_again_from_its_beginning(void **state)
{
    struct table table;

    (void)state;
    add("127.0.0.1", "127.0.0.2", TCP_ESTABLISHED)->cookie[0] = 0;
    sockets[0].cookie[1] = 0; /* doubles would stay */
    errors[0] = EAGAIN;
    errors[1] = ENOBUFS;
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, 1);
    assert_int_equal(asked, 4);
    table_free(&table);
}

static void what_the_kernel_refuses_is_said(void **state)
{
    static const struct
    {
        int error;
        const char *words;
    } cases[] = {
        {ENOENT,
         "Linux does not list its TCP connections: it lacks the modules tcp_diag and inet_diag"},
        {EPROTONOSUPPORT,
         "Linux does not list its TCP connections: it lacks the modules tcp_diag and inet_diag"},
        {EACCES, "Linux does not list its TCP connections: Permission denied"},
    };
    struct table table;

    (void)state;
    add("127.0.0.1", "127.0.0.2", TCP_ESTABLISHED);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(NULL);
        errors[i % 2] = cases[i].error; /* of either family */
        assert_string_equal(read_wrong(BOTH, STATES_ALL, &table), cases[i].words);
    }
    begin(NULL);
    errors[0] = errors[1] = errors[2] = EAGAIN;
    assert_string_equal(
        read_wrong(BOTH, STATES_ALL, &table),
        "Linux does not list its TCP connections: they change faster than they can be read");
}

static void a_crowd_is_listed_as_a_whole_in_the_order_of_identities(void **state)
{
    struct table table;

    (void)state;
    for (uint32_t i = 0; i < SOCKETS; i++) {
        add("127.0.0.1", "127.0.0.2", TCP_ESTABLISHED)->cookie[0] = i * 7919 % SOCKETS + 1;
    }
    table = read_table(BOTH, STATES_ALL);
    assert_int_equal(table.count, SOCKETS);
    for (uint32_t i = 0; i < SOCKETS; i++) {
        assert_true(table.rows[i].identity == (1ull << 32 | (i + 1)));
    }
    table_free(&table);
}

static int make_sockets(void **state)
{
    (void)state;
    sockets = calloc(SOCKETS, sizeof(*sockets));
    return sockets ? 0 : -1;
}

static int free_sockets(void **state)
{
    (void)state;
    free(sockets);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_socket_becomes_a_row_with_its_cookie_as_identity),
        TEST(every_state_of_the_kernel_has_a_name),
        TEST(a_state_that_nobody_knows_is_left_out),
        TEST(the_kernel_is_asked_for_the_states_that_are_wished_for),
        TEST(ipv4_over_ipv6_sockets_is_ipv4_also_where_that_alone_is_wished_for),
        TEST(listeners_are_of_the_family_for_which_they_listen),
        TEST(ipv6_whose_ends_are_not_both_mapped_stays_ipv6),
        TEST(a_family_that_is_not_wished_for_is_left_out),
        TEST(link_local_ends_have_the_scope_of_the_sockets_interface),
        TEST(one_that_is_listed_twice_is_one_row_and_those_without_identity_are_two),
        TEST(owners_are_of_the_rows_whose_sockets_they_have),
        TEST(a_list_that_changed_too_much_is_read_again_from_its_beginning),
        TEST(what_the_kernel_refuses_is_said),
        TEST(a_crowd_is_listed_as_a_whole_in_the_order_of_identities),
    };

    return cmocka_run_group_tests(tests, make_sockets, free_sockets);
}

/* SPDX-License-Identifier: MIT */
/* The script's rows as Windows' functions list them: layouts, sizes, order, states. */
#include "tables.h"

#include "endpoint_text.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

#include <iphlpapi.h>

static char text[1024];
static struct script script;
static size_t closed_row;

static bool is_open(size_t row)
{
    return row != closed_row;
}

static int read_rows(void **state)
{
    static const char rows[] = "row 10.0.0.2:443 1.2.3.4:6 ESTABLISHED pid 7\n"
                               "row 10.0.0.2:80 1.2.3.4:5 TIME_WAIT\n"
                               "row 0.0.0.0:80 * LISTEN pid 8\n"
                               "row [fe80::1%3]:80 [fe80::2%4]:9 ESTABLISHED pid 9\n"
                               "row [::]:80 * LISTEN pid 8\n";
    struct script_error error;

    (void)state;
    closed_row = SIZE_MAX;
    memcpy(text, rows, sizeof(rows));
    return script_read(text, sizeof(rows) - 1, &script, &error) ? 0 : -1;
}

static int free_rows(void **state)
{
    (void)state;
    script_free(&script);
    return 0;
}

/* Into a block of exactly the bytes that it asks for; the caller frees it. */
static void *list(const struct tables_wish *wish, DWORD expected_bytes)
{
    DWORD bytes = 0;
    void *table;

    assert_int_equal(tables_write(&script, is_open, wish, NULL, &bytes), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(bytes, expected_bytes);
    table = malloc(bytes);
    assert_non_null(table);
    bytes--;
    assert_int_equal(tables_write(&script, is_open, wish, table, &bytes),
                     ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(bytes, expected_bytes);
    assert_int_equal(tables_write(&script, is_open, wish, table, &bytes), NO_ERROR);
    assert_int_equal(bytes, expected_bytes);
    return table;
}

static void a_table_without_a_place_for_its_size_is_refused(void **state)
{
    const struct tables_wish wish = {.family = CONNECTION_IPV4, .states = STATES_ALL};
    char room[1024];

    (void)state;
    assert_int_equal(tables_write(&script, is_open, &wish, room, NULL), ERROR_INVALID_PARAMETER);
}

static void rows_are_in_the_scripts_order_or_sorted_by_local_and_remote_end(void **state)
{
    struct tables_wish wish = {.family = CONNECTION_IPV4, .states = STATES_ALL};
    MIB_TCPTABLE *table = list(&wish, 4 + 3 * 20);

    (void)state;
    assert_int_equal(table->dwNumEntries, 3);
    assert_int_equal(table->table[0].dwLocalPort, htons(443));
    assert_int_equal(table->table[1].dwLocalPort, htons(80));
    assert_int_equal(table->table[2].dwLocalAddr, 0);
    free(table);
    wish.sorted = true;
    table = list(&wish, 4 + 3 * 20);
    assert_int_equal(table->table[0].dwLocalAddr, 0);
    assert_int_equal(table->table[1].dwLocalPort, htons(80));
    assert_int_equal(table->table[2].dwLocalPort, htons(443));
    free(table);
}

static void a_row_has_state_addresses_and_ports_in_network_byte_order(void **state)
{
    const struct tables_wish wish = {.family = CONNECTION_IPV4, .states = STATES_ALL};
    MIB_TCPTABLE *table = list(&wish, 4 + 3 * 20);

    (void)state;
    assert_int_equal(table->table[0].dwState, MIB_TCP_STATE_ESTAB);
    assert_memory_equal(&table->table[0].dwLocalAddr, "\x0A\0\0\x02", 4);
    assert_memory_equal(&table->table[0].dwRemoteAddr, "\x01\x02\x03\x04", 4);
    assert_int_equal(table->table[0].dwRemotePort, htons(6));
    assert_int_equal(table->table[1].dwState, MIB_TCP_STATE_TIME_WAIT);
    assert_int_equal(table->table[2].dwState, MIB_TCP_STATE_LISTEN);
    assert_int_equal(table->table[2].dwRemotePort, 0);
    free(table);
}

static void a_closed_row_is_gone(void **state)
{
    const struct tables_wish wish = {.family = CONNECTION_IPV4, .states = STATES_ALL};
    MIB_TCPTABLE *table;

    (void)state;
    closed_row = 0;
    table = list(&wish, 4 + 2 * 20);
    assert_int_equal(table->dwNumEntries, 2);
    assert_int_equal(table->table[0].dwLocalPort, htons(80));
    free(table);
}

static void a_table_of_nothing_has_its_number_alone(void **state)
{
    const struct tables_wish wish = {.family = CONNECTION_IPV4, .states = STATE_BIT(STATE_CLOSING)};
    MIB_TCPTABLE *table = list(&wish, 4);

    (void)state;
    assert_int_equal(table->dwNumEntries, 0);
    free(table);
}

static void the_second_form_has_the_process(void **state)
{
    const struct tables_wish wish = {
        .family = CONNECTION_IPV4, .form = FORM_TWO, .states = STATES_ALL};
    MIB_TCPTABLE2 *table = list(&wish, 4 + 3 * 28);

    (void)state;
    assert_int_equal(table->table[0].dwOwningPid, 7);
    assert_int_equal(table->table[0].dwOffloadState, TcpConnectionOffloadStateInHost);
    assert_int_equal(table->table[2].dwOwningPid, 8);
    assert_int_equal(table->table[2].dwLocalPort, htons(80));
    free(table);
}

static void the_forms_with_owners_have_the_process(void **state)
{
    struct tables_wish wish = {
        .family = CONNECTION_IPV4, .form = FORM_OWNER_PID, .states = STATES_ALL};
    MIB_TCPTABLE_OWNER_PID *by_pid = list(&wish, 4 + 3 * 24);
    MIB_TCPTABLE_OWNER_MODULE *by_module;

    (void)state;
    assert_int_equal(by_pid->table[0].dwOwningPid, 7);
    assert_int_equal(by_pid->table[2].dwState, MIB_TCP_STATE_LISTEN);
    free(by_pid);
    wish.form = FORM_OWNER_MODULE;
    by_module = list(&wish, 8 + 3 * 160);
    assert_int_equal(by_module->dwNumEntries, 3);
    assert_int_equal(by_module->table[2].dwOwningPid, 8);
    assert_int_equal(by_module->table[2].dwState, MIB_TCP_STATE_LISTEN);
    free(by_module);
}

static void rows_of_ipv6_have_scopes_in_every_form(void **state)
{
    struct tables_wish wish = {.family = CONNECTION_IPV6, .states = STATES_ALL};
    MIB_TCP6TABLE *plain = list(&wish, 4 + 2 * 52);
    MIB_TCP6TABLE2 *two;
    MIB_TCP6TABLE_OWNER_PID *by_pid;
    MIB_TCP6TABLE_OWNER_MODULE *by_module;

    (void)state;
    assert_int_equal(plain->table[0].State, MIB_TCP_STATE_ESTAB);
    assert_int_equal(plain->table[0].LocalAddr.s6_addr[15], 1);
    assert_int_equal(plain->table[0].dwLocalScopeId, 3);
    assert_int_equal(plain->table[0].dwRemoteScopeId, 4);
    assert_int_equal(plain->table[0].dwRemotePort, htons(9));
    free(plain);
    wish.form = FORM_TWO;
    two = list(&wish, 4 + 2 * 60);
    assert_int_equal(two->table[0].RemoteAddr.s6_addr[15], 2);
    assert_int_equal(two->table[0].dwRemoteScopeId, 4);
    assert_int_equal(two->table[0].State, MIB_TCP_STATE_ESTAB);
    assert_int_equal(two->table[0].dwOwningPid, 9);
    free(two);
    wish.form = FORM_OWNER_PID;
    by_pid = list(&wish, 4 + 2 * 56);
    assert_int_equal(by_pid->table[0].ucRemoteAddr[15], 2);
    assert_int_equal(by_pid->table[0].dwLocalScopeId, 3);
    assert_int_equal(by_pid->table[0].dwOwningPid, 9);
    free(by_pid);
    wish.form = FORM_OWNER_MODULE;
    by_module = list(&wish, 8 + 2 * 192);
    assert_int_equal(by_module->table[0].ucLocalAddr[0], 0xFE);
    assert_int_equal(by_module->table[1].dwState, MIB_TCP_STATE_LISTEN);
    assert_int_equal(by_module->table[1].dwOwningPid, 8);
    free(by_module);
}

static void a_class_says_which_states_in_which_form(void **state)
{
    static const uint32_t listener = STATE_BIT(STATE_LISTEN);
    static const struct
    {
        enum tables_form form;
        uint32_t states;
    } classes[] = {
        [TCP_TABLE_BASIC_LISTENER] = {FORM_PLAIN, listener},
        [TCP_TABLE_BASIC_CONNECTIONS] = {FORM_PLAIN, STATES_ALL ^ listener},
        [TCP_TABLE_BASIC_ALL] = {FORM_PLAIN, STATES_ALL},
        [TCP_TABLE_OWNER_PID_LISTENER] = {FORM_OWNER_PID, listener},
        [TCP_TABLE_OWNER_PID_CONNECTIONS] = {FORM_OWNER_PID, STATES_ALL ^ listener},
        [TCP_TABLE_OWNER_PID_ALL] = {FORM_OWNER_PID, STATES_ALL},
        [TCP_TABLE_OWNER_MODULE_LISTENER] = {FORM_OWNER_MODULE, listener},
        [TCP_TABLE_OWNER_MODULE_CONNECTIONS] = {FORM_OWNER_MODULE, STATES_ALL ^ listener},
        [TCP_TABLE_OWNER_MODULE_ALL] = {FORM_OWNER_MODULE, STATES_ALL},
    };
    struct tables_wish wish;

    (void)state;
    for (int i = 0; i <= TCP_TABLE_OWNER_MODULE_ALL; i++) {
        assert_true(tables_read_class(i, &wish));
        assert_int_equal(wish.form, classes[i].form);
        assert_int_equal(wish.states, classes[i].states);
    }
    assert_false(tables_read_class(-1, &wish));
    assert_false(tables_read_class(TCP_TABLE_OWNER_MODULE_ALL + 1, &wish));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, read_rows, free_rows)
        TEST(a_table_without_a_place_for_its_size_is_refused),
        TEST(rows_are_in_the_scripts_order_or_sorted_by_local_and_remote_end),
        TEST(a_row_has_state_addresses_and_ports_in_network_byte_order),
        TEST(a_closed_row_is_gone),
        TEST(a_table_of_nothing_has_its_number_alone),
        TEST(the_second_form_has_the_process),
        TEST(the_forms_with_owners_have_the_process),
        TEST(rows_of_ipv6_have_scopes_in_every_form),
        TEST(a_class_says_which_states_in_which_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "linux_process.h"

#include "testing.h"

#include <string.h>

#define REST " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "

static bool reads(const char *text, struct linux_process *process_out)
{
    return linux_process_read(text, (DWORD)strlen(text), process_out);
}

static void a_running_process_lives_and_has_its_start_time(void **state)
{
    struct linux_process process;

    (void)state;
    assert_true(reads("4711 (settcpentry-hos) S" REST "1234567890123 20 21\n", &process));
    assert_true(process.lives);
    assert_true(process.start_time == 1234567890123U);
}

static void a_process_that_nobody_has_waited_for_does_not_live(void **state)
{
    struct linux_process process;

    (void)state;
    assert_true(reads("4711 (settcpentry-hos) Z" REST "77 20 21\n", &process));
    assert_false(process.lives);
    assert_true(reads("4711 (settcpentry-hos) X" REST "77 20 21\n", &process));
    assert_false(process.lives);
}

static void the_helper_is_known_by_its_whole_name(void **state)
{
    struct linux_process process;

    (void)state;
    assert_true(reads("4711 (settcpentry-hos) S" REST "77 20\n", &process));
    assert_true(process.is_helper);
    assert_true(reads("4711 (ettcpentry-hos) S" REST "77 20\n", &process));
    assert_false(process.is_helper);
    assert_true(reads("4711 (settcpentry-hosx) S" REST "77 20\n", &process));
    assert_false(process.is_helper);
    assert_true(reads("4711 () S" REST "77 20\n", &process));
    assert_false(process.is_helper);
}

static void a_name_may_hold_anything(void **state)
{
    struct linux_process process;

    (void)state;
    assert_true(reads("4711 (a) Z 1 (b) R" REST "77 20\n", &process));
    assert_true(process.lives);
    assert_int_equal(process.start_time, 77);
}

static void other_text_is_refused_at_every_length(void **state)
{
    static const char text[] = "4711 (settcpentry-hos) S" REST;
    struct linux_process process;

    (void)state;
    for (DWORD length = 0; length < sizeof(text); length++) {
        assert_false(linux_process_read(text, length, &process));
    }
    assert_false(reads("no such file", &process));
    assert_false(reads("4711 (x) S" REST "x\n", &process));
}

#define HEADING                                                                                    \
    "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode   "  \
    "\n"
#define SOCKET "0000000000000000 4   4711       00000000 0        0        0     2        0        "

static bool has(const char *text, DWORD inode)
{
    return linux_network_has(text, (DWORD)strlen(text), inode);
}

static void a_socket_in_the_table_is_in_this_network(void **state)
{
    (void)state;
    assert_true(has(HEADING SOCKET "12     \n" SOCKET "4294967295\n", 12));
    assert_true(has(HEADING SOCKET "12     \n" SOCKET "4294967295\n", 4294967295U));
}

static void a_socket_that_is_not_in_the_table_is_not(void **state)
{
    (void)state;
    assert_false(has(HEADING SOCKET "12     \n", 2));
    assert_false(has(HEADING SOCKET "12     \n", 1));
    assert_false(has(HEADING SOCKET "12     \n", 123));
    assert_false(has(HEADING SOCKET "12     \n", 4711));  /* another column */
    assert_false(has(HEADING SOCKET "4294967308\n", 12)); /* 2^32 more */
    assert_false(has(HEADING, 0));
    assert_false(has("", 0));
    assert_false(has("\n\n", 0));
}

static void a_line_that_was_cut_off_is_not_looked_at(void **state)
{
    (void)state;
    assert_false(has(HEADING SOCKET "12", 12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_process_lives_and_has_its_start_time),
        cmocka_unit_test(a_process_that_nobody_has_waited_for_does_not_live),
        cmocka_unit_test(the_helper_is_known_by_its_whole_name),
        cmocka_unit_test(a_name_may_hold_anything),
        cmocka_unit_test(a_socket_in_the_table_is_in_this_network),
        cmocka_unit_test(a_socket_that_is_not_in_the_table_is_not),
        cmocka_unit_test(a_line_that_was_cut_off_is_not_looked_at),
        cmocka_unit_test(other_text_is_refused_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

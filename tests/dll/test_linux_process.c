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

static void one_that_runs_or_waits_for_a_disk_is_at_work(void **state)
{
    static const struct
    {
        const char *text;
        bool is_at_work;
    } cases[] = {
        {"4711 (settcpentry-hos) R" REST "77 20\n", true},
        {"4711 (settcpentry-hos) D" REST "77 20\n", true},
        {"4711 (settcpentry-hos) S" REST "77 20\n", false},
        {"4711 (settcpentry-hos) T" REST "77 20\n", false},
        {"4711 (settcpentry-hos) Z" REST "77 20\n", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct linux_process process;

        assert_true(reads(cases[i].text, &process));
        assert_int_equal(process.is_at_work, cases[i].is_at_work);
    }
}

#define ENDS_WITH(text, argument) linux_command_line_ends_with(text, sizeof(text) - 1, L"" argument)

static void a_command_line_ends_with_its_last_argument_and_with_all_of_it(void **state)
{
    (void)state;
    assert_true(ENDS_WITH("host\0--page\0/dev/shm/a\0", "/dev/shm/a"));
    assert_false(ENDS_WITH("host\0--page\0/dev/shm/a\0", "/dev/shm/b"));
    assert_false(ENDS_WITH("host\0--page\0/dev/shm/a\0", "--page"));
    assert_false(ENDS_WITH("host\0--page\0/dev/shm/a\0", "shm/a"));
    assert_false(ENDS_WITH("host\0--page\0/dev/shm/ab\0", "/dev/shm/a"));
    assert_false(ENDS_WITH("host\0--page\0/dev/shm/a", "/dev/shm/a"));
    assert_false(ENDS_WITH("/dev/shm/a\0", "/dev/shm/a")); /* that is its name */
    assert_false(ENDS_WITH("", "/dev/shm/a"));
    assert_false(ENDS_WITH("\0", "/dev/shm/a"));
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

#define SOCKET "0000000000000000 4   4711       00000000 0        0        0     2        0        "

static bool has(const char *line, DWORD inode)
{
    return linux_network_line_has(&inode, line, (DWORD)strlen(line));
}

static void a_line_of_the_network_has_its_inode_at_its_end(void **state)
{
    (void)state;
    assert_true(has(SOCKET "12     ", 12));
    assert_true(has(SOCKET "4294967295", 4294967295U));
}

static void a_line_of_the_network_has_no_other_inode(void **state)
{
    (void)state;
    assert_false(has(SOCKET "12     ", 2));
    assert_false(has(SOCKET "12     ", 1));
    assert_false(has(SOCKET "12     ", 123));
    assert_false(has(SOCKET "12     ", 4711));  /* another column */
    assert_false(has(SOCKET "4294967308", 12)); /* 2^32 more */
    assert_false(
        has("sk               Eth Pid        Groups   Dump  Locks    Drops    Inode   ", 0));
    assert_false(has("", 0));
    assert_false(has("   ", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_process_lives_and_has_its_start_time),
        cmocka_unit_test(a_process_that_nobody_has_waited_for_does_not_live),
        cmocka_unit_test(one_that_runs_or_waits_for_a_disk_is_at_work),
        cmocka_unit_test(a_command_line_ends_with_its_last_argument_and_with_all_of_it),
        cmocka_unit_test(the_helper_is_known_by_its_whole_name),
        cmocka_unit_test(a_name_may_hold_anything),
        cmocka_unit_test(a_line_of_the_network_has_its_inode_at_its_end),
        cmocka_unit_test(a_line_of_the_network_has_no_other_inode),
        cmocka_unit_test(other_text_is_refused_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

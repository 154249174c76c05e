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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_process_lives_and_has_its_start_time),
        cmocka_unit_test(a_process_that_nobody_has_waited_for_does_not_live),
        cmocka_unit_test(a_name_may_hold_anything),
        cmocka_unit_test(other_text_is_refused_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

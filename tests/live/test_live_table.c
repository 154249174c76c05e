/* SPDX-License-Identifier: MIT */
/*
 * A Windows program closes a connection of its own by the row that it finds in the TCP table.
 *   test_live_table TABLE
 */
#include "testing.h"

#include "pair.h"
#include "under_wine.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *table;

static void expect_reset(int connection)
{
    char byte;

    assert_true(connection >= 0);
    assert_int_equal(recv(connection, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
    close(connection);
}

static void it_is_closed_and_another_one_to_the_same_listener_is_not(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    char name[PAIR_NAME_CHARS];
    const char *const arguments[] = {name, NULL};
    struct wine_answer answer;
    struct pair other;

    (void)state;
    pair_open(&other, listener, getuid());
    pair_name(&other.server.address, name);
    answer = wine_run(table, arguments);
    assert_true(wine_answered(&answer, 0, 0));
    assert_int_equal(answer.status, 0); /* it saw the end */
    expect_reset(accept(listener, NULL, NULL));
    assert_int_equal(pair_ping(&other), PAIR_ALIVE);
    pair_close(&other);
    close(listener);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_closed_and_another_one_to_the_same_listener_is_not),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_live_table TABLE\n");
        return 2;
    }
    table = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

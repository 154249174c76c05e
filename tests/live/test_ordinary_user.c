/* SPDX-License-Identifier: MIT */
/*
 * What a user who is not root can have closed.  Run by ordinary_user.sh, as root.
 *   test_ordinary_user CLOSE_CONNECTION USER_ID WINE_PREFIX BARE_HELPER
 */
#include "testing.h"

#include "pair.h"
#include "wine.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum
{
    OK = 0,
    ACCESS_DENIED = 5,
    NOT_FOUND = 317,
    NOT_FOUND_PRECISELY = 1168,
    PRIVILEGE_NOT_HELD = 1314,
};

static const char *close_connection;
static uid_t user;
static const char *bare_helper; /* without the capability */

static void expect(const struct pair_end *local, const struct pair_end *remote, long code,
                   unsigned long last_error)
{
    const struct wine_answer answer =
        wine_close_connection(close_connection, &local->address, &remote->address);

    assert_int_equal(answer.code, code);
    assert_int_equal(answer.last_error, last_error);
}

static void a_users_own_connection_is_closed(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, user);
    expect(&pair.client, &pair.server, OK, 0);
    assert_int_not_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

static void roots_connection_is_5_and_lives(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, 0);
    expect(&pair.client, &pair.server, ACCESS_DENIED, ACCESS_DENIED);
    expect(&pair.server, &pair.client, ACCESS_DENIED, ACCESS_DENIED);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

static void an_orphan_is_317_even_if_it_was_the_users(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, user);
    pair_end_process(&pair.client); /* the server's end stays open: FIN_WAIT2 */
    assert_int_equal(pair_saw(&pair.server), 0);
    expect(&pair.client, &pair.server, NOT_FOUND, NOT_FOUND_PRECISELY);
    pair_end_process(&pair.server);
    close(listener);
}

static void a_helper_without_the_capability_is_5_and_1314(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, user);
    setenv("SETTCPENTRY_HOST", bare_helper, 1);
    expect(&pair.client, &pair.server, ACCESS_DENIED, PRIVILEGE_NOT_HELD);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_users_own_connection_is_closed),
        cmocka_unit_test(roots_connection_is_5_and_lives),
        cmocka_unit_test(an_orphan_is_317_even_if_it_was_the_users),
        cmocka_unit_test(a_helper_without_the_capability_is_5_and_1314),
    };

    if (argc != 5) {
        fprintf(stderr,
                "usage: test_ordinary_user CLOSE_CONNECTION USER_ID WINE_PREFIX BARE_HELPER\n");
        return 2;
    }
    close_connection = argv[1];
    user = (uid_t)strtoul(argv[2], NULL, 10);
    wine_as(user, argv[3]);
    bare_helper = argv[4];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

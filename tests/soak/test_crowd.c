/* SPDX-License-Identifier: MIT */
/*
 * Many Windows programs, each of which drops one connection of its own.
 *   test_crowd CALLER AT_ONCE ONE_BY_ONE    how many at the same time; how many starts and ends
 */
#include "testing.h"

#include "helpers.h"
#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    LISTENERS = 4,
    PATIENCE_MS = 400000,
};

#define BOARD_NAME "crowd"

static const char *caller;
static uint32_t at_once;
static uint32_t one_by_one;
static int listeners[LISTENERS];

static struct board *board;
static struct ends *ends;

static void open_all(uint32_t count)
{
    board = board_make(BOARD_NAME, count);
    board->calls_each = 1;
    ends = calloc(count, sizeof(*ends));
    for (uint32_t i = 0; i < count; i++) {
        struct connection connection;

        ends[i] = ends_open(listeners[i % LISTENERS]);
        connection = ends_connection(ends[i].client);
        board_post(&board->calls[i], &connection);
    }
}

static void close_all(void)
{
    for (uint32_t i = 0; i < board->size; i++) {
        ends_close(&ends[i]);
    }
    free(ends);
    board_end(board, BOARD_NAME);
}

static uint32_t count_dropped(void)
{
    uint32_t dropped = 0;

    for (uint32_t i = 0; i < board->size; i++) {
        const struct board_call *const call = &board->calls[i];
        const bool is_dropped = ends_are_dropped(&ends[i]);

        dropped += call->answers == 1 && call->code == 0 && is_dropped;
        if (call->answers != 1 || call->code != 0 || !is_dropped) {
            print_message("%u: answered %u times, %u, LastError %u, %s\n", i, call->answers,
                          call->code, call->last_error, is_dropped ? "dropped" : "not dropped");
        }
    }
    return dropped;
}

static uint32_t count_failed(uint32_t programs)
{
    uint32_t failed = 0;

    for (uint32_t i = 0; i < programs; i++) {
        int status;

        assert_true(wait(&status) > 0);
        failed += status != 0;
    }
    return failed;
}

/* All are there before the first calls. */
static void start_all(void)
{
    const long start = soak_milliseconds();

    for (uint32_t i = 0; i < board->size; i++) {
        board_start(caller, BOARD_NAME, 1);
    }
    while (__atomic_load_n(&board->ready, __ATOMIC_SEQ_CST) < board->size) {
        assert_true(soak_milliseconds() - start < PATIENCE_MS);
        usleep(1000);
    }
    __atomic_store_n(&board->go, 1, __ATOMIC_RELEASE);
}

static void of_many_programs_at_once_each_drops_its_own(void **state)
{
    const long start = soak_milliseconds();
    uint32_t failed;
    uint32_t dropped;

    (void)state;
    open_all(at_once);
    start_all();
    failed = count_failed(at_once);
    dropped = count_dropped();
    print_message("crowd: %u of %u dropped by as many programs at once, %u of which failed, "
                  "longest call %u ms, %ld s\n",
                  dropped, at_once, failed, board->longest_ms,
                  (soak_milliseconds() - start + 500) / 1000);
    assert_int_equal(failed, 0);
    assert_true(soak_is_in_time(board->longest_ms));
    assert_int_equal(dropped, at_once);
    assert_true(helpers_are_gone());
    close_all();
}

static void of_many_programs_one_after_the_other_each_drops_its_own(void **state)
{
    const long start = soak_milliseconds();
    uint32_t failed = 0;
    uint32_t dropped;

    (void)state;
    open_all(one_by_one);
    board->go = 1;
    for (uint32_t i = 0; i < one_by_one; i++) {
        board_start(caller, BOARD_NAME, 1);
        failed += count_failed(1);
    }
    dropped = count_dropped();
    print_message("crowd: %u of %u dropped by as many starts, %u of which failed, longest call %u "
                  "ms, %ld s\n",
                  dropped, one_by_one, failed, board->longest_ms,
                  (soak_milliseconds() - start + 500) / 1000);
    assert_int_equal(failed, 0);
    assert_int_equal(dropped, one_by_one);
    close_all();
}

static void nothing_else_is_closed_and_nothing_left(void **state)
{
    (void)state;
    for (int i = 0; i < LISTENERS; i++) {
        assert_true(ends_listens(listeners[i]));
    }
    assert_true(soak_leaves_nothing());
}

static int listen_on_all(void **state)
{
    (void)state;
    for (int i = 0; i < LISTENERS; i++) {
        listeners[i] = ends_listen(i % 2 == 0 ? "127.0.0.1" : "::1");
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_many_programs_at_once_each_drops_its_own),
        cmocka_unit_test(of_many_programs_one_after_the_other_each_drops_its_own),
        cmocka_unit_test(nothing_else_is_closed_and_nothing_left),
    };

    if (argc != 4) {
        fprintf(stderr, "usage: test_crowd CALLER AT_ONCE ONE_BY_ONE\n");
        return 2;
    }
    caller = argv[1];
    at_once = soak_size(argv[2]);
    one_by_one = soak_size(argv[3]);
    return cmocka_run_group_tests(tests, listen_on_all, NULL);
}

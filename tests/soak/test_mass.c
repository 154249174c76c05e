/* SPDX-License-Identifier: MIT */
/*
 * Thousands of connections among bystanders, dropped by several threads of one program.
 *   test_mass CALLER CONNECTIONS BYSTANDERS
 */
#include "testing.h"

#include "pair.h"
#include "soak.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    THREADS = 8,
    LISTENERS = 8,
    HOLDERS = 2 * LISTENERS,
    PATIENCE_MS = 60000,
    DONE = 'd',
};

#define BOARD_NAME "mass"

/* A connection, as the two processes that hold it tell of it. */
struct held
{
    struct connection ends[2]; /* as the client's row, as the server's */
    int seen[2];
    uint32_t dropped_as; /* by which of the two; else STAYS */
};

enum
{
    STAYS = 2,
};

enum order
{
    OPEN = 'o',
    PING = 'p', /* sends a byte on those that stay, and one comes on each */
    LOOK = 'l',
};

static const char *caller;
static uint32_t connections;
static uint32_t bystanders;
static uint32_t held_count;
static struct held *held;
static int listeners[LISTENERS];
static int controls[HOLDERS];

/* ---- the processes that hold them: each one end of every LISTENERSth ---- */

static void *memory(size_t bytes)
{
    void *const mapped =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_true(mapped != MAP_FAILED);
    return mapped;
}

static int open_end(int listener, bool is_server)
{
    int client;

    if (is_server) {
        return ends_accept(listener);
    }
    client = ends_make_client(listener);
    assert_int_equal(ends_connect(client, listener), PAIR_ALIVE);
    return client;
}

static bool a_byte_comes(int end)
{
    struct pollfd come = {.fd = end, .events = POLLIN};
    char byte;

    return poll(&come, 1, PATIENCE_MS) == 1 && recv(end, &byte, 1, 0) == 1;
}

static void obey(char order, const int *ends, uint32_t first, bool is_server)
{
    const char byte = 'b';
    bool is_in_vain =
        false; /* to wait for what does not come to every one of them would take hours */

    for (uint32_t i = first; i < held_count; i += LISTENERS) {
        if (order == PING && held[i].dropped_as == STAYS) {
            send(ends[i], &byte, 1, MSG_NOSIGNAL);
        }
    }
    for (uint32_t i = first; i < held_count; i += LISTENERS) {
        const bool stays = held[i].dropped_as == STAYS;

        if (order == PING && stays && !a_byte_comes(ends[i])) {
            held[i].seen[is_server] = PAIR_SILENT;
        } else if (order == LOOK && held[i].seen[is_server] != PAIR_SILENT) {
            held[i].seen[is_server] =
                stays || is_in_vain ? ends_fate(ends[i]) : ends_await_fate(ends[i]);
            is_in_vain = is_in_vain || (!stays && held[i].seen[is_server] == PAIR_ALIVE);
        }
    }
}

static _Noreturn void hold(int control, uint32_t first, bool is_server)
{
    int *const ends = calloc(held_count, sizeof(*ends));
    char order = DONE;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (uint32_t i = first; i < held_count; i += LISTENERS) {
        ends[i] = open_end(listeners[first], is_server);
        held[i].ends[is_server] = ends_connection(ends[i]);
    }
    while (write(control, &order, 1) == 1 && read(control, &order, 1) == 1) {
        obey(order, ends, first, is_server);
    }
    _exit(0);
}

static void start_holder(int number)
{
    int pair[2];
    pid_t process;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        close(pair[0]);
        hold(pair[1], (uint32_t)number / 2, number % 2 == 1);
    }
    close(pair[1]);
    controls[number] = pair[0];
}

static void await_holders(void)
{
    for (int i = 0; i < HOLDERS; i++) {
        assert_true(a_byte_comes(controls[i]));
    }
}

static void have_all(char order)
{
    for (int i = 0; i < HOLDERS; i++) {
        assert_int_equal(write(controls[i], &order, 1), 1);
    }
    await_holders();
}

/* ---- the test ---- */

/* Some of every listener's, at random, as either end's row. */
static void choose(void)
{
    uint32_t to_drop = connections;

    for (uint32_t i = 0; i < held_count; i++) {
        const bool is_dropped = (uint32_t)random() % (held_count - i) < to_drop;

        held[i].dropped_as = is_dropped ? (uint32_t)random() % 2 : STAYS;
        to_drop -= is_dropped;
    }
}

static void open_all(void)
{
    held_count = connections + bystanders;
    held = memory(held_count * sizeof(*held));
    choose();
    for (int i = 0; i < LISTENERS; i++) {
        listeners[i] = ends_listen(i % 2 == 0 ? "127.0.0.1" : "::1");
    }
    for (int i = 0; i < HOLDERS; i++) {
        start_holder(i);
    }
    await_holders();
}

static struct board *post_all(void)
{
    struct board *const board = board_make(BOARD_NAME, connections);
    uint32_t posted = 0;

    board->go = 1;
    for (uint32_t i = 0; i < held_count; i++) {
        if (held[i].dropped_as != STAYS) {
            board_post(&board->calls[posted++], &held[i].ends[held[i].dropped_as]);
        }
    }
    assert_int_equal(posted, connections);
    return board;
}

static uint32_t count_answers(const struct board *board, uint32_t *once_out)
{
    uint32_t closed = 0;

    *once_out = 0;
    for (uint32_t i = 0; i < board->size; i++) {
        *once_out += board->calls[i].answers == 1;
        closed += board->calls[i].code == 0;
    }
    return closed;
}

/* As a drop by that end's row shows, or as nothing does. */
static bool is_as_it_should_be(const struct held *one)
{
    if (one->dropped_as == STAYS) {
        return one->seen[0] == PAIR_ALIVE && one->seen[1] == PAIR_ALIVE;
    }
    return one->seen[one->dropped_as] == ECONNABORTED &&
           one->seen[1 - one->dropped_as] == ECONNRESET;
}

static uint32_t count_wrong(bool stay)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < held_count; i++) {
        wrong += (held[i].dropped_as == STAYS) == stay && !is_as_it_should_be(&held[i]);
    }
    return wrong;
}

static uint32_t count_closed_listeners(void)
{
    uint32_t closed = 0;

    for (int i = 0; i < LISTENERS; i++) {
        closed += !ends_listens(listeners[i]);
    }
    return closed;
}

static void end_holders(void)
{
    for (int i = 0; i < HOLDERS; i++) {
        close(controls[i]);
    }
    while (wait(NULL) > 0) {
    }
}

static void all_of_them_are_dropped_and_nothing_else(void **state)
{
    const long start = soak_milliseconds();
    struct board *board;
    uint32_t once;
    uint32_t closed;
    uint32_t strangers;
    uint32_t undropped;
    long called;
    int status;

    (void)state;
    open_all();
    board = post_all();
    have_all(PING);
    called = soak_milliseconds();
    assert_true(waitpid(board_start(caller, BOARD_NAME, THREADS), &status, 0) > 0);
    called = soak_milliseconds() - called;
    have_all(PING);
    have_all(LOOK);
    closed = count_answers(board, &once);
    strangers = count_wrong(true);
    undropped = count_wrong(false);
    print_message(
        "mass: %u of %u dropped by %d threads in %ld ms, %u of them without being reset, %u of %u "
        "bystanders "
        "and %u of %d listeners closed, %u answered other than once, longest call %u ms, %ld s\n",
        closed, connections, THREADS, called, undropped, strangers, bystanders,
        count_closed_listeners(), LISTENERS, connections - once, board->longest_ms,
        (soak_milliseconds() - start + 500) / 1000);
    assert_int_equal(status, 0);
    assert_true(soak_is_in_time(board->longest_ms));
    assert_int_equal(closed, connections);
    assert_int_equal(once, connections);
    assert_int_equal(undropped, 0);
    assert_int_equal(strangers, 0);
    assert_int_equal(count_closed_listeners(), 0);
    board_end(board, BOARD_NAME);
    end_holders();
    assert_true(soak_leaves_nothing());
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_them_are_dropped_and_nothing_else),
    };

    if (argc != 4) {
        fprintf(stderr, "usage: test_mass CALLER CONNECTIONS BYSTANDERS\n");
        return 2;
    }
    caller = argv[1];
    connections = soak_size(argv[2]);
    bystanders = soak_size(argv[3]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

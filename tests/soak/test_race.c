/* SPDX-License-Identifier: MIT */
/*
 * The owner closes a connection while it is being dropped.
 *   test_race CALLER [USER_ID WINE_PREFIX HELPER BARE_HELPER] ROUNDS    as root, or as that user (ordinary_user.sh)
 *
 * What can be told from outside.  A row names addresses and ports; the drop may end whatever has them between the call
 * and its answer.  So in each round everything that has them is looked at once the call has been answered:
 *   - Where the owner ends in peace (close, nothing unread), the peer sees an orderly end, and a reset if and only if
 *     somebody dropped the connection: SO_ERROR tells, also after the orderly end.  One exception: what is left of a
 *     connection that the owner has closed is a row, too (FIN-WAIT-2, TIME-WAIT).  Root can have it taken away, and the
 *     peer sees nothing of it; then the kernel does not have this row any more, by its cookie.
 *   - Where the owner opens the same four-tuple again, it ends the old one by connect(AF_UNSPEC): that resets the peer
 *     as a close without lingering does, but leaves the descriptor, which tells which of the two came first:
 *     ECONNABORTED if the drop did.  So of old and new one at most may be aborted, and one exactly if NO_ERROR was
 *     the answer.
 * An answer that came before the owner did anything can only be NO_ERROR.
 */
#include "testing.h"

#include "diag.h"
#include "helpers.h"
#include "pair.h"
#include "soak.h"
#include "under_wine.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum
{
    LISTENERS = 4,
    BYSTANDERS = 64,
    BYSTANDERS_ENDS = 2 * BYSTANDERS,
    PATIENCE_MS = 20000,
    FIRST_DELAY_NS = 50000,
    OK = 0,
    ACCESS_DENIED = 5,
    NOT_SUPPORTED = 50,
    NOT_FOUND = 317,
    NOT_FOUND_PRECISELY = 1168,
};

#define BOARD_NAME "race"

static const char *caller;
static uid_t user;
static uint32_t rounds;
static struct board *board;
static int listeners[LISTENERS];
static struct ends bystanders[BYSTANDERS];

/* How the rounds ended. */
static struct
{
    uint32_t before_owner; /* answered before the owner did anything */
    uint32_t closed;       /* NO_ERROR for the first connection, the owner came too late */
    uint32_t orphans;      /* NO_ERROR for it, after the owner had closed it */
    uint32_t remains;      /* NO_ERROR for what the owner had left of it */
    uint32_t closed_again; /* NO_ERROR for the second one */
    uint32_t not_found;
    uint32_t refused;
    uint32_t
        spared; /* "not supported": the kernel did not close the second one on its way to the listener's program */
    uint32_t again;      /* in which the owner opened the same once more */
    uint32_t by_another; /* and of these, as another user */
} count;

struct round
{
    bool opens_again;
    bool by_another_user;
    bool is_server; /* which end is named, and ended by its owner */
    int listener;
    struct ends ends;
    struct ends second; /* -1: none */
    int second_seen;    /* what connecting it came to */
    bool was_early;
    uint64_t cookie;
    struct connection row; /* of the named end */
};

/* ---- time ---- */

static long nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Up to twice what makes owner and drop win equally often. */
static long centre_ns = FIRST_DELAY_NS;

static void delay(void)
{
    const long until = nanoseconds() + random() % (2 * centre_ns);

    while (nanoseconds() < until) {
    }
}

static void adjust_delay(bool drop_won)
{
    centre_ns += (drop_won ? -1 : 1) * (centre_ns / 64 + 1);
    if (centre_ns < 1000) {
        centre_ns = 1000;
    } else if (centre_ns > 1000000) {
        centre_ns = 1000000;
    }
}

/* ---- what the owner does ---- */

static int *named_end(const struct round *round, struct ends *ends)
{
    return round->is_server ? &ends->server : &ends->client;
}

static int *other_end(const struct round *round, struct ends *ends)
{
    return round->is_server ? &ends->client : &ends->server;
}

static void act_as(uid_t who)
{
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(seteuid(who), 0);
}

static struct ends open_as(uid_t who, int listener)
{
    struct ends ends;

    act_as(who);
    ends = ends_open(listener);
    act_as(0);
    return ends;
}

static int bind_as(uid_t who, int like)
{
    int client;

    act_as(who);
    client = ends_bind_like(like);
    act_as(0);
    return client;
}

static uint64_t cookie_of(int end)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof(cookie);

    assert_int_equal(getsockopt(end, SOL_SOCKET, SO_COOKIE, &cookie, &size), 0);
    return cookie;
}

static void disconnect(int end)
{
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};

    assert_int_equal(connect(end, &nobody, sizeof(nobody)), 0);
}

static void close_in_peace(struct round *round)
{
    int *const named = named_end(round, &round->ends);

    delay();
    round->was_early = board_turn_of(&board->calls[0]) == BOARD_ANSWERED;
    if (!round->was_early) {
        close(*named);
        *named = -1;
    }
}

/* It may be dropped before it has come to its listener; then there is nothing to accept. */
static void open_second(struct round *round, int client)
{
    const int listener = listeners[round->listener];
    struct pollfd come[] = {{.fd = listener, .events = POLLIN}, {.fd = client}};

    act_as(round->by_another_user ? 0 : user);
    round->second.client = client;
    round->second_seen = ends_connect(client, listener);
    poll(come, 2, round->second_seen == PAIR_ALIVE ? PATIENCE_MS : 0);
    if (come[0].revents) {
        round->second.server = ends_accept(listener);
    }
    act_as(0);
}

static void open_again(struct round *round, int client)
{
    delay();
    round->was_early = board_turn_of(&board->calls[0]) == BOARD_ANSWERED;
    disconnect(*named_end(round, &round->ends));
    disconnect(*other_end(round, &round->ends)); /* which may not have heard of it yet */
    open_second(round, client);
}

/* ---- what came of it ---- */

static void await_answer(void)
{
    const long start = soak_milliseconds();

    while (board_turn_of(&board->calls[0]) != BOARD_ANSWERED) {
        assert_true(soak_milliseconds() - start < PATIENCE_MS);
        sched_yield();
    }
}

static bool has_row(const struct round *round)
{
    struct diag_socket found;

    return diag_find(&round->row, 0, &found) == 0 && diag_identity(&found) == round->cookie;
}

static uint32_t not_found_code(const struct connection *row)
{
    return row->family == CONNECTION_IPV6 ? NOT_FOUND_PRECISELY : NOT_FOUND;
}

static void judge_answer(const struct round *round)
{
    const struct board_call *const call = &board->calls[0];

    assert_int_equal(call->answers, 1);
    if (round->was_early) {
        assert_int_equal(call->code, OK);
        count.before_owner++;
        return;
    }
    if (call->code == not_found_code(&round->row)) {
        assert_int_equal(call->last_error, NOT_FOUND_PRECISELY);
        count.not_found++;
    } else if (call->code == ACCESS_DENIED) {
        assert_int_equal(call->last_error, ACCESS_DENIED);
        assert_true(round->by_another_user);
        count.refused++;
    } else if (call->code == NOT_SUPPORTED) {
        assert_true(round->opens_again && round->is_server);
        count.spared++;
    } else {
        assert_int_equal(call->code, OK);
    }
}

/* These two return whether the drop came before the owner. */
static bool judge_peace(struct round *round)
{
    const bool is_ok = board->calls[0].code == OK;
    const int own = *named_end(round, &round->ends);
    const int others_fate = ends_await_fate(*other_end(round, &round->ends));
    const bool was_first = others_fate == ECONNRESET;
    const bool was_later = others_fate == EPIPE; /* a reset, after an orderly end */

    if (own >= 0) {
        assert_int_equal(ends_fate(own), ECONNABORTED);
    }
    if (!is_ok) {
        assert_int_equal(others_fate, 0);
        return false;
    }
    assert_false(has_row(round));
    count.closed += was_first;
    count.orphans += was_later;
    count.remains += !was_first && !was_later;
    return was_first;
}

static bool is_second_dropped(const struct round *round)
{
    const struct ends *const second = &round->second;
    const int named = round->is_server ? second->server : second->client;

    if (second->server < 0) { /* what was dropped never came to its listener */
        assert_true(round->second_seen != PAIR_ALIVE || ends_fate(second->client) != PAIR_ALIVE);
        return true;
    }
    if (round->second_seen != PAIR_ALIVE || ends_fate(named) == ECONNABORTED) {
        return true;
    }
    assert_int_equal(ends_fate(second->client), PAIR_ALIVE);
    assert_int_equal(ends_fate(second->server), PAIR_ALIVE);
    return false;
}

static bool judge_again(struct round *round)
{
    const bool is_ok = board->calls[0].code == OK;
    const bool first = ends_fate(*named_end(round, &round->ends)) == ECONNABORTED;
    const bool second = is_second_dropped(round);

    count.again++;
    count.by_another += round->by_another_user;
    count.closed += first;
    count.closed_again += second;
    assert_int_equal(first + second, is_ok);
    assert_false(second && round->by_another_user);
    return first;
}

/* None of these ever ends by itself: what is closed once is closed at the end. */
static void judge_others(void)
{
    struct pollfd ends[BYSTANDERS_ENDS];

    for (size_t i = 0; i < BYSTANDERS_ENDS; i++) {
        const struct ends *const one = &bystanders[i / 2];

        ends[i] = (struct pollfd){.fd = i % 2 == 0 ? one->client : one->server, .events = POLLIN};
    }
    assert_int_equal(poll(ends, BYSTANDERS_ENDS, 0), 0);
    for (int i = 0; i < LISTENERS; i++) {
        assert_true(ends_listens(listeners[i]));
    }
}

static void close_round(struct round *round)
{
    const int ends[] = {round->ends.client, round->ends.server, round->second.client,
                        round->second.server};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (ends[i] >= 0) {
            ends_close_end(ends[i]);
        }
    }
}

static void play(uint32_t number)
{
    struct round round = {
        .opens_again = number % 2 == 1,
        .by_another_user = user != 0 && number % 4 == 1,
        .is_server = random() % 2 == 1,
        .listener = (int)(random() % LISTENERS),
        .second = {-1, -1},
    };
    int client;

    round.ends = open_as(user, listeners[round.listener]);
    client = round.opens_again ? bind_as(round.by_another_user ? 0 : user, round.ends.client) : -1;
    round.row = ends_connection(*named_end(&round, &round.ends));
    round.cookie = cookie_of(*named_end(&round, &round.ends));
    board_post(&board->calls[0], &round.row);
    if (round.opens_again) {
        open_again(&round, client);
    } else {
        close_in_peace(&round);
    }
    await_answer();
    judge_answer(&round);
    adjust_delay(round.opens_again ? judge_again(&round) : judge_peace(&round));
    judge_others();
    close_round(&round);
}

/* ---- the test ---- */

static int prepare(void **state)
{
    (void)state;
    assert_int_equal(diag_open(), 0);
    for (int i = 0; i < LISTENERS; i++) {
        act_as(user);
        listeners[i] = ends_listen(i % 2 == 0 ? "127.0.0.1" : "::1");
        act_as(0);
    }
    for (int i = 0; i < BYSTANDERS; i++) {
        bystanders[i] = open_as(user, listeners[i % LISTENERS]);
    }
    board = board_make(BOARD_NAME, 1);
    board->go = 1;
    board->goes_on = 1;
    return 0;
}

static void report(long milliseconds)
{
    print_message("race as %s: %u rounds, %u of them opening it again (%u as another user): "
                  "dropped %u before the owner "
                  "closed it (%u before it began), %u just after, %u once it was a mere row, %u "
                  "times the one opened again; "
                  "not found %u, refused %u, spared %u; "
                  "each answer was true, none of %d bystanders and %d listeners closed, longest "
                  "call %u ms, %ld s\n",
                  user == 0 ? "root" : "an ordinary user", rounds, count.again, count.by_another,
                  count.closed, count.before_owner, count.orphans, count.remains,
                  count.closed_again, count.not_found, count.refused, count.spared, BYSTANDERS,
                  LISTENERS, board->longest_ms, (milliseconds + 500) / 1000);
}

static void every_answer_says_what_happened(void **state)
{
    const long start = soak_milliseconds();
    const pid_t program = board_start(caller, BOARD_NAME, 1);
    int status;

    (void)state;
    for (uint32_t i = 0; i < rounds; i++) {
        play(i);
    }
    __atomic_store_n(&board->goes_on, 0, __ATOMIC_RELEASE);
    assert_int_equal(waitpid(program, &status, 0), program);
    report(soak_milliseconds() - start);
    assert_int_equal(count.spared, 0);
    assert_true(soak_is_in_time(board->longest_ms));
    assert_int_equal(status, 0);
    for (int i = 0; i < BYSTANDERS; i++) {
        assert_true(ends_are_alive(&bystanders[i]));
    }
    board_end(board, BOARD_NAME);
    assert_true(soak_leaves_nothing());
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_says_what_happened),
    };

    if (argc != 3 && argc != 7) {
        fprintf(stderr,
                "usage: test_race CALLER [USER_ID WINE_PREFIX HELPER BARE_HELPER] ROUNDS\n");
        return 2;
    }
    caller = argv[1];
    rounds = soak_size(argv[argc - 1]);
    if (argc == 7) {
        user = (uid_t)strtoul(argv[2], NULL, 10);
        wine_as(user, argv[3]);
    }
    srandom((unsigned)getpid()); /* other moments each time */
    return cmocka_run_group_tests(tests, prepare, NULL);
}

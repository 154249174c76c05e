/* SPDX-License-Identifier: MIT */
/* What programs are answered by their pages, over a fake kernel: what is announced is looked up, and only what is
 * posted is closed. */
#include "programs.h"

#include "fake_diag.h"
#include "testing.h"

#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

enum
{
    NOW = 1000000000, /* nanoseconds */
    LATER = 2 * NOW,
    ANY_FILE = -1,
};

static struct host_page its_page;
static struct host_slot *const slot = &its_page.slots[0];
static struct host_slot *const other_slot = &its_page.slots[1];

/* ---- one program, and a kernel with one connection ---- */

static const struct connection connection = {
    .local = {.port = 1},
    .remote = {.port = 2},
    .family = CONNECTION_IPV4,
};

static int64_t at_once(void)
{
    return NOW;
}

static int64_t later(void)
{
    return LATER;
}

static int begin(void **state)
{
    (void)state;
    fake_diag = (struct fake_diag){.count = 1};
    fake_diag.sockets[0] = (struct diag_socket){
        .connection = connection,
        .state = TCP_ESTABLISHED,
        .inode = 1,
        .uid = getuid(),
        .cookie = {1, 0},
    };
    memset(&its_page, 0, sizeof(its_page));
    its_page.magic = HOST_MAGIC;
    its_page.version = HOST_VERSION;
    its_page.slots_used = 2;
    programs_begin(0, 0);
    return programs_admit(&its_page, ANY_FILE, NULL, "page", NOW) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    programs_forget_all();
    return 0;
}

static void put(struct host_slot *in, uint32_t id, enum host_step step)
{
    in->request = (struct host_request){HOST_VERSION, id, connection, {0}};
    in->turn = host_turn(id, step);
}

static void expect_answer(const struct host_slot *in, uint32_t id, enum answer_kind kind)
{
    assert_int_equal(in->turn, host_turn(id, HOST_ANSWERED));
    assert_int_equal(in->answer.id, id);
    assert_int_equal(in->answer.kind, kind);
}

/* The connection ends, and another one takes its addresses. */
static void replace_socket(void)
{
    fake_diag.sockets[0].cookie[0]++;
}

/* ---- the tests ---- */

static void what_is_announced_is_looked_up_once_and_not_closed(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    assert_int_equal(programs_answer(at_once), 1);
    assert_int_equal(programs_answer(at_once), 0);
    assert_int_equal(slot->turn, host_turn(1, HOST_ANNOUNCED));
    assert_false(fake_diag.destroyed[0]);
}

static void what_is_posted_then_is_closed(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    put(slot, 1, HOST_POSTED);
    assert_int_equal(programs_answer(at_once), 1);
    expect_answer(slot, 1, ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[0]);
}

static void what_is_posted_without_being_announced_is_closed(void **state)
{
    (void)state;
    put(slot, 1, HOST_POSTED);
    assert_int_equal(programs_answer(at_once), 1);
    expect_answer(slot, 1, ANSWER_CLOSED);
}

static void what_is_cancelled_is_left_alone(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    put(slot, 1, HOST_CANCELLED);
    assert_int_equal(programs_answer(at_once), 0);
    assert_false(fake_diag.destroyed[0]);
}

static void a_connection_that_has_the_addresses_since_the_look_is_spared(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    replace_socket();
    put(slot, 1, HOST_POSTED);
    programs_answer(at_once);
    expect_answer(slot, 1, ANSWER_NOT_FOUND);
    assert_false(fake_diag.destroyed[0]);
}

static void a_look_that_was_long_ago_is_taken_again(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    replace_socket();
    put(slot, 1, HOST_POSTED);
    programs_answer(later);
    expect_answer(slot, 1, ANSWER_CLOSED);
}

/* It may turn out to be a part of an MPTCP connection. */
static void a_look_at_one_that_is_being_made_is_taken_again(void **state)
{
    (void)state;
    fake_diag.sockets[0].state = TCP_SYN_SENT;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    fake_diag.sockets[0].state = TCP_ESTABLISHED;
    fake_diag.sockets[0].is_subflow = true;
    put(slot, 1, HOST_POSTED);
    programs_answer(at_once);
    expect_answer(slot, 1, ANSWER_MULTIPATH);
}

static void a_look_is_for_one_request_only(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    put(slot, 1, HOST_CANCELLED);
    replace_socket();
    put(slot, 2, HOST_POSTED);
    programs_answer(at_once);
    expect_answer(slot, 2, ANSWER_CLOSED);
}

/* As the page can be written to at any time. */
static void what_was_announced_counts_and_not_what_is_there_later(void **state)
{
    (void)state;
    fake_diag.count = 2;
    fake_diag.sockets[1] = fake_diag.sockets[0];
    fake_diag.sockets[1].connection.local.port = 3;
    fake_diag.sockets[1].cookie[0] = 2;
    put(slot, 1, HOST_ANNOUNCED);
    programs_answer(at_once);
    put(slot, 1, HOST_POSTED);
    slot->request.connection.local.port = 3;
    programs_answer(at_once);
    assert_true(fake_diag.destroyed[0]);
    assert_false(fake_diag.destroyed[1]);
}

static void an_announcement_that_makes_no_sense_is_a_bad_request_once_it_is_posted(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    slot->request.version++;
    assert_int_equal(programs_answer(at_once), 1);
    assert_int_equal(programs_answer(at_once), 0);
    slot->turn = host_turn(1, HOST_POSTED);
    programs_answer(at_once);
    expect_answer(slot, 1, ANSWER_BAD_REQUEST);
    assert_false(fake_diag.destroyed[0]);
}

static void slots_are_answered_each_by_itself(void **state)
{
    (void)state;
    put(slot, 1, HOST_ANNOUNCED);
    put(other_slot, 7, HOST_POSTED);
    assert_int_equal(programs_answer(at_once), 2);
    assert_int_equal(slot->turn, host_turn(1, HOST_ANNOUNCED));
    expect_answer(other_slot, 7, ANSWER_CLOSED);
    put(slot, 1, HOST_POSTED);
    programs_answer(at_once);
    expect_answer(slot, 1, ANSWER_NOT_FOUND);
}

static void more_slots_than_there_are_are_not_looked_at(void **state)
{
    (void)state;
    its_page.slots_used = UINT32_MAX;
    put(&its_page.slots[HOST_SLOTS - 1], 1, HOST_POSTED);
    assert_int_equal(programs_answer(at_once), 1);
    expect_answer(&its_page.slots[HOST_SLOTS - 1], 1, ANSWER_CLOSED);
}

static void it_falls_asleep_unless_there_is_something_to_look_up_or_to_answer(void **state)
{
    (void)state;
    assert_true(programs_fall_asleep());
    assert_int_equal(its_page.asleep, 1);
    put(other_slot, 1, HOST_ANNOUNCED);
    assert_false(programs_fall_asleep());
    programs_answer(at_once);
    assert_true(programs_fall_asleep());
    put(other_slot, 1, HOST_POSTED);
    assert_false(programs_fall_asleep());
}

static void programs_are_told_that_there_is_one_processor_only(void **state)
{
    static struct host_page late;

    (void)state;
    programs_run_on_one_processor(true);
    assert_true(its_page.has_one_processor);
    late = (struct host_page){.magic = HOST_MAGIC, .version = HOST_VERSION};
    assert_true(programs_admit(&late, ANY_FILE, NULL, "late", NOW));
    assert_true(late.has_one_processor);
    programs_run_on_one_processor(false);
    assert_false(its_page.has_one_processor || late.has_one_processor);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(what_is_announced_is_looked_up_once_and_not_closed),
        SERVED(what_is_posted_then_is_closed),
        SERVED(what_is_posted_without_being_announced_is_closed),
        SERVED(what_is_cancelled_is_left_alone),
        SERVED(a_connection_that_has_the_addresses_since_the_look_is_spared),
        SERVED(a_look_that_was_long_ago_is_taken_again),
        SERVED(a_look_at_one_that_is_being_made_is_taken_again),
        SERVED(a_look_is_for_one_request_only),
        SERVED(what_was_announced_counts_and_not_what_is_there_later),
        SERVED(an_announcement_that_makes_no_sense_is_a_bad_request_once_it_is_posted),
        SERVED(slots_are_answered_each_by_itself),
        SERVED(more_slots_than_there_are_are_not_looked_at),
        SERVED(it_falls_asleep_unless_there_is_something_to_look_up_or_to_answer),
        SERVED(programs_are_told_that_there_is_one_processor_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

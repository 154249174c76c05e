/* SPDX-License-Identifier: MIT */
/* How what a kernel answers is read, and what none should. */
#include "diag.h"
#include "diag_each.h"

#include "fake_netlink.h"
#include "testing.h"

#include <errno.h>
#include <limits.h>
#include <linux/inet_diag.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct connection meant = {.family = CONNECTION_IPV4};
static struct diag_socket found;

static int forget_all(void **state)
{
    (void)state;
    memset(&fake_netlink, 0, sizeof(fake_netlink));
    return 0;
}

/* ---- making answers ---- */

/* A further answer of this type, with these bytes behind its header. */
static struct nlmsghdr *answer(uint16_t type, const void *bytes, size_t length)
{
    struct fake_answer *next = &fake_netlink.answers[fake_netlink.count++];
    struct nlmsghdr *header = (void *)next->bytes;

    header->nlmsg_type = type;
    header->nlmsg_len = (uint32_t)NLMSG_LENGTH(length);
    memcpy(NLMSG_DATA(header), bytes, length);
    next->length = header->nlmsg_len;
    return header;
}

static void answer_error(uint16_t type, int error)
{
    const int negated = -error;

    answer(type, &negated, sizeof(negated));
}

static struct nlmsghdr *answer_socket(void)
{
    const struct inet_diag_msg message = {
        .idiag_family = AF_INET,
        .idiag_state = 1,
        .idiag_uid = 1000,
        .idiag_inode = 4711,
        .id =
            {
                .idiag_sport = 0x1234,
                .idiag_dport = 0x5678,
                .idiag_src = {0x0100007F},
                .idiag_if = 7,
                .idiag_cookie = {8, 9},
            },
    };

    return answer(SOCK_DIAG_BY_FAMILY, &message, sizeof(message));
}

/* A further message in the same go as the last one, which has to be filled up. */
static struct nlmsghdr *append(uint16_t type, const void *bytes, size_t length)
{
    struct fake_answer *last = &fake_netlink.answers[fake_netlink.count - 1];
    struct nlmsghdr *header = (void *)(last->bytes + last->length);

    header->nlmsg_type = type;
    header->nlmsg_len = (uint32_t)NLMSG_LENGTH(length);
    memcpy(NLMSG_DATA(header), bytes, length);
    last->length += header->nlmsg_len;
    return header;
}

/* Adds an attribute to the last answer; what is added later may be within it. */
static struct rtattr *add(struct nlmsghdr *header, unsigned short kind, const void *bytes,
                          size_t length)
{
    struct rtattr *attribute = (void *)((char *)header + NLMSG_ALIGN(header->nlmsg_len));

    attribute->rta_type = kind;
    attribute->rta_len = (unsigned short)RTA_LENGTH(length);
    memcpy(RTA_DATA(attribute), bytes, length);
    header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + (uint32_t)RTA_ALIGN(attribute->rta_len);
    fake_netlink.answers[fake_netlink.count - 1].length = header->nlmsg_len;
    return attribute;
}

static void end(struct nlmsghdr *header, struct rtattr *outer)
{
    outer->rta_len = (unsigned short)((char *)header + header->nlmsg_len - (char *)outer);
}

/* That this is above TCP; flags NULL: nothing more of it. */
static void add_ulp(struct nlmsghdr *header, const char *name, const uint32_t *flags)
{
    struct rtattr *ulp = add(header, INET_DIAG_ULP_INFO | NLA_F_NESTED, "", 0);

    add(header, INET_ULP_INFO_NAME, name, strlen(name) + 1);
    if (flags) {
        struct rtattr *mptcp = add(header, INET_ULP_INFO_MPTCP | NLA_F_NESTED, "", 0);

        add(header, MPTCP_SUBFLOW_ATTR_FLAGS, flags, sizeof(*flags));
        end(header, mptcp);
    }
    end(header, ulp);
}

static void answer_with_ulp(const char *name, const uint32_t *flags)
{
    add_ulp(answer_socket(), name, flags);
}

/* ---- what is found ---- */

static void a_socket_is_read_with_all_that_tells_it_from_others(void **state)
{
    (void)state;
    answer_socket();
    assert_int_equal(diag_find(&meant, 0, &found), 0);
    assert_int_equal(found.connection.family, CONNECTION_IPV4);
    assert_int_equal(found.connection.local.port, 0x1234);
    assert_int_equal(found.connection.remote.port, 0x5678);
    assert_int_equal(found.connection.local.address[0], 127);
    assert_int_equal(found.connection.local.address[4], 0);
    assert_int_equal(found.interface, 7);
    assert_int_equal(found.uid, 1000);
    assert_int_equal(found.inode, 4711);
    assert_int_equal(found.cookie[0], 8);
    assert_int_equal(found.cookie[1], 9);
    assert_false(found.is_subflow);
}

static void expect_subflow(const char *ulp, const uint32_t *flags, bool expected)
{
    forget_all(NULL);
    answer_with_ulp(ulp, flags);
    assert_int_equal(diag_find(&meant, 0, &found), 0);
    assert_int_equal(found.is_subflow, expected);
}

static void a_subflow_is_known_by_what_it_speaks_or_by_not_saying(void **state)
{
    static const uint32_t plain = 0;
    static const uint32_t capable = MPTCP_SUBFLOW_FLAG_MCAP_REM;
    static const uint32_t joined_there = MPTCP_SUBFLOW_FLAG_JOIN_REM;
    static const uint32_t joined_here = MPTCP_SUBFLOW_FLAG_JOIN_LOC;

    (void)state;
    expect_subflow("mptcp", NULL, true);
    expect_subflow("mptcp", &capable, true);
    expect_subflow("mptcp", &joined_there, true);
    expect_subflow("mptcp", &joined_here, true);
    expect_subflow("mptcp", &plain, false);
}

static void what_else_is_above_tcp_makes_no_subflow(void **state)
{
    (void)state;
    expect_subflow("tls", NULL, false);
    expect_subflow("mp", NULL, false);
}

static void an_attribute_that_ends_outside_the_answer_is_not_read(void **state)
{
    (void)state;
    answer_with_ulp("mptcp", NULL);
    {
        struct nlmsghdr *header = (void *)fake_netlink.answers[0].bytes;

        header->nlmsg_len -= 8;
        fake_netlink.answers[0].length = header->nlmsg_len;
    }
    assert_int_equal(diag_find(&meant, 0, &found), 0);
    assert_false(found.is_subflow);
}

/* The bytes that fill it up are not counted, if they are not there. */
static void behind_a_last_attribute_of_odd_length_nothing_is_read(void **state)
{
    struct nlmsghdr *before = answer_socket();
    struct nlmsghdr *header;

    (void)state;
    fake_netlink.out_of_turn[0] = 1;
    add(before, INET_DIAG_MARK, "", 1);
    add_ulp(before, "mptcp", NULL); /* which stays where the next answer has nothing any more */
    header = answer_socket();
    add(header, INET_DIAG_MARK, "", 1);
    header->nlmsg_len -= 3;
    fake_netlink.answers[1].length = header->nlmsg_len;
    assert_int_equal(diag_find(&meant, 0, &found), 0);
    assert_false(found.is_subflow);
}

/* ---- what is no answer ---- */

static void an_answer_to_another_question_is_passed_over(void **state)
{
    (void)state;
    answer_error(NLMSG_ERROR, EPERM);
    fake_netlink.out_of_turn[0] = 1;
    answer_error(NLMSG_ERROR, ENOENT);
    assert_int_equal(diag_find(&meant, 0, &found), ENOENT);
}

static void an_interrupted_wait_goes_on(void **state)
{
    (void)state;
    fake_netlink.answers[fake_netlink.count++].error = EINTR;
    answer_error(NLMSG_ERROR, ENOENT);
    assert_int_equal(diag_find(&meant, 0, &found), ENOENT);
}

static void a_question_that_cannot_be_sent_or_has_no_answer_is_the_systems_error(void **state)
{
    (void)state;
    assert_int_equal(diag_find(&meant, 0, &found), ENODATA);
    assert_int_equal(diag_destroy(&meant, &found), ENODATA);
    assert_int_equal(diag_probe(CONNECTION_IPV4), ENODATA);
    fake_netlink.send_error = ENOBUFS;
    assert_int_equal(diag_find(&meant, 0, &found), ENOBUFS);
}

static void expect_nonsense(int (*ask)(void))
{
    assert_int_equal(ask(), EPROTO);
    forget_all(NULL);
}

static int find(void)
{
    return diag_find(&meant, 0, &found);
}

static int destroy(void)
{
    return diag_destroy(&meant, &found);
}

static int probe(void)
{
    return diag_probe(CONNECTION_IPV4);
}

static void what_is_shorter_than_it_says_or_has_to_be_is_nonsense(void **state)
{
    static const struct inet_diag_msg nothing;

    (void)state;
    answer_socket();
    fake_netlink.answers[0].length = sizeof(struct nlmsghdr) - 1;
    expect_nonsense(find);
    answer_socket()->nlmsg_len++;
    expect_nonsense(find);
    answer_socket()->nlmsg_len = sizeof(struct nlmsghdr) - 1;
    expect_nonsense(find);
    answer(SOCK_DIAG_BY_FAMILY, &nothing, sizeof(nothing) - 1);
    expect_nonsense(find);
    answer(NLMSG_ERROR, "abc", 3);
    expect_nonsense(find);
    answer(NLMSG_ERROR, "abc", 3);
    expect_nonsense(destroy);
}

static void what_is_of_another_kind_is_nonsense(void **state)
{
    (void)state;
    answer_error(NLMSG_DONE, 0);
    expect_nonsense(find);
    answer_error(NLMSG_ERROR, 0); /* a success, but without a socket */
    expect_nonsense(find);
    answer_socket();
    expect_nonsense(destroy);
    answer_socket();
    expect_nonsense(probe);
}

/* ---- the other questions ---- */

static void destroying_is_what_the_kernel_says_of_it(void **state)
{
    static const int errors[] = {0, ENOENT, EPERM, EOPNOTSUPP};

    (void)state;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        forget_all(NULL);
        answer_error(NLMSG_ERROR, errors[i]);
        assert_int_equal(diag_destroy(&meant, &found), errors[i]);
    }
}

static void a_list_that_comes_to_its_end_can_be_looked_at(void **state)
{
    (void)state;
    answer_error(NLMSG_DONE, 0);
    assert_int_equal(diag_probe(CONNECTION_IPV4), 0);
    forget_all(state);
    answer_error(NLMSG_ERROR, ENOENT);
    assert_int_equal(diag_probe(CONNECTION_IPV4), ENOENT);
}

static void a_number_that_is_no_errno_is_nonsense(void **state)
{
    static const int numbers[] = {-1, 4096, INT_MAX, -INT_MAX};
    const int lowest = INT_MIN;

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        forget_all(NULL);
        answer_error(NLMSG_ERROR, numbers[i]);
        assert_int_equal(diag_destroy(&meant, &found), EPROTO);
    }
    forget_all(NULL);
    answer(NLMSG_ERROR, &lowest, sizeof(lowest)); /* which has no opposite */
    assert_int_equal(diag_destroy(&meant, &found), EPROTO);
}

/* ---- the whole list ---- */

static uint32_t taken[8]; /* the first half of each cookie */
static size_t taken_count;

static void take(void *taker, const struct diag_socket *socket)
{
    assert_ptr_equal(taker, taken);
    assert_true(taken_count < sizeof(taken) / sizeof(taken[0]));
    taken[taken_count++] = socket->cookie[0];
}

static int list(void)
{
    taken_count = 0;
    return diag_each(CONNECTION_IPV6, 1 << 1, take, taken);
}

static const struct inet_diag_msg *listed(uint32_t cookie)
{
    static struct inet_diag_msg message;

    message = (struct inet_diag_msg){.idiag_family = AF_INET6, .id.idiag_cookie = {cookie}};
    return &message;
}

static struct nlmsghdr *answer_listed(uint32_t cookie)
{
    return answer(SOCK_DIAG_BY_FAMILY, listed(cookie), sizeof(struct inet_diag_msg));
}

static struct nlmsghdr *append_listed(uint32_t cookie)
{
    return append(SOCK_DIAG_BY_FAMILY, listed(cookie), sizeof(struct inet_diag_msg));
}

static void append_end(int error)
{
    const int negated = -error;

    append(NLMSG_DONE, &negated, sizeof(negated));
}

static void expect_taken(size_t count)
{
    assert_int_equal(taken_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(taken[i], i + 1);
    }
}

static void a_list_is_asked_for_by_family_and_states(void **state)
{
    const struct inet_diag_req_v2 *request =
        NLMSG_DATA((const struct nlmsghdr *)(const void *)fake_netlink.question);

    (void)state;
    answer_error(NLMSG_DONE, 0);
    assert_int_equal(list(), 0);
    assert_int_equal(request->sdiag_family, AF_INET6);
    assert_int_equal(request->idiag_states, 1 << 1);
    assert_int_equal(request->idiag_ext, 0);
    expect_taken(0);
}

static void each_socket_of_each_part_of_a_list_is_given_once(void **state)
{
    (void)state;
    answer_listed(1);
    append_listed(2);
    append_listed(3);
    answer_listed(4);
    append_listed(5);
    append_end(0);
    assert_int_equal(list(), 0);
    expect_taken(5);
}

static void what_comes_behind_the_end_of_a_list_is_not_taken(void **state)
{
    (void)state;
    answer_listed(1);
    append_end(0);
    append_listed(2);
    assert_int_equal(list(), 0);
    expect_taken(1);
}

static void a_list_that_the_kernel_cannot_finish_is_its_error(void **state)
{
    (void)state;
    answer_listed(1);
    append_end(ENOMEM);
    assert_int_equal(list(), ENOMEM);
    expect_taken(1);
    forget_all(state);
    answer_error(NLMSG_ERROR, ENOENT);
    assert_int_equal(list(), ENOENT);
    forget_all(state);
    answer_listed(1);
    fake_netlink.answers[fake_netlink.count++].error = ENOBUFS;
    assert_int_equal(list(), ENOBUFS);
    forget_all(state);
    fake_netlink.send_error = EPERM;
    assert_int_equal(list(), EPERM);
}

static void a_list_that_changed_while_it_was_read_is_said_to_have(void **state)
{
    (void)state;
    answer_listed(1)->nlmsg_flags = NLM_F_DUMP_INTR;
    answer_listed(2);
    append_end(0);
    assert_int_equal(list(), EAGAIN);
    expect_taken(2);
}

static void what_is_no_part_of_a_list_is_passed_over(void **state)
{
    (void)state;
    fake_netlink.answers[fake_netlink.count++].error = EINTR;
    answer_listed(7);
    fake_netlink.out_of_turn[1] = 1;
    answer(NLMSG_NOOP, "", 0);
    append_listed(1);
    append_end(0);
    assert_int_equal(list(), 0);
    expect_taken(1);
}

/* As it would be if the kernel came to send more at once than there is room for. */
static void a_part_that_has_lost_its_end_is_nonsense(void **state)
{
    (void)state;
    answer_listed(1);
    fake_netlink.answers[0].length = 1 << 20;
    assert_int_equal(list(), EPROTO);
    expect_taken(0);
}

static void a_message_of_a_list_that_makes_no_sense_is_nonsense(void **state)
{
    (void)state;
    answer(SOCK_DIAG_BY_FAMILY, listed(1), sizeof(struct inet_diag_msg) - 1);
    expect_nonsense(list);
    answer_listed(1)->nlmsg_len++;
    expect_nonsense(list);
    answer_listed(1)->nlmsg_len = sizeof(struct nlmsghdr) - 1;
    expect_nonsense(list);
    answer_listed(1);
    append_listed(2)->nlmsg_len += 4;
    expect_nonsense(list);
    answer_listed(1);
    fake_netlink.answers[0].length += NLMSG_HDRLEN - 4; /* half a header more */
    expect_nonsense(list);
    answer_listed(1);
    fake_netlink.answers[0].length = 0;
    expect_nonsense(list);
    answer_error(NLMSG_ERROR, 0);
    expect_nonsense(list);
    answer_error(NLMSG_OVERRUN, 0);
    expect_nonsense(list);
    answer(NLMSG_DONE, "abc", 3);
    expect_nonsense(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_socket_is_read_with_all_that_tells_it_from_others, forget_all),
        cmocka_unit_test_setup(a_subflow_is_known_by_what_it_speaks_or_by_not_saying, forget_all),
        cmocka_unit_test_setup(what_else_is_above_tcp_makes_no_subflow, forget_all),
        cmocka_unit_test_setup(an_attribute_that_ends_outside_the_answer_is_not_read, forget_all),
        cmocka_unit_test_setup(behind_a_last_attribute_of_odd_length_nothing_is_read, forget_all),
        cmocka_unit_test_setup(an_answer_to_another_question_is_passed_over, forget_all),
        cmocka_unit_test_setup(an_interrupted_wait_goes_on, forget_all),
        cmocka_unit_test_setup(a_question_that_cannot_be_sent_or_has_no_answer_is_the_systems_error,
                               forget_all),
        cmocka_unit_test_setup(what_is_shorter_than_it_says_or_has_to_be_is_nonsense, forget_all),
        cmocka_unit_test_setup(what_is_of_another_kind_is_nonsense, forget_all),
        cmocka_unit_test_setup(destroying_is_what_the_kernel_says_of_it, forget_all),
        cmocka_unit_test_setup(a_number_that_is_no_errno_is_nonsense, forget_all),
        cmocka_unit_test_setup(a_list_that_comes_to_its_end_can_be_looked_at, forget_all),
        cmocka_unit_test_setup(a_list_is_asked_for_by_family_and_states, forget_all),
        cmocka_unit_test_setup(each_socket_of_each_part_of_a_list_is_given_once, forget_all),
        cmocka_unit_test_setup(what_comes_behind_the_end_of_a_list_is_not_taken, forget_all),
        cmocka_unit_test_setup(a_list_that_the_kernel_cannot_finish_is_its_error, forget_all),
        cmocka_unit_test_setup(a_list_that_changed_while_it_was_read_is_said_to_have, forget_all),
        cmocka_unit_test_setup(what_is_no_part_of_a_list_is_passed_over, forget_all),
        cmocka_unit_test_setup(a_part_that_has_lost_its_end_is_nonsense, forget_all),
        cmocka_unit_test_setup(a_message_of_a_list_that_makes_no_sense_is_nonsense, forget_all),
    };

    if (diag_open() != 0) {
        perror("test_diag_answers");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

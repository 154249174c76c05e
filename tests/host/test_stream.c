/* SPDX-License-Identifier: MIT */
/*
 * settcpentry-host as it is asked through two pipes.
 *   test_stream HELPER    as it ships, or built with sanitizers
 */
#include "testing.h"

#include "asker.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    SOMEBODY = 12345,
    SOMEBODY_ELSE = 54321,
    NEARLY_FULL = 50000, /* bytes in a pipe */
    MANY = 10000,        /* requests: more than the pipes hold */
    FAILS = 1 << 8,      /* the wait status of exit status 1 */
};

static const char *helper;
static struct asker asker;

static int start(void **state)
{
    (void)state;
    asker_start_stream(&asker, helper, NULL);
    return 0;
}

static void write_all(const void *bytes, size_t count)
{
    assert_int_equal(write(asker.requests, bytes, count), count);
}

/* For no connection that there is. */
static struct host_request vain(uint32_t id)
{
    return (struct host_request){
        .version = HOST_VERSION, .id = id, .connection = {.family = CONNECTION_IPV4}};
}

/* The next answer is to this request. */
static void expect_answer(uint32_t id, enum answer_kind kind)
{
    struct host_answer answer;

    assert_true(asker_read_answer(&asker, &answer));
    assert_int_equal(answer.version, HOST_VERSION);
    assert_int_equal(answer.id, id);
    assert_int_equal(answer.kind, kind);
    assert_int_equal(answer.detail, 0);
}

static void expect_no_answer(void)
{
    struct host_answer answer;

    assert_false(asker_read_answer(&asker, &answer));
}

/* ---- what comes, and how ---- */

static void requests_are_answered_in_their_order_each_under_its_id(void **state)
{
    const uint32_t ids[] = {7, 0, UINT32_MAX, 7};

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        const struct host_request request = vain(ids[i]);

        write_all(&request, sizeof(request));
    }
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        expect_answer(ids[i], ANSWER_NOT_FOUND);
    }
    assert_int_equal(asker_end_stream(&asker), 0);
}

/* In another process, as one that only wrote would wait for the helper, and that for it. */
static pid_t write_many(void)
{
    static struct host_request requests[MANY];
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child > 0) {
        return child;
    }
    close(asker.answers); /* so that the helper sees if nobody reads them any more */
    for (uint32_t i = 0; i < MANY; i++) {
        requests[i] = vain(i);
    }
    _exit(write(asker.requests, requests, sizeof(requests)) == sizeof(requests) ? 0 : 99);
}

static void as_many_as_are_written_at_once_are_answered_whoever_reads_late(void **state)
{
    const pid_t child = write_many();
    int status;

    (void)state;
    usleep(
        100000); /* the pipes are full by now, or will be: it makes no difference to what is promised */
    for (uint32_t i = 0; i < MANY; i++) {
        expect_answer(i, ANSWER_NOT_FOUND);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void a_request_that_comes_byte_by_byte_is_answered_with_its_last(void **state)
{
    struct host_request request;

    (void)state;
    for (uint32_t id = 1; id <= 3; id++) {
        request = vain(id);
        for (size_t i = 0; i < sizeof(request); i++) {
            write_all((const char *)&request + i, 1);
        }
        expect_answer(id, ANSWER_NOT_FOUND);
    }
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void what_comes_cut_anywhere_is_put_together(void **state)
{
    struct host_request requests[5];
    const char *bytes = (const char *)requests;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        requests[i] = vain((uint32_t)i);
    }
    for (size_t first = 1; first < sizeof(requests); first += 37) {
        const size_t whole = first / sizeof(requests[0]);

        write_all(bytes, first);
        for (size_t i = 0; i < whole; i++) {
            expect_answer((uint32_t)i, ANSWER_NOT_FOUND);
        }
        write_all(bytes + first, sizeof(requests) - first);
        for (size_t i = whole; i < 5; i++) {
            expect_answer((uint32_t)i, ANSWER_NOT_FOUND);
        }
    }
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void a_request_that_makes_no_sense_is_said_to_and_those_behind_it_are_answered(void **state)
{
    struct host_request requests[] = {vain(1), vain(2), vain(3), vain(4)};

    (void)state;
    requests[0].version++;
    memset(&requests[1], 0xA5, sizeof(requests[1]));
    requests[2].connection.family = 5;
    write_all(requests, sizeof(requests));
    expect_answer(1, ANSWER_BAD_REQUEST);
    expect_answer(0xA5A5A5A5, ANSWER_BAD_REQUEST);
    expect_answer(3, ANSWER_BAD_REQUEST);
    expect_answer(4, ANSWER_NOT_FOUND);
    assert_int_equal(asker_end_stream(&asker), 0);
}

/* ---- the end ---- */

static void who_asks_nothing_is_0(void **state)
{
    (void)state;
    close(asker.requests);
    expect_no_answer();
    assert_int_equal(asker_wait_for_helper(&asker), 0);
    close(asker.answers);
}

static int complaints[2];

static void complain_to_us(void)
{
    dup2(complaints[1], STDERR_FILENO);
}

static void half_a_request_at_the_end_is_complained_of_and_1(void **state)
{
    const struct host_request requests[] = {vain(1), vain(2)};
    char complaint[256];
    ssize_t length;

    (void)state;
    assert_int_equal(pipe2(complaints, O_CLOEXEC), 0);
    asker_start_stream(&asker, helper, complain_to_us);
    close(complaints[1]);
    write_all(requests, sizeof(requests) - 1);
    close(asker.requests);
    expect_answer(1, ANSWER_NOT_FOUND);
    expect_no_answer();
    assert_int_equal(asker_wait_for_helper(&asker), FAILS);
    length = read(complaints[0], complaint, sizeof(complaint) - 1);
    assert_true(length > 0);
    complaint[length] = 0;
    assert_string_equal(complaint, "settcpentry-host: standard input: it ends within a request\n");
    close(complaints[0]);
    close(asker.answers);
}

static void when_nobody_reads_answers_any_more_it_ends_without_a_word(void **state)
{
    const struct host_request request = vain(1);
    char byte;

    (void)state;
    assert_int_equal(pipe2(complaints, O_CLOEXEC), 0);
    asker_start_stream(&asker, helper, complain_to_us);
    close(complaints[1]);
    close(asker.answers);
    write_all(&request, sizeof(request));
    assert_int_equal(asker_wait_for_helper(&asker), 0);
    assert_int_equal(read(complaints[0], &byte, 1), 0);
    close(complaints[0]);
    close(asker.requests);
}

static void close_standard_descriptors(void)
{
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
}

static void one_that_is_started_without_any_descriptors_ends(void **state)
{
    (void)state;
    asker_start_stream(&asker, helper, close_standard_descriptors);
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void an_interrupt_from_the_terminal_is_left_to_who_has_started_it(void **state)
{
    (void)state;
    assert_int_equal(asker_ask_stream(&asker, vain(0)), ANSWER_NOT_FOUND);
    assert_int_equal(getsid(asker.helper),
                     asker.helper); /* whose terminal's signals it does not get */
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void set_user_id_it_refuses(void **state)
{
    char copy[] = "/tmp/settcpentry-copy-XXXXXX";
    const int file = mkstemp(copy);
    char command[512];

    (void)state;
    assert_true(file >= 0);
    close(file);
    snprintf(command, sizeof(command), "cat '%s' >'%s'", helper, copy);
    assert_int_equal(system(command), 0);
    if (chown(copy, SOMEBODY, SOMEBODY) != 0) {
        unlink(copy);
        print_message("skipped: only root of the machine can give a file away\n");
        skip();
    }
    assert_int_equal(chmod(copy, 04755), 0);
    asker_start_stream(&asker, copy, NULL);
    assert_int_equal(asker_end_stream(&asker), FAILS);
    unlink(copy);
}

/* ---- what is closed ---- */

/* Both ends in this process; the client's port can be chosen. */
struct both
{
    int client;
    int server;
    union pair_address client_address;
    union pair_address server_address;
};

static union pair_address address_of(int socket)
{
    union pair_address address = {0};
    socklen_t bytes = sizeof(address);

    assert_int_equal(getsockname(socket, &address.any, &bytes), 0);
    return address;
}

/* Ends by a reset, so that nothing stays of its name. */
static int stream(const union pair_address *local)
{
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct linger reset = {.l_onoff = 1};

    assert_int_equal(setsockopt(made, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
    assert_int_equal(bind(made, &local->any, sizeof(local->ipv4)), 0);
    return made;
}

static void open_both(struct both *both, int listener, const union pair_address *client)
{
    const union pair_address to = address_of(listener);

    both->client = stream(client);
    assert_int_equal(connect(both->client, &to.any, sizeof(to.ipv4)), 0);
    both->server = accept(listener, NULL, NULL);
    assert_true(both->server >= 0);
    both->client_address = address_of(both->client);
    both->server_address = address_of(both->server);
}

static void close_both(const struct both *both)
{
    close(both->client);
    close(both->server);
}

static const union pair_address any_port = {
    .ipv4 = {.sin_family = AF_INET, .sin_addr = {0x0100007F}}};

static void expect_alive(const struct both *both)
{
    char byte = 'y';

    assert_int_equal(send(both->client, &byte, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(both->server, &byte, 1, 0), 1);
    assert_int_equal(send(both->server, &byte, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(both->client, &byte, 1, 0), 1);
}

static void expect_ended(const struct both *both)
{
    char byte;

    assert_int_equal(recv(both->client, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNABORTED);
    assert_int_equal(recv(both->server, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
}

/* For this socket of the test's, and no other. */
static struct host_request this_very(int socket, const union pair_address *local,
                                     const union pair_address *remote)
{
    struct host_request request = asker_request(local, remote);
    uint64_t identity;
    socklen_t bytes = sizeof(identity);

    assert_int_equal(getsockopt(socket, SOL_SOCKET, SO_COOKIE, &identity, &bytes), 0);
    request.identity[0] = (uint32_t)identity;
    request.identity[1] = (uint32_t)(identity >> 32);
    return request;
}

static void a_connection_is_closed_by_its_addresses(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct both both;

    (void)state;
    open_both(&both, listener, &any_port);
    assert_int_equal(
        asker_ask_stream(&asker, asker_request(&both.client_address, &both.server_address)),
        ANSWER_CLOSED);
    expect_ended(&both);
    close_both(&both);
    close(listener);
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void one_of_many_is_closed_by_its_identity_and_then_not_found(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct host_request request;
    struct both both[3];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        open_both(&both[i], listener, &any_port);
    }
    request = this_very(both[1].client, &both[1].client_address, &both[1].server_address);
    assert_int_equal(asker_ask_stream(&asker, request), ANSWER_CLOSED);
    assert_int_equal(asker_ask_stream(&asker, request), ANSWER_NOT_FOUND);
    expect_alive(&both[0]);
    expect_ended(&both[1]);
    expect_alive(&both[2]);
    for (size_t i = 0; i < 3; i++) {
        close_both(&both[i]);
    }
    close(listener);
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void a_connection_that_has_come_to_use_the_same_addresses_lives(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct host_request request;
    struct both before;
    struct both after;

    (void)state;
    open_both(&before, listener, &any_port);
    request = this_very(before.client, &before.client_address, &before.server_address);
    close_both(&before);
    open_both(&after, listener, &before.client_address);
    assert_memory_equal(&after.client_address, &before.client_address, sizeof(struct sockaddr_in));
    assert_int_equal(asker_ask_stream(&asker, request), ANSWER_NOT_FOUND);
    expect_alive(&after);
    close_both(&after);
    close(listener);
    assert_int_equal(asker_end_stream(&asker), 0);
}

static void a_listener_lives_even_if_its_identity_is_known(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    const union pair_address local = address_of(listener);
    const union pair_address nowhere = {.any = {.sa_family = AF_INET}};
    struct both both;

    (void)state;
    assert_int_equal(asker_ask_stream(&asker, this_very(listener, &local, &nowhere)),
                     ANSWER_NOT_FOUND);
    assert_int_equal(asker_ask_stream(&asker, this_very(listener, &local, &local)),
                     ANSWER_NOT_FOUND);
    open_both(&both, listener, &any_port);
    expect_alive(&both);
    close_both(&both);
    close(listener);
    assert_int_equal(asker_end_stream(&asker), 0);
}

/* ---- for an ordinary user ---- */

static void become_somebody(void)
{
    if (setgroups(0, NULL) != 0 || setgid(SOMEBODY) != 0 || setuid(SOMEBODY) != 0) {
        perror("become another user");
        _exit(127);
    }
}

/* A copy of the helper with its file capability, which only root of the machine can give it; false: not here. */
static bool copy_with_capability(char *path)
{
    const int file = mkstemp(path);
    char command[512];

    assert_true(file >= 0);
    close(file);
    snprintf(command, sizeof(command),
             "cat '%s' >'%s' && chmod 755 '%s' && setcap cap_net_admin+ep '%s'", helper, path, path,
             path);
    if (chown(path, SOMEBODY, SOMEBODY) == 0 && system(command) == 0) {
        return true;
    }
    unlink(path);
    print_message("skipped: only root of the machine can give the helper its file capability\n");
    return false;
}

static void an_ordinary_user_has_their_own_closed_and_nobody_elses(void **state)
{
    static const uid_t others[] = {SOMEBODY_ELSE, 0};
    char copy[] = "/tmp/settcpentry-copy-XXXXXX";
    const int listener = pair_listen("127.0.0.1");
    struct pair own;
    struct pair other;

    (void)state;
    if (!copy_with_capability(copy)) {
        skip();
    }
    pair_open(&own, listener, SOMEBODY);
    asker_start_stream(&asker, copy, become_somebody);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        pair_open(&other, listener, others[i]);
        assert_int_equal(
            asker_ask_stream(&asker, asker_request(&other.client.address, &other.server.address)),
            ANSWER_NOT_OWNER);
        assert_int_equal(pair_ping(&other), PAIR_ALIVE);
        pair_close(&other);
    }
    assert_int_equal(
        asker_ask_stream(&asker, asker_request(&own.client.address, &own.server.address)),
        ANSWER_CLOSED);
    assert_int_equal(pair_saw(&own.client), ECONNABORTED);
    assert_int_equal(asker_end_stream(&asker), 0);
    pair_close(&own);
    close(listener);
    unlink(copy);
}

static void without_the_capability_it_says_so(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair own;

    (void)state;
    if (seteuid(SOMEBODY) != 0) {
        print_message("skipped: only root of the machine can become another user\n");
        skip();
    }
    assert_int_equal(seteuid(0), 0);
    pair_open(&own, listener, SOMEBODY);
    asker_start_stream(&asker, helper, become_somebody);
    assert_int_equal(
        asker_ask_stream(&asker, asker_request(&own.client.address, &own.server.address)),
        ANSWER_NO_CAPABILITY);
    assert_int_equal(pair_ping(&own), PAIR_ALIVE);
    assert_int_equal(asker_end_stream(&asker), 0);
    pair_close(&own);
    close(listener);
}

#define STARTED(test) cmocka_unit_test_setup(test, start)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        STARTED(requests_are_answered_in_their_order_each_under_its_id),
        STARTED(as_many_as_are_written_at_once_are_answered_whoever_reads_late),
        STARTED(a_request_that_comes_byte_by_byte_is_answered_with_its_last),
        STARTED(what_comes_cut_anywhere_is_put_together),
        STARTED(a_request_that_makes_no_sense_is_said_to_and_those_behind_it_are_answered),
        STARTED(who_asks_nothing_is_0),
        cmocka_unit_test(half_a_request_at_the_end_is_complained_of_and_1),
        cmocka_unit_test(when_nobody_reads_answers_any_more_it_ends_without_a_word),
        cmocka_unit_test(one_that_is_started_without_any_descriptors_ends),
        STARTED(an_interrupt_from_the_terminal_is_left_to_who_has_started_it),
        cmocka_unit_test(set_user_id_it_refuses),
        STARTED(a_connection_is_closed_by_its_addresses),
        STARTED(one_of_many_is_closed_by_its_identity_and_then_not_found),
        STARTED(a_connection_that_has_come_to_use_the_same_addresses_lives),
        STARTED(a_listener_lives_even_if_its_identity_is_known),
        cmocka_unit_test(an_ordinary_user_has_their_own_closed_and_nobody_elses),
        cmocka_unit_test(without_the_capability_it_says_so),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_stream HELPER\n");
        return 2;
    }
    helper = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * settcpentry-host while Linux fails it: strace has each of its system calls fail in turn.  Whatever
 * happens, it does not crash, and what it says is true.
 *   test_system_calls HELPER    without its sandbox, which would not let strace's failures through
 */
#include "testing.h"

#include "asker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    TURNS = 6, /* of each system call; the C library's own are among them */
    PATIENCE_MS = 2000,
    STRACE_ITSELF_FAILED = 127,
};

/* With an errno that it can really have. */
static const char *const calls[] = {
    "openat:error=EMFILE",
    "chmod:error=EPERM",
    "inotify_init1:error=EMFILE",
    "inotify_add_watch:error=ENOSPC",
    "fstat,newfstatat:error=ENOMEM",
    "socket:error=EMFILE",
    "connect:error=ENOMEM",
    "sendto:error=ENOBUFS",
    "recvfrom:error=ENOBUFS",
    "recvfrom:error=EINTR",
    "recvfrom:retval=4",
    "poll:error=EINTR",
    "fcntl:error=EINVAL",
    "ioctl:error=ENODEV",
    "lseek:error=ESPIPE",
    "signalfd4:error=EMFILE",
    "read:error=EINTR",
    "prctl:error=EINVAL",
    "capset:error=EPERM",
    "capget:error=EINVAL",
    "chdir:error=EACCES",
    "setsid:error=EPERM",
    "mkdir:error=ENOSPC",
    "flock:error=ENOLCK",
    "write:error=ENOSPC",
    "write:error=EINTR",
    "getdents64:error=ENOMEM",
    "unlinkat:error=EACCES",
};

static const char *helper;
static int listener;
static char folder[] = "/tmp/settcpentry-calls-XXXXXX";

/* Until it is met, or has ended. */
static enum host_state meet(struct asker *asker)
{
    for (int waited = 0; waited < PATIENCE_MS && !asker_helper_has_ended(asker); waited++) {
        const uint32_t state = __atomic_load_n(&asker->page->state, __ATOMIC_ACQUIRE);

        if (state != HOST_STARTING) {
            return (enum host_state)state;
        }
        usleep(1000);
    }
    return HOST_STARTING;
}

/* It never says that what it was not able to close has gone, or is not there. */
static void expect_the_truth(struct asker *asker,
                             int (*ask)(struct asker *asker, struct host_request request))
{
    struct host_request vain = {.version = HOST_VERSION, .connection = {.family = CONNECTION_IPV6}};
    struct pair pair;
    int kind;

    assert_int_not_equal(ask(asker, vain), ANSWER_CLOSED);
    pair_open(&pair, listener, getuid());
    kind = ask(asker, asker_request(&pair.client.address, &pair.server.address));
    assert_int_not_equal(kind, ANSWER_NOT_FOUND);
    if (kind == ANSWER_CLOSED) {
        assert_int_not_equal(pair_ping(&pair), PAIR_ALIVE);
    }
    pair_close(&pair);
}

static void expect_an_orderly_end(struct asker *asker, const char *failure)
{
    const int status = asker_wait_for_helper(asker);

    if (!WIFEXITED(status) || WEXITSTATUS(status) > 2) {
        /* Before main, the loader ends with 127 for want of anything. */
        if (!WIFEXITED(status) || WEXITSTATUS(status) != STRACE_ITSELF_FAILED) {
            fail_msg("with %s its status is 0x%x", failure, (unsigned)status);
        }
    }
}

static void try_one_program(const char *failure)
{
    struct asker asker;

    asker_make_page(&asker, "");
    asker_start(&asker, helper, NULL);
    if (meet(&asker) == HOST_READY) {
        asker_ring(&asker);
        expect_the_truth(&asker, asker_ask);
    }
    asker_leave(&asker);
    expect_an_orderly_end(&asker, failure);
}

static void try_a_stream(const char *failure)
{
    struct asker asker;

    asker_start_stream(&asker, helper, NULL);
    expect_the_truth(&asker, asker_ask_stream);
    close(asker.requests);
    close(asker.answers);
    expect_an_orderly_end(&asker, failure);
}

static void try_a_folder(const char *failure)
{
    struct asker server = {0};
    struct asker asker;
    char path[sizeof(folder) + 32];

    snprintf(path, sizeof(path), "%s/" HOST_PAGE_PREFIX "1", folder);
    asker_make_page(&asker, path);
    server.helper = fork();
    if (server.helper == 0) {
        asker_become_helper(helper, (const char *const[]){"--serve", folder, NULL});
    }
    asker.helper = server.helper;
    if (meet(&asker) == HOST_READY) {
        asker_ring(&asker);
        expect_the_truth(&asker, asker_ask);
    }
    asker_leave(&asker);
    unlink(path);
    snprintf(path, sizeof(path), "%s/" HOST_SERVING_NAME, folder);
    while (unlink(path) != 0 && !asker_helper_has_ended(&server)) {
        usleep(1000);
    }
    expect_an_orderly_end(&server, failure);
    unlink(path);
}

static void try_check(const char *failure)
{
    struct asker process = {.helper = fork()};

    assert_true(process.helper >= 0);
    if (process.helper == 0) {
        asker_become_helper(helper, (const char *const[]){"--check", NULL});
    }
    expect_an_orderly_end(&process, failure);
}

static void for_each_failure(void (*try)(const char *failure))
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        for (int turn = 1; turn <= TURNS; turn++) {
            char inject[128];
            const char *const strace[] = {"strace", "-qq", "-o", "/dev/null", "-e", inject, NULL};

            snprintf(inject, sizeof(inject), "inject=%s:when=%d", calls[i], turn);
            asker_through(strace);
            try(inject);
            asker_through(NULL);
        }
    }
}

static void a_helper_for_one_program_survives_every_failure(void **state)
{
    (void)state;
    for_each_failure(try_one_program);
}

static void a_check_survives_every_failure(void **state)
{
    (void)state;
    for_each_failure(try_check);
}

static void one_that_is_asked_through_pipes_survives_every_failure(void **state)
{
    (void)state;
    for_each_failure(try_a_stream);
}

/* Each of these is needed before anything can be asked of Linux. */
static void one_that_is_asked_through_pipes_says_why_it_cannot_serve(void **state)
{
    static const struct
    {
        const char *inject;
        uint32_t detail;
    } failures[] = {
        {"inject=socket:error=EMFILE:when=1", EMFILE},
        {"inject=connect:error=ENOMEM:when=1", ENOMEM},
    };
    const struct host_request request = {
        .version = HOST_VERSION, .id = 7, .connection = {.family = CONNECTION_IPV6}};

    (void)state;
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        struct host_answer answer;
        struct asker asker;

        asker_through((const char *const[]){"strace", "-qq", "-o", "/dev/null", "-e",
                                            failures[i].inject, NULL});
        asker_start_stream(&asker, helper, NULL);
        asker_through(NULL);
        assert_int_equal(write(asker.requests, &request, sizeof(request)), sizeof(request));
        assert_true(asker_read_answer(&asker, &answer));
        assert_int_equal(answer.kind, ANSWER_SYSTEM_CALL_FAILED);
        assert_int_equal(answer.detail, failures[i].detail);
        assert_int_equal(answer.id, 7);
        assert_int_equal(asker_end_stream(&asker), 0);
    }
}

static void a_helper_outside_survives_every_failure(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    for_each_failure(try_a_folder);
    assert_int_equal(rmdir(folder), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_helper_for_one_program_survives_every_failure),
        cmocka_unit_test(a_helper_outside_survives_every_failure),
        cmocka_unit_test(one_that_is_asked_through_pipes_survives_every_failure),
        cmocka_unit_test(one_that_is_asked_through_pipes_says_why_it_cannot_serve),
        cmocka_unit_test(a_check_survives_every_failure),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_system_calls HELPER\n");
        return 2;
    }
    helper = argv[1];
    listener = pair_listen("127.0.0.1");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * What a user who is not root can have closed, by a helper of their own or by one outside their
 * container.  Run by ordinary_user.sh, as root.
 *   test_ordinary_user CLOSE_CONNECTION USER_ID WINE_PREFIX HELPER BARE_HELPER
 */
#include "testing.h"

#include "asker.h"
#include "pair.h"
#include "under_wine.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    OK = 0,
    ACCESS_DENIED = 5,
    NOT_FOUND = 317,
    NOT_FOUND_PRECISELY = 1168,
    NETWORK_UNREACHABLE = 1231,
    PRIVILEGE_NOT_HELD = 1314,
    SOMEBODY_ELSE = 54321,
    PATIENCE_MS = 10000,
};

static const char *close_connection;
static char iphlp[512]; /* the DLL beside it */
static uid_t user;
static const char *prefix;
static const char *helper;
static const char *bare_helper; /* without the capability */

static void expect(const struct pair_end *local, const struct pair_end *remote, long code,
                   unsigned long last_error)
{
    const struct wine_answer answer =
        wine_close_connection(close_connection, &local->address, &remote->address);

    assert_true(wine_answered(&answer, code, last_error));
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
    setenv("SETTCPENTRY_HOST", helper, 1);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

static void become(uid_t who)
{
    if (setgroups(0, NULL) != 0 || setgid(who) != 0 || setuid(who) != 0) {
        perror("become another user");
        _exit(127);
    }
}

/* ---- straight to the helper ---- */

/* As the user, whose exit status is the answer's kind. */
static void ask_for(const struct pair *pair)
{
    struct asker asker;

    become(user);
    asker_meet(&asker, helper);
    _exit(asker_ask(&asker, asker_request(&pair->client.address, &pair->server.address)));
}

static void a_request_past_the_dll_for_roots_connection_is_refused_too(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;
    pid_t child;
    int status;

    (void)state;
    pair_open(&pair, listener, 0);
    child = fork();
    if (child == 0) {
        ask_for(&pair);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ANSWER_NOT_OWNER);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

/* ---- containers ---- */

static const char *const no_new_privs[] = {"setpriv", "--no-new-privs", NULL};
static const char *const bubblewrap[] = {"bwrap", "--dev-bind", "/", "/", NULL};
static const char *const bubblewrap_alone[] = {
    "bwrap", "--dev-bind", "/", "/", "--unshare-net", "--unshare-pid", NULL,
};

static char folder[] = "/tmp/settcpentry-outside-XXXXXX";
static pid_t server;

static void wait_for_file(const char *path)
{
    for (int waited = 0; access(path, F_OK) != 0; waited++) {
        assert_true(waited < PATIENCE_MS);
        usleep(1000);
    }
}

static int serve_outside(void **state)
{
    char serving[sizeof(folder) + 16];

    (void)state;
    snprintf(folder + sizeof(folder) - 7, 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chown(folder, user, user), 0);
    server = fork();
    if (server == 0) {
        become(user);
        execl(helper, "settcpentry-host", "--serve", folder, (char *)NULL);
        _exit(127);
    }
    snprintf(serving, sizeof(serving), "%s/" HOST_SERVING_NAME, folder);
    wait_for_file(serving);
    setenv("SETTCPENTRY_DIR", folder, 1);
    return 0;
}

static int end_outside(void **state)
{
    int status;

    (void)state;
    wine_through(NULL);
    unsetenv("SETTCPENTRY_DIR");
    kill(server, SIGTERM);
    assert_int_equal(waitpid(server, &status, 0), server);
    assert_int_equal(status, 0);
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

static int leave_container(void **state)
{
    (void)state;
    wine_through(NULL);
    return 0;
}

/* Can this user make such a container here? */
static bool is_possible(const char *const container[])
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        const char *argv[64] = {NULL};
        int count = 0;

        for (; container[count]; count++) {
            argv[count] = container[count];
        }
        argv[count] = "true";
        become(user);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

static void expect_in(const char *const container[], long code, unsigned long last_error)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    if (!is_possible(container)) {
        close(listener);
        print_message("skipped: an ordinary user cannot run %s here\n", container[0]);
        skip();
    }
    pair_open(&pair, listener, user);
    wine_through(container);
    expect(&pair.client, &pair.server, code, last_error);
    assert_true((pair_ping(&pair) == PAIR_ALIVE) == (code != OK));
    pair_close(&pair);
    close(listener);
}

static void under_no_new_privs_a_helper_of_ones_own_is_5_and_1314(void **state)
{
    (void)state;
    expect_in(no_new_privs, ACCESS_DENIED, PRIVILEGE_NOT_HELD);
}

static void under_no_new_privs_the_helper_outside_closes(void **state)
{
    (void)state;
    expect_in(no_new_privs, OK, 0);
}

static void in_bubblewrap_a_helper_of_ones_own_is_5_and_1314(void **state)
{
    (void)state;
    expect_in(bubblewrap, ACCESS_DENIED, PRIVILEGE_NOT_HELD);
}

static void in_bubblewrap_the_helper_outside_closes(void **state)
{
    (void)state;
    expect_in(bubblewrap, OK, 0);
}

static void a_container_with_another_network_is_1231_and_the_connection_outside_lives(void **state)
{
    (void)state;
    wine_end_server(); /* the next one starts inside */
    expect_in(bubblewrap_alone, NETWORK_UNREACHABLE, NETWORK_UNREACHABLE);
    wine_end_server();
}

/* ---- containers that share a folder of their own accord, and no variable of ours ---- */

static const char application[] = "org.example.Game";

/* In the prefix, which is this user's home folder too. */
static const char *in_home(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof(paths[0]), "%s/%s", prefix, name);
    return path;
}

static void make_in_home(const char *name)
{
    assert_int_equal(mkdir(in_home(name), 0700), 0);
    assert_int_equal(chown(in_home(name), user, user), 0);
}

/* Outside, by itself: the user's folders, and those of what runs. */
static int serve_by_itself(void **state)
{
    (void)state;
    make_in_home("run");
    make_in_home("run/app");
    make_in_home("run/app/org.example.Game");
    server = fork();
    if (server == 0) {
        become(user);
        setenv("HOME", prefix, 1);
        setenv("XDG_RUNTIME_DIR", in_home("run"), 1);
        execl(helper, "settcpentry-host", "--serve", (char *)NULL);
        _exit(127);
    }
    wait_for_file(in_home(".local/share/settcpentry/" HOST_SERVING_NAME));
    wait_for_file(in_home("run/app/org.example.Game/settcpentry/" HOST_SERVING_NAME));
    unsetenv("SETTCPENTRY_HOST");
    wine_end_server(); /* the next one starts inside */
    return 0;
}

static int end_by_itself(void **state)
{
    static const char *const folders[] = {
        "run/app/org.example.Game/settcpentry",
        "run/app/org.example.Game",
        "run/app",
        "run/settcpentry",
        "run",
        ".local/share/settcpentry",
        ".local/share",
        ".local",
    };
    int status;

    (void)state;
    wine_through(NULL);
    wine_end_server();
    setenv("SETTCPENTRY_HOST", helper, 1);
    kill(server, SIGTERM);
    assert_int_equal(waitpid(server, &status, 0), server);
    assert_int_equal(status, 0);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        assert_int_equal(rmdir(in_home(folders[i])), 0); /* so nothing is left in them */
    }
    return 0;
}

/* All that such a container needs of the system, and a /tmp, processes and what runs of its own. */
#define SYSTEM_OF_ITS_OWN                                                                          \
    "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",         \
        "--unshare-pid", "--die-with-parent", "--ro-bind", close_connection, close_connection,     \
        "--ro-bind", iphlp, iphlp

static void a_container_that_shares_the_home_folder_alone_is_served(void **state)
{
    const char *const container[] = {
        SYSTEM_OF_ITS_OWN, "--bind", prefix, prefix, "--tmpfs", in_home("run"), NULL,
    };

    (void)state;
    expect_in(container, OK, 0);
}

static void a_container_that_shares_what_runs_alone_is_served(void **state)
{
    const char *const container[] = {
        SYSTEM_OF_ITS_OWN, "--bind",          prefix,         prefix, "--tmpfs", in_home(".local"),
        "--setenv",        "XDG_RUNTIME_DIR", in_home("run"), NULL,
    };

    (void)state;
    expect_in(container, OK, 0);
}

static void a_container_that_shares_its_applications_folder_alone_is_served(void **state)
{
    const char *shared = in_home("run/app/org.example.Game");
    const char *const container[] = {
        SYSTEM_OF_ITS_OWN,
        "--bind",
        prefix,
        prefix,
        "--tmpfs",
        in_home(".local"),
        "--tmpfs",
        in_home("run"),
        "--bind",
        shared,
        shared,
        "--setenv",
        "FLATPAK_ID",
        application,
        "--setenv",
        "XDG_RUNTIME_DIR",
        in_home("run"),
        NULL,
    };

    (void)state;
    expect_in(container, OK, 0);
}

static void a_container_that_shares_neither_is_told_to_be_without_the_right(void **state)
{
    const char *const container[] = {
        SYSTEM_OF_ITS_OWN,  "--bind",       prefix,      prefix, "--tmpfs", in_home(".local"),
        "--tmpfs",          in_home("run"), "--ro-bind", helper, helper,    "--setenv",
        "SETTCPENTRY_HOST", helper,         NULL,
    };

    (void)state;
    expect_in(container, ACCESS_DENIED, PRIVILEGE_NOT_HELD);
}

/* ---- other users ---- */

static void copy_file(const char *from, const char *to)
{
    char text[64];
    const int source = open(from, O_RDONLY | O_CLOEXEC);
    const int copy = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    const ssize_t length = read(source, text, sizeof(text));

    assert_true(length > 0);
    assert_int_equal(write(copy, text, (size_t)length), length);
    close(source);
    close(copy);
}

/* Reports the errno of opening the first page that comes into the folder. */
static void open_first_page(int report)
{
    char pattern[sizeof(folder) + 16];
    glob_t found;
    int error = 0;

    become(SOMEBODY_ELSE);
    snprintf(pattern, sizeof(pattern), "%s/" HOST_PAGE_PREFIX "*", folder);
    while (glob(pattern, 0, NULL, &found) != 0) {
        usleep(100);
    }
    if (open(found.gl_pathv[0], O_RDWR) < 0) {
        error = errno;
    }
    _exit(write(report, &error, sizeof(error)) != sizeof(error));
}

/* A folder that somebody else has made, where they pretend to serve. */
static void squat(void)
{
    char serving[sizeof(folder) + 16];

    snprintf(folder + sizeof(folder) - 7, 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0777), 0);
    snprintf(serving, sizeof(serving), "%s/" HOST_SERVING_NAME, folder);
    copy_file(HOST_BOOT_ID_PATH, serving);
    assert_int_equal(chown(folder, SOMEBODY_ELSE, SOMEBODY_ELSE), 0);
    setenv("SETTCPENTRY_DIR", folder, 1);
}

static void who_squats_on_the_folder_cannot_read_pages_and_keeps_nobody_from_closing(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    char serving[sizeof(folder) + 16];
    struct pair pair;
    int report[2];
    int error = 0;

    (void)state;
    squat();
    assert_int_equal(pipe(report), 0);
    if (fork() == 0) {
        open_first_page(report[1]);
    }
    pair_open(&pair, listener, user);
    expect(&pair.client, &pair.server, OK, 0);
    assert_int_equal(read(report[0], &error, sizeof(error)), sizeof(error));
    assert_int_equal(error, EACCES);
    wait(NULL);
    pair_close(&pair);
    close(listener);
    snprintf(serving, sizeof(serving), "%s/" HOST_SERVING_NAME, folder);
    assert_int_equal(unlink(serving), 0);
    assert_int_equal(rmdir(folder), 0); /* so the page went, too */
    unsetenv("SETTCPENTRY_DIR");
}

/* Which would be read until somebody writes to it. */
static void a_pipe_of_somebodys_in_the_folder_keeps_nobody_waiting(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    char serving[sizeof(folder) + 16];
    struct pair pair;
    int held;

    (void)state;
    snprintf(folder + sizeof(folder) - 7, 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0777), 0);
    snprintf(serving, sizeof(serving), "%s/" HOST_SERVING_NAME, folder);
    assert_int_equal(mkfifo(serving, 0600), 0);
    assert_int_equal(chmod(serving, 0666), 0);
    held = open(serving, O_RDWR | O_CLOEXEC);
    assert_true(held >= 0);
    setenv("SETTCPENTRY_DIR", folder, 1);
    pair_open(&pair, listener, user);
    expect(&pair.client, &pair.server, OK, 0);
    pair_close(&pair);
    close(listener);
    close(held);
    unsetenv("SETTCPENTRY_DIR");
    assert_int_equal(unlink(serving), 0);
    assert_int_equal(rmdir(folder), 0);
}

#define OUTSIDE(test) cmocka_unit_test_setup_teardown(test, serve_outside, end_outside)
#define BY_ITSELF(test) cmocka_unit_test_setup_teardown(test, serve_by_itself, end_by_itself)
#define ALONE(test) cmocka_unit_test_teardown(test, leave_container)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_users_own_connection_is_closed),
        cmocka_unit_test(roots_connection_is_5_and_lives),
        cmocka_unit_test(an_orphan_is_317_even_if_it_was_the_users),
        cmocka_unit_test(a_helper_without_the_capability_is_5_and_1314),
        cmocka_unit_test(a_request_past_the_dll_for_roots_connection_is_refused_too),
        ALONE(under_no_new_privs_a_helper_of_ones_own_is_5_and_1314),
        OUTSIDE(under_no_new_privs_the_helper_outside_closes),
        ALONE(in_bubblewrap_a_helper_of_ones_own_is_5_and_1314),
        OUTSIDE(in_bubblewrap_the_helper_outside_closes),
        OUTSIDE(a_container_with_another_network_is_1231_and_the_connection_outside_lives),
        BY_ITSELF(a_container_that_shares_the_home_folder_alone_is_served),
        BY_ITSELF(a_container_that_shares_what_runs_alone_is_served),
        BY_ITSELF(a_container_that_shares_its_applications_folder_alone_is_served),
        BY_ITSELF(a_container_that_shares_neither_is_told_to_be_without_the_right),
        cmocka_unit_test(who_squats_on_the_folder_cannot_read_pages_and_keeps_nobody_from_closing),
        cmocka_unit_test(a_pipe_of_somebodys_in_the_folder_keeps_nobody_waiting),
    };

    if (argc != 6) {
        fprintf(stderr, "usage: test_ordinary_user CLOSE_CONNECTION USER_ID WINE_PREFIX HELPER "
                        "BARE_HELPER\n");
        return 2;
    }
    close_connection = argv[1];
    snprintf(iphlp, sizeof(iphlp), "%.*s/iphlp.dll",
             (int)(strrchr(close_connection, '/') - close_connection), close_connection);
    user = (uid_t)strtoul(argv[2], NULL, 10);
    prefix = argv[3];
    wine_as(user, prefix);
    helper = argv[4];
    bare_helper = argv[5];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

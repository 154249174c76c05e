/* SPDX-License-Identifier: MIT */
/* Being told to end, and hosts' names by a getent of this test's own. */
#include "system.h"

#include "endpoint.h"

#include "testing.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    LONG_MS = 600000, /* nobody waits so long */
    SHORT_MS = 200,
    TAKEN_AT_MOST = 8,
    PATH_BYTES = 64,
};

/* ---- being told to end: in processes of their own, as there is no way back ---- */

/* Exit statuses. */
enum
{
    WAITED,
    WAS_TOLD_TO_END,
};

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
static int signal_of_test;

static pid_t start(int (*be)(void))
{
    const pid_t child = fork();

    if (child == 0) {
        _exit(be());
    }
    assert_true(child > 0);
    return child;
}

/* Its exit status; -1: it was killed. */
static int status_of(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int wait_so_long(uint32_t milliseconds)
{
    return system_wait(milliseconds) ? WAITED : WAS_TOLD_TO_END;
}

static int be_told_before(void)
{
    system_catch_stop();
    raise(signal_of_test);
    return wait_so_long(LONG_MS);
}

static void who_was_told_to_end_before_does_not_wait(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal_of_test = signals[i];
        assert_int_equal(status_of(start(be_told_before)), WAS_TOLD_TO_END);
    }
}

static int be_told_and_ask_twice(void)
{
    system_catch_stop();
    raise(SIGTERM);
    return wait_so_long(0) == WAS_TOLD_TO_END ? wait_so_long(LONG_MS) : -1;
}

static void who_was_told_once_stays_told(void **state)
{
    (void)state;
    assert_int_equal(status_of(start(be_told_and_ask_twice)), WAS_TOLD_TO_END);
}

static int be_told_meanwhile(void)
{
    system_catch_stop();
    return wait_so_long(LONG_MS);
}

/* Until a process sleeps, as it does where it waits, and nowhere before. */
static void await_sleep(pid_t process)
{
    char path[PATH_BYTES];
    char is = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    while (is != 'S') {
        FILE *file = fopen(path, "re");

        assert_non_null(file);
        assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &is), 1);
        fclose(file);
    }
}

static void who_waits_is_told_to_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        const pid_t child = start(be_told_meanwhile);

        await_sleep(child);
        kill(child, signals[i]);
        assert_int_equal(status_of(child), WAS_TOLD_TO_END);
    }
}

static int ignore_what_whoever_started_us_ignores(void)
{
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal(signals[i], SIG_IGN);
    }
    system_catch_stop();
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        raise(signals[i]);
    }
    return wait_so_long(1);
}

static void what_is_ignored_from_the_start_tells_nobody_to_end(void **state)
{
    (void)state;
    assert_int_equal(status_of(start(ignore_what_whoever_started_us_ignores)), WAITED);
}

static int wait_for_its_time(void)
{
    const uint32_t begun = system_milliseconds();
    const int result = wait_so_long(SHORT_MS);

    return system_milliseconds() - begun >= SHORT_MS ? result : -1;
}

static void who_is_not_told_waits_for_its_time_even_if_stopped_and_continued(void **state)
{
    pid_t child;

    (void)state;
    assert_int_equal(status_of(start(wait_for_its_time)), WAITED);
    child = start(wait_for_its_time);
    await_sleep(child);
    kill(child, SIGSTOP);
    assert_int_equal(waitpid(child, NULL, WUNTRACED), child);
    kill(child, SIGCONT);
    assert_int_equal(status_of(child), WAITED);
}

static int look_for_terminals(void)
{
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);

    if (grantpt(terminal) != 0 || unlockpt(terminal) != 0 ||
        dup2(open(ptsname(terminal), O_RDWR | O_NOCTTY), STDERR_FILENO) < 0 ||
        dup2(open("/dev/null", O_RDWR), STDIN_FILENO) < 0) {
        return -1;
    }
    close(STDOUT_FILENO);
    return system_is_terminal(STDERR_FILENO) && !system_is_terminal(STDIN_FILENO) &&
                   !system_is_terminal(STDOUT_FILENO)
               ? 0
               : 1;
}

static void a_terminal_is_told_from_a_device_and_from_what_is_closed(void **state)
{
    (void)state;
    assert_int_equal(status_of(start(look_for_terminals)), 0);
}

/* ---- names ---- */

static char folder[PATH_BYTES];
static char real_path[4096]; /* $PATH */

static struct
{
    uint32_t family;
    struct connection_end end;
} taken[TAKEN_AT_MOST];
static size_t taken_count;

static void keep(void *taker, uint32_t family, const struct connection_end *end)
{
    assert_ptr_equal(taker, taken);
    assert_true(taken_count < TAKEN_AT_MOST);
    taken[taken_count].family = family;
    taken[taken_count++].end = *end;
}

static const char *resolve(const char *host)
{
    taken_count = 0;
    return system_resolve(host, keep, taken);
}

static void expect_taken(size_t index, const char *address)
{
    char text[ENDPOINT_CHARS];

    assert_true(index < taken_count);
    assert_string_equal(endpoint_write_address(taken[index].family, &taken[index].end, text),
                        address);
}

/* A getent that does this when it is asked for here.test. */
static void be_getent(const char *done)
{
    char path[2 * PATH_BYTES];
    FILE *file;

    snprintf(path, sizeof(path), "%s/getent", folder);
    file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n[ \"$*\" = 'ahosts here.test' ] || exit 1\n%s\n", done);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
}

static int begin_names(void **state)
{
    (void)state;
    snprintf(real_path, sizeof(real_path), "%s", getenv("PATH"));
    snprintf(folder, sizeof(folder), "/tmp/tcpdrop-test-XXXXXX");
    return mkdtemp(folder) && setenv("PATH", folder, 1) == 0 ? 0 : -1;
}

/* Nor is a child left. */
static int end_names(void **state)
{
    char path[2 * PATH_BYTES];

    (void)state;
    snprintf(path, sizeof(path), "%s/getent", folder);
    unlink(path);
    return setenv("PATH", real_path, 1) == 0 && rmdir(folder) == 0 &&
                   waitpid(-1, NULL, WNOHANG) == -1
               ? 0
               : -1;
}

static void every_address_is_given_once(void **state)
{
    (void)state;
    be_getent("echo '10.0.0.1        STREAM here.test'\n"
              "echo '10.0.0.1        DGRAM  '\n"
              "echo '10.0.0.1        RAW    '\n"
              "echo 'fd00::1         STREAM '\n"
              "echo 'fd00::1         DGRAM  '\n"
              "echo 'fe80::1%2       STREAM '\n"
              "printf '10.0.0.2'\n");
    assert_null(resolve("here.test"));
    assert_int_equal(taken_count, 4);
    expect_taken(0, "10.0.0.1");
    expect_taken(1, "fd00::1");
    expect_taken(2, "fe80::1%2");
    expect_taken(3, "10.0.0.2");
}

static void lines_without_an_address_are_passed_over(void **state)
{
    (void)state;
    be_getent("echo; echo ' 10.0.0.1'; echo '10.0.0.256 STREAM'; echo 'fe80::1%eth0 STREAM'\n"
              "printf '%09999d\\n' 0; echo '10.0.0.1 STREAM'");
    assert_null(resolve("here.test"));
    assert_int_equal(taken_count, 1);
    expect_taken(0, "10.0.0.1");
}

static void a_host_without_an_address_has_none(void **state)
{
    (void)state;
    be_getent("exit 0");
    assert_null(resolve("here.test"));
    assert_int_equal(taken_count, 0);
}

static void why_there_is_no_address_is_told(void **state)
{
    static const char *const cases[][2] = {
        {"exit 2", "is the name of no host that is known here"},
        {"exit 1", "cannot be looked up: getent failed"},
        {"kill -9 $$", "cannot be looked up: getent failed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        be_getent(cases[i][0]);
        assert_string_equal(resolve("here.test"), cases[i][1]);
    }
    signal(SIGCHLD, SIG_IGN); /* as whoever starts us may have left it */
    be_getent("exit 2");
    assert_string_equal(resolve("here.test"), cases[0][1]);
}

static void without_getent_that_is_told(void **state)
{
    (void)state;
    assert_string_equal(resolve("here.test"),
                        "cannot be looked up: there is no program getent here");
}

static void what_is_no_name_is_not_looked_up(void **state)
{
    static const char *const cases[] = {"",     "-x",   "--service=files", "here.test ", "a b",
                                        "a\nb", "a\x7F"};
    char name[256];

    (void)state; /* without a getent */
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(resolve(cases[i]), "is no name that a host can have");
    }
    memset(name, 'x', sizeof(name));
    name[254] = 0;
    assert_string_equal(resolve(name), "is no name that a host can have");
    name[253] = 0;
    assert_string_equal(resolve(name), "cannot be looked up: there is no program getent here");
}

static void this_machines_own_getent_finds_localhost(void **state)
{
    bool is_there = false;

    (void)state;
    assert_null(resolve("localhost"));
    for (size_t i = 0; i < taken_count; i++) {
        is_there = is_there || taken[i].end.address[0] == 127 ||
                   (taken[i].family == CONNECTION_IPV6 && taken[i].end.address[15] == 1);
    }
    assert_true(is_there);
    assert_string_equal(resolve("nowhere.invalid"), "is the name of no host that is known here");
}

#define OF_NAMES(name) cmocka_unit_test_setup_teardown(name, begin_names, end_names)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_told_to_end_before_does_not_wait),
        cmocka_unit_test(who_was_told_once_stays_told),
        cmocka_unit_test(who_waits_is_told_to_end),
        cmocka_unit_test(what_is_ignored_from_the_start_tells_nobody_to_end),
        cmocka_unit_test(who_is_not_told_waits_for_its_time_even_if_stopped_and_continued),
        cmocka_unit_test(a_terminal_is_told_from_a_device_and_from_what_is_closed),
        OF_NAMES(every_address_is_given_once),
        OF_NAMES(lines_without_an_address_are_passed_over),
        OF_NAMES(a_host_without_an_address_has_none),
        OF_NAMES(why_there_is_no_address_is_told),
        OF_NAMES(without_getent_that_is_told),
        OF_NAMES(what_is_no_name_is_not_looked_up),
        cmocka_unit_test(this_machines_own_getent_finds_localhost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

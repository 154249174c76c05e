/* SPDX-License-Identifier: MIT */
/*
 * settcpentry-host --serve in several folders: those that it is given, and those that it knows by itself.
 *   test_folders HELPER    as it ships, or built with sanitizers
 */
#include "testing.h"

#include "asker.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    REFUSES = 1 << 8, /* the wait status of exit status 1 */
    PATH_CHARS = 256,
    NAMES_AT_MOST = 8,
    PATIENCE_MS = 2 * HOST_JOIN_LIMIT_MS,
};

/* In which the test has a home and a folder for what runs, as if it were a user's. */
static char root[] = "/tmp/settcpentry-test-XXXXXX";
static const char *helper;
static struct asker server; /* of which only the process counts */

#define RUNTIME "runtime/settcpentry"
#define HOME "home/.local/share/settcpentry"
#define APPLICATIONS "runtime/app"

static const char *below(const char *name)
{
    static char paths[NAMES_AT_MOST][PATH_CHARS];
    static unsigned next;
    char *path = paths[next++ % NAMES_AT_MOST];

    snprintf(path, PATH_CHARS, "%s/%s", root, name);
    return path;
}

static void make(const char *name)
{
    assert_int_equal(mkdir(below(name), 0700), 0);
}

static int make_user(void **state)
{
    (void)state;
    memcpy(root + sizeof(root) - sizeof("XXXXXX"), "XXXXXX", sizeof("XXXXXX"));
    assert_non_null(mkdtemp(root));
    make("home");
    make("runtime");
    setenv("HOME", below("home"), 1);
    setenv("XDG_RUNTIME_DIR", below("runtime"), 1);
    return 0;
}

static int remove_one(const char *path, const struct stat *is, int kind, struct FTW *where)
{
    (void)kind;
    (void)where;
    if (!S_ISDIR(is->st_mode)) {
        print_message("left behind: %s\n", path);
    }
    return remove(path) != 0 || !S_ISDIR(is->st_mode);
}

/* Nothing but folders may be left in it. */
static int remove_user(void **state)
{
    (void)state;
    return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* --serve and what is given besides. */
static void start_server(const char *first, const char *second)
{
    server.helper = fork();
    assert_true(server.helper >= 0);
    if (server.helper == 0) {
        asker_become_helper(helper, (const char *const[]){"--serve", first, second, NULL});
    }
}

static void stop_server(void)
{
    kill(server.helper, SIGTERM);
    assert_int_equal(asker_wait_for_helper(&server), 0);
}

static bool serves_in(const char *folder)
{
    char path[PATH_CHARS];
    struct stat is;

    snprintf(path, sizeof(path), "%s/" HOST_SERVING_NAME, below(folder));
    return stat(path, &is) == 0 && is.st_size == HOST_BOOT_ID_BYTES;
}

static bool comes_to_serve_in(const char *folder)
{
    for (int waited = 0; waited < PATIENCE_MS; waited++) {
        if (serves_in(folder)) {
            return true;
        }
        usleep(1000);
    }
    return false;
}

static int start(void **state)
{
    make_user(state);
    start_server(NULL, NULL);
    assert_true(comes_to_serve_in(HOME));
    return 0;
}

static int stop(void **state)
{
    stop_server();
    return remove_user(state);
}

/* A program that puts its page there is met, and answered. */
static void expect_service_in(const char *folder)
{
    const struct host_request request = {.version = HOST_VERSION,
                                         .connection = {.family = CONNECTION_IPV4}};
    char path[PATH_CHARS];
    struct asker asker;

    assert_true(comes_to_serve_in(folder));
    snprintf(path, sizeof(path), "%s/" HOST_PAGE_PREFIX "1", below(folder));
    asker_make_page(&asker, path);
    asker_ring(&asker);
    assert_int_equal(asker_wait_until_met(&asker), HOST_READY);
    assert_int_not_equal(access(path, F_OK), 0);
    asker_ring(&asker);
    assert_int_equal(asker_ask(&asker, request), ANSWER_NOT_FOUND);
    asker_leave(&asker);
}

/* ---- those that it is given ---- */

static void each_folder_that_is_given_is_served(void **state)
{
    (void)state;
    start_server(below("first"), below("second"));
    expect_service_in("first");
    expect_service_in("second");
    expect_service_in("first");
    stop_server();
    assert_int_not_equal(access(below(RUNTIME), F_OK), 0);
    assert_int_not_equal(access(below(APPLICATIONS), F_OK), 0);
}

static void if_one_that_is_given_cannot_be_served_none_is(void **state)
{
    (void)state;
    start_server(below("first"), "/proc/settcpentry");
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
    assert_false(serves_in("first"));
}

static void a_folder_that_is_lost_is_no_loss_to_another(void **state)
{
    (void)state;
    start_server(below("first"), below("second"));
    expect_service_in("first");
    assert_int_equal(unlink(below("first/" HOST_SERVING_NAME)), 0);
    expect_service_in("second");
    assert_int_equal(unlink(below("second/" HOST_SERVING_NAME)), 0);
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
}

/* ---- those that it knows ---- */

static void without_a_folder_it_serves_the_users_own_ones(void **state)
{
    (void)state;
    expect_service_in(RUNTIME);
    expect_service_in(HOME);
}

static void one_that_is_not_set_is_left_out(void **state)
{
    (void)state;
    unsetenv("XDG_RUNTIME_DIR");
    start_server(NULL, NULL);
    expect_service_in(HOME);
    stop_server();
}

static void without_any_it_ends(void **state)
{
    (void)state;
    unsetenv("XDG_RUNTIME_DIR");
    setenv("HOME", "no/absolute/path", 1);
    start_server(NULL, NULL);
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
}

static void one_that_another_helper_serves_is_left_to_it(void **state)
{
    struct asker first;

    (void)state;
    start_server(below(RUNTIME), NULL);
    assert_true(comes_to_serve_in(RUNTIME));
    first = server;
    start_server(NULL, NULL);
    expect_service_in(HOME);
    expect_service_in(RUNTIME);
    stop_server();
    assert_true(serves_in(RUNTIME));
    server = first;
    stop_server();
}

static void a_second_one_by_itself_ends(void **state)
{
    const struct asker first = server;

    (void)state;
    start_server(NULL, NULL);
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
    server = first;
    expect_service_in(RUNTIME);
}

static void one_that_has_lost_all_but_applications_folders_ends(void **state)
{
    make_user(state);
    make(APPLICATIONS);
    make(APPLICATIONS "/org.example.Last");
    start_server(NULL, NULL);
    assert_true(comes_to_serve_in(APPLICATIONS "/org.example.Last/settcpentry"));
    assert_int_equal(unlink(below(RUNTIME "/" HOST_SERVING_NAME)), 0);
    expect_service_in(HOME);
    assert_int_equal(unlink(below(HOME "/" HOST_SERVING_NAME)), 0);
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
    assert_int_equal(remove_user(state), 0);
}

static void one_that_others_can_reach_is_left_out(void **state)
{
    (void)state;
    make(RUNTIME);
    assert_int_equal(chmod(below(RUNTIME), 0710), 0);
    start_server(NULL, NULL);
    expect_service_in(HOME);
    assert_false(serves_in(RUNTIME));
    stop_server();
}

/* ---- those of applications ---- */

static void an_applications_folder_that_was_there_is_served(void **state)
{
    (void)state;
    make(APPLICATIONS);
    make(APPLICATIONS "/org.example.Early");
    start_server(NULL, NULL);
    expect_service_in(APPLICATIONS "/org.example.Early/settcpentry");
    stop_server();
}

static void an_applications_folder_that_comes_is_served(void **state)
{
    (void)state;
    make(APPLICATIONS "/org.example.Late");
    expect_service_in(APPLICATIONS "/org.example.Late/settcpentry");
    expect_service_in(RUNTIME);
}

static void one_that_comes_under_another_name_first_is_served(void **state)
{
    (void)state;
    make("runtime/new");
    assert_int_equal(rename(below("runtime/new"), below(APPLICATIONS "/org.example.Moved")), 0);
    expect_service_in(APPLICATIONS "/org.example.Moved/settcpentry");
}

static void an_application_that_takes_its_folder_away_harms_nobody_else(void **state)
{
    (void)state;
    make(APPLICATIONS "/org.example.One");
    make(APPLICATIONS "/org.example.Other");
    expect_service_in(APPLICATIONS "/org.example.One/settcpentry");
    expect_service_in(APPLICATIONS "/org.example.Other/settcpentry");
    assert_int_equal(rename(below(APPLICATIONS "/org.example.One/settcpentry"),
                            below(APPLICATIONS "/org.example.One/gone")),
                     0);
    expect_service_in(APPLICATIONS "/org.example.Other/settcpentry");
    expect_service_in(HOME);
    unlink(below(APPLICATIONS "/org.example.One/gone/" HOST_SERVING_NAME));
}

static void a_link_in_place_of_an_applications_folder_is_not_followed(void **state)
{
    (void)state;
    make("elsewhere");
    assert_int_equal(symlink(below("elsewhere"), below(APPLICATIONS "/org.example.Link")), 0);
    make(APPLICATIONS "/org.example.Inside");
    expect_service_in(APPLICATIONS "/org.example.Inside/settcpentry");
    assert_int_not_equal(access(below("elsewhere/settcpentry"), F_OK), 0);
    assert_int_equal(unlink(below(APPLICATIONS "/org.example.Link")), 0);
}

static void a_link_in_place_of_our_folder_in_one_is_not_followed(void **state)
{
    (void)state;
    make(APPLICATIONS);
    make(APPLICATIONS "/org.example.Sly");
    make("elsewhere");
    assert_int_equal(
        symlink(below("elsewhere"), below(APPLICATIONS "/org.example.Sly/settcpentry")), 0);
    start_server(NULL, NULL);
    expect_service_in(HOME);
    stop_server();
    assert_false(serves_in("elsewhere"));
    assert_int_equal(unlink(below(APPLICATIONS "/org.example.Sly/settcpentry")), 0);
}

static void one_that_others_can_write_to_is_not_served(void **state)
{
    (void)state;
    make(APPLICATIONS);
    make(APPLICATIONS "/org.example.Open");
    assert_int_equal(chmod(below(APPLICATIONS "/org.example.Open"), 0770), 0);
    start_server(NULL, NULL);
    expect_service_in(HOME);
    stop_server();
    assert_int_not_equal(access(below(APPLICATIONS "/org.example.Open/settcpentry"), F_OK), 0);
}

/* ---- what says that somebody serves ---- */

static void write_marker(const char *text)
{
    const int file =
        open(below("first/" HOST_SERVING_NAME), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static void read_text(const char *path, char text_out[64])
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = read(file, text_out, 63);

    assert_true(length >= 0);
    text_out[length] = 0;
    close(file);
}

static void what_another_boot_has_left_is_taken_over(void **state)
{
    char now[64];
    char found[64];

    (void)state;
    make("first");
    write_marker("01234567-89ab-cdef-0123-456789abcdef\n");
    start_server(below("first"), NULL);
    expect_service_in("first");
    read_text(HOST_BOOT_ID_PATH, now);
    read_text(below("first/" HOST_SERVING_NAME), found);
    assert_string_equal(found, now);
    stop_server();
}

static void a_text_as_long_as_a_boots_id_is_somebodys(void **state)
{
    static const char *const texts[] = {
        "Dear diary, today nothing happened.\n\n",
        "01234567-89ab-cdef-0123-456789abcdeg\n",
        "01234567-89ab-cdef-0123-456789abcdef ",
        "0123456789abcdef-0123456789abcdef012\n",
    };
    char found[64];

    (void)state;
    make("first");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(strlen(texts[i]), HOST_BOOT_ID_BYTES);
        write_marker(texts[i]);
        start_server(below("first"), NULL);
        assert_int_equal(asker_wait_for_helper(&server), REFUSES);
        read_text(below("first/" HOST_SERVING_NAME), found);
        assert_string_equal(found, texts[i]);
    }
    assert_int_equal(unlink(below("first/" HOST_SERVING_NAME)), 0);
}

#define FOR_A_USER(test) cmocka_unit_test_setup_teardown(test, make_user, remove_user)
#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        FOR_A_USER(each_folder_that_is_given_is_served),
        FOR_A_USER(if_one_that_is_given_cannot_be_served_none_is),
        FOR_A_USER(a_folder_that_is_lost_is_no_loss_to_another),
        SERVED(without_a_folder_it_serves_the_users_own_ones),
        FOR_A_USER(one_that_is_not_set_is_left_out),
        FOR_A_USER(without_any_it_ends),
        FOR_A_USER(one_that_another_helper_serves_is_left_to_it),
        SERVED(a_second_one_by_itself_ends),
        cmocka_unit_test(one_that_has_lost_all_but_applications_folders_ends),
        FOR_A_USER(one_that_others_can_reach_is_left_out),
        FOR_A_USER(an_applications_folder_that_was_there_is_served),
        SERVED(an_applications_folder_that_comes_is_served),
        SERVED(one_that_comes_under_another_name_first_is_served),
        SERVED(an_application_that_takes_its_folder_away_harms_nobody_else),
        SERVED(a_link_in_place_of_an_applications_folder_is_not_followed),
        FOR_A_USER(a_link_in_place_of_our_folder_in_one_is_not_followed),
        FOR_A_USER(one_that_others_can_write_to_is_not_served),
        FOR_A_USER(what_another_boot_has_left_is_taken_over),
        FOR_A_USER(a_text_as_long_as_a_boots_id_is_somebodys),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_folders HELPER\n");
        return 2;
    }
    helper = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * A real connection between two Linux processes is closed by a Windows program of every kind, started
 * in every way.
 *   test_callers FOLDER LINUX_FOLDERS
 * The Windows programs below are in the folder, the Linux ones in LINUX_FOLDERS (with : in between).
 */
#include "testing.h"

#include "helpers.h"
#include "pair.h"
#include "under_wine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONSOLE "caller.exe"
#define WINDOW "close_connection_window.exe"
#define BY_CONSOLE "launcher.exe " /* and how */
#define BY_WINDOW "launcher_window.exe "
#define BY_START "start /wait /unix" /* as desktops do it */
#define SERVICE "SERVICE"
#define IN_TERMINAL "with_descriptors terminal"
#define WITHOUT_INPUT_AND_OUTPUT "with_descriptors error"

enum
{
    CHARS = 128,
    WORDS_AT_MOST = 12,
    NOT_SUPPORTED = 50,
};

static const struct caller
{
    const char *name;    /* of the test, up to "closes a connection" */
    const char *program; /* that calls SetTcpEntry */
    const char *by;      /* the Windows program that starts it, if any */
    const char *through; /* the Linux command that starts Wine, if any */
} callers[] = {
    {"a_console_program_without_a_terminal", CONSOLE, "", ""},
    {"a_console_program_in_a_terminal", CONSOLE, "", IN_TERMINAL},
    {"a_program_with_a_window_without_a_terminal", WINDOW, "", ""},
    {"a_program_with_a_window_in_a_terminal", WINDOW, "", IN_TERMINAL},
    {"a_console_program_by_wine_start", CONSOLE, BY_START, ""},
    {"a_program_with_a_window_by_wine_start", WINDOW, BY_START, ""},
    {"a_console_program_of_another", CONSOLE, BY_CONSOLE "PLAIN", ""},
    {"a_console_program_of_one_with_a_window", CONSOLE, BY_WINDOW "PLAIN", ""},
    {"a_program_with_a_window_of_another", WINDOW, BY_WINDOW "PLAIN", ""},
    {"a_program_with_a_window_of_a_console_program", WINDOW, BY_CONSOLE "PLAIN", ""},
    {"a_program_with_a_window_of_one_in_a_terminal", WINDOW, BY_CONSOLE "PLAIN", IN_TERMINAL},
    {"a_detached_console_program", CONSOLE, BY_CONSOLE "DETACHED_PROCESS", ""},
    {"a_detached_program_with_a_window", WINDOW, BY_CONSOLE "DETACHED_PROCESS", ""},
    {"a_console_program_that_shows_no_console", CONSOLE, BY_WINDOW "CREATE_NO_WINDOW", ""},
    {"a_console_program_with_a_new_console", CONSOLE, BY_WINDOW "CREATE_NEW_CONSOLE", ""},
    {"a_console_program_in_a_new_group", CONSOLE, BY_CONSOLE "CREATE_NEW_PROCESS_GROUP", ""},
    {"a_program_with_a_window_in_a_new_group", WINDOW, BY_CONSOLE "CREATE_NEW_PROCESS_GROUP", ""},
    {"a_service", CONSOLE, BY_CONSOLE SERVICE, ""},
    {"a_console_program_with_closed_handles", CONSOLE, BY_CONSOLE "CLOSED_HANDLES", ""},
    {"a_program_with_a_window_and_closed_handles", WINDOW, BY_CONSOLE "CLOSED_HANDLES", ""},
    {"a_console_program_with_redirected_handles", CONSOLE, BY_WINDOW "REDIRECTED_HANDLES", ""},
    {"a_program_with_a_window_and_redirected_handles", WINDOW, BY_WINDOW "REDIRECTED_HANDLES", ""},
    {"a_console_program_without_input_and_output", CONSOLE, "", WITHOUT_INPUT_AND_OUTPUT},
    {"a_program_with_a_window_and_no_input_or_output", WINDOW, "", WITHOUT_INPUT_AND_OUTPUT},
    {"a_program_whose_TMPDIR_is_elsewhere", WINDOW, "", "with_tmpdir.sh"},
    {"a_program_whose_XDG_RUNTIME_DIR_is_missing", WINDOW, "", "env XDG_RUNTIME_DIR=/missing"},
    {"a_program_whose_XDG_RUNTIME_DIR_is_no_folder", WINDOW, "", "env XDG_RUNTIME_DIR=/dev/null"},
    {"a_program_whose_XDG_RUNTIME_DIR_is_no_path", WINDOW, "", "env XDG_RUNTIME_DIR=C:\\"},
    {"a_program_whose_XDG_RUNTIME_DIR_is_everybodys", WINDOW, "", "env XDG_RUNTIME_DIR=/tmp"},
};

enum
{
    CALLERS = sizeof(callers) / sizeof(callers[0]),
};

static const struct caller without_drive_z = {"", CONSOLE, "", "without_drive_z.sh"};

/* Debian's Wine 10, where TMPDIR is set at all. */
static const char death_of_tmpdir[] = "free(): invalid pointer";

static char answer_file[] = "Z:/tmp/settcpentry-answer-XXXXXX";
static char *const linux_answer_file = answer_file + sizeof("Z:") - 1;

/* Takes the text apart at its blanks, and adds what it is made of. */
static size_t add_words(const char **words, size_t count, char *text)
{
    char *rest = NULL;

    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    words[count] = NULL;
    return count;
}

static struct wine_answer start(const struct caller *caller, const struct pair *pair)
{
    const bool is_service = strstr(caller->by, SERVICE) != NULL;
    const char *through_words[WORDS_AT_MOST] = {NULL};
    const char *words[WORDS_AT_MOST] = {NULL};
    char through[CHARS];
    char by[CHARS];
    char local[PAIR_NAME_CHARS];
    char remote[PAIR_NAME_CHARS];
    struct wine_answer answer;
    size_t count;

    snprintf(through, sizeof(through), "%s", caller->through);
    snprintf(by, sizeof(by), "%s", caller->by);
    add_words(through_words, 0, through);
    count = add_words(words, 0, by);
    words[count++] = caller->program;
    words[count++] = pair_name(&pair->client.address, local);
    words[count++] = pair_name(&pair->server.address, remote);
    words[count++] = is_service ? "--service" : "--now";
    words[count++] = answer_file;
    words[count] = is_service ? getenv("SETTCPENTRY_HOST") : NULL;
    wine_through(through_words);
    answer = wine_run(words[0], words + 1);
    wine_through(NULL);
    return answer;
}

/* False if this Wine cannot start so at all. */
static bool call(const struct caller *caller, const struct pair *pair, struct wine_answer *answer)
{
    *answer = start(caller, pair);
    if (strstr(caller->through, "tmpdir") && strstr(answer->output, death_of_tmpdir)) {
        return false;
    }
    assert_true(wine_read_answer(linux_answer_file, answer));
    return true;
}

static void expect_closed(struct pair *pair, const struct wine_answer *answer)
{
    assert_int_equal(answer->code, 0);
    assert_int_equal(answer->status, 0);
    assert_int_equal(pair_saw(&pair->client), ECONNABORTED);
    assert_int_equal(pair_saw(&pair->server), ECONNRESET);
    assert_true(helpers_are_gone());
}

static int begin(void **state)
{
    (void)state;
    return unlink(linux_answer_file) == 0 || errno == ENOENT ? 0 : -1;
}

static void closes_a_connection(void **state)
{
    const struct caller *caller = *state;
    const int listener = pair_listen("127.0.0.1");
    struct wine_answer answer;
    struct pair pair;
    bool is_started;

    pair_open(&pair, listener, getuid());
    is_started = call(caller, &pair, &answer);
    if (is_started) {
        expect_closed(&pair, &answer);
    }
    pair_close(&pair);
    close(listener);
    if (!is_started) {
        print_message("skipped: this Wine does not start so: %s\n", death_of_tmpdir);
        skip();
    }
}

/* Wine 10.11 and later find Linux files by drives only. */
static void without_a_drive_for_linux_files_the_answer_is_50_unless_wine_needs_none(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct wine_answer answer;
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    assert_true(call(&without_drive_z, &pair, &answer));
    if (strstr(answer.output, "Linux files: out of reach")) {
        assert_int_equal(answer.code, NOT_SUPPORTED);
        assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    } else {
        expect_closed(&pair, &answer);
    }
    pair_close(&pair);
    close(listener);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[CALLERS + 1] = {
        [CALLERS] = cmocka_unit_test_setup(
            without_a_drive_for_linux_files_the_answer_is_50_unless_wine_needs_none, begin),
    };
    static char names[CALLERS][CHARS];
    char path[4096];
    int status;

    if (argc != 3 || chdir(argv[1]) != 0) {
        fprintf(stderr, "usage: test_callers FOLDER LINUX_FOLDERS\n");
        return 2;
    }
    snprintf(path, sizeof(path), "%s:%s", argv[2], getenv("PATH"));
    setenv("PATH", path, 1);
    if (!freopen("/dev/null", "r", stdin)) { /* no terminal but where it says so */
        return 2;
    }
    close(mkstemp(linux_answer_file));
    for (size_t i = 0; i < CALLERS; i++) {
        snprintf(names[i], CHARS, "%s_closes_a_connection", callers[i].name);
        tests[i] =
            (struct CMUnitTest){names[i], closes_a_connection, begin, NULL, (void *)&callers[i]};
    }
    status = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(linux_answer_file);
    return status;
}

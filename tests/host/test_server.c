/* SPDX-License-Identifier: MIT */
/* The helper's way of waiting, over programs that do what a test wants. */
#include "server.h"

#include "diag.h"
#include "journal.h"
#include "programs.h"

#include "testing.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum
{
    TOLD_TO_END = 5000,    /* answers; then SIGTERM comes */
    HEARS_NOTHING = 50000, /* answers in which it was not heard */
};

static long answers;

/* ---- what the server is linked with ---- */

int diag_open(void)
{
    return 0;
}

void journal_begin(void)
{
}

void journal_refusal(const char *page, int error)
{
    (void)page;
    (void)error;
}

void journal_folder(const char *folder, int error)
{
    (void)folder;
    (void)error;
}

void programs_begin(int inotify_or_none, int error)
{
    (void)inotify_or_none;
    (void)error;
}

bool programs_admit(struct host_page *page, int page_file, const struct folder *folder,
                    const char *name, int64_t now)
{
    (void)folder;
    (void)page;
    (void)page_file;
    (void)name;
    (void)now;
    return false;
}

const char *programs_show_name(const char *name, char name_out[PROGRAM_NAME_CHARS])
{
    name_out[0] = 0;
    return name;
}

/* There is always somebody who asks. */
unsigned programs_answer(programs_clock clock)
{
    (void)clock;
    answers++;
    if (answers == TOLD_TO_END) {
        raise(SIGTERM);
    }
    if (answers == HEARS_NOTHING) {
        signal(SIGTERM, SIG_IGN); /* or it would come as soon as the test has failed */
        fail_msg("it does not hear that it is to end");
    }
    return 1;
}

bool programs_fall_asleep(void)
{
    return false;
}

void programs_run_on_one_processor(bool is_one)
{
    (void)is_one;
}

void programs_hear(int watch, bool is_left)
{
    (void)watch;
    (void)is_left;
}

void programs_forget_lost(int64_t now)
{
    (void)now;
}

void programs_forget_left(bool all)
{
    (void)all;
}

void programs_forget_all(void)
{
}

bool programs_are_none(void)
{
    return false;
}

bool programs_are_heard(void)
{
    return true;
}

bool programs_have_joined(void)
{
    return true;
}

/* ---- the test ---- */

static void one_who_always_asks_keeps_it_from_no_end(void **state)
{
    char folder[] = "/tmp/settcpentry-test-XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(server_serve_folders((char *[]){folder, NULL}), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_who_always_asks_keeps_it_from_no_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

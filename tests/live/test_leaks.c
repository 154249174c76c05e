/* SPDX-License-Identifier: MIT */
/*
 * After many calls, the program, its Wine server and its helper have what they had: looked at from
 * outside, in /proc.
 *   test_leaks MANY_CALLS DLL COUNT COUNT_EMULATED    dll/test_many_calls
 */
#include "testing.h"

#include "helpers.h"
#include "under_wine.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    MEMORY_SLACK_KB = 256, /* what a C library or Wine may yet take for itself */
    PATIENCE_SECONDS = 250,
    LOOKS = 500,
};

#define GO_PATH "/dev/shm/leaks-go"

struct usage
{
    long descriptors;
    long threads;
    long memory_kb; /* resident and its own */
};

static const char *many_calls;
static const char *dll;
static const char *count;
static pid_t program;

static long count_descriptors(pid_t process)
{
    char path[64];
    DIR *entries;
    long found = 0;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)process);
    entries = opendir(path);
    assert_non_null(entries);
    while (readdir(entries)) {
        found++;
    }
    closedir(entries);
    return found;
}

static long status_number(pid_t process, const char *name)
{
    char path[64];
    char line[256];
    long number = -1;
    FILE *status;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)process);
    status = fopen(path, "r");
    assert_non_null(status);
    while (number < 0 && fgets(line, sizeof(line), status)) {
        if (strncmp(line, name, strlen(name)) == 0) {
            number = strtol(line + strlen(name), NULL, 10);
        }
    }
    fclose(status);
    return number;
}

static struct usage usage_of(pid_t process)
{
    return (struct usage){
        count_descriptors(process),
        status_number(process, "Threads:"),
        status_number(process, "RssAnon:"),
    };
}

/* One that looks for a file has a descriptor more in that moment. */
static struct usage usage_at_rest(pid_t process, struct usage before)
{
    struct usage usage = usage_of(process);

    for (int looks = 0; looks < LOOKS && usage.descriptors > before.descriptors; looks++) {
        usleep(10000);
        usage = usage_of(process);
    }
    return usage;
}

static void expect_no_more(const char *who, struct usage before, pid_t process)
{
    const struct usage after = usage_at_rest(process, before);

    print_message("%s: descriptors %ld, %ld; threads %ld, %ld; memory %ld, %ld KB\n", who,
                  before.descriptors, after.descriptors, before.threads, after.threads,
                  before.memory_kb, after.memory_kb);
    /* The server may have less, as it forgets programs that have just ended. */
    assert_true(after.descriptors <= before.descriptors);
    assert_true(after.threads <= before.threads);
    assert_true(after.memory_kb <= before.memory_kb + MEMORY_SLACK_KB);
}

static void wait_for_word(FILE *output, const char *word)
{
    char said[256];

    for (int waited = 0; waited < PATIENCE_SECONDS * 100; waited++) {
        rewind(output);
        said[fread(said, 1, sizeof(said) - 1, output)] = 0;
        if (strstr(said, word)) {
            return;
        }
        usleep(10000);
    }
    fail_msg("it never said %s", word);
}

static void let_it_go_on(void)
{
    close(open(GO_PATH, O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
}

static void after_many_calls_all_have_what_they_had(void **state)
{
    const char *const arguments[] = {dll, count, "Z:" GO_PATH, NULL};
    FILE *output = tmpfile();
    struct usage before[3];
    pid_t server;
    pid_t helper;

    (void)state;
    program = wine_start(many_calls, arguments, fileno(output));
    wait_for_word(output, "ready");
    server = helpers_find_process("wineserver");
    helper = helpers_find_process("settcpentry-hos");
    assert_true(program > 0 && server > 0 && helper > 0);
    before[0] = usage_of(program);
    before[1] = usage_of(server);
    before[2] = usage_of(helper);
    let_it_go_on();
    wait_for_word(output, "done");
    expect_no_more("program", before[0], program);
    expect_no_more("server", before[1], server);
    expect_no_more("helper", before[2], helper);
    let_it_go_on();
    waitpid(program, NULL, 0);
    program = 0;
    assert_true(helpers_are_gone());
    fclose(output);
}

/* After a failure it still waits, with a helper that other tests would take for theirs. */
static int end_program(void **state)
{
    (void)state;
    if (program > 0) {
        kill(program, SIGKILL);
        waitpid(program, NULL, 0);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(after_many_calls_all_have_what_they_had, end_program),
    };

    if (argc != 5) {
        fprintf(stderr, "usage: test_leaks MANY_CALLS DLL COUNT COUNT_EMULATED\n");
        return 2;
    }
    many_calls = argv[1];
    dll = argv[2];
    count = argv[getenv("SETTCPENTRY_EMULATED") ? 4 : 3];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

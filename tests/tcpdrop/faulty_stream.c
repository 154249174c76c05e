/* SPDX-License-Identifier: MIT */
/*
 * A helper for tcpdrop to survive.  $FAULTY_STREAM is an act of the table below, and from which request on it goes
 * wrong, as in "hangs 100"; up to that one it says of every connection that it is closed.  Each adds a byte to the file
 * $FAULTY_STREAM_TRACE, if that is there.
 */
#include "protocol.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool read_request(struct host_request *request_out)
{
    size_t had = 0;

    while (had < sizeof(*request_out)) {
        const ssize_t got =
            read(STDIN_FILENO, (char *)request_out + had, sizeof(*request_out) - had);

        if (got <= 0) {
            return false;
        }
        had += (size_t)got;
    }
    return true;
}

static struct host_answer answer_to(const struct host_request *request, uint16_t kind)
{
    return (struct host_answer){.version = HOST_VERSION, .kind = kind, .id = request->id};
}

static void say(const void *bytes, size_t count)
{
    if (write(STDOUT_FILENO, bytes, count) != (ssize_t)count) {
        exit(1);
    }
}

static void say_answer(struct host_answer answer)
{
    say(&answer, sizeof(answer));
}

/* ---- acts: what is done with a request ---- */

static void dies(const struct host_request *request)
{
    (void)request;
    raise(SIGKILL);
}

static void exits(const struct host_request *request)
{
    (void)request;
    exit(1);
}

static void complains_of_usage(const struct host_request *request)
{
    (void)request;
    exit(2);
}

static void hangs(const struct host_request *request)
{
    (void)request;
    for (;;) {
        pause();
    }
}

static void answers_garbage(const struct host_request *request)
{
    struct host_answer answer;

    memset(&answer, 0xA5, sizeof(answer));
    answer.version = HOST_VERSION;
    answer.id = request->id;
    say_answer(answer);
}

static void answers_none(const struct host_request *request)
{
    say_answer(answer_to(request, ANSWER_NONE));
}

static void answers_in_another_version(const struct host_request *request)
{
    struct host_answer answer = answer_to(request, ANSWER_CLOSED);

    answer.version++;
    say_answer(answer);
}

static void answers_another_request(const struct host_request *request)
{
    struct host_answer answer = answer_to(request, ANSWER_CLOSED);

    answer.id++;
    say_answer(answer);
}

/* What nobody has asked yet, too. */
static void answers_twice(const struct host_request *request)
{
    struct host_answer answer = answer_to(request, ANSWER_CLOSED);

    say_answer(answer);
    answer.id++;
    say_answer(answer);
}

/* All that will ever be asked, and reads no more of it. */
static void answers_ahead(const struct host_request *request)
{
    struct host_answer answer = answer_to(request, ANSWER_CLOSED);

    for (;; answer.id++) {
        say_answer(answer);
    }
}

/* Two at a time, in one and a half and the rest. */
static void answers_in_odd_pieces(const struct host_request *request)
{
    static struct host_answer two[2];
    static unsigned had;
    const size_t first = sizeof(two) * 3 / 4;

    two[had++] = answer_to(request, ANSWER_CLOSED);
    if (had == 2) {
        had = 0;
        say(two, first);
        usleep(1000);
        say((const char *)two + first, sizeof(two) - first);
    }
}

static void answers_byte_by_byte(const struct host_request *request)
{
    const struct host_answer answer = answer_to(request, ANSWER_CLOSED);

    for (size_t i = 0; i < sizeof(answer); i++) {
        say((const char *)&answer + i, 1);
        usleep(100);
    }
}

static void dies_within_an_answer(const struct host_request *request)
{
    const struct host_answer answer = answer_to(request, ANSWER_CLOSED);

    say(&answer, sizeof(answer) / 2);
    raise(SIGKILL);
}

static void answers_with_an_errno(const struct host_request *request)
{
    struct host_answer answer = answer_to(request, ANSWER_SYSTEM_CALL_FAILED);

    answer.detail = 1;
    say_answer(answer);
}

/* Whether it is the one that comes next: by its identity, as test_closer_linux.c numbers them. */
static void answers_by_the_order(const struct host_request *request)
{
    static uint32_t number;
    const bool is_next = request->identity[0] == 7 && request->identity[1] == number++;

    say_answer(answer_to(request, is_next ? ANSWER_CLOSED : ANSWER_NOT_FOUND));
}

/* ---- acts: what it has been started with ---- */

static void answers_whether_ctrl_c_ends_it(const struct host_request *request)
{
    sigset_t blocked;

    sigprocmask(SIG_BLOCK, NULL, &blocked);
    say_answer(
        answer_to(request, sigismember(&blocked, SIGINT) ? ANSWER_CLOSED : ANSWER_NOT_FOUND));
}

static void answers_whether_it_has_other_descriptors(const struct host_request *request)
{
    bool has_some = false;

    for (int i = STDERR_FILENO + 1; i < 1024; i++) {
        has_some = has_some || fcntl(i, F_GETFD) >= 0;
    }
    say_answer(answer_to(request, has_some ? ANSWER_NOT_FOUND : ANSWER_CLOSED));
}

/* In the other cases it ends with its input. */
static bool stays;

static void stays_for_ever(const struct host_request *request)
{
    stays = true;
    say_answer(answer_to(request, ANSWER_CLOSED));
}

static const struct
{
    const char *name;
    void (*act)(const struct host_request *request);
} acts[] = {
    {"dies", dies},
    {"exits", exits},
    {"usage", complains_of_usage},
    {"hangs", hangs},
    {"stays", stays_for_ever},
    {"garbage", answers_garbage},
    {"none", answers_none},
    {"another_version", answers_in_another_version},
    {"another_request", answers_another_request},
    {"twice", answers_twice},
    {"ahead", answers_ahead},
    {"odd_pieces", answers_in_odd_pieces},
    {"byte_by_byte", answers_byte_by_byte},
    {"half", dies_within_an_answer},
    {"errno", answers_with_an_errno},
    {"order", answers_by_the_order},
    {"ctrl_c", answers_whether_ctrl_c_ends_it},
    {"descriptors", answers_whether_it_has_other_descriptors},
};

static void serve(void (*act)(const struct host_request *request), unsigned long from)
{
    struct host_request request;

    for (unsigned long number = 0; read_request(&request); number++) {
        if (number < from) {
            say_answer(answer_to(&request, ANSWER_CLOSED));
        } else {
            act(&request);
        }
    }
    while (stays) {
        pause();
    }
}

/* A byte for each helper that has been started. */
static void leave_a_trace(void)
{
    const char *path = getenv("FAULTY_STREAM_TRACE");
    const int file = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;

    if (file >= 0) {
        dprintf(file, "h");
        close(file);
    }
}

int main(int argc, char **argv)
{
    const char *text = getenv("FAULTY_STREAM");
    const char *blank = text ? strchr(text, ' ') : NULL;

    if (argc != 2 || strcmp(argv[1], "--stdio") != 0 || !blank) {
        fputs("usage: FAULTY_STREAM='ACT NUMBER' faulty_stream --stdio\n", stderr);
        return 3;
    }
    leave_a_trace();
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        const size_t length = strlen(acts[i].name);

        if ((size_t)(blank - text) == length && memcmp(acts[i].name, text, length) == 0) {
            serve(acts[i].act, strtoul(blank, NULL, 10));
            return 0;
        }
    }
    fprintf(stderr, "faulty_stream: no act '%s'\n", text);
    return 3;
}

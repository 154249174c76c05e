/* SPDX-License-Identifier: MIT */
/*
 * A helper that does everything wrong, for the DLL to survive.  What it does is in the environment
 * variable FAULTY_HELPER, one of the names in the table below; "honest" meets the program properly and then
 * says that every connection is gone; so does "by_port", with any of its answers.
 */
#include "diag.h"
#include "folder.h"
#include "page.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static struct host_page *page;
static struct host_slot *slot; /* of the request that came last */
static int bells;

static void announce(enum host_state state)
{
    __atomic_store_n(&page->state, state, __ATOMIC_RELEASE);
}

/* The next bell, if there is one within that time; the end when the program ends. */
static bool is_rung_within(int milliseconds)
{
    struct pollfd ring = {.fd = bells, .events = POLLIN};
    struct inotify_event event;

    if (poll(&ring, 1, milliseconds) != 1 || read(bells, &event, sizeof(event)) != sizeof(event)) {
        return false;
    }
    if (event.mask & IN_CLOSE_WRITE) {
        exit(0);
    }
    return true;
}

/* Says that it is ready, and waits until the program has rung. */
static void meet(void)
{
    page->process = (uint32_t)getpid();
    page->network_socket = diag_socket_inode();
    announce(HOST_READY);
    is_rung_within(HOST_JOIN_LIMIT_MS);
}

/* The id of a request in one of these slots, and which slot that is. */
static uint32_t next_request_from(uint32_t first)
{
    for (;;) {
        const uint32_t used = __atomic_load_n(&page->slots_used, __ATOMIC_ACQUIRE);

        for (uint32_t i = first; i < used; i++) {
            uint32_t turn;

            slot = &page->slots[i];
            turn = __atomic_load_n(&slot->turn, __ATOMIC_ACQUIRE);
            if (host_turn_step(turn) == HOST_POSTED) {
                return host_turn_id(turn);
            }
        }
        is_rung_within(0);
    }
}

static uint32_t next_request(void)
{
    return next_request_from(0);
}

static void step(uint32_t id, enum host_step to)
{
    __atomic_store_n(&slot->turn, host_turn(id, to), __ATOMIC_RELEASE);
}

static void answer(uint32_t id, struct host_answer answer)
{
    slot->answer = answer;
    step(id, HOST_ANSWERED);
}

static struct host_answer gone(uint32_t id)
{
    return (struct host_answer){.version = HOST_VERSION, .kind = ANSWER_CLOSED, .id = id};
}

/* Whatever is posted meanwhile. */
static void wait_for_the_end(void)
{
    for (;;) {
        is_rung_within(-1);
    }
}

/* ---- before the meeting ---- */

static void exits(void)
{
}

static void says_nothing(void)
{
    sleep(HOST_CALL_LIMIT_MS / 1000 + 2);
}

static void refuses_the_version(void)
{
    page->version = HOST_VERSION + 1;
    announce(HOST_REFUSED);
}

static void is_in_a_state_unknown(void)
{
    announce((enum host_state)77);
}

static void is_in_another_network(void)
{
    page->network_socket = diag_socket_inode() + 1;
    announce(HOST_READY);
    usleep(500000);
}

static void is_busy(void)
{
    announce(HOST_BUSY);
}

static void fails(void)
{
    announce(HOST_FAILED);
}

static void ends_at_once(void)
{
    announce(HOST_ENDED);
}

static void dies_unready(void)
{
    page->process = (uint32_t)getpid();
    usleep(100000); /* so that the DLL has seen us */
    raise(SIGKILL);
}

/* ---- after it ---- */

static void is_honest(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();

        answer(id, gone(id));
    }
}

/* Its answer tells which request it was: see test_many_calls.c. */
static void answers_by_the_port(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();
        struct host_answer by_port = gone(id);

        by_port.kind = (uint16_t)(1 + slot->request.connection.remote.port % ANSWER_LAST_OF_HELPER);
        answer(id, by_port);
    }
}

static void never_answers(void)
{
    meet();
    wait_for_the_end();
}

static void answers_late(void)
{
    uint32_t id;

    meet();
    id = next_request();
    step(id, HOST_TAKEN);
    usleep((HOST_CALL_LIMIT_MS + 500) * 1000);
    answer(id, gone(id));
}

static void answers_another_request(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();

        answer(id, gone(id - 1));
    }
}

/* The second time instead of the next request's. */
static void answers_twice(void)
{
    uint32_t id;

    meet();
    id = next_request();
    answer(id, gone(id));
    next_request();
    answer(id, gone(id));
    wait_for_the_end();
}

static void steps_out_of_turn(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();

        answer(id + 1, gone(id + 1));
        usleep(100000);
    }
}

static void answers_in_another_version(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();
        struct host_answer other = gone(id);

        other.version++;
        answer(id, other);
    }
}

static void answers_garbage(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();
        struct host_answer garbage;

        memset(&garbage, 0xA5, sizeof(garbage));
        garbage.id = id;
        garbage.version = HOST_VERSION;
        answer(id, garbage);
    }
}

/* Only the first half of the answer is there: the rest is as the page was at first. */
static void answers_half(void)
{
    meet();
    for (;;) {
        const uint32_t id = next_request();

        slot->answer.version = HOST_VERSION;
        slot->answer.kind = ANSWER_CLOSED;
        step(id, HOST_ANSWERED);
    }
}

/* And what else comes in the first slot. */
static void misses_the_second(void)
{
    uint32_t id;

    meet();
    id = next_request();
    answer(id, gone(id));
    for (;;) {
        id = next_request_from(1);
        answer(id, gone(id));
    }
}

static void dies_when_rung(void)
{
    meet();
    raise(SIGKILL);
}

static void dies_before_a_request(void)
{
    meet();
    usleep(100000);
    raise(SIGKILL);
}

static void dies_during_a_request(void)
{
    meet();
    step(next_request(), HOST_TAKEN);
    raise(SIGKILL);
}

static void dies_after_an_answer(void)
{
    uint32_t id;

    meet();
    id = next_request();
    answer(id, gone(id));
    raise(SIGKILL);
}

static const struct
{
    const char *name;
    void (*act)(void);
} acts[] = {
    {"honest", is_honest},
    {"by_port", answers_by_the_port},
    {"exits", exits},
    {"says_nothing", says_nothing},
    {"refuses_the_version", refuses_the_version},
    {"state_unknown", is_in_a_state_unknown},
    {"another_network", is_in_another_network},
    {"busy", is_busy},
    {"fails", fails},
    {"ends", ends_at_once},
    {"never_answers", never_answers},
    {"misses_the_second", misses_the_second},
    {"late", answers_late},
    {"another_request", answers_another_request},
    {"twice", answers_twice},
    {"out_of_turn", steps_out_of_turn},
    {"another_version", answers_in_another_version},
    {"garbage", answers_garbage},
    {"half", answers_half},
    {"dies_unready", dies_unready},
    {"dies_when_rung", dies_when_rung},
    {"dies_before", dies_before_a_request},
    {"dies_during", dies_during_a_request},
    {"dies_after", dies_after_an_answer},
};

/* As the helper does, by its command line: --page FILE */
static bool find_page(int argc, char **argv)
{
    struct folder folder;
    const char *name;
    const int closed = argc == 3 && folder_of_page(&folder, argv[2], &name)
                           ? folder_closed_page(&folder, name)
                           : -1;
    const int file = closed < 0 ? -1 : page_reopen(closed);

    bells = inotify_init1(IN_CLOEXEC);
    page = file < 0 ? NULL : page_map(file);
    if (!page || page_watch(file, bells) < 0) {
        return false;
    }
    folder_remove_page(&folder, name, file);
    close(file);
    return true;
}

int main(int argc, char **argv)
{
    const char *name = getenv("FAULTY_HELPER");

    if (!find_page(argc, argv) || !name || diag_open() != 0) {
        perror("faulty_helper");
        return 1;
    }
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(acts[i].name, name) == 0) {
            acts[i].act();
            return 0;
        }
    }
    fprintf(stderr, "faulty_helper: no act '%s'\n", name);
    return 1;
}

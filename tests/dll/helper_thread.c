/* SPDX-License-Identifier: MIT */
#include "helper_thread.h"

#include "diag.h"
#include "programs.h"
#include "testing.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

enum
{
    CALLS_OF_A_HELPER = 1000,
    ROOT = 0,
    INODE = 4711,
};

/* ---- the kernel ---- */

enum answer_kind helper_thread_answer_to(uint16_t port)
{
    static const enum answer_kind answers[] = {ANSWER_CLOSED, ANSWER_NOT_FOUND, ANSWER_MULTIPATH};

    return answers[port % 3];
}

uint32_t diag_socket_inode(void)
{
    return INODE;
}

int diag_find(const struct connection *meant, uint32_t interface, struct diag_socket *socket_out)
{
    const enum answer_kind answer = helper_thread_answer_to(meant->remote.port);

    (void)interface;
    *socket_out = (struct diag_socket){
        .connection = *meant,
        .state = TCP_ESTABLISHED,
        .inode = 1,
        .cookie = {meant->remote.port, 1},
        .is_subflow = answer == ANSWER_MULTIPATH,
    };
    return answer == ANSWER_NOT_FOUND ? ENOENT : 0;
}

int diag_destroy(const struct connection *meant, const struct diag_socket *socket)
{
    assert_int_equal(socket->cookie[0], meant->remote.port);
    assert_int_equal(helper_thread_answer_to(meant->remote.port), ANSWER_CLOSED);
    return 0;
}

int diag_probe(uint32_t family)
{
    (void)family;
    return 0;
}

bool diag_may_spare_orphans(void)
{
    return false;
}

uint32_t diag_unknown_owner(void)
{
    return UINT32_MAX;
}

size_t diag_interfaces(uint32_t *indexes_out, size_t room)
{
    (void)indexes_out;
    (void)room;
    return 0;
}

uid_t getuid(void)
{
    return ROOT;
}

/* ---- the helper ---- */

static struct host_page *new_page; /* that a helper was started for */
static pthread_t thread;
static sem_t bell;
static bool is_over;

static void meet_who_has_come(void)
{
    struct host_page *page = __atomic_exchange_n(&new_page, NULL, __ATOMIC_ACQ_REL);

    if (page) {
        programs_forget_all();
        assert_true(programs_admit(page, -1, NULL, "page", 0));
    }
}

static int64_t no_clock(void)
{
    return 0;
}

static void *be_helper(void *unused)
{
    int answers = 0;

    while (!__atomic_load_n(&is_over, __ATOMIC_ACQUIRE)) {
        unsigned did;

        meet_who_has_come();
        did = programs_answer(no_clock);
        if (did > 0) {
            answers += (int)did;
        } else if (programs_fall_asleep()) {
            sem_wait(&bell);
        }
        if (answers >= CALLS_OF_A_HELPER) {
            answers = 0;
            programs_forget_all();
        }
    }
    return unused;
}

void helper_thread_begin(void)
{
    sem_init(&bell, 0, 0);
    programs_begin(0, 0);
    assert_int_equal(pthread_create(&thread, NULL, be_helper, NULL), 0);
}

void helper_thread_end(void)
{
    __atomic_store_n(&is_over, true, __ATOMIC_RELEASE);
    sem_post(&bell);
    pthread_join(thread, NULL);
}

void helper_thread_serve(struct host_page *page)
{
    __atomic_store_n(&new_page, page, __ATOMIC_RELEASE);
    sem_post(&bell);
}

void helper_thread_ring(void)
{
    sem_post(&bell);
}

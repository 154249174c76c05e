/* SPDX-License-Identifier: MIT */
#include "host_session.h"

#include "backoff.h"
#include "host_link.h"
#include "os.h"

enum
{
    YIELDS = 1000, /* the owner of the lock needs some microseconds, if its helper is awake */
    TRIES_BETWEEN_LOOKS = 64,
    RETRY_AFTER_MS = 5000,
};

/* The helper of this process.  Whoever holds the lock owns the rest. */
static struct
{
    DWORD owner; /* os_thread, 0: nobody */
    DWORD since; /* os_moment, 0: not known yet */
    struct host_link link;
    uint32_t last_id;
    struct answer start_failure; /* of the last start, if it took its time; else ANSWER_NONE */
    DWORD failed_at;             /* os_milliseconds */
} session;

/* ---- the lock ---- */

static bool try_to_lock(DWORD owner_before)
{
    if (!__atomic_compare_exchange_n(&session.owner, &owner_before, os_thread(), false,
                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return false;
    }
    __atomic_store_n(&session.since, os_moment(), __ATOMIC_RELAXED);
    return true;
}

/* A thread that was ended within a call has left what it was doing half done. */
static bool take_over_from_the_dead(void)
{
    /* In this order: what is read then is not from before this owner's time. */
    const DWORD owner = __atomic_load_n(&session.owner, __ATOMIC_ACQUIRE);
    const DWORD since = __atomic_load_n(&session.since, __ATOMIC_RELAXED);
    const bool is_dead = owner == os_thread() || os_thread_has_ended(owner, since);

    if (owner == 0 || !is_dead || !try_to_lock(owner)) {
        return false;
    }
    host_link_close(&session.link);
    return true;
}

static bool lock(DWORD start)
{
    for (unsigned tries = 1; !try_to_lock(0); tries++) {
        if (backoff_is_over(start, HOST_CALL_LIMIT_MS)) {
            return false;
        }
        os_sleep(tries < YIELDS ? 0 : 1);
        if (tries % TRIES_BETWEEN_LOOKS == 0 && take_over_from_the_dead()) {
            break;
        }
    }
    return true;
}

static void unlock(void)
{
    __atomic_store_n(&session.since, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&session.owner, 0, __ATOMIC_RELEASE);
}

void host_session_end(void)
{
    host_link_close(&session.link);
    session.start_failure = answer_of(ANSWER_NONE);
}

/* ---- the helper ---- */

/* One that ends before it says anything, or says nothing, costs its time only once in a while. */
static bool has_failed_lately(void)
{
    return session.start_failure.kind != ANSWER_NONE &&
           !backoff_is_over(session.failed_at, RETRY_AFTER_MS);
}

static struct answer start_helper(DWORD start)
{
    const struct answer failure = host_link_start(&session.link, start);
    const bool was_slow = failure.kind == ANSWER_NO_ANSWER || failure.kind == ANSWER_HELPER_DIED;

    session.start_failure = was_slow ? failure : answer_of(ANSWER_NONE);
    session.failed_at = os_milliseconds();
    return failure;
}

static struct answer open_link(DWORD start, bool may_start)
{
    struct answer without_own;
    struct answer failure = host_link_meet_outside(&session.link, start, &without_own);

    if (failure.kind == ANSWER_NO_HELPER) {
        failure = may_start ? start_helper(start) : session.start_failure;
    }
    if (failure.kind == ANSWER_NO_HELPER) {
        failure = without_own;
    }
    return failure.kind == ANSWER_NONE ? host_link_join(&session.link) : failure;
}

/* ---- one request ---- */

/* By session.last_id. */
static struct answer post(const struct connection *connection)
{
    struct host_page *page = session.link.page;

    session.last_id = (session.last_id + 1) & (UINT32_MAX >> 2);
    page->request = (struct host_request){HOST_VERSION, session.last_id, *connection, {0}};
    __atomic_store_n(&page->turn, host_turn(session.last_id, HOST_POSTED), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&page->asleep, __ATOMIC_SEQ_CST) != 0) {
        __atomic_store_n(&page->asleep, 0, __ATOMIC_SEQ_CST);
        return host_link_ring(&session.link);
    }
    return answer_of(ANSWER_NONE);
}

static struct answer wait_for_answer(uint32_t id, DWORD start)
{
    struct backoff backoff = {0};

    for (;;) {
        const uint32_t turn = __atomic_load_n(&session.link.page->turn, __ATOMIC_ACQUIRE);

        if (turn == host_turn(id, HOST_ANSWERED)) {
            return answer_of(ANSWER_NONE);
        }
        if (turn != host_turn(id, HOST_POSTED) && turn != host_turn(id, HOST_TAKEN)) {
            return answer_of(ANSWER_NONSENSE);
        }
        if (backoff_is_time_to_look(&backoff)) {
            if (backoff_is_over(start, HOST_CALL_LIMIT_MS)) {
                return answer_of(ANSWER_NO_ANSWER);
            }
            if (host_link_is_dead(&session.link)) {
                return answer_of(ANSWER_HELPER_DIED);
            }
        }
        backoff_wait(&backoff);
    }
}

/* How far the request had come when it was given up; one that was only posted will not be acted
 * upon any more. */
static enum host_step give_up(uint32_t id)
{
    uint32_t turn = host_turn(id, HOST_POSTED);

    if (__atomic_compare_exchange_n(&session.link.page->turn, &turn, host_turn(id, HOST_CANCELLED),
                                    false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) {
        return HOST_CANCELLED;
    }
    return turn == host_turn(id, HOST_ANSWERED) ? HOST_ANSWERED : HOST_TAKEN;
}

static struct answer read_answer(uint32_t id)
{
    /* Read once: the helper could change it between a check and a use. */
    const struct host_answer answer =
        *(volatile const struct host_answer *)&session.link.page->answer;

    if (answer.version != HOST_VERSION || answer.id != id || !answer_is_helpers(answer.kind)) {
        return answer_of(ANSWER_NONSENSE);
    }
    return (struct answer){(enum answer_kind)answer.kind, answer.detail};
}

struct exchange
{
    struct answer answer;
    bool has_failed; /* the link is of no use any more */
    bool is_unheard; /* the helper has heard nothing of it, and will not */
};

static struct exchange exchange(const struct connection *connection, DWORD start, bool may_start)
{
    struct answer answer = session.link.page ? answer_of(ANSWER_NONE) : open_link(start, may_start);
    enum host_step step;

    if (answer.kind != ANSWER_NONE) {
        return (struct exchange){answer, true, true};
    }
    answer = post(connection);
    if (answer.kind == ANSWER_NONE) {
        answer = wait_for_answer(session.last_id, start);
    }
    step = answer.kind == ANSWER_NONE ? HOST_ANSWERED : give_up(session.last_id);
    if (step != HOST_ANSWERED) {
        return (struct exchange){answer, true, step == HOST_CANCELLED};
    }
    answer = read_answer(session.last_id);
    return (struct exchange){answer, answer.kind == ANSWER_NONSENSE, false};
}

struct answer host_session_ask(const struct connection *connection)
{
    const DWORD start = os_milliseconds();
    struct exchange done = {.answer = {.kind = ANSWER_HELPER_DIED}, .is_unheard = true};
    bool may_start;

    if (!lock(start)) {
        return answer_of(ANSWER_NO_ANSWER);
    }
    may_start = !has_failed_lately();
    /* A helper that died since the last call, or when it was met, has heard nothing of this one: a new
     * one may. */
    for (int tries = 0; tries < 2 && done.is_unheard && done.answer.kind == ANSWER_HELPER_DIED;
         tries++) {
        done = exchange(connection, start, may_start);
        if (done.has_failed) {
            host_link_close(&session.link);
        }
    }
    unlock();
    return done.answer;
}

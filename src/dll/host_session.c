/* SPDX-License-Identifier: MIT */
#include "host_session.h"

#include "host_link.h"
#include "os.h"
#include "patience.h"

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
    DWORD start_error; /* of the last start, NO_ERROR: none */
    DWORD failed_at;   /* os_milliseconds */
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
        if (is_over(start, HOST_CALL_LIMIT_MS)) {
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
    session.start_error = NO_ERROR;
}

/* ---- the helper ---- */

/* One that ends before it says anything, or says nothing, costs its time only once in a while. */
static bool has_failed_lately(void)
{
    return session.start_error != NO_ERROR && !is_over(session.failed_at, RETRY_AFTER_MS);
}

static DWORD start_helper(DWORD start)
{
    const DWORD error = host_link_start(&session.link, start);

    session.start_error =
        error == ERROR_TIMEOUT || error == ERROR_BROKEN_PIPE ? error : (DWORD)NO_ERROR;
    session.failed_at = os_milliseconds();
    return error;
}

static DWORD open_link(DWORD start, bool may_start)
{
    DWORD error = host_link_meet_outside(&session.link, start);

    if (error == ERROR_FILE_NOT_FOUND) {
        error = may_start ? start_helper(start) : session.start_error;
    }
    return error == NO_ERROR ? host_link_join(&session.link) : error;
}

/* ---- one request ---- */

/* By session.last_id. */
static DWORD post(const struct connection *connection)
{
    struct host_page *page = session.link.page;

    session.last_id = (session.last_id + 1) & (UINT32_MAX >> 2);
    page->request = (struct host_request){HOST_VERSION, session.last_id, *connection};
    __atomic_store_n(&page->turn, host_turn(session.last_id, HOST_POSTED), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&page->asleep, __ATOMIC_SEQ_CST) != 0) {
        __atomic_store_n(&page->asleep, 0, __ATOMIC_SEQ_CST);
        return host_link_ring(&session.link);
    }
    return NO_ERROR;
}

static DWORD wait_for_answer(uint32_t id, DWORD start)
{
    struct patience patience = {0};

    for (;;) {
        const uint32_t turn = __atomic_load_n(&session.link.page->turn, __ATOMIC_ACQUIRE);

        if (turn == host_turn(id, HOST_ANSWERED)) {
            return NO_ERROR;
        }
        if (turn != host_turn(id, HOST_POSTED) && turn != host_turn(id, HOST_TAKEN)) {
            return ERROR_INVALID_DATA;
        }
        if (is_time_to_look(&patience)) {
            if (is_over(start, HOST_CALL_LIMIT_MS)) {
                return ERROR_TIMEOUT;
            }
            if (host_link_is_dead(&session.link)) {
                return ERROR_BROKEN_PIPE;
            }
        }
        wait_a_little(&patience);
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

static DWORD read_answer(uint32_t id, enum host_verdict *verdict_out)
{
    /* Read once: the helper could change it between a check and a use. */
    const struct host_answer answer =
        *(volatile const struct host_answer *)&session.link.page->answer;

    if (answer.version != HOST_VERSION || answer.id != id || answer.verdict > VERDICT_FAILED) {
        return ERROR_INVALID_DATA;
    }
    *verdict_out = (enum host_verdict)answer.verdict;
    return NO_ERROR;
}

static DWORD exchange(const struct connection *connection, enum host_verdict *verdict_out,
                      DWORD start, bool may_start, bool *unheard_out)
{
    DWORD error = session.link.page ? NO_ERROR : open_link(start, may_start);

    *unheard_out = true;
    if (error != NO_ERROR) {
        return error;
    }
    *unheard_out = false;
    error = post(connection);
    if (error == NO_ERROR) {
        error = wait_for_answer(session.last_id, start);
    }
    if (error != NO_ERROR) {
        const enum host_step step = give_up(session.last_id);

        *unheard_out = step == HOST_CANCELLED;
        if (step != HOST_ANSWERED) {
            return error;
        }
    }
    return read_answer(session.last_id, verdict_out);
}

DWORD host_session_ask(const struct connection *connection, enum host_verdict *verdict_out)
{
    const DWORD start = os_milliseconds();
    bool unheard = true;
    bool may_start;
    DWORD error = ERROR_BROKEN_PIPE;

    if (!lock(start)) {
        return ERROR_TIMEOUT;
    }
    may_start = !has_failed_lately();
    /* A helper that died since the last call, or when it was met, has heard nothing of this one: a new
     * one may. */
    for (int tries = 0; tries < 2 && unheard && error == ERROR_BROKEN_PIPE; tries++) {
        error = exchange(connection, verdict_out, start, may_start, &unheard);
        if (error != NO_ERROR) {
            host_link_close(&session.link);
        }
    }
    unlock();
    return error;
}

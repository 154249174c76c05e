/* SPDX-License-Identifier: MIT */
#include "host_session.h"

#include "backoff.h"
#include "host_link.h"
#include "os.h"

enum
{
    YIELDS = 1000, /* a call needs some microseconds, if its helper is awake */
    TRIES_BETWEEN_LOOKS = 64,
    RETRY_AFTER_MS = 5000,
};

/* What a thread has to itself.  One that is ended meanwhile leaves it as it is. */
struct owned
{
    DWORD owner; /* os_thread, 0: nobody */
    DWORD mark;  /* os_thread_mark, 0: not known yet */
};

/* The helper of this process. */
static struct
{
    bool is_ready; /* the helper can be asked by whoever has a slot of its page */
    struct
    {
        struct owned owned;
        uint32_t id; /* of the last request */
    } slots[HOST_SLOTS];

    struct owned
        lock; /* of the rest, which changes only while it is not ready and nobody has a slot */
    struct host_link link;
    struct answer start_failure; /* of the last start, if it took its time; else ANSWER_NONE */
    DWORD failed_at;             /* os_milliseconds */
} session;

/* ---- what a thread has to itself ---- */

static bool try_to_own(struct owned *owned, DWORD owner_before)
{
    if (!__atomic_compare_exchange_n(&owned->owner, &owner_before, os_thread(), false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
        return false;
    }
    __atomic_store_n(&owned->mark, os_thread_mark(), __ATOMIC_RELAXED);
    return true;
}

static void disown(struct owned *owned)
{
    __atomic_store_n(&owned->mark, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&owned->owner, 0, __ATOMIC_SEQ_CST);
}

static DWORD owner_of(const struct owned *owned)
{
    return __atomic_load_n(&owned->owner, __ATOMIC_SEQ_CST);
}

/* Its owner was ended within a call, and has left what it was doing half done: nobody else of that number
 * would come here. */
static bool is_left_behind(const struct owned *owned)
{
    /* In this order: what is read then is not from before this owner's time. */
    const DWORD owner = owner_of(owned);
    const DWORD mark = __atomic_load_n(&owned->mark, __ATOMIC_RELAXED);

    return owner != 0 && (owner == os_thread() || os_thread_has_ended(owner, mark));
}

/* Gives way to them, longer after many tries; false if the call has come to its end. */
static bool wait_for_others(unsigned tries, DWORD start)
{
    if (backoff_is_over(start, HOST_CALL_LIMIT_MS)) {
        return false;
    }
    os_sleep(tries < YIELDS ? 0 : 1);
    return true;
}

/* Whether they live, which Wine takes its time to say. */
static bool is_time_to_look(unsigned tries)
{
    return tries > YIELDS && tries % TRIES_BETWEEN_LOOKS == 0;
}

static bool lock(DWORD start)
{
    for (unsigned tries = 1; !try_to_own(&session.lock, 0); tries++) {
        const DWORD owner = owner_of(&session.lock);

        if (!wait_for_others(tries, start)) {
            return false;
        }
        if (is_time_to_look(tries) && is_left_behind(&session.lock) &&
            try_to_own(&session.lock, owner)) {
            break;
        }
    }
    return true;
}

/* ---- slots ---- */

enum
{
    NO_SLOT = HOST_SESSION_NOT_BEGUN,
};

static bool is_ready(void)
{
    return __atomic_load_n(&session.is_ready, __ATOMIC_SEQ_CST);
}

static void set_ready(bool ready)
{
    __atomic_store_n(&session.is_ready, ready, __ATOMIC_SEQ_CST);
}

/* One that is free, while the helper can be asked: whoever makes it not ready looks for owners afterwards. */
static int take_slot(void)
{
    for (int i = 0; i < HOST_SLOTS && is_ready(); i++) {
        struct owned *owned = &session.slots[i].owned;

        if (owner_of(owned) == 0 && try_to_own(owned, 0)) {
            if (is_ready()) {
                return i;
            }
            disown(owned);
        }
    }
    return NO_SLOT;
}

/* Has one of the slots an owner, but for this one?  If it is to look, one that lives. */
static bool are_slots_in_use(int but, bool is_to_look)
{
    for (int i = 0; i < HOST_SLOTS; i++) {
        const struct owned *owned = &session.slots[i].owned;

        if (i != but && owner_of(owned) != 0 && !(is_to_look && is_left_behind(owned))) {
            return true;
        }
    }
    return false;
}

static bool is_slot_left_behind(void)
{
    for (int i = 0; i < HOST_SLOTS; i++) {
        if (is_left_behind(&session.slots[i].owned)) {
            return true;
        }
    }
    return false;
}

static void disown_what_is_left_behind(void)
{
    for (int i = 0; i < HOST_SLOTS; i++) {
        if (is_left_behind(&session.slots[i].owned)) {
            disown(&session.slots[i].owned);
        }
    }
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

/* One call, which may try twice. */
struct call_state
{
    const struct connection *connection;
    DWORD start;
    bool has_looked;
    bool may_start; /* a helper, as it was when it looked */
};

/* With the lock. */
static struct answer renew_link(struct call_state *call)
{
    struct answer failure;

    if (!call->has_looked) {
        call->has_looked = true;
        call->may_start = !has_failed_lately();
    }
    for (unsigned tries = 1; are_slots_in_use(NO_SLOT, is_time_to_look(tries)); tries++) {
        if (!wait_for_others(tries, call->start)) {
            return answer_of(ANSWER_NO_ANSWER);
        }
    }
    host_link_close(&session.link);
    disown_what_is_left_behind();
    failure = open_link(call->start, call->may_start);
    if (failure.kind != ANSWER_NONE) {
        host_link_close(&session.link);
    }
    return failure;
}

/* ANSWER_NONE: it is ready, or was. */
static struct answer make_ready(struct call_state *call)
{
    struct answer failure = answer_of(ANSWER_NONE);

    if (!lock(call->start)) {
        return answer_of(ANSWER_NO_ANSWER);
    }
    if (!is_ready()) {
        failure = renew_link(call);
        set_ready(failure.kind == ANSWER_NONE);
    }
    disown(&session.lock);
    return failure;
}

/* Lets a helper go that is of no use any more, unless others are still at it: then the next call does. */
static void close_link_if_unused(void)
{
    if (!try_to_own(&session.lock, 0)) {
        return;
    }
    if (!is_ready() && !are_slots_in_use(NO_SLOT, true)) {
        host_link_close(&session.link);
    }
    disown(&session.lock);
}

void host_session_end(void)
{
    set_ready(false);
    host_link_close(&session.link);
    session.start_failure = answer_of(ANSWER_NONE);
}

/* ---- one request ---- */

static struct answer get_slot(struct call_state *call, int *slot_out)
{
    for (unsigned tries = 1;; tries++) {
        *slot_out = take_slot();
        if (*slot_out != NO_SLOT) {
            return answer_of(ANSWER_NONE);
        }
        if (!is_ready()) {
            const struct answer failure = make_ready(call);

            if (failure.kind != ANSWER_NONE) {
                return failure;
            }
        } else if (!wait_for_others(tries, call->start)) {
            return answer_of(ANSWER_NO_ANSWER);
        } else if (is_time_to_look(tries) && is_slot_left_behind()) {
            set_ready(false); /* what is in its slot of the page cannot be known */
        }
    }
}

static void fill_request(int slot, const struct connection *connection)
{
    struct host_page *page = session.link.page;
    const uint32_t id = (session.slots[slot].id + 1) & HOST_LAST_ID;
    const struct host_request request = {HOST_VERSION, id, *connection, {0}};
    const uint32_t needed = (uint32_t)slot + 1;
    uint32_t used = __atomic_load_n(&page->slots_used, __ATOMIC_RELAXED);

    session.slots[slot].id = id;
    /* The helper may still read the one before, if that was left. */
    host_copy_request(&page->slots[slot].request, &request);
    while (used < needed && !__atomic_compare_exchange_n(&page->slots_used, &used, needed, false,
                                                         __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    }
}

/* The request in this slot has come this far. */
static struct answer advance(int slot, enum host_step to)
{
    struct host_page *page = session.link.page;
    struct answer failure = answer_of(ANSWER_NONE);

    __atomic_store_n(&page->slots[slot].turn, host_turn(session.slots[slot].id, to),
                     __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&page->asleep, __ATOMIC_SEQ_CST) != 0) {
        __atomic_store_n(&page->asleep, 0, __ATOMIC_SEQ_CST);
        failure = host_link_ring(&session.link);
    }
    return failure;
}

/* Watching is of use only while the helper can run beside us. */
static struct backoff first_wait(int slot)
{
    const struct host_page *page = session.link.page;

    if (__atomic_load_n(&page->has_one_processor, __ATOMIC_RELAXED) != 0 ||
        are_slots_in_use(slot, false)) {
        return BACKOFF_GIVING_WAY;
    }
    return (struct backoff){0};
}

static struct answer wait_for_answer(int slot, DWORD start)
{
    const uint32_t id = session.slots[slot].id;
    struct backoff backoff = first_wait(slot);

    for (;;) {
        const uint32_t turn =
            __atomic_load_n(&session.link.page->slots[slot].turn, __ATOMIC_ACQUIRE);

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
static enum host_step give_up(int slot)
{
    const uint32_t id = session.slots[slot].id;
    uint32_t turn = host_turn(id, HOST_POSTED);

    if (__atomic_compare_exchange_n(&session.link.page->slots[slot].turn, &turn,
                                    host_turn(id, HOST_CANCELLED), false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_ACQUIRE)) {
        return HOST_CANCELLED;
    }
    return turn == host_turn(id, HOST_ANSWERED) ? HOST_ANSWERED : HOST_TAKEN;
}

static struct answer read_answer(int slot)
{
    /* Read once: the helper could change it between a check and a use. */
    const struct host_answer answer =
        *(volatile const struct host_answer *)&session.link.page->slots[slot].answer;

    if (answer.version != HOST_VERSION || answer.id != session.slots[slot].id ||
        !answer_is_helpers(answer.kind)) {
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

static struct exchange exchange(int slot, DWORD start)
{
    struct answer answer = advance(slot, HOST_POSTED);
    enum host_step step;

    if (answer.kind == ANSWER_NONE) {
        answer = wait_for_answer(slot, start);
    }
    step = answer.kind == ANSWER_NONE ? HOST_ANSWERED : give_up(slot);
    if (step != HOST_ANSWERED) {
        return (struct exchange){answer, true, step == HOST_CANCELLED};
    }
    answer = read_answer(slot);
    return (struct exchange){answer, answer.kind == ANSWER_NONSENSE, false};
}

/* In a slot of which it has begun to be asked, or another. */
static struct exchange ask(struct call_state *call, int slot)
{
    struct exchange done;

    if (slot == NO_SLOT) {
        const struct answer failure = get_slot(call, &slot);

        if (failure.kind != ANSWER_NONE) {
            return (struct exchange){failure, true, true};
        }
        fill_request(slot, call->connection);
    }
    done = exchange(slot, call->start);
    if (done.has_failed) {
        set_ready(false);
    }
    disown(&session.slots[slot].owned);
    if (done.has_failed) {
        close_link_if_unused();
    }
    return done;
}

/* ---- the calls ---- */

int host_session_begin(const struct connection *connection)
{
    const int slot = take_slot();

    if (slot == NO_SLOT) {
        return HOST_SESSION_NOT_BEGUN;
    }
    fill_request(slot, connection);
    if (advance(slot, HOST_ANNOUNCED).kind != ANSWER_NONE) {
        __atomic_store_n(&session.link.page->asleep, 1, __ATOMIC_SEQ_CST); /* as it still is */
    }
    return slot;
}

void host_session_leave(int begun)
{
    if (begun != HOST_SESSION_NOT_BEGUN) {
        __atomic_store_n(&session.link.page->slots[begun].turn,
                         host_turn(session.slots[begun].id, HOST_CANCELLED), __ATOMIC_SEQ_CST);
        disown(&session.slots[begun].owned);
    }
}

struct answer host_session_ask(const struct connection *connection, int begun)
{
    struct call_state call = {.connection = connection, .start = os_milliseconds()};
    struct exchange done = ask(&call, begun);

    /* A helper that died since the last call, or when it was met, has heard nothing of this one: a new
     * one may. */
    if (done.is_unheard && done.answer.kind == ANSWER_HELPER_DIED) {
        done = ask(&call, NO_SLOT);
    }
    return done.answer;
}

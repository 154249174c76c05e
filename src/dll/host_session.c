/* SPDX-License-Identifier: MIT */
#include "host_session.h"

#include "backoff.h"
#include "host_link.h"
#include "os.h"
#include "owner.h"

enum
{
    RETRY_AFTER_MS = 5000,
};

/* The helper of this process. */
static struct
{
    bool is_ready; /* the helper can be asked by whoever has a slot of its page */
    owner_word slots[HOST_SLOTS];
    uint32_t ids[HOST_SLOTS]; /* of the last request in each */

    /* Whose is the rest, which changes only while it is not ready and nobody has a slot. */
    owner_word lock;
    struct host_link link;
    struct answer start_failure; /* of the last start, if it took its time; else ANSWER_NONE */
    DWORD failed_at;             /* os_milliseconds */
} session;

/* ---- who has what ---- */

static bool lock(DWORD start)
{
    struct backoff backoff = BACKOFF_GIVING_WAY;

    while (!owner_try(&session.lock, 0)) {
        const owner_word owner = owner_of(&session.lock);

        if (backoff_is_over(start, HOST_CALL_LIMIT_MS)) {
            return false;
        }
        backoff_wait(&backoff);
        if (backoff_is_time_to_look(&backoff) && owner_is_left_behind(owner) &&
            owner_try(&session.lock, owner)) {
            break;
        }
    }
    return true;
}

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
        owner_word *owned = &session.slots[i];

        if (owner_of(owned) == 0 && owner_try(owned, 0)) {
            if (is_ready()) {
                return i;
            }
            owner_leave(owned);
        }
    }
    return NO_SLOT;
}

/* But for this one; if it is to look, by a thread that lives. */
static bool are_slots_in_use(int but, bool is_to_look)
{
    return owner_is_any(session.slots, HOST_SLOTS, but, is_to_look);
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
    const DWORD began = os_milliseconds();
    const struct answer failure = host_link_start(&session.link, start);
    /* Not one for which there was no time any more. */
    const bool was_slow =
        failure.kind == ANSWER_HELPER_DIED ||
        (failure.kind == ANSWER_NO_ANSWER && backoff_is_over(began, HOST_START_LIMIT_MS));

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
    struct backoff backoff = BACKOFF_GIVING_WAY;
    bool is_to_look = false;
    struct answer failure;

    if (!call->has_looked) {
        call->has_looked = true;
        call->may_start = !has_failed_lately();
    }
    while (are_slots_in_use(NO_SLOT, is_to_look)) {
        if (backoff_is_over(call->start, HOST_CALL_LIMIT_MS)) {
            return answer_of(ANSWER_NO_ANSWER);
        }
        backoff_wait(&backoff);
        is_to_look = backoff_is_time_to_look(&backoff);
    }
    host_link_close(&session.link);
    owner_clear_left_behind(session.slots, HOST_SLOTS);
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
    owner_leave(&session.lock);
    return failure;
}

/* Lets a helper go that is of no use any more, unless others are still at it: then the next call does. */
static void close_link_if_unused(void)
{
    if (!owner_try(&session.lock, 0)) {
        return;
    }
    if (!is_ready() && !are_slots_in_use(NO_SLOT, true)) {
        host_link_close(&session.link);
    }
    owner_leave(&session.lock);
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
    struct backoff backoff = BACKOFF_GIVING_WAY;

    for (*slot_out = take_slot(); *slot_out == NO_SLOT; *slot_out = take_slot()) {
        if (backoff_is_over(call->start, HOST_CALL_LIMIT_MS)) {
            return answer_of(ANSWER_NO_ANSWER);
        }
        if (!is_ready()) {
            const struct answer failure = make_ready(call);

            if (failure.kind != ANSWER_NONE) {
                return failure;
            }
            continue;
        }
        backoff_wait(&backoff);
        if (backoff_is_time_to_look(&backoff) &&
            owner_is_any_left_behind(session.slots, HOST_SLOTS)) {
            set_ready(false); /* what is in its slot of the page cannot be known */
        }
    }
    return answer_of(ANSWER_NONE);
}

static void fill_request(int slot, const struct connection *connection)
{
    struct host_page *page = session.link.page;
    const uint32_t id = (session.ids[slot] + 1) & HOST_LAST_ID;
    const struct host_request request = {HOST_VERSION, id, *connection, {0}};
    const uint32_t needed = (uint32_t)slot + 1;
    uint32_t used = __atomic_load_n(&page->slots_used, __ATOMIC_RELAXED);

    session.ids[slot] = id;
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

    __atomic_store_n(&page->slots[slot].turn, host_turn(session.ids[slot], to), __ATOMIC_SEQ_CST);
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

/* What has become of the helper while an answer is waited for. */
static struct answer look_after(bool is_untaken, DWORD start)
{
    if (backoff_is_over(start, HOST_CALL_LIMIT_MS)) {
        return answer_of(ANSWER_NO_ANSWER);
    }
    /* Another thread has waited for it in vain: who has not been heard yet asks the next one. */
    if (host_link_is_dead(&session.link) || (is_untaken && !is_ready())) {
        return answer_of(ANSWER_HELPER_DIED);
    }
    /* Another thread may have been ended as it was about to ring for all. */
    return is_untaken ? host_link_ring(&session.link) : answer_of(ANSWER_NONE);
}

static struct answer wait_for_answer(int slot, DWORD start)
{
    const uint32_t id = session.ids[slot];
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
            const struct answer failure = look_after(turn == host_turn(id, HOST_POSTED), start);

            if (failure.kind != ANSWER_NONE) {
                return failure;
            }
        }
        backoff_wait(&backoff);
    }
}

/* How far the request had come when it was given up; one that was only posted will not be acted
 * upon any more. */
static enum host_step give_up(int slot)
{
    const uint32_t id = session.ids[slot];
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

    if (answer.version != HOST_VERSION || answer.id != session.ids[slot] ||
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
    owner_leave(&session.slots[slot]);
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
                         host_turn(session.ids[begun], HOST_CANCELLED), __ATOMIC_SEQ_CST);
        owner_leave(&session.slots[begun]);
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

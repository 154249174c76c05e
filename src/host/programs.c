/* SPDX-License-Identifier: MIT */
#include "programs.h"

#include "destroy.h"
#include "diag.h"
#include "journal.h"
#include "page.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/inotify.h>
#include <unistd.h>

enum
{
    LOOK_LASTS_NANOSECONDS =
        1000000, /* then what was looked up before it was posted is looked up again */
};

/* What was announced in a slot, as it was then: the program could change the page. */
struct announced
{
    uint32_t turn; /* with which it was; 0: nothing */
    int64_t looked_at;
    struct host_request request;
    struct target target;
};

struct program
{
    struct host_page *page;
    int page_file;
    int watch; /* -1: inotify is not to be had, so we look for ourselves */
    char name[PROGRAM_NAME_CHARS];
    bool has_joined;
    int64_t join_by; /* nanoseconds */
    struct announced announced[HOST_SLOTS];
};

static struct program programs[PROGRAMS_AT_MOST];
static size_t count;
static int inotify = -1;
static int cannot_serve; /* an errno, why nobody can be served */
static bool has_one_processor;

void programs_begin(int inotify_or_none, int error)
{
    inotify = inotify_or_none;
    cannot_serve = error;
}

void programs_run_on_one_processor(bool is_one)
{
    has_one_processor = is_one;
    for (size_t i = 0; i < count; i++) {
        __atomic_store_n(&programs[i].page->has_one_processor, is_one, __ATOMIC_RELAXED);
    }
}

static void announce(struct host_page *page, enum host_state state)
{
    __atomic_store_n(&page->state, state, __ATOMIC_RELEASE);
}

/* ---- coming ---- */

const char *programs_show_name(const char *name, char name_out[PROGRAM_NAME_CHARS])
{
    size_t i = 0;

    for (; i < PROGRAM_NAME_CHARS - 1 && name[i]; i++) {
        name_out[i] = name[i];
        if (name[i] <= ' ' || name[i] > '~') {
            name_out[i] = '?';
        }
    }
    name_out[i] = 0;
    return name_out;
}

/* What becomes of this page; HOST_READY if it is served. */
static enum host_state receive(struct host_page *page, int page_file, const char *name, int64_t now)
{
    struct program program = {
        .page = page,
        .page_file = page_file,
        .join_by = now + HOST_JOIN_LIMIT_MS * INT64_C(1000000),
    };

    if (page->version != HOST_VERSION) {
        page->version = HOST_VERSION;
        errno = EPROTO;
        return HOST_REFUSED;
    }
    if (count == PROGRAMS_AT_MOST) {
        errno = EBUSY;
        return HOST_BUSY;
    }
    if (cannot_serve != 0) {
        errno = cannot_serve;
        return HOST_FAILED;
    }
    program.watch = page_watch(page_file, inotify);
    if (program.watch < 0 && page_user(page_file) == PAGE_UNKNOWN) {
        return HOST_FAILED;
    }
    program.has_joined = program.watch < 0; /* nor can its ring be heard, but its end be seen */
    programs_show_name(name, program.name);
    programs[count++] = program;
    return HOST_READY;
}

bool programs_admit(struct host_page *page, int page_file, const struct folder *folder,
                    const char *name, int64_t now)
{
    enum host_state state;

    if (__atomic_load_n(&page->magic, __ATOMIC_ACQUIRE) != HOST_MAGIC) {
        errno = EINVAL;
        return false;
    }
    folder_remove_page(folder, name, page_file);
    __atomic_store_n(&page->process, (uint32_t)getpid(), __ATOMIC_RELEASE);
    page->network_socket = diag_socket_inode();
    page->has_one_processor = has_one_processor;
    state = receive(page, page_file, name, now);
    announce(page, state);
    return state == HOST_READY;
}

/* ---- going ---- */

static void forget(struct program *program)
{
    announce(program->page, HOST_ENDED);
    inotify_rm_watch(inotify, program->watch);
    page_unmap(program->page);
    close(program->page_file);
    *program = programs[--count];
}

void programs_forget_lost(int64_t now)
{
    for (size_t i = count; i-- > 0;) {
        if (programs[i].page->magic != HOST_MAGIC ||
            (!programs[i].has_joined && now > programs[i].join_by)) {
            forget(&programs[i]);
        }
    }
}

void programs_forget_left(bool all)
{
    for (size_t i = count; i-- > 0;) {
        if ((all || programs[i].watch < 0) && page_user(programs[i].page_file) == PAGE_LEFT) {
            forget(&programs[i]);
        }
    }
}

void programs_forget_all(void)
{
    while (count > 0) {
        forget(&programs[0]);
    }
}

void programs_hear(int watch, bool is_left)
{
    for (size_t i = 0; i < count; i++) {
        if (programs[i].watch == watch) {
            programs[i].has_joined = true;
            if (is_left) {
                forget(&programs[i]);
            }
            return;
        }
    }
}

/* ---- serving ---- */

/* One request's place, and what we know of it. */
struct place
{
    struct program *program;
    struct host_slot *slot;
    struct announced *announced;
};

static struct place place_of(struct program *program, uint32_t slot)
{
    return (struct place){program, &program->page->slots[slot], &program->announced[slot]};
}

static uint32_t turn_of(const struct place *place)
{
    return __atomic_load_n(&place->slot->turn, __ATOMIC_SEQ_CST);
}

static uint32_t slots_of(const struct program *program)
{
    const uint32_t used = __atomic_load_n(&program->page->slots_used, __ATOMIC_SEQ_CST);

    return used < HOST_SLOTS ? used : HOST_SLOTS;
}

static struct target look_up(const struct host_request *request, uint32_t turn)
{
    return request->version == HOST_VERSION && request->id == host_turn_id(turn)
               ? destroy_find(&request->connection, host_identity(request), getuid())
               : (struct target){.answer = answer_of(ANSWER_BAD_REQUEST)};
}

static bool is_to_look(const struct place *place, uint32_t turn)
{
    return host_turn_step(turn) == HOST_ANNOUNCED && turn != place->announced->turn;
}

static void look(const struct place *place, uint32_t turn, int64_t now)
{
    struct announced *announced = place->announced;

    announced->turn = turn;
    announced->looked_at = now;
    host_copy_request(&announced->request, &place->slot->request);
    announced->target = look_up(&announced->request, turn);
}

/* One that is only being made may turn out to be another kind of connection (MPTCP). */
static bool is_being_made(const struct diag_socket *socket)
{
    return socket->state == TCP_SYN_SENT || socket->state == TCP_SYN_RECV;
}

static bool is_looked_up(const struct announced *announced, uint32_t turn, int64_t now)
{
    return announced->turn == host_turn(host_turn_id(turn), HOST_ANNOUNCED) &&
           now - announced->looked_at < LOOK_LASTS_NANOSECONDS &&
           !is_being_made(&announced->target.socket);
}

static void serve(const struct place *place, uint32_t turn, programs_clock clock)
{
    const struct host_request *request = &place->announced->request;
    const int64_t now = clock(); /* after it was taken: we may have been stopped before */
    struct answer answer;

    if (!is_looked_up(place->announced, turn, now)) {
        look(place, turn, now);
    }
    answer = destroy_target(&request->connection, &place->announced->target);
    place->announced->turn = 0;
    place->slot->answer = (struct host_answer){
        .version = HOST_VERSION,
        .kind = (uint16_t)answer.kind,
        .id = host_turn_id(turn),
        .detail = answer.detail,
    };
    __atomic_store_n(&place->slot->turn, host_turn(host_turn_id(turn), HOST_ANSWERED),
                     __ATOMIC_RELEASE);
    place->program->has_joined = true;
    journal_answer(place->program->name, &request->connection, answer);
}

static bool is_taken(const struct place *place, uint32_t turn)
{
    return host_turn_step(turn) == HOST_POSTED &&
           __atomic_compare_exchange_n(&place->slot->turn, &turn,
                                       host_turn(host_turn_id(turn), HOST_TAKEN), false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

/* Looks at it or answers it; false if there is nothing to do. */
static bool attend(const struct place *place, programs_clock clock)
{
    const uint32_t turn = turn_of(place);

    if (is_to_look(place, turn)) {
        look(place, turn, clock());
        return true;
    }
    if (is_taken(place, turn)) {
        serve(place, turn, clock);
        return true;
    }
    return false;
}

unsigned programs_answer(programs_clock clock)
{
    unsigned did = 0;

    for (size_t i = 0; i < count; i++) {
        for (uint32_t slot = 0; slot < slots_of(&programs[i]); slot++) {
            const struct place place = place_of(&programs[i], slot);

            did += attend(&place, clock);
        }
    }
    return did;
}

static bool has_nothing_to_do(struct program *program)
{
    for (uint32_t slot = 0; slot < slots_of(program); slot++) {
        const struct place place = place_of(program, slot);
        const uint32_t turn = turn_of(&place);

        if (host_turn_step(turn) == HOST_POSTED || is_to_look(&place, turn)) {
            return false;
        }
    }
    return true;
}

bool programs_fall_asleep(void)
{
    bool is_quiet = true;

    for (size_t i = 0; i < count; i++) {
        if (programs[i].watch >= 0) {
            __atomic_store_n(&programs[i].page->asleep, 1, __ATOMIC_SEQ_CST);
        }
        is_quiet = has_nothing_to_do(&programs[i]) && is_quiet;
    }
    return is_quiet;
}

/* ---- what they are ---- */

bool programs_are_none(void)
{
    return count == 0;
}

bool programs_are_heard(void)
{
    for (size_t i = 0; i < count; i++) {
        if (programs[i].watch < 0) {
            return false;
        }
    }
    return true;
}

bool programs_have_joined(void)
{
    for (size_t i = 0; i < count; i++) {
        if (!programs[i].has_joined) {
            return false;
        }
    }
    return true;
}

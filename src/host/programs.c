/* SPDX-License-Identifier: MIT */
#include "programs.h"

#include "destroy.h"
#include "diag.h"
#include "journal.h"
#include "page.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

enum
{
    PROGRAMS_AT_MOST = 64,
};

struct program
{
    struct host_page *page;
    int page_file;
    int watch; /* -1: inotify is not to be had, so we look for ourselves */
    char name[PROGRAM_NAME_CHARS];
    bool has_joined;
    int64_t join_by; /* nanoseconds */
};

static struct program programs[PROGRAMS_AT_MOST];
static size_t count;
static int inotify = -1;
static int cannot_serve; /* an errno, why nobody can be served */

void programs_begin(int inotify_or_none, int error)
{
    inotify = inotify_or_none;
    cannot_serve = error;
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

static bool is_posted(uint32_t turn)
{
    return (turn & 3) == HOST_POSTED;
}

static void serve(struct program *program, uint32_t turn)
{
    struct host_page *page = program->page;
    /* Read once: the program could change it between a check and a use. */
    const struct host_request request = *(volatile const struct host_request *)&page->request;
    const bool is_request = request.version == HOST_VERSION && request.id == turn >> 2;
    const struct answer answer =
        is_request ? destroy_connection(&request.connection, host_identity(&request), getuid())
                   : answer_of(ANSWER_BAD_REQUEST);

    page->answer = (struct host_answer){
        .version = HOST_VERSION,
        .kind = (uint16_t)answer.kind,
        .id = turn >> 2,
        .detail = answer.detail,
    };
    __atomic_store_n(&page->turn, host_turn(turn >> 2, HOST_ANSWERED), __ATOMIC_RELEASE);
    program->has_joined = true;
    journal_answer(program->name, &request.connection, answer);
}

bool programs_answer(void)
{
    bool did = false;

    for (size_t i = 0; i < count; i++) {
        struct host_page *page = programs[i].page;
        uint32_t turn = __atomic_load_n(&page->turn, __ATOMIC_ACQUIRE);

        if (is_posted(turn) &&
            __atomic_compare_exchange_n(&page->turn, &turn, host_turn(turn >> 2, HOST_TAKEN), false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
            serve(&programs[i], turn);
            did = true;
        }
    }
    return did;
}

bool programs_fall_asleep(void)
{
    bool is_quiet = true;

    for (size_t i = 0; i < count; i++) {
        if (programs[i].watch >= 0) {
            __atomic_store_n(&programs[i].page->asleep, 1, __ATOMIC_SEQ_CST);
        }
        is_quiet =
            is_quiet && !is_posted(__atomic_load_n(&programs[i].page->turn, __ATOMIC_SEQ_CST));
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

/* SPDX-License-Identifier: MIT */
#include "server.h"

#include "connection.h"
#include "diag.h"
#include "folder.h"
#include "journal.h"
#include "page.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum
{
    PROGRAMS_AT_MOST = 64,
    PROGRAM_NAME_CHARS = 32,
    NAP_AT_MOST_MS = 64,        /* from 1 on, twice as long each time nothing has been asked */
    WATCH_NANOSECONDS = 100000, /* after an answer, before going to sleep */
    ANSWERS_AT_MOST = 1000,     /* of each program, before bells and signals are heard again */
};

struct program
{
    struct host_page *page;
    int page_file;
    int watch; /* -1: inotify is not to be had, so we look for ourselves */
    char name[PROGRAM_NAME_CHARS];
    bool has_joined;
    int64_t join_by; /* nanoseconds() */
};

static struct program programs[PROGRAMS_AT_MOST];
static size_t program_count;
static int cannot_serve; /* an errno, why nobody can be served */
static int inotify = -1;
static int folder_watch = -1;
static bool folder_is_gone;
static bool has_missed_bells;
static int nap_ms = 1;
static int signals = -1; /* that tell us to end; none for one program */
static bool is_told_to_end;

static int complain(const char *what)
{
    fprintf(stderr, "settcpentry-host: %s: %s\n", what, strerror(errno));
    return 1;
}

static int64_t nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void announce(struct host_page *page, enum host_state state)
{
    __atomic_store_n(&page->state, state, __ATOMIC_RELEASE);
}

/* ---- coming and going ---- */

static void forget(struct program *program)
{
    announce(program->page, HOST_ENDED);
    inotify_rm_watch(inotify, program->watch);
    page_unmap(program->page);
    close(program->page_file);
    *program = programs[--program_count];
}

static void forget_all(void)
{
    while (program_count > 0) {
        forget(&programs[0]);
    }
}

/* Whatever the program has called it, it can be shown. */
static const char *copy_name(const char *name, char name_out[PROGRAM_NAME_CHARS])
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
static enum host_state receive(struct host_page *page, int page_file, const char *name)
{
    struct program program = {
        .page = page,
        .page_file = page_file,
        .join_by = nanoseconds() + HOST_JOIN_LIMIT_MS * INT64_C(1000000),
    };

    if (page->version != HOST_VERSION) {
        page->version = HOST_VERSION;
        errno = EPROTO;
        return HOST_REFUSED;
    }
    if (program_count == PROGRAMS_AT_MOST) {
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
    copy_name(name, program.name);
    programs[program_count++] = program;
    return HOST_READY;
}

/* False and errno, EINVAL among them, if this is no page, or not yet, or cannot be served. */
static bool admit(struct host_page *page, int page_file, const char *name)
{
    enum host_state state;

    if (__atomic_load_n(&page->magic, __ATOMIC_ACQUIRE) != HOST_MAGIC) {
        errno = EINVAL;
        return false;
    }
    folder_remove_page(name, page_file);
    __atomic_store_n(&page->process, (uint32_t)getpid(), __ATOMIC_RELEASE);
    page->network_socket = diag_socket_inode();
    state = receive(page, page_file, name);
    announce(page, state);
    return state == HOST_READY;
}

/* One that is not filled in yet will ring again. */
static void complain_of(const char *name)
{
    const int error = errno;
    char shown[PROGRAM_NAME_CHARS];

    if (error != EINVAL) {
        journal_refusal(copy_name(name, shown), error);
    }
}

static void admit_by_name(const char *name)
{
    const int page_file = folder_page(name);
    struct host_page *page = page_file < 0 ? NULL : page_map(page_file);

    if (page && admit(page, page_file, name)) {
        return;
    }
    if (page) {
        complain_of(name);
        page_unmap(page);
    }
    if (page_file >= 0) {
        close(page_file);
    }
}

/* Those that never joined, and those that have spoilt their page. */
static void forget_lost_programs(void)
{
    const int64_t now = nanoseconds();

    for (size_t i = program_count; i-- > 0;) {
        if (programs[i].page->magic != HOST_MAGIC ||
            (!programs[i].has_joined && now > programs[i].join_by)) {
            forget(&programs[i]);
        }
    }
}

/* Those of which inotify does not tell us, or has not told us all. */
static void forget_programs_that_left(bool all)
{
    for (size_t i = program_count; i-- > 0;) {
        if ((all || programs[i].watch < 0) && page_user(programs[i].page_file) == PAGE_LEFT) {
            forget(&programs[i]);
        }
    }
}

/* After bells were lost: whatever they could have told. */
static void catch_up(void)
{
    has_missed_bells = false;
    forget_programs_that_left(true);
    if (folder_watch >= 0) {
        folder_is_gone = folder_is_gone || !folder_is_served();
        folder_for_each(admit_by_name);
    }
}

/* ---- bells ---- */

static void heed_program(const struct inotify_event *event)
{
    for (size_t i = 0; i < program_count; i++) {
        if (programs[i].watch == event->wd) {
            programs[i].has_joined = true;
            if (!(event->mask & IN_MODIFY)) {
                forget(&programs[i]);
            }
            return;
        }
    }
}

static void heed(const struct inotify_event *event)
{
    if (event->mask & IN_Q_OVERFLOW) {
        has_missed_bells = true;
    } else if (event->wd != folder_watch) {
        heed_program(event);
    } else if (folder_is_left(event)) {
        folder_is_gone = true;
    } else if (event->mask & IN_MODIFY) {
        admit_by_name(event->name);
    }
}

static void heed_bells(void)
{
    _Alignas(struct inotify_event) char events[4096];
    const ssize_t bytes = read(inotify, events, sizeof(events));

    for (ssize_t at = 0; at < bytes;) {
        const struct inotify_event *event = (const void *)(events + at);

        heed(event);
        at += (ssize_t)(sizeof(*event) + event->len);
    }
}

/* ---- serving ---- */

static bool is_posted(uint32_t turn)
{
    return (turn & 3) == HOST_POSTED;
}

static void answer(struct program *program, uint32_t turn)
{
    struct host_page *page = program->page;
    /* Read once: the program could change it between a check and a use. */
    const struct host_request request = *(volatile const struct host_request *)&page->request;
    enum host_verdict verdict = VERDICT_BAD_REQUEST;
    int error = 0;

    if (request.version == HOST_VERSION && request.id == turn >> 2) {
        verdict = connection_close(&request, getuid(), &error);
    }
    page->answer = (struct host_answer){
        .version = HOST_VERSION,
        .verdict = (uint16_t)verdict,
        .id = turn >> 2,
        .error = (uint32_t)error,
    };
    __atomic_store_n(&page->turn, host_turn(turn >> 2, HOST_ANSWERED), __ATOMIC_RELEASE);
    program->has_joined = true;
    nap_ms = 1;
    journal_answer(program->name, &request, verdict);
}

/* One request of each program, so that none keeps the others waiting; false if there is none. */
static bool answer_each(void)
{
    bool did = false;

    for (size_t i = 0; i < program_count; i++) {
        struct host_page *page = programs[i].page;
        uint32_t turn = __atomic_load_n(&page->turn, __ATOMIC_ACQUIRE);

        if (is_posted(turn) &&
            __atomic_compare_exchange_n(&page->turn, &turn, host_turn(turn >> 2, HOST_TAKEN), false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
            answer(&programs[i], turn);
            did = true;
        }
    }
    return did;
}

static void watch_for_requests(void)
{
    int64_t end = nanoseconds() + WATCH_NANOSECONDS;

    for (int answers = 0; answers < ANSWERS_AT_MOST && nanoseconds() < end;) {
        if (answer_each()) {
            answers++;
            end = nanoseconds() + WATCH_NANOSECONDS;
        }
#if defined(__i386__) || defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("isb");
#endif
    }
}

/* Tells the programs that they have to ring.  False if one posted meanwhile. */
static bool fall_asleep(void)
{
    bool is_quiet = true;

    for (size_t i = 0; i < program_count; i++) {
        if (programs[i].watch >= 0) {
            __atomic_store_n(&programs[i].page->asleep, 1, __ATOMIC_SEQ_CST);
        }
        is_quiet =
            is_quiet && !is_posted(__atomic_load_n(&programs[i].page->turn, __ATOMIC_SEQ_CST));
    }
    return is_quiet;
}

static bool hears_all(void)
{
    for (size_t i = 0; i < program_count; i++) {
        if (programs[i].watch < 0) {
            return false;
        }
    }
    return true;
}

static bool all_have_joined(void)
{
    for (size_t i = 0; i < program_count; i++) {
        if (!programs[i].has_joined) {
            return false;
        }
    }
    return true;
}

/* Hears bells and signals.  If it is quiet it waits for them, or until it is time to look who has joined.
 * Has it heard anything?  (poll tells of both at once, so neither can drown the other.) */
static bool listen_for_bells(bool is_quiet)
{
    struct pollfd heard[] = {{.fd = inotify, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    int wait = all_have_joined() ? -1 : 1000;

    if (!hears_all()) {
        wait = nap_ms;
        nap_ms = nap_ms < NAP_AT_MOST_MS ? 2 * nap_ms : nap_ms;
    }
    wait = is_quiet ? wait : 0;
    if (poll(heard, 2, wait) <= 0) {
        return false;
    }
    is_told_to_end = (heard[1].revents & POLLIN) != 0;
    if (heard[0].revents & POLLIN) {
        heed_bells();
    }
    return true;
}

static bool is_over(void)
{
    const bool is_nobody_left = folder_watch < 0 && program_count == 0;

    return is_nobody_left || folder_is_gone || is_told_to_end;
}

static void serve(void)
{
    bool was_rung = true;

    while (!is_over()) {
        if (answer_each() || was_rung) {
            watch_for_requests();
        }
        was_rung = listen_for_bells(fall_asleep());
        forget_lost_programs();
        forget_programs_that_left(false);
        if (has_missed_bells) {
            catch_up();
        }
    }
    forget_all();
}

/* What is to be had from the kernel before anybody can be served; 0 or an errno. */
static int begin(void)
{
    const int error = diag_open();

    page_survive_truncation();
    signal(SIGIO, SIG_IGN); /* of a lease that somebody breaks */
    inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return error;
}

int server_serve_page(const char *path)
{
    const char *name;
    const int closed = folder_of_page(path, &name) ? folder_closed_page(name) : -1;
    const int page_file = closed < 0 ? -1 : page_reopen(closed);
    struct host_page *page = page_file < 0 ? NULL : page_map(page_file);

    if (!page) {
        return complain(path);
    }
    close(closed);
    cannot_serve = begin();
    if (!admit(page, page_file, name)) {
        return complain("cannot serve the program");
    }
    folder_close();
    if (!sandbox_enter(SANDBOX_PAGE, -1)) {
        forget_all();
        return complain("cannot enter the sandbox");
    }
    serve();
    return 0;
}

/* As something to poll for. */
static int await_signals(void)
{
    sigset_t told_to_end;

    sigemptyset(&told_to_end);
    sigaddset(&told_to_end, SIGTERM);
    sigaddset(&told_to_end, SIGINT);
    sigprocmask(SIG_BLOCK, &told_to_end, NULL);
    signals = signalfd(-1, &told_to_end, SFD_CLOEXEC);
    return signals < 0 ? errno : 0;
}

int server_serve_folder(const char *path)
{
    errno = await_signals();
    errno = errno == 0 ? begin() : errno;
    if (errno != 0) {
        return complain("cannot watch for programs");
    }
    folder_watch = inotify < 0 ? -1 : folder_open(path, inotify);
    if (folder_watch < 0) {
        return complain(path);
    }
    journal_begin();
    if (!sandbox_enter(SANDBOX_FOLDER, folder_descriptor())) {
        folder_leave();
        return complain("cannot enter the sandbox");
    }
    folder_for_each(admit_by_name);
    serve();
    folder_leave();
    errno = ENOENT;
    return is_told_to_end ? 0 : complain(path);
}

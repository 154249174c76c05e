/* SPDX-License-Identifier: MIT */
#include "server.h"

#include "diag.h"
#include "folders.h"
#include "journal.h"
#include "page.h"
#include "programs.h"
#include "sandbox.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
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
    NAP_AT_MOST_MS = 64,        /* from 1 on, twice as long each time nothing has been asked */
    WATCH_NANOSECONDS = 100000, /* after an answer, before going to sleep */
    LOOKS = 50,                 /* the same */
    ANSWERS_AT_MOST = 1000,     /* and looks, before bells and signals are heard again */
};

static int inotify = -1;
static bool serves_folders;
static bool has_missed_bells;
static int nap_ms = 1;
static int signals = -1; /* that tell us to end; none for one program */
static bool is_told_to_end;
static bool has_one_processor; /* so nobody asks while we watch */

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

/* Somebody may have changed it. */
static void look_at_processors(void)
{
    cpu_set_t processors;
    const bool is_one =
        sched_getaffinity(0, sizeof(processors), &processors) == 0 && CPU_COUNT(&processors) == 1;

    if (is_one != has_one_processor) {
        has_one_processor = is_one;
        programs_run_on_one_processor(is_one);
    }
}

/* ---- coming and going ---- */

/* One that is not filled in yet will ring again. */
static void complain_of(const char *name)
{
    const int error = errno;
    char shown[PROGRAM_NAME_CHARS];

    if (error != EINVAL) {
        journal_refusal(programs_show_name(name, shown), error);
    }
}

static void admit_by_name(const struct folder *folder, const char *name)
{
    const int page_file = folder_page(folder, name);
    struct host_page *page = page_file < 0 ? NULL : page_map(page_file);

    if (page && programs_admit(page, page_file, folder, name, nanoseconds())) {
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

/* After bells were lost: whatever they could have told. */
static void catch_up(void)
{
    has_missed_bells = false;
    programs_forget_left(true);
    folders_catch_up(admit_by_name);
}

/* ---- bells ---- */

static void heed(const struct inotify_event *event)
{
    if (event->mask & IN_Q_OVERFLOW) {
        has_missed_bells = true;
    } else if (!folders_hear(event, admit_by_name)) {
        programs_hear(event->wd, !(event->mask & IN_MODIFY));
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

static unsigned answer_programs(void)
{
    const unsigned did = programs_answer(nanoseconds);

    nap_ms = did > 0 ? 1 : nap_ms;
    return did;
}

/* Where many ask at once they and Wine's server want the processors. */
static void rest(bool for_many)
{
    if (has_one_processor || for_many) {
        sched_yield();
    }
#if defined(__i386__) || defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/* Where nobody can ask meanwhile, it is not time that counts, but how often others could run. */
static bool is_watching(int looks, int64_t since, int64_t now)
{
    return has_one_processor ? looks < LOOKS : now - since < WATCH_NANOSECONDS;
}

static void watch_for_requests(void)
{
    int64_t now = nanoseconds();
    int64_t since = now;
    int looks = 0;
    bool are_many = false;

    for (unsigned answers = 0; answers < ANSWERS_AT_MOST && is_watching(looks, since, now);
         looks++) {
        const unsigned did = answer_programs();

        if (did > 0) {
            answers += did;
            are_many = did > 1;
            looks = 0;
            since = nanoseconds();
        }
        rest(are_many);
        now = nanoseconds();
    }
}

/* Hears bells and signals.  If it is quiet it waits for them, or until it is time to look who has joined.
 * Has it heard anything?  (poll tells of both at once, so neither can drown the other.) */
static bool listen_for_bells(bool is_quiet)
{
    struct pollfd heard[] = {{.fd = inotify, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    int wait = programs_have_joined() ? -1 : 1000;

    if (!programs_are_heard()) {
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
    look_at_processors();
    return true;
}

static bool stop_is_requested(void)
{
    return is_told_to_end || (serves_folders ? folders_are_lost() : programs_are_none());
}

static void serve(void)
{
    bool was_rung = true;

    while (!stop_is_requested()) {
        if (answer_programs() > 0 || was_rung) {
            watch_for_requests();
        }
        was_rung = listen_for_bells(programs_fall_asleep());
        programs_forget_lost(nanoseconds());
        programs_forget_left(false);
        if (has_missed_bells) {
            catch_up();
        }
    }
    programs_forget_all();
}

/* What is to be had from the kernel before anybody can be served; 0, or an errno, which those who come
 * are told. */
static int begin(void)
{
    const int error = diag_open();

    page_survive_truncation();
    signal(SIGIO, SIG_IGN); /* of a lease that somebody breaks */
    inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    programs_begin(inotify, error);
    look_at_processors();
    return error;
}

int server_serve_page(const char *path)
{
    struct folder folder;
    const char *name;
    const int closed =
        folder_of_page(&folder, path, &name) ? folder_closed_page(&folder, name) : -1;
    const int page_file = closed < 0 ? -1 : page_reopen(closed);
    struct host_page *page = page_file < 0 ? NULL : page_map(page_file);

    if (!page) {
        return complain(path);
    }
    close(closed);
    begin();
    if (!programs_admit(page, page_file, &folder, name, nanoseconds())) {
        return complain("cannot serve the program");
    }
    folder_close(&folder);
    if (!sandbox_enter(SANDBOX_PAGE, NULL, 0)) {
        programs_forget_all();
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

int server_serve_folders(char *const paths[])
{
    errno = await_signals();
    errno = errno == 0 ? begin() : errno;
    if (errno != 0 || inotify < 0) {
        return complain("cannot watch for programs");
    }
    if (!folders_open(paths, inotify)) {
        return 1;
    }
    serves_folders = true;
    journal_begin();
    if (!folders_enter_sandbox()) {
        folders_close();
        return complain("cannot enter the sandbox");
    }
    catch_up();
    serve();
    folders_close();
    errno = ENOENT;
    return is_told_to_end ? 0 : complain("no folder is left to serve");
}

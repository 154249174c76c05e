/* SPDX-License-Identifier: MIT */
/*
 * The input is what programs do to a helper: they bring pages, write anything there at any moment, ring, and
 * leave.  The kernel's list of connections is tests/host/fake_diag.c; pages are memory of their own.
 */
#include "fuzz_kernel.h"

#include "host/folder.h"
#include "host/journal.h"
#include "host/page.h"
#include "host/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum
{
    PAGES = 70,     /* more than a helper serves */
    PAGE_FILE = -2, /* and down from there; closing them does nothing */
};

static struct input input;
static uid_t user;
static int64_t now;

static struct
{
    struct host_page *page; /* NULL: it is not served (any more) */
    bool is_left;
    uint32_t turn; /* as they were when all of them began to be answered */
    struct host_request request;
} pages[PAGES];
static size_t page_count;

/* ---- what the helper is linked with ---- */

int page_watch(int file, int inotify)
{
    return inotify < 0 ? -1 : PAGE_FILE - file;
}

enum page_user page_user(int file)
{
    return pages[PAGE_FILE - file].is_left ? PAGE_LEFT : PAGE_IN_USE;
}

void page_unmap(struct host_page *page)
{
    size_t i = 0;

    while (i < page_count && pages[i].page != page) {
        i++;
    }
    promise(i < page_count && page->state == HOST_ENDED);
    pages[i].page = NULL;
    free(page);
}

void folder_remove_page(const struct folder *folder, const char *name, int page_file)
{
    (void)folder;
    (void)name;
    (void)page_file;
}

static bool is_posted(uint32_t turn)
{
    return (turn & 3) == HOST_POSTED;
}

static bool is_being_answered(size_t page)
{
    return pages[page].page && is_posted(pages[page].turn) &&
           pages[page].page->turn == host_turn(pages[page].turn >> 2, HOST_TAKEN);
}

/* This comes right after a request was read: the program changes what it asks for. */
uid_t getuid(void)
{
    const size_t offset = take_below(&input, sizeof(struct host_request));
    const size_t bytes = take_below(&input, sizeof(struct host_request) + 1 - offset);

    for (size_t i = 0; i < page_count; i++) {
        if (is_being_answered(i)) {
            take(&input, (uint8_t *)&pages[i].page->request + offset, bytes);
        }
    }
    return user;
}

/* The journal has no opening of its own, but room. */
int open(const char *file, int oflag, ...)
{
    (void)file;
    (void)oflag;
    errno = EACCES;
    return -1;
}

int poll(struct pollfd *fds, nfds_t nfds, int timeout)
{
    (void)timeout;
    promise(nfds == 1);
    fds->revents = POLLOUT;
    return 1;
}

/* A line of the journal: whatever a program has called its page, it is one, and printable. */
ssize_t send(int fd, const void *buf, size_t n, int flags)
{
    const char *line = buf;

    (void)flags;
    promise(fd == STDERR_FILENO && n > 0 && line[n - 1] == '\n');
    for (size_t i = 0; i < n - 1; i++) {
        promise(line[i] >= ' ' && line[i] <= '~');
    }
    return (ssize_t)n;
}

/* libFuzzer has its own clock. */
int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    if (clock_id != CLOCK_MONOTONIC) {
        return (int)syscall(SYS_clock_gettime, clock_id, tp);
    }
    tp->tv_sec = now / 1000000000;
    tp->tv_nsec = now % 1000000000;
    return 0;
}

/* ---- what is promised ---- */

/* Is it well-formed, as it was first? */
static bool is_request(size_t page)
{
    return is_posted(pages[page].turn) && pages[page].request.version == HOST_VERSION &&
           pages[page].request.id == pages[page].turn >> 2;
}

static bool was_asked_for(const struct diag_socket *socket)
{
    for (size_t i = 0; i < page_count; i++) {
        if (pages[i].page && is_request(i) && asks_for(&pages[i].request, socket)) {
            return true;
        }
    }
    return false;
}

static void promise_only_what_they_may(const bool gone_before[FAKE_SOCKETS])
{
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        if (fake_diag.destroyed[i] && !gone_before[i]) {
            promise(was_asked_for(&kernel.sockets[i]));
            promise_may_close(user, &kernel.sockets[i]);
        }
    }
}

static void promise_answer(size_t i)
{
    const struct host_page *page = pages[i].page;
    const struct host_answer *answer = &page->answer;

    if (!is_posted(pages[i].turn)) {
        promise(page->turn == pages[i].turn);
        return;
    }
    promise(page->turn == host_turn(pages[i].turn >> 2, HOST_ANSWERED));
    promise(answer->version == HOST_VERSION && answer->id == pages[i].turn >> 2);
    promise(answer_is_helpers(answer->kind));
    promise(answer->kind == ANSWER_BAD_REQUEST || is_request(i));
    promise((answer->detail != 0) == (answer->kind == ANSWER_SYSTEM_CALL_FAILED));
}

/* ---- what programs do ---- */

static struct host_page *any_page(void)
{
    const size_t i = take_below(&input, PAGES);

    return i < page_count ? pages[i].page : NULL;
}

static void arrive(void)
{
    struct host_page *page = aligned_alloc(_Alignof(struct host_page), HOST_PAGE_BYTES);
    char name[2 * PROGRAM_NAME_CHARS];

    promise(page != NULL);
    memset(page, 0, HOST_PAGE_BYTES);
    page->version = HOST_VERSION;
    page->magic = HOST_MAGIC;
    write_anywhere(&input, page, HOST_PAGE_BYTES);
    take(&input, name, take_below(&input, sizeof(name)));
    name[sizeof(name) - 1] = 0;
    if (page_count < PAGES && programs_admit(page, PAGE_FILE - (int)page_count, NULL, name, now)) {
        promise(page->state == HOST_READY && page->version == HOST_VERSION);
        pages[page_count].page = page;
        pages[page_count++].is_left = false;
        return;
    }
    promise(page->state != HOST_READY || page->magic != HOST_MAGIC || page_count == PAGES);
    free(page);
}

static void post(struct host_page *page)
{
    const uint32_t id = ((page->turn >> 2) + 1) & (UINT32_MAX >> 2);

    page->request = any_request(&input, id);
    page->turn = host_turn(id, HOST_POSTED);
}

static void be_answered(void)
{
    bool gone_before[FAKE_SOCKETS];
    bool is_any = false;

    memcpy(gone_before, fake_diag.destroyed, sizeof(gone_before));
    for (size_t i = 0; i < page_count; i++) {
        if (pages[i].page) {
            pages[i].turn = pages[i].page->turn;
            pages[i].request = pages[i].page->request;
            is_any = is_any || is_posted(pages[i].turn);
        }
    }
    promise(programs_answer() == is_any);
    for (size_t i = 0; i < page_count; i++) {
        if (pages[i].page) {
            promise_answer(i);
        }
    }
    promise_only_what_they_may(gone_before);
}

static void step(void)
{
    struct host_page *page;

    switch (take_below(&input, 9)) {
    case 0:
        arrive();
        break;
    case 1:
        page = any_page();
        if (page) {
            post(page);
        }
        break;
    case 2:
        be_answered();
        break;
    case 3:
        page = any_page();
        if (page) {
            write_anywhere(&input, page, HOST_PAGE_BYTES);
        }
        break;
    case 4:
        programs_fall_asleep();
        break;
    case 5:
        programs_hear((int)take_below(&input, PAGES), take_byte(&input) & 1);
        break;
    case 6:
        now += INT64_C(1000000000) * take_byte(&input);
        programs_forget_lost(now);
        break;
    case 7:
        pages[take_below(&input, PAGES)].is_left = true;
        break;
    default:
        programs_forget_left(take_byte(&input) & 1);
        break;
    }
}

/* ---- from the beginning to the end ---- */

static void begin(void)
{
    const uint8_t flags = take_byte(&input);

    user = any_user(&input);
    page_count = 0;
    any_kernel(&input, flags);
    programs_begin(flags & 32 ? -1 : 0, flags & 64 ? any_error(&input) : 0);
    now += INT64_C(1000000000) * 60; /* so that the journal may say something again */
    journal_begin();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input = (struct input){data, size};
    begin();
    while (input.left > 0) {
        step();
    }
    programs_forget_all();
    promise(programs_are_none());
    for (size_t i = 0; i < page_count; i++) {
        promise(pages[i].page == NULL);
    }
    return 0;
}

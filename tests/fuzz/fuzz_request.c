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
    PAGES = 70,
    PAGE_FILE = -2, /* and down from there; closing them does nothing */
};

static struct input input;
static uid_t user;
static int64_t now;

static struct
{
    struct host_page *page; /* NULL: it is not served (any more) */
    bool is_left;
    uint32_t slots; /* of them the helper looks at */
    struct place
    {
        uint32_t turn; /* as they were when all of them began to be answered */
        struct host_request request;
        uint32_t looked; /* the turn with which it was announced and looked up, and what that was */
        struct host_request announced;
    } places[HOST_SLOTS];
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
    return host_turn_step(turn) == HOST_POSTED;
}

/* It has not been looked up yet. */
static bool is_announced(const struct place *place)
{
    return host_turn_step(place->turn) == HOST_ANNOUNCED && place->turn != place->looked;
}

static bool is_being_read(const struct place *place, const struct host_slot *slot)
{
    return is_announced(place) || (is_posted(place->turn) &&
                                   slot->turn == host_turn(host_turn_id(place->turn), HOST_TAKEN));
}

/* This comes right after a request was read: the program changes what it asks for. */
uid_t getuid(void)
{
    const size_t offset = take_below(&input, sizeof(struct host_request));
    const size_t bytes = take_below(&input, sizeof(struct host_request) + 1 - offset);

    for (size_t i = 0; i < page_count; i++) {
        for (size_t slot = 0; pages[i].page && slot < pages[i].slots; slot++) {
            struct host_slot *has = &pages[i].page->slots[slot];

            if (is_being_read(&pages[i].places[slot], has)) {
                take(&input, (uint8_t *)&has->request + offset, bytes);
            }
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

static bool is_well_formed(const struct host_request *request, uint32_t turn)
{
    return request->version == HOST_VERSION && request->id == host_turn_id(turn);
}

static bool has_looked(const struct place *place)
{
    return place->looked == host_turn(host_turn_id(place->turn), HOST_ANNOUNCED);
}

/* As it was first, or when it was announced, which may have been too long ago to count. */
static bool is_request(const struct place *place)
{
    return is_well_formed(&place->request, place->turn) ||
           (has_looked(place) && is_well_formed(&place->announced, place->turn));
}

static bool place_asks_for(const struct place *place, const struct diag_socket *socket)
{
    return is_posted(place->turn) &&
           ((is_well_formed(&place->request, place->turn) && asks_for(&place->request, socket)) ||
            (has_looked(place) && asks_for(&place->announced, socket)));
}

static bool was_asked_for(const struct diag_socket *socket)
{
    for (size_t i = 0; i < page_count; i++) {
        for (size_t slot = 0; pages[i].page && slot < pages[i].slots; slot++) {
            if (place_asks_for(&pages[i].places[slot], socket)) {
                return true;
            }
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

static void promise_answer(const struct place *place, const struct host_slot *slot)
{
    const struct host_answer *answer = &slot->answer;

    if (!is_posted(place->turn)) {
        promise(slot->turn == place->turn);
        return;
    }
    promise(slot->turn == host_turn(host_turn_id(place->turn), HOST_ANSWERED));
    promise(answer->version == HOST_VERSION && answer->id == host_turn_id(place->turn));
    promise(answer_is_helpers(answer->kind));
    promise(answer->kind == ANSWER_BAD_REQUEST || is_request(place));
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
    page->slots_used = HOST_SLOTS / 2;
    write_anywhere(&input, page, HOST_PAGE_BYTES);
    take(&input, name, take_below(&input, sizeof(name)));
    name[sizeof(name) - 1] = 0;
    if (page_count < PAGES && programs_admit(page, PAGE_FILE - (int)page_count, NULL, name, now)) {
        promise(page->state == HOST_READY && page->version == HOST_VERSION);
        pages[page_count].page = page;
        memset(pages[page_count].places, 0, sizeof(pages[page_count].places));
        pages[page_count++].is_left = false;
        return;
    }
    promise(page->state != HOST_READY || page->magic != HOST_MAGIC || page_count == PAGES);
    free(page);
}

static void ask(struct host_page *page)
{
    struct host_slot *slot = &page->slots[take_below(&input, HOST_SLOTS)];
    const uint32_t id = (host_turn_id(slot->turn) + 1) & HOST_LAST_ID;

    if (host_turn_step(slot->turn) == HOST_ANNOUNCED) {
        slot->turn = host_turn(host_turn_id(slot->turn), HOST_POSTED);
        return;
    }
    slot->request = any_request(&input, id);
    slot->turn = host_turn(id, take_byte(&input) & 1 ? HOST_ANNOUNCED : HOST_POSTED);
}

static void remember_look(struct place *place)
{
    if (is_posted(place->turn)) {
        place->looked = 0;
    } else if (is_announced(place)) {
        place->looked = place->turn;
        place->announced = place->request;
    }
}

/* Has it something to do for one of them? */
static bool remember_all(void)
{
    bool is_any = false;

    for (size_t i = 0; i < page_count; i++) {
        const struct host_page *page = pages[i].page;

        if (page) {
            pages[i].slots = page->slots_used < HOST_SLOTS ? page->slots_used : HOST_SLOTS;
        }
        for (size_t slot = 0; page && slot < pages[i].slots; slot++) {
            struct place *place = &pages[i].places[slot];

            place->turn = page->slots[slot].turn;
            place->request = page->slots[slot].request;
            is_any = is_any || is_posted(place->turn) || is_announced(place);
        }
    }
    return is_any;
}

static int64_t this_moment(void)
{
    return now;
}

static void be_answered(void)
{
    const bool is_any = remember_all();
    bool gone_before[FAKE_SOCKETS];

    memcpy(gone_before, fake_diag.destroyed, sizeof(gone_before));
    promise((programs_answer(this_moment) > 0) == is_any);
    promise_only_what_they_may(gone_before);
    for (size_t i = 0; i < page_count; i++) {
        for (size_t slot = 0; pages[i].page && slot < pages[i].slots; slot++) {
            promise_answer(&pages[i].places[slot], &pages[i].page->slots[slot]);
            remember_look(&pages[i].places[slot]);
        }
    }
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
            ask(page);
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

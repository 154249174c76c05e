/* SPDX-License-Identifier: MIT */
/*
 * The input is what programs do to a helper: they bring pages, write anything there at any moment, ring, and
 * leave.  The kernel's list of connections is tests/host/fake_diag.c; pages are memory of their own.
 */
#include "fuzz.h"

#include "fake_diag.h"
#include "host/folder.h"
#include "host/journal.h"
#include "host/page.h"
#include "host/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum
{
    PAGES = 70, /* more than a helper serves */
    USER = 1000,
    PAGE_FILE = -2, /* and down from there; closing them does nothing */
};

/* From and to this machine, at ports that are easily guessed. */
#define IPV4(port, interface, state, uid, inode, is_subflow)                                       \
    {                                                                                              \
        {{{127, 0, 0, 1}, 0, 1, 0}, {{127, 0, 0, 1}, 0, port, 0}, CONNECTION_IPV4}, interface,     \
            state, uid, inode, {port}, is_subflow                                                  \
    }
#define IPV6(address, port, interface, uid, inode)                                                 \
    {                                                                                              \
        {{address, 0, 1, 0}, {address, 0, port, 0}, CONNECTION_IPV6}, interface, TCP_ESTABLISHED,  \
            uid, inode, {port}, false                                                              \
    }
#define MAPPED                                                                                     \
    {                                                                                              \
        [10] = 0xFF, 0xFF, 127, 0, 0, 1                                                            \
    }
#define LINK_LOCAL                                                                                 \
    {                                                                                              \
        0xFE, 0x80                                                                                 \
    }

static const struct fake_diag kernel = {
    .sockets =
        {
            IPV4(1, 0, TCP_ESTABLISHED, USER, 10, false),
            IPV4(2, 0, TCP_ESTABLISHED, 1, 11, false), /* anybody else's */
            IPV6(LINK_LOCAL, 3, 2, USER, 12),
            IPV6(MAPPED, 4, 0, USER, 13),
            IPV4(5, 0, TCP_FIN_WAIT1, USER, 0, false), /* which nobody has any more */
            IPV4(6, 0, TCP_ESTABLISHED, USER, 14, true),
            IPV4(7, 0, TCP_LISTEN, USER, 15, false),
            IPV4(8, 3, TCP_ESTABLISHED, FAKE_UNKNOWN_OWNER, 16, false),
        },
    .count = FAKE_SOCKETS,
    .interfaces = {1, 2, 3},
    .interface_count = 3,
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

static bool is_end(uint32_t family, const struct connection_end *has, uint32_t asked_family,
                   const struct connection_end *asked)
{
    const bool is_mapped = family == CONNECTION_IPV6 && asked_family == CONNECTION_IPV4;

    return has->port == asked->port && (is_mapped || family == asked_family) &&
           memcmp(has->address + (is_mapped ? 12 : 0), asked->address,
                  asked_family == CONNECTION_IPV4 ? 4 : 16) == 0;
}

/* Is it well-formed, as it was first? */
static bool is_request(size_t page)
{
    return is_posted(pages[page].turn) && pages[page].request.version == HOST_VERSION &&
           pages[page].request.id == pages[page].turn >> 2;
}

static bool was_asked_for(const struct connection *has)
{
    for (size_t i = 0; i < page_count; i++) {
        const struct connection *asked = &pages[i].request.connection;

        if (pages[i].page && is_request(i) &&
            is_end(has->family, &has->local, asked->family, &asked->local) &&
            is_end(has->family, &has->remote, asked->family, &asked->remote)) {
            return true;
        }
    }
    return false;
}

static void promise_only_what_they_may(const bool gone_before[FAKE_SOCKETS])
{
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        const struct diag_socket *socket = &kernel.sockets[i];

        if (fake_diag.destroyed[i] && !gone_before[i]) {
            promise(was_asked_for(&socket->connection));
            promise(socket->state != TCP_LISTEN && !socket->is_subflow);
            promise(user == 0 || (socket->inode != 0 && socket->uid == user &&
                                  socket->uid != FAKE_UNKNOWN_OWNER));
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

/* For a connection that there is, but for some bytes. */
static void post(struct host_page *page)
{
    const uint32_t id = ((page->turn >> 2) + 1) & (UINT32_MAX >> 2);
    struct host_request request = {
        .version = HOST_VERSION,
        .id = id,
        .connection = kernel.sockets[take_below(&input, FAKE_SOCKETS)].connection,
    };
    size_t offset;

    request.connection.local.scope_id = 2;
    offset = take_below(&input, sizeof(request));
    take(&input, (uint8_t *)&request + offset, take_below(&input, sizeof(request) + 1 - offset));
    page->request = request;
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

static int any_error(void)
{
    static const int errors[] = {ENOENT, EINVAL, EPERM, EOPNOTSUPP, EAFNOSUPPORT, EIO};

    return errors[take_below(&input, sizeof(errors) / sizeof(errors[0]))];
}

static void begin(void)
{
    static const uid_t users[] = {USER, 0, 1, FAKE_UNKNOWN_OWNER};
    const uint8_t flags = take_byte(&input);

    user = users[take_below(&input, sizeof(users) / sizeof(users[0]))];
    page_count = 0;
    fake_diag = kernel;
    fake_diag.lies = (flags & 1) != 0;
    fake_diag.destroys_nothing = (flags & 2) != 0;
    fake_diag.find_error = flags & 4 ? any_error() : 0;
    fake_diag.probe_error = flags & 8 ? any_error() : 0;
    fake_diag.destroy_error = flags & 16 ? any_error() : 0;
    programs_begin(flags & 32 ? -1 : 0, flags & 64 ? any_error() : 0);
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

/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "connection.h"
#include "diag.h"
#include "showcase.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum
{
    WATCH_NANOSECONDS = 100000, /* after an answer, before going to sleep */
};

static int complain(const char *what)
{
    fprintf(stderr, "settcpentry-host: %s: %s\n", what, strerror(errno));
    return 1;
}

/* ---- meeting ---- */

static struct host_page *map_page(int page_file)
{
    struct stat file;
    void *page;

    if (fstat(page_file, &file) != 0) {
        return NULL;
    }
    if (!S_ISREG(file.st_mode) || file.st_size != HOST_PAGE_BYTES || file.st_uid != getuid()) {
        errno = EINVAL;
        return NULL;
    }
    page = mmap(NULL, HOST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, page_file, 0);
    return page == MAP_FAILED ? NULL : page;
}

/* From now on the page has no name any more.  Wine would see to it, too, unless it is killed. */
static void remove_page_name(int page_file)
{
    char link[32];
    char name[PATH_MAX];
    ssize_t length;
    struct stat by_name;
    struct stat file;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", page_file);
    length = readlink(link, name, sizeof(name) - 1);
    if (length <= 0) {
        return;
    }
    name[length] = 0;
    if (lstat(name, &by_name) == 0 && fstat(page_file, &file) == 0 &&
        by_name.st_dev == file.st_dev && by_name.st_ino == file.st_ino) {
        unlink(name);
    }
}

/* Waits for the DLL to ring once; false if it does not come. */
static bool wait_for_program(struct host_page *page, int doorbell)
{
    struct pollfd ring = {.fd = doorbell, .events = POLLIN};

    __atomic_store_n(&page->state, HOST_READY, __ATOMIC_RELEASE);
    if (poll(&ring, 1, HOST_JOIN_LIMIT_MS) != 1) {
        errno = ETIMEDOUT;
        return false;
    }
    return true;
}

/* Returns the doorbell, open for reading, with the program as its only writer; -1 on failure. */
static int meet_program(struct host_page *page)
{
    int ends[2];
    pid_t shower;
    bool came;

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return -1;
    }
    shower = showcase_open(ends[0]);
    if (shower < 0) {
        return -1;
    }
    page->doorbell_process = (uint32_t)shower;
    page->doorbell_descriptor = SHOWCASE_DESCRIPTOR;
    came = wait_for_program(page, ends[0]);
    showcase_close(shower);
    close(ends[1]);
    return came ? ends[0] : -1;
}

/* ---- serving ---- */

static int64_t nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_posted(uint32_t turn)
{
    return (turn & 3) == HOST_POSTED;
}

static bool is_posted_soon(const struct host_page *page)
{
    const int64_t end = nanoseconds() + WATCH_NANOSECONDS;

    do {
        if (is_posted(__atomic_load_n(&page->turn, __ATOMIC_ACQUIRE))) {
            return true;
        }
#if defined(__i386__) || defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    } while (nanoseconds() < end);
    return false;
}

/* Sleeps until the doorbell rings; false when the program has ended. */
static bool sleep_until_rung(struct host_page *page, int doorbell)
{
    struct pollfd ring = {.fd = doorbell, .events = POLLIN};
    char rings[64];

    __atomic_store_n(&page->asleep, 1, __ATOMIC_SEQ_CST);
    if (is_posted(__atomic_load_n(&page->turn, __ATOMIC_SEQ_CST))) {
        return true;
    }
    while (poll(&ring, 1, -1) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return read(doorbell, rings, sizeof(rings)) != 0;
}

static void answer(struct host_page *page, uint32_t turn)
{
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
}

static void serve(struct host_page *page, int doorbell)
{
    for (;;) {
        uint32_t turn = __atomic_load_n(&page->turn, __ATOMIC_ACQUIRE);

        if (!is_posted(turn)) {
            if (!is_posted_soon(page) && !sleep_until_rung(page, doorbell)) {
                return;
            }
        } else if (__atomic_compare_exchange_n(&page->turn, &turn, host_turn(turn >> 2, HOST_TAKEN),
                                               false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
            answer(page, turn);
        }
    }
}

int session_serve(int page_file)
{
    struct host_page *page = map_page(page_file);
    int doorbell;

    if (!page) {
        return complain("standard input is no page that settcpentry's DLL has made");
    }
    if (page->magic != HOST_MAGIC) {
        errno = EINVAL;
        return complain("standard input is no page that settcpentry's DLL has made");
    }
    if (page->version != HOST_VERSION) {
        page->version = HOST_VERSION;
        __atomic_store_n(&page->state, HOST_REFUSED, __ATOMIC_RELEASE);
        errno = EPROTO;
        return complain("the DLL is of another version");
    }
    __atomic_store_n(&page->process, (uint32_t)getpid(), __ATOMIC_RELEASE);
    remove_page_name(page_file);
    errno = diag_open();
    doorbell = errno == 0 ? meet_program(page) : -1;
    if (doorbell < 0) {
        __atomic_store_n(&page->state, HOST_REFUSED, __ATOMIC_RELEASE);
        return complain("cannot meet the program");
    }
    serve(page, doorbell);
    return 0;
}

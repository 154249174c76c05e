/* SPDX-License-Identifier: MIT */
/*
 * Both sides of the protocol at once, with real threads, under ThreadSanitizer: the DLL's session, asked by many
 * threads, some of which end within a call; and a helper in a thread (helper_thread.c), which ends now and then.
 */
#include "helper_thread.h"
#include "host_session.h"
#include "os.h"
#include "testing.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum
{
    THREADS = 8,
    CALLS = 4000,
    MORTALS = 4 * HOST_SLOTS, /* threads that end within a call: more than there are slots */
    PAGES_AT_MOST = 1000,
};

static struct host_page *pages[PAGES_AT_MOST];
static unsigned page_count;

/* ---- os.h ---- */

static _Thread_local DWORD thread_number;
static _Thread_local bool is_mortal;
static bool has_ended[1 + THREADS + MORTALS];

DWORD os_thread(void)
{
    return thread_number;
}

DWORD os_thread_mark(void)
{
    return 1;
}

bool os_thread_has_ended(DWORD thread, DWORD mark)
{
    (void)mark;
    return __atomic_load_n(&has_ended[thread], __ATOMIC_ACQUIRE);
}

DWORD os_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (DWORD)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

void os_sleep(DWORD milliseconds)
{
    if (is_mortal) {
        __atomic_store_n(&has_ended[thread_number], true, __ATOMIC_RELEASE);
        pthread_exit(NULL);
    }
    if (milliseconds == 0) {
        sched_yield();
    } else {
        usleep(milliseconds * 1000);
    }
}

DWORD os_unlikely_number(void)
{
    return 0x1234;
}

bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    (void)name;
    (void)chars;
    value_out[0] = 0;
    return false;
}

bool os_path_exists(const WCHAR *path)
{
    (void)path;
    return true;
}

DWORD os_create_page(const WCHAR *path, enum os_access access, DWORD bytes, HANDLE *file_out,
                     void **page_out)
{
    (void)path;
    (void)access;
    assert_true(page_count < PAGES_AT_MOST);
    pages[page_count] = aligned_alloc(_Alignof(struct host_page), bytes);
    assert_non_null(pages[page_count]);
    memset(pages[page_count], 0, bytes);
    *file_out = pages[page_count];
    *page_out = pages[page_count++];
    return NO_ERROR;
}

/* The helper may still look at it. */
void os_unmap_page(void *page)
{
    (void)page;
}

void os_close(HANDLE handle)
{
    (void)handle;
}

DWORD os_start_program(const WCHAR *path, WCHAR *command_line)
{
    (void)path;
    (void)command_line;
    helper_thread_serve(pages[page_count - 1]);
    return NO_ERROR;
}

DWORD os_write_at(HANDLE file, DWORD offset, const void *bytes, DWORD length)
{
    (void)file;
    (void)offset;
    (void)bytes;
    (void)length;
    helper_thread_ring();
    return NO_ERROR;
}

DWORD os_read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    (void)path;
    (void)text_out;
    (void)room;
    (void)length_out;
    return ERROR_FILE_NOT_FOUND;
}

DWORD os_each_name(const WCHAR *folder, os_take_name_func take, void *taker)
{
    (void)folder;
    (void)take;
    (void)taker;
    return ERROR_FILE_NOT_FOUND;
}

DWORD os_read_parts(const WCHAR *path, os_take_func take, void *taker)
{
    static const char sockets[] = "sk Inode\n0 4711\n";

    (void)path;
    take(taker, sockets, sizeof(sockets) - 1);
    return NO_ERROR;
}

/* ---- the program ---- */

static unsigned unlucky; /* calls of which two helpers died, one after the other */

static bool is_answered_rightly(enum answer_kind kind, uint16_t port)
{
    if (kind == ANSWER_HELPER_DIED) {
        __atomic_fetch_add(&unlucky, 1, __ATOMIC_RELAXED);
        return true;
    }
    return kind == helper_thread_answer_to(port);
}

/* Every third call is left, as if the caller may not. */
static void call(uint16_t port)
{
    const struct connection connection = {.remote = {.port = port}, .family = CONNECTION_IPV4};
    const int begun = host_session_begin(&connection);

    if (port / 3 % 3 == 0) {
        host_session_leave(begun);
    } else {
        assert_true(is_answered_rightly(host_session_ask(&connection, begun).kind, port));
    }
}

static void *call_often(void *number)
{
    unsigned random;

    thread_number = (DWORD)(ULONG_PTR)number;
    random = thread_number;
    for (int i = 0; i < CALLS; i++) {
        random = random * 1664525 + 1013904223;
        call((uint16_t)(random >> 16));
    }
    return NULL;
}

/* Where it first gives way to others: with a slot, with the lock, or before it has either. */
static void *call_and_end_within(void *number)
{
    thread_number = (DWORD)(ULONG_PTR)number;
    is_mortal = true;
    for (int i = 0; i < CALLS; i++) {
        call(1);
    }
    __atomic_store_n(&has_ended[thread_number], true, __ATOMIC_RELEASE);
    return NULL;
}

static void start(pthread_t *thread_out, void *(*act)(void *), ULONG_PTR number)
{
    assert_int_equal(pthread_create(thread_out, NULL, act, (void *)number), 0);
}

static void every_thread_gets_the_answers_to_its_own_requests(void **state)
{
    pthread_t threads[THREADS];
    pthread_t mortal;

    (void)state;
    for (ULONG_PTR i = 0; i < THREADS; i++) {
        start(&threads[i], call_often, 1 + i);
    }
    for (ULONG_PTR i = 0; i < MORTALS; i++) {
        start(&mortal, call_and_end_within, 1 + THREADS + i);
        pthread_join(mortal, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    print_message("%u helpers were started, and %u calls had two that died\n", page_count, unlucky);
    assert_true(page_count > 1);
    assert_true(unlucky < page_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_thread_gets_the_answers_to_its_own_requests),
    };
    int failed;

    helper_thread_begin();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    helper_thread_end();
    for (unsigned i = 0; i < page_count; i++) {
        free(pages[i]);
    }
    return failed;
}

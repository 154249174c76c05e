/* SPDX-License-Identifier: MIT */
#include "host_link.h"

#include "backoff.h"
#include "linux_list.h"
#include "linux_proc.h"
#include "os.h"

#include "../common/host_folders.h"

#ifndef SETTCPENTRY_HOST_PATH
#error "the build says where settcpentry-host is installed"
#endif

enum
{
    PAGE_NAMES_TO_TRY = 16,
    NAPS_BETWEEN_SEARCHES = 64,
    MISSES = 2, /* a process is without a command line for a moment, just when it begins */
};

/* Begins to watch the helper, once it has said which process it is.  One in another process
 * namespace cannot be watched: its number means nothing here, or somebody else. */
static void watch_helper(struct host_link *link)
{
    if (link->is_watched) {
        return;
    }
    link->process = __atomic_load_n(&link->page->process, __ATOMIC_ACQUIRE);
    link->is_watched = link->process != 0 && linux_proc_look(link->process, &link->helper) &&
                       link->helper.lives && (link->helper.is_helper || !link->is_outside);
}

bool host_link_is_dead(const struct host_link *link)
{
    struct linux_process now;

    return __atomic_load_n(&link->page->state, __ATOMIC_ACQUIRE) == HOST_ENDED ||
           (link->is_watched && (!linux_proc_look(link->process, &now) || !now.lives ||
                                 now.start_time != link->helper.start_time));
}

/* What could not be done for this reason.  The system's code is handed on, but for those by which
 * callers would be told something else: that they may not, or that there is no helper. */
static struct answer system_failure(DWORD error, enum answer_kind instead)
{
    switch (error) {
    case NO_ERROR:
        return answer_of(ANSWER_NONE);
    case ERROR_FILE_NOT_FOUND:
    case ERROR_ACCESS_DENIED:
    case ERROR_BAD_EXE_FORMAT:
    case ERROR_INVALID_HANDLE: /* so Wine says of a folder */
        return answer_of(instead);
    default:
        return (struct answer){ANSWER_HELPER_UNREACHABLE, error};
    }
}

struct answer host_link_ring(const struct host_link *link)
{
    return system_failure(os_write_at(link->page_file, HOST_BELL_OFFSET, "", 1),
                          ANSWER_HELPER_DIED);
}

/* ---- meeting ---- */

/* In this folder, under a name that nobody has. */
static DWORD create_page(struct host_link *link, const struct linux_path *folder,
                         enum os_access access, struct linux_path *path_out)
{
    void *page;
    DWORD error = ERROR_PATH_NOT_FOUND;

    for (unsigned i = 0; i < PAGE_NAMES_TO_TRY && error != NO_ERROR; i++) {
        *path_out = *folder;
        if (!linux_path_add(path_out, L"/" WIDE(HOST_PAGE_PREFIX)) ||
            !linux_path_add_number(path_out, os_unlikely_number(), 16)) {
            return ERROR_FILENAME_EXCED_RANGE;
        }
        error = os_create_page(path_out->text, access, HOST_PAGE_BYTES, &link->page_file, &page);
    }
    if (error == NO_ERROR) {
        link->page = page;
        link->page->version = HOST_VERSION;
        __atomic_store_n(&link->page->magic, HOST_MAGIC, __ATOMIC_RELEASE);
    }
    return error;
}

static uint32_t state_of(const struct host_link *link)
{
    return __atomic_load_n(&link->page->state, __ATOMIC_ACQUIRE);
}

/* What it has said. */
static struct answer reply(const struct host_link *link)
{
    switch (state_of(link)) {
    case HOST_READY:
        return answer_of(ANSWER_NONE);
    case HOST_REFUSED:
        return answer_of(link->page->version == HOST_VERSION ? ANSWER_NONSENSE
                                                             : ANSWER_OTHER_VERSION);
    case HOST_BUSY:
        return answer_of(ANSWER_HELPER_BUSY);
    case HOST_FAILED:
        return answer_of(ANSWER_NO_RESOURCES);
    case HOST_ENDED:
        return answer_of(ANSWER_HELPER_DIED);
    default:
        return answer_of(ANSWER_NONSENSE);
    }
}

/* A nap, longer each time; ANSWER_NONE unless the call or the helper has come to its end. */
static struct answer nap(const struct host_link *link, struct backoff *backoff, DWORD start)
{
    if (backoff_is_over(start, HOST_CALL_LIMIT_MS)) {
        return answer_of(ANSWER_NO_ANSWER);
    }
    if (backoff_is_time_to_look(backoff) && host_link_is_dead(link)) {
        return answer_of(ANSWER_HELPER_DIED);
    }
    backoff_wait(backoff);
    return answer_of(ANSWER_NONE);
}

/* Is the helper's netlink socket among those of the network in which Wine's sockets are? */
static enum linux_listed compare_networks(const struct host_link *link)
{
    const DWORD inode = link->page->network_socket;

    return linux_list_look(L"/proc/net/netlink", linux_network_line_has, &inode);
}

/* ---- a helper that runs outside ---- */

static struct answer wait_for_outside(struct host_link *link, DWORD patience, DWORD start)
{
    const DWORD began = os_milliseconds();
    struct backoff backoff = BACKOFF_LONG;

    while (state_of(link) == HOST_STARTING) {
        struct answer failure;

        watch_helper(link);
        failure = backoff_is_over(began, patience) ? answer_of(ANSWER_NO_ANSWER)
                                                   : nap(link, &backoff, start);
        if (failure.kind != ANSWER_NONE) {
            return failure;
        }
    }
    return reply(link);
}

/* ANSWER_NO_HELPER: it does not react. */
static struct answer meet_in(struct host_link *link, const struct linux_path *folder,
                             DWORD patience, DWORD start)
{
    struct linux_path page;
    struct answer failure;

    if (create_page(link, folder, OS_USER, &page) != NO_ERROR) {
        return answer_of(ANSWER_NO_HELPER);
    }
    link->is_outside = true;
    failure = host_link_ring(link);
    if (failure.kind == ANSWER_NONE) {
        failure = wait_for_outside(link, patience, start);
    }
    if (failure.kind == ANSWER_NONE && compare_networks(link) != LINUX_LISTED) {
        return answer_of(ANSWER_OTHER_NETWORK);
    }
    if (failure.kind == ANSWER_NO_ANSWER || failure.kind == ANSWER_HELPER_BUSY ||
        failure.kind == ANSWER_HELPER_DIED) {
        return answer_of(ANSWER_NO_HELPER);
    }
    return failure;
}

struct answer host_link_meet_outside(struct host_link *link, DWORD start, struct answer *else_out)
{
    struct answer answer = answer_of(ANSWER_NO_HELPER);
    DWORD patience = HOST_MEET_LIMIT_MS;
    struct host_folder folder;
    unsigned next = 0;

    *else_out = answer;
    while (host_folders_next(&next, os_environment, &folder)) {
        struct answer failure;

        if (!host_folders_is_served(&folder, os_read_file)) {
            continue;
        }
        failure = meet_in(link, &folder.path, patience, start);
        if (failure.kind == ANSWER_NONE) {
            return failure;
        }
        host_link_close(link);
        patience = HOST_MEET_AGAIN_LIMIT_MS;
        if (failure.kind == ANSWER_OTHER_NETWORK && !folder.is_named) {
            *else_out = failure;
        } else if (failure.kind != ANSWER_NO_HELPER) {
            answer = failure;
        }
    }
    return answer;
}

/* ---- one of our own ---- */

static bool is_there(const WCHAR *absolute, struct linux_path *path_out)
{
    return linux_path_begin(path_out, absolute) && os_path_exists(path_out->text);
}

static bool find_helper(struct linux_path *path_out)
{
#define PLACE(path) WIDE(path),
    static const WCHAR *const places[] = {HOST_PATHS(PLACE)};
    WCHAR override[LINUX_PATH_CHARS];
    bool found = false;

    if (os_environment(WIDE(HOST_PATH_VARIABLE), override, LINUX_PATH_CHARS)) {
        return is_there(override, path_out);
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !found; i++) {
        found = is_there(places[i], path_out);
    }
    return found;
}

/* In memory if there is such a file system. */
static DWORD create_page_somewhere(struct host_link *link, struct linux_path *path_out)
{
    static const WCHAR *const folders[] = {L"/dev/shm", L"/tmp"};
    struct linux_path folder;
    DWORD error = ERROR_PATH_NOT_FOUND;

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && error != NO_ERROR; i++) {
        linux_path_begin(&folder, folders[i]);
        error = create_page(link, &folder, OS_NOBODY, path_out);
    }
    return error;
}

static DWORD start_helper(const struct linux_path *helper, const struct linux_path *page)
{
    static const WCHAR before_page[] = L"settcpentry-host --page ";
    const size_t length = sizeof(before_page) / sizeof(before_page[0]) - 1;
    WCHAR command_line[sizeof(before_page) / sizeof(before_page[0]) + LINUX_PATH_CHARS];

    __builtin_memcpy(command_line, before_page, sizeof(before_page));
    linux_path_for_linux(page, command_line + length);
    return os_start_program(helper->text, command_line);
}

/* One that says nothing is looked for by its page.  If it is at work it is waited for as long as the
 * call may take: on a busy machine it needs its time. */
static struct answer wait_for_started(struct host_link *link, const struct linux_path *page,
                                      DWORD start)
{
    const DWORD began = os_milliseconds();
    struct backoff backoff = BACKOFF_LONG;
    enum linux_proc_seen seen = LINUX_PROC_UNKNOWN;
    WCHAR argument[LINUX_PATH_CHARS];
    unsigned misses = 0;

    linux_path_for_linux(page, argument);
    while (state_of(link) == HOST_STARTING) {
        const bool is_late = backoff_is_over(began, HOST_START_LIMIT_MS);
        struct answer failure;

        watch_helper(link);
        if (backoff.naps % NAPS_BETWEEN_SEARCHES == 0 || (is_late && seen == LINUX_PROC_UNKNOWN)) {
            seen = linux_proc_seek(argument);
            misses = seen == LINUX_PROC_ABSENT ? misses + 1 : 0;
        }
        if (misses == MISSES) {
            return answer_of(ANSWER_HELPER_DIED);
        }
        /* One that was missed once is looked for again, however long that takes. */
        failure = is_late && misses == 0 && seen != LINUX_PROC_AT_WORK ? answer_of(ANSWER_NO_ANSWER)
                                                                       : nap(link, &backoff, start);
        if (failure.kind != ANSWER_NONE) {
            return failure;
        }
    }
    return reply(link);
}

struct answer host_link_start(struct host_link *link, DWORD start)
{
    struct linux_path helper;
    struct linux_path page;
    struct answer failure;

    if (!find_helper(&helper)) {
        return answer_of(ANSWER_NO_HELPER);
    }
    failure = system_failure(create_page_somewhere(link, &page), ANSWER_NO_PAGE);
    if (failure.kind == ANSWER_NONE) {
        failure = system_failure(start_helper(&helper, &page), ANSWER_HELPER_NOT_PROGRAM);
    }
    if (failure.kind == ANSWER_NONE) {
        failure = wait_for_started(link, &page, start);
    }
    if (failure.kind == ANSWER_NONE && compare_networks(link) == LINUX_NOT_LISTED) {
        failure = answer_of(ANSWER_OTHER_NETWORK);
    }
    return failure;
}

struct answer host_link_join(struct host_link *link)
{
    watch_helper(link);
    return host_link_ring(link);
}

void host_link_close(struct host_link *link)
{
    /* Who is ended in between leaves them open rather than closed twice. */
    struct host_page *const page = link->page;
    const HANDLE page_file = link->page_file;

    link->page = NULL;
    link->page_file = NULL;
    if (page) {
        os_unmap_page(page);
        os_close(page_file);
    }
    link->is_watched = false;
    link->is_outside = false;
}

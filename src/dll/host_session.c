/* SPDX-License-Identifier: MIT */
#include "host_session.h"

#include "linux_path.h"
#include "linux_process.h"
#include "os.h"

#ifndef SETTCPENTRY_HOST_PATH
#error "the build says where settcpentry-host is installed"
#endif
#define WIDE_(text) L##text
#define WIDE(text) WIDE_(text)

enum
{
    SPINS = 4000,   /* some 100 microseconds; a helper that is awake needs a tenth of that */
    YIELDS = 1000,  /* some milliseconds, enough to wake it, if nobody else wants the processor; */
    YIELDS_MS = 20, /* if many do, each takes long, and sleeping gets it back sooner */
    NAPS_BETWEEN_LOOKS = 8,
    PAGE_NAMES_TO_TRY = 16,
    NETWORK_CHARS = 1 << 18, /* some 2,500 sockets */
};

/* The helper of this process.  Whoever holds the lock owns the rest. */
static struct
{
    bool locked;
    struct host_page *page; /* NULL: no helper */
    HANDLE page_file;
    uint32_t last_id;
    bool is_outside; /* it was there before */
    bool is_watched; /* else Linux does not tell us whether the helper lives */
    uint32_t process;
    struct linux_process helper; /* as it was at first */
} session;

static bool is_over(DWORD start, DWORD limit)
{
    return os_milliseconds() - start >= limit;
}

static bool lock(DWORD start)
{
    for (int tries = 0; __atomic_exchange_n(&session.locked, true, __ATOMIC_ACQUIRE); tries++) {
        if (is_over(start, HOST_CALL_LIMIT_MS)) {
            return false;
        }
        os_sleep(tries < YIELDS ? 0 : 1);
    }
    return true;
}

static void unlock(void)
{
    __atomic_store_n(&session.locked, false, __ATOMIC_RELEASE);
}

static bool look_at_helper(struct linux_process *helper_out)
{
    struct linux_path path;
    char text[512];
    DWORD length;

    return linux_path_begin(&path, L"/proc/") &&
           linux_path_add_number(&path, session.process, 10) && linux_path_add(&path, L"/stat") &&
           os_read_file(path.text, text, sizeof(text), &length) == NO_ERROR &&
           linux_process_read(text, length, helper_out);
}

/* Begins to watch the helper, once it has said which process it is.  One in another process
 * namespace cannot be watched: its number means nothing here, or somebody else. */
static void watch_helper(void)
{
    session.process = __atomic_load_n(&session.page->process, __ATOMIC_ACQUIRE);
    session.is_watched = session.process != 0 && look_at_helper(&session.helper) &&
                         session.helper.lives && (session.helper.is_helper || !session.is_outside);
}

static bool helper_is_dead(void)
{
    struct linux_process now;

    return __atomic_load_n(&session.page->state, __ATOMIC_ACQUIRE) == HOST_ENDED ||
           (session.is_watched &&
            (!look_at_helper(&now) || !now.lives || now.start_time != session.helper.start_time));
}

struct patience
{
    unsigned spins;
    unsigned yields;
    unsigned naps;
    DWORD first_yield; /* os_milliseconds */
};

static bool may_yield(struct patience *patience)
{
    if (patience->yields++ == 0) {
        patience->first_yield = os_milliseconds();
    }
    return patience->yields < YIELDS && os_milliseconds() - patience->first_yield < YIELDS_MS;
}

/* Waits a little, and longer each time. */
static void wait_a_little(struct patience *patience)
{
    if (patience->spins < SPINS) {
        patience->spins++;
#if defined(__i386__) || defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    } else if (patience->naps == 0 && may_yield(patience)) {
        os_sleep(0);
    } else {
        patience->naps++;
        os_sleep(1);
    }
}

static bool is_time_to_look(const struct patience *patience)
{
    return patience->naps % NAPS_BETWEEN_LOOKS == 1;
}

static DWORD ring(void)
{
    return os_write_at(session.page_file, HOST_BELL_OFFSET, "", 1);
}

/* ---- meeting ---- */

static DWORD create_page(const struct linux_path *prefix)
{
    struct linux_path path;
    void *page;
    DWORD error = ERROR_PATH_NOT_FOUND;

    for (unsigned i = 0; i < PAGE_NAMES_TO_TRY && error != NO_ERROR; i++) {
        path = *prefix;
        if (!linux_path_add_number(&path, os_unlikely_number(), 16)) {
            return ERROR_FILENAME_EXCED_RANGE;
        }
        error = os_create_page(path.text, HOST_PAGE_BYTES, &session.page_file, &page);
    }
    if (error == NO_ERROR) {
        session.page = page;
        session.page->version = HOST_VERSION;
        __atomic_store_n(&session.page->magic, HOST_MAGIC, __ATOMIC_RELEASE);
    }
    return error;
}

static DWORD refusal(void)
{
    return session.page->version == HOST_VERSION ? ERROR_INVALID_DATA : ERROR_REVISION_MISMATCH;
}

static DWORD wait_until_ready(DWORD start, DWORD limit)
{
    struct patience patience = {.spins = SPINS, .naps = 1}; /* it needs some milliseconds */

    for (;;) {
        switch (__atomic_load_n(&session.page->state, __ATOMIC_ACQUIRE)) {
        case HOST_STARTING:
            break;
        case HOST_READY:
            return NO_ERROR;
        case HOST_REFUSED:
            return refusal();
        case HOST_BUSY:
            return ERROR_BUSY;
        case HOST_FAILED:
            return ERROR_NO_SYSTEM_RESOURCES;
        case HOST_ENDED:
            return ERROR_BROKEN_PIPE;
        default:
            return ERROR_INVALID_DATA;
        }
        if (is_over(start, limit)) {
            return ERROR_TIMEOUT;
        }
        if (!session.is_watched) {
            watch_helper();
        } else if (is_time_to_look(&patience) && helper_is_dead()) {
            return ERROR_BROKEN_PIPE;
        }
        wait_a_little(&patience);
    }
}

enum network
{
    NETWORK_UNKNOWN,
    NETWORK_SAME,
    NETWORK_OTHER,
};

/* Wine's sockets are its server's, who also opens files for us: so this is the network that
 * counts, whichever we are in ourselves. */
static enum network compare_networks(void)
{
    struct linux_path path;
    char *text = os_allocate(NETWORK_CHARS);
    enum network network = NETWORK_UNKNOWN;
    DWORD length;

    if (text && linux_path_begin(&path, L"/proc/net/netlink") &&
        os_read_file(path.text, text, NETWORK_CHARS, &length) == NO_ERROR) {
        network = linux_network_has(text, length, session.page->network_socket) ? NETWORK_SAME
                  : length < NETWORK_CHARS                                      ? NETWORK_OTHER
                                                                                : NETWORK_UNKNOWN;
    }
    os_free(text);
    return network;
}

/* ---- a helper that runs outside ---- */

/* SETTCPENTRY_DIR, a Linux path in the environment, or else XDG_RUNTIME_DIR's subfolder. */
static bool find_folder(struct linux_path *path_out)
{
    WCHAR folder[LINUX_PATH_CHARS];

    if (os_environment(L"SETTCPENTRY_DIR", folder, LINUX_PATH_CHARS)) {
        return linux_path_begin(path_out, folder);
    }
    return os_environment(L"XDG_RUNTIME_DIR", folder, LINUX_PATH_CHARS) &&
           linux_path_begin(path_out, folder) &&
           linux_path_add(path_out, L"/" WIDE(HOST_FOLDER_NAME));
}

static bool is_served(const struct linux_path *folder)
{
    struct linux_path serving = *folder;

    return linux_path_add(&serving, L"/" WIDE(HOST_SERVING_NAME)) && os_path_exists(serving.text);
}

/* ERROR_FILE_NOT_FOUND: there is none, or it does not react. */
static DWORD meet_outside(void)
{
    struct linux_path path;
    DWORD error;

    if (!find_folder(&path) || !is_served(&path) ||
        !linux_path_add(&path, L"/" WIDE(HOST_PAGE_PREFIX)) || create_page(&path) != NO_ERROR) {
        return ERROR_FILE_NOT_FOUND;
    }
    session.is_outside = true;
    error = ring();
    if (error == NO_ERROR) {
        error = wait_until_ready(os_milliseconds(), HOST_MEET_LIMIT_MS);
    }
    if (error == NO_ERROR && compare_networks() != NETWORK_SAME) {
        error = ERROR_NETWORK_UNREACHABLE;
    }
    if (error == ERROR_TIMEOUT || error == ERROR_BUSY || error == ERROR_BROKEN_PIPE) {
        host_session_end();
        return ERROR_FILE_NOT_FOUND;
    }
    return error;
}

/* ---- one of our own ---- */

/* SETTCPENTRY_HOST, a Linux path in the environment, overrides the one that was built in. */
static bool find_helper(struct linux_path *path_out)
{
    WCHAR override[LINUX_PATH_CHARS];

    return linux_path_begin(path_out,
                            os_environment(L"SETTCPENTRY_HOST", override, LINUX_PATH_CHARS)
                                ? override
                                : WIDE(SETTCPENTRY_HOST_PATH)) &&
           os_path_exists(path_out->text);
}

/* In memory if there is such a file system. */
static DWORD create_page_somewhere(void)
{
    static const WCHAR *const prefixes[] = {L"/dev/shm/settcpentry-", L"/tmp/settcpentry-"};
    struct linux_path prefix;
    DWORD error = ERROR_PATH_NOT_FOUND;

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]) && error != NO_ERROR; i++) {
        linux_path_begin(&prefix, prefixes[i]);
        error = create_page(&prefix);
    }
    return error;
}

/* ERROR_FILE_NOT_FOUND is kept for a helper that is not there, and ERROR_ACCESS_DENIED for callers
 * who may not. */
static DWORD distinct(DWORD error, DWORD instead_of_access_denied)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
        return ERROR_BROKEN_PIPE;
    case ERROR_ACCESS_DENIED:
    case ERROR_INVALID_HANDLE: /* so Wine says of a folder */
        return instead_of_access_denied;
    default:
        return error;
    }
}

static DWORD start_own(DWORD start)
{
    struct linux_path helper;
    DWORD error;

    if (!find_helper(&helper)) {
        return ERROR_FILE_NOT_FOUND;
    }
    error = distinct(create_page_somewhere(), ERROR_CANNOT_MAKE);
    if (error == NO_ERROR) {
        error = distinct(os_start_program(helper.text, session.page_file), ERROR_BAD_EXE_FORMAT);
    }
    if (error == NO_ERROR) {
        error = wait_until_ready(start, HOST_CALL_LIMIT_MS);
    }
    if (error == NO_ERROR && compare_networks() == NETWORK_OTHER) {
        error = ERROR_NETWORK_UNREACHABLE;
    }
    return error;
}

static DWORD begin(DWORD start)
{
    DWORD error = meet_outside();

    if (error == ERROR_FILE_NOT_FOUND) {
        error = start_own(start);
    }
    if (error == NO_ERROR && !session.is_watched) {
        watch_helper();
    }
    return error == NO_ERROR ? distinct(ring(), ERROR_BROKEN_PIPE) : error;
}

void host_session_end(void)
{
    if (session.page) {
        os_unmap_page(session.page);
        session.page = NULL;
        os_close(session.page_file);
        session.page_file = NULL;
    }
    session.is_watched = false;
    session.is_outside = false;
}

/* ---- one request ---- */

static DWORD post(struct host_request *request)
{
    struct host_page *page = session.page;

    session.last_id = (session.last_id + 1) & (UINT32_MAX >> 2);
    request->version = HOST_VERSION;
    request->id = session.last_id;
    page->request = *request;
    __atomic_store_n(&page->turn, host_turn(request->id, HOST_POSTED), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&page->asleep, __ATOMIC_SEQ_CST) != 0) {
        __atomic_store_n(&page->asleep, 0, __ATOMIC_SEQ_CST);
        return ring();
    }
    return NO_ERROR;
}

static DWORD wait_for_answer(uint32_t id, DWORD start)
{
    struct patience patience = {0};

    for (;;) {
        const uint32_t turn = __atomic_load_n(&session.page->turn, __ATOMIC_ACQUIRE);

        if (turn == host_turn(id, HOST_ANSWERED)) {
            return NO_ERROR;
        }
        if (turn != host_turn(id, HOST_POSTED) && turn != host_turn(id, HOST_TAKEN)) {
            return ERROR_INVALID_DATA;
        }
        if (is_time_to_look(&patience)) {
            if (is_over(start, HOST_CALL_LIMIT_MS)) {
                return ERROR_TIMEOUT;
            }
            if (helper_is_dead()) {
                return ERROR_BROKEN_PIPE;
            }
        }
        wait_a_little(&patience);
    }
}

/* How far the request had come when it was given up; one that was only posted will not be acted
 * upon any more. */
static enum host_step give_up(uint32_t id)
{
    uint32_t turn = host_turn(id, HOST_POSTED);

    if (__atomic_compare_exchange_n(&session.page->turn, &turn, host_turn(id, HOST_CANCELLED),
                                    false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) {
        return HOST_CANCELLED;
    }
    return turn == host_turn(id, HOST_ANSWERED) ? HOST_ANSWERED : HOST_TAKEN;
}

static DWORD read_answer(uint32_t id, enum host_verdict *verdict_out)
{
    /* Read once: the helper could change it between a check and a use. */
    const struct host_answer answer = *(volatile const struct host_answer *)&session.page->answer;

    if (answer.version != HOST_VERSION || answer.id != id || answer.verdict > VERDICT_FAILED) {
        return ERROR_INVALID_DATA;
    }
    *verdict_out = (enum host_verdict)answer.verdict;
    return NO_ERROR;
}

static DWORD exchange(struct host_request *request, enum host_verdict *verdict_out, DWORD start,
                      bool *unheard_out)
{
    DWORD error = session.page ? NO_ERROR : begin(start);

    *unheard_out = false;
    if (error != NO_ERROR) {
        return error;
    }
    error = post(request);
    if (error == NO_ERROR) {
        error = wait_for_answer(request->id, start);
    }
    if (error != NO_ERROR) {
        const enum host_step step = give_up(request->id);

        *unheard_out = step == HOST_CANCELLED;
        if (step != HOST_ANSWERED) {
            return error;
        }
    }
    return read_answer(request->id, verdict_out);
}

DWORD host_session_ask(struct host_request *request, enum host_verdict *verdict_out)
{
    const DWORD start = os_milliseconds();
    bool unheard = true;
    DWORD error = ERROR_BROKEN_PIPE;

    if (!lock(start)) {
        return ERROR_TIMEOUT;
    }
    /* A helper that died since the last call has heard nothing of this one: a new one may. */
    for (int tries = 0; tries < 2 && unheard && error == ERROR_BROKEN_PIPE; tries++) {
        error = exchange(request, verdict_out, start, &unheard);
        if (error != NO_ERROR) {
            host_session_end();
        }
    }
    unlock();
    return error;
}

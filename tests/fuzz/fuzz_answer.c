/* SPDX-License-Identifier: MIT */
/*
 * The input is what a helper does while a program waits for it: what it writes on the page, and when, and what
 * Linux says of it meanwhile.  Where the input ends it does nothing any more.
 */
#include "dll/os.h"

#include "dll/backoff.h"
#include "dll/host_session.h"

#include "fuzz.h"

enum
{
    CALLS = 3,
    PROCESS = 815,
    NETWORK_SOCKET = 4711,
    NAME_CHARS = 16,
    WAIT_MS = 100,
    NAPS = 64, /* so that whatever is done now and then is done after each wait */
};

static struct input input;
static struct
{
    bool has_own;
    bool has_outside;
    DWORD create_error;
    DWORD start_error;
    DWORD write_error;
    DWORD milliseconds;
    DWORD call; /* when it began */
    struct host_page *page;
    int files; /* that are open */
} fake;

/* ---- the helper ---- */

static void be_ready(void)
{
    fake.page->process = PROCESS;
    fake.page->network_socket = NETWORK_SOCKET;
    fake.page->state = HOST_READY;
}

/* Of any kind, also such as there are not; it may be another version's, or to another request. */
static void answer(void)
{
    const uint32_t id = host_turn_id(fake.page->slots[0].turn);
    const uint8_t flags = take_byte(&input);

    fake.page->slots[0].answer = (struct host_answer){
        .version = HOST_VERSION + (flags & 1),
        .kind = take_byte(&input),
        .id = flags & 2 ? id - 1 : id,
    };
    fake.page->slots[0].turn = host_turn(id, HOST_ANSWERED);
}

/* Whenever the program waits. */
static void let_helper_run(void)
{
    switch (take_below(&input, 7)) {
    case 1:
        be_ready();
        break;
    case 2:
        answer();
        break;
    case 3:
        write_anywhere(&input, fake.page, HOST_PAGE_BYTES);
        break;
    case 4:
        fake.milliseconds += take_byte(&input) * 20U;
        break;
    case 5:
        fake.page->slots[0].turn = host_turn(host_turn_id(fake.page->slots[0].turn), HOST_TAKEN);
        break;
    case 6:
        fake.page->state = take_byte(&input);
        break;
    default:
        break;
    }
}

/* ---- backoff.h: nobody spins here, and each wait is a long one ---- */

void backoff_wait(struct backoff *backoff)
{
    promise(!backoff_is_over(fake.call, HOST_CALL_LIMIT_MS));
    backoff->naps += NAPS - backoff->naps % NAPS;
    fake.milliseconds += WAIT_MS;
    let_helper_run();
}

bool backoff_is_time_to_look(const struct backoff *backoff)
{
    (void)backoff;
    return true;
}

bool backoff_is_over(DWORD start, DWORD limit)
{
    return fake.milliseconds - start >= limit;
}

/* ---- os.h ---- */

static bool ends_with(const WCHAR *text, const char *end)
{
    const size_t chars = strlen(end);
    size_t length = 0;

    while (text[length]) {
        length++;
    }
    for (size_t i = 0; i < chars && length >= chars; i++) {
        if (text[length - chars + i] != (WCHAR)end[i]) {
            return false;
        }
    }
    return length >= chars;
}

bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    static const WCHAR folder[] = L"/folder";

    promise(chars >= sizeof(folder) / sizeof(folder[0]));
    memcpy(value_out, folder, sizeof(folder));
    return ends_with(name, "SETTCPENTRY_DIR");
}

bool os_path_exists(const WCHAR *path)
{
    (void)path;
    return fake.has_own;
}

DWORD os_create_page(const WCHAR *path, enum os_access access, DWORD bytes, HANDLE *file_out,
                     void **page_out)
{
    (void)path;
    (void)access;
    promise(bytes == HOST_PAGE_BYTES && !fake.page);
    if (fake.create_error != NO_ERROR) {
        return fake.create_error;
    }
    fake.page = aligned_alloc(_Alignof(struct host_page), bytes);
    promise(fake.page != NULL);
    memset(fake.page, 0, bytes);
    fake.files++;
    *file_out = &fake;
    *page_out = fake.page;
    return NO_ERROR;
}

void os_unmap_page(void *page)
{
    promise(page && page == fake.page);
    fake.page = NULL;
    free(page);
}

void os_close(HANDLE handle)
{
    promise(handle == &fake);
    fake.files--;
}

DWORD os_start_program(const WCHAR *path, WCHAR *command_line)
{
    (void)path;
    (void)command_line;
    return fake.start_error;
}

DWORD os_write_at(HANDLE file, DWORD offset, const void *bytes, DWORD length)
{
    (void)bytes;
    promise(file == &fake && offset == HOST_BELL_OFFSET && length == 1);
    return fake.write_error;
}

static DWORD give_text(const char *text, size_t bytes, char *text_out, DWORD room)
{
    const size_t length = bytes < room ? bytes : room;

    memcpy(text_out, text, length);
    return (DWORD)length;
}

/* As it should be, not there, or anything. */
DWORD os_read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    static const char stat[] =
        "815 (settcpentry-hos) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 7 ";
    static const char cmdline[] = "settcpentry-host\0--page\0/dev/shm/settcpentry-1234";
    static const char boot_id[] = "01234567-89ab-cdef-0123-456789abcdef\n";
    size_t bytes;
    size_t kind;
    uint8_t *part;

    if (ends_with(path, "boot_id") || (ends_with(path, "serving") && fake.has_outside)) {
        *length_out = give_text(boot_id, sizeof(boot_id) - 1, text_out, room);
        return NO_ERROR;
    }
    kind = ends_with(path, "serving") ? 1 : take_below(&input, 3);
    if (kind == 0) {
        *length_out = ends_with(path, "cmdline")
                          ? give_text(cmdline, sizeof(cmdline), text_out, room)
                          : give_text(stat, sizeof(stat) - 1, text_out, room);
        return NO_ERROR;
    }
    if (kind == 1) {
        return ERROR_FILE_NOT_FOUND;
    }
    part = take_part(&input, &bytes);
    *length_out = give_text((const char *)part, bytes, text_out, room);
    free(part);
    return NO_ERROR;
}

DWORD os_read_parts(const WCHAR *path, os_take_func take_text, void *taker)
{
    static const char network[] = "sk Inode\n0 4710\n0 4711\n";
    const size_t parts = take_byte(&input);
    bool is_wanted = true;

    (void)path;
    if (parts == 0) {
        is_wanted = take_text(taker, network, sizeof(network) - 1);
    }
    for (size_t i = 0; i < parts && is_wanted; i++) {
        size_t bytes;
        uint8_t *part = take_part(&input, &bytes);

        is_wanted = take_text(taker, (const char *)part, (DWORD)bytes);
        free(part);
    }
    return is_wanted && take_byte(&input) & 1 ? ERROR_ACCESS_DENIED : NO_ERROR;
}

DWORD os_each_name(const WCHAR *folder, os_take_name_func take_name, void *taker)
{
    WCHAR name[NAME_CHARS + 1] = L"815";
    const size_t names = take_byte(&input);

    (void)folder;
    if (names == 0) {
        take_name(taker, name);
    }
    for (size_t i = 0; i < names; i++) {
        take(&input, name, NAME_CHARS * sizeof(name[0]));
        name[NAME_CHARS] = 0;
        take_name(taker, name);
    }
    return take_byte(&input) & 1 ? ERROR_ACCESS_DENIED : NO_ERROR;
}

DWORD os_milliseconds(void)
{
    return fake.milliseconds;
}

void os_sleep(DWORD milliseconds)
{
    (void)milliseconds;
    abort(); /* nobody holds the lock */
}

DWORD os_thread(void)
{
    return 1;
}

DWORD os_thread_mark(void)
{
    return 1;
}

bool os_thread_has_ended(DWORD thread, DWORD mark)
{
    (void)thread;
    (void)mark;
    return false;
}

DWORD os_unlikely_number(void)
{
    return 0x1234;
}

/* ---- from the beginning to the end ---- */

static DWORD any_error(bool is_one)
{
    static const DWORD errors[] = {ERROR_ACCESS_DENIED, ERROR_FILE_NOT_FOUND, ERROR_DISK_FULL};

    return is_one ? errors[take_below(&input, 3)] : NO_ERROR;
}

static void begin(void)
{
    const uint8_t flags = take_byte(&input);

    memset(&fake, 0, sizeof(fake));
    fake.milliseconds = (DWORD)-100; /* so that it wraps around */
    fake.has_own = !(flags & 1);
    fake.has_outside = (flags & 2) != 0;
    fake.create_error = any_error(flags & 4);
    fake.start_error = any_error(flags & 8);
    fake.write_error = any_error(flags & 16);
}

static void ask(void)
{
    static const struct connection connection = {.family = CONNECTION_IPV4};
    const uint8_t flags = take_byte(&input);
    int begun = HOST_SESSION_NOT_BEGUN;
    struct answer answer;

    fake.call = fake.milliseconds;
    if (flags & 1) {
        begun = host_session_begin(&connection);
    }
    if (flags & 2) {
        host_session_leave(begun);
        return;
    }
    answer = host_session_ask(&connection, begun);
    promise(answer.kind > ANSWER_NONE && answer.kind < ANSWERS);
    promise(fake.files == answer_is_helpers(answer.kind) &&
            !fake.page == !answer_is_helpers(answer.kind));
    if (answer_is_helpers(answer.kind)) {
        promise(fake.page->slots[0].turn ==
                host_turn(fake.page->slots[0].answer.id, HOST_ANSWERED));
        promise(fake.page->slots[0].answer.version == HOST_VERSION);
        promise(fake.page->slots[0].answer.kind == answer.kind);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input = (struct input){data, size};
    begin();
    for (int i = 0; i < CALLS; i++) {
        ask();
    }
    host_session_end();
    promise(fake.files == 0 && !fake.page);
    return 0;
}

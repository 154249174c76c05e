/* SPDX-License-Identifier: MIT */
/*
 * How the DLL finds, meets, asks, replaces and gives up its helper, over a system and a helper that
 * do as they are told.  Time is the fake's own: it passes when the DLL sleeps.
 */
#include "host_session.h"

#include "os.h"
#include "testing.h"

#include <string.h>

enum
{
    NETWORK_SOCKET = 4711,
    NOT_LISTED = 4712,
    PROCESS = 815,
    LINUX_ENOBUFS = 105,
    NO_STATE = 77,
};

/* When a helper dies. */
enum death
{
    LIVES,
    DIES_STARTING,  /* before it says anything */
    DIES_MET,       /* once it has been met */
    DIES_TAKING,    /* when it has taken a request */
    DIES_ANSWERING, /* when it has answered one */
};

struct fake_helper
{
    enum host_state state; /* which it says; HOST_STARTING: nothing */
    uint32_t network_socket;
    enum death death;
    bool is_nobody;         /* does not say which process it is */
    bool is_at_work;        /* so Linux says of it */
    bool is_mute;           /* never answers */
    uint32_t page_version;  /* which it says, added to ours */
    uint16_t wrong_version; /* in its answers, added to the right one */
    uint32_t wrong_id;
    uint16_t wrong_kind;
};

static struct host_page pages[1];

static struct
{
    const char *runtime_folder; /* environment variables, "" if not set */
    const char *folder;
    const char *helper_path;
    bool has_own;           /* is there a helper to be started? */
    const char *has_own_at; /* at this path, and at no other; "" wherever it is looked for */
    bool has_outside;
    bool has_at_home; /* another one outside, in the user's home folder */
    struct fake_helper own;
    struct fake_helper outside;
    struct fake_helper at_home;
    DWORD create_error;
    DWORD start_error;
    DWORD write_error;
    DWORD network_error; /* of reading /proc/net/netlink */
    bool is_namesake;    /* its process number is somebody else's, who ends when it does */
    const char *dead;    /* what Linux says of the process then; NULL: nothing */
    bool
        proc_is_hidden; /* other users' processes are not shown, nor what else cannot be attached to */
    DWORD slowness;     /* milliseconds that giving way takes */
    DWORD slowness_of_search;
    DWORD
    impostor_until; /* another user's process has the helper's command line till then; 0: none has */

    DWORD milliseconds;
    struct host_page *page;
    struct fake_helper *helper; /* who serves the page */
    bool is_met;
    bool sleeps; /* the helper, until it is rung */
    bool is_dead;
    int pages_made;
    int pages_open;
    bool looked_in_folder;
    bool looked_for_override;
    DWORD replaced_after; /* then our own dies, and one outside comes that says nothing; 0: never */
    DWORD thread;         /* the one that runs */
    DWORD ended_thread;   /* which was ended in the middle of a call */
    bool ends;            /* the thread, as it waits */
    bool calls_meanwhile; /* another thread calls while this one waits */
    enum answer_kind meanwhile; /* and what came of that */
    int mute_pages;             /* so many of them are never answered */
    int starts;
    int rings;
    char command_line[64]; /* of the helper that was started last */
    DWORD command_line_bytes;
    DWORD command_line_from; /* before that it has none */
} fake;

static const struct fake_helper good = {.state = HOST_READY, .network_socket = NETWORK_SOCKET};

/* ---- the helper ---- */

static void die(void)
{
    fake.is_dead = true;
}

static void take_request(struct host_slot *slot)
{
    const uint32_t id = host_turn_id(slot->turn);

    if (host_turn_step(slot->turn) != HOST_POSTED || fake.helper->is_mute ||
        fake.pages_made <= fake.mute_pages) {
        return;
    }
    slot->turn = host_turn(id, HOST_TAKEN);
    if (fake.helper->death == DIES_TAKING) {
        die();
        return;
    }
    slot->answer = (struct host_answer){
        .version = (uint16_t)(HOST_VERSION + fake.helper->wrong_version),
        .kind = (uint16_t)(ANSWER_NOT_OWNER + fake.helper->wrong_kind),
        .id = id + fake.helper->wrong_id,
        .detail = LINUX_ENOBUFS,
    };
    slot->turn = host_turn(id, HOST_ANSWERED);
    if (fake.helper->death == DIES_ANSWERING) {
        die();
    }
}

static void take_requests(void)
{
    for (uint32_t i = 0; i < fake.page->slots_used && !fake.is_dead; i++) {
        take_request(&fake.page->slots[i]);
    }
}

/* Whenever the DLL lets others run. */
static void let_helper_run(void)
{
    if (!fake.page || !fake.helper || fake.is_dead || fake.sleeps) {
        return;
    }
    if (!fake.is_met) {
        fake.page->process = fake.helper->is_nobody ? 0 : PROCESS;
        fake.page->network_socket = fake.helper->network_socket;
        fake.page->version += fake.helper->page_version;
        fake.page->state = fake.helper->state;
        fake.is_met = fake.helper->state == HOST_READY;
        return;
    }
    if (fake.helper->death == DIES_MET) {
        die();
        return;
    }
    take_requests();
}

/* ---- the system ---- */

static bool is_text(const WCHAR *text, const char *wanted)
{
    for (; *wanted; text++, wanted++) {
        if (*text != (WCHAR)*wanted) {
            return false;
        }
    }
    return *text == 0;
}

static bool has_text(const WCHAR *text, const char *wanted)
{
    for (; *text; text++) {
        size_t i = 0;

        while (wanted[i] && text[i] == (WCHAR)wanted[i]) {
            i++;
        }
        if (!wanted[i]) {
            return true;
        }
    }
    return false;
}

bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    const char *value = is_text(name, "XDG_RUNTIME_DIR")    ? fake.runtime_folder
                        : is_text(name, "SETTCPENTRY_DIR")  ? fake.folder
                        : is_text(name, "SETTCPENTRY_HOST") ? fake.helper_path
                        : is_text(name, "WINEHOMEDIR")      ? "/home/user"
                                                            : "";
    DWORD i = 0;

    for (; value[i]; i++) {
        assert_true(i + 1 < chars);
        value_out[i] = (WCHAR)value[i];
    }
    value_out[i] = 0;
    return i > 0;
}

bool os_path_exists(const WCHAR *path)
{
    fake.looked_for_override = has_text(path, "\\override");
    return fake.has_own && has_text(path, fake.has_own_at);
}

DWORD os_create_page(const WCHAR *path, enum os_access access, DWORD bytes, HANDLE *file_out,
                     void **page_out)
{
    assert_int_equal(bytes, HOST_PAGE_BYTES);
    if (fake.create_error != NO_ERROR) {
        return fake.create_error;
    }
    memset(pages, 0, sizeof(pages));
    fake.page = pages;
    fake.helper = has_text(path, "\\dev\\shm\\")     ? NULL
                  : has_text(path, "\\home\\user\\") ? &fake.at_home
                                                     : &fake.outside;
    assert_int_equal(access, fake.helper ? OS_USER : OS_NOBODY);
    fake.is_met = false;
    fake.is_dead = false;
    fake.pages_made++;
    fake.pages_open++;
    *file_out = &fake;
    *page_out = pages;
    return NO_ERROR;
}

void os_unmap_page(void *page)
{
    assert_ptr_equal(page, fake.page);
    fake.page = NULL;
}

void os_close(HANDLE handle)
{
    assert_ptr_equal(handle, &fake);
    fake.pages_open--;
}

DWORD os_start_program(const WCHAR *path, WCHAR *command_line)
{
    assert_true(has_text(path, fake.has_own_at));
    assert_true(has_text(command_line, "settcpentry-host --page /dev/shm/settcpentry-"));
    fake.starts++;
    fake.helper = &fake.own;
    fake.is_dead = fake.own.death == DIES_STARTING;
    for (fake.command_line_bytes = 0; command_line[fake.command_line_bytes];
         fake.command_line_bytes++) {
        const WCHAR c = command_line[fake.command_line_bytes];

        fake.command_line[fake.command_line_bytes] = (char)(c == ' ' ? 0 : (BYTE)c);
    }
    fake.command_line_bytes++; /* its last NUL */
    return fake.start_error;
}

DWORD os_write_at(HANDLE file, DWORD offset, const void *bytes, DWORD length)
{
    (void)bytes;
    assert_ptr_equal(file, &fake);
    assert_int_equal(offset, HOST_BELL_OFFSET);
    assert_int_equal(length, 1);
    fake.rings++;
    fake.sleeps = false;
    return fake.write_error;
}

static const char *stat_of_helper(void)
{
    if (fake.is_dead) {
        return fake.dead;
    }
    if (fake.is_namesake) {
        return "815 (bash) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 7 ";
    }
    return fake.helper->is_at_work
               ? "815 (settcpentry-hos) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 7 "
               : "815 (settcpentry-hos) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 7 ";
}

static DWORD give(const void *text, size_t length, char *text_out, DWORD room, DWORD *length_out)
{
    assert_true(length < room);
    memcpy(text_out, text, length);
    *length_out = (DWORD)length;
    return NO_ERROR;
}

static bool is_served(const WCHAR *serving)
{
    fake.looked_in_folder = has_text(serving, "\\folder\\serving");
    return has_text(serving, "\\home\\user\\") ? fake.has_at_home : fake.has_outside;
}

static DWORD read_of_process(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    static const char first[] = "1 (init) S 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 0 ";
    const char *text = has_text(path, "\\proc\\1\\stat") ? first : stat_of_helper();

    if (has_text(path, "\\816\\stat")) {
        text = fake.milliseconds < fake.impostor_until
                   ? "816 (settcpentry-hos) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 9 "
                   : NULL;
    }

    if (has_text(path, "\\cmdline")) {
        return give(fake.command_line,
                    fake.milliseconds < fake.command_line_from ? 0 : fake.command_line_bytes,
                    text_out, room, length_out);
    }
    assert_true(text == first || has_text(path, "815\\stat") || has_text(path, "816\\stat"));
    if (!text || (fake.proc_is_hidden && text == first)) {
        return ERROR_FILE_NOT_FOUND;
    }
    return give(text, strlen(text), text_out, room, length_out);
}

DWORD os_read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    static const char boot_id[] = "01234567-89ab-cdef-0123-456789abcdef\n";

    if (has_text(path, "\\boot_id") || (has_text(path, "\\serving") && is_served(path))) {
        return give(boot_id, sizeof(boot_id) - 1, text_out, room, length_out);
    }
    return has_text(path, "\\serving") ? ERROR_FILE_NOT_FOUND
                                       : read_of_process(path, text_out, room, length_out);
}

static void list_impostor(os_take_name_func take, void *taker)
{
    if (fake.milliseconds < fake.impostor_until) {
        take(taker, L"816");
    }
}

/* The helper is among them as long as it lives, and is seen. */
DWORD os_each_name(const WCHAR *folder, os_take_name_func take, void *taker)
{
    assert_true(is_text(folder, "\\\\?\\unix\\proc"));
    fake.milliseconds += fake.slowness_of_search;
    list_impostor(take, taker);
    take(taker, L".");
    take(taker, L"self");
    if (!fake.is_dead && !fake.proc_is_hidden) {
        take(taker, L"815");
    }
    list_impostor(take, taker);
    return NO_ERROR;
}

DWORD os_read_parts(const WCHAR *path, os_take_func take, void *taker)
{
    static const char network[] = "sk Inode\n0 4710\n0 4711\n";

    assert_true(has_text(path, "\\proc\\net\\netlink"));
    if (fake.network_error == NO_ERROR) {
        take(taker, network, sizeof(network) - 1);
    }
    return fake.network_error;
}

DWORD os_thread(void)
{
    return fake.thread;
}

static DWORD mark_of(DWORD thread)
{
    return thread * 10;
}

DWORD os_thread_mark(void)
{
    return mark_of(fake.thread);
}

bool os_thread_has_ended(DWORD thread, DWORD mark)
{
    assert_int_equal(mark, mark_of(thread));
    return thread == fake.ended_thread;
}

DWORD os_milliseconds(void)
{
    return fake.milliseconds;
}

static void call_meanwhile(void)
{
    const struct connection connection = {.family = CONNECTION_IPV4};

    fake.calls_meanwhile = false;
    fake.thread = 2;
    fake.meanwhile = host_session_ask(&connection, HOST_SESSION_NOT_BEGUN).kind;
    fake.thread = 1;
}

static jmp_buf after_its_end;

void os_sleep(DWORD milliseconds)
{
    fake.milliseconds += milliseconds + fake.slowness;
    if (fake.ends) {
        fake.ends = false;
        longjmp(after_its_end, 1);
    }
    if (fake.calls_meanwhile) {
        call_meanwhile();
    }
    if (fake.replaced_after != 0 && fake.milliseconds >= fake.replaced_after) {
        fake.replaced_after = 0;
        fake.has_outside = true;
        fake.outside.state = HOST_STARTING;
        die();
    }
    let_helper_run();
}

DWORD os_unlikely_number(void)
{
    return 0x1234;
}

/* ---- the tests ---- */

static int begin(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    fake.milliseconds = (DWORD)-100; /* so that it wraps around */
    fake.runtime_folder = "/run/user/1";
    fake.folder = "";
    fake.helper_path = "";
    fake.thread = 1;
    fake.has_own = true;
    fake.has_own_at = "";
    fake.own = good;
    fake.outside = good;
    fake.at_home = good;
    return 0;
}

static int end(void **state)
{
    (void)state;
    host_session_end();
    assert_int_equal(fake.pages_open, 0);
    return 0;
}

static struct answer ask_in_time(void)
{
    const DWORD start = fake.milliseconds;
    const struct connection connection = {.family = CONNECTION_IPV4};
    const struct answer answer = host_session_ask(&connection, HOST_SESSION_NOT_BEGUN);

    assert_true(fake.milliseconds - start <= HOST_CALL_LIMIT_MS + 10);
    return answer;
}

static enum answer_kind ask(void)
{
    return ask_in_time().kind;
}

static void meeting_one_outside_counts_towards_the_calls_limit(void **state)
{
    (void)state;
    fake.milliseconds = 0;
    fake.replaced_after = HOST_CALL_LIMIT_MS - HOST_MEET_LIMIT_MS / 2;
    fake.own.is_mute = true;
    assert_int_equal(ask(), ANSWER_NO_ANSWER);
    assert_int_equal(fake.pages_made, 3); /* our own, the one outside, and another own */
}

static void the_helper_is_started_by_the_first_call_only(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(ask(), ANSWER_NOT_OWNER);
    }
    assert_int_equal(fake.starts, 1);
    assert_int_equal(fake.rings, 1); /* to join; it never slept */
}

static void a_helper_that_sleeps_is_rung(void **state)
{
    (void)state;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    fake.page->asleep = 1;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.rings, 2);
    assert_int_equal(fake.page->asleep, 0);
}

static void no_helper_is_said_and_nothing_is_made(void **state)
{
    (void)state;
    fake.has_own = false;
    assert_int_equal(ask(), ANSWER_NO_HELPER);
    assert_int_equal(fake.pages_made, 0);
}

static void it_is_looked_for_where_packages_put_it(void **state)
{
    (void)state;
    fake.has_own_at = "\\opt\\settcpentry\\libexec\\settcpentry-host";
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void one_that_is_named_is_not_replaced_by_another(void **state)
{
    (void)state;
    fake.has_own_at = "\\usr\\libexec\\settcpentry-host";
    fake.helper_path = "/some/override";
    assert_int_equal(ask(), ANSWER_NO_HELPER);
    assert_int_equal(fake.starts, 0);
}

static void environment_variables_name_another_folder_and_another_helper(void **state)
{
    (void)state;
    fake.folder = "/some/folder";
    fake.helper_path = "/some/override";
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_true(fake.looked_in_folder);
    assert_true(fake.looked_for_override);
}

static void paths_that_are_not_absolute_lead_nowhere(void **state)
{
    (void)state;
    fake.has_outside = true;
    fake.folder = "folder";
    fake.helper_path = "override";
    assert_int_equal(ask(), ANSWER_NO_HELPER);
    fake.folder = "";
    fake.runtime_folder = "";
    assert_int_equal(ask(), ANSWER_NO_HELPER);
}

static void a_call_that_comes_while_another_waits_gives_up_in_time(void **state)
{
    (void)state;
    fake.own.is_mute = true;
    fake.calls_meanwhile = true;
    assert_int_equal(ask(), ANSWER_NO_ANSWER);
    assert_int_equal(fake.meanwhile, ANSWER_NO_ANSWER);
    assert_int_equal(fake.starts, 1);
}

/* ---- several at once ---- */

static const struct connection ipv4 = {.family = CONNECTION_IPV4};
static const struct connection ipv6 = {.family = CONNECTION_IPV6};

static int begin_on_thread(DWORD thread)
{
    fake.thread = thread;
    return host_session_begin(&ipv4);
}

static enum answer_kind ask_on_thread(DWORD thread, int begun)
{
    fake.thread = thread;
    return host_session_ask(&ipv4, begun).kind;
}

static void before_there_is_a_helper_nothing_begins(void **state)
{
    (void)state;
    assert_int_equal(host_session_begin(&ipv4), HOST_SESSION_NOT_BEGUN);
    host_session_leave(HOST_SESSION_NOT_BEGUN);
    assert_int_equal(fake.pages_made, 0);
}

static void what_has_begun_is_announced_and_posted_when_it_is_asked(void **state)
{
    const struct host_slot *slot;
    uint32_t turn;
    int begun;

    (void)state;
    ask();
    begun = host_session_begin(&ipv6);
    slot = &fake.page->slots[begun];
    turn = slot->turn;
    assert_int_equal(host_turn_step(turn), HOST_ANNOUNCED);
    assert_int_equal(slot->request.id, host_turn_id(turn));
    assert_memory_equal(&slot->request.connection, &ipv6, sizeof(ipv6));
    let_helper_run();
    assert_int_equal(slot->turn, turn);
    assert_int_equal(host_session_ask(&ipv6, begun).kind, ANSWER_NOT_OWNER);
    assert_int_equal(slot->turn, host_turn(host_turn_id(turn), HOST_ANSWERED));
}

static void what_was_left_is_cancelled_and_its_slot_is_free(void **state)
{
    int begun;

    (void)state;
    ask();
    begun = host_session_begin(&ipv4);
    host_session_leave(begun);
    assert_int_equal(host_turn_step(fake.page->slots[begun].turn), HOST_CANCELLED);
    assert_int_equal(host_session_begin(&ipv4), begun);
    host_session_leave(begun);
}

static void one_that_sleeps_is_rung_by_what_begins_and_again_by_what_is_asked(void **state)
{
    int begun;

    (void)state;
    ask();
    fake.page->asleep = 1;
    begun = host_session_begin(&ipv4);
    assert_int_equal(fake.rings, 2);
    fake.page->asleep = 1;
    host_session_ask(&ipv4, begun);
    assert_int_equal(fake.rings, 3);
}

static void a_bell_that_cannot_be_rung_is_said_when_it_is_asked(void **state)
{
    int begun;

    (void)state;
    ask();
    fake.page->asleep = 1;
    fake.write_error = ERROR_DISK_FULL;
    begun = host_session_begin(&ipv4);
    assert_int_equal(host_session_ask(&ipv4, begun).kind, ANSWER_HELPER_UNREACHABLE);
}

static void one_that_died_after_it_began_is_replaced_once(void **state)
{
    int begun;

    (void)state;
    ask();
    begun = host_session_begin(&ipv4);
    die();
    assert_int_equal(host_session_ask(&ipv4, begun).kind, ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 2);
}

static void threads_have_slots_of_their_own_and_need_not_wait(void **state)
{
    int begun[2];

    (void)state;
    ask();
    begun[0] = begin_on_thread(1);
    begun[1] = begin_on_thread(2);
    assert_int_not_equal(begun[0], begun[1]);
    assert_int_equal(ask_on_thread(2, begun[1]), ANSWER_NOT_OWNER);
    assert_int_equal(ask_on_thread(1, begun[0]), ANSWER_NOT_OWNER);
    assert_int_equal(fake.page->slots_used, 2);
}

/* Which has taken it upon itself to ring, for all. */
static void a_thread_that_was_ended_before_it_rang_keeps_nobody_waiting(void **state)
{
    const DWORD start = fake.milliseconds;

    (void)state;
    ask();
    fake.sleeps = true;
    fake.page->asleep = 0;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_true(fake.milliseconds - start < 1000);
}

static void who_has_not_been_heard_by_one_that_failed_another_thread_asks_the_next_one(void **state)
{
    DWORD start;
    int begun;

    (void)state;
    ask();
    fake.mute_pages = 1;
    begun = begin_on_thread(2);
    assert_int_equal(ask_on_thread(1, HOST_SESSION_NOT_BEGUN), ANSWER_NO_ANSWER);
    start = fake.milliseconds;
    assert_int_equal(ask_on_thread(2, begun), ANSWER_NOT_OWNER);
    assert_true(fake.milliseconds - start < 1000);
    assert_int_equal(fake.starts, 2);
}

static void begin_in_all_slots(void)
{
    ask();
    for (int i = 0; i < HOST_SLOTS; i++) {
        assert_int_equal(begin_on_thread(100 + (DWORD)i), i);
    }
}

static void where_all_slots_are_taken_a_call_waits_and_gives_up_in_time(void **state)
{
    (void)state;
    begin_in_all_slots();
    fake.thread = 1;
    assert_int_equal(host_session_begin(&ipv4), HOST_SESSION_NOT_BEGUN);
    assert_int_equal(ask(), ANSWER_NO_ANSWER);
    for (int i = 0; i < HOST_SLOTS; i++) {
        host_session_leave(i);
    }
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 1);
}

static void a_helper_that_failed_is_kept_until_the_last_has_left_it(void **state)
{
    int begun;

    (void)state;
    ask();
    begun = begin_on_thread(2);
    fake.own.wrong_id = 1;
    assert_int_equal(ask_on_thread(1, HOST_SESSION_NOT_BEGUN), ANSWER_NONSENSE);
    assert_int_equal(fake.pages_open, 1);
    assert_int_equal(begin_on_thread(1), HOST_SESSION_NOT_BEGUN);
    fake.thread = 2;
    host_session_leave(begun);
    fake.own.wrong_id = 0;
    assert_int_equal(ask_on_thread(1, HOST_SESSION_NOT_BEGUN), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 2);
    assert_int_equal(fake.pages_open, 1);
}

/* The calling thread, while it waits for a helper that does not answer. */
static void end_thread_within_a_call(void)
{
    fake.own.is_mute = true;
    fake.ends = true;
    if (setjmp(after_its_end) == 0) {
        ask();
        fail();
    }
    fake.own.is_mute = false;
}

static void expect_an_answer_soon(int starts)
{
    const DWORD start = fake.milliseconds;

    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_true(fake.milliseconds - start < 1000);
    assert_int_equal(fake.starts, starts);
    assert_int_equal(fake.pages_open, 1);
}

static void a_thread_that_was_ended_within_a_call_keeps_nobody_waiting(void **state)
{
    (void)state;
    ask();
    end_thread_within_a_call();
    fake.ended_thread = 1;
    fake.thread = 2;
    expect_an_answer_soon(1);
}

/* All slots are theirs, and what is in them cannot be known. */
static void nor_do_many(void **state)
{
    (void)state;
    ask();
    for (int i = 0; i < HOST_SLOTS; i++) {
        fake.thread = 2;
        end_thread_within_a_call();
    }
    fake.ended_thread = 2;
    fake.thread = 1;
    expect_an_answer_soon(2);
}

static void nor_do_they_keep_new_threads_of_the_same_number_waiting(void **state)
{
    (void)state;
    for (int i = 0; i < HOST_SLOTS; i++) {
        end_thread_within_a_call();
    }
    expect_an_answer_soon(2);
}

static void one_that_was_ended_as_it_started_the_helper_keeps_nobody_waiting(void **state)
{
    (void)state;
    fake.own.state = HOST_STARTING;
    end_thread_within_a_call();
    fake.own.state = HOST_READY;
    fake.ended_thread = 1;
    fake.thread = 2;
    expect_an_answer_soon(2);
}

/* ---- outside ---- */

static void one_outside_is_preferred(void **state)
{
    (void)state;
    fake.has_outside = true;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 0);
    assert_int_equal(fake.rings, 2);
}

static void one_outside_is_enough(void **state)
{
    (void)state;
    fake.has_outside = true;
    fake.has_own = false;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void one_outside_that_does_not_react_is_replaced_by_our_own(void **state)
{
    static const enum host_state states[] = {HOST_STARTING, HOST_BUSY, HOST_ENDED};

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        begin(state);
        fake.has_outside = true;
        fake.outside.state = states[i];
        assert_int_equal(ask(), ANSWER_NOT_OWNER);
        assert_int_equal(fake.starts, 1);
        end(state);
    }
}

static void one_in_the_next_folder_is_asked_where_the_first_cannot_help(void **state)
{
    static const struct fake_helper others[] = {
        {.state = HOST_BUSY},
        {.state = HOST_STARTING},
        {.state = HOST_FAILED},
        {.state = HOST_READY, .network_socket = NOT_LISTED},
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        begin(state);
        fake.has_outside = true;
        fake.outside = others[i];
        fake.has_at_home = true;
        assert_int_equal(ask(), ANSWER_NOT_OWNER);
        assert_ptr_equal(fake.helper, &fake.at_home);
        assert_int_equal(fake.starts, 0);
        end(state);
    }
}

static void why_the_first_cannot_help_is_told_if_there_is_no_other(void **state)
{
    (void)state;
    fake.has_own = false;
    fake.has_outside = true;
    fake.outside.network_socket = NOT_LISTED;
    fake.has_at_home = true;
    fake.at_home.state = HOST_STARTING;
    assert_int_equal(ask(), ANSWER_OTHER_NETWORK);
}

/* Killed ones leave what says that they serve. */
static void several_that_do_not_react_cost_little_more_than_one(void **state)
{
    const DWORD start = fake.milliseconds;

    (void)state;
    fake.has_outside = true;
    fake.outside.state = HOST_STARTING;
    fake.has_at_home = true;
    fake.at_home.state = HOST_STARTING;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 1);
    assert_in_range(fake.milliseconds - start, HOST_MEET_LIMIT_MS,
                    HOST_MEET_LIMIT_MS + HOST_MEET_AGAIN_LIMIT_MS + 100);
}

static void one_outside_whose_folder_cannot_be_written_to_is_no_helper(void **state)
{
    (void)state;
    fake.has_outside = true;
    fake.has_own = false;
    fake.create_error = ERROR_ACCESS_DENIED;
    assert_int_equal(ask(), ANSWER_NO_HELPER);
}

static void one_outside_in_another_network_that_nobody_named_is_no_helper(void **state)
{
    (void)state;
    fake.has_outside = true;
    fake.outside.network_socket = NOT_LISTED;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 1);
}

static void one_outside_in_another_network_is_1231_and_not_asked(void **state)
{
    (void)state;
    fake.folder = "/some/folder";
    fake.has_outside = true;
    fake.outside.network_socket = NOT_LISTED;
    assert_int_equal(ask(), ANSWER_OTHER_NETWORK);
    assert_int_equal(fake.starts, 0);
}

static void one_outside_whose_network_cannot_be_known_is_1231_too(void **state)
{
    (void)state;
    fake.folder = "/some/folder";
    fake.has_outside = true;
    fake.network_error = ERROR_ACCESS_DENIED;
    assert_int_equal(ask(), ANSWER_OTHER_NETWORK);
}

static void our_own_whose_network_cannot_be_known_is_believed(void **state)
{
    (void)state;
    fake.network_error = ERROR_ACCESS_DENIED;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void our_own_in_another_network_is_1231(void **state)
{
    (void)state;
    fake.own.network_socket = NOT_LISTED;
    assert_int_equal(ask(), ANSWER_OTHER_NETWORK);
}

static void one_outside_is_not_given_up_when_a_namesake_of_its_process_ends(void **state)
{
    (void)state;
    fake.has_outside = true;
    fake.is_namesake = true;
    fake.outside.death = DIES_TAKING;
    assert_int_equal(ask(), ANSWER_NO_ANSWER); /* and not 109 at once */
}

/* ---- want of everything ---- */

static void expect_unreachable(DWORD code)
{
    const struct answer answer = ask_in_time();

    assert_int_equal(answer.kind, ANSWER_HELPER_UNREACHABLE);
    assert_int_equal(answer.detail, code);
}

static void a_page_that_cannot_be_made_is_an_error_and_works_again_later(void **state)
{
    static const DWORD codes[] = {ERROR_TOO_MANY_OPEN_FILES, ERROR_OUTOFMEMORY, ERROR_DISK_FULL};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        fake.create_error = codes[i];
        expect_unreachable(codes[i]);
    }
    assert_int_equal(fake.starts, 0);
    fake.create_error = NO_ERROR;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

/* 5 would say that the caller may not, and 2 that there is no helper. */
static void no_folder_to_make_a_page_in_is_82(void **state)
{
    (void)state;
    fake.create_error = ERROR_ACCESS_DENIED;
    assert_int_equal(ask(), ANSWER_NO_PAGE);
    fake.create_error = ERROR_FILE_NOT_FOUND;
    assert_int_equal(ask(), ANSWER_NO_PAGE);
}

static void a_helper_that_cannot_be_started_is_an_error_and_works_again_later(void **state)
{
    static const DWORD codes[] = {ERROR_ACCESS_DENIED, ERROR_BAD_EXE_FORMAT, ERROR_INVALID_HANDLE};

    (void)state;
    fake.start_error = ERROR_NOT_ENOUGH_MEMORY;
    expect_unreachable(ERROR_NOT_ENOUGH_MEMORY);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        fake.start_error = codes[i];
        assert_int_equal(ask(), ANSWER_HELPER_NOT_PROGRAM);
    }
    fake.start_error = NO_ERROR;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void a_bell_that_cannot_be_rung_is_an_error_and_works_again_later(void **state)
{
    (void)state;
    fake.write_error = ERROR_DISK_FULL;
    expect_unreachable(ERROR_DISK_FULL);
    fake.write_error = NO_ERROR;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void one_outside_that_cannot_be_rung_is_let_go_before_our_own_is_started(void **state)
{
    (void)state;
    fake.has_outside = true;
    fake.write_error = ERROR_FILE_NOT_FOUND;
    assert_int_equal(ask(),
                     ANSWER_HELPER_DIED); /* nor can our own; and 2 is kept for "no helper" */
    assert_int_equal(fake.pages_open, 0);
}

/* ---- death and silence ---- */

static void one_that_died_before_the_request_is_replaced_once(void **state)
{
    (void)state;
    fake.own.death = DIES_MET;
    assert_int_equal(ask(), ANSWER_HELPER_DIED);
    assert_int_equal(fake.starts, 2);
    fake.own.death = LIVES;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

/* Nobody has waited for it yet; or its number is somebody else's now. */
static void a_process_that_does_not_live_any_more_is_known_by_state_and_start_time(void **state)
{
    static const char *const dead[] = {
        "815 (settcpentry-hos) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 7 ",
        "815 (settcpentry-hos) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 8 ",
        "nonsense",
    };

    for (size_t i = 0; i < sizeof(dead) / sizeof(dead[0]); i++) {
        begin(state);
        fake.dead = dead[i];
        fake.own.death = DIES_TAKING;
        assert_int_equal(ask(), ANSWER_HELPER_DIED);
        end(state);
    }
}

static void one_that_does_not_say_which_process_it_is_is_waited_for_in_vain(void **state)
{
    (void)state;
    fake.own.is_nobody = true;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    fake.own.death = DIES_TAKING;
    assert_int_equal(ask(), ANSWER_NO_ANSWER);
}

/* Where others want the processor: a thousand times of giving way took 10 seconds. */
static void on_a_busy_machine_a_death_is_noticed_soon(void **state)
{
    DWORD start;

    (void)state;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    fake.slowness = 9;
    fake.own.death = DIES_TAKING;
    start = fake.milliseconds;
    assert_int_equal(ask(), ANSWER_HELPER_DIED);
    assert_true(fake.milliseconds - start < 500);
}

static void one_that_died_during_the_request_is_not_replaced(void **state)
{
    (void)state;
    fake.own.death = DIES_TAKING;
    assert_int_equal(ask(), ANSWER_HELPER_DIED);
    assert_int_equal(fake.starts, 1);
}

static void one_that_died_after_its_answer_is_replaced_by_the_next_call(void **state)
{
    (void)state;
    fake.own.death = DIES_ANSWERING;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 2);
}

static void one_that_says_it_has_ended_is_replaced_by_the_next_call(void **state)
{
    (void)state;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    fake.page->state = HOST_ENDED;
    fake.own.is_mute = true;
    assert_int_equal(ask(), ANSWER_NO_ANSWER); /* so is the new one */
    assert_int_equal(fake.starts, 2);
}

static void one_that_never_answers_is_a_timeout_and_not_replaced_meanwhile(void **state)
{
    (void)state;
    fake.own.is_mute = true;
    assert_int_equal(ask(), ANSWER_NO_ANSWER);
    assert_int_equal(fake.starts, 1);
}

static DWORD time_of_ask(enum answer_kind kind)
{
    const DWORD start = fake.milliseconds;

    assert_int_equal(ask(), kind);
    return fake.milliseconds - start;
}

static void one_that_says_nothing_costs_its_time_once_in_a_while(void **state)
{
    (void)state;
    fake.own.state = HOST_STARTING;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_START_LIMIT_MS - 100,
                    HOST_START_LIMIT_MS + 100);
    fake.own = good;
    assert_int_equal(time_of_ask(ANSWER_NO_ANSWER), 0);
    assert_int_equal(fake.starts, 1);
    fake.milliseconds += 5000;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void one_that_says_nothing_is_waited_for_while_it_is_at_work(void **state)
{
    (void)state;
    fake.own.state = HOST_STARTING;
    fake.own.is_at_work = true;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_CALL_LIMIT_MS, HOST_CALL_LIMIT_MS + 100);
}

static void one_that_does_not_even_say_which_process_it_is_is_found_at_work(void **state)
{
    (void)state;
    fake.own.state = HOST_STARTING;
    fake.own.is_nobody = true;
    fake.own.is_at_work = true;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_CALL_LIMIT_MS, HOST_CALL_LIMIT_MS + 100);
}

static void
one_that_died_before_it_said_anything_is_missed_soon_and_not_followed_by_many(void **state)
{
    (void)state;
    fake.own.death = DIES_STARTING;
    assert_in_range(time_of_ask(ANSWER_HELPER_DIED), 1, 500);
    assert_int_equal(fake.starts, 2);
    fake.own = good;
    assert_int_equal(time_of_ask(ANSWER_HELPER_DIED), 0);
    assert_int_equal(fake.starts, 2);
    fake.milliseconds += 5000;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

/* Everybody sees what pages are called: the end of one who only says that it serves ours is nothing to us. */
static void another_process_of_that_command_line_is_not_taken_for_the_helper(void **state)
{
    (void)state;
    fake.milliseconds = 0;
    fake.own.state = HOST_STARTING;
    fake.own.is_nobody = true;
    fake.own.is_at_work = true;
    fake.impostor_until = HOST_START_LIMIT_MS / 2;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_CALL_LIMIT_MS, HOST_CALL_LIMIT_MS + 100);
    assert_int_equal(fake.starts, 1);
}

static void nor_does_an_idle_one_hide_that_the_helper_is_at_work(void **state)
{
    (void)state;
    fake.milliseconds = 0;
    fake.own.state = HOST_STARTING;
    fake.own.is_at_work = true;
    fake.impostor_until = 2 * HOST_CALL_LIMIT_MS;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_CALL_LIMIT_MS, HOST_CALL_LIMIT_MS + 100);
}

/* Just when Linux has begun to execute it. */
static void one_that_has_no_command_line_yet_is_looked_for_again(void **state)
{
    (void)state;
    fake.milliseconds = 0;
    fake.own.state = HOST_STARTING;
    fake.own.is_nobody = true;
    fake.own.is_at_work = true;
    fake.command_line_from = 100;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_CALL_LIMIT_MS, HOST_CALL_LIMIT_MS + 100);
    assert_int_equal(fake.starts, 1);
}

static void on_a_busy_machine_one_that_died_is_missed_all_the_same(void **state)
{
    (void)state;
    fake.own.death = DIES_STARTING;
    fake.slowness = 30; /* so that it is late before it is time to look */
    assert_int_equal(ask(), ANSWER_HELPER_DIED);
}

/* As under emulation: it is not the clock that says whether it died. */
static void nor_does_a_slow_search_make_it_a_timeout(void **state)
{
    (void)state;
    fake.own.death = DIES_STARTING;
    fake.slowness_of_search = HOST_START_LIMIT_MS;
    assert_int_equal(ask(), ANSWER_HELPER_DIED);
}

static void where_linux_does_not_show_all_processes_it_is_missed_by_its_time_only(void **state)
{
    (void)state;
    fake.own.death = DIES_STARTING;
    fake.proc_is_hidden = true;
    assert_in_range(time_of_ask(ANSWER_NO_ANSWER), HOST_START_LIMIT_MS, HOST_START_LIMIT_MS + 100);
    assert_int_equal(fake.starts, 1);
}

static void one_outside_is_met_even_when_our_own_could_not_be_started(void **state)
{
    (void)state;
    fake.own.state = HOST_STARTING;
    assert_int_equal(ask(), ANSWER_NO_ANSWER);
    fake.has_outside = true;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
}

static void an_answer_that_is_not_to_this_request_is_13(void **state)
{
    (void)state;
    fake.own.wrong_id = 1;
    assert_int_equal(ask(), ANSWER_NONSENSE);
    fake.own = good;
    fake.own.wrong_version = 1;
    assert_int_equal(ask(), ANSWER_NONSENSE);
    fake.own = good;
    fake.own.wrong_kind = ANSWER_LAST_OF_HELPER;
    assert_int_equal(ask(), ANSWER_NONSENSE);
    fake.own = good;
    assert_int_equal(ask(), ANSWER_NOT_OWNER);
    assert_int_equal(fake.starts, 4); /* who talks nonsense is not asked again */
}

static void one_that_refuses_is_13_and_of_another_version_1306(void **state)
{
    (void)state;
    fake.own.state = HOST_REFUSED;
    assert_int_equal(ask(), ANSWER_NONSENSE);
    fake.own.page_version = 1;
    assert_int_equal(ask(), ANSWER_OTHER_VERSION);
}

static void a_state_that_there_is_not_is_13(void **state)
{
    (void)state;
    fake.own.state = (enum host_state)NO_STATE;
    assert_int_equal(ask(), ANSWER_NONSENSE);
}

static void one_that_is_busy_or_lacks_resources_says_so(void **state)
{
    (void)state;
    fake.own.state = HOST_BUSY;
    assert_int_equal(ask(), ANSWER_HELPER_BUSY);
    fake.own.state = HOST_FAILED;
    assert_int_equal(ask(), ANSWER_NO_RESOURCES);
}

static void the_detail_of_an_answer_comes_with_it(void **state)
{
    struct answer answer;

    (void)state;
    fake.own.wrong_kind = ANSWER_SYSTEM_CALL_FAILED - ANSWER_NOT_OWNER;
    answer = ask_in_time();
    assert_int_equal(answer.kind, ANSWER_SYSTEM_CALL_FAILED);
    assert_int_equal(answer.detail, LINUX_ENOBUFS);
}

/* Of the table, but not for the helper to say; and none at all. */
static void an_answer_that_is_not_the_helpers_is_13(void **state)
{
    static const enum answer_kind kinds[] = {ANSWER_NONE, ANSWER_NO_ROW, ANSWER_CLOSED_BY_WINE,
                                             ANSWERS};

    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        fake.own.wrong_kind = (uint16_t)(kinds[i] - ANSWER_NOT_OWNER);
        assert_int_equal(ask(), ANSWER_NONSENSE);
    }
}

#define FAKED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAKED(meeting_one_outside_counts_towards_the_calls_limit),
        FAKED(the_helper_is_started_by_the_first_call_only),
        FAKED(a_helper_that_sleeps_is_rung),
        FAKED(no_helper_is_said_and_nothing_is_made),
        FAKED(it_is_looked_for_where_packages_put_it),
        FAKED(one_that_is_named_is_not_replaced_by_another),
        FAKED(environment_variables_name_another_folder_and_another_helper),
        FAKED(paths_that_are_not_absolute_lead_nowhere),
        FAKED(a_call_that_comes_while_another_waits_gives_up_in_time),
        FAKED(a_thread_that_was_ended_within_a_call_keeps_nobody_waiting),
        FAKED(nor_do_many),
        FAKED(nor_do_they_keep_new_threads_of_the_same_number_waiting),
        FAKED(one_that_was_ended_as_it_started_the_helper_keeps_nobody_waiting),
        FAKED(before_there_is_a_helper_nothing_begins),
        FAKED(what_has_begun_is_announced_and_posted_when_it_is_asked),
        FAKED(what_was_left_is_cancelled_and_its_slot_is_free),
        FAKED(one_that_sleeps_is_rung_by_what_begins_and_again_by_what_is_asked),
        FAKED(a_bell_that_cannot_be_rung_is_said_when_it_is_asked),
        FAKED(one_that_died_after_it_began_is_replaced_once),
        FAKED(threads_have_slots_of_their_own_and_need_not_wait),
        FAKED(a_thread_that_was_ended_before_it_rang_keeps_nobody_waiting),
        FAKED(who_has_not_been_heard_by_one_that_failed_another_thread_asks_the_next_one),
        FAKED(where_all_slots_are_taken_a_call_waits_and_gives_up_in_time),
        FAKED(a_helper_that_failed_is_kept_until_the_last_has_left_it),
        FAKED(one_outside_is_preferred),
        FAKED(one_outside_is_enough),
        FAKED(one_outside_that_does_not_react_is_replaced_by_our_own),
        FAKED(one_in_the_next_folder_is_asked_where_the_first_cannot_help),
        FAKED(why_the_first_cannot_help_is_told_if_there_is_no_other),
        FAKED(several_that_do_not_react_cost_little_more_than_one),
        FAKED(one_outside_whose_folder_cannot_be_written_to_is_no_helper),
        FAKED(one_outside_in_another_network_that_nobody_named_is_no_helper),
        FAKED(one_outside_in_another_network_is_1231_and_not_asked),
        FAKED(one_outside_whose_network_cannot_be_known_is_1231_too),
        FAKED(our_own_whose_network_cannot_be_known_is_believed),
        FAKED(our_own_in_another_network_is_1231),
        FAKED(one_outside_is_not_given_up_when_a_namesake_of_its_process_ends),
        FAKED(a_page_that_cannot_be_made_is_an_error_and_works_again_later),
        FAKED(no_folder_to_make_a_page_in_is_82),
        FAKED(a_helper_that_cannot_be_started_is_an_error_and_works_again_later),
        FAKED(a_bell_that_cannot_be_rung_is_an_error_and_works_again_later),
        FAKED(one_outside_that_cannot_be_rung_is_let_go_before_our_own_is_started),
        FAKED(one_that_died_before_the_request_is_replaced_once),
        FAKED(a_process_that_does_not_live_any_more_is_known_by_state_and_start_time),
        FAKED(one_that_does_not_say_which_process_it_is_is_waited_for_in_vain),
        FAKED(on_a_busy_machine_a_death_is_noticed_soon),
        FAKED(one_that_died_during_the_request_is_not_replaced),
        FAKED(one_that_died_after_its_answer_is_replaced_by_the_next_call),
        FAKED(one_that_says_it_has_ended_is_replaced_by_the_next_call),
        FAKED(one_that_never_answers_is_a_timeout_and_not_replaced_meanwhile),
        FAKED(one_that_says_nothing_costs_its_time_once_in_a_while),
        FAKED(one_that_says_nothing_is_waited_for_while_it_is_at_work),
        FAKED(one_that_does_not_even_say_which_process_it_is_is_found_at_work),
        FAKED(one_that_died_before_it_said_anything_is_missed_soon_and_not_followed_by_many),
        FAKED(another_process_of_that_command_line_is_not_taken_for_the_helper),
        FAKED(nor_does_an_idle_one_hide_that_the_helper_is_at_work),
        FAKED(one_that_has_no_command_line_yet_is_looked_for_again),
        FAKED(on_a_busy_machine_one_that_died_is_missed_all_the_same),
        FAKED(nor_does_a_slow_search_make_it_a_timeout),
        FAKED(where_linux_does_not_show_all_processes_it_is_missed_by_its_time_only),
        FAKED(one_outside_is_met_even_when_our_own_could_not_be_started),
        FAKED(an_answer_that_is_not_to_this_request_is_13),
        FAKED(one_that_refuses_is_13_and_of_another_version_1306),
        FAKED(a_state_that_there_is_not_is_13),
        FAKED(one_that_is_busy_or_lacks_resources_says_so),
        FAKED(the_detail_of_an_answer_comes_with_it),
        FAKED(an_answer_that_is_not_the_helpers_is_13),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

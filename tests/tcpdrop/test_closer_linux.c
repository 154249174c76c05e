/* SPDX-License-Identifier: MIT */
/*
 * tcpdrop and its helper: one that does everything wrong, then the one that ships, and this kernel's connections.
 *   test_closer_linux FAULTY_STREAM HELPER
 */
#include "closer.h"

#include "host_places.h"
#include "protocol.h"

#include "testing.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum
{
    ROWS = 20000, /* whose requests are more than any socket keeps */
    VICTIMS = 3000,
    BYSTANDERS = 300,
    USER = 12345,
    PATH_BYTES = 256,
};

static const char *own_path;
static const char *faulty;
static const char *helper;

/* ---- what becomes of rows ---- */

static struct table_row rows[ROWS];
static const struct table_row *pointers[ROWS];
static struct closer_outcome outcomes[ROWS];
static size_t told_count;

static void keep(void *told, size_t index, const struct closer_outcome *outcome)
{
    assert_ptr_equal(told, outcomes);
    assert_int_equal(index, told_count); /* in their order */
    outcomes[told_count++] = *outcome;
}

static void close_rows(size_t count)
{
    told_count = 0;
    closer_close(pointers, count, keep, outcomes);
    assert_int_equal(told_count, count);
}

/* From one row on, and before another, all have been answered so. */
static void expect_kind(size_t from, size_t end, enum answer_kind kind)
{
    for (size_t i = from; i < end; i++) {
        if (outcomes[i].kind != kind) {
            fail_msg("row %zu: %d instead of %d", i, (int)outcomes[i].kind, (int)kind);
        }
    }
}

static size_t count_kind(size_t count, enum answer_kind kind)
{
    size_t counted = 0;

    for (size_t i = 0; i < count; i++) {
        counted += outcomes[i].kind == kind;
    }
    return counted;
}

/* ---- what is left of a helper ---- */

static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

static char trace[] = "/tmp/tcpdrop-test-XXXXXX";

static long helpers_started(void)
{
    struct stat is;

    return stat(trace, &is) == 0 ? (long)is.st_size : -1;
}

static size_t descriptors_before;

static int begin(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i] = (struct table_row){
            .connection = {.local = {.address = {127, 0, 0, 1}}, .family = CONNECTION_IPV4},
            .identity = (uint64_t)i << 32 | 7,
        };
        pointers[i] = &rows[i];
    }
    setenv(HOST_PATH_VARIABLE, faulty, 1);
    descriptors_before = count_descriptors();
    return truncate(trace, 0);
}

/* Neither a process nor a descriptor. */
static int end(void **state)
{
    (void)state;
    return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD &&
                   count_descriptors() == descriptors_before
               ? 0
               : -1;
}

static void act(const char *name)
{
    setenv("FAULTY_STREAM", name, 1);
}

static int make_trace(void **state)
{
    const int file = mkstemp(trace);

    (void)state;
    close(file);
    return file < 0 ? -1 : setenv("FAULTY_STREAM_TRACE", trace, 1);
}

static int remove_trace(void **state)
{
    (void)state;
    return unlink(trace);
}

/* ---- helpers that do it right ---- */

static void for_nothing_no_helper_is_started(void **state)
{
    (void)state;
    act("exits 0");
    close_rows(0);
    assert_int_equal(helpers_started(), 0);
}

static void each_request_has_its_row_and_goes_in_order(void **state)
{
    (void)state;
    act("order 0");
    close_rows(ROWS);
    expect_kind(0, ROWS, ANSWER_CLOSED);
    assert_int_equal(helpers_started(), 1);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(outcomes[i].code + outcomes[i].last_error + outcomes[i].detail, 0);
    }
}

static void answers_in_pieces_are_put_together(void **state)
{
    (void)state;
    act("byte_by_byte 0");
    close_rows(100);
    expect_kind(0, 100, ANSWER_CLOSED);
    act("odd_pieces 0");
    close_rows(100);
    expect_kind(0, 100, ANSWER_CLOSED);
}

static void do_nothing(int signal)
{
    (void)signal;
}

static void signals_that_interrupt_us_change_nothing(void **state)
{
    const struct sigaction interrupt = {.sa_handler = do_nothing};
    const struct itimerval often = {{.tv_usec = 500}, {.tv_usec = 500}};
    const struct itimerval never = {{0}, {0}};

    (void)state;
    act("byte_by_byte 0");
    sigaction(SIGALRM, &interrupt, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    close_rows(100);
    setitimer(ITIMER_REAL, &never, NULL);
    expect_kind(0, 100, ANSWER_CLOSED);
}

static void a_helpers_errno_is_told(void **state)
{
    (void)state;
    act("errno 1");
    rows[1].connection.family = CONNECTION_IPV6;
    close_rows(2);
    assert_int_equal(outcomes[0].kind, ANSWER_CLOSED);
    assert_int_equal(outcomes[1].kind, ANSWER_SYSTEM_CALL_FAILED);
    assert_int_equal(outcomes[1].detail, EPERM);
    assert_int_equal(outcomes[1].code, 31);
    assert_int_equal(outcomes[1].last_error, 31);
}

static void the_code_is_that_of_the_rows_family(void **state)
{
    (void)state;
    act("order 0");
    rows[0].identity = rows[1].identity = 1; /* so it says that they are not found */
    rows[1].connection.family = CONNECTION_IPV6;
    close_rows(2);
    expect_kind(0, 2, ANSWER_NOT_FOUND);
    assert_int_equal(outcomes[0].code, 317);
    assert_int_equal(outcomes[1].code, 1168);
    assert_int_equal(outcomes[0].last_error, 1168);
}

/* ---- those that do not ---- */

static void one_that_dies_is_followed_by_another_for_what_it_had_not_been_sent(void **state)
{
    const size_t lost_at_most = (size_t)4 * HOST_REQUESTS_AT_ONCE;
    size_t closed;

    (void)state;
    act("dies 100");
    close_rows(VICTIMS);
    expect_kind(0, 100, ANSWER_CLOSED);
    expect_kind(100, 101, ANSWER_HELPER_DIED); /* it had been read */
    closed = count_kind(VICTIMS, ANSWER_CLOSED);
    assert_int_equal(closed + count_kind(VICTIMS, ANSWER_HELPER_DIED), VICTIMS);
    assert_true(closed >= VICTIMS / (100 + lost_at_most) * 100);
}

static void one_that_dies_within_an_answer_leaves_no_trace_in_the_next_ones(void **state)
{
    (void)state;
    act("half 50");
    close_rows(VICTIMS);
    expect_kind(0, 50, ANSWER_CLOSED);
    expect_kind(50, 51, ANSWER_HELPER_DIED);
    assert_int_equal(count_kind(VICTIMS, ANSWER_CLOSED) + count_kind(VICTIMS, ANSWER_HELPER_DIED),
                     VICTIMS);
}

static void one_that_dies_before_any_answer_is_not_followed(void **state)
{
    (void)state;
    act("exits 0");
    close_rows(ROWS);
    expect_kind(0, ROWS, ANSWER_HELPER_DIED);
    assert_int_equal(outcomes[0].code, 109);
    assert_int_equal(helpers_started(), 1);
}

static void one_that_knows_no_such_option_is_of_another_version(void **state)
{
    (void)state;
    act("usage 0");
    signal(SIGCHLD, SIG_IGN); /* as whoever starts us may have left it */
    close_rows(3);
    expect_kind(0, 3, ANSWER_OTHER_VERSION);
    act("usage 2"); /* but not one that has answered before */
    close_rows(3);
    expect_kind(0, 2, ANSWER_CLOSED);
    expect_kind(2, 3, ANSWER_HELPER_DIED);
}

static void what_makes_no_sense_ends_the_conversation(void **state)
{
    static const struct
    {
        const char *act;
        enum answer_kind kind;
    } cases[] = {
        {"garbage 10", ANSWER_NONSENSE},
        {"none 10", ANSWER_NONSENSE},
        {"another_request 10", ANSWER_NONSENSE},
        {"twice 10", ANSWER_NONSENSE},
        {"another_version 10", ANSWER_OTHER_VERSION},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const size_t right = strcmp(cases[i].act, "twice 10") == 0 ? 11 : 10;

        act(cases[i].act);
        close_rows(right);
        expect_kind(0, 10, ANSWER_CLOSED);
        close_rows(1000);
        expect_kind(0, 10, ANSWER_CLOSED);
        assert_true(count_kind(1000, ANSWER_CLOSED) + count_kind(1000, cases[i].kind) == 1000);
        assert_int_equal(outcomes[999].kind, cases[i].kind);
    }
}

static void answers_to_what_has_not_been_asked_do_not_count(void **state)
{
    (void)state;
    act("ahead 0");
    close_rows(ROWS);
    assert_int_equal(outcomes[ROWS - 1].kind, ANSWER_NONSENSE);
}

static int64_t milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void one_that_hangs_is_waited_for_once(void **state)
{
    const int64_t begun = milliseconds();
    int64_t took;

    (void)state;
    act("hangs 100");
    close_rows(ROWS);
    took = milliseconds() - begun;
    expect_kind(0, 100, ANSWER_CLOSED);
    expect_kind(100, ROWS, ANSWER_NO_ANSWER);
    assert_int_equal(helpers_started(), 1);
    assert_in_range(took, HOST_CALL_LIMIT_MS, 2 * HOST_CALL_LIMIT_MS - 1);
}

static void one_that_stays_when_all_is_answered_is_ended(void **state)
{
    (void)state;
    act("stays 0");
    close_rows(3);
    expect_kind(0, 3, ANSWER_CLOSED);
}

/* ---- what it is started with, and whether it can be ---- */

static void it_has_no_descriptor_but_the_first_three(void **state)
{
    const int left_open = dup(STDERR_FILENO);

    (void)state;
    act("descriptors 0");
    close_rows(1);
    close(left_open);
    expect_kind(0, 1, ANSWER_CLOSED);
}

static void it_is_not_ended_by_a_ctrl_c_that_waits_for_us(void **state)
{
    sigset_t ctrl_c;
    sigset_t before;

    (void)state;
    act("ctrl_c 0");
    sigemptyset(&ctrl_c);
    sigaddset(&ctrl_c, SIGINT);
    sigprocmask(SIG_BLOCK, &ctrl_c, &before);
    close_rows(1);
    expect_kind(0, 1, ANSWER_CLOSED);
    sigprocmask(SIG_SETMASK, &before, NULL);
    close_rows(1);
    expect_kind(0, 1, ANSWER_NOT_FOUND);
}

static void print(void *told, size_t index, const struct closer_outcome *outcome)
{
    size_t *closed = told;

    (void)index;
    *closed += outcome->kind == ANSWER_CLOSED;
    printf("a line that would be no request\n");
    fflush(stdout);
}

static void without_standard_descriptors_nothing_that_is_printed_goes_to_it(void **state)
{
    size_t closed = 0;
    pid_t child;
    int status;

    (void)state;
    act("order 0");
    child = fork();
    if (child == 0) {
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        closer_close(pointers, VICTIMS, print, &closed);
        _exit(closed == VICTIMS ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void expect_not_started(const char *path, enum answer_kind kind, uint32_t detail)
{
    setenv(HOST_PATH_VARIABLE, path, 1);
    close_rows(2);
    expect_kind(0, 2, kind);
    assert_int_equal(outcomes[1].detail, detail);
}

static void why_it_cannot_be_started_is_told(void **state)
{
    char path[] = "/tmp/tcpdrop-test-XXXXXX";
    const int file = mkstemp(path);

    (void)state;
    assert_int_equal(write(file, "no program\n", 11), 11);
    close(file);
    expect_not_started(path, ANSWER_HELPER_NOT_PROGRAM, EACCES);
    assert_int_equal(chmod(path, 0700), 0);
    expect_not_started(path, ANSWER_HELPER_NOT_PROGRAM, ENOEXEC);
    unlink(path);
    expect_not_started(path, ANSWER_NO_HELPER, 0);
}

static void too_few_descriptors_however_few_are_told(void **state)
{
    struct rlimit limit;
    struct rlimit low;

    (void)state;
    act("order 0");
    getrlimit(RLIMIT_NOFILE, &limit);
    low = limit;
    low.rlim_cur = STDERR_FILENO;
    do { /* until they are enough */
        low.rlim_cur++;
        setrlimit(RLIMIT_NOFILE, &low);
        close_rows(2);
        setrlimit(RLIMIT_NOFILE, &limit);
        assert_int_equal(count_descriptors(), descriptors_before);
    } while (outcomes[0].kind == ANSWER_NO_RESOURCES && outcomes[1].detail == EMFILE);
    assert_true(low.rlim_cur > STDERR_FILENO + 3);
}

/* ---- where it is ---- */

static bool is_installed(void)
{
#define PLACE(path) path,
    static const char *const places[] = {HOST_PATHS(PLACE)};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (access(places[i], F_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* What a copy of this program says of its version after this has been done in a folder of its own, which is called DIR
 * there.  False: it cannot be done here. */
static bool say_version(const char *done, char said_out[PATH_BYTES])
{
    char command[4 * PATH_BYTES];
    FILE *pipe;
    int status;

    snprintf(command, sizeof(command),
             "set -e; umask 022; give() { chown 12345 \"$@\" || exit 77; }\n"
             "d=$(mktemp -d /tmp/tcpdrop-test-XXXXXX); trap 'rm -r \"$d\"' EXIT; chmod 755 \"$d\"\n"
             "mkdir \"$d/bin\" \"$d/libexec\"; cp '%s' \"$d/bin/tcpdrop\"; cd \"$d\"; %s; cd /\n"
             "unset " HOST_PATH_VARIABLE "; \"$d/bin/tcpdrop\" --version | sed \"s,$d,DIR,\"",
             own_path, done);
    pipe = popen(command, "re");
    assert_non_null(pipe);
    said_out[fread(said_out, 1, PATH_BYTES - 1, pipe)] = 0;
    status = pclose(pipe);
    assert_true(status == 0 || status == 77 << 8);
    return status == 0;
}

#define NOWHERE "tcpdrop " SETTCPENTRY_VERSION_TEXT "\n"
#define IN(folder)                                                                                 \
    "tcpdrop " SETTCPENTRY_VERSION_TEXT ", settcpentry-host DIR/" folder "/settcpentry-host\n"
#define MAKE_HELPER "cp /bin/true libexec/settcpentry-host"

static void one_near_the_program_is_found_if_nobody_else_can_have_put_it_there(void **state)
{
    static const struct
    {
        const char *done;
        const char *said;
    } cases[] = {
        {MAKE_HELPER, IN("libexec")},
        {"cp /bin/true bin/settcpentry-host", IN("bin")},
        {MAKE_HELPER "; give bin/tcpdrop libexec libexec/settcpentry-host", IN("libexec")},
        {":", NOWHERE},
        {MAKE_HELPER "; chmod 775 libexec/settcpentry-host", NOWHERE},
        {MAKE_HELPER "; chmod 757 libexec/settcpentry-host", NOWHERE},
        {MAKE_HELPER "; chmod 1777 libexec", NOWHERE},
        {MAKE_HELPER "; chmod 775 libexec", NOWHERE},
        {MAKE_HELPER "; give libexec", NOWHERE},
        {MAKE_HELPER "; give libexec/settcpentry-host", NOWHERE},
        {"mkdir libexec/settcpentry-host", NOWHERE},
        {"ln -s /bin/true libexec/settcpentry-host", NOWHERE},
        {MAKE_HELPER "; mv libexec elsewhere; ln -s elsewhere libexec", NOWHERE},
        {"cp /bin/true bin/settcpentry-host; chmod 1777 bin", NOWHERE},
    };
    char said[PATH_BYTES];

    (void)state;
    if (is_installed()) {
        print_message("skipped: a helper is installed here, which comes first\n");
        skip();
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (!say_version(cases[i].done, said)) {
            print_message("skipped: %s\n", cases[i].done);
        } else if (strcmp(said, cases[i].said) != 0) {
            fail_msg("%s: %s", cases[i].done, said);
        }
    }
}

/* ---- words ---- */

static void expect_words(struct closer_outcome outcome, enum answer_status status,
                         const char *reason, const char *remedy)
{
    const struct meaning meaning = closer_meaning(CONNECTION_IPV4, &outcome);

    assert_int_equal(meaning.status, status);
    assert_string_equal(meaning.reason, reason);
    assert_string_equal(meaning.remedy, remedy);
}

static void words_are_those_of_the_answer_with_the_errno_and_nothing_of_windows(void **state)
{
    (void)state;
    expect_words((struct closer_outcome){.kind = ANSWER_NOT_OWNER}, STATUS_NO_RIGHTS,
                 answer_rows[ANSWER_NOT_OWNER].reason, answer_rows[ANSWER_NOT_OWNER].remedy);
    expect_words((struct closer_outcome){.kind = ANSWER_SYSTEM_CALL_FAILED, .detail = EACCES},
                 STATUS_NOT_DONE, "a system call of settcpentry-host's failed: Permission denied",
                 "");
    expect_words((struct closer_outcome){.kind = ANSWER_OTHER_VERSION}, STATUS_NOT_DONE,
                 "settcpentry-host is of another version than tcpdrop", "install both anew");
    setenv(HOST_PATH_VARIABLE, "/a/helper", 1);
    expect_words(
        (struct closer_outcome){.kind = ANSWER_NO_CAPABILITY}, STATUS_NO_RIGHTS,
        answer_rows[ANSWER_NO_CAPABILITY].reason,
        "in a container, run tcpdrop outside; else as root: setcap cap_net_admin+ep /a/helper");
    expect_words((struct closer_outcome){.kind = ANSWER_NO_HELPER}, STATUS_NOT_DONE,
                 answer_rows[ANSWER_NO_HELPER].reason, "there is no /a/helper");
}

/* Of three rows, ours, another's and nobody's. */
static void expect_foreseen(const char *path, enum answer_kind ours, enum answer_kind anothers,
                            enum answer_kind nobodys)
{
    setenv(HOST_PATH_VARIABLE, path, 1);
    rows[1].whose = WHOSE_ANOTHERS;
    rows[2].whose = WHOSE_NOBODYS;
    told_count = 0;
    closer_foresee(pointers, 3, keep, outcomes);
    assert_int_equal(told_count, 3);
    expect_kind(0, 1, ours);
    expect_kind(1, 2, anothers);
    expect_kind(2, 3, nobodys);
}

static void what_would_fail_is_known_before_where_that_can_be(void **state)
{
    (void)state;
    expect_foreseen(helper, ANSWER_CLOSED, ANSWER_NOT_OWNER, ANSWER_NOT_FOUND);
    expect_foreseen("/dev/null", ANSWER_HELPER_NOT_PROGRAM, ANSWER_HELPER_NOT_PROGRAM,
                    ANSWER_HELPER_NOT_PROGRAM);
    expect_foreseen("/nowhere/helper", ANSWER_NO_HELPER, ANSWER_NO_HELPER, ANSWER_NO_HELPER);
    expect_foreseen("/bin/true", ANSWER_NO_CAPABILITY, ANSWER_NO_CAPABILITY, ANSWER_NO_CAPABILITY);
}

static void a_helper_is_not_looked_for_in_path(void **state)
{
    (void)state;
    expect_not_started("true", ANSWER_NO_HELPER, 0);
}

/* ---- the real one, in a network where we may close ---- */

struct both
{
    int client;
    int server;
    uint16_t client_port; /* network byte order, both */
    uint16_t server_port;
};

static struct both victims[VICTIMS];
static struct both bystanders[BYSTANDERS];

static struct sockaddr_in address_of(int socket)
{
    struct sockaddr_in address;
    socklen_t bytes = sizeof(address);

    assert_int_equal(getsockname(socket, (struct sockaddr *)&address, &bytes), 0);
    return address;
}

static int listen_anywhere(void)
{
    const struct sockaddr_in loopback = {
        .sin_family = AF_INET,
        .sin_addr = {htonl(INADDR_LOOPBACK)},
    };
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(listener, (const struct sockaddr *)&loopback, sizeof(loopback)), 0);
    assert_int_equal(listen(listener, 1), 0);
    return listener;
}

static void connect_all(struct both *all, size_t count)
{
    const int listener = listen_anywhere();
    const struct sockaddr_in to = address_of(listener);

    for (size_t i = 0; i < count; i++) {
        all[i].client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(all[i].client, (const struct sockaddr *)&to, sizeof(to)), 0);
        all[i].server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        assert_true(all[i].server >= 0);
        all[i].client_port = address_of(all[i].client).sin_port;
        all[i].server_port = to.sin_port;
    }
    close(listener);
}

static void close_all(const struct both *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        close(all[i].client);
        close(all[i].server);
    }
}

static bool is_alive(const struct both *both)
{
    char byte = 'b';

    return send(both->client, &byte, 1, MSG_NOSIGNAL) == 1 && recv(both->server, &byte, 1, 0) == 1;
}

static bool was_reset(const struct both *both)
{
    char byte;

    return recv(both->client, &byte, 1, 0) == -1 && errno == ECONNABORTED &&
           recv(both->server, &byte, 1, 0) == -1 && errno == ECONNRESET;
}

static struct table read_table(void)
{
    const struct table_wish wish = {
        .families = 1u << CONNECTION_IPV4,
        .states = STATE_BIT(STATE_ESTABLISHED),
    };
    struct table table;

    assert_null(table_read(&wish, &table));
    return table;
}

/* The rows of these clients, all of one server, into pointers. */
static size_t choose(const struct table *table, const struct both *all, size_t count)
{
    static bool is_chosen[UINT16_MAX + 1];
    size_t chosen = 0;

    memset(is_chosen, 0, sizeof(is_chosen));
    for (size_t i = 0; i < count; i++) {
        is_chosen[all[i].client_port] = true;
    }
    for (size_t i = 0; i < table->count; i++) {
        const struct connection *connection = &table->rows[i].connection;

        if (is_chosen[connection->local.port] && connection->remote.port == all->server_port) {
            pointers[chosen++] = &table->rows[i];
        }
    }
    return chosen;
}

static void a_crowd_is_closed_and_every_bystander_lives(void **state)
{
    struct table table;

    (void)state;
    setenv(HOST_PATH_VARIABLE, helper, 1);
    connect_all(victims, VICTIMS);
    connect_all(bystanders, BYSTANDERS);
    table = read_table();
    assert_int_equal(table.count, 2 * (VICTIMS + BYSTANDERS));
    assert_int_equal(choose(&table, victims, VICTIMS), VICTIMS);
    close_rows(VICTIMS);
    expect_kind(0, VICTIMS, ANSWER_CLOSED);
    for (size_t i = 0; i < VICTIMS; i++) {
        assert_true(was_reset(&victims[i]));
    }
    for (size_t i = 0; i < BYSTANDERS; i++) {
        assert_true(is_alive(&bystanders[i]));
    }
    close_rows(VICTIMS);
    expect_kind(0, VICTIMS, ANSWER_NOT_FOUND);
    table_free(&table);
    close_all(victims, VICTIMS);
    close_all(bystanders, BYSTANDERS);
}

static void one_of_another_identity_lives_and_one_without_is_closed(void **state)
{
    struct table table;

    (void)state;
    setenv(HOST_PATH_VARIABLE, helper, 1);
    connect_all(victims, 1);
    table = read_table();
    assert_int_equal(choose(&table, victims, 1), 1);
    rows[0] = *pointers[0];
    pointers[0] = &rows[0];
    rows[0].identity++;
    close_rows(1);
    expect_kind(0, 1, ANSWER_NOT_FOUND);
    assert_true(is_alive(&victims[0]));
    rows[0].identity = 0;
    close_rows(1);
    expect_kind(0, 1, ANSWER_CLOSED);
    table_free(&table);
    close_all(victims, 1);
}

/* Exits with the answer, or 77: it cannot be tried. */
static _Noreturn void start_without_bounding_set(const char *path)
{
    char command[2 * PATH_BYTES];

    snprintf(command, sizeof(command), "setcap cap_net_admin+ep '%s'", path);
    if (setgid(0) != 0 || system(command) != 0 ||
        prctl(PR_CAPBSET_DROP, 12 /* CAP_NET_ADMIN */) != 0 || setuid(USER) != 0) {
        _exit(77);
    }
    setenv(HOST_PATH_VARIABLE, path, 1);
    told_count = 0;
    closer_close(pointers, 1, keep, outcomes);
    _exit((int)outcomes[0].kind);
}

static void where_nobody_can_get_the_capability_that_is_told(void **state)
{
    char folder[] = "/tmp/tcpdrop-test-XXXXXX";
    char path[PATH_BYTES];
    char command[3 * PATH_BYTES];
    pid_t child;
    int status;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/settcpentry-host", folder);
    snprintf(command, sizeof(command), "chmod 755 '%s' && cp '%s' '%s'", folder, helper, path);
    assert_int_equal(system(command), 0);
    child = fork();
    if (child == 0) {
        start_without_bounding_set(path);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    unlink(path);
    rmdir(folder);
    if (status == 77 << 8) {
        print_message("skipped: no file can have a capability here\n");
        skip();
    }
    assert_int_equal(status, ANSWER_NO_CAPABILITY << 8);
}

static void raise_limits(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(for_nothing_no_helper_is_started),
        TEST(each_request_has_its_row_and_goes_in_order),
        TEST(answers_in_pieces_are_put_together),
        TEST(signals_that_interrupt_us_change_nothing),
        TEST(a_helpers_errno_is_told),
        TEST(the_code_is_that_of_the_rows_family),
        TEST(one_that_dies_is_followed_by_another_for_what_it_had_not_been_sent),
        TEST(one_that_dies_within_an_answer_leaves_no_trace_in_the_next_ones),
        TEST(one_that_dies_before_any_answer_is_not_followed),
        TEST(one_that_knows_no_such_option_is_of_another_version),
        TEST(what_makes_no_sense_ends_the_conversation),
        TEST(answers_to_what_has_not_been_asked_do_not_count),
        TEST(one_that_hangs_is_waited_for_once),
        TEST(one_that_stays_when_all_is_answered_is_ended),
        TEST(it_has_no_descriptor_but_the_first_three),
        TEST(it_is_not_ended_by_a_ctrl_c_that_waits_for_us),
        TEST(without_standard_descriptors_nothing_that_is_printed_goes_to_it),
        TEST(why_it_cannot_be_started_is_told),
        TEST(too_few_descriptors_however_few_are_told),
        TEST(one_near_the_program_is_found_if_nobody_else_can_have_put_it_there),
        TEST(words_are_those_of_the_answer_with_the_errno_and_nothing_of_windows),
        TEST(what_would_fail_is_known_before_where_that_can_be),
        TEST(a_helper_is_not_looked_for_in_path),
        TEST(a_crowd_is_closed_and_every_bystander_lives),
        TEST(one_of_another_identity_lives_and_one_without_is_closed),
        TEST(where_nobody_can_get_the_capability_that_is_told),
    };

    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        closer_print_version();
        return 0;
    }
    if (argc != 3) {
        fprintf(stderr, "usage: test_closer_linux FAULTY_STREAM HELPER\n");
        return 2;
    }
    own_path = argv[0];
    faulty = argv[1];
    helper = argv[2];
    raise_limits();
    return cmocka_run_group_tests(tests, make_trace, remove_trace);
}

/* SPDX-License-Identifier: MIT */
/* Whose sockets are they?  The pure parts; then this kernel's table, and this machine's processes. */
#include "owners_linux.h"

#include "testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    USER = 12345,
    LOOKS = 200,
};

#define BOTH (1u << CONNECTION_IPV4 | 1u << CONNECTION_IPV6)

/* ---- pure ---- */

static void only_the_link_of_a_socket_has_an_inode(void **state)
{
    static const struct
    {
        const char *link;
        uint32_t inode;
    } cases[] = {
        {"socket:[1]", 1},
        {"socket:[4294967295]", 4294967295},
        {"socket:[4294967296]", 0},
        {"socket:[99999999999999999999999]", 0},
        {"socket:[]", 0},
        {"socket:[-1]", 0},
        {"socket:[ 1]", 0},
        {"socket:[1", 0},
        {"socket:[1]x", 0},
        {"socket:[1] (deleted)", 0},
        {"socket:", 0},
        {"pipe:[1]", 0},
        {"/tmp/socket:[1]", 0},
        {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(owners_socket_inode(cases[i].link), cases[i].inode);
    }
}

#define CHOOSE(comm, command_line, name_out)                                                       \
    owners_choose_name(comm, command_line, sizeof(command_line) - 1, name_out)

static void a_name_that_linux_has_cut_off_is_made_whole(void **state)
{
    char name[OWNER_NAME_BYTES];

    (void)state;
    CHOOSE("averylonggamena", "C:\\Program Files\\averylonggamename.exe\0-x\0", name);
    assert_string_equal(name, "averylonggamename.exe");
    CHOOSE("averylonggamena", "/opt/averylonggamename\0", name);
    assert_string_equal(name, "averylonggamename");
    CHOOSE("averylonggamena", "averylonggamename", name);
    assert_string_equal(name, "averylonggamename");
    CHOOSE("averylonggamena", "averylonggamename\0/x/y\0", name);
    assert_string_equal(name, "averylonggamename");
    CHOOSE("averylonggamena", "averylonggamena\0", name);
    assert_string_equal(name, "averylonggamena");
}

static void any_other_name_is_as_linux_has_it(void **state)
{
    char name[OWNER_NAME_BYTES];

    (void)state;
    CHOOSE("game", "game.exe\0", name); /* nothing was cut off */
    assert_string_equal(name, "game");
    CHOOSE("averylonggamena", "/bin/sh\0averylonggamename\0", name);
    assert_string_equal(name, "averylonggamena");
    CHOOSE("averylonggamena", "/usr/bin/interpreter-of-games\0", name);
    assert_string_equal(name, "averylonggamena");
    CHOOSE("averylonggamena", "/averylonggamename/x\0", name);
    assert_string_equal(name, "averylonggamena");
    CHOOSE("averylonggamena", "", name);
    assert_string_equal(name, "averylonggamena");
    CHOOSE("", "game.exe\0", name);
    assert_string_equal(name, "");
}

static void a_name_is_clean_and_of_a_length_that_is_known(void **state)
{
    char command_line[2 * OWNER_NAME_BYTES];
    char name[OWNER_NAME_BYTES];

    (void)state;
    CHOOSE("a\x1B[2J\xE2\x80", "", name);
    assert_string_equal(name, "a?[2J??");
    memset(command_line, 'x', sizeof(command_line));
    owners_choose_name("xxxxxxxxxxxxxxx", command_line, OWNER_NAME_BYTES - 1, name);
    assert_int_equal(strlen(name), OWNER_NAME_BYTES - 1);
    owners_choose_name("xxxxxxxxxxxxxxx", command_line, OWNER_NAME_BYTES, name);
    assert_string_equal(name, "xxxxxxxxxxxxxxx");
}

/* ---- connections, both ends of which this process has ---- */

union address
{
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

struct both
{
    int client;
    int server;
    uint16_t client_port; /* network byte order; at the same place for both families */
};

static union address address_of(int socket)
{
    union address address = {0};
    socklen_t bytes = sizeof(address);

    assert_int_equal(getsockname(socket, &address.any, &bytes), 0);
    return address;
}

static union address address(const char *text, uint32_t scope_id)
{
    union address made = {.ipv6 = {.sin6_family = AF_INET6, .sin6_scope_id = scope_id}};

    if (!strchr(text, ':')) {
        made = (union address){.ipv4 = {.sin_family = AF_INET}};
    }
    assert_true(inet_pton(made.any.sa_family, text,
                          strchr(text, ':') ? (void *)&made.ipv6.sin6_addr
                                            : (void *)&made.ipv4.sin_addr) == 1);
    return made;
}

/* Descriptors that a new program inherits. */
static struct both connect_both(const char *text, uint32_t scope_id)
{
    union address to = address(text, scope_id);
    const int listener = socket(to.any.sa_family, SOCK_STREAM, 0);
    struct both both;

    assert_int_equal(bind(listener, &to.any, sizeof(to)), 0);
    assert_int_equal(listen(listener, 1), 0);
    to.ipv6.sin6_port = address_of(listener).ipv6.sin6_port;
    both.client = socket(to.any.sa_family, SOCK_STREAM, 0);
    assert_int_equal(connect(both.client, &to.any, sizeof(to)), 0);
    both.server = accept(listener, NULL, NULL);
    assert_true(both.server >= 0);
    both.client_port = address_of(both.client).ipv6.sin6_port;
    close(listener);
    return both;
}

static void close_both(const struct both *both)
{
    close(both->client);
    close(both->server);
}

/* ---- what the table says of the client's end ---- */

static struct table read_table(void)
{
    const struct table_wish wish = {.families = BOTH, .states = STATES_ALL, .owners = true};
    struct table table;
    const char *wrong = table_read(&wish, &table);

    if (wrong) {
        fail_msg("%s", wrong);
    }
    return table;
}

static const struct table_row *find(const struct table *table, uint16_t local_port)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].connection.local.port == local_port) {
            return &table->rows[i];
        }
    }
    return NULL;
}

static const struct table_owner *owner(const struct table *table, const struct table_row *row,
                                       size_t index)
{
    assert_true(index < row->owners && row->first_owner + index < table->owner_count);
    return &table->owners[row->first_owner + index];
}

/* Exactly these processes, of which second is 0 if there is but one. */
static void expect_owners(uint16_t local_port, pid_t first, pid_t second)
{
    struct table table = read_table();
    const struct table_row *row = find(&table, local_port);

    assert_non_null(row);
    assert_int_equal(row->owners, second == 0 ? 1 : 2);
    assert_int_equal(owner(&table, row, 0)->process, first);
    if (second != 0) {
        assert_int_equal(owner(&table, row, 1)->process, second);
    }
    table_free(&table);
}

/* ---- other processes, each a child of this one that lives until it is told ---- */

struct other
{
    pid_t process;
    int control;
};

static void be_ready(int control)
{
    char byte = 'r';

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (write(control, &byte, 1) != 1) {
        _exit(98);
    }
}

static void wait_until_told(int control)
{
    char byte;

    _exit(read(control, &byte, 1) == 1 ? 0 : 99);
}

/* Its part of the control is 3 or above; NULL: it does nothing but live. */
static struct other start(void (*be)(int control))
{
    struct other other;
    int ends[2];
    char byte;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    other.process = fork();
    assert_true(other.process >= 0);
    if (other.process == 0) {
        close(ends[1]);
        if (be) {
            be(ends[0]);
        }
        be_ready(ends[0]);
        wait_until_told(ends[0]);
    }
    close(ends[0]);
    other.control = ends[1];
    assert_int_equal(read(other.control, &byte, 1), 1);
    return other;
}

static void stop(const struct other *other)
{
    close(other->control);
    kill(other->process, SIGKILL);
    waitpid(other->process, NULL, 0);
}

/* ---- tests of real ones ---- */

static void an_ipv4_connection_over_ipv6_sockets_is_a_row_of_ipv4_with_its_owner(void **state)
{
    const struct both both = connect_both("::ffff:127.0.0.1", 0);
    struct table table = read_table();
    const struct table_row *row = find(&table, both.client_port);
    static const uint8_t loopback[16] = {127, 0, 0, 1};

    (void)state;
    assert_non_null(row);
    assert_int_equal(row->connection.family, CONNECTION_IPV4);
    assert_memory_equal(row->connection.local.address, loopback, 16);
    assert_memory_equal(row->connection.remote.address, loopback, 16);
    assert_int_equal(row->state, STATE_ESTABLISHED);
    assert_true(row->identity != 0);
    table_free(&table);
    expect_owners(both.client_port, getpid(), 0);
    close_both(&both);
}

static void a_listener_and_what_it_has_not_accepted_yet_are_rows_the_latter_nobodys(void **state)
{
    union address to = address("::1", 0);
    const int listener = socket(AF_INET6, SOCK_STREAM, 0);
    const int client = socket(AF_INET6, SOCK_STREAM, 0);
    const struct table_row *row;
    struct table table;
    size_t rows = 0;

    (void)state;
    assert_int_equal(bind(listener, &to.any, sizeof(to)), 0);
    assert_int_equal(listen(listener, 1), 0);
    to = address_of(listener);
    assert_int_equal(connect(client, &to.any, sizeof(to)), 0);
    table = read_table();
    for (size_t i = 0; i < table.count; i++) {
        row = &table.rows[i];
        if (row->connection.local.port == to.ipv6.sin6_port) {
            assert_int_equal(row->owners, row->state == STATE_LISTEN ? 1 : 0);
            rows++;
        }
    }
    assert_int_equal(rows, 2);
    table_free(&table);
    close(listener);
    close(client);
}

static void a_link_local_connection_has_the_scope_of_its_interface(void **state)
{
    struct both both;
    struct table table;
    const struct table_row *row;
    uint32_t scope_id;

    (void)state;
    if (system("ip link add scoped type bridge && ip link set scoped up && "
               "ip addr add fe80::abcd/64 dev scoped nodad") != 0) {
        print_message("skipped: no interface can be made here\n");
        skip();
    }
    scope_id = if_nametoindex("scoped");
    both = connect_both("fe80::abcd", scope_id);
    table = read_table();
    row = find(&table, both.client_port);
    assert_non_null(row);
    assert_int_equal(row->connection.local.scope_id, scope_id);
    assert_int_equal(row->connection.remote.scope_id, scope_id);
    table_free(&table);
    close_both(&both);
    assert_int_equal(system("ip link del scoped"), 0);
}

static void all_processes_that_share_a_socket_are_its_owners(void **state)
{
    const struct both both = connect_both("127.0.0.1", 0);
    const struct other child = start(NULL);

    (void)state;
    expect_owners(both.client_port, getpid() < child.process ? getpid() : child.process,
                  getpid() < child.process ? child.process : getpid());
    stop(&child);
    expect_owners(both.client_port, getpid(), 0);
    close_both(&both);
}

static void one_with_several_descriptors_of_a_socket_is_one_owner(void **state)
{
    const struct both both = connect_both("127.0.0.1", 0);
    const int again = dup(both.client);

    (void)state;
    expect_owners(both.client_port, getpid(), 0);
    close(again);
    close_both(&both);
}

static const char *own_path;

/* As Wine's loader does: the program's Windows path is where the first argument was. */
static void become_game(int control)
{
    char descriptor[16];

    snprintf(descriptor, sizeof(descriptor), "%d", control);
    execl(own_path, "C:\\Games\\averylonggamename.exe", "--game", descriptor, NULL);
    _exit(97);
}

static int be_game(const char *descriptor)
{
    const int control = (int)strtol(descriptor, NULL, 10);

    prctl(PR_SET_NAME, "averylonggamename.exe");
    be_ready(control);
    wait_until_told(control);
    return 0;
}

static void a_program_of_wines_has_its_windows_name(void **state)
{
    const struct both both = connect_both("127.0.0.1", 0);
    const struct other game = start(become_game);
    struct table table = read_table();
    const struct table_row *row = find(&table, both.client_port);
    bool is_named = false;

    (void)state;
    assert_non_null(row);
    assert_int_equal(row->owners, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct table_owner *one = owner(&table, row, i);

        is_named = is_named || (one->process == (uint32_t)game.process &&
                                strcmp(one->name, "averylonggamename.exe") == 0);
    }
    assert_true(is_named);
    table_free(&table);
    stop(&game);
    close_both(&both);
}

static int thread_control;

static void *live_on(void *unused)
{
    char status;
    FILE *leader;
    char path[64];

    (void)unused;
    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)getpid());
    do { /* until the first thread has ended */
        leader = fopen(path, "re");
        if (!leader || fscanf(leader, "%*d (%*[^)]) %c", &status) != 1) {
            _exit(96);
        }
        fclose(leader);
    } while (status != 'Z');
    be_ready(thread_control);
    wait_until_told(thread_control);
    return NULL;
}

static void leave_it_to_a_thread(int control)
{
    pthread_t thread;

    thread_control = control;
    prctl(PR_SET_NAME, "of_threads");
    if (pthread_create(&thread, NULL, live_on, NULL) == 0) {
        pthread_exit(NULL);
    }
}

/* Only that process has the client's end then. */
static void expect_owner_by_threads(void)
{
    const struct both both = connect_both("127.0.0.1", 0);
    const struct other child = start(leave_it_to_a_thread);
    const struct table_row *row;
    struct table table;

    close(both.client);
    table = read_table();
    row = find(&table, both.client_port);
    assert_non_null(row);
    assert_int_equal(row->owners, 1);
    assert_int_equal(owner(&table, row, 0)->process, child.process);
    assert_string_equal(owner(&table, row, 0)->name, "of_threads");
    table_free(&table);
    stop(&child);
    close(both.server);
}

static void a_process_whose_first_thread_has_ended_is_an_owner_by_its_name(void **state)
{
    (void)state;
    expect_owner_by_threads();
}

/* ---- as an ordinary user ---- */

/* False: there is no other user here. */
static bool become_user(void)
{
    /* After setuid not even one's own descriptors are to be seen. */
    return setgid(USER) == 0 && setuid(USER) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0;
}

#define SKIP_IF_THERE_IS_NONE(status)                                                              \
    if ((status) == 77 << 8) {                                                                     \
        print_message("skipped: there is no other user here\n");                                   \
        skip();                                                                                    \
    }

/* Exits with 0 if of these two the own one has an owner. */
static _Noreturn void look_as_user(const struct both *own, const struct both *roots)
{
    struct table table;
    const struct table_row *row;
    const struct table_row *other;

    if (!become_user()) {
        _exit(77);
    }
    table = read_table();
    row = find(&table, own->client_port);
    other = find(&table, roots->client_port);
    _exit(!row || !other || row->owners != 1 || other->owners != 0 ? 1 : 0);
}

static void an_ordinary_user_sees_own_owners_and_everybodys_rows(void **state)
{
    const struct both roots = connect_both("127.0.0.1", 0);
    struct both own;
    pid_t child;
    int status;

    (void)state;
    child = fork();
    if (child == 0) {
        own = connect_both("127.0.0.1", 0);
        close_both(&roots);
        look_as_user(&own, &roots);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    SKIP_IF_THERE_IS_NONE(status);
    assert_int_equal(status, 0);
    close_both(&roots);
}

static void so_does_one_whose_processs_first_thread_has_ended(void **state)
{
    const pid_t child = fork();
    int status;

    (void)state;
    if (child == 0) {
        if (!become_user()) {
            _exit(77);
        }
        expect_owner_by_threads();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    SKIP_IF_THERE_IS_NONE(status);
    assert_int_equal(status, 0);
}

/* Children of which some are always ending, until it is killed. */
static void come_and_go(int control)
{
    be_ready(control);
    for (;;) {
        if (fork() == 0) {
            _exit(0);
        }
        waitpid(-1, NULL, 0);
    }
}

static void processes_that_come_and_go_meanwhile_do_no_harm(void **state)
{
    const struct both both = connect_both("127.0.0.1", 0);
    const struct other child = start(come_and_go);

    (void)state;
    for (int i = 0; i < LOOKS; i++) {
        struct table table = read_table();
        const struct table_row *row = find(&table, both.client_port);
        bool is_ours = false;

        assert_non_null(row);
        for (size_t k = 0; k < row->owners; k++) {
            is_ours = is_ours || owner(&table, row, k)->process == (uint32_t)getpid();
        }
        assert_true(is_ours);
        table_free(&table);
    }
    stop(&child);
    close_both(&both);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_link_of_a_socket_has_an_inode),
        cmocka_unit_test(a_name_that_linux_has_cut_off_is_made_whole),
        cmocka_unit_test(any_other_name_is_as_linux_has_it),
        cmocka_unit_test(a_name_is_clean_and_of_a_length_that_is_known),
        cmocka_unit_test(an_ipv4_connection_over_ipv6_sockets_is_a_row_of_ipv4_with_its_owner),
        cmocka_unit_test(a_listener_and_what_it_has_not_accepted_yet_are_rows_the_latter_nobodys),
        cmocka_unit_test(a_link_local_connection_has_the_scope_of_its_interface),
        cmocka_unit_test(all_processes_that_share_a_socket_are_its_owners),
        cmocka_unit_test(one_with_several_descriptors_of_a_socket_is_one_owner),
        cmocka_unit_test(a_program_of_wines_has_its_windows_name),
        cmocka_unit_test(a_process_whose_first_thread_has_ended_is_an_owner_by_its_name),
        cmocka_unit_test(an_ordinary_user_sees_own_owners_and_everybodys_rows),
        cmocka_unit_test(so_does_one_whose_processs_first_thread_has_ended),
        cmocka_unit_test(processes_that_come_and_go_meanwhile_do_no_harm),
    };

    if (argc == 3 && strcmp(argv[1], "--game") == 0) {
        return be_game(argv[2]);
    }
    own_path = argv[0];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "soak.h"

#include "testing.h"

#include "helpers.h"
#include "under_wine.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum
{
    PATIENCE_MS = 20000,
    BACKLOG = 4096,
    PATH_CHARS = 64,
    TICK_US = 1000,
};

uint32_t soak_size(const char *argument)
{
    const uint32_t size = (uint32_t)strtoul(argument, NULL, 10);

    return getenv("SETTCPENTRY_EMULATED") ? (size + 9) / 10 : size;
}

long soak_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- boards ---- */

static const char *path_of(const char *name, char path_out[PATH_CHARS])
{
    snprintf(path_out, PATH_CHARS, "/dev/shm/soak-%s", name);
    return path_out;
}

struct board *board_make(const char *name, uint32_t size)
{
    char path[PATH_CHARS];
    const int file =
        open(path_of(name, path), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    struct board *board;

    assert_true(file >= 0);
    assert_int_equal(fchmod(file, 0666), 0); /* programs may be another user's */
    assert_int_equal(ftruncate(file, (off_t)board_bytes(size)), 0);
    board = mmap(NULL, board_bytes(size), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_true(board != MAP_FAILED);
    close(file);
    board->size = size;
    return board;
}

void board_end(struct board *board, const char *name)
{
    char path[PATH_CHARS];

    munmap(board, board_bytes(board->size));
    unlink(path_of(name, path));
}

pid_t board_start(const char *caller, const char *name, int threads)
{
    char path[PATH_CHARS];
    char windows_path[PATH_CHARS + 2];
    char count[16];
    const char *const arguments[] = {windows_path, count, NULL};
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t program;

    snprintf(windows_path, sizeof(windows_path), "Z:%s", path_of(name, path));
    snprintf(count, sizeof(count), "%d", threads);
    program = wine_start(caller, arguments, nowhere);
    close(nowhere);
    assert_true(program > 0);
    return program;
}

void board_post(struct board_call *call, const struct connection *connection)
{
    call->connection = *connection;
    call->answers = 0;
    __atomic_store_n(&call->turn, BOARD_POSTED, __ATOMIC_RELEASE);
}

/* ---- connections ---- */

static void own_name(int end, union pair_address *address_out)
{
    socklen_t size = sizeof(*address_out);

    *address_out = (union pair_address){0};
    assert_int_equal(getsockname(end, &address_out->any, &size), 0);
}

static struct connection_end connection_end_of(const union pair_address *address)
{
    struct connection_end end = {0};

    if (address->any.sa_family == AF_INET) {
        end.port = address->ipv4.sin_port;
        memcpy(end.address, &address->ipv4.sin_addr, sizeof(address->ipv4.sin_addr));
    } else {
        end.port = address->ipv6.sin6_port;
        memcpy(end.address, &address->ipv6.sin6_addr, sizeof(end.address));
    }
    return end;
}

struct connection ends_connection(int end)
{
    union pair_address local;
    union pair_address remote = {0};
    socklen_t size = sizeof(remote);

    own_name(end, &local);
    assert_int_equal(getpeername(end, &remote.any, &size), 0);
    return (struct connection){
        .local = connection_end_of(&local),
        .remote = connection_end_of(&remote),
        .family = local.any.sa_family == AF_INET ? CONNECTION_IPV4 : CONNECTION_IPV6,
    };
}

int ends_listen(const char *address)
{
    const int listener = pair_listen(address);

    assert_int_equal(listen(listener, BACKLOG), 0);
    return listener;
}

static int bind_to(const union pair_address *address)
{
    const int end = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;

    assert_true(end >= 0);
    assert_int_equal(setsockopt(end, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
    assert_int_equal(bind(end, &address->any, sizeof(*address)), 0);
    return end;
}

int ends_bind_like(int end)
{
    union pair_address address;

    own_name(end, &address);
    return bind_to(&address);
}

int ends_make_client(int listener)
{
    union pair_address from;

    own_name(listener, &from);
    if (from.any.sa_family == AF_INET) {
        from.ipv4.sin_port = 0;
    } else {
        from.ipv6.sin6_port = 0;
    }
    return bind_to(&from);
}

int ends_connect(int client, int listener)
{
    union pair_address to;

    own_name(listener, &to);
    return connect(client, &to.any, sizeof(to)) == 0 ? PAIR_ALIVE : errno;
}

int ends_accept(int listener)
{
    const int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

    assert_true(server >= 0);
    return server;
}

struct ends ends_open(int listener)
{
    const int client = ends_make_client(listener);

    assert_int_equal(ends_connect(client, listener), PAIR_ALIVE);
    return (struct ends){client, ends_accept(listener)};
}

int ends_fate(int end)
{
    char byte;
    int error = 0;
    socklen_t size = sizeof(error);

    /* First, since recv hides a reset behind an orderly end that came before it. */
    assert_int_equal(getsockopt(end, SOL_SOCKET, SO_ERROR, &error, &size), 0);
    if (error != 0) {
        return error;
    }
    if (recv(end, &byte, 1, MSG_DONTWAIT | MSG_PEEK) >= 0) {
        return 0;
    }
    return errno == EAGAIN ? PAIR_ALIVE : errno;
}

int ends_await_fate(int end)
{
    struct pollfd event = {.fd = end, .events = POLLIN};

    poll(&event, 1, PATIENCE_MS);
    return ends_fate(end);
}

/* What one end has to tell the other takes its time on a busy machine. */
bool ends_are_dropped(const struct ends *ends)
{
    int client = ends_fate(ends->client);
    int server = ends_fate(ends->server);

    if (client == ECONNABORTED && server == PAIR_ALIVE) {
        server = ends_await_fate(ends->server);
    }
    if (server == ECONNABORTED && client == PAIR_ALIVE) {
        client = ends_await_fate(ends->client);
    }
    return (client == ECONNABORTED && server == ECONNRESET) ||
           (client == ECONNRESET && server == ECONNABORTED);
}

void ends_close_end(int end)
{
    const struct linger at_once = {.l_onoff = 1};

    setsockopt(end, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(end);
}

void ends_close(const struct ends *ends)
{
    ends_close_end(ends->client);
    ends_close_end(ends->server);
}

static bool goes_through(int from, int to)
{
    struct pollfd there = {.fd = to, .events = POLLIN};
    char byte = 'b';

    return send(from, &byte, 1, MSG_NOSIGNAL) == 1 && poll(&there, 1, PATIENCE_MS) == 1 &&
           recv(to, &byte, 1, 0) == 1;
}

bool ends_are_alive(const struct ends *ends)
{
    return goes_through(ends->client, ends->server) && goes_through(ends->server, ends->client);
}

bool ends_listens(int listener)
{
    int listens = 0;
    socklen_t size = sizeof(listens);

    return getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens;
}

bool soak_is_in_time(uint32_t longest_ms)
{
    return longest_ms <=
           SOAK_LIMIT_MS + (getenv("SETTCPENTRY_EMULATED") ? 4 : 1) * (uint32_t)SOAK_SLACK_MS;
}

/* ---- the end ---- */

static void say_left(pid_t process)
{
    print_message("left over: process %d\n", (int)process);
}

bool soak_leaves_no_helper(void)
{
    glob_t files;

    if (!helpers_are_waited_for()) {
        print_message("left over: a helper that nobody waited for\n");
        return false;
    }
    if (helpers_are_gone()) {
        return true;
    }
    helpers_each_process("settcpentry-hos", say_left);
    if (glob("/dev/shm/settcpentry-*", 0, NULL, &files) == 0) {
        for (size_t i = 0; i < files.gl_pathc; i++) {
            print_message("left over: %s\n", files.gl_pathv[i]);
        }
        globfree(&files);
    }
    return false;
}

bool soak_leaves_nothing(void)
{
    const long start = soak_milliseconds();
    pid_t ended = 0;

    if (!soak_leaves_no_helper()) {
        return false;
    }
    while (ended >= 0 && soak_milliseconds() - start < PATIENCE_MS) {
        ended = waitpid(-1, NULL, WNOHANG);
        usleep(ended == 0 ? TICK_US : 0);
    }
    return ended < 0;
}

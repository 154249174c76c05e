/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum
{
    LINES_AT_ONCE = 50,
    LINES_A_SECOND = 10,
    LINE_BYTES = 512, /* a pipe takes so many whole or not at all */
    WHAT_CHARS = 400,
    ADDRESS_CHARS = INET6_ADDRSTRLEN + 8,
};

static bool is_begun;
static int lines_allowed = LINES_AT_ONCE;
static time_t allowed_at;
static unsigned long left_out;

/* An opening of our own that does not block: that flag is shared with whoever shares the opening.  A
 * socket can be asked not to block each time, and cannot be opened so. */
void journal_begin(void)
{
    const int own =
        open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (own >= 0) {
        dup2(own, STDERR_FILENO);
        close(own);
    }
    signal(SIGPIPE, SIG_IGN);
    is_begun = true;
}

static bool is_allowed(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - allowed_at > LINES_AT_ONCE / LINES_A_SECOND) {
        lines_allowed = LINES_AT_ONCE;
    } else {
        lines_allowed += (int)(now.tv_sec - allowed_at) * LINES_A_SECOND;
        lines_allowed = lines_allowed < LINES_AT_ONCE ? lines_allowed : LINES_AT_ONCE;
    }
    allowed_at = now.tv_sec;
    return lines_allowed > 0;
}

/* Where neither our own opening nor a socket was to be had, poll tells whether it would block. */
static bool put(const char *line)
{
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    const size_t bytes = strlen(line);
    ssize_t written;

    if (poll(&room, 1, 0) != 1 || !(room.revents & POLLOUT)) {
        return false;
    }
    written = send(STDERR_FILENO, line, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0 && errno == ENOTSOCK) {
        written = write(STDERR_FILENO, line, bytes);
    }
    return written == (ssize_t)bytes;
}

static void say(const char *what)
{
    char line[LINE_BYTES];
    char before[64] = "";

    if (!is_begun) {
        return;
    }
    if (left_out > 0) {
        snprintf(before, sizeof(before), "(%lu lines left out) ", left_out);
    }
    snprintf(line, sizeof(line), "settcpentry-host: %s%s\n", before, what);
    if (is_allowed() && put(line)) {
        lines_allowed--;
        left_out = 0;
    } else {
        left_out++;
    }
}

static const char *end_text(uint32_t family, const struct connection_end *end,
                            char text_out[ADDRESS_CHARS])
{
    const bool is_ipv6 = family == CONNECTION_IPV6;
    char bare[INET6_ADDRSTRLEN];

    inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, end->address, bare, sizeof(bare));
    snprintf(text_out, ADDRESS_CHARS, is_ipv6 ? "[%s]:%u" : "%s:%u", bare, ntohs(end->port));
    return text_out;
}

void journal_answer(const char *page, const struct connection *connection, struct answer answer)
{
    static const char *const reasons[] = {
#define HELPER_ANSWER(name, where, codes, status, reason, ...) [ANSWER_##name] = reason,
#include "../../def/answers.inc"
    };
    char local[ADDRESS_CHARS];
    char remote[ADDRESS_CHARS];
    char what[WHAT_CHARS];

    if (answer.kind == ANSWER_NOT_FOUND) {
        return;
    }
    end_text(connection->family, &connection->local, local);
    end_text(connection->family, &connection->remote, remote);
    snprintf(what, sizeof(what), "%s %s - %s for %s of uid %u: %s%s%s",
             answer.kind == ANSWER_CLOSED ? "closed" : "did not close", local, remote, page,
             getuid(), reasons[answer.kind], answer.detail ? ": " : "",
             answer.detail ? strerror((int)answer.detail) : "");
    say(what);
}

void journal_refusal(const char *page, int error)
{
    char what[WHAT_CHARS];

    snprintf(what, sizeof(what), "does not serve %s of uid %u: %s", page, getuid(),
             strerror(error));
    say(what);
}

void journal_folder(const char *folder, int error)
{
    char what[WHAT_CHARS];

    snprintf(what, sizeof(what), "%s in %s%s%s", error ? "does not serve" : "serves", folder,
             error ? ": " : "", error ? strerror(error) : "");
    say(what);
}

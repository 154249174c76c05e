/* SPDX-License-Identifier: MIT */
/*
 * The input is what a helper reads from a pipe, in what pieces, and how its pipes fail.  The kernel's list of
 * connections is tests/host/fake_diag.c.
 */
#include "fuzz_kernel.h"

#include "host/stream.h"

#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
    AT_ONCE = 2 * HOST_REQUESTS_AT_ONCE,
    REQUESTS = 3 * HOST_REQUESTS_AT_ONCE,
};

static struct input input;
static uid_t user;
static size_t complaints;

/* What the helper has read, has not read yet, and has written. */
static union
{
    struct host_request requests[REQUESTS];
    uint8_t bytes[REQUESTS * sizeof(struct host_request)];
} asked;
static size_t asked_bytes;
static size_t read_bytes;
static int read_error;

static union
{
    struct host_answer answers[REQUESTS];
    uint8_t bytes[REQUESTS * sizeof(struct host_answer)];
} answered;
static size_t answered_bytes;
static int write_error;

/* ---- in place of the C library's, whose names the parameters have ---- */

uid_t getuid(void)
{
    return user;
}

/* A request, or any bytes; nothing where the input ends. */
static void ask_more(void)
{
    uint8_t *part;
    size_t bytes;

    if (input.left == 0 || sizeof(asked.bytes) - asked_bytes < 2 * sizeof(struct host_request)) {
        return;
    }
    if (take_byte(&input) & 1) {
        const struct host_request request = any_request(&input, take_byte(&input));

        memcpy(asked.bytes + asked_bytes, &request, sizeof(request));
        asked_bytes += sizeof(request);
        return;
    }
    part = take_part(&input, &bytes);
    bytes = bytes < sizeof(struct host_request) ? bytes : sizeof(struct host_request);
    memcpy(asked.bytes + asked_bytes, part, bytes);
    asked_bytes += bytes;
    free(part);
}

static bool fails(uint8_t flags, int *error_out)
{
    static const int errors[] = {EINTR, EIO, EPIPE, ENOSPC};

    if (flags < 0xF0) {
        return false;
    }
    errno = errors[flags % (sizeof(errors) / sizeof(errors[0]))];
    *error_out = errno == EINTR ? *error_out : errno;
    return true;
}

ssize_t read(int fd, void *buf, size_t nbytes)
{
    size_t bytes;

    if (fd != STDIN_FILENO) {
        return syscall(SYS_read, fd, buf, nbytes);
    }
    promise(nbytes > 0 && read_error == 0 && write_error == 0);
    if (fails(take_byte(&input), &read_error)) {
        return -1;
    }
    for (size_t more = take_below(&input, AT_ONCE) + 1; more > 0; more--) {
        ask_more();
    }
    bytes = asked_bytes - read_bytes;
    bytes = bytes > nbytes ? nbytes : bytes;
    bytes -= bytes > 1 ? take_byte(&input) % bytes : 0; /* at least one is read, if there is one */
    memcpy(buf, asked.bytes + read_bytes, bytes);
    read_bytes += bytes;
    return (ssize_t)bytes;
}

ssize_t write(int fd, const void *buf, size_t n)
{
    size_t bytes = n;

    if (fd != STDOUT_FILENO) {
        return syscall(SYS_write, fd, buf, n);
    }
    promise(n > 0 && n <= sizeof(answered.bytes) - answered_bytes);
    promise(read_error == 0 && write_error == 0);
    if (fails(take_byte(&input), &write_error)) {
        return -1;
    }
    bytes -= take_byte(&input) % bytes;
    memcpy(answered.bytes + answered_bytes, buf, bytes);
    answered_bytes += bytes;
    return (ssize_t)bytes;
}

/* Complaints, of which there would be many. */
int fprintf(FILE *stream, const char *format, ...)
{
    (void)format;
    promise(stream == stderr);
    complaints++;
    return 0;
}

/* ---- what is promised ---- */

static void promise_answer(const struct host_request *request, const struct host_answer *answer)
{
    const bool is_request =
        request->version == HOST_VERSION && (request->connection.family == CONNECTION_IPV4 ||
                                             request->connection.family == CONNECTION_IPV6);

    promise(answer->version == HOST_VERSION && answer->id == request->id);
    promise(answer_is_helpers(answer->kind));
    promise((answer->kind == ANSWER_BAD_REQUEST) == !is_request);
    promise((answer->detail != 0) == (answer->kind == ANSWER_SYSTEM_CALL_FAILED));
}

static bool was_asked_for(const struct diag_socket *socket)
{
    for (size_t i = 0; i < read_bytes / sizeof(struct host_request); i++) {
        if (asked.requests[i].version == HOST_VERSION && asks_for(&asked.requests[i], socket)) {
            return true;
        }
    }
    return false;
}

static void promise_only_what_they_may(void)
{
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        if (fake_diag.destroyed[i]) {
            promise(was_asked_for(&kernel.sockets[i]));
            promise_may_close(user, &kernel.sockets[i]);
        }
    }
}

static bool is_orderly(void)
{
    if (write_error != 0) {
        return write_error == EPIPE;
    }
    return read_error == 0 && read_bytes % sizeof(struct host_request) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t answers;
    int status;

    input = (struct input){data, size};
    asked_bytes = read_bytes = answered_bytes = complaints = 0;
    read_error = write_error = 0;
    any_kernel(&input, take_byte(&input));
    user = any_user(&input);
    status = stream_serve();
    answers = answered_bytes / sizeof(struct host_answer);
    for (size_t i = 0; i < answers; i++) {
        promise_answer(&asked.requests[i], &answered.answers[i]);
    }
    promise(write_error != 0 || answers == read_bytes / sizeof(struct host_request));
    promise_only_what_they_may();
    promise(status == (is_orderly() ? 0 : 1) && complaints == (is_orderly() ? 0 : 1));
    return 0;
}

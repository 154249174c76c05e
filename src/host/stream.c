/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include "../common/protocol.h"
#include "destroy.h"
#include "diag.h"
#include "sandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct stream
{
    union
    {
        struct host_request requests[HOST_REQUESTS_AT_ONCE];
        char bytes[HOST_REQUESTS_AT_ONCE * sizeof(struct host_request)];
    } input;
    size_t input_bytes; /* that have come, and are not answered yet */
    uid_t user;
    int cannot_serve; /* an errno, why nobody can be */
};

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "settcpentry-host: %s: %s\n", what, why);
    return 1;
}

static struct answer act(const struct stream *stream, const struct host_request *request)
{
    if (request->version != HOST_VERSION) {
        return answer_of(ANSWER_BAD_REQUEST);
    }
    if (stream->cannot_serve != 0) {
        return (struct answer){ANSWER_SYSTEM_CALL_FAILED, (uint32_t)stream->cannot_serve};
    }
    return destroy_connection(&request->connection, host_identity(request), stream->user);
}

static struct host_answer answer(const struct stream *stream, const struct host_request *request)
{
    const struct answer answer = act(stream, request);

    return (struct host_answer){
        .version = HOST_VERSION,
        .kind = (uint16_t)answer.kind,
        .id = request->id,
        .detail = answer.detail,
    };
}

/* More of the input, as much as there is; what read returns, and errno. */
static ssize_t read_more(struct stream *stream)
{
    char *end = stream->input.bytes + stream->input_bytes;
    ssize_t got;

    do {
        got = read(STDIN_FILENO, end, sizeof(stream->input.bytes) - stream->input_bytes);
    } while (got < 0 && errno == EINTR);
    stream->input_bytes += got > 0 ? (size_t)got : 0;
    return got;
}

static bool write_all(const void *bytes, size_t count)
{
    const char *at = bytes;

    while (count > 0) {
        const ssize_t put = write(STDOUT_FILENO, at, count);

        if (put < 0 && errno != EINTR) {
            return false;
        }
        at += put > 0 ? put : 0;
        count -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* All that have come as a whole; what has come of the next one stays. */
static bool answer_those_that_came(struct stream *stream)
{
    struct host_answer answers[HOST_REQUESTS_AT_ONCE];
    const size_t count = stream->input_bytes / sizeof(struct host_request);
    const size_t bytes = count * sizeof(struct host_request);

    for (size_t i = 0; i < count; i++) {
        answers[i] = answer(stream, &stream->input.requests[i]);
    }
    stream->input_bytes -= bytes;
    memmove(stream->input.bytes, stream->input.bytes + bytes, stream->input_bytes);
    return write_all(answers, count * sizeof(answers[0]));
}

int stream_serve(void)
{
    struct stream stream = {.user = getuid(), .cannot_serve = diag_open()};
    ssize_t got;

    signal(SIGPIPE, SIG_IGN);
    if (!sandbox_enter(SANDBOX_STREAM, NULL, 0)) {
        return complain("cannot enter the sandbox", strerror(errno));
    }
    while ((got = read_more(&stream)) > 0) {
        if (!answer_those_that_came(&stream)) {
            return errno == EPIPE ? 0 : complain("standard output", strerror(errno));
        }
    }
    if (got < 0) {
        return complain("standard input", strerror(errno));
    }
    return stream.input_bytes > 0 ? complain("standard input", "it ends within a request") : 0;
}

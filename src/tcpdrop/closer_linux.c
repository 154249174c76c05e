/* SPDX-License-Identifier: MIT */
#include "closer.h"

#include "../common/protocol.h"
#include "child_linux.h"
#include "helper_place_linux.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER "settcpentry-host"

enum
{
    ON_THE_WAY = 4 * HOST_REQUESTS_AT_ONCE, /* at most */
    CHECK_BYTES = 512,
    HELPER_MISUSED = 2, /* its exit status where it does not know its options */
};

/* ---- starting it ---- */

static struct answer not_started(int error)
{
    static const struct
    {
        int error;
        struct answer answer;
    } answers[] = {
        {ENOENT, {ANSWER_NO_HELPER, 0}},
        {EPERM, {ANSWER_NO_CAPABILITY, 0}}, /* the file has it, but nobody can get it here */
        {EAGAIN, {ANSWER_NO_RESOURCES, EAGAIN}},
        {ENOMEM, {ANSWER_NO_RESOURCES, ENOMEM}},
        {EMFILE, {ANSWER_NO_RESOURCES, EMFILE}},
        {ENFILE, {ANSWER_NO_RESOURCES, ENFILE}},
    };

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (answers[i].error == error) {
            return answers[i].answer;
        }
    }
    return (struct answer){ANSWER_HELPER_NOT_PROGRAM, (uint32_t)error};
}

/* ANSWER_NONE: it runs. */
static struct answer start(const char *const arguments[], struct child *helper_out)
{
    const char *path = helper_place();
    int error = ENOENT;

    if (path && *path == '/') { /* or it would be looked for in $PATH */
        error = child_start(path, arguments, helper_out);
    }
    return error == 0 ? answer_of(ANSWER_NONE) : not_started(error);
}

/* ---- talking to it ---- */

/* Requests go in their order, and so do answers come. */
struct exchange
{
    const struct table_row *const *rows;
    size_t count;
    closer_told_func *tell;
    void *told;
    struct host_request *requests; /* of all rows */
    size_t sent;                   /* bytes of them */
    size_t answered;               /* rows of which has been told what became of them */
    union
    {
        struct host_answer answers[HOST_REQUESTS_AT_ONCE];
        char bytes[HOST_REQUESTS_AT_ONCE * sizeof(struct host_answer)];
    } input;
    size_t input_bytes; /* that have come, and are not told yet */
};

static struct closer_outcome outcome_of(const struct table_row *row, struct answer answer)
{
    const uint32_t code = answer_code(answer, row->connection.family);

    return (struct closer_outcome){
        .code = code,
        .last_error = code == 0 ? 0 : answer_last_error(answer),
        .kind = answer.kind,
        .detail = answer.detail,
    };
}

/* What became of the rows that have not been told of yet, before this one. */
static void tell_until(struct exchange *exchange, size_t end, struct answer answer)
{
    for (; exchange->answered < end; exchange->answered++) {
        const struct closer_outcome outcome =
            outcome_of(exchange->rows[exchange->answered], answer);

        exchange->tell(exchange->told, exchange->answered, &outcome);
    }
}

static size_t sent_whole(const struct exchange *exchange)
{
    return exchange->sent / sizeof(struct host_request);
}

/* How far requests may go now, in bytes. */
static size_t may_be_sent(const struct exchange *exchange)
{
    const size_t end = exchange->answered + ON_THE_WAY;

    return (end < exchange->count ? end : exchange->count) * sizeof(struct host_request);
}

/* As much as there is room for.  Where nobody reads any more, what is left to be read tells why. */
static void send_some(struct exchange *exchange, int socket)
{
    const ssize_t bytes = send(socket, (const char *)exchange->requests + exchange->sent,
                               may_be_sent(exchange) - exchange->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

    exchange->sent += bytes > 0 ? (size_t)bytes : 0;
}

/* Of the row that is to be answered next.  ANSWER_NONE: the answer is as it should be, and has been told. */
static struct answer take_answer(struct exchange *exchange, const struct host_answer *came)
{
    if (came->version != HOST_VERSION) {
        return answer_of(ANSWER_OTHER_VERSION);
    }
    if (exchange->answered >= sent_whole(exchange) ||
        came->id != exchange->requests[exchange->answered].id || !answer_is_helpers(came->kind)) {
        return answer_of(ANSWER_NONSENSE);
    }
    tell_until(exchange, exchange->answered + 1,
               (struct answer){
                   .kind = (enum answer_kind)came->kind,
                   .detail = came->kind == ANSWER_SYSTEM_CALL_FAILED ? came->detail : 0,
               });
    return answer_of(ANSWER_NONE);
}

static struct answer hear_some(struct exchange *exchange, int socket)
{
    struct answer failure = answer_of(ANSWER_NONE);
    const ssize_t bytes = recv(socket, exchange->input.bytes + exchange->input_bytes,
                               sizeof(exchange->input) - exchange->input_bytes, MSG_DONTWAIT);
    size_t whole;

    if (bytes <= 0) {
        return answer_of(bytes < 0 && (errno == EAGAIN || errno == EINTR) ? ANSWER_NONE
                                                                          : ANSWER_HELPER_DIED);
    }
    exchange->input_bytes += (size_t)bytes;
    whole = exchange->input_bytes / sizeof(struct host_answer);
    for (size_t i = 0; i < whole && failure.kind == ANSWER_NONE; i++) {
        failure = take_answer(exchange, &exchange->input.answers[i]);
    }
    exchange->input_bytes -= whole * sizeof(struct host_answer);
    memmove(exchange->input.bytes, &exchange->input.answers[whole], exchange->input_bytes);
    return failure;
}

/* The helper may wait until we read: so we never wait for room to write alone.  One that says nothing for too long has
 * failed; but who was stopped meanwhile, perhaps together with it (Ctrl-Z), begins to wait anew. */
static struct answer exchange_some(struct exchange *exchange, int socket)
{
    const bool can_send = exchange->sent < may_be_sent(exchange);
    struct pollfd polled = {.fd = socket, .events = (short)(POLLIN | (can_send ? POLLOUT : 0))};
    struct answer failure = answer_of(ANSWER_NONE);
    const int ready = poll(&polled, 1, HOST_CALL_LIMIT_MS);

    if (ready < 0) {
        return errno == EINTR ? failure : (struct answer){ANSWER_NO_RESOURCES, (uint32_t)errno};
    }
    if (ready == 0) {
        return answer_of(ANSWER_NO_ANSWER);
    }
    if (polled.revents & POLLOUT && can_send) {
        send_some(exchange, socket);
    }
    if (polled.revents & ~POLLOUT) {
        failure = hear_some(exchange, socket);
    }
    return failure;
}

/* It ends by itself, as nothing more is asked. */
static void wait_for_end(int socket)
{
    struct pollfd polled = {.fd = socket, .events = POLLIN};

    shutdown(socket, SHUT_WR);
    poll(&polled, 1, HOST_CALL_LIMIT_MS);
}

/* Has one helper answer as much as it can.  ANSWER_NONE: that was all. */
static struct answer ask_helper(struct exchange *exchange)
{
    const size_t before = exchange->answered;
    struct child helper = {.socket = -1};
    struct answer failure = start((const char *const[]){HELPER, "--stdio", NULL}, &helper);
    int status;

    if (failure.kind != ANSWER_NONE) {
        return failure;
    }
    exchange->sent = before * sizeof(struct host_request);
    exchange->input_bytes = 0;
    while (failure.kind == ANSWER_NONE && exchange->answered < exchange->count) {
        failure = exchange_some(exchange, helper.socket);
    }
    if (failure.kind == ANSWER_NONE) {
        wait_for_end(helper.socket);
    }
    close(helper.socket);
    status = child_kill(&helper);
    if (failure.kind == ANSWER_HELPER_DIED && exchange->answered == before && WIFEXITED(status) &&
        WEXITSTATUS(status) == HELPER_MISUSED) {
        return answer_of(ANSWER_OTHER_VERSION);
    }
    return failure;
}

/* What a helper that died had been sent it may have carried out; the rest another one can, unless that is no better. */
static void ask_helpers(struct exchange *exchange)
{
    while (exchange->answered < exchange->count) {
        const size_t before = exchange->answered;
        const struct answer failure = ask_helper(exchange);
        const bool goes_on = failure.kind == ANSWER_HELPER_DIED && exchange->answered > before;

        tell_until(exchange, goes_on ? sent_whole(exchange) : exchange->count, failure);
    }
}

static struct host_request *make_requests(const struct table_row *const rows[], size_t count)
{
    struct host_request *requests = calloc(count + 1, sizeof(*requests));

    for (size_t i = 0; requests && i < count; i++) {
        requests[i] = (struct host_request){
            .version = HOST_VERSION,
            .id = (uint32_t)i,
            .connection = rows[i]->connection,
            .identity = {(uint32_t)rows[i]->identity, (uint32_t)(rows[i]->identity >> 32)},
        };
    }
    return requests;
}

void closer_close(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                  void *told)
{
    struct exchange exchange = {
        .rows = rows,
        .count = count,
        .tell = tell,
        .told = told,
        .requests = make_requests(rows, count),
    };

    if (!exchange.requests) {
        tell_until(&exchange, count, (struct answer){ANSWER_NO_RESOURCES, ENOMEM});
    }
    ask_helpers(&exchange);
    free(exchange.requests);
}

/* ---- foreseeing ---- */

/* What the helper says of itself, as far as there is room. */
static struct answer ask_for_check(char *text, size_t room)
{
    const char *const arguments[] = {HELPER, "--check", NULL};
    struct child helper;
    const struct answer failure = start(arguments, &helper);
    size_t length = 0;
    ssize_t bytes = 1;

    if (failure.kind != ANSWER_NONE) {
        return failure;
    }
    while (bytes > 0 && length < room - 1) {
        struct pollfd polled = {.fd = helper.socket, .events = POLLIN};

        bytes = poll(&polled, 1, HOST_CALL_LIMIT_MS) > 0
                    ? recv(helper.socket, text + length, room - 1 - length, 0)
                    : 0;
        length += bytes > 0 ? (size_t)bytes : 0;
    }
    text[length] = 0;
    close(helper.socket);
    child_kill(&helper);
    return failure;
}

/* What would keep it from closing anything at all. */
static struct answer check_helper(void)
{
    char text[CHECK_BYTES];
    const struct answer failure = ask_for_check(text, sizeof(text));

    if (failure.kind != ANSWER_NONE) {
        return failure;
    }
    if (!strstr(text, "cap_net_admin: yes\n")) {
        return answer_of(ANSWER_NO_CAPABILITY);
    }
    return answer_of(strstr(text, "ipv4: yes\n") || strstr(text, "ipv6: yes\n")
                         ? ANSWER_NONE
                         : ANSWER_KERNEL_CANNOT);
}

/* The owner of one in TIME-WAIT, say, is not known: the helper does not find it then. */
void closer_foresee(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                    void *told)
{
    static const enum answer_kind kinds[] = {
        [WHOSE_OURS] = ANSWER_CLOSED,
        [WHOSE_ANOTHERS] = ANSWER_NOT_OWNER,
        [WHOSE_NOBODYS] = ANSWER_NOT_FOUND,
    };
    const struct answer failure = check_helper();

    for (size_t i = 0; i < count; i++) {
        const struct closer_outcome outcome = outcome_of(
            rows[i], failure.kind != ANSWER_NONE ? failure : answer_of(kinds[rows[i]->whose]));

        tell(told, i, &outcome);
    }
}

/* ---- words ---- */

/* Where those of def/answers.inc are for a Windows program alone.  NULL: as there. */
static const struct
{
    enum answer_kind kind;
    const char *reason;
    const char *remedy;
} words[] = {
    {ANSWER_NO_CAPABILITY, NULL,
     "in a container, run tcpdrop outside; else as root: setcap cap_net_admin+ep "},
    {ANSWER_BAD_REQUEST, HELPER " does not understand tcpdrop", NULL},
    {ANSWER_OTHER_VERSION, HELPER " is of another version than tcpdrop", NULL},
    {ANSWER_SYSTEM_CALL_FAILED, NULL, ""},
};

/* Where it was looked for, or "". */
static const char *path_if(bool is_wanted)
{
    const char *path = is_wanted ? helper_place() : NULL;

    return path ? path : "";
}

struct meaning closer_meaning(uint32_t family, const struct closer_outcome *outcome)
{
    const struct answer_row *row = &answer_rows[outcome->kind];
    const char *reason = row->reason;
    const char *remedy = row->remedy;
    struct meaning meaning = {.status = row->status};

    (void)family;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (words[i].kind == outcome->kind) {
            reason = words[i].reason ? words[i].reason : reason;
            remedy = words[i].remedy ? words[i].remedy : remedy;
        }
    }
    snprintf(meaning.reason, MEANING_BYTES, "%s%s%s", reason, outcome->detail != 0 ? ": " : "",
             outcome->detail != 0 ? strerror((int)outcome->detail) : "");
    snprintf(meaning.remedy, MEANING_BYTES, "%s%s", remedy,
             path_if(outcome->kind == ANSWER_NO_CAPABILITY));
    if (outcome->kind == ANSWER_NO_HELPER && *path_if(true)) {
        snprintf(meaning.remedy, MEANING_BYTES, "there is no %s", path_if(true));
    }
    return meaning;
}

void closer_print_version(void)
{
    const char *path = helper_place();

    printf("tcpdrop " SETTCPENTRY_VERSION_TEXT "%s%s\n", path ? ", " HELPER " " : "",
           path ? path : "");
}

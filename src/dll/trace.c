/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include "os.h"

enum
{
    LINE_CHARS =
        512, /* two IPv6 addresses with everything take some 180, an answer's words up to 300 */
};

struct line
{
    char text[LINE_CHARS];
    DWORD length;
};

static enum
{
    UNKNOWN,
    OFF,
    ON,
} state;
static WCHAR path[MAX_PATH];

/* Threads that come here at once find the same. */
static bool is_on(void)
{
    if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == UNKNOWN) {
        __atomic_store_n(&state, os_environment(L"SETTCPENTRY_TRACE", path, MAX_PATH) ? ON : OFF,
                         __ATOMIC_RELEASE);
    }
    return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == ON;
}

static void add(struct line *line, const char *text)
{
    while (*text && line->length < LINE_CHARS) {
        line->text[line->length++] = *text++;
    }
}

static void add_number(struct line *line, DWORD number, DWORD base)
{
    char digits[11];
    char *digit = digits + sizeof(digits) - 1;

    *digit = 0;
    do {
        *--digit = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    add(line, digit);
}

static void add_ipv4(struct line *line, const BYTE address[16])
{
    for (int i = 0; i < 4; i++) {
        add(line, i == 0 ? "" : ".");
        add_number(line, address[i], 10);
    }
}

static void add_ipv6(struct line *line, const BYTE address[16], DWORD scope_id)
{
    for (int i = 0; i < 16; i += 2) {
        add(line, i == 0 ? "[" : ":");
        add_number(line, (DWORD)(address[i] << 8 | address[i + 1]), 16);
    }
    add(line, "%");
    add_number(line, scope_id, 10);
    add(line, "]");
}

static void add_end(struct line *line, uint32_t family, const struct connection_end *end)
{
    add(line, " ");
    if (family == CONNECTION_IPV4) {
        add_ipv4(line, end->address);
    } else {
        add_ipv6(line, end->address, end->scope_id);
    }
    add(line, ":");
    add_number(line, (WORD)(end->port << 8 | end->port >> 8), 10);
}

static void add_row(struct line *line, const struct call *call)
{
    if (!call->has_row) {
        add(line, " NULL");
        return;
    }
    add_end(line, call->connection.family, &call->connection.local);
    add_end(line, call->connection.family, &call->connection.remote);
    add(line, " state ");
    add_number(line, call->tcp_state, 10);
}

static void add_answer(struct line *line, const struct call *call, struct answer answer)
{
    const struct answer_row *row = &answer_rows[answer.kind];
    const DWORD code = answer_code(answer, call->connection.family);

    add(line, ": ");
    add_number(line, code, 10);
    if (code != NO_ERROR) {
        add(line, ", LastError ");
        add_number(line, answer_last_error(answer), 10);
    }
    add(line, ": ");
    add(line, row->reason);
    if (answer.detail != 0) {
        add(line, " (");
        add_number(line, answer.detail, 10);
        add(line, ")");
    }
    add(line, *row->remedy ? "; " : "");
    add(line, row->remedy);
}

void trace_call(const struct call *call, struct answer answer)
{
    struct line line = {.length = 0};

    if (!is_on()) {
        return;
    }
    add_number(&line, os_milliseconds(), 10);
    add(&line, " ");
    add(&line, call->function);
    add_row(&line, call);
    add_answer(&line, call, answer);
    add(&line, "\r\n");
    os_append(path, line.text, line.length);
}

/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include "os.h"

enum
{
    LINE_CHARS = 384, /* two IPv6 addresses with everything take some 160, reasons up to 80 */
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

static WORD from_network(WORD word)
{
    return (WORD)(word << 8 | word >> 8);
}

static void add_port(struct line *line, DWORD port)
{
    add(line, ":");
    add_number(line, from_network(tcp_row_port(port)), 10);
}

static void add_ipv4(struct line *line, DWORD address, DWORD port)
{
    const BYTE *bytes = (const BYTE *)&address;

    for (int i = 0; i < 4; i++) {
        add(line, i == 0 ? " " : ".");
        add_number(line, bytes[i], 10);
    }
    add_port(line, port);
}

static void add_ipv6(struct line *line, const IN6_ADDR *address, DWORD scope_id, DWORD port)
{
    for (int i = 0; i < 8; i++) {
        add(line, i == 0 ? " [" : ":");
        add_number(line, from_network(address->u.Word[i]), 16);
    }
    add(line, "%");
    add_number(line, scope_id, 10);
    add(line, "]");
    add_port(line, port);
}

static struct line begin(const char *function, const void *row)
{
    struct line line = {.length = 0};

    add_number(&line, os_milliseconds(), 10);
    add(&line, " ");
    add(&line, function);
    if (!row) {
        add(&line, " NULL");
    }
    return line;
}

static void add_state(struct line *line, DWORD tcp_state)
{
    add(line, " state ");
    add_number(line, tcp_state, 10);
}

static void end(struct line *line, struct outcome outcome)
{
    add(line, ": ");
    add_number(line, outcome.code, 10);
    if (outcome.code != NO_ERROR) {
        add(line, ", LastError ");
        add_number(line, outcome.last_error, 10);
    }
    add(line, ": ");
    add(line, outcome.reason);
    add(line, "\r\n");
    os_append(path, line->text, line->length);
}

void trace_ipv4(const MIB_TCPROW *row, struct outcome outcome)
{
    struct line line;

    if (!is_on()) {
        return;
    }
    line = begin("SetTcpEntry", row);
    if (row) {
        add_ipv4(&line, row->dwLocalAddr, row->dwLocalPort);
        add_ipv4(&line, row->dwRemoteAddr, row->dwRemotePort);
        add_state(&line, row->dwState);
    }
    end(&line, outcome);
}

void trace_ipv6(const MIB_TCP6ROW *row, struct outcome outcome)
{
    struct line line;

    if (!is_on()) {
        return;
    }
    line = begin("SetTcp6Entry", row);
    if (row) {
        add_ipv6(&line, &row->LocalAddr, row->dwLocalScopeId, row->dwLocalPort);
        add_ipv6(&line, &row->RemoteAddr, row->dwRemoteScopeId, row->dwRemotePort);
        add_state(&line, (DWORD)row->State);
    }
    end(&line, outcome);
}

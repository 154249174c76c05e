/* SPDX-License-Identifier: MIT */
/*
 * holder PORT: a process that has connections, for others to close.  One source, for Linux and for Windows, with a
 * console or without.
 *
 * It takes its orders by datagrams from 127.0.0.1:PORT, so that they are no row of the TCP table, and answers each by
 * one.  The first that it sends is its process id.
 *   open SLOT 4|6|dual LOCAL_ADDRESS LOCAL_PORT REMOTE_ADDRESS REMOTE_PORT
 *              closes what it has in that slot, and connects; "open", when a byte has gone there and back. "dual"
 *              is IPv4 over an IPv6 socket
 *   ping       sends a byte on each; a digit for each slot: 1 if that went well, 0 if not
 *   end
 * "failed: WHAT" instead of an answer says what did not work.
 */
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
typedef int length;
#else
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
typedef int SOCKET;
typedef size_t length;
#define INVALID_SOCKET (-1)
#define closesocket close
#endif

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    SLOTS = 6000,
    LINE_CHARS = 256,
    WORDS_AT_MOST = 7,
};

static SOCKET control = INVALID_SOCKET;
static SOCKET slots[SLOTS];
static size_t slots_used;

#ifdef _WIN32
static bool prepare(void)
{
    WSADATA data;

    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}

static unsigned long own_process(void)
{
    return GetCurrentProcessId();
}
#else
static bool prepare(void)
{
    return signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

static unsigned long own_process(void)
{
    return (unsigned long)getpid();
}
#endif

static void answer(const char *text)
{
    send(control, text, (length)strlen(text), 0);
}

static void fail(const char *what)
{
    char text[64];

    snprintf(text, sizeof(text), "failed: %s", what);
    answer(text);
}

static struct addrinfo *find(const char *address, const char *port)
{
    const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;

    return getaddrinfo(address, port, &numeric, &found) == 0 ? found : NULL;
}

static bool is_bound(SOCKET socket, const struct addrinfo *to)
{
    return to && bind(socket, to->ai_addr, (socklen_t)to->ai_addrlen) == 0;
}

static bool is_connected(SOCKET socket, const struct addrinfo *to)
{
    return to && connect(socket, to->ai_addr, (socklen_t)to->ai_addrlen) == 0;
}

static void switch_on(SOCKET socket, int level, int option, int value)
{
    setsockopt(socket, level, option, (const char *)&value, sizeof(value));
}

static const char *connect_from(SOCKET socket, const struct addrinfo *local,
                                const struct addrinfo *remote)
{
    char byte = 'b';

    if (!is_bound(socket, local)) {
        return "bind";
    }
    if (!is_connected(socket, remote)) {
        return "connect";
    }
    if (send(socket, &byte, 1, 0) != 1) {
        return "send";
    }
    /* Under Wine it is not known whose the socket is until data has come to the program. */
    return recv(socket, &byte, 1, 0) == 1 ? NULL : "recv";
}

/* NULL, or what did not work; addresses are as the socket needs them. */
static const char *open_slot(SOCKET *slot, const char *local, const char *local_port,
                             const char *remote, const char *remote_port)
{
    struct addrinfo *const from = find(local, local_port);
    struct addrinfo *const to = find(remote, remote_port);
    const char *wrong = "address";

    if (from && to) {
        *slot = socket(from->ai_family, SOCK_STREAM, 0);
        switch_on(*slot, SOL_SOCKET, SO_REUSEADDR, 1);
        if (from->ai_family == AF_INET6) {
            switch_on(*slot, IPPROTO_IPV6, IPV6_V6ONLY, 0);
        }
        wrong = connect_from(*slot, from, to);
    }
    if (from) {
        freeaddrinfo(from);
    }
    if (to) {
        freeaddrinfo(to);
    }
    return wrong;
}

static void empty(SOCKET *slot)
{
    if (*slot != INVALID_SOCKET) {
        closesocket(*slot);
        *slot = INVALID_SOCKET;
    }
}

static void obey_open(char *const words[])
{
    const size_t slot = strtoul(words[1], NULL, 10);
    const char *prefix = strcmp(words[2], "dual") == 0 ? "::ffff:" : "";
    char local[LINE_CHARS];
    char remote[LINE_CHARS];
    const char *wrong;

    if (slot >= SLOTS) {
        fail("slot");
        return;
    }
    snprintf(local, sizeof(local), "%s%s", prefix, words[3]);
    snprintf(remote, sizeof(remote), "%s%s", prefix, words[5]);
    empty(&slots[slot]);
    slots_used = slot < slots_used ? slots_used : slot + 1;
    wrong = open_slot(&slots[slot], local, words[4], remote, words[6]);
    if (wrong) {
        fail(wrong);
    } else {
        answer("open");
    }
}

static void obey_ping(void)
{
    static char seen[SLOTS + 1];

    for (size_t i = 0; i < slots_used; i++) {
        seen[i] = send(slots[i], "p", 1, 0) == 1 ? '1' : '0';
    }
    seen[slots_used] = 0;
    answer(seen);
}

/* false at the end. */
static bool obey(char *line)
{
    char *words[WORDS_AT_MOST] = {NULL};
    size_t count = 0;

    for (char *word = strtok(line, " "); word && count < WORDS_AT_MOST; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    if (count == WORDS_AT_MOST && strcmp(words[0], "open") == 0) {
        obey_open(words);
    } else if (count == 1 && strcmp(words[0], "ping") == 0) {
        obey_ping();
    } else if (count == 1 && strcmp(words[0], "end") == 0) {
        return false;
    } else {
        fail("order");
    }
    return true;
}

static bool meet(const char *port)
{
    struct addrinfo *const test = find("127.0.0.1", port);
    char id[24];

    control = socket(AF_INET, SOCK_DGRAM, 0);
    if (!is_connected(control, test)) {
        return false;
    }
    freeaddrinfo(test);
    snprintf(id, sizeof(id), "%lu", own_process());
    answer(id);
    return true;
}

int main(int argc, char **argv)
{
    char line[LINE_CHARS];

    for (size_t i = 0; i < SLOTS; i++) {
        slots[i] = INVALID_SOCKET;
    }
    if (argc != 2 || !prepare() || !meet(argv[1])) {
        fprintf(stderr, "usage: holder PORT\n");
        return 2;
    }
    for (;;) {
        const long bytes = (long)recv(control, line, sizeof(line) - 1, 0);

        if (bytes < 0) {
            return 1;
        }
        line[bytes] = 0;
        if (!obey(line)) {
            return 0;
        }
    }
}

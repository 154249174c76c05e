/* SPDX-License-Identifier: MIT */
/*
 * caller BOARD THREADS: makes the calls that are on the board (board.h), a file by its Windows path.
 * Built twice, with a console and without.
 */
#include "settcpentry.h"

#include "board.h"

#include <stdlib.h>
#include <string.h>

static struct board *board;

static struct board *map(const char *path)
{
    const HANDLE file =
        CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    const HANDLE mapping = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);

    return mapping ? MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
}

static DWORD address_of(const struct connection_end *end)
{
    DWORD address;

    memcpy(&address, end->address, sizeof(address));
    return address;
}

static DWORD close_ipv4(const struct connection *connection)
{
    MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = address_of(&connection->local),
        .dwLocalPort = connection->local.port,
        .dwRemoteAddr = address_of(&connection->remote),
        .dwRemotePort = connection->remote.port,
    };

    return SetTcpEntry(&row);
}

static DWORD close_ipv6(const struct connection *connection)
{
    MIB_TCP6ROW row = {
        .dwLocalPort = connection->local.port,
        .dwRemotePort = connection->remote.port,
    };

    row.State = MIB_TCP_STATE_DELETE_TCB;
    memcpy(&row.LocalAddr, connection->local.address, sizeof(row.LocalAddr));
    memcpy(&row.RemoteAddr, connection->remote.address, sizeof(row.RemoteAddr));
    return SetTcp6Entry(&row);
}

static void note_time(DWORD milliseconds)
{
    uint32_t longest = __atomic_load_n(&board->longest_ms, __ATOMIC_RELAXED);

    while ((LONG)milliseconds > (LONG)longest &&
           !__atomic_compare_exchange_n(&board->longest_ms, &longest, milliseconds, FALSE,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}

static DWORD call(const struct connection *connection, uint32_t *calls_made)
{
    const uint32_t stopped = __atomic_load_n(&board->stopped_ms, __ATOMIC_SEQ_CST);
    const DWORD start = GetTickCount();
    DWORD code;
    DWORD last_error;

    __atomic_fetch_add(calls_made, 1, __ATOMIC_RELAXED);
    SetLastError(NO_ERROR);
    code = connection->family == CONNECTION_IPV6 ? close_ipv6(connection) : close_ipv4(connection);
    last_error = GetLastError();
    note_time(GetTickCount() - start -
              (__atomic_load_n(&board->stopped_ms, __ATOMIC_SEQ_CST) - stopped));
    __atomic_fetch_add(calls_made, 1, __ATOMIC_RELAXED);
    SetLastError(last_error);
    return code;
}

static void answer(struct board_call *taken, uint32_t *calls_made)
{
    taken->code = call(&taken->connection, calls_made);
    taken->last_error = GetLastError();
    __atomic_fetch_add(&taken->answers, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&taken->turn, BOARD_ANSWERED, __ATOMIC_RELEASE);
}

/* The next one after where this thread was; NULL: there is none. */
static struct board_call *take(uint32_t *place)
{
    for (uint32_t tries = 0; tries < board->size; tries++) {
        struct board_call *const candidate = &board->calls[*place];
        uint32_t posted = BOARD_POSTED;

        *place = (*place + 1) % board->size;
        if (__atomic_compare_exchange_n(&candidate->turn, &posted, BOARD_TAKEN, FALSE,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return candidate;
        }
    }
    return NULL;
}

static void call_in_vain(uint32_t *calls_made)
{
    const struct connection *const vain = &board->vain[*calls_made / 2 % 2];

    if (call(vain, calls_made) == NO_ERROR) {
        __atomic_fetch_add(&board->vain_closed, 1, __ATOMIC_RELAXED);
    }
}

static void wait_for_go(void)
{
    __atomic_fetch_add(&board->ready, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&board->go, __ATOMIC_ACQUIRE)) {
        Sleep(1);
    }
}

static DWORD WINAPI work(void *number)
{
    uint32_t *const calls_made = &board->calls_made[(ULONG_PTR)number];
    uint32_t place = 0;
    uint32_t taken = 0;

    wait_for_go();
    while (board->calls_each == 0 || taken < board->calls_each) {
        struct board_call *const next = take(&place);

        if (next) {
            answer(next, calls_made);
            taken++;
        } else if (!__atomic_load_n(&board->goes_on, __ATOMIC_ACQUIRE)) {
            break;
        } else if (board->calls_vain) {
            call_in_vain(calls_made);
        } else {
            SwitchToThread();
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    HANDLE threads[BOARD_THREADS_AT_MOST];
    const DWORD count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

    board = argc == 3 ? map(argv[1]) : NULL;
    if (!board || count < 1 || count > BOARD_THREADS_AT_MOST) {
        return 2;
    }
    for (DWORD i = 0; i < count; i++) {
        threads[i] = CreateThread(NULL, 0, work, (void *)(ULONG_PTR)i, 0, NULL);
        if (!threads[i]) {
            return 3;
        }
    }
    WaitForMultipleObjects(count, threads, TRUE, INFINITE);
    return 0;
}

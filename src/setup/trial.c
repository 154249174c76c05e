/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include "checklist.h"

#include "../common/connection.h"
#include "../common/meaning.h"

#include <ws2tcpip.h>

#include <stdbool.h>

struct pair
{
    SOCKET listener;
    SOCKET client;
    SOCKET server;
    MIB_TCPROW row;
};

static bool pair_open(struct pair *pair)
{
    struct sockaddr_in listens = {.sin_family = AF_INET};
    struct sockaddr_in from = {0};
    int length = sizeof(listens);

    listens.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    pair->listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    pair->client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (bind(pair->listener, (struct sockaddr *)&listens, sizeof(listens)) != 0 ||
        listen(pair->listener, 1) != 0 ||
        getsockname(pair->listener, (struct sockaddr *)&listens, &length) != 0 ||
        connect(pair->client, (struct sockaddr *)&listens, sizeof(listens)) != 0) {
        return false;
    }
    pair->server = accept(pair->listener, NULL, NULL);
    length = sizeof(from);
    getsockname(pair->client, (struct sockaddr *)&from, &length);
    pair->row = (MIB_TCPROW){
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = from.sin_addr.s_addr,
        .dwLocalPort = from.sin_port,
        .dwRemoteAddr = listens.sin_addr.s_addr,
        .dwRemotePort = listens.sin_port,
    };
    return pair->server != INVALID_SOCKET;
}

static bool pair_lives(const struct pair *pair)
{
    struct timeval patience = {.tv_sec = 1};
    fd_set readable;
    char byte = 0;

    FD_ZERO(&readable);
    FD_SET(pair->server, &readable);
    return send(pair->client, &byte, 1, 0) == 1 &&
           select(0, &readable, NULL, NULL, &patience) == 1 && recv(pair->server, &byte, 1, 0) == 1;
}

static void pair_close(const struct pair *pair)
{
    closesocket(pair->client);
    closesocket(pair->server);
    closesocket(pair->listener);
}

struct trial trial_make(set_tcp_entry_func set_tcp_entry)
{
    struct pair pair = {INVALID_SOCKET, INVALID_SOCKET, INVALID_SOCKET, {0}};
    struct trial trial = {0};

    if (!pair_open(&pair)) {
        trial.network_error = (DWORD)WSAGetLastError();
    } else {
        trial.code = set_tcp_entry(&pair.row);
        trial.last_error = trial.code == NO_ERROR ? NO_ERROR : GetLastError();
        trial.lives = pair_lives(&pair);
    }
    pair_close(&pair);
    return trial;
}

void trial_judge(const char *what, const struct trial *trial, const char *remedy)
{
    const struct meaning meaning = meaning_of(CONNECTION_IPV4, trial->code, trial->last_error);

    if (trial->exception != 0) {
        checklist_add(what, "report this", "SetTcpEntry raised exception 0x%08lX",
                      trial->exception);
    } else if (trial->network_error != 0) {
        checklist_add(what, "look at the network of this machine",
                      "no connection to 127.0.0.1 can be made: error %lu", trial->network_error);
    } else if (trial->code != NO_ERROR) {
        checklist_add(what, *meaning.remedy ? meaning.remedy : "see docs/return-codes.md",
                      "SetTcpEntry returned %lu, LastError %lu: %s", trial->code, trial->last_error,
                      meaning.reason);
    } else if (trial->lives) {
        checklist_add(what, remedy, "SetTcpEntry returned 0, but the connection lives");
    } else {
        checklist_add(what, NULL, "a connection of our own was opened, and closed");
    }
}

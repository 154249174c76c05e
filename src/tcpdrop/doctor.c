/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include "checklist.h"
#include "doctor_host.h"
#include "doctor_program.h"
#include "meaning.h"

#include "../dll/wine.h"
#include "settcpentry.h"

#include <ws2tcpip.h>

#include <string.h>

/* ---- the caller ---- */

static bool is_administrator(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD bytes = sizeof(sid);
    BOOL is_member = FALSE;

    return CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &bytes) &&
           CheckTokenMembership(NULL, sid, &is_member) && is_member;
}

static bool is_elevated(void)
{
    TOKEN_ELEVATION elevation = {0};
    HANDLE token;
    DWORD bytes;

    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &bytes);
        CloseHandle(token);
    }
    return elevation.TokenIsElevated != 0;
}

static void check_token(void)
{
    static const char remedy[] = "run it as administrator";
    const bool elevated = is_elevated();

    if (is_administrator() && elevated) {
        checklist_add("token", NULL, "an elevated administrator");
    } else if (is_administrator() && wine_is_here()) {
        checklist_add("token", NULL, "an administrator, who need not be elevated under Wine");
    } else {
        checklist_add("token", remedy, elevated ? "no administrator" : "not elevated");
    }
}

/* ---- the network ---- */

static void check_family(const char *what, int family)
{
    const SOCKET made = socket(family, SOCK_STREAM, IPPROTO_TCP);

    if (made != INVALID_SOCKET) {
        closesocket(made);
    }
    /* It is enough to have one of them, and without IPv4 the trial fails. */
    checklist_add(what, NULL, made == INVALID_SOCKET ? "not there" : "there");
}

struct trial
{
    SOCKET listener;
    SOCKET client;
    SOCKET server;
    MIB_TCPROW row;
};

static bool connect_to_ourselves(struct trial *trial)
{
    struct sockaddr_in listens = {.sin_family = AF_INET};
    struct sockaddr_in from = {0};
    int length = sizeof(listens);

    listens.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    trial->listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    trial->client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (bind(trial->listener, (struct sockaddr *)&listens, sizeof(listens)) != 0 ||
        listen(trial->listener, 1) != 0 ||
        getsockname(trial->listener, (struct sockaddr *)&listens, &length) != 0 ||
        connect(trial->client, (struct sockaddr *)&listens, sizeof(listens)) != 0) {
        return false;
    }
    trial->server = accept(trial->listener, NULL, NULL);
    length = sizeof(from);
    getsockname(trial->client, (struct sockaddr *)&from, &length);
    trial->row = (MIB_TCPROW){
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = from.sin_addr.s_addr,
        .dwLocalPort = from.sin_port,
        .dwRemoteAddr = listens.sin_addr.s_addr,
        .dwRemotePort = listens.sin_port,
    };
    return trial->server != INVALID_SOCKET;
}

static bool still_lives(const struct trial *trial)
{
    struct timeval patience = {.tv_sec = 1};
    fd_set readable;
    char byte = 0;

    FD_ZERO(&readable);
    FD_SET(trial->server, &readable);
    return send(trial->client, &byte, 1, 0) == 1 &&
           select(0, &readable, NULL, NULL, &patience) == 1 &&
           recv(trial->server, &byte, 1, 0) == 1;
}

static void check_trial(void)
{
    struct trial trial = {INVALID_SOCKET, INVALID_SOCKET, INVALID_SOCKET, {0}};

    if (!connect_to_ourselves(&trial)) {
        checklist_add("trial", "look at the network of this machine",
                      "no connection to 127.0.0.1 can be made: error %d", WSAGetLastError());
    } else {
        const DWORD code = SetTcpEntry(&trial.row);
        const DWORD last_error = code == NO_ERROR ? NO_ERROR : GetLastError();
        const struct meaning meaning = meaning_of(code, last_error);

        if (code == NO_ERROR && still_lives(&trial)) {
            checklist_add("trial", "report this",
                          "SetTcpEntry returned 0, but the connection lives");
        } else if (code == NO_ERROR) {
            checklist_add("trial", NULL, "a connection of our own was opened, and closed");
        } else {
            checklist_add("trial", meaning.remedy ? meaning.remedy : "see docs/return-codes.md",
                          "SetTcpEntry returned %lu, LastError %lu: %s", code, last_error,
                          meaning.what);
        }
    }
    closesocket(trial.client);
    closesocket(trial.server);
    closesocket(trial.listener);
}

int doctor(const char *program, bool as_json)
{
    WSADATA data;

    WSAStartup(MAKEWORD(2, 2), &data);
    checklist_begin(as_json);
    check_token();
    check_family("IPv4", AF_INET);
    check_family("IPv6", AF_INET6);
    doctor_check_host();
    if (program) {
        doctor_check_program(program);
    }
    check_trial();
    return checklist_end() ? STATUS_DONE : STATUS_NOT_DONE;
}

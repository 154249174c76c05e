/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include "check_host.h"
#include "check_program.h"
#include "checklist.h"
#include "probe.h"
#include "trial.h"

#include "../common/wine.h"

#include "settcpentry.h"

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

/* ---- trials ---- */

static void check_trial(void)
{
    const struct trial trial = trial_make(SetTcpEntry);

    trial_judge("trial", &trial, "report this");
}

/* Most programs have no console, and the helper is started in another way for these. */
static void check_gui_trial(void)
{
    struct probe_question question = {.dll = L"iphlp.dll", .with_trial = true};
    struct probe_answer answer;
    char why[PROBE_TEXT_BYTES];

    GetModuleFileNameW(NULL, question.program, PATH_CHARS);
    if (probe_ask(&question, &answer, why)) {
        trial_judge("GUI trial", &answer.trial, "report this");
    } else {
        checklist_add("GUI trial", "report this", "%s", why);
    }
}

bool doctor(const wchar_t *program, bool as_json)
{
    WSADATA data;

    WSAStartup(MAKEWORD(2, 2), &data);
    checklist_begin(as_json);
    check_token();
    check_family("IPv4", AF_INET);
    check_family("IPv6", AF_INET6);
    check_host();
    if (program) {
        check_program(program, true);
    } else {
        check_trial();
        check_gui_trial();
    }
    return checklist_end("A drop works here.", "A drop does not work here.");
}

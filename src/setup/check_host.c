/* SPDX-License-Identifier: MIT */
#include "check_host.h"

#include "checklist.h"
#include "paths.h"

#include "../common/host_folders.h"
#include "../common/host_places.h"
#include "../common/wine.h"

#include <stdio.h>
#include <string.h>

enum
{
    PATIENCE_MS = 5000,
    NAME_CHARS = 64,
    PLACES_BYTES = 1024, /* of all HOST_PATHS, or of one path */
};

static const char set_capability[] =
    "as root: setcap cap_net_admin+ep on it, on a file system that is not mounted nosuid";
static const char go_outside[] = "a container forbids it: run settcpentry-host --serve outside";

static const char *wine_version(void)
{
    typedef const char *(*version_func)(void);
    const version_func version =
        (version_func)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version");

    return version ? version() : "that hides its version";
}

static bool read_variable(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    const DWORD length = GetEnvironmentVariableW(name, value_out, chars);

    if (length >= chars) {
        value_out[0] = 0;
    }
    return length > 0;
}

/* In UTF-8; false where it is not set. */
static bool read_environment(const wchar_t *name, char *value_out, int room)
{
    wchar_t wide[LINUX_PATH_CHARS];

    return read_variable(name, wide, LINUX_PATH_CHARS) && wide[0] &&
           WideCharToMultiByte(CP_UTF8, 0, wide, -1, value_out, room, NULL, NULL) > 0;
}

static bool exists(const char *linux_path)
{
    wchar_t path[LINUX_PATH_CHARS];

    path_of_linux(linux_path, path, LINUX_PATH_CHARS);
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* Ended with a NUL. */
static DWORD read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    const HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                    OPEN_EXISTING, 0, NULL);

    *length_out = 0;
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError();
    }
    if (GetFileType(file) != FILE_TYPE_DISK) { /* a pipe could have us wait for ever */
        CloseHandle(file);
        return ERROR_INVALID_DATA;
    }
    ReadFile(file, text_out, room - 1, length_out, NULL);
    text_out[*length_out] = 0;
    CloseHandle(file);
    return NO_ERROR;
}

/* ---- outside ---- */

/* Its Linux path, or that on a drive, as Wine gives the user's own folder. */
static void show_folder(const struct linux_path *folder, char shown_out[PATH_BYTES])
{
    wchar_t shown[LINUX_PATH_CHARS];

    if (wcsncmp(folder->text, L"\\\\?\\unix", 8) == 0) {
        linux_path_for_linux(folder, shown);
    } else {
        wcscpy(shown, folder->text + 4);
    }
    path_to_utf8(shown, shown_out);
}

static bool find_outside(char shown_out[PATH_BYTES])
{
    struct host_folder folder;
    unsigned next = 0;

    while (host_folders_next(&next, read_variable, &folder)) {
        if (host_folders_is_served(&folder, read_file)) {
            show_folder(&folder.path, shown_out);
            return true;
        }
    }
    return false;
}

/* ---- our own ---- */

/* Linux programs give no handle to wait for: what it has written says that it has come to its end. */
static bool read_report(const wchar_t *path, char *report_out, DWORD room)
{
    DWORD length;

    for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
        if (read_file(path, report_out, room, &length) == NO_ERROR &&
            strstr(report_out, "ipv6: ")) {
            return true;
        }
        Sleep(20);
    }
    return false;
}

static bool start_check(const wchar_t *helper, const char *report_path)
{
    wchar_t command_line[128];
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};

    swprintf(command_line, sizeof(command_line) / sizeof(command_line[0]),
             L"settcpentry-host --check=%hs", report_path);
    if (!CreateProcessW(helper, command_line, NULL, NULL, FALSE, 0, NULL, NULL, &startup,
                        &process)) {
        return false;
    }
    /* Nothing to close: Wine leaves in hThread what lay about. */
    return true;
}

/* An empty file, by its Linux name and by Wine's; in memory if there is such a file system. */
static bool make_file(char name_out[NAME_CHARS], wchar_t path_out[LINUX_PATH_CHARS])
{
    static const char *const folders[] = {"/dev/shm", "/tmp"};

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        HANDLE file;

        snprintf(name_out, NAME_CHARS, "%s/settcpentry-check-%08lx", folders[i],
                 GetTickCount() ^ GetCurrentProcessId() << 16);
        path_of_linux(name_out, path_out, LINUX_PATH_CHARS);
        file = CreateFileW(path_out, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
        if (file != INVALID_HANDLE_VALUE) {
            CloseHandle(file);
            return true;
        }
    }
    return false;
}

/* In a file, as its standard output would be lost where we have no console. */
static bool ask_helper(const wchar_t *helper, char *report_out, DWORD room)
{
    char name[NAME_CHARS];
    wchar_t path[LINUX_PATH_CHARS];
    bool done;

    if (!make_file(name, path)) {
        return false;
    }
    done = start_check(helper, name) && read_report(path, report_out, room);
    DeleteFileW(path);
    return done;
}

static void judge_report(const char *path, char *report)
{
    const bool is_capable = strstr(report, "cap_net_admin: yes") != NULL;
    const bool is_confined = strstr(report, "no_new_privs: yes") != NULL;
    const bool can_find = strstr(report, "ipv4: yes") || strstr(report, "ipv6: yes");

    report[strcspn(report, "\r\n")] = 0;
    checklist_add("helper", NULL, "%s, %s", path, report);
    if (is_capable) {
        checklist_add("capability", NULL, "the helper has CAP_NET_ADMIN");
    } else {
        checklist_add("capability", is_confined ? go_outside : set_capability,
                      "the helper lacks CAP_NET_ADMIN%s",
                      is_confined ? ", as no_new_privs is set here" : "");
    }
    if (!can_find) {
        checklist_add("kernel", "load the module tcp_diag",
                      "the kernel cannot list TCP connections");
    }
}

/* Steam's and Flatpak's; others look like no container. */
static bool is_in_container(void)
{
    return exists("/run/pressure-vessel") || exists("/.flatpak-info");
}

/* Where it is, or all places where it is not. */
static bool find_helper(char helper_out[PLACES_BYTES])
{
#define PLACE(path) path,
    static const char *const places[] = {HOST_PATHS(PLACE)};
    size_t length = 0;

    if (read_environment(WIDE(HOST_PATH_VARIABLE), helper_out, PLACES_BYTES)) {
        return exists(helper_out);
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (exists(places[i])) {
            snprintf(helper_out, PLACES_BYTES, "%s", places[i]);
            return true;
        }
        if (i == 0 || strcmp(places[i], places[0]) != 0) {
            length += (size_t)snprintf(helper_out + length, PLACES_BYTES - length, "%s%s",
                                       i == 0 ? "" : ", ", places[i]);
        }
    }
    return false;
}

static void check_own(void)
{
    char helper[PLACES_BYTES];
    wchar_t path[LINUX_PATH_CHARS];
    char report[512];

    if (find_helper(helper)) {
        path_of_linux(helper, path, LINUX_PATH_CHARS);
        if (ask_helper(path, report, sizeof(report))) {
            judge_report(helper, report);
        } else {
            checklist_add("helper", "install settcpentry-host anew", "%s does not answer", helper);
        }
    } else if (exists("/")) {
        checklist_add("helper",
                      is_in_container()
                          ? go_outside
                          : "install settcpentry-host there, or set " HOST_PATH_VARIABLE,
                      "there is none at %s", helper);
    } else {
        checklist_add("helper", "winecfg, Drives: give Z: the folder /",
                      "Linux files cannot be reached from here, so neither can %s", helper);
    }
}

void check_host(void)
{
    char folder[PATH_BYTES];

    if (!wine_is_here()) {
        checklist_add("system", NULL, "Windows");
        return;
    }
    checklist_add("system", NULL, "Wine %s", wine_version());
    if (find_outside(folder)) {
        checklist_add("helper", NULL, "outside, in %s", folder);
    } else {
        check_own();
    }
}

/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include "../common/dll_names.h"
#include "../common/pe_exports.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum
{
    START_BYTES = 4096, /* in which our own headers are */
    PATIENCE_MS = 30000,
    REMOVAL_TRIES = 100, /* somebody may still look at what has just ended */
    REMOVAL_PAUSE_MS = 20,
};

static const wchar_t answer_name[] = L"settcpentry.answer";
static const wchar_t own_dll[] = L"iphlp.dll"; /* settcpentry.exe does not start without */

/* ---- the folder that it has for a moment ---- */

struct place
{
    wchar_t folder[PATH_CHARS];
    wchar_t program[PATH_CHARS];
    wchar_t own_dll[PATH_CHARS];
    wchar_t dll[PATH_CHARS]; /* the same where our own is asked for */
    wchar_t answer[PATH_CHARS];
};

static bool fail(char why_out[PROBE_TEXT_BYTES], const char *what, const wchar_t *path)
{
    const DWORD error = GetLastError();
    char name[PATH_BYTES];

    path_to_utf8(path, name);
    snprintf(why_out, PROBE_TEXT_BYTES, "%s %s: error %lu", name, what, error);
    return false;
}

static bool make_folder(wchar_t folder_out[PATH_CHARS], char why_out[PROBE_TEXT_BYTES])
{
    wchar_t temporary[MAX_PATH + 1];
    DWORD number = GetTickCount() ^ GetCurrentProcessId() << 16;

    folder_out[0] = 0;
    if (GetTempPathW(MAX_PATH + 1, temporary) == 0) {
        return fail(why_out, "cannot be found", L"the folder for temporary files");
    }
    do {
        path_format(folder_out, L"%lssettcpentry-%08lx", temporary, number++);
        if (CreateDirectoryW(folder_out, NULL)) {
            return true;
        }
    } while (GetLastError() == ERROR_ALREADY_EXISTS);
    fail(why_out, "cannot be made", folder_out);
    folder_out[0] = 0;
    return false;
}

static bool make_place(struct place *place, const struct probe_question *question,
                       char why_out[PROBE_TEXT_BYTES])
{
    if (!make_folder(place->folder, why_out)) {
        return false;
    }
    return (path_format(place->program, L"%ls\\%ls", place->folder, path_name(question->program)) &&
            path_beside(place->program, own_dll, place->own_dll) &&
            path_beside(place->program, question->dll, place->dll) &&
            path_beside(place->program, answer_name, place->answer)) ||
           fail(why_out, "is too long", question->program);
}

static void remove_file(const wchar_t *path)
{
    for (int i = 0; i < REMOVAL_TRIES && !DeleteFileW(path); i++) {
        if (GetLastError() == ERROR_FILE_NOT_FOUND) {
            return;
        }
        Sleep(REMOVAL_PAUSE_MS);
    }
}

static void remove_place(const struct place *place)
{
    if (place->folder[0]) {
        remove_file(place->program);
        remove_file(place->own_dll);
        remove_file(place->dll);
        remove_file(place->answer);
        RemoveDirectoryW(place->folder);
    }
}

/* ---- what it has in there ---- */

static bool copy(const wchar_t *from, const wchar_t *to, char why_out[PROBE_TEXT_BYTES])
{
    return (CopyFileW(from, to, TRUE) && SetFileAttributesW(to, FILE_ATTRIBUTE_NORMAL)) ||
           fail(why_out, "cannot be copied", from);
}

/* Whether a program has a console is one word of its file. */
static bool make_console(const wchar_t *program, bool has_console, char why_out[PROBE_TEXT_BYTES])
{
    const HANDLE file =
        CreateFileW(program, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    const WORD kind = has_console ? IMAGE_SUBSYSTEM_WINDOWS_CUI : IMAGE_SUBSYSTEM_WINDOWS_GUI;
    BYTE start[START_BYTES];
    DWORD bytes = 0;
    size_t at;
    bool done = false;

    if (file != INVALID_HANDLE_VALUE && ReadFile(file, start, sizeof(start), &bytes, NULL)) {
        at = pe_subsystem_at(start, bytes);
        done = at != 0 && SetFilePointer(file, (LONG)at, NULL, FILE_BEGIN) == at &&
               WriteFile(file, &kind, sizeof(kind), &bytes, NULL);
    }
    CloseHandle(file);
    return done || fail(why_out, "cannot be changed", program);
}

static bool is_missing(const wchar_t *path)
{
    return GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES &&
           GetLastError() == ERROR_FILE_NOT_FOUND;
}

static bool copy_dll(const struct place *place, const struct probe_question *question,
                     char why_out[PROBE_TEXT_BYTES])
{
    wchar_t path[PATH_CHARS];

    return wcscmp(question->dll, own_dll) == 0 || !path_finds_dlls(question->program) ||
           !path_beside(question->program, question->dll, path) || is_missing(path) ||
           copy(path, place->dll, why_out);
}

static bool furnish(const struct place *place, const struct probe_question *question,
                    char why_out[PROBE_TEXT_BYTES])
{
    const char *architecture =
        question->architecture ? question->architecture : path_our_architecture;
    wchar_t path[PATH_CHARS];

    return path_of_ours(architecture, L"settcpentry.exe", path) &&
           copy(path, place->program, why_out) && path_of_ours(architecture, own_dll, path) &&
           copy(path, place->own_dll, why_out) && copy_dll(place, question, why_out) &&
           make_console(place->program, question->has_console, why_out);
}

/* ---- asking ---- */

/* In the folder of the program that it stands for, unless its path is too long for any program: Wine crashes then. */
static HANDLE start(const struct place *place, const struct probe_question *question)
{
    const bool has_console = question->has_console;
    STARTUPINFOW startup = {.cb = sizeof(startup),
                            .dwFlags = has_console ? 0 : STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    wchar_t folder[PATH_CHARS];
    wchar_t command_line[2 * PATH_CHARS];

    path_beside(question->program, L"", folder);
    swprintf(command_line, sizeof(command_line) / sizeof(command_line[0]), L"\"%ls\" %ls %ls%ls",
             place->program, PROBE_OPTION, question->dll, question->with_trial ? L" trial" : L"");
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); /* which it inherits */
    if (!CreateProcessW(place->program, command_line, NULL, NULL, FALSE,
                        has_console ? CREATE_NO_WINDOW : DETACHED_PROCESS, NULL,
                        wcslen(folder) < MAX_PATH ? folder : NULL, &startup, &process)) {
        return NULL;
    }
    CloseHandle(process.hThread);
    return process.hProcess;
}

static bool read_answer(const wchar_t *path, struct probe_answer *answer_out)
{
    const HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD bytes = 0;

    if (file == INVALID_HANDLE_VALUE) {
        return false;
    }
    ReadFile(file, answer_out, sizeof(*answer_out), &bytes, NULL);
    CloseHandle(file);
    return bytes == sizeof(*answer_out);
}

static bool ask(const struct place *place, const struct probe_question *question,
                struct probe_answer *answer_out, char why_out[PROBE_TEXT_BYTES])
{
    const HANDLE process = start(place, question);
    DWORD status = 0;

    if (!process) {
        snprintf(why_out, PROBE_TEXT_BYTES, "it cannot be started: error %lu", GetLastError());
        return false;
    }
    if (WaitForSingleObject(process, PATIENCE_MS) != WAIT_OBJECT_0) {
        TerminateProcess(process, ERROR_TIMEOUT);
        WaitForSingleObject(process, PATIENCE_MS);
    }
    GetExitCodeProcess(process, &status);
    CloseHandle(process);
    if (!read_answer(place->answer, answer_out)) {
        snprintf(why_out, PROBE_TEXT_BYTES, "it has ended without an answer: status 0x%08lX",
                 status);
        return false;
    }
    return true;
}

/* Ctrl-C would leave the folder behind. To ignore it by NULL would be inherited, and is, under Wine 8, a
 * program of another kind: one without standard input. */
static BOOL WINAPI stay(DWORD event)
{
    return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

bool probe_ask(const struct probe_question *question, struct probe_answer *answer_out,
               char why_out[PROBE_TEXT_BYTES])
{
    struct place place = {0};
    bool is_asked;

    snprintf(why_out, PROBE_TEXT_BYTES, "a path is too long");
    SetConsoleCtrlHandler(stay, TRUE);
    is_asked = make_place(&place, question, why_out) && furnish(&place, question, why_out) &&
               ask(&place, question, answer_out, why_out);
    remove_place(&place);
    SetConsoleCtrlHandler(stay, FALSE);
    return is_asked;
}

/* ---- answering ---- */

static struct probe_answer answer;

static bool own_path(wchar_t path_out[PATH_CHARS])
{
    const DWORD length = GetModuleFileNameW(NULL, path_out, PATH_CHARS);

    return length > 0 && length < PATH_CHARS;
}

static bool leave_answer(void)
{
    wchar_t own[PATH_CHARS];
    wchar_t path[PATH_CHARS];
    HANDLE file;
    DWORD bytes = 0;

    if (!own_path(own) || !path_beside(own, answer_name, path)) {
        return false;
    }
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return false;
    }
    WriteFile(file, &answer, sizeof(answer), &bytes, NULL);
    CloseHandle(file);
    return bytes == sizeof(answer);
}

static LONG WINAPI answer_with_exception(EXCEPTION_POINTERS *pointers)
{
    *(answer.is_trying ? &answer.trial.exception : &answer.exception) =
        pointers->ExceptionRecord->ExceptionCode;
    leave_answer();
    TerminateProcess(GetCurrentProcess(), 0);
    return EXCEPTION_EXECUTE_HANDLER;
}

static bool is_beside(HMODULE dll)
{
    wchar_t own[PATH_CHARS];
    wchar_t path[PATH_CHARS];

    if (!own_path(own) || GetModuleFileNameW(dll, path, PATH_CHARS) == 0) {
        return false;
    }
    return path_name(own) - own == path_name(path) - path &&
           _wcsnicmp(own, path, (size_t)(path_name(own) - own)) == 0;
}

static void try_dll(HMODULE dll, bool with_trial)
{
    typedef DWORD(WINAPI * count_func)(DWORD * count_out);
    const set_tcp_entry_func set_tcp_entry =
        (set_tcp_entry_func)(void *)GetProcAddress(dll, "SetTcpEntry");
    const count_func count_interfaces =
        (count_func)(void *)GetProcAddress(dll, "GetNumberOfInterfaces");
    DWORD count;

    answer.is_ours = GetProcAddress(dll, OUR_EXPORT) != NULL;
    answer.is_beside = is_beside(dll);
    if (set_tcp_entry && with_trial) {
        answer.is_trying = TRUE;
        answer.trial = trial_make(set_tcp_entry);
        answer.is_trying = FALSE;
        answer.has_trial = TRUE;
    }
    if (answer.is_ours && count_interfaces) {
        count_interfaces(&count);
        answer.reaches_system = TRUE;
    }
}

int probe_run(const wchar_t *dll, bool with_trial)
{
    WSADATA data;
    HMODULE loaded;

    WSAStartup(MAKEWORD(2, 2), &data);
    SetUnhandledExceptionFilter(answer_with_exception);
    loaded = LoadLibraryW(dll);
    if (loaded) {
        try_dll(loaded, with_trial);
    } else {
        answer.load_error = GetLastError();
    }
    return leave_answer() ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
#include "check_program.h"

#include "checklist.h"
#include "image.h"
#include "overrides.h"
#include "probe.h"
#include "system_folders.h"

#include "../common/dll_names.h"
#include "../common/wine.h"

#include <stdio.h>
#include <string.h>

enum
{
    NAME_CHARS = 16384, /* of a value in the registry, which has fewer */
    VALUE_BYTES = 1 << 16,
};

/* ---- why it does not get ours ---- */

static const char *enable_it(void)
{
    return wine_is_here() ? "settcpentry-wine enable puts it right, or settcpentry.exe enable here"
                          : "settcpentry enable puts it right";
}

/* Of a key the values that are about us. */
static void list_key(struct overrides *overrides, const char *where, const wchar_t *key)
{
    static wchar_t name[NAME_CHARS];
    static BYTE value[VALUE_BYTES];
    DWORD chars = NAME_CHARS;
    HKEY opened;

    if (RegOpenKeyExW(HKEY_CURRENT_USER, key, 0, KEY_READ, &opened) != ERROR_SUCCESS) {
        return;
    }
    for (DWORD i = 0;
         RegEnumValueW(opened, i, name, &chars, NULL, NULL, NULL, NULL) == ERROR_SUCCESS; i++) {
        DWORD type = 0;
        DWORD bytes = VALUE_BYTES;
        const LONG error = RegQueryValueExW(opened, name, NULL, &type, value, &bytes);

        if (overrides_is_ours(name, chars) &&
            (error == ERROR_SUCCESS || error == ERROR_MORE_DATA)) {
            overrides_add_value(overrides, where, type, error == ERROR_SUCCESS ? value : NULL,
                                bytes);
        }
        chars = NAME_CHARS;
    }
    RegCloseKey(opened);
}

/* What Wine has been told. What it makes of that is for it to say, and differs from one to the next. */
static struct overrides find_overrides(const wchar_t *name)
{
    struct overrides overrides = {0};
    wchar_t text[PATH_CHARS];
    const DWORD length = GetEnvironmentVariableW(L"WINEDLLOVERRIDES", text, PATH_CHARS);

    if (length > 0 && length < PATH_CHARS) {
        overrides_add(&overrides, "WINEDLLOVERRIDES", text, length);
    }
    swprintf(text, PATH_CHARS, L"Software\\Wine\\AppDefaults\\%ls\\DllOverrides", name);
    list_key(&overrides, "for this program", text);
    list_key(&overrides, "for all programs", L"Software\\Wine\\DllOverrides");
    if (overrides.length == 0) {
        snprintf(overrides.words, OVERRIDES_BYTES, "none");
    }
    return overrides;
}

/* Of the file's reasons the first, where ours should be; if it gives none, it is Wine's choice. */
static void explain(const struct probe_question *question, const wchar_t *dll, DWORD load_error)
{
    const struct image image = image_look(dll);
    char gets[64] = "it does not get ours";
    char path[PATH_BYTES];

    if (load_error != NO_ERROR) {
        snprintf(gets, sizeof(gets), "it gets none, error %lu", load_error);
    }
    path_to_utf8(dll, path);
    if (!image.is_there) {
        checklist_add("DLL", enable_it(), "%s: %s is not there", gets, path);
    } else if (!image.is_ours) {
        checklist_add("DLL", enable_it(), "%s: %s is not", gets, path);
    } else if (strcmp(image.architecture, question->architecture) != 0) {
        checklist_add("DLL", enable_it(), "%s: %s is for %s, and the program for %s", gets, path,
                      image.architecture, question->architecture);
    } else if (!path_finds_dlls(question->program)) {
        checklist_add("DLL", "give the folder a name without a semicolon",
                      "%s, though %s is: Wine finds no DLL there", gets, path);
    } else {
        const struct overrides overrides = find_overrides(path_name(question->program));

        checklist_add("DLL", enable_it(), "%s, though %s is", gets, path);
        checklist_add("override", enable_it(), "%s", overrides.words);
    }
}

/* ---- what it gets ---- */

static void judge_system(const struct probe_question *question, const struct probe_answer *answer)
{
    struct overrides overrides;

    if (answer->reaches_system) {
        checklist_add("system's DLL", NULL, "ours reaches it");
    }
    if (answer->exception == 0) {
        return;
    }
    overrides = find_overrides(path_name(question->program));
    checklist_add("system's DLL",
                  answer->is_beside ? enable_it()
                                    : "settcpentry-wine disable --all, then enable --all",
                  "what ours hands on to it raises exception 0x%08lX; overrides: %s",
                  answer->exception, overrides.words);
}

static void judge(const struct probe_question *question, const wchar_t *dll,
                  const struct probe_answer *answer)
{
    if (answer->is_ours) {
        checklist_add("DLL", NULL,
                      answer->is_beside ? "it gets ours, from its folder"
                                        : "it gets ours, from the system's folder");
        judge_system(question, answer);
    } else {
        explain(question, dll, answer->load_error);
    }
    if (answer->has_trial || answer->trial.exception != 0) {
        trial_judge("trial", &answer->trial, answer->is_ours ? "report this" : enable_it());
    }
}

void check_program(const wchar_t *program, bool with_trial)
{
    const struct image image = image_look(program);
    struct probe_question question = {.architecture = image.architecture,
                                      .has_console = image.has_console,
                                      .dll = SYSTEM_DLL,
                                      .with_trial = with_trial};
    struct probe_answer answer;
    wchar_t beside[PATH_CHARS];
    char text[PROBE_TEXT_BYTES];

    path_to_utf8(program, text);
    if (!image.is_there || !path_beside(program, SYSTEM_DLL, beside)) {
        checklist_add("program", "give its path", "%s cannot be read", text);
        return;
    }
    if (!image.architecture) {
        checklist_add("program", "give a program", "%s is no Windows program", text);
        return;
    }
    checklist_add("program", NULL, "%s is a %s program for %s", text,
                  image.has_console ? "console" : "GUI", image.architecture);
    wcscpy(question.program, program);
    if (probe_ask(&question, &answer, text)) {
        judge(&question, beside, &answer);
    } else {
        checklist_add("trial", "without that, nobody knows what the program gets", "%s", text);
    }
}

/* Of a program that has no iphlpapi.dll beside it. */
static void check_system_folder(const struct system_folder *folder)
{
    struct probe_question question = {.architecture = folder->architecture, .dll = SYSTEM_DLL};
    struct probe_answer answer;
    char path[PATH_BYTES];
    char why[PROBE_TEXT_BYTES];

    if (!folder->architecture) {
        path_to_utf8(folder->dll, path);
        checklist_add("system folder", "let Wine put its own back (wineboot -u)", "%s is no DLL",
                      path);
        return;
    }
    checklist_add("system folder", NULL, "what a program for %s gets that has no DLL of its own",
                  folder->architecture);
    GetSystemWindowsDirectoryW(question.program, MAX_PATH);
    wcscat(question.program, L"\\settcpentry-any.exe");
    if (probe_ask(&question, &answer, why)) {
        judge(&question, folder->dll, &answer);
    } else if (image_look(folder->dll).is_ours) {
        checklist_add("DLL", NULL, "ours is there, and no program can be asked: %s", why);
    } else {
        explain(&question, folder->dll, NO_ERROR);
    }
}

void check_all_programs(void)
{
    static struct system_folder folders[SYSTEM_FOLDERS_AT_MOST];
    const size_t count = system_folders_find(folders);

    if (count == 0) {
        checklist_add("system folder", "let Wine put its own back (wineboot -u)",
                      "there is no iphlpapi.dll");
    }
    for (size_t i = 0; i < count; i++) {
        check_system_folder(&folders[i]);
    }
}

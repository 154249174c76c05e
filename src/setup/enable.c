/* SPDX-License-Identifier: MIT */
#include "enable.h"

#include "files.h"
#include "image.h"
#include "system_folders.h"

#include "../common/dll_names.h"
#include "../common/wine.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

static bool is_everybody(const wchar_t *program)
{
    return wcscmp(program, EVERYBODY) == 0;
}

/* ---- one at a time ---- */

static HANDLE lock(void)
{
    const HANDLE mutex = CreateMutexW(NULL, FALSE, L"settcpentry-enable");

    if (mutex) {
        WaitForSingleObject(mutex, INFINITE); /* one whose owner has died is ours all the same */
    } else {
        fprintf(stderr, "settcpentry: another one may be at work, as administrator: error %lu\n",
                GetLastError());
    }
    return mutex;
}

static void unlock(HANDLE mutex)
{
    if (mutex) {
        ReleaseMutex(mutex);
        CloseHandle(mutex);
    }
}

/* ---- what is remembered of others ---- */

/* Those of one file name share the override, and those of one folder the DLL. */
struct others
{
    const wchar_t *program;
    struct enabled own;     /* its number is 0 if there is none */
    struct enabled by_name; /* another one, likewise */
    struct enabled by_folder;
    bool made_shared_keys; /* one was the first that had an override at all */
};

static void sort_in(void *taker, const struct enabled *enabled)
{
    struct others *others = taker;
    const bool same_name = path_same_name(enabled->program, others->program);
    bool same_folder;

    if (is_everybody(enabled->program) || is_everybody(others->program)) {
        if (is_everybody(enabled->program) && is_everybody(others->program)) {
            others->own = *enabled;
        }
        return;
    }
    same_folder = path_same_folder(enabled->program, others->program);
    if (same_name && same_folder) {
        others->own = *enabled;
    } else if (same_name) {
        others->by_name = *enabled;
    } else if (same_folder) {
        others->by_folder = *enabled;
    }
    others->made_shared_keys =
        others->made_shared_keys || enabled->before.keys < OVERRIDE_SHARED_KEYS;
}

static bool find_others(const wchar_t *program, struct others *others_out)
{
    LONG error;

    memset(others_out, 0, sizeof(*others_out));
    others_out->program = program;
    enabled_tidy();
    error = enabled_each(sort_in, others_out);
    return error == ERROR_SUCCESS ||
           file_complain(program, "may be enabled or not, nobody can read it: error %ld", error);
}

/* Keys that we have made for another one go with the last. */
static LONG read_override(const struct others *others, struct override *override_out)
{
    LONG error = ERROR_SUCCESS;

    if (others->by_name.number != 0) {
        *override_out = others->by_name.before;
    } else if (wine_is_here()) {
        error = override_read(others->program, override_out);
        if (others->made_shared_keys && override_out->keys == OVERRIDE_SHARED_KEYS &&
            !is_everybody(others->program)) {
            override_out->keys--;
        }
    }
    return error;
}

/* Before anything is changed. */
static bool remember(const struct others *others, DWORD has_own_dll)
{
    static struct enabled enabled;
    LONG error = ERROR_SUCCESS;

    if (others->own.number != 0 && others->own.has_own_dll == has_own_dll) {
        return true;
    }
    memset(&enabled, 0, sizeof(enabled));
    if (others->own.number != 0) {
        enabled = others->own;
        enabled_forget(&enabled);
    } else {
        wcscpy(enabled.program, others->program);
        error = read_override(others, &enabled.before);
    }
    enabled.has_own_dll = has_own_dll;
    if (error == ERROR_SUCCESS) {
        error = enabled_remember(&enabled);
    }
    return error == ERROR_SUCCESS ||
           file_complain(others->program, "has an override that cannot be kept: error %ld", error);
}

static bool prefer_ours(const struct others *others)
{
    const LONG error = wine_is_here() ? override_set(others->program) : ERROR_SUCCESS;

    return error == ERROR_SUCCESS ||
           file_complain(others->program, "has an override that cannot be set: error %ld", error);
}

static bool prefer_as_before(const struct others *others)
{
    const LONG error = others->by_name.number != 0 || !wine_is_here()
                           ? ERROR_SUCCESS
                           : override_restore(others->program, &others->own.before);

    return error == ERROR_SUCCESS ||
           file_complain(others->program, "has an override that cannot be set: error %ld", error);
}

static bool forget(const struct others *others)
{
    const LONG error = enabled_forget(&others->own);

    return error == ERROR_SUCCESS ||
           file_complain(others->program, "cannot be forgotten: error %ld", error);
}

/* ---- one program ---- */

static bool find_ours(const char *architecture, wchar_t path_out[PATH_CHARS])
{
    path_out[0] = 0;
    return (path_of_ours(architecture, SYSTEM_DLL, path_out) && image_look(path_out).is_ours) ||
           file_complain(path_out, "is missing, which is ours for %s", architecture);
}

/* Its architecture; NULL if it cannot have ours beside it. */
static const char *look_at_program(const wchar_t *program, const wchar_t *beside)
{
    const struct image image = image_look(program);
    const struct image dll = image_look(beside);

    if (!image.architecture) {
        file_complain(program, image.is_readable ? "is no Windows program" : "cannot be read");
    } else if (dll.is_there && !dll.is_ours) {
        file_complain(beside, "is there already, and not ours");
    } else if (dll.is_there && strcmp(dll.architecture, image.architecture) != 0) {
        file_complain(beside, "is ours for %s already, for another program, and this one is for %s",
                      dll.architecture, image.architecture);
    } else {
        return image.architecture;
    }
    return NULL;
}

/* Ours that was there before we came is left as it is, and stays. */
static bool has_own_dll(const struct others *others, const wchar_t *beside)
{
    const bool is_known = others->own.number != 0 || others->by_folder.number != 0;

    return image_look(beside).is_there &&
           (!is_known || others->own.has_own_dll || others->by_folder.has_own_dll);
}

static bool enable_program(const struct others *others)
{
    wchar_t beside[PATH_CHARS];
    wchar_t ours[PATH_CHARS];
    const char *architecture;
    bool has_own;

    if (!path_beside(others->program, SYSTEM_DLL, beside)) {
        return file_complain(others->program, "is too long a path");
    }
    file_tidy(beside);
    architecture = look_at_program(others->program, beside);
    if (!architecture || !find_ours(architecture, ours)) {
        return false;
    }
    has_own = has_own_dll(others, beside);
    return remember(others, has_own) &&
           (has_own || file_same_bytes(ours, beside) || file_copy(ours, beside)) &&
           prefer_ours(others);
}

/* Its disk may come back. */
static void tell_if_folder_is_away(const wchar_t *program)
{
    wchar_t folder[PATH_CHARS];
    wchar_t real[PATH_CHARS];

    if (path_beside(program, L"", folder) && !path_real(folder, real)) {
        file_complain(folder, "is not there; should it come back, delete the iphlpapi.dll in it");
    }
}

static bool disable_program(const struct others *others)
{
    wchar_t beside[PATH_CHARS];

    if (path_beside(others->program, SYSTEM_DLL, beside)) {
        file_tidy(beside);
        if (others->by_folder.number == 0 && !others->own.has_own_dll &&
            image_look(beside).is_ours && !file_remove(beside)) {
            return false;
        }
    }
    tell_if_folder_is_away(others->program);
    return prefer_as_before(others) && forget(others);
}

/* ---- all of a prefix ---- */

static bool can_have_ours(const struct system_folder *folder)
{
    wchar_t ours[PATH_CHARS];

    if (!folder->architecture) {
        return file_complain(folder->dll, "is no DLL");
    }
    /* Under another name nobody would find what it stands for. */
    if (image_look(folder->dll).is_placeholder) {
        return file_complain(folder->dll, "is a placeholder, and would be of no use under another "
                                          "name: enable programs one by one");
    }
    return find_ours(folder->architecture, ours);
}

/* What was there is put back if ours cannot be put there. */
static bool give_ours(const struct system_folder *folder)
{
    const struct image image = image_look(folder->dll);
    wchar_t ours[PATH_CHARS];

    if (!find_ours(folder->architecture, ours)) {
        return false;
    }
    if (image.is_ours || !image.is_there) {
        return file_same_bytes(ours, folder->dll) || file_copy(ours, folder->dll);
    }
    if (!file_move(folder->dll, folder->aside)) {
        return false;
    }
    if (!file_copy(ours, folder->dll)) {
        file_move(folder->aside, folder->dll);
        return false;
    }
    return true;
}

/* Where somebody has done it by hand before us. */
static DWORD find_own(const struct others *others, const struct system_folder *folders,
                      size_t count)
{
    DWORD own = 0;

    for (size_t i = 0; i < count; i++) {
        const bool is_ours = image_look(folders[i].dll).is_ours;

        own |=
            is_ours && (others->own.number == 0 || others->own.has_own_dll >> i & 1) ? 1U << i : 0;
    }
    return own;
}

static bool enable_all(const struct others *others)
{
    static struct system_folder folders[SYSTEM_FOLDERS_AT_MOST];
    const size_t count = system_folders_find(folders);
    bool done = count > 0 || file_complain(SYSTEM_DLL, "is in no system folder");
    DWORD own;

    for (size_t i = 0; done && i < count; i++) {
        file_tidy(folders[i].dll);
        done = can_have_ours(&folders[i]);
    }
    own = find_own(others, folders, count);
    done = done && remember(others, own);
    for (size_t i = 0; done && i < count; i++) {
        done = (own >> i & 1) || give_ours(&folders[i]);
    }
    return done && prefer_ours(others);
}

static bool can_do_without(const struct system_folder *folder)
{
    return !image_look(folder->dll).is_ours || image_look(folder->aside).is_there ||
           file_complain(folder->aside, "is missing: let Wine put its own back (wineboot -u), then "
                                        "disable again");
}

/* Where an update has put Wine's own back, that stays, and the older one goes. */
static bool give_systems(const struct system_folder *folder)
{
    const struct image image = image_look(folder->dll);

    return image.is_there && !image.is_ours ? file_remove(folder->aside)
                                            : file_move(folder->aside, folder->dll);
}

static bool disable_all(const struct others *others)
{
    static struct system_folder folders[SYSTEM_FOLDERS_AT_MOST];
    const size_t count = system_folders_find(folders);
    const DWORD own = others->own.has_own_dll;
    bool done = true;

    for (size_t i = 0; done && i < count; i++) {
        file_tidy(folders[i].dll);
        done = (own >> i & 1) || can_do_without(&folders[i]);
    }
    for (size_t i = 0; done && i < count; i++) {
        done = (own >> i & 1) || give_systems(&folders[i]);
    }
    return done && prefer_as_before(others) && forget(others);
}

/* ---- either ---- */

static bool enable_any(const struct others *others)
{
    return is_everybody(others->program) ? enable_all(others) : enable_program(others);
}

static bool disable_any(const struct others *others)
{
    return is_everybody(others->program) ? disable_all(others) : disable_program(others);
}

bool enable(const wchar_t *program)
{
    static struct others others;
    const HANDLE mutex = lock();
    bool done = mutex && find_others(program, &others);

    if (done && !enable_any(&others)) {
        const bool was_enabled = others.own.number != 0;

        done = false;
        if (!was_enabled && find_others(program, &others) && others.own.number != 0) {
            disable_any(&others);
        }
    }
    unlock(mutex);
    return done;
}

bool disable(const wchar_t *program)
{
    static struct others others;
    const HANDLE mutex = lock();
    bool done = mutex && find_others(program, &others);

    if (done && others.own.number == 0) {
        done = file_complain(program, "was not enabled");
    } else if (done) {
        done = disable_any(&others);
    }
    unlock(mutex);
    return done;
}

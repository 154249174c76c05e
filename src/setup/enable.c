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
    }
    return mutex;
}

static void unlock(HANDLE mutex)
{
    ReleaseMutex(mutex);
    CloseHandle(mutex);
}

/* ---- what is remembered of others ---- */

/* Those of one file name share the override, and those of one folder the DLL. */
struct others
{
    const wchar_t *program;
    struct enabled own;     /* its number is 0 if there is none */
    struct enabled by_name; /* another one, likewise */
    struct enabled by_folder;
};

static bool sort_in(void *taker, const struct enabled *enabled)
{
    struct others *others = taker;
    const bool is_of_one = is_everybody(enabled->program) || is_everybody(others->program);
    const bool same_name = path_same_name(enabled->program, others->program);
    const bool same_folder = !is_of_one && path_same_folder(enabled->program, others->program);

    if (is_of_one ? same_name : same_name && same_folder) {
        others->own = *enabled;
    } else if (!is_of_one && same_name) {
        others->by_name = *enabled;
    } else if (same_folder) {
        others->by_folder = *enabled;
    }
    return true;
}

static bool find_others(const wchar_t *program, struct others *others_out)
{
    LONG error;

    memset(others_out, 0, sizeof(*others_out));
    others_out->program = program;
    error = enabled_each(sort_in, others_out);
    return error == ERROR_SUCCESS ||
           file_complain(program, ": what was enabled cannot be read: error %ld", error);
}

bool enable_recall(const wchar_t *program, struct enabled *enabled_out)
{
    static struct others others;

    if (!find_others(program, &others)) {
        return false;
    }
    *enabled_out = others.own;
    return others.own.number != 0;
}

/* Before anything is changed. */
static bool remember(const wchar_t *program, const struct others *others, bool has_own_dll)
{
    static struct enabled enabled;
    LONG error = ERROR_SUCCESS;

    if (others->own.number != 0) {
        return true;
    }
    memset(&enabled, 0, sizeof(enabled));
    wcscpy(enabled.program, program);
    enabled.has_own_dll = has_own_dll;
    if (others->by_name.number != 0) {
        enabled.before = others->by_name.before;
    } else if (wine_is_here()) {
        error = override_read(program, &enabled.before);
    }
    if (error == ERROR_SUCCESS) {
        error = enabled_remember(&enabled);
    }
    return error == ERROR_SUCCESS ||
           file_complain(program, ": its override cannot be kept: error %ld", error);
}

static bool prefer_ours(const wchar_t *program)
{
    const LONG error = wine_is_here() ? override_set(program) : ERROR_SUCCESS;

    return error == ERROR_SUCCESS ||
           file_complain(program, ": its override cannot be set: error %ld", error);
}

static bool prefer_as_before(const struct others *others)
{
    const LONG error = others->by_name.number != 0 || !wine_is_here()
                           ? ERROR_SUCCESS
                           : override_restore(others->program, &others->own.before);

    return error == ERROR_SUCCESS ||
           file_complain(others->program, ": its override cannot be set: error %ld", error);
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
        file_complain(program, image.is_there ? "is no Windows program" : "cannot be read");
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

static bool enable_program(const wchar_t *program, const struct others *others)
{
    wchar_t beside[PATH_CHARS];
    wchar_t ours[PATH_CHARS];
    const char *architecture;
    bool has_own;

    if (!path_beside(program, SYSTEM_DLL, beside)) {
        return file_complain(program, "is too long a path");
    }
    architecture = look_at_program(program, beside);
    if (!architecture || !find_ours(architecture, ours)) {
        return false;
    }
    has_own = has_own_dll(others, beside);
    return remember(program, others, has_own) && (has_own || file_copy(ours, beside)) &&
           prefer_ours(program);
}

static bool disable_program(const wchar_t *program, const struct others *others)
{
    wchar_t beside[PATH_CHARS];

    if (others->by_folder.number == 0 && !others->own.has_own_dll &&
        path_beside(program, SYSTEM_DLL, beside) && image_look(beside).is_ours &&
        !file_remove(beside)) {
        return false;
    }
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

static bool give_ours(const struct system_folder *folder)
{
    const struct image image = image_look(folder->dll);
    wchar_t ours[PATH_CHARS];

    return (!image.is_there || image.is_ours || file_move(folder->dll, folder->aside)) &&
           find_ours(folder->architecture, ours) && file_copy(ours, folder->dll);
}

static bool enable_all(const struct others *others)
{
    static struct system_folder folders[SYSTEM_FOLDERS_AT_MOST];
    const size_t count = system_folders_find(folders);
    bool done = count > 0 || file_complain(SYSTEM_DLL, "is in no system folder");

    for (size_t i = 0; done && i < count; i++) {
        done = can_have_ours(&folders[i]);
    }
    done = done && remember(EVERYBODY, others, false);
    for (size_t i = 0; done && i < count; i++) {
        done = give_ours(&folders[i]);
    }
    return done && prefer_ours(EVERYBODY);
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
    bool done = true;

    for (size_t i = 0; done && i < count; i++) {
        done = can_do_without(&folders[i]);
    }
    for (size_t i = 0; done && i < count; i++) {
        done = give_systems(&folders[i]);
    }
    return done && prefer_as_before(others) && forget(others);
}

/* ---- either ---- */

static bool enable_any(const struct others *others)
{
    return is_everybody(others->program) ? enable_all(others)
                                         : enable_program(others->program, others);
}

static bool disable_any(const struct others *others)
{
    return is_everybody(others->program) ? disable_all(others)
                                         : disable_program(others->program, others);
}

bool enable(const wchar_t *program)
{
    static struct others others;
    const HANDLE mutex = lock();
    bool done = find_others(program, &others);

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
    bool done = find_others(program, &others);

    if (done && others.own.number == 0) {
        done = file_complain(is_everybody(program) ? L"--all" : program, "was not enabled");
    } else if (done) {
        done = disable_any(&others);
    }
    unlock(mutex);
    return done;
}

/* SPDX-License-Identifier: MIT */
#include "system_folders.h"

#include "image.h"

#include "../common/dll_names.h"

#include <wchar.h>

/* Of 64-bit programs; those of 32 bits, too, where there are no others. A 32-bit program is led elsewhere by the
 * first name, and to where it means by the second. */
static bool find_system(wchar_t folder_out[PATH_CHARS])
{
    BOOL is_led_elsewhere = FALSE;

    IsWow64Process(GetCurrentProcess(), &is_led_elsewhere);
    if (!is_led_elsewhere) {
        return GetSystemDirectoryW(folder_out, PATH_CHARS) != 0;
    }
    if (GetSystemWindowsDirectoryW(folder_out, MAX_PATH) == 0) {
        return false;
    }
    wcscat(folder_out, L"\\sysnative");
    return true;
}

static bool look(struct system_folder *folder, const wchar_t *path)
{
    struct image image;

    if (swprintf(folder->dll, PATH_CHARS, L"%ls\\" SYSTEM_DLL, path) < 0 ||
        !path_beside(folder->dll, SYSTEM_DLL_ASIDE, folder->aside)) {
        return false;
    }
    image = image_look(folder->dll);
    if (!image.is_there) {
        image = image_look(folder->aside);
    }
    folder->architecture = image.architecture;
    return image.is_there;
}

size_t system_folders_find(struct system_folder folders_out[SYSTEM_FOLDERS_AT_MOST])
{
    wchar_t path[PATH_CHARS];
    size_t count = 0;

    count += find_system(path) && look(&folders_out[count], path);
    count += GetSystemWow64DirectoryW(path, PATH_CHARS) != 0 && look(&folders_out[count], path);
    return count;
}

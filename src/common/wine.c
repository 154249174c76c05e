/* SPDX-License-Identifier: MIT */
#include "wine.h"

#include <winsock2.h>

#include <windef.h>

#include <winbase.h>

/* By this mark, behind the DOS header, Wine tells its own DLLs from Windows'. */
static bool is_marked(HMODULE module)
{
    static const char mark[] = "Wine builtin DLL";
    const char *header = (const char *)module;
    DWORD same = 0;

    while (mark[same] && header[sizeof(IMAGE_DOS_HEADER) + same] == mark[same]) {
        same++;
    }
    return !mark[same];
}

/* Some Wines hide the export from programs that would not run under Wine, and some prefixes lead to
 * no Linux file; no Windows has any of the three. */
bool wine_is_here(void)
{
    /* Every process has it from the beginning to the end. */
    const HMODULE ntdll = LoadLibraryExW(L"ntdll.dll", NULL, 0);

    return (ntdll && (GetProcAddress(ntdll, "wine_get_version") || is_marked(ntdll))) ||
           GetFileAttributesW(L"\\\\?\\unix\\proc\\self") != INVALID_FILE_ATTRIBUTES;
}

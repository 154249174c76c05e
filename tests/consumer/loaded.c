/* SPDX-License-Identifier: MIT */
/* loaded LOCAL:PORT REMOTE:PORT: loads iphlp.dll and looks SetTcpEntry up; linked with neither. */
#include "row.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    const HMODULE dll = LoadLibraryA("iphlp.dll");
    const SETTCPENTRY_FUNC set =
        dll ? (SETTCPENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcpEntry") : NULL;
    MIB_TCPROW row;
    DWORD code;

    if (!set || !read_row(argc, argv, &row)) {
        return 2;
    }
    SetLastError(NO_ERROR);
    code = set(&row);
    printf("SetTcpEntry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR ? 0 : 1;
}

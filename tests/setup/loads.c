/* SPDX-License-Identifier: MIT */
/* loads FILE: has iphlpapi.dll loaded, and the system's own if that hands functions on, as long as FILE is there, which
 * it makes. */
#include <windows.h>

int main(int argc, char **argv)
{
    typedef DWORD(WINAPI * count_func)(DWORD * count_out);
    const HMODULE module = LoadLibraryA("iphlpapi.dll");
    const count_func count_interfaces =
        (count_func)(void *)GetProcAddress(module, "GetNumberOfInterfaces");
    DWORD count;
    HANDLE file;

    if (argc != 2 || !count_interfaces || count_interfaces(&count) != NO_ERROR) {
        return 1;
    }
    file = CreateFileA(argv[1], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CloseHandle(file);
    while (GetFileAttributesA(argv[1]) != INVALID_FILE_ATTRIBUTES) {
        Sleep(20);
    }
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* What a program begins with; part of MSVC's msvcrt.lib, here over the functions of msvcrt.dll. */
#include <stdlib.h>

/* mingw-w64's helper for /DELAYLOAD knows it by another name. */
#ifdef _M_IX86
#pragma comment(linker, "/alternatename:__image_base__=___ImageBase")
#else
#pragma comment(linker, "/alternatename:__image_base__=__ImageBase")
#endif

struct start_info
{
    int new_mode;
};

int __cdecl __getmainargs(int *argc, char ***argv, char ***environment, int expand,
                          struct start_info *info);
int main(int argc, char **argv);
void mainCRTStartup(void);

void mainCRTStartup(void)
{
    struct start_info info = {0};
    int argc;
    char **argv;
    char **environment;

    __getmainargs(&argc, &argv, &environment, 0, &info);
    exit(main(argc, argv));
}

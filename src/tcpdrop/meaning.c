/* SPDX-License-Identifier: MIT */
#include "meaning.h"

#include "settcpentry.h"

#include <stdio.h>
#include <string.h>

enum
{
    ANY = -1,
};

static const struct
{
    DWORD code;
    LONG last_error;
    struct meaning meaning;
} meanings[] = {
    {NO_ERROR, ANY, {STATUS_DONE, "closed", NULL}},
    {ERROR_ACCESS_DENIED,
     ERROR_PRIVILEGE_NOT_HELD,
     {STATUS_NO_RIGHTS, "settcpentry-host lacks the capability CAP_NET_ADMIN",
      "as root: setcap cap_net_admin+ep /path/to/settcpentry-host; in a container, run "
      "settcpentry-host --serve outside"}},
    {ERROR_ACCESS_DENIED,
     ANY,
     {STATUS_NO_RIGHTS, "you are no administrator, or it is another user's connection",
      "run it as administrator; under Wine, as the user whose connection it is"}},
    {ERROR_MR_MID_NOT_FOUND,
     ERROR_ELEVATION_REQUIRED,
     {STATUS_NO_RIGHTS, "you are an administrator, but not elevated", "run it as administrator"}},
    {ERROR_MR_MID_NOT_FOUND,
     ANY,
     {STATUS_NO_SUCH_CONNECTION, "there is no such connection",
      "netstat -n lists those there are"}},
    {ERROR_NOT_FOUND,
     ANY,
     {STATUS_NO_SUCH_CONNECTION, "there is no such connection",
      "netstat -n lists those there are"}},
    {ERROR_NOT_SUPPORTED,
     ANY,
     {STATUS_NOT_DONE, "nothing here can close it",
      "under Wine, install settcpentry-host, or set SETTCPENTRY_HOST to where it is"}},
    {ERROR_NETWORK_UNREACHABLE,
     ANY,
     {STATUS_NOT_DONE, "settcpentry-host is in another network namespace than this program",
      "run settcpentry-host --serve in the same one"}},
    {ERROR_REVISION_MISMATCH,
     ANY,
     {STATUS_NOT_DONE, "settcpentry-host is of another version than the DLL", "install both anew"}},
    {ERROR_BAD_EXE_FORMAT,
     ANY,
     {STATUS_NOT_DONE, "what is at settcpentry-host's path cannot be executed",
      "install settcpentry-host anew"}},
    {ERROR_TIMEOUT,
     ANY,
     {STATUS_NOT_DONE, "settcpentry-host has not answered", "try again; else install it anew"}},
    {ERROR_BROKEN_PIPE,
     ANY,
     {STATUS_NOT_DONE, "settcpentry-host has died, and perhaps closed it before", "look again"}},
};

static const char *systems_words(DWORD code)
{
    static char words[256];
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                      FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                  NULL, code, 0, words, sizeof(words), NULL);

    while (length > 0 && strchr(" .\r\n", words[length - 1])) {
        length--;
    }
    words[length] = 0;
    return length > 0 ? words : "it failed";
}

struct meaning meaning_of(DWORD code, DWORD last_error)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (meanings[i].code == code &&
            (meanings[i].last_error == ANY || (DWORD)meanings[i].last_error == last_error)) {
            return meanings[i].meaning;
        }
    }
    return (struct meaning){STATUS_NOT_DONE, systems_words(code), NULL};
}

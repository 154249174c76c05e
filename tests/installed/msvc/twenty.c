/* SPDX-License-Identifier: MIT */
/*
 * Imports twenty functions of iphlpapi.dll, with 0 to 12 argument words, as MSVC's objects do, and calls
 * them.  Behind ours is the stand-in for the system's DLL, which tells what it was called with.
 * Exits with the number of calls that went wrong.
 */
#include "probe.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
#define TWENTY(X)                                                                                  \
    X(IcmpCreateFile, 0) X(PfDeleteLog, 0) X(GetNumberOfInterfaces, 1) X(PfMakeLog, 1)             \
    X(FreeMibTable, 1) X(GetAdapterIndex, 2) X(Icmp6ParseReplies, 2) X(GetIfTable, 3)              \
    X(PfBindInterfaceToIPAddress, 3) X(SendARP, 4) X(AddIPAddress, 5) X(PfTestPacket, 5)           \
    X(GetExtendedTcpTable, 6) X(GetBestRoute2, 7) X(CreateSortedAddressPairs, 7)                   \
    X(IcmpSendEcho, 8) X(do_echo_req, 10) X(IcmpSendEcho2, 11)                                     \
    X(GetPerTcpConnectionEStats, 11) X(Icmp6SendEcho2, 12)
/* clang-format on */

#define WORDS_1 probe_word
#define WORDS_2 WORDS_1, probe_word
#define WORDS_3 WORDS_2, probe_word
#define WORDS_4 WORDS_3, probe_word
#define WORDS_5 WORDS_4, probe_word
#define WORDS_6 WORDS_5, probe_word
#define WORDS_7 WORDS_6, probe_word
#define WORDS_8 WORDS_7, probe_word
#define WORDS_10 WORDS_8, probe_word, probe_word
#define WORDS_11 WORDS_10, probe_word
#define WORDS_12 WORDS_11, probe_word
#define WORDS_0 void

#define VALUE(i) ((probe_word)0xA5C30F00 + (i))
#define VALUES_0
#define VALUES_1 VALUE(0)
#define VALUES_2 VALUES_1, VALUE(1)
#define VALUES_3 VALUES_2, VALUE(2)
#define VALUES_4 VALUES_3, VALUE(3)
#define VALUES_5 VALUES_4, VALUE(4)
#define VALUES_6 VALUES_5, VALUE(5)
#define VALUES_7 VALUES_6, VALUE(6)
#define VALUES_8 VALUES_7, VALUE(7)
#define VALUES_10 VALUES_8, VALUE(8), VALUE(9)
#define VALUES_11 VALUES_10, VALUE(10)
#define VALUES_12 VALUES_11, VALUE(11)

#define DECLARE(name, words) __declspec(dllimport) probe_word __stdcall name(WORDS_##words);
TWENTY(DECLARE)

/* By the stand-in's numbers. */
static const char *const names[] = {
#define THUNK(symbol, exported) #symbol,
#include "thunks.inc"
};

/* How many of the words are in registers. */
#if defined(__i386__)
#define IN_REGISTERS 0
#define ON_STACK(i) (i)
#elif defined(__x86_64__)
#define IN_REGISTERS 4
#define ON_STACK(i) (i) /* there is room for those, too */
#else
#define IN_REGISTERS 8
#define ON_STACK(i) ((i)-IN_REGISTERS)
#endif

static const struct standin_seen *seen;
static int wrong;

static probe_word word_seen(unsigned i)
{
    return i < IN_REGISTERS ? seen->registers.general[i] : seen->registers.stack[ON_STACK(i)];
}

static void check(const char *name, unsigned words, probe_word result)
{
    const char *called = names[seen->number];
    unsigned same = 0;

    while (same < words && word_seen(same) == VALUE(same)) {
        same++;
    }
    if (strcmp(called, name) != 0 || same != words ||
        result != (probe_word)STANDIN_INTEGER + seen->number) {
        printf("%s: %s was called, %u of %u words arrived, %#lx came back\n", name, called, same,
               words, (unsigned long)result);
        wrong++;
    }
}

static void find_standin(void)
{
    char path[MAX_PATH + 16];
    const UINT length = GetSystemDirectoryA(path, MAX_PATH);
    HMODULE standin;

    memcpy(path + length, "\\iphlpapi.dll", sizeof("\\iphlpapi.dll"));
    standin = LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    seen = ((standin_seen_func)(void *)GetProcAddress(standin, "standin_seen"))();
}

int main(void)
{
    find_standin();
#define CALL(name, words) check(#name, words, name(VALUES_##words));
    TWENTY(CALL)
#define COUNT(name, words) +1
    printf("%d of %d calls were right\n", TWENTY(COUNT) - wrong, TWENTY(COUNT));
    return wrong;
}

/* SPDX-License-Identifier: MIT */
/*
 * What a program gets, found out by being that program for a moment: a copy of settcpentry.exe for its
 * architecture, made a console program or one without, runs under its name, in a folder of its own with a
 * copy of the DLL that lies beside it, without console and handles of ours, as a desktop would start it.
 * It loads the DLL by its bare name, tries it, and leaves its answer in a file. All that is gone afterwards.
 */
#ifndef PROBE_H
#define PROBE_H

#include "paths.h"
#include "trial.h"

enum
{
    PROBE_TEXT_BYTES = PATH_BYTES + 256,
};

struct probe_question
{
    wchar_t program[PATH_CHARS]; /* its full path: its name and its folder count */
    const char *architecture;    /* x86, amd64 or arm64; NULL: ours */
    bool has_console;
    const wchar_t *dll; /* its name, without a folder; one beside the program goes with it */
    bool with_trial;    /* else SetTcpEntry is not called */
};

/* The same in programs of every architecture. */
struct probe_answer
{
    DWORD load_error; /* why there is no such DLL for it; else 0 */
    DWORD is_ours;    /* it exports SetTcpEntryVersion */
    DWORD is_beside;  /* it says that it is the one beside the program: true if it is ours */
    DWORD has_trial;  /* false: none was asked for, or there is no SetTcpEntry */
    DWORD is_trying;  /* it did not come to the trial's end */
    struct trial trial;
    DWORD reaches_system; /* ours has handed a function on to the system's DLL */
    DWORD exception;      /* which raised this instead; else 0 */
};

/* False: it could not be asked, and why_out says why, in UTF-8. */
bool probe_ask(const struct probe_question *question, struct probe_answer *answer_out,
               char why_out[PROBE_TEXT_BYTES]);

/* The other side: with this as its first option, then the DLL's name, and perhaps another argument if a trial
 * is wanted, settcpentry.exe does as that program. Returns the exit status, 0 if it has left its answer. */
#define PROBE_OPTION L"--probe"
int probe_run(const wchar_t *dll, bool with_trial);

#endif

/* SPDX-License-Identifier: MIT */
/* amd64 and arm64: the handler of probe_guarded's frame. */
#include "probe.h"

extern const char probe_landing[];

EXCEPTION_DISPOSITION probe_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    DISPATCHER_CONTEXT *dispatcher);

EXCEPTION_DISPOSITION probe_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    DISPATCHER_CONTEXT *dispatcher)
{
    if (!(record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND))) {
        RtlUnwindEx(frame, (void *)probe_landing, record, (void *)(ULONG_PTR)record->ExceptionCode,
                    context, dispatcher->HistoryTable);
    }
    return ExceptionContinueSearch;
}

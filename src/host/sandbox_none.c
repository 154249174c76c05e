/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

bool sandbox_enter(enum sandbox_kind kind, const struct sandbox_folder *folders, size_t count)
{
    (void)kind;
    (void)folders;
    (void)count;
    return true;
}

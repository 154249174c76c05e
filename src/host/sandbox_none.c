/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

bool sandbox_enter(enum sandbox_kind kind, int folder)
{
    (void)kind;
    (void)folder;
    return true;
}

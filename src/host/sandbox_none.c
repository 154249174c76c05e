/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

bool sandbox_enter(enum sandbox_kind kind)
{
    (void)kind;
    return true;
}

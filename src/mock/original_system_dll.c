/* SPDX-License-Identifier: MIT */
#include "originals.h"

#define system_dll_function original_system_dll_function
#include "../dll/system_dll.c" /* NOLINT(bugprone-suspicious-include) */

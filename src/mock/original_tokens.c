/* SPDX-License-Identifier: MIT */
#include "originals.h"

#define os_token_elevated original_token_elevated
#define os_token_administrators original_token_administrators
#include "../dll/os_win32_token.c" /* NOLINT(bugprone-suspicious-include) */

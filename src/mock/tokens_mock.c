/* SPDX-License-Identifier: MIT */
/* What os.h says of the caller's token, as the script has it; which token that is does not matter then. */
#include "mock.h"
#include "originals.h"

static const struct caller
{
    enum os_membership membership;
    bool elevated;
} callers[] = {
    [CALLER_ADMINISTRATOR] = {OS_MEMBER_ENABLED, true},
    [CALLER_FILTERED] = {OS_MEMBER_DENY_ONLY, false},
    [CALLER_USER] = {OS_MEMBER_ABSENT, false},
};

static const struct caller *caller(void)
{
    return &callers[mock_get()->script.caller];
}

static bool is_real(void)
{
    return mock_get()->script.caller == CALLER_REAL;
}

DWORD os_token_elevated(HANDLE token, bool *elevated_out)
{
    if (is_real()) {
        return original_token_elevated(token, elevated_out);
    }
    *elevated_out = caller()->elevated;
    return NO_ERROR;
}

DWORD os_token_administrators(HANDLE token, enum os_membership *membership_out)
{
    if (is_real()) {
        return original_token_administrators(token, membership_out);
    }
    *membership_out = caller()->membership;
    return NO_ERROR;
}

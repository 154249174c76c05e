/* SPDX-License-Identifier: MIT */
/* The part of os.h about access tokens. */
#include "os_win32.h"

static const struct
{
    SID sid;
    DWORD second;
} administrators = {
    {SID_REVISION, 2, {SECURITY_NT_AUTHORITY}, {SECURITY_BUILTIN_DOMAIN_RID}},
    DOMAIN_ALIAS_RID_ADMINS,
};

DWORD os_open_thread_token(HANDLE *token_out)
{
    /* As self: a token at identification level may not open itself. */
    return error_unless(OpenThreadToken(THIS_THREAD, TOKEN_QUERY, TRUE, token_out));
}

DWORD os_open_process_token(HANDLE *token_out)
{
    HANDLE primary;
    DWORD error;

    if (!OpenProcessToken(THIS_PROCESS, TOKEN_QUERY | TOKEN_DUPLICATE, &primary)) {
        return failure();
    }
    error = error_unless(DuplicateToken(primary, SecurityIdentification, token_out));
    CloseHandle(primary);
    return error;
}

DWORD os_token_elevated(HANDLE token, bool *elevated_out)
{
    TOKEN_ELEVATION elevation = {0};
    DWORD bytes;

    if (!GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &bytes)) {
        return failure();
    }
    *elevated_out = elevation.TokenIsElevated != 0;
    return NO_ERROR;
}

static bool is_administrators(const SID *sid)
{
    const BYTE *a = (const BYTE *)sid;
    const BYTE *b = (const BYTE *)&administrators;
    const DWORD bytes = 8 + 4 * 2;

    /* The second byte is the number of parts, so a shorter one ends the comparison there. */
    for (DWORD i = 0; i < bytes; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

static bool lists_administrators(const TOKEN_GROUPS *groups)
{
    for (DWORD i = 0; i < groups->GroupCount; i++) {
        if (is_administrators(groups->Groups[i].Sid)) {
            return true;
        }
    }
    return false;
}

static DWORD find_administrators(HANDLE token, bool *found_out)
{
    DWORD bytes = 0;
    TOKEN_GROUPS *groups;
    DWORD error;

    GetTokenInformation(token, TokenGroups, NULL, 0, &bytes);
    if (bytes == 0) {
        return failure();
    }
    groups = LocalAlloc(LMEM_FIXED, bytes);
    if (!groups) {
        return ERROR_OUTOFMEMORY;
    }
    error = error_unless(GetTokenInformation(token, TokenGroups, groups, bytes, &bytes));
    if (error == NO_ERROR) {
        *found_out = lists_administrators(groups);
    }
    LocalFree(groups);
    return error;
}

DWORD os_token_administrators(HANDLE token, enum os_membership *membership_out)
{
    BOOL is_member;
    bool found = false;
    DWORD error;

    if (!CheckTokenMembership(token, (PSID)&administrators, &is_member)) {
        return failure();
    }
    if (is_member) {
        *membership_out = OS_MEMBER_ENABLED;
        return NO_ERROR;
    }
    error = find_administrators(token, &found);
    if (error == NO_ERROR) {
        *membership_out = found ? OS_MEMBER_DENY_ONLY : OS_MEMBER_ABSENT;
    }
    return error;
}

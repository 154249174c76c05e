/* SPDX-License-Identifier: MIT */
#include "tokens.h"

#include "testing.h"

static HANDLE own_token(void)
{
    HANDLE token;

    assert_true(OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token));
    return token;
}

static HANDLE copy(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type)
{
    HANDLE made;

    assert_true(DuplicateTokenEx(token, TOKEN_ALL_ACCESS, NULL, level, type, &made));
    CloseHandle(token);
    return made;
}

static HANDLE linked(HANDLE token)
{
    TOKEN_LINKED_TOKEN found;
    DWORD bytes;

    assert_true(GetTokenInformation(token, TokenLinkedToken, &found, sizeof(found), &bytes));
    CloseHandle(token);
    return copy(found.LinkedToken, SecurityImpersonation, TokenPrimary);
}

static BOOL is_elevated(HANDLE token)
{
    TOKEN_ELEVATION found;
    DWORD bytes;

    assert_true(GetTokenInformation(token, TokenElevation, &found, sizeof(found), &bytes));
    return found.TokenIsElevated != 0;
}

static HANDLE with_elevation(BOOL elevated)
{
    HANDLE token = own_token();

    if (is_elevated(token) != elevated) {
        token = linked(token);
    }
    assert_int_equal(is_elevated(token), elevated);
    return token;
}

static HANDLE without_administrators(HANDLE token)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD bytes = sizeof(sid);
    SID_AND_ATTRIBUTES disabled = {sid, 0};
    HANDLE made;

    assert_true(CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &bytes));
    assert_true(CreateRestrictedToken(token, 0, 1, &disabled, 0, NULL, 0, NULL, &made));
    CloseHandle(token);
    return made;
}

HANDLE token_make(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_ELEVATED:
        return with_elevation(TRUE);
    case TOKEN_NOT_ELEVATED:
        return with_elevation(FALSE);
    case TOKEN_NO_ADMIN:
        return without_administrators(with_elevation(TRUE));
    case TOKEN_UAC_FILTERED:
        return without_administrators(with_elevation(FALSE));
    case TOKEN_IDENTIFICATION:
        return copy(own_token(), SecurityIdentification, TokenImpersonation);
    case TOKEN_AS_IT_IS:
        break;
    }
    return own_token();
}

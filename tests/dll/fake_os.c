/* SPDX-License-Identifier: MIT */
#include "fake_os.h"

#include "testing.h"

struct fake_os fake_os;

const struct fake_token fake_administrator = {
    .membership = OS_MEMBER_ENABLED,
    .elevated = true,
};

void fake_os_impersonate(struct fake_token token)
{
    fake_os = (struct fake_os){.process_error = ERROR_ACCESS_DENIED, .thread = token};
}

DWORD os_last_error(void)
{
    return fake_os.last_error;
}

void os_set_last_error(DWORD code)
{
    fake_os.last_error = code;
}

static DWORD open_token(DWORD error, struct fake_token *token, HANDLE *token_out)
{
    fake_os.last_error = 0xBAD; /* as a real system may do */
    fake_os.tokens_opened++;
    if (error == NO_ERROR) {
        fake_os.tokens_open++;
        *token_out = token;
    }
    return error;
}

DWORD os_open_thread_token(HANDLE *token_out)
{
    return open_token(fake_os.thread_error, &fake_os.thread, token_out);
}

DWORD os_open_process_token(HANDLE *token_out)
{
    return open_token(fake_os.process_error, &fake_os.process, token_out);
}

DWORD os_token_elevated(HANDLE token, bool *elevated_out)
{
    const struct fake_token *fake = token;

    *elevated_out = fake->elevated;
    return fake->elevation_error;
}

DWORD os_token_administrators(HANDLE token, enum os_membership *membership_out)
{
    const struct fake_token *fake = token;

    *membership_out = fake->membership;
    return fake->membership_error;
}

bool os_is_wine(void)
{
    return fake_os.is_wine;
}

bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    (void)name;
    (void)value_out;
    (void)chars;
    return false;
}

DWORD os_append(const WCHAR *path, const void *bytes, DWORD length)
{
    (void)path;
    (void)bytes;
    (void)length;
    fail(); /* nobody has asked for a trace */
    return NO_ERROR;
}

DWORD os_milliseconds(void)
{
    return 0;
}

void os_close(HANDLE handle)
{
    assert_non_null(handle);
    fake_os.tokens_open--;
}

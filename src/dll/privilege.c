/* SPDX-License-Identifier: MIT */
#include "privilege.h"

#include "os.h"
#include "settcpentry.h"

/* Only ever goes from false to true, and both values are safe to see. */
static bool process_is_allowed;

static struct outcome judge(HANDLE token)
{
    enum os_membership administrators;
    bool elevated = false;
    DWORD elevation;

    if (os_token_administrators(token, &administrators) != NO_ERROR) {
        return outcome_plain(ERROR_ACCESS_DENIED, "the token's groups cannot be read");
    }
    if (administrators == OS_MEMBER_ABSENT) {
        return outcome_plain(ERROR_ACCESS_DENIED, "the token has no Administrators");
    }
    /* Wine (since 9.5) runs programs as administrators who are not elevated, and elevates whoever
     * asks without asking back: so it says nothing about what the user wants. */
    if (administrators == OS_MEMBER_ENABLED && os_is_wine()) {
        return outcome_plain(NO_ERROR, "the token may");
    }
    elevation = os_token_elevated(token, &elevated);
    if (elevation == NO_ERROR && !elevated) {
        return (struct outcome){ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED,
                                "the token is not elevated"};
    }
    /* Before Vista there is no elevation, and only membership counts. */
    if (administrators == OS_MEMBER_ENABLED &&
        (elevation == NO_ERROR || elevation == ERROR_INVALID_PARAMETER)) {
        return outcome_plain(NO_ERROR, "the token may");
    }
    return outcome_plain(ERROR_ACCESS_DENIED, "the token's Administrators count for refusals only");
}

static struct outcome judge_and_close(HANDLE token)
{
    const struct outcome verdict = judge(token);

    os_close(token);
    return verdict;
}

static struct outcome check_process(void)
{
    HANDLE token;
    struct outcome verdict;

    if (__atomic_load_n(&process_is_allowed, __ATOMIC_RELAXED)) {
        return outcome_plain(NO_ERROR, "the process's token may");
    }
    if (os_open_process_token(&token) != NO_ERROR) {
        return outcome_plain(ERROR_ACCESS_DENIED, "the process's token cannot be opened");
    }
    verdict = judge_and_close(token);
    if (verdict.code == NO_ERROR) {
        __atomic_store_n(&process_is_allowed, true, __ATOMIC_RELAXED);
    }
    return verdict;
}

struct outcome privilege_check(void)
{
    HANDLE token;

    switch (os_open_thread_token(&token)) {
    case NO_ERROR:
        return judge_and_close(token);
    case ERROR_NO_TOKEN:
        return check_process();
    default:
        return outcome_plain(ERROR_ACCESS_DENIED, "the thread's token cannot be opened");
    }
}

/* SPDX-License-Identifier: MIT */
#include "privilege.h"

#include "os.h"

/* Only ever goes from false to true, and both values are safe to see. */
static bool process_is_allowed;

static struct answer judge(HANDLE token)
{
    enum os_membership administrators;
    bool elevated = false;
    DWORD elevation;

    if (os_token_administrators(token, &administrators) != NO_ERROR) {
        return answer_of(ANSWER_TOKEN_UNREADABLE);
    }
    if (administrators == OS_MEMBER_ABSENT) {
        return answer_of(ANSWER_NOT_ADMINISTRATOR);
    }
    /* Wine (since 9.5) runs programs as administrators who are not elevated, and elevates whoever
     * asks without asking back: so it says nothing about what the user wants. */
    if (administrators == OS_MEMBER_ENABLED && os_is_wine()) {
        return answer_of(ANSWER_NONE);
    }
    elevation = os_token_elevated(token, &elevated);
    if (elevation == NO_ERROR && !elevated) {
        return answer_of(ANSWER_NOT_ELEVATED);
    }
    /* Before Vista there is no elevation, and only membership counts. */
    if (administrators == OS_MEMBER_ENABLED &&
        (elevation == NO_ERROR || elevation == ERROR_INVALID_PARAMETER)) {
        return answer_of(ANSWER_NONE);
    }
    return answer_of(administrators == OS_MEMBER_ENABLED ? ANSWER_TOKEN_UNREADABLE
                                                         : ANSWER_NOT_ADMINISTRATOR);
}

static struct answer judge_and_close(HANDLE token)
{
    const struct answer refusal = judge(token);

    os_close(token);
    return refusal;
}

static struct answer check_process(void)
{
    HANDLE token;
    struct answer refusal;

    if (__atomic_load_n(&process_is_allowed, __ATOMIC_RELAXED)) {
        return answer_of(ANSWER_NONE);
    }
    if (os_open_process_token(&token) != NO_ERROR) {
        return answer_of(ANSWER_TOKEN_UNREADABLE);
    }
    refusal = judge_and_close(token);
    if (refusal.kind == ANSWER_NONE) {
        __atomic_store_n(&process_is_allowed, true, __ATOMIC_RELAXED);
    }
    return refusal;
}

struct answer privilege_check(void)
{
    HANDLE token;

    switch (os_open_thread_token(&token)) {
    case NO_ERROR:
        return judge_and_close(token);
    case ERROR_NO_TOKEN:
        return check_process();
    default:
        return answer_of(ANSWER_TOKEN_UNREADABLE);
    }
}

/* SPDX-License-Identifier: MIT */
#include "privileges.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Only who has CAP_SETPCAP can; nobody can get them back without an exec, which no_new_privs makes
 * useless. */
static void leave_bounding_set(void)
{
    for (cap_value_t capability = 0; capability < cap_max_bits(); capability++) {
        if (capability != CAP_NET_ADMIN) {
            cap_drop_bound(capability);
        }
    }
}

static bool keep_net_admin_only(void)
{
    static const cap_value_t kept[] = {CAP_NET_ADMIN};
    cap_flag_value_t have = CAP_CLEAR;
    cap_t before = cap_get_proc();
    cap_t after = cap_init();
    const bool done =
        before && after && cap_get_flag(before, CAP_NET_ADMIN, CAP_PERMITTED, &have) == 0 &&
        cap_set_flag(after, CAP_PERMITTED, 1, kept, have) == 0 &&
        cap_set_flag(after, CAP_EFFECTIVE, 1, kept, have) == 0 && cap_set_proc(after) == 0;

    cap_free(before);
    cap_free(after);
    return done;
}

/* /proc/PID/environ shows this memory, too. */
static void forget_environment(void)
{
    for (char **variable = environ; variable && *variable; variable++) {
        memset(*variable, 0, strlen(*variable));
    }
    clearenv();
}

/* Else a complaint would be written to whatever is opened next. */
static void open_missing_standard_descriptors(void)
{
    int opened;

    do {
        opened = open("/dev/null", O_RDWR);
    } while (opened >= 0 && opened <= STDERR_FILENO);
}

bool privileges_drop(void)
{
    forget_environment();
    open_missing_standard_descriptors();
    closefrom(STDERR_FILENO + 1);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
        cap_reset_ambient() != 0) {
        return false;
    }
    leave_bounding_set();
    return keep_net_admin_only();
}

/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "diag.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/capability.h>
#include <sys/prctl.h>

static bool has_net_admin(void)
{
    cap_flag_value_t has = CAP_CLEAR;
    cap_t own = cap_get_proc();

    if (own) {
        cap_get_flag(own, CAP_NET_ADMIN, CAP_EFFECTIVE, &has);
        cap_free(own);
    }
    return has == CAP_SET;
}

static bool say(const char *what, bool is_so)
{
    printf("%s: %s\n", what, is_so ? "yes" : "no");
    return is_so;
}

int check_report(void)
{
    const bool can_ask = diag_open() == 0;
    bool can_close;
    bool can_find;

    puts("settcpentry-host " SETTCPENTRY_VERSION_TEXT);
    can_close = say("cap_net_admin", has_net_admin());
    say("no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    can_find = say("ipv4", can_ask && diag_probe(CONNECTION_IPV4) == 0);
    can_find = say("ipv6", can_ask && diag_probe(CONNECTION_IPV6) == 0) || can_find;
    return can_close && can_find ? 0 : 1;
}

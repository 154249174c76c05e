/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum
{
    MEMORY_BYTES = 32 << 20, /* some 4 MB are in use, most of it the C library's files */
};

/* With up to one argument's allowed value, or of which bits must be 0. */
static const struct
{
    int call;
    enum sandbox_kind from;
    unsigned arguments;
    struct scmp_arg_cmp argument;
} allowed[] = {
    /* the netlink socket */
    {SCMP_SYS(sendto), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(recvfrom), SANDBOX_PAGE, 0, {0}},
    /* is there such a family, and which interfaces (if_nameindex, which allocates) */
    {SCMP_SYS(socket), SANDBOX_PAGE, 1, SCMP_A0_32(SCMP_CMP_EQ, AF_INET)},
    {SCMP_SYS(socket), SANDBOX_PAGE, 1, SCMP_A0_32(SCMP_CMP_EQ, AF_INET6)},
    {SCMP_SYS(socket), SANDBOX_PAGE, 1, SCMP_A0_32(SCMP_CMP_EQ, AF_NETLINK)},
    {SCMP_SYS(bind), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(getsockname), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(recvmsg), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(close), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(brk), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(mmap), SANDBOX_PAGE, 1, SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)},
    {SCMP_SYS(munmap), SANDBOX_PAGE, 0, {0}},
    /* the page */
    {SCMP_SYS(inotify_rm_watch), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(ppoll), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(read), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(clock_gettime), SANDBOX_PAGE, 0, {0}}, /* where it is no vDSO call */
    {SCMP_SYS(getuid), SANDBOX_PAGE, 0, {0}},
    /* signals, complaints, the end */
    {SCMP_SYS(rt_sigaction), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(rt_sigreturn), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(restart_syscall), SANDBOX_PAGE, 0, {0}},
    {SCMP_SYS(write), SANDBOX_PAGE, 1, SCMP_A0_32(SCMP_CMP_EQ, 2)},
    {SCMP_SYS(exit_group), SANDBOX_PAGE, 0, {0}},
    /* more pages */
    {SCMP_SYS(openat), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(fcntl), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(getdents64), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(fstat), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(newfstatat), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(unlinkat), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(inotify_add_watch), SANDBOX_FOLDER, 0, {0}},
    {SCMP_SYS(getpid), SANDBOX_FOLDER, 0, {0}},
};

static bool limit(__rlimit_resource_t resource, rlim_t most)
{
    const struct rlimit limit = {most, most};

    return setrlimit(resource, &limit) == 0;
}

static int allow(scmp_filter_ctx filter, enum sandbox_kind kind)
{
    int error = 0;

    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && error == 0; i++) {
        if (allowed[i].from <= kind) {
            error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i].call,
                                           allowed[i].arguments, &allowed[i].argument);
        }
    }
    return error;
}

bool sandbox_enter(enum sandbox_kind kind)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int error = filter ? allow(filter, kind) : -ENOMEM;

    if (error == 0 && !(limit(RLIMIT_AS, MEMORY_BYTES) && limit(RLIMIT_CORE, 0) &&
                        limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 32))) {
        error = -errno;
    }
    if (error == 0) {
        error = seccomp_load(filter);
    }
    seccomp_release(filter);
    errno = -error;
    return error == 0;
}

/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
    MEMORY_BYTES = 32 << 20, /* some 4 MB are in use, most of it the C library's files */
    DESCRIPTORS =
        PROGRAMS_AT_MOST + 2 * FOLDERS_AT_MOST + 32, /* one of each program, two of each folder */
};

/* Sets of enum sandbox_kind. */
enum
{
    MORE_FOLDERS = SANDBOX_GROWING_FOLDERS,
    FOLDERS = SANDBOX_FOLDERS | MORE_FOLDERS,
    PAGES = SANDBOX_PAGE | FOLDERS,
    ALL = SANDBOX_STREAM | PAGES,
};

/* With up to one argument's allowed value, or of which bits must be 0. */
static const struct
{
    int call;
    unsigned kinds;
    unsigned arguments;
    struct scmp_arg_cmp argument;
} allowed[] = {
    /* the netlink socket */
    {SCMP_SYS(sendto), ALL, 0, {0}},
    {SCMP_SYS(recvfrom), ALL, 0, {0}},
    /* which interfaces there are */
    {SCMP_SYS(lseek), ALL, 0, {0}},
    {SCMP_SYS(ioctl), ALL, 1, SCMP_A1_32(SCMP_CMP_EQ, SIOCGIFINDEX)},
    /* memory */
    {SCMP_SYS(brk), ALL, 0, {0}},
    {SCMP_SYS(mmap), ALL, 1, SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)},
    {SCMP_SYS(munmap), ALL, 0, {0}},
    /* requests, and the interfaces */
    {SCMP_SYS(read), ALL, 0, {0}},
    /* answers */
    {SCMP_SYS(write), SANDBOX_STREAM, 1, SCMP_A0_32(SCMP_CMP_EQ, 1)},
    /* the page */
    {SCMP_SYS(inotify_rm_watch), PAGES, 0, {0}},
    {SCMP_SYS(poll), PAGES, 0, {0}},
    {SCMP_SYS(sched_yield), PAGES, 0, {0}},
    {SCMP_SYS(sched_getaffinity), PAGES, 0, {0}},
    {SCMP_SYS(ppoll), PAGES, 0, {0}}, /* where there is no poll */
    {SCMP_SYS(fcntl), PAGES, 1, SCMP_A1_32(SCMP_CMP_EQ, F_SETLEASE)},
    {SCMP_SYS(close), PAGES, 0, {0}},
    {SCMP_SYS(clock_gettime), PAGES, 0, {0}}, /* where it is no vDSO call */
    {SCMP_SYS(getuid), PAGES, 0, {0}},
    /* signals, complaints, the end */
    {SCMP_SYS(rt_sigaction), PAGES, 0, {0}},
    {SCMP_SYS(rt_sigreturn), PAGES, 0, {0}},
    {SCMP_SYS(restart_syscall), PAGES, 0, {0}},
    {SCMP_SYS(write), ALL, 1, SCMP_A0_32(SCMP_CMP_EQ, 2)},
    {SCMP_SYS(exit_group), ALL, 0, {0}},
    /* more pages */
    {SCMP_SYS(openat), FOLDERS, 0, {0}},
    {SCMP_SYS(fcntl), FOLDERS, 1, SCMP_A1_32(SCMP_CMP_EQ, F_GETFL)},
    {SCMP_SYS(fcntl), FOLDERS, 1, SCMP_A1_32(SCMP_CMP_EQ, F_SETFD)},
    {SCMP_SYS(getdents64), FOLDERS, 0, {0}},
    {SCMP_SYS(fstat), FOLDERS, 0, {0}},
    {SCMP_SYS(newfstatat), FOLDERS, 0, {0}},
    {SCMP_SYS(unlinkat), FOLDERS, 0, {0}},
    {SCMP_SYS(inotify_add_watch), FOLDERS, 0, {0}},
    {SCMP_SYS(getpid), FOLDERS, 0, {0}},
    /* more folders */
    {SCMP_SYS(mkdirat), MORE_FOLDERS, 0, {0}},
    {SCMP_SYS(flock), MORE_FOLDERS, 0, {0}},
    {SCMP_SYS(pread64), MORE_FOLDERS, 0, {0}},
    {SCMP_SYS(pwrite64), MORE_FOLDERS, 0, {0}},
};

static rlim_t lower(rlim_t a, rlim_t b)
{
    return a < b ? a : b;
}

/* To no more than that; what was less before stays so. */
static bool limit(__rlimit_resource_t resource, rlim_t most)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = lower(limit.rlim_cur, most);
    limit.rlim_max = lower(limit.rlim_max, most);
    return setrlimit(resource, &limit) == 0;
}

static bool allow_folder(int rules, const struct sandbox_folder *folder)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                          LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE,
        .parent_fd = folder->descriptor,
    };

    if (folder->can_grow) {
        beneath.allowed_access |= LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG;
    }
    return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

/* The kernel has had Landlock since 5.13, but it can be left out, or not be switched on. */
static bool enter_landlock(const struct sandbox_folder *folders, size_t count)
{
    /* All that its first version knows: the rest takes system calls that kill. */
    const struct landlock_ruleset_attr all = {.handled_access_fs =
                                                  (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
    bool done = true;

    if (rules < 0) {
        return errno == ENOSYS || errno == EOPNOTSUPP;
    }
    for (size_t i = 0; i < count && done; i++) {
        done = allow_folder(rules, &folders[i]);
    }
    done = done && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return done;
}

static int allow(scmp_filter_ctx filter, enum sandbox_kind kind)
{
    int error = 0;

    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && error == 0; i++) {
        if (allowed[i].kinds & kind) {
            error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i].call,
                                           allowed[i].arguments, &allowed[i].argument);
        }
    }
    return error;
}

bool sandbox_enter(enum sandbox_kind kind, const struct sandbox_folder *folders, size_t count)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int error = filter ? allow(filter, kind) : -ENOMEM;

    if (error == 0 &&
        !(enter_landlock(folders, count) && limit(RLIMIT_AS, MEMORY_BYTES) &&
          limit(RLIMIT_CORE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, DESCRIPTORS))) {
        error = -errno;
    }
    if (error == 0) {
        error = seccomp_load(filter);
    }
    seccomp_release(filter);
    errno = -error;
    return error == 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What settcpentry-host has given up: by trying, with its own sandbox.c, and by looking at a helper
 * that runs, from outside.
 *   test_sandbox HELPER
 */
#include "testing.h"

#include "asker.h"
#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    SOMEBODY_ELSE = 12345,
};

static const char *helper;

static int open_folder = -1; /* what a helper outside may open files in */

static bool enter(enum sandbox_kind kind)
{
    const struct sandbox_folder folder = {
        .descriptor = open_folder,
        .can_grow = kind == SANDBOX_GROWING_FOLDERS,
    };

    return sandbox_enter(kind, &folder, open_folder < 0 ? 0 : 1);
}

static const enum sandbox_kind kinds[] = {
    SANDBOX_STREAM,
    SANDBOX_PAGE,
    SANDBOX_FOLDERS,
    SANDBOX_GROWING_FOLDERS,
};

enum
{
    KINDS = sizeof(kinds) / sizeof(kinds[0]),
};

/* The wait status of a child that tries this in the sandbox; it exits with what try returns. */
static int in_sandbox(enum sandbox_kind kind, int (*try)(void))
{
    const pid_t child = fork();
    int status = -1;

    assert_true(child >= 0);
    if (child == 0) {
        syscall(SYS_exit_group, enter(kind) ? try() : 99);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static int nothing(void)
{
    return 0;
}

static int exec(void)
{
    return execl("/bin/true", "true", (char *)NULL);
}

static int fork_again(void)
{
    return fork() < 0;
}

static int unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int sock_diag(void)
{
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
}

static int route(void)
{
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static int ipv4_socket(void)
{
    return socket(AF_INET, SOCK_DGRAM, 0);
}

static int set_an_address(void)
{
    struct ifreq request = {.ifr_name = "lo"};

    return ioctl(0, SIOCSIFADDR, &request);
}

static int change_a_mode(void)
{
    return chmod("/proc/self/fd/0", 0600);
}

static int follow_a_link(void)
{
    char text[8];

    return (int)readlink("/proc/self/fd/0", text, sizeof(text));
}

static int udp_to_elsewhere(void)
{
    return connect(0, &(struct sockaddr){.sa_family = AF_INET}, sizeof(struct sockaddr));
}

static int executable_memory(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
           MAP_FAILED;
}

static int write_to_a_file(void)
{
    return (int)write(3, "", 1);
}

static int open_a_file(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static int kill_init(void)
{
    return kill(1, 0);
}

static void serving_goes_on_in_the_sandbox(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        assert_int_equal(in_sandbox(kinds[i], nothing), 0);
    }
}

static void expect_death(enum sandbox_kind kind, int (*try)(void))
{
    const int status = in_sandbox(kind, try);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void a_system_call_that_is_not_listed_kills(void **state)
{
    static int (*const tries[])(void) = {
        exec,
        fork_again,
        unix_socket,
        udp_to_elsewhere,
        executable_memory,
        write_to_a_file,
        kill_init,
        sock_diag,
        route,
        ipv4_socket,
        set_an_address,
        change_a_mode,
        follow_a_link,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        for (size_t kind = 0; kind < KINDS; kind++) {
            expect_death(kinds[kind], tries[i]);
        }
    }
}

static void a_helper_for_one_program_cannot_even_open_files(void **state)
{
    (void)state;
    expect_death(SANDBOX_PAGE, open_a_file);
    expect_death(SANDBOX_STREAM, open_a_file);
}

static int write_to_standard_output(void)
{
    return write(STDOUT_FILENO, "", 0) != 0;
}

static int write_to_standard_error(void)
{
    return write(STDERR_FILENO, "", 0) != 0;
}

static int write_to_standard_input(void)
{
    return (int)write(STDIN_FILENO, "", 0);
}

static void only_one_that_is_asked_through_pipes_can_write_to_standard_output(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        assert_int_equal(in_sandbox(kinds[i], write_to_standard_error), 0);
        expect_death(kinds[i], write_to_standard_input);
        if (kinds[i] != SANDBOX_STREAM) {
            expect_death(kinds[i], write_to_standard_output);
        }
    }
    assert_int_equal(in_sandbox(SANDBOX_STREAM, write_to_standard_output), 0);
}

static int wait_for_something(void)
{
    return poll(NULL, 0, 0);
}

static int close_something(void)
{
    return close(STDIN_FILENO);
}

static int lease_something(void)
{
    return fcntl(STDIN_FILENO, F_SETLEASE, F_UNLCK);
}

static int watch_nothing_any_more(void)
{
    return inotify_rm_watch(STDIN_FILENO, 0);
}

static int handle_a_signal(void)
{
    return signal(SIGBUS, SIG_IGN) == SIG_ERR;
}

static int ask_who_we_are(void)
{
    return (int)syscall(SYS_getuid);
}

static void one_that_is_asked_through_pipes_can_do_nothing_that_pages_take(void **state)
{
    static int (*const tries[])(void) = {
        wait_for_something,     close_something, lease_something,
        watch_nothing_any_more, handle_a_signal, ask_who_we_are,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        const int status = in_sandbox(SANDBOX_PAGE, tries[i]);

        assert_true(WIFEXITED(status)); /* where it can */
        expect_death(SANDBOX_STREAM, tries[i]);
    }
}

static int write_a_file_elsewhere(void)
{
    return openat(AT_FDCWD, "/dev/null", O_RDWR) < 0 ? errno : 0;
}

static int read_a_file_elsewhere(void)
{
    return openat(AT_FDCWD, "/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

static int read_a_file_by_a_link_in_the_folder(void)
{
    return openat(open_folder, "link", O_RDONLY) < 0 ? errno : 0;
}

static int remove_a_file_elsewhere(void)
{
    return unlinkat(AT_FDCWD, "/dev/shm/settcpentry-kept", 0) < 0 ? errno : 0;
}

static int use_the_folder(void)
{
    return openat(open_folder, "file", O_RDWR) < 0 || unlinkat(open_folder, "file", 0) != 0;
}

static int make_a_file_in_the_folder(void)
{
    return openat(open_folder, "new", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0;
}

static int make_a_folder_in_the_folder(void)
{
    return mkdirat(open_folder, "sub", 0700) != 0 ? errno : 0;
}

static int make_a_folder_elsewhere(void)
{
    return mkdirat(AT_FDCWD, "/dev/shm/settcpentry-new", 0700) != 0 ? errno : 0;
}

static char folder[] = "/dev/shm/settcpentry-folder-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof(folder) - sizeof("XXXXXX"), "XXXXXX", sizeof("XXXXXX"));
    assert_non_null(mkdtemp(folder));
    open_folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return open_folder < 0;
}

/* So nothing may be left in it. */
static int remove_folder(void **state)
{
    (void)state;
    close(open_folder);
    open_folder = -1;
    return rmdir(folder);
}

static void skip_without_landlock(void)
{
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) <= 0) {
        print_message("skipped: this kernel has no Landlock\n");
        skip();
    }
}

static void a_helper_outside_can_open_and_remove_files_of_its_folder_only(void **state)
{
    static int (*const tries[])(void) = {
        write_a_file_elsewhere,
        read_a_file_elsewhere,
        read_a_file_by_a_link_in_the_folder,
        remove_a_file_elsewhere,
    };

    (void)state;
    skip_without_landlock();
    close(openat(open_folder, "file", O_CREAT | O_WRONLY, 0600));
    close(open("/dev/shm/settcpentry-kept", O_CREAT | O_WRONLY, 0600));
    assert_int_equal(symlinkat("/etc/passwd", open_folder, "link"), 0);
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        assert_int_equal(in_sandbox(SANDBOX_FOLDERS, tries[i]), EACCES << 8);
    }
    assert_int_equal(in_sandbox(SANDBOX_FOLDERS, use_the_folder), 0);
    assert_int_equal(unlink("/dev/shm/settcpentry-kept"), 0);
    assert_int_equal(unlinkat(open_folder, "link", 0), 0);
}

static void only_one_whose_folders_come_can_make_some_and_in_its_own_only(void **state)
{
    (void)state;
    skip_without_landlock();
    assert_int_equal(in_sandbox(SANDBOX_FOLDERS, make_a_file_in_the_folder), EACCES << 8);
    expect_death(SANDBOX_FOLDERS, make_a_folder_in_the_folder);
    assert_int_equal(in_sandbox(SANDBOX_GROWING_FOLDERS, make_a_file_in_the_folder), 0);
    assert_int_equal(in_sandbox(SANDBOX_GROWING_FOLDERS, make_a_folder_in_the_folder), 0);
    assert_int_equal(in_sandbox(SANDBOX_GROWING_FOLDERS, make_a_folder_elsewhere), EACCES << 8);
    assert_int_equal(unlinkat(open_folder, "new", 0), 0);
    assert_int_equal(unlinkat(open_folder, "sub", AT_REMOVEDIR), 0);
}

/* With less than it would take itself, and no right to raise it. */
static int enter_with_less(void)
{
    const struct rlimit memory = {16 << 20, 16 << 20};
    const struct rlimit files = {8, 16};

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* as the helper has */
    if (setresuid(SOMEBODY_ELSE, SOMEBODY_ELSE, SOMEBODY_ELSE) != 0) {
        errno = 0; /* root of a namespace only, who cannot raise limits either */
    }
    return setrlimit(RLIMIT_AS, &memory) != 0 || setrlimit(RLIMIT_NOFILE, &files) != 0 ||
           !sandbox_enter(SANDBOX_PAGE, NULL, 0);
}

static void limits_that_were_lower_stay(void **state)
{
    const pid_t child = fork();
    int status = -1;

    (void)state;
    if (child == 0) {
        syscall(SYS_exit_group, enter_with_less() ? 99 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int take_much_memory(void)
{
    return mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
           MAP_FAILED;
}

static void memory_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(in_sandbox(SANDBOX_PAGE, take_much_memory), 1 << 8);
    assert_int_equal(in_sandbox(SANDBOX_STREAM, take_much_memory), 1 << 8);
}

/* ---- from outside ---- */

static void read_file_of(pid_t process, const char *file, char *text_out, size_t room)
{
    char path[64];
    int descriptor;
    ssize_t length;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)process, file);
    descriptor = open(path, O_RDONLY);
    assert_true(descriptor >= 0);
    length = read(descriptor, text_out, room - 1);
    assert_true(length >= 0);
    text_out[length] = 0;
    close(descriptor);
}

static void expect_line(const char *status, const char *line)
{
    if (!strstr(status, line)) {
        print_message("no line '%s' in\n%s", line, status);
        fail();
    }
}

static int start(void **state)
{
    static struct asker asker;

    setenv("SETTCPENTRY_TEST_SECRET", "secret", 1);
    asker_meet(&asker, helper);
    while (asker.page->asleep == 0) {
        usleep(1000); /* then it is in its sandbox */
    }
    *state = &asker;
    return 0;
}

/* With two pipes, which has answered: then it is in its sandbox, too. */
static int start_stream(void **state)
{
    static struct asker asker;

    setenv("SETTCPENTRY_TEST_SECRET", "secret", 1);
    asker_start_stream(&asker, helper, NULL);
    *state = &asker;
    return asker_ask_stream(&asker, (struct host_request){0}) != ANSWER_BAD_REQUEST;
}

static int stop_stream(void **state)
{
    return asker_end_stream(*state);
}

static int stop(void **state)
{
    struct asker *asker = *state;

    asker_leave(asker);
    assert_int_equal(asker_wait_for_helper(asker), 0);
    return 0;
}

static void a_running_helper_has_cap_net_admin_and_no_way_to_more(void **state)
{
    const struct asker *asker = *state;
    char status[4096];

    read_file_of(asker->helper, "status", status, sizeof(status));
    expect_line(status, "\nCapInh:\t0000000000000000\n");
    expect_line(status, "\nCapPrm:\t0000000000001000\n");
    expect_line(status, "\nCapEff:\t0000000000001000\n");
    expect_line(status, "\nCapBnd:\t0000000000001000\n");
    expect_line(status, "\nCapAmb:\t0000000000000000\n");
    expect_line(status, "\nNoNewPrivs:\t1\n");
    expect_line(status, "\nSeccomp:\t2\n");
    expect_line(status, "\nThreads:\t1\n");
}

static void a_running_helper_has_no_environment(void **state)
{
    const struct asker *asker = *state;
    char environment[4096] = {0};

    read_file_of(asker->helper, "environ", environment, sizeof(environment));
    assert_int_equal(environment[0], 0);
    for (size_t i = 0; i + 6 < sizeof(environment); i++) {
        assert_int_not_equal(memcmp(environment + i, "secret", 6), 0);
    }
}

static void expect_descriptor(pid_t process, const char *number)
{
    static const char *const known[] = {"socket:", "anon_inode:inotify", "/proc/", "/dev/shm/"};
    char path[300];
    char target[256] = {0};

    snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)process, number);
    assert_true(readlink(path, target, sizeof(target) - 1) > 0);
    if (strtol(number, NULL, 10) <= STDERR_FILENO) {
        return; /* the caller's: input, output, complaints */
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strncmp(target, known[i], strlen(known[i])) == 0) {
            return;
        }
    }
    print_message("descriptor %s is %s\n", number, target);
    fail();
}

static void expect_descriptors(pid_t process, int expected)
{
    char path[64];
    DIR *descriptors;
    int count = 0;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)process);
    descriptors = opendir(path);
    assert_non_null(descriptors);
    for (const struct dirent *entry = readdir(descriptors); entry; entry = readdir(descriptors)) {
        if (entry->d_name[0] != '.') {
            expect_descriptor(process, entry->d_name);
            count++;
        }
    }
    closedir(descriptors);
    assert_int_equal(count, expected);
}

static void a_running_helper_has_four_descriptors_beside_the_callers_three(void **state)
{
    const struct asker *asker = *state;

    expect_descriptors(asker->helper, 7); /* netlink, interfaces, inotify, the page */
}

static void one_that_is_asked_through_pipes_has_two_beside_them(void **state)
{
    const struct asker *asker = *state;

    expect_descriptors(asker->helper, 5); /* netlink, interfaces */
}

#define OF_A_HELPER(test) cmocka_unit_test_setup_teardown(test, start, stop)
#define OF_A_STREAM(test) cmocka_unit_test_setup_teardown(test, start_stream, stop_stream)

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serving_goes_on_in_the_sandbox),
        cmocka_unit_test(a_system_call_that_is_not_listed_kills),
        cmocka_unit_test(a_helper_for_one_program_cannot_even_open_files),
        cmocka_unit_test(only_one_that_is_asked_through_pipes_can_write_to_standard_output),
        cmocka_unit_test(one_that_is_asked_through_pipes_can_do_nothing_that_pages_take),
        IN_A_FOLDER(a_helper_outside_can_open_and_remove_files_of_its_folder_only),
        IN_A_FOLDER(only_one_whose_folders_come_can_make_some_and_in_its_own_only),
        cmocka_unit_test(limits_that_were_lower_stay),
        cmocka_unit_test(memory_is_bounded),
        OF_A_HELPER(a_running_helper_has_cap_net_admin_and_no_way_to_more),
        OF_A_HELPER(a_running_helper_has_no_environment),
        OF_A_HELPER(a_running_helper_has_four_descriptors_beside_the_callers_three),
        OF_A_STREAM(a_running_helper_has_cap_net_admin_and_no_way_to_more),
        OF_A_STREAM(a_running_helper_has_no_environment),
        OF_A_STREAM(one_that_is_asked_through_pipes_has_two_beside_them),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_sandbox HELPER\n");
        return 2;
    }
    helper = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

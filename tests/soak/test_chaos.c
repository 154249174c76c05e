/* SPDX-License-Identifier: MIT */
/*
 * Programs that call without end, while all around them is killed, stopped and made short.
 *   test_chaos CALLER CALLER_WINDOW SHIFTED_CLOCK SECONDS
 * Run by chaos.sh, as the first process of namespaces of its own.
 *
 * Each program has connections of its own, both ends of which are here; so each answer is held against what became of
 * them.  A call of which nobody got the answer, as its program was killed, may have closed its connection or not.
 */
#include "testing.h"

#include "helpers.h"
#include "pair.h"
#include "soak.h"
#include "under_wine.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    SEATS = 4,
    THREADS = 3,
    CALLS = 16, /* on the board at once, for each program */
    BYSTANDERS = 100,
    LISTENERS = 4,
    HANDS = 2, /* how much is done to them at a time */
    START_PAUSE_MS = 500,
    START_LIMIT_MS = 30000, /* of a program, with its Wine */
    REST_LIMIT_MS = 10000,
    END_LIMIT_MS = 20000,
    BUSY_CHILDREN = 6,
    INOTIFY_AT_MOST = 128,
    CODES_AT_MOST = 32,
    LAST = 16,
    TICK_US = 500,
    MEET_US = 300000, /* a helper that has been started meets its page, if it ever does */
    HELPER_DIED = 109,
    NO_ANSWER = 1460,
    NOT_FOUND = 317,
    NOT_FOUND_PRECISELY = 1168,
};

#define CLOCK_PATH "/dev/shm/soak-clock"

static const char *callers[2];
static long seconds;
static int64_t *clock_shift;
static uint32_t stopped_ms; /* as on the boards */
static int listeners[LISTENERS];
static struct ends bystanders[BYSTANDERS];

static struct
{
    uint32_t answered;
    uint32_t dropped;
    uint32_t calls; /* also for what is no connection */
    uint32_t unheard;
    uint32_t false_ok;
    uint32_t false_not_found;
    uint32_t false_refusal; /* closed all the same */
    uint32_t twice;
    uint32_t unasked; /* closed, though no program had taken the call */
    uint32_t orphans; /* pages that a killed server of Wine's left */
    uint32_t hangs;
    uint32_t hangs_in_wine; /* or such as cannot be told from these */
    uint32_t starts;
    uint32_t not_started;
    uint32_t servers_killed;
    uint32_t unexplained; /* ends of programs */
} count;

static struct
{
    uint32_t code;
    uint32_t times;
} failures[CODES_AT_MOST];

/* One program after the other sits on it. */
struct seat
{
    struct board *board;
    long starts_at; /* the next one */
    long started;   /* of the clock that stops with them */
    long changed[THREADS];
    char name[16];
    struct ends ends[CALLS];
    pid_t program;
    uint32_t calls_made[THREADS]; /* when last looked at */
    bool is_endangered;           /* something was done to it of which it may die */
    bool is_short;                /* of what Wine itself needs: calls may stay in there */
    bool is_hanging;              /* said once */
};

static struct seat seats[SEATS];
static bool is_over; /* programs end by themselves */

static const char *recently(void);

/* ---- what came of the calls ---- */

static void note_failure(uint32_t code)
{
    int i = 0;

    while (failures[i].times != 0 && failures[i].code != code) {
        i++;
        assert_true(i < CODES_AT_MOST);
    }
    failures[i].code = code;
    failures[i].times++;
}

static void ask_anew(struct seat *seat, int number)
{
    struct connection connection;
    struct ends *const ends = &seat->ends[number];

    *ends = ends_open(listeners[random() % LISTENERS]);
    connection = ends_connection(random() % 2 ? ends->client : ends->server);
    board_post(&seat->board->calls[number], &connection);
}

static bool says_not_found(const struct board_call *call)
{
    return call->code == NOT_FOUND || call->code == NOT_FOUND_PRECISELY;
}

/* The helper died, or did not answer in time: nobody can know what it has done. */
static bool leaves_it_open(uint32_t code)
{
    return code == HELPER_DIED || code == NO_ANSWER;
}

static void judge(struct seat *seat, int number)
{
    const struct board_call *const call = &seat->board->calls[number];
    const bool closed = ends_are_dropped(&seat->ends[number]);

    count.answered++;
    count.dropped += closed;
    count.twice += call->answers != 1;
    if (call->code == 0 && !closed) {
        print_message("%s: a false NO_ERROR; of late: %s\n", seat->name, recently());
        count.false_ok++;
    }
    if (call->code != 0 && closed && !leaves_it_open(call->code)) {
        print_message("%s: closed, and refused with %u; of late: %s\n", seat->name, call->code,
                      recently());
        count.false_refusal++;
    }
    count.false_not_found += says_not_found(call);
    if (call->code != 0) {
        note_failure(call->code);
    }
    ends_close(&seat->ends[number]);
    __atomic_store_n(&seat->board->calls[number].turn, BOARD_FREE, __ATOMIC_RELEASE);
}

/* Some are asked for at a time, so that there is time for what is no connection. */
static void judge_answers(struct seat *seat)
{
    for (int i = 0; i < CALLS; i++) {
        const enum board_turn turn = board_turn_of(&seat->board->calls[i]);

        if (turn == BOARD_ANSWERED) {
            judge(seat, i);
        } else if (turn == BOARD_FREE && random() % CALLS == 0) {
            ask_anew(seat, i);
        }
    }
}

/* ---- programs ---- */

static const char server_name[] = "wineserver";

static void judge_times(struct seat *seat)
{
    const long now = soak_milliseconds() - stopped_ms;

    for (int i = 0; i < THREADS; i++) {
        const uint32_t made = __atomic_load_n(&seat->board->calls_made[i], __ATOMIC_RELAXED);
        const bool is_calling = made % 2 == 1;

        if (made != seat->calls_made[i]) {
            seat->calls_made[i] = made;
            seat->changed[i] = now;
        } else if (is_calling && !seat->is_hanging &&
                   now - seat->changed[i] > SOAK_LIMIT_MS + SOAK_SLACK_MS) {
            print_message("a call of %s lasts more than %ld ms; %s, of late: %s\n", seat->name,
                          now - seat->changed[i],
                          helpers_find_process(server_name) ? "Wine has a server"
                                                            : "Wine has no server",
                          recently());
            seat->is_hanging = true;
            count.hangs += !seat->is_short;
            count.hangs_in_wine += seat->is_short;
        }
    }
}

static void count_calls(struct seat *seat)
{
    for (int i = 0; i < THREADS; i++) {
        count.calls += seat->board->calls_made[i] / 2;
        seat->board->calls_made[i] = 0;
        seat->calls_made[i] = 0;
        seat->changed[i] = soak_milliseconds() - stopped_ms;
    }
}

static void start_program(struct seat *seat)
{
    seat->board->ready = 0;
    seat->program = board_start(callers[(seat - seats) % 2], seat->name, THREADS);
    seat->is_endangered = false;
    seat->is_short = false;
    seat->is_hanging = false;
    seat->started = soak_milliseconds() - stopped_ms;
    count.starts++;
}

/* What it had taken nobody knows about; what it had not must be alive. */
static void replace_program(struct seat *seat)
{
    judge_answers(seat);
    for (int i = 0; i < CALLS; i++) {
        struct board_call *const call = &seat->board->calls[i];

        if (board_turn_of(call) == BOARD_TAKEN) {
            count.unheard++;
            ends_close(&seat->ends[i]);
            ask_anew(seat, i);
        } else if (board_turn_of(call) == BOARD_POSTED) {
            count.unasked += ends_fate(seat->ends[i].client) != PAIR_ALIVE;
        }
    }
    count_calls(seat);
    seat->starts_at = soak_milliseconds() + random() % START_PAUSE_MS;
}

static void judge_end(const struct seat *seat, int status)
{
    if (is_over && status == 0) {
        return;
    }
    if (seat->board->ready == 0) {
        count.not_started++; /* its Wine was being killed, or starting: it has not come to us */
    } else if (!seat->is_endangered) {
        print_message("%s ended by itself: %#x; of late: %s\n", seat->name, (unsigned)status,
                      recently());
        count.unexplained++;
    }
}

static void reap(void)
{
    pid_t ended;
    int status;

    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        for (int i = 0; i < SEATS; i++) {
            if (seats[i].program == ended) {
                judge_end(&seats[i], status);
                seats[i].program = 0;
                if (!is_over) {
                    replace_program(&seats[i]);
                }
            }
        }
    }
}

/* One that never came to call, or has been hurt so that it does not any more, is a matter of Wine's; it is given up. */
static void judge_rest(struct seat *seat)
{
    const long now = soak_milliseconds() - stopped_ms;
    const bool is_up = seat->board->ready != 0;
    long last = seat->started;

    for (int i = 0; i < THREADS && is_up; i++) {
        last = seat->changed[i] > last ? seat->changed[i] : last;
    }
    if (now - last > (is_up ? REST_LIMIT_MS : START_LIMIT_MS)) {
        kill(seat->program, SIGKILL);
    }
}

static void tend_until(long until)
{
    do {
        reap();
        for (int i = 0; i < SEATS; i++) {
            judge_answers(&seats[i]);
            if (seats[i].program != 0) {
                judge_times(&seats[i]);
                judge_rest(&seats[i]);
            } else if (!is_over && soak_milliseconds() >= seats[i].starts_at) {
                start_program(&seats[i]);
            }
        }
        usleep(TICK_US);
    } while (soak_milliseconds() < until);
}

static void endanger_all(void)
{
    for (int i = 0; i < SEATS; i++) {
        seats[i].is_endangered = true;
    }
}

static void shorten_all(void)
{
    endanger_all();
    for (int i = 0; i < SEATS; i++) {
        seats[i].is_short = true;
    }
}

/* ---- what is done to them ---- */

static const char helper_name[] = "settcpentry-hos";
static const char program_name[] = "soak_caller";

static void end_process(pid_t process)
{
    kill(process, SIGKILL);
}

static void kill_one(pid_t process)
{
    if (random() % 2) {
        kill(process, SIGKILL);
    }
}

static void stop(pid_t process)
{
    kill(process, SIGSTOP);
}

static void go_on(pid_t process)
{
    kill(process, SIGCONT);
}

static void kill_helpers(void)
{
    helpers_each_process(helper_name, kill_one);
}

static void stop_helpers(void)
{
    helpers_each_process(helper_name, stop);
}

static void let_helpers_go_on(void)
{
    helpers_each_process(helper_name, go_on);
}

static void kill_program(void)
{
    struct seat *const seat = &seats[random() % SEATS];

    if (seat->program != 0 && (seat->board->ready != 0 || random() % 4 == 0)) {
        seat->is_endangered = true;
        kill(seat->program, SIGKILL);
    }
}

static bool server_was_killed;

static bool are_all_up(void)
{
    for (int i = 0; i < SEATS; i++) {
        if (seats[i].program == 0 || seats[i].board->ready == 0) {
            return false;
        }
    }
    return true;
}

/* Not on and on: it takes seconds until Wine has started anew. */
static void kill_server(void)
{
    if (!are_all_up()) {
        return;
    }
    server_was_killed = true;
    count.servers_killed++;
    endanger_all();
    helpers_each_process(server_name, end_process);
}

static void end_unless_helper(pid_t process)
{
    char path[64];
    char name[32] = "";
    FILE *comm;

    snprintf(path, sizeof(path), "/proc/%d/comm", (int)process);
    comm = fopen(path, "r");
    if (comm && fgets(name, sizeof(name), comm) &&
        strncmp(name, helper_name, strlen(helper_name)) != 0) {
        kill(process, SIGKILL);
    }
    if (comm) {
        fclose(comm);
    }
}

/* A page that its helper has not met yet is removed by Wine's server, or by nobody. */
static void remove_orphans(void)
{
    glob_t files;

    if (glob("/dev/shm/settcpentry-*", 0, NULL, &files) != 0) {
        return;
    }
    for (size_t i = 0; i < files.gl_pathc; i++) {
        count.orphans += unlink(files.gl_pathv[i]) == 0;
    }
    globfree(&files);
}

/* Wine's programs wait for a server that was killed for ever, so they are ended; helpers have to notice that. */
static void end_wine(void)
{
    if (!server_was_killed) {
        return;
    }
    server_was_killed = false;
    endanger_all();
    helpers_each_process("", end_unless_helper);
    usleep(MEET_US);
    remove_orphans();
}

static long suspended_at;

static void suspend(void)
{
    suspended_at = soak_milliseconds();
    helpers_each_process("", stop);
}

static void resume(void)
{
    stopped_ms += (uint32_t)(soak_milliseconds() - suspended_at);
    for (int i = 0; i < SEATS; i++) {
        __atomic_store_n(&seats[i].board->stopped_ms, stopped_ms, __ATOMIC_SEQ_CST);
    }
    helpers_each_process("", go_on);
}

/* Back or on, by up to two days. */
static void set_clock(void)
{
    __atomic_store_n(clock_shift, random() % 345600 - 172800, __ATOMIC_RELAXED);
}

static pid_t busy[BUSY_CHILDREN];

static void keep_busy(void)
{
    for (int i = 0; i < BUSY_CHILDREN; i++) {
        busy[i] = fork();
        if (busy[i] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (volatile unsigned turns = 0;; turns++) {
            }
        }
    }
}

static void end_busy(void)
{
    for (int i = 0; i < BUSY_CHILDREN; i++) {
        kill(busy[i], SIGKILL);
    }
}

static void limit(pid_t process, enum __rlimit_resource what, rlim_t to)
{
    struct rlimit limits;

    if (prlimit(process, what, NULL, &limits) == 0) {
        limits.rlim_cur = to < limits.rlim_max ? to : limits.rlim_max;
        prlimit(process, what, &limits, NULL);
    }
}

static void few_descriptors_for(pid_t process)
{
    limit(process, RLIMIT_NOFILE, (rlim_t)(random() % 60));
}

static void many_descriptors_for(pid_t process)
{
    limit(process, RLIMIT_NOFILE, RLIM_INFINITY);
}

/* Mostly helpers only: programs and Wine's server that are short of anything do not get far. */
static bool is_for_all(void)
{
    if (random() % 4 != 0) {
        return false;
    }
    shorten_all();
    return true;
}

static void few_descriptors(void)
{
    helpers_each_process(is_for_all() ? "" : helper_name, few_descriptors_for);
}

static void many_descriptors(void)
{
    helpers_each_process("", many_descriptors_for);
}

static void few_processes_for(pid_t process)
{
    limit(process, RLIMIT_NPROC, 1);
}

static void many_processes_for(pid_t process)
{
    limit(process, RLIMIT_NPROC, RLIM_INFINITY);
}

static void few_processes(void)
{
    shorten_all();
    helpers_each_process(program_name, few_processes_for);
    kill_helpers(); /* so that others are wanted */
}

static void many_processes(void)
{
    helpers_each_process("", many_processes_for);
}

/* Hardly more than it has. */
static void little_memory_for(pid_t process)
{
    char path[64];
    char text[32];
    FILE *statm;

    snprintf(path, sizeof(path), "/proc/%d/statm", (int)process);
    statm = fopen(path, "r");
    if (statm && fgets(text, sizeof(text), statm)) {
        limit(process, RLIMIT_AS,
              (strtoul(text, NULL, 10) + (rlim_t)random() % 64) * (rlim_t)sysconf(_SC_PAGESIZE));
    }
    if (statm) {
        fclose(statm);
    }
}

static void much_memory_for(pid_t process)
{
    limit(process, RLIMIT_AS, RLIM_INFINITY);
}

static void little_memory(void)
{
    helpers_each_process(is_for_all() ? program_name : helper_name, little_memory_for);
}

static void much_memory(void)
{
    helpers_each_process("", much_memory_for);
}

static void set_inotify_limit(int instances)
{
    FILE *const file = fopen("/proc/sys/user/max_inotify_instances", "w");

    assert_non_null(file);
    fprintf(file, "%d", instances);
    fclose(file);
}

/* Those that helpers have they keep: others are wanted. */
static void no_inotify(void)
{
    set_inotify_limit(0);
    assert_true(inotify_init1(IN_CLOEXEC) < 0); /* or this would be no shortage */
    kill_helpers();
}

static void enough_inotify(void)
{
    set_inotify_limit(INOTIFY_AT_MOST);
}

static void nothing(void)
{
}

static const struct mischief
{
    const char *name;
    void (*begin)(void);
    void (*end)(void);
    int at_most_ms;
    int weight;
} mischiefs[] = {
    {"helpers killed", kill_helpers, nothing, 20, 24},
    {"helpers stopped", stop_helpers, let_helpers_go_on, 300, 10},
    {"programs killed", kill_program, nothing, 300, 6},
    {"kill of Wine's server tried", kill_server, end_wine, 2000, 1},
    {"all stopped", suspend, resume, 600, 4},
    {"clock set", set_clock, nothing, 500, 12},
    {"machine loaded", keep_busy, end_busy, 1000, 4},
    {"few descriptors", few_descriptors, many_descriptors, 700, 4},
    {"few processes", few_processes, many_processes, 700, 4},
    {"little memory", little_memory, much_memory, 700, 4},
    {"no inotify", no_inotify, enough_inotify, 700, 6},
};

enum
{
    MISCHIEFS = sizeof(mischiefs) / sizeof(mischiefs[0]),
};

static uint32_t done[MISCHIEFS];

/* The last few that were begun, for whoever has to find out what has done the harm. */
static const struct mischief *last[LAST];

static void note(const struct mischief *begun)
{
    for (int i = LAST - 1; i > 0; i--) {
        last[i] = last[i - 1];
    }
    last[0] = begun;
    done[begun - mischiefs]++;
}

static const char *recently(void)
{
    static char names[LAST * 32];

    names[0] = 0;
    for (int i = 0; i < LAST && last[i]; i++) {
        const size_t used = strlen(names);

        snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "", last[i]->name);
    }
    return names;
}

/* ---- the hands that do it ---- */

static struct
{
    const struct mischief *at; /* NULL: resting */
    long until;
} hands[HANDS];

static const struct mischief *choose(void)
{
    int weights = 0;
    int chosen;

    for (int i = 0; i < MISCHIEFS; i++) {
        weights += mischiefs[i].weight;
    }
    chosen = (int)(random() % weights);
    for (int i = 0; i < MISCHIEFS; i++) {
        chosen -= mischiefs[i].weight;
        if (chosen < 0) {
            return &mischiefs[i];
        }
    }
    return NULL;
}

static bool is_at_work(const struct mischief *mischief)
{
    for (int i = 0; i < HANDS; i++) {
        if (hands[i].at == mischief) {
            return true;
        }
    }
    return false;
}

static void rest(int hand)
{
    if (hands[hand].at) {
        hands[hand].at->end();
    }
    hands[hand].at = NULL;
    hands[hand].until = soak_milliseconds() + random() % 200;
}

static void move(int hand)
{
    const struct mischief *next = choose();

    if (hands[hand].at || is_at_work(next)) {
        rest(hand);
        return;
    }
    next->begin();
    note(next);
    hands[hand].at = next;
    hands[hand].until = soak_milliseconds() + random() % next->at_most_ms;
}

static void make_chaos(void)
{
    const long end = soak_milliseconds() + seconds * 1000;

    while (soak_milliseconds() < end) {
        long next = end;

        for (int i = 0; i < HANDS; i++) {
            if (soak_milliseconds() >= hands[i].until) {
                move(i);
            }
            next = hands[i].until < next ? hands[i].until : next;
        }
        tend_until(next);
    }
    for (int i = 0; i < HANDS; i++) {
        rest(i);
    }
}

/* ---- the test ---- */

static void prepare_clock(const char *shifted_clock)
{
    const int file = open(CLOCK_PATH, O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);

    assert_int_equal(ftruncate(file, sizeof(*clock_shift)), 0);
    clock_shift = mmap(NULL, sizeof(*clock_shift), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_true(clock_shift != MAP_FAILED);
    close(file);
    if (!getenv("SETTCPENTRY_EMULATED")) { /* it is for programs of this machine */
        setenv("SHIFTED_CLOCK", CLOCK_PATH, 1);
        setenv("LD_PRELOAD", shifted_clock, 1);
    }
    setenv("WINEDLLOVERRIDES", "winedbg.exe=d", 1);
}

static void prepare_seat(struct seat *seat)
{
    const struct connection absent = {
        .local = {.address = {127, 0, 0, 1}, .port = 0x0100},
        .remote = {.address = {127, 0, 0, 1}, .port = 0x0200},
        .family = CONNECTION_IPV4,
    };
    struct connection listening = ends_connection(bystanders[0].server);

    listening.remote = (struct connection_end){.unused = 0};
    snprintf(seat->name, sizeof(seat->name), "chaos-%d", (int)(seat - seats));
    seat->board = board_make(seat->name, CALLS);
    seat->board->go = 1;
    seat->board->goes_on = 1;
    seat->board->calls_vain = 1;
    seat->board->vain[0] = absent;
    seat->board->vain[1] = listening;
    for (int i = 0; i < CALLS; i++) {
        ask_anew(seat, i);
    }
}

static bool has_program(void)
{
    for (int i = 0; i < SEATS; i++) {
        if (seats[i].program != 0) {
            return true;
        }
    }
    return false;
}

static void end_programs(void)
{
    const long start = soak_milliseconds();

    is_over = true;
    for (int i = 0; i < SEATS; i++) {
        __atomic_store_n(&seats[i].board->goes_on, 0, __ATOMIC_RELEASE);
        if (seats[i].program != 0 && seats[i].board->ready == 0) {
            kill(seats[i].program, SIGKILL); /* its Wine may never come up */
        }
    }
    while (has_program() && soak_milliseconds() - start < END_LIMIT_MS) {
        tend_until(0);
    }
    for (int i = 0; i < SEATS; i++) {
        const bool is_left = seats[i].program != 0;

        count.hangs += is_left && !seats[i].is_short;
        count.hangs_in_wine += is_left && seats[i].is_short;
    }
    for (int i = 0; i < SEATS; i++) {
        count_calls(&seats[i]);
    }
}

static uint32_t count_closed_bystanders(void)
{
    uint32_t closed = 0;

    for (int i = 0; i < BYSTANDERS; i++) {
        closed += !ends_are_alive(&bystanders[i]);
    }
    return closed;
}

static uint32_t count_closed_listeners(void)
{
    uint32_t closed = 0;

    for (int i = 0; i < LISTENERS; i++) {
        closed += !ends_listens(listeners[i]);
    }
    return closed;
}

static uint32_t longest_call(void)
{
    uint32_t longest = 0;

    for (int i = 0; i < SEATS; i++) {
        longest = seats[i].board->longest_ms > longest ? seats[i].board->longest_ms : longest;
    }
    return longest;
}

static uint32_t count_vain_closed(void)
{
    uint32_t closed = 0;

    for (int i = 0; i < SEATS; i++) {
        closed += seats[i].board->vain_closed;
    }
    return closed;
}

static void report(bool is_left)
{
    print_message("chaos: %ld s, %u starts of programs (%u before their Wine was up)", seconds,
                  count.starts, count.not_started);
    for (int i = 0; i < MISCHIEFS; i++) {
        print_message(", %s %u times", mischiefs[i].name, done[i]);
    }
    print_message("\nchaos: %u calls answered, %u of them dropped", count.answered, count.dropped);
    for (int i = 0; i < CODES_AT_MOST && failures[i].times != 0; i++) {
        print_message(", %u times %u", failures[i].times, failures[i].code);
    }
    print_message(
        "; %u cut short; with those for what is no connection, %u calls; longest call %u ms\n",
        count.unheard, count.calls, longest_call());
    print_message("chaos: %u false NO_ERROR (and %u for no connection), %u false not found, %u "
                  "false refusals, "
                  "%u answered twice, %u closed unasked, %u of %d bystanders and %u of %d "
                  "listeners closed, %u hangs (and %u in programs that were short), "
                  "%u programs ended by themselves, %s left over (and %u files by %u killed "
                  "servers of Wine)\n",
                  count.false_ok, count_vain_closed(), count.false_not_found, count.false_refusal,
                  count.twice, count.unasked, count_closed_bystanders(), BYSTANDERS,
                  count_closed_listeners(), LISTENERS, count.hangs, count.hangs_in_wine,
                  count.unexplained, is_left ? "something" : "nothing", count.orphans,
                  count.servers_killed);
}

static void whatever_happens_nothing_false_is_said_or_closed_or_left(void **state)
{
    bool is_left;

    (void)state;
    for (int i = 0; i < SEATS; i++) {
        prepare_seat(&seats[i]);
        start_program(&seats[i]);
    }
    make_chaos();
    end_programs();
    is_left = !soak_leaves_no_helper();
    report(is_left);
    assert_true(count.answered > 0);
    assert_int_equal(count.false_ok, 0);
    assert_int_equal(count_vain_closed(), 0);
    assert_int_equal(count.false_not_found, 0);
    assert_int_equal(count.false_refusal, 0);
    assert_int_equal(count.twice, 0);
    assert_int_equal(count.unasked, 0);
    assert_int_equal(count_closed_bystanders(), 0);
    assert_int_equal(count_closed_listeners(), 0);
    assert_int_equal(count.hangs, 0);
    assert_int_equal(count.unexplained, 0);
    assert_false(is_left);
}

static int prepare(void **state)
{
    (void)state;
    for (int i = 0; i < LISTENERS; i++) {
        listeners[i] = ends_listen(i % 2 == 0 ? "127.0.0.1" : "::1");
    }
    for (int i = 0; i < BYSTANDERS; i++) {
        bystanders[i] = ends_open(listeners[i % LISTENERS]);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_nothing_false_is_said_or_closed_or_left),
    };
    unsigned seed = (unsigned)getpid();

    if (argc != 5) {
        fprintf(stderr, "usage: test_chaos CALLER CALLER_WINDOW SHIFTED_CLOCK SECONDS\n");
        return 2;
    }
    callers[0] = argv[1];
    callers[1] = argv[2];
    prepare_clock(argv[3]);
    seconds = strtol(argv[4], NULL, 10);
    srandom(seed);
    return cmocka_run_group_tests(tests, prepare, NULL);
}

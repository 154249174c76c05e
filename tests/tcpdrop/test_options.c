/* SPDX-License-Identifier: MIT */
/* What a command line asks for, and which ask for what cannot be. */
#include "fake_world.h"
#include "options.h"

#include "testing.h"

#include <getopt.h>
#include <string.h>

/* Each closes nothing, has status 2, and says so of this argument, in these words. */
static void a_command_line_that_makes_no_sense_is_named(void **state)
{
    static const struct
    {
        const char *arguments;
        const char *complaint;
    } cases[] = {
        {"", "it wants "},
        {"--list --close", "'--close' cannot go with --list"},
        {"--yes 127.0.0.1:80 127.0.0.1:81", "'--yes' goes with --close"},
        {"--list --yes", "'--yes' goes with --close"},
        {"--list --dry-run", "'--dry-run' goes with --close"},
        {"--list --watch", "'--watch' goes with --close"},
        {"--list --all", "'--all' goes with --close"},
        {"--close --all --commands", "'--commands' goes with --list"},
        {"--local :80", "'--local' goes with --list or --close"},
        {"-6 127.0.0.1:80 127.0.0.1:81", "'-6' goes with --list or --close"},
        {"--long 127.0.0.1:80 127.0.0.1:81", "'--long' goes with --list or --close"},
        {"--list --resolve", "'--resolve' goes with --local or --remote"},
        {"--close --all --pid 5 --yes", "'--all' cannot go with a filter"},
        {"--close --yes -4 --all", "'--all' cannot go with a filter"},
        {"--close --yes", "'--close' wants a filter, or --all"},
        {"--close --all --yes --dry-run", "'--dry-run' cannot go with --yes"},
        {"--close --all --watch --dry-run", "'--watch' cannot go with --dry-run"},
        {"--close --all --watch", "'--watch' wants --yes"},
        {"--list --json --commands", "'--commands' cannot go with --json"},
        {"--list --long --commands", "'--commands' cannot go with --long"},
        {"--list 127.0.0.1:80 127.0.0.1:81", "'127.0.0.1:80' is one argument too many"},
        {"--nonsense", "'--nonsense' is no option"},
        {"--list -5", "'-5' is no option"},
        {"--list --remote", "'--remote' is no option, or lacks what belongs to it"},
        {"--close --all --yes --watch=0", "'0' is no number of seconds"},
        {"--close --all --yes --watch=1e3", "'1e3' is no number of seconds"},
        {"--close --all --yes --watch=-1", "'-1' is no number of seconds"},
        {"--close --all --yes --watch=inf", "'inf' is no number of seconds"},
        {"--close --all --yes --watch=1.2.3", "'1.2.3' is no number of seconds"},
        {"--close --all --yes --watch=86401", "'86401' is no number of seconds"},
        {"--close --yes --state listen", "'listen' is a state in which nothing can be closed"},
        {"--list --commands --state closed", "'closed' is a state in which nothing can be closed"},
        {"--list --state nonsense", "'nonsense' "},
        {"--list --local 10.0.0.0/33", "'10.0.0.0/33' "},
        {"--list --local :90-80", "':90-80' "},
        {"--list --pid 0", "'0' "},
        {"--list --process", "'--process' is no option, or lacks"},
        {"--list -4 --remote ::1", "'::1' "},
        {"--list --local 127.0.0.1 --remote ::1", "' "},
        {"--list --remote here.test", "'here.test' "},
        {"--list --resolve --remote nowhere.test",
         "'nowhere.test' is the name of no host in this test"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_begin();
        world_add(0, 80, 1);
        if (world_run(cases[i].arguments) != STATUS_USAGE ||
            !strstr(world.errors, cases[i].complaint) ||
            strchr(world.errors, '\n') != world.errors + strlen(world.errors) - 1) {
            fail_msg("'%s' has the complaint '%s'", cases[i].arguments, world.errors);
        }
        assert_int_equal(world.closed_count, 0);
        assert_string_equal(world.output, "");
    }
}

static void options_may_stand_in_any_order(void **state)
{
    (void)state;
    world_begin();
    world_add(0, 80, 1);
    assert_int_equal(world_run("--remote here.test -444 --resolve --yes --close"), STATUS_DONE);
    assert_int_equal(world.closed_count, 1);
}

static void an_arrow_adds_nothing_but_may_be_a_value(void **state)
{
    (void)state;
    world_begin();
    assert_int_equal(world_run("127.0.0.1:80 -> 127.0.0.2:81"), STATUS_DONE);
    assert_int_equal(world.closed_count, 1);
    world_add(0, 80, 1);
    assert_int_equal(world_run("--list --process -> --local :80"), STATUS_NO_SUCH_CONNECTION);
}

static void what_an_argument_would_do_to_a_terminal_it_does_not(void **state)
{
    (void)state;
    world_begin();
    assert_int_equal(world_run("127.0.0.1:80 \033[31m:81"), STATUS_USAGE);
    assert_non_null(strstr(world.errors, "'?[31m:81' "));
}

static void a_pause_may_have_a_fraction(void **state)
{
    char *arguments[] = {"tcpdrop", "--close", "--all", "--yes", "--watch=0.25", NULL};
    struct options options;
    const char *argument;

    (void)state;
    optind = 0;
    assert_null(options_read(5, arguments, &options, &argument));
    assert_int_equal(options.watch_ms, 250);
    arguments[4] = "--watch";
    optind = 0;
    assert_null(options_read(5, arguments, &options, &argument));
    assert_int_equal(options.watch_ms, 1000);
    options_free(&options);
}

static void owners_are_asked_for_only_if_they_count(void **state)
{
    static const struct
    {
        const char *arguments;
        bool asks;
    } cases[] = {
        {"--list", false},
        {"--list --local :80 -4 --state established", false},
        {"--list --long", true},
        {"--list --pid 100", true},
        {"--close --dry-run --process game*", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_begin();
        world_add(0, 80, 1);
        assert_int_equal(world_run(cases[i].arguments), STATUS_DONE);
        assert_int_equal(world.owners_were_asked, cases[i].asks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_line_that_makes_no_sense_is_named),
        cmocka_unit_test(options_may_stand_in_any_order),
        cmocka_unit_test(an_arrow_adds_nothing_but_may_be_a_value),
        cmocka_unit_test(what_an_argument_would_do_to_a_terminal_it_does_not),
        cmocka_unit_test(a_pause_may_have_a_fraction),
        cmocka_unit_test(owners_are_asked_for_only_if_they_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

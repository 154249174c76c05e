/* SPDX-License-Identifier: MIT */
#include "tcp_state.h"

#include "testing.h"

static void every_state_is_read_by_its_name(void **state)
{
    (void)state;
    for (int i = STATE_CLOSED; i < STATES; i++) {
        assert_int_equal(tcp_state_read(tcp_state_name((enum tcp_state)i)), STATE_BIT(i));
    }
}

static void what_others_call_a_state_is_read(void **state)
{
    static const struct
    {
        const char *word;
        uint32_t states;
    } cases[] = {
        {"LISTENING", STATE_BIT(STATE_LISTEN)},          /* netstat of Windows */
        {"SYN_RECEIVED", STATE_BIT(STATE_SYN_RECEIVED)}, /* too */
        {"FIN_WAIT_1", STATE_BIT(STATE_FIN_WAIT_1)},     /* too */
        {"SYN_RECV", STATE_BIT(STATE_SYN_RECEIVED)},     /* netstat of Linux */
        {"FIN_WAIT1", STATE_BIT(STATE_FIN_WAIT_1)},      /* too */
        {"CLOSE", STATE_BIT(STATE_CLOSED)},              /* too */
        {"ESTAB", STATE_BIT(STATE_ESTABLISHED)},         /* ss */
        {"SYN-RECV", STATE_BIT(STATE_SYN_RECEIVED)},     /* too */
        {"UNCONN", STATE_BIT(STATE_CLOSED)},             /* too */
        {"syn_rcvd", STATE_BIT(STATE_SYN_RECEIVED)},     /* winsock, the BSDs */
        {"Established", STATE_BIT(STATE_ESTABLISHED)},   /* PowerShell */
        {"FinWait2", STATE_BIT(STATE_FIN_WAIT_2)},       /* too */
        {"time-wait", STATE_BIT(STATE_TIME_WAIT)},
        {"all", STATES_ALL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (tcp_state_read(cases[i].word) != cases[i].states) {
            fail_msg("'%s': %#x", cases[i].word, (unsigned)tcp_state_read(cases[i].word));
        }
    }
}

static void other_words_mean_no_state(void **state)
{
    static const char *const words[] = {
        "",           "-",           "ESTABLISH", "ESTABLISHEDX", "E-STABLISHED", "FIN-WAIT",
        "FIN-WAIT-3", "FIN--WAIT-1", "TIME WAIT", " LISTEN",      "LISTEN ",      "-LISTEN",
        "CLOSE-",     "1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (tcp_state_read(words[i]) != 0) {
            fail_msg("'%s'", words[i]);
        }
    }
}

static void a_number_that_is_no_state_has_a_name_too(void **state)
{
    (void)state;
    assert_string_equal(tcp_state_name((enum tcp_state)0), "UNKNOWN");
    assert_string_equal(tcp_state_name(STATES), "UNKNOWN");
    assert_string_equal(tcp_state_name((enum tcp_state)UINT32_MAX), "UNKNOWN");
}

static void the_sets_have_the_states_that_they_say(void **state)
{
    (void)state;
    for (int i = STATE_CLOSED; i < STATES; i++) {
        const int is_connected = i != STATE_CLOSED && i != STATE_LISTEN && i != STATE_TIME_WAIT;

        assert_true(STATES_ALL & STATE_BIT(i));
        assert_int_equal((STATES_CONNECTED & STATE_BIT(i)) != 0, is_connected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_is_read_by_its_name),
        cmocka_unit_test(what_others_call_a_state_is_read),
        cmocka_unit_test(other_words_mean_no_state),
        cmocka_unit_test(a_number_that_is_no_state_has_a_name_too),
        cmocka_unit_test(the_sets_have_the_states_that_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

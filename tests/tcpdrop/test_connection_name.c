/* SPDX-License-Identifier: MIT */
#include "connection_name.h"

#include "endpoint.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

enum
{
    ARGUMENTS_AT_MOST = 200,
};

static struct connection name;
static int bad;

/* As the shell cuts it at its blanks. */
static const char *reads(const char *line)
{
    static char words[1024];
    char *arguments[ARGUMENTS_AT_MOST];
    int count = 0;

    snprintf(words, sizeof(words), "%s", line);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        assert_true(count < ARGUMENTS_AT_MOST);
        arguments[count++] = word;
    }
    return connection_name_read(count, arguments, &name, &bad);
}

/* All in one argument. */
static const char *reads_whole(const char *line)
{
    static char whole[1024];
    char *arguments[] = {whole};

    snprintf(whole, sizeof(whole), "%s", line);
    return connection_name_read(1, arguments, &name, &bad);
}

/* What was read, as text. */
static const char *named(void)
{
    static char text[2 * ENDPOINT_CHARS + 2];
    char local[ENDPOINT_CHARS];
    char remote[ENDPOINT_CHARS];

    snprintf(text, sizeof(text), "%s %s", endpoint_write(name.family, &name.local, local),
             endpoint_write(name.family, &name.remote, remote));
    return text;
}

struct meant
{
    const char *line;
    const char *name;
};

static void expect(const struct meant *meant, const char *wrong)
{
    if (wrong || strcmp(named(), meant->name) != 0) {
        fail_msg("'%s' %s: %s", meant->line, wrong ? wrong : "", named());
    }
}

static void expect_all(const struct meant *meant, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect(&meant[i], reads(meant[i].line));
        expect(&meant[i], reads_whole(meant[i].line));
    }
}

#define EXPECT_ALL(meant) expect_all(meant, sizeof(meant) / sizeof((meant)[0]))

static void two_ends_name_a_connection(void **state)
{
    static const struct meant cases[] = {
        {"127.0.0.1 80 10.1.2.255 65535", "127.0.0.1:80 10.1.2.255:65535"},
        {"127.0.0.1:80 10.1.2.255:65535", "127.0.0.1:80 10.1.2.255:65535"},
        {"fe80::1 80 fe80::2 443", "[fe80::1]:80 [fe80::2]:443"},
        {"[fe80::1] 80 [fe80::2] 443", "[fe80::1]:80 [fe80::2]:443"},
        {"[fe80::1]:80 [fe80::2]:443", "[fe80::1]:80 [fe80::2]:443"},
        {"fe80::1%7 80 fe80::2%4294967295 443", "[fe80::1%7]:80 [fe80::2%4294967295]:443"},
        {"[fe80::1%7]:80 [fe80::2%0]:443", "[fe80::1%7]:80 [fe80::2]:443"},
        {"::ffff:10.0.0.1 80 10.0.0.2 81", "10.0.0.1:80 10.0.0.2:81"},
        {"[::ffff:10.0.0.1]:80 10.0.0.2:81", "10.0.0.1:80 10.0.0.2:81"},
        /* copied from the middle of a line of ss */
        {"127.0.0.1%lo:80 127.0.0.1:81", "127.0.0.1:80 127.0.0.1:81"},
        {"[fe80::1]%eth0:80 [fe80::2]%3:81", "[fe80::1]:80 [fe80::2%3]:81"},
        {"[::1]%3:80 [::1]:81", "[::1]:80 [::1]:81"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void an_arrow_may_stand_between_them(void **state)
{
    static const struct meant cases[] = {
        {"1.2.3.4:5->6.7.8.9:10", "1.2.3.4:5 6.7.8.9:10"},
        {"1.2.3.4:5 -> 6.7.8.9:10", "1.2.3.4:5 6.7.8.9:10"},
        {"1.2.3.4:5-> 6.7.8.9:10", "1.2.3.4:5 6.7.8.9:10"},
        {"1.2.3.4:5 ->6.7.8.9:10", "1.2.3.4:5 6.7.8.9:10"},
        {"[::1]:5->[::2]:10", "[::1]:5 [::2]:10"},
        {"1.2.3.4 5 -> 6.7.8.9 10", "1.2.3.4:5 6.7.8.9:10"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void localhost_is_of_the_other_ends_family(void **state)
{
    static const struct meant cases[] = {
        {"localhost:80 127.0.0.1:81", "127.0.0.1:80 127.0.0.1:81"},
        {"127.0.0.1:80 LOCALHOST:81", "127.0.0.1:80 127.0.0.1:81"},
        {"localhost:80 [::1]:81", "[::1]:80 [::1]:81"},
        {"[::1]:80 localhost:81", "[::1]:80 [::1]:81"},
        {"localhost:80 localhost:81", "127.0.0.1:80 127.0.0.1:81"},
        {"localhost 80 ::1 81", "[::1]:80 [::1]:81"},
        {"tcp 0 0 localhost:80 localhost:81 ESTABLISHED", "127.0.0.1:80 127.0.0.1:81"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void a_whole_line_names_the_connection_in_it(void **state)
{
    static const struct meant cases[] = {
        /* netstat of Linux: with -p, -o, without -n */
        {"tcp        0      0 127.0.0.1:50000 127.0.0.1:8080 ESTABLISHED 1234/prog",
         "127.0.0.1:50000 127.0.0.1:8080"},
        {"tcp 0 0 127.0.0.1:50000 127.0.0.1:8080 ESTABLISHED 1234/prog:5 keepalive (7.1/0/0)",
         "127.0.0.1:50000 127.0.0.1:8080"},
        {"tcp 0 0 127.0.0.1:50000 127.0.0.1:8080 ESTABLISHED 1234/sshd: a:80 12:30 -> 7",
         "127.0.0.1:50000 127.0.0.1:8080"},
        {"tcp6 0 0 ::1:8081 ::1:54906 ESTABLISHED 1/x", "[::1]:8081 [::1]:54906"},
        {"tcp6 0 0 2001:db8::1:2:50000 2001:db8::3:443 TIME_WAIT -",
         "[2001:db8::1:2]:50000 [2001:db8::3]:443"},
        {"tcp6 0 0 192.168.1.234:8084 192.168.1.234:34338 FIN_WAIT2",
         "192.168.1.234:8084 192.168.1.234:34338"},
        {"tcp6 0 0 2606:4700::6810:84e5:33956 2606:4700::6810:84e5:443 ESTABLISHED",
         "[2606:4700::6810:84e5]:33956 [2606:4700::6810:84e5]:443"},
        /* that of busybox */
        {"tcp 0 0 ::ffff:192.168.1.234:8084 ::ffff:192.168.1.234:34338 ESTABLISHED",
         "192.168.1.234:8084 192.168.1.234:34338"},
        /* that of Windows, in other languages too */
        {"  TCP    192.168.1.2:50000      93.184.216.34:443      ESTABLISHED     1234\r\n",
         "192.168.1.2:50000 93.184.216.34:443"},
        {"  TCP    [::1]:50000      [::1]:443      HERGESTELLT     1234", "[::1]:50000 [::1]:443"},
        {"  TCP    [fe80::1%2]:80  [fe80::2%2]:50000  ESTABLISHED",
         "[fe80::1%2]:80 [fe80::2%2]:50000"},
        /* ss, with and without Netid */
        {"ESTAB 0 0 127.0.0.1%lo:50000 127.0.0.1:80 users:((\"x\",pid=1,fd=3))",
         "127.0.0.1:50000 127.0.0.1:80"},
        {"tcp ESTAB 0 0 [fe80::1]%veth0:54776 [fe80::2]%7:8083 users:((\"x\",pid=1,fd=3)) "
         "timer:(keepalive,12sec,0) ino:10170083 sk:2b502 cgroup:/ <->",
         "[fe80::1]:54776 [fe80::2%7]:8083"},
        {"ESTAB 0 0 [::ffff:10.0.0.1]:8084 [::ffff:10.0.0.1]:34338 bbr wscale:10,10 rto:204 "
         "rtt:0.021/0.01 mss:32768 bbr:(bw:0bps,mrtt:0.02) rcv_space:65483",
         "10.0.0.1:8084 10.0.0.1:34338"},
        {"ESTAB 0 0 ::1:50000 ::1:80", "[::1]:50000 [::1]:80"},
        /* lsof */
        {"firefox 1234 u 50u IPv4 0x1 0t0 TCP 192.168.1.2:50000->93.184.216.34:443 (ESTABLISHED)",
         "192.168.1.2:50000 93.184.216.34:443"},
        {"python3 25519 root 7u IPv6 10170086 0t0 TCP [::1]:54906->[::1]:8081 (CLOSE_WAIT)",
         "[::1]:54906 [::1]:8081"},
        /* ours */
        {"tcp4  127.0.0.1:50000  127.0.0.1:8080  ESTABLISHED  1234  game.exe",
         "127.0.0.1:50000 127.0.0.1:8080"},
        {"tcp6  [fe80::1%2]:50000  [fe80::2%2]:8080  FIN-WAIT-1  1,2  a b,listener",
         "[fe80::1%2]:50000 [fe80::2%2]:8080"},
        /* somebody's own */
        {"127.0.0.1:80 127.0.0.1:81 established", "127.0.0.1:80 127.0.0.1:81"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

/* In which argument, when they are cut; all of them is the number of them. */
struct wrong
{
    const char *line;
    const char *why;
    int bad;
};

static void expect_wrong(const struct wrong *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *why = reads(cases[i].line);

        if (!why || !strstr(why, cases[i].why) || bad != cases[i].bad) {
            fail_msg("'%s' %s: argument %d", cases[i].line, why ? why : "has nothing wrong", bad);
        }
        assert_non_null(reads_whole(cases[i].line));
        assert_in_range(bad, 0, 1);
    }
}

#define EXPECT_WRONG(cases) expect_wrong(cases, sizeof(cases) / sizeof((cases)[0]))

static void what_is_wrong_is_said_of_the_argument_that_is(void **state)
{
    static const char wants[] = "wants LADDR LPORT FADDR FPORT";
    static const char no_address[] = "is no IPv4 or IPv6 address";
    static const char in_brackets[] = "has an IPv4 address in brackets";
    static const char not_in_brackets[] = "has an IPv6 address that is not in brackets";
    static const char is_no_port[] = "is no port: a number from 1 to 65535";
    static const char ends_in_no_port[] = "ends in no port: a number from 1 to 65535";
    static const char no_scope[] = "has no numeric scope after the %";
    static const char listeners[] = "is a listener's";
    static const char other_family[] = "is of another family than the local address";
    static const struct wrong cases[] = {
        {"", wants, 0},
        {"127.0.0.1:80", wants, 1},
        {"127.0.0.1 80 127.0.0.1", wants, 3},
        {"127.0.0.1 80 127.0.0.1 81 more", wants, 5},
        {"more 127.0.0.1:80 127.0.0.1:81", wants, 3},
        {"(ESTABLISHED 127.0.0.1:80 127.0.0.1:81", wants, 3},
        {"all 127.0.0.1:80 127.0.0.1:81", wants, 3},
        {"tcpdump 127.0.0.1:80 127.0.0.1:81", wants, 3},
        {"->", wants, 1},
        {"-> 127.0.0.1:80 127.0.0.1:81", wants, 3},
        {"127.0.0.1:80 127.0.0.1:81 ->", wants, 3},
        {"127.0.0.1:80 -> -> 127.0.0.1:81", no_address, 0},
        {"127.0.0.1 -> 80 127.0.0.1 81", wants, 5},
        {"127.0.0.256:80 127.0.0.1:81", no_address, 0},
        {"127.1:80 127.0.0.1:81", no_address, 0},
        {"host:80 127.0.0.1:81", no_address, 0},
        {":80 127.0.0.1:81", no_address, 0},
        {"[::1:80 [::1]:81", no_address, 0},
        {"[localhost]:80 127.0.0.1:81", no_address, 0},
        {"127.0.0.1:80 127.0.0.1", "has no :PORT", 1},
        {"127.0.0.1:80 127.0.0.1:", "has no :PORT", 1},
        {"127.0.0.1:80 127.0.0.1:0", ends_in_no_port, 1},
        {"127.0.0.1:80 127.0.0.1:65536", ends_in_no_port, 1},
        {"127.0.0.1:80 127.0.0.1:99999999999999999999", ends_in_no_port, 1},
        {"127.0.0.1:80 127.0.0.1:http", ends_in_no_port, 1},
        {"127.0.0.1:+80 127.0.0.1:81", ends_in_no_port, 0},
        {"127.0.0.1:80x 127.0.0.1:81", ends_in_no_port, 0},
        {"::1:80 [::1]:81", not_in_brackets, 0},
        {"::ffff:1.2.3.4:80 1.2.3.4:81", not_in_brackets, 0},
        {"[127.0.0.1]:80 127.0.0.1:81", in_brackets, 0},
        {"[::1]:80 [::1%lo]:81", no_scope, 1},
        {"[::1]:80 [::1%]:81", no_scope, 1},
        {"[::1]:80 [::1%4294967296]:81", no_scope, 1},
        {"fe80::1%eth0 80 fe80::2 81", no_scope, 0},
        {"[::1]:80 127.0.0.1:81", other_family, 1},
        {"::1 80 127.0.0.1 81", other_family, 2},
        {"[::1]:80 -> 127.0.0.1:81", other_family, 2},
        {"127.0.0.1 x 127.0.0.1 81", is_no_port, 1},
        {"127.0.0.1 80 127.0.0 81", no_address, 2},
        {"127.0.0.1 80 127.0.0.1 -1", is_no_port, 3},
        {"127.0.0.1 80 -> 127.0.0.1 http", is_no_port, 4},
        {"127.0.0.1:80 *:*", listeners, 1},
        {"*:80 127.0.0.1:81", listeners, 0},
        {"* 80 127.0.0.1 81", no_address, 0},
    };

    (void)state;
    EXPECT_WRONG(cases);
}

static void a_line_that_names_no_connection_for_sure_is_refused(void **state)
{
    static const char two[] = "has not exactly two ends";
    static const char no_port[] = "ends in no port";
    static const char cut[] = "may have been cut";
    static const struct wrong cases[] = {
        {"tcp", two, 1},
        {"tcp 0 0 127.0.0.1:50000", two, 4},
        {"tcp 0 0 127.0.0.1:50000 127.0.0. ESTABLISHED", two, 6},
        {"tcp 0 0 127.0.0.1:50000 ESTABLISHED 1/1.2.3.4:80", two, 6},
        {"tcp 127.0.0.1 50000 127.0.0.1 80", two, 5},
        {"tcp 0 0 127.0.0.1:50000 myhost:80 ESTABLISHED", two, 6},
        {"tcp 0 0 127.0.0.1:1 127.0.0.1:2 ESTABLISHED 3 127.0.0.1:80", two, 8},
        {"tcp4 127.0.0.1:50000 ESTABLISHED 1 127.0.0.1:80", two, 5},
        {"tcp4 127.0.0.1:50000 ESTABLISHED 127.0.0.1:80", two, 4},
        {"tcp 127.0.0.1:1 -> -> 127.0.0.1:2", two, 5},
        {"tcp 0 0 127.0.0.1:50000 127.0.0.1:http ESTABLISHED", no_port, 4},
        {"tcp 0 0 localhost:50000 localhost:http-alt ESTABLISHED", no_port, 4},
        {"tcp 0 0 127.0.0.1:50000 127.0.0.1:0 ESTABLISHED", no_port, 4},
        {"tcp 0 0 127.0.0.1:50000 [::1]:80 ESTABLISHED", "is of another family", 4},
        /* netstat has left out the last digits of an address, or may have */
        {"tcp6 0 0 2606:4700::6810:84e:443 ::1:80 ESTABLISHED", cut, 3},
        {"tcp6 0 0 ::1:80 2606:4700::6810:8:33956 ESTABLISHED", cut, 4},
        {"tcp6 0 0 2001:db8:1:2:3:4::50000 ::1:80 ESTABLISHED", cut, 3},
        {"tcp 0 0 2606:4700::6810:84e5:33 ::1:80 ESTABLISHED", cut, 3},
        {"tcp6 0 0 ::ffff:192.168.1.23:443 ::ffff:10.0.0.1:443 ESTABLISHED", cut, 3},
    };

    (void)state;
    EXPECT_WRONG(cases);
}

static void a_listeners_line_is_refused(void **state)
{
    static const char is[] = "is a listener's, not a connection's";
    static const struct wrong cases[] = {
        {"tcp 0 0 127.0.0.1:8080 0.0.0.0:* LISTEN 25519/python3", is, 5},
        {"tcp6 0 0 :::8084 :::* LISTEN", is, 5},
        {"tcp6 0 0 :::8084 :::*", is, 4},
        {"  TCP    0.0.0.0:135      0.0.0.0:0      ABHOEREN     900", is, 2},
        {"  TCP    [::]:135      [::]:0      ABHOEREN     900", is, 2},
        {"  TCP    0.0.0.0:135      0.0.0.0:0      LISTENING     900", is, 3},
        {"LISTEN 0 128 *:8084 *:* users:((\"x\",pid=1,fd=3))", is, 0},
        {"tcp 0 128 [fe80::1]%eth0:8083 [::]:*", is, 4},
        {"tcp 0 128 127.0.0.1:80 *:*", is, 4},
        {"x 1 u 3u IPv6 1 0t0 TCP *:22 (LISTEN)", is, 9},
        {"x 1 u 3u IPv6 1 0t0 TCP *:22", is, 8},
        {"tcp4  127.0.0.1:80  0.0.0.0:0  LISTEN", is, 3},
    };

    (void)state;
    EXPECT_WRONG(cases);
}

static void another_protocols_line_is_refused(void **state)
{
    static const char is[] = "is of another protocol than TCP";
    static const struct wrong cases[] = {
        {"udp 0 0 127.0.0.1:1000 127.0.0.1:1001 ESTABLISHED 1/x", is, 0},
        {"udp6 0 0 ::1:1000 ::1:1001 ESTABLISHED", is, 0},
        {"udp ESTAB 0 0 127.0.0.1:1000 127.0.0.1:1001", is, 0},
        {"UDP 0.0.0.0:123 *:* 1234", is, 0},
        {"x 1 u 3u IPv4 1 0t0 UDP 127.0.0.1:1000->127.0.0.1:1001", is, 7},
        {"tcp 1 u 3u IPv4 1 0t0 UDP 127.0.0.1:1000->127.0.0.1:1001", is, 7},
        {"mptcp ESTAB 0 0 10.0.0.1:1000 10.0.0.2:1001", is, 0},
        {"sctp ESTAB 0 0 10.0.0.1:1000 10.0.0.2:1001", is, 0},
    };

    (void)state;
    EXPECT_WRONG(cases);
}

static void an_empty_argument_is_not_passed_over(void **state)
{
    char empty[] = " ";
    char local[] = "127.0.0.1:80";
    char remote[] = "127.0.0.1:81";
    char *const arguments[] = {local, empty, remote};

    (void)state;
    assert_string_equal(connection_name_read(3, arguments, &name, &bad), "is empty");
    assert_int_equal(bad, 1);
}

static void an_argument_of_any_length_is_read_safely(void **state)
{
    char line[400];

    (void)state;
    for (size_t length = 1; length < 350; length++) {
        memset(line, '1', length);
        memcpy(line + length, ":80 127.0.0.1:81", sizeof(":80 127.0.0.1:81"));
        assert_non_null(reads(line));
        assert_int_equal(bad, 0);
    }
}

static void a_line_of_any_number_of_words_is_read_safely(void **state)
{
    char line[600] = "127.0.0.1:80 127.0.0.1:81 ESTABLISHED";
    int words = 3;

    (void)state;
    for (; !reads(line); words++) {
        assert_string_equal(named(), "127.0.0.1:80 127.0.0.1:81");
        assert_true(strlen(line) + 3 < sizeof(line));
        memcpy(line + strlen(line), " x", sizeof(" x"));
    }
    assert_string_equal(reads(line), "has too many words");
    assert_int_equal(bad, words - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_ends_name_a_connection),
        cmocka_unit_test(an_arrow_may_stand_between_them),
        cmocka_unit_test(localhost_is_of_the_other_ends_family),
        cmocka_unit_test(a_whole_line_names_the_connection_in_it),
        cmocka_unit_test(what_is_wrong_is_said_of_the_argument_that_is),
        cmocka_unit_test(a_line_that_names_no_connection_for_sure_is_refused),
        cmocka_unit_test(a_listeners_line_is_refused),
        cmocka_unit_test(another_protocols_line_is_refused),
        cmocka_unit_test(an_empty_argument_is_not_passed_over),
        cmocka_unit_test(an_argument_of_any_length_is_read_safely),
        cmocka_unit_test(a_line_of_any_number_of_words_is_read_safely),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

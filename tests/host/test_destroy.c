/* SPDX-License-Identifier: MIT */
/* The helper's rules, over a fake kernel: what is closed, what is not, and what is said. */
#include "destroy.h"

#include "fake_diag.h"
#include "testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

enum
{
    ROOT = 0,
    USER = 1000,
    OTHER_USER = 1001,
    INODE = 77,
};

static struct connection connection(int family, const char *local, uint16_t local_port,
                                    const char *remote, uint16_t remote_port)
{
    struct connection made = {
        .local = {.port = htons(local_port)},
        .remote = {.port = htons(remote_port)},
        .family = family == AF_INET6 ? CONNECTION_IPV6 : CONNECTION_IPV4,
    };

    assert_int_equal(inet_pton(family, local, made.local.address), 1);
    assert_int_equal(inet_pton(family, remote, made.remote.address), 1);
    return made;
}

static struct connection ipv4(void)
{
    return connection(AF_INET, "127.0.0.1", 8080, "127.0.0.1", 50000);
}

/* An established connection of USER's, as the kernel has it. */
static struct diag_socket *add(struct connection has)
{
    struct diag_socket *socket = &fake_diag.sockets[fake_diag.count++];

    *socket = (struct diag_socket){
        .connection = has,
        .state = TCP_ESTABLISHED,
        .uid = USER,
        .inode = INODE,
        .cookie = {(uint32_t)fake_diag.count, 0},
    };
    return socket;
}

static int a_fresh_kernel(void **state)
{
    (void)state;
    fake_diag = (struct fake_diag){.interfaces = {1, 2, 5}, .interface_count = 3};
    return 0;
}

static size_t destroyed(void)
{
    size_t count = 0;

    for (size_t i = 0; i < fake_diag.count; i++) {
        count += fake_diag.destroyed[i];
    }
    return count;
}

static void expect_of(uint64_t identity, uid_t user, struct connection meant,
                      enum answer_kind expected)
{
    const struct answer answer = destroy_connection(&meant, identity, user);

    assert_int_equal(answer.kind, expected);
    assert_int_equal(answer.detail != 0, expected == ANSWER_SYSTEM_CALL_FAILED);
    if (expected != ANSWER_CLOSED) {
        assert_int_equal(destroyed(), 0);
    }
}

static void expect_by(uid_t user, struct connection meant, enum answer_kind expected)
{
    expect_of(0, user, meant, expected);
}

static void expect(struct connection meant, enum answer_kind expected)
{
    expect_by(USER, meant, expected);
}

static void a_users_own_connection_is_closed_and_no_other(void **state)
{
    (void)state;
    add(connection(AF_INET, "127.0.0.1", 8080, "127.0.0.1", 50001));
    add(ipv4());
    add(connection(AF_INET, "127.0.0.2", 8080, "127.0.0.1", 50000));
    expect(ipv4(), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[1]);
    assert_int_equal(destroyed(), 1);
}

static void another_users_connection_is_refused(void **state)
{
    (void)state;
    add(ipv4())->uid = OTHER_USER;
    expect(ipv4(), ANSWER_NOT_OWNER);
}

static void roots_connection_is_refused_to_a_user(void **state)
{
    (void)state;
    add(ipv4())->uid = ROOT;
    expect(ipv4(), ANSWER_NOT_OWNER);
}

static void root_may_close_anybodys(void **state)
{
    (void)state;
    add(ipv4());
    expect_by(ROOT, ipv4(), ANSWER_CLOSED);
}

static void an_orphan_is_not_found_for_a_user_whatever_uid_it_shows(void **state)
{
    (void)state;
    add(ipv4())->inode = 0;
    expect(ipv4(), ANSWER_NOT_FOUND);
}

static void an_orphan_is_closed_for_root(void **state)
{
    (void)state;
    add(ipv4())->inode = 0;
    expect_by(ROOT, ipv4(), ANSWER_CLOSED);
}

static void an_orphan_that_the_kernel_only_claims_to_close_is_not_supported(void **state)
{
    (void)state;
    add(ipv4())->inode = 0;
    fake_diag.vain_destroys = 2;
    expect_by(ROOT, ipv4(), ANSWER_KERNEL_CANNOT);
}

static void nor_is_one_that_has_become_an_orphan_since_the_look(void **state)
{
    (void)state;
    add(ipv4());
    fake_diag.may_spare_orphans = true;
    fake_diag.vain_destroys = 2;
    expect_by(ROOT, ipv4(), ANSWER_KERNEL_CANNOT);
}

static void one_that_just_arrives_and_of_which_a_half_goes_first_is_closed(void **state)
{
    (void)state;
    add(ipv4())->inode = 0;
    fake_diag.vain_destroys = 1;
    expect_by(ROOT, ipv4(), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[0]);
}

static void a_listener_on_the_local_port_is_never_closed(void **state)
{
    (void)state;
    add(connection(AF_INET, "0.0.0.0", 8080, "0.0.0.0", 0))->state = TCP_LISTEN;
    expect(ipv4(), ANSWER_NOT_FOUND);
    expect_by(ROOT, ipv4(), ANSWER_NOT_FOUND);
}

static void a_listeners_own_row_is_not_found(void **state)
{
    const struct connection listener = connection(AF_INET, "0.0.0.0", 8080, "0.0.0.0", 0);

    (void)state;
    add(listener)->state = TCP_LISTEN;
    expect_by(ROOT, listener, ANSWER_NOT_FOUND);
}

static void what_the_kernel_finds_is_compared_in_every_part(void **state)
{
    const struct connection others[] = {
        connection(AF_INET, "127.0.0.2", 8080, "127.0.0.1", 50000),
        connection(AF_INET, "127.0.0.1", 8081, "127.0.0.1", 50000),
        connection(AF_INET, "127.0.0.1", 8080, "127.0.0.2", 50000),
        connection(AF_INET, "127.0.0.1", 8080, "127.0.0.1", 50001),
        connection(AF_INET6, "7f00:1::", 8080, "7f00:1::", 50000), /* the same bytes */
    };

    (void)state;
    fake_diag.lies = true;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        fake_diag.count = 0;
        add(others[i]);
        expect(ipv4(), ANSWER_NOT_FOUND);
    }
    fake_diag.count = 0;
    add(ipv4());
    expect(connection(AF_INET6, "7f00:1::", 8080, "7f00:1::", 50000), ANSWER_NOT_FOUND);
    expect(ipv4(), ANSWER_CLOSED);
}

static void the_other_ends_row_is_another_connection(void **state)
{
    (void)state;
    add(ipv4());
    expect(connection(AF_INET, "127.0.0.1", 50000, "127.0.0.1", 8080), ANSWER_NOT_FOUND);
}

static void one_that_vanished_between_look_and_close_is_not_found(void **state)
{
    (void)state;
    add(ipv4());
    fake_diag.destroy_error = ENOENT;
    expect(ipv4(), ANSWER_NOT_FOUND);
}

static void a_missing_capability_is_said(void **state)
{
    (void)state;
    add(ipv4());
    fake_diag.destroy_error = EPERM;
    expect(ipv4(), ANSWER_NO_CAPABILITY);
}

static void a_kernel_that_cannot_close_is_said(void **state)
{
    (void)state;
    add(ipv4());
    fake_diag.destroy_error = EOPNOTSUPP;
    expect(ipv4(), ANSWER_KERNEL_CANNOT);
}

static void an_unexpected_error_is_handed_on(void **state)
{
    const struct connection meant = ipv4();

    (void)state;
    add(ipv4());
    fake_diag.destroy_error = ENOBUFS;
    expect(meant, ANSWER_SYSTEM_CALL_FAILED);
    assert_int_equal(destroy_connection(&meant, 0, USER).detail, ENOBUFS);
    fake_diag.find_error = EIO;
    expect(meant, ANSWER_SYSTEM_CALL_FAILED);
    assert_int_equal(destroy_connection(&meant, 0, USER).detail, EIO);
}

static void a_kernel_without_tcp_diag_is_not_mistaken_for_no_such_connection(void **state)
{
    static const int reasons[] = {ENOENT, EOPNOTSUPP, EAFNOSUPPORT, EINVAL};

    (void)state;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        fake_diag.probe_error = reasons[i];
        expect(ipv4(), ANSWER_KERNEL_CANNOT);
    }
    fake_diag.probe_error = EIO;
    expect(ipv4(), ANSWER_SYSTEM_CALL_FAILED);
}

static void a_connection_over_an_ipv6_socket_is_found_by_its_ipv4_row(void **state)
{
    (void)state;
    add(connection(AF_INET6, "::ffff:127.0.0.1", 8080, "::ffff:127.0.0.1", 50000));
    expect(ipv4(), ANSWER_CLOSED);
}

static void a_mapped_row_closes_ipv6_sockets_only(void **state)
{
    const struct connection mapped =
        connection(AF_INET6, "::ffff:127.0.0.1", 8080, "::ffff:127.0.0.1", 50000);

    (void)state;
    add(ipv4());
    expect(mapped, ANSWER_NOT_FOUND);
    fake_diag.count = 0;
    add(mapped);
    expect(mapped, ANSWER_CLOSED);
}

static void a_socket_bound_to_an_interface_is_found(void **state)
{
    (void)state;
    add(ipv4())->interface = 5;
    expect(ipv4(), ANSWER_CLOSED);
}

static void two_bound_sockets_that_match_are_ambiguous(void **state)
{
    (void)state;
    add(ipv4())->interface = 2;
    add(ipv4())->interface = 5;
    expect(ipv4(), ANSWER_NOT_FOUND);
}

static void a_twin_of_another_users_hides_no_bound_connection(void **state)
{
    (void)state;
    add(ipv4())->interface = 2;
    add(ipv4())->interface = 5;
    fake_diag.sockets[0].uid = OTHER_USER;
    expect(ipv4(), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[1]);
    assert_int_equal(destroyed(), 1);
}

/* Nor does one that is bound to none. */
static void an_unbound_twin_of_another_users_hides_no_bound_connection(void **state)
{
    (void)state;
    add(ipv4())->interface = 5;
    add(ipv4())->uid = OTHER_USER;
    expect(ipv4(), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[0]);
    assert_int_equal(destroyed(), 1);
}

static void an_orphaned_twin_hides_no_bound_connection(void **state)
{
    (void)state;
    add(ipv4())->interface = 2;
    add(ipv4())->interface = 5;
    fake_diag.sockets[1].inode = 0;
    expect(ipv4(), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[0]);
}

static void twins_of_other_users_are_refused(void **state)
{
    (void)state;
    add(ipv4())->interface = 2;
    add(ipv4())->interface = 5;
    fake_diag.sockets[0].uid = OTHER_USER;
    fake_diag.sockets[1].uid = ROOT;
    expect(ipv4(), ANSWER_NOT_OWNER);
}

static void an_owner_who_is_unknown_is_nobody_but_roots(void **state)
{
    (void)state;
    add(ipv4())->uid = FAKE_UNKNOWN_OWNER;
    expect_by(FAKE_UNKNOWN_OWNER, ipv4(), ANSWER_NOT_OWNER);
    expect_by(ROOT, ipv4(), ANSWER_CLOSED);
}

static void a_subflow_of_multipath_tcp_is_said_to_be_one_and_not_touched(void **state)
{
    (void)state;
    add(ipv4())->is_subflow = true;
    expect(ipv4(), ANSWER_MULTIPATH);
    expect_by(ROOT, ipv4(), ANSWER_MULTIPATH);
}

/* What is not promised: see SECURITY.md. */
static void ones_own_socket_that_becomes_a_listener_in_that_very_moment_is_closed(void **state)
{
    (void)state;
    add(ipv4());
    fake_diag.becomes_listener = true;
    expect(ipv4(), ANSWER_CLOSED);
}

static struct connection link_local(uint32_t local_scope, uint32_t remote_scope)
{
    struct connection made = connection(AF_INET6, "fe80::1", 80, "fe80::2", 5000);

    made.local.scope_id = local_scope;
    made.remote.scope_id = remote_scope;
    return made;
}

static void given_link_local_on(uint32_t interface)
{
    add(connection(AF_INET6, "fe80::1", 80, "fe80::2", 5000))->interface = interface;
}

static void a_link_local_scope_chooses_among_interfaces(void **state)
{
    (void)state;
    given_link_local_on(2);
    given_link_local_on(5);
    expect_by(USER, link_local(0, 5), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[1]);
    assert_int_equal(destroyed(), 1);
}

static void a_link_local_scope_of_another_interface_is_not_found(void **state)
{
    (void)state;
    given_link_local_on(2);
    expect_by(USER, link_local(5, 5), ANSWER_NOT_FOUND);
}

static void a_scope_that_names_no_interface_means_any(void **state)
{
    (void)state;
    given_link_local_on(2);
    expect_by(USER, link_local(0x2000, 0xFFFFFFFF), ANSWER_CLOSED);
}

static void a_scope_counts_for_link_local_addresses_only(void **state)
{
    struct connection scoped = connection(AF_INET6, "::1", 80, "::1", 5000);

    (void)state;
    add(scoped);
    scoped.local.scope_id = 5;
    scoped.remote.scope_id = 5;
    expect(scoped, ANSWER_CLOSED);
}

static void an_unknown_family_is_a_bad_request(void **state)
{
    struct connection strange = ipv4();

    (void)state;
    strange.family = 5;
    expect_by(ROOT, strange, ANSWER_BAD_REQUEST);
}

/* ---- that very socket ---- */

static void by_its_identity_a_connection_is_closed(void **state)
{
    (void)state;
    expect_of(diag_identity(add(ipv4())), USER, ipv4(), ANSWER_CLOSED);
}

static void a_later_connection_of_the_same_name_is_not_found_whoever_has_it(void **state)
{
    const uid_t owners[] = {USER, OTHER_USER, ROOT};

    (void)state;
    for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
        struct diag_socket *later;

        a_fresh_kernel(state);
        later = add(ipv4());
        later->uid = owners[i];
        later->cookie[0] = 7;
        expect_of(diag_identity(later) - 1, USER, ipv4(), ANSWER_NOT_FOUND);
        expect_of(diag_identity(later) + 1, ROOT, ipv4(), ANSWER_NOT_FOUND);
    }
}

static void an_identity_counts_with_both_its_halves(void **state)
{
    struct diag_socket *socket = add(ipv4());

    (void)state;
    socket->cookie[1] = 7;
    expect_of(socket->cookie[0], USER, ipv4(), ANSWER_NOT_FOUND);
    expect_of((uint64_t)8 << 32 | socket->cookie[0], USER, ipv4(), ANSWER_NOT_FOUND);
    expect_of((uint64_t)7 << 32 | socket->cookie[0], USER, ipv4(), ANSWER_CLOSED);
}

static void another_users_connection_is_refused_by_its_identity_too(void **state)
{
    struct diag_socket *socket = add(ipv4());

    (void)state;
    socket->uid = OTHER_USER;
    expect_of(diag_identity(socket), USER, ipv4(), ANSWER_NOT_OWNER);
}

static void a_listener_is_not_closed_by_its_identity_either(void **state)
{
    const struct connection listener = connection(AF_INET, "0.0.0.0", 8080, "0.0.0.0", 0);
    struct diag_socket *socket = add(listener);

    (void)state;
    socket->state = TCP_LISTEN;
    expect_of(diag_identity(socket), ROOT, listener, ANSWER_NOT_FOUND);
    expect_of(diag_identity(socket), ROOT, ipv4(), ANSWER_NOT_FOUND);
}

static void an_identity_is_not_found_under_another_name(void **state)
{
    const struct diag_socket *socket =
        add(connection(AF_INET, "127.0.0.1", 8080, "127.0.0.1", 50001));

    (void)state;
    fake_diag.lies = true;
    expect_of(diag_identity(socket), ROOT, ipv4(), ANSWER_NOT_FOUND);
}

static void an_identity_chooses_among_twins(void **state)
{
    (void)state;
    add(ipv4())->interface = 2;
    add(ipv4())->interface = 5;
    add(ipv4()); /* which would be all that is looked at */
    expect_of(diag_identity(&fake_diag.sockets[1]), USER, ipv4(), ANSWER_CLOSED);
    assert_true(fake_diag.destroyed[1]);
    assert_int_equal(destroyed(), 1);
}

/* The last: that IPv4 can be looked up is remembered. */
static void that_connections_can_be_looked_up_is_asked_only_once(void **state)
{
    (void)state;
    expect(ipv4(), ANSWER_NOT_FOUND);
    expect(ipv4(), ANSWER_NOT_FOUND);
    assert_true(fake_diag.probes <= 1);
}

#define WITH_A_FRESH_KERNEL(test) cmocka_unit_test_setup(test, a_fresh_kernel)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First, as what could be looked up once is taken for granted later. */
        WITH_A_FRESH_KERNEL(a_kernel_without_tcp_diag_is_not_mistaken_for_no_such_connection),
        WITH_A_FRESH_KERNEL(a_users_own_connection_is_closed_and_no_other),
        WITH_A_FRESH_KERNEL(another_users_connection_is_refused),
        WITH_A_FRESH_KERNEL(roots_connection_is_refused_to_a_user),
        WITH_A_FRESH_KERNEL(root_may_close_anybodys),
        WITH_A_FRESH_KERNEL(an_orphan_is_not_found_for_a_user_whatever_uid_it_shows),
        WITH_A_FRESH_KERNEL(an_orphan_is_closed_for_root),
        WITH_A_FRESH_KERNEL(an_orphan_that_the_kernel_only_claims_to_close_is_not_supported),
        WITH_A_FRESH_KERNEL(nor_is_one_that_has_become_an_orphan_since_the_look),
        WITH_A_FRESH_KERNEL(one_that_just_arrives_and_of_which_a_half_goes_first_is_closed),
        WITH_A_FRESH_KERNEL(a_listener_on_the_local_port_is_never_closed),
        WITH_A_FRESH_KERNEL(a_listeners_own_row_is_not_found),
        WITH_A_FRESH_KERNEL(what_the_kernel_finds_is_compared_in_every_part),
        WITH_A_FRESH_KERNEL(the_other_ends_row_is_another_connection),
        WITH_A_FRESH_KERNEL(one_that_vanished_between_look_and_close_is_not_found),
        WITH_A_FRESH_KERNEL(a_missing_capability_is_said),
        WITH_A_FRESH_KERNEL(a_kernel_that_cannot_close_is_said),
        WITH_A_FRESH_KERNEL(an_unexpected_error_is_handed_on),
        WITH_A_FRESH_KERNEL(a_connection_over_an_ipv6_socket_is_found_by_its_ipv4_row),
        WITH_A_FRESH_KERNEL(a_mapped_row_closes_ipv6_sockets_only),
        WITH_A_FRESH_KERNEL(a_socket_bound_to_an_interface_is_found),
        WITH_A_FRESH_KERNEL(two_bound_sockets_that_match_are_ambiguous),
        WITH_A_FRESH_KERNEL(a_twin_of_another_users_hides_no_bound_connection),
        WITH_A_FRESH_KERNEL(an_unbound_twin_of_another_users_hides_no_bound_connection),
        WITH_A_FRESH_KERNEL(an_orphaned_twin_hides_no_bound_connection),
        WITH_A_FRESH_KERNEL(twins_of_other_users_are_refused),
        WITH_A_FRESH_KERNEL(an_owner_who_is_unknown_is_nobody_but_roots),
        WITH_A_FRESH_KERNEL(a_subflow_of_multipath_tcp_is_said_to_be_one_and_not_touched),
        WITH_A_FRESH_KERNEL(ones_own_socket_that_becomes_a_listener_in_that_very_moment_is_closed),
        WITH_A_FRESH_KERNEL(a_link_local_scope_chooses_among_interfaces),
        WITH_A_FRESH_KERNEL(a_link_local_scope_of_another_interface_is_not_found),
        WITH_A_FRESH_KERNEL(a_scope_that_names_no_interface_means_any),
        WITH_A_FRESH_KERNEL(a_scope_counts_for_link_local_addresses_only),
        WITH_A_FRESH_KERNEL(an_unknown_family_is_a_bad_request),
        WITH_A_FRESH_KERNEL(by_its_identity_a_connection_is_closed),
        WITH_A_FRESH_KERNEL(a_later_connection_of_the_same_name_is_not_found_whoever_has_it),
        WITH_A_FRESH_KERNEL(an_identity_counts_with_both_its_halves),
        WITH_A_FRESH_KERNEL(another_users_connection_is_refused_by_its_identity_too),
        WITH_A_FRESH_KERNEL(a_listener_is_not_closed_by_its_identity_either),
        WITH_A_FRESH_KERNEL(an_identity_is_not_found_under_another_name),
        WITH_A_FRESH_KERNEL(an_identity_chooses_among_twins),
        WITH_A_FRESH_KERNEL(that_connections_can_be_looked_up_is_asked_only_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

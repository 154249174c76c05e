/* SPDX-License-Identifier: MIT */
#include "own_connection.h"

#include "testing.h"

static SOCKET make_socket(void)
{
    const SOCKET made = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);

    assert_true(made != INVALID_SOCKET);
    return made;
}

static struct sockaddr_in own_address(SOCKET socket)
{
    struct sockaddr_in address;
    int size = sizeof(address);

    assert_int_equal(getsockname(socket, (struct sockaddr *)&address, &size), 0);
    return address;
}

static SOCKET connect_to(SOCKET listener)
{
    const struct sockaddr_in to = own_address(listener);
    const SOCKET client = make_socket();

    if (connect(client, (const struct sockaddr *)&to, sizeof(to)) != 0) {
        closesocket(client);
        return INVALID_SOCKET;
    }
    return client;
}

static void start_winsock(void)
{
    static BOOL started;
    WSADATA data;

    if (!started) {
        assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
        started = TRUE;
    }
}

static MIB_TCPROW row_of(SOCKET client, SOCKET listener)
{
    const struct sockaddr_in local = own_address(client);
    const struct sockaddr_in remote = own_address(listener);

    return (MIB_TCPROW){
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = local.sin_addr.s_addr,
        .dwLocalPort = local.sin_port,
        .dwRemoteAddr = remote.sin_addr.s_addr,
        .dwRemotePort = remote.sin_port,
    };
}

void connection_open(struct connection *connection)
{
    struct sockaddr_in any = {.sin_family = AF_INET};

    start_winsock();
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->listener = make_socket();
    assert_int_equal(bind(connection->listener, (struct sockaddr *)&any, sizeof(any)), 0);
    assert_int_equal(listen(connection->listener, 8), 0);
    connection->client = connect_to(connection->listener);
    assert_true(connection->client != INVALID_SOCKET);
    connection->server = accept(connection->listener, NULL, NULL);
    assert_true(connection->server != INVALID_SOCKET);
    connection->row = row_of(connection->client, connection->listener);
    assert_true(connection_lives(connection));
}

void connection_close(struct connection *connection)
{
    closesocket(connection->client);
    closesocket(connection->server);
    closesocket(connection->listener);
}

BOOL connection_lives(struct connection *connection)
{
    char byte = 'p';

    return send(connection->client, &byte, 1, 0) == 1 && recv(connection->server, &byte, 1, 0) == 1;
}

BOOL connection_listens(struct connection *connection)
{
    const SOCKET client = connect_to(connection->listener);

    if (client == INVALID_SOCKET) {
        return FALSE;
    }
    closesocket(accept(connection->listener, NULL, NULL));
    closesocket(client);
    return TRUE;
}

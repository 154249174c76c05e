/* SPDX-License-Identifier: MIT */
/*
 * Prints what programs get from iphlpapi.dll and from the DLLs of Wine that use it, leaving out what
 * differs from run to run.  The first line says whose iphlpapi.dll it is.
 */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <windows.h>

#include <ipexport.h>
#include <iphlpapi.h>

#include <icmpapi.h>
#include <nb30.h>
#include <rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <winhttp.h>

#include "wmi.h"

static union
{
    BYTE bytes[0x10000];
    IP_ADAPTER_ADDRESSES adapter;
    MIB_TCPTABLE_OWNER_PID tcp;
    SOCKET_ADDRESS_LIST addresses;
    ICMP_ECHO_REPLY echo;
} buffer;

static void print_address(const SOCKADDR *address, int bytes)
{
    char text[NI_MAXHOST] = "?";

    getnameinfo(address, bytes, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
    printf("    %s\n", text);
}

/* After a cold start Wine takes a moment until it knows its network. */
static void wait_for_network(void)
{
    DWORD number;

    for (int i = 0; i < 100 && GetNumberOfInterfaces(&number) != NO_ERROR; i++) {
        Sleep(100);
    }
}

static void print_getaddrinfo(void)
{
    struct addrinfo *all = NULL;

    printf("getaddrinfo: %d\n", getaddrinfo("localhost", "80", NULL, &all));
    for (struct addrinfo *one = all; one; one = one->ai_next) {
        print_address(one->ai_addr, (int)one->ai_addrlen);
    }
    freeaddrinfo(all);
}

static void print_address_list(void)
{
    const SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    DWORD bytes = 0;
    const int result =
        WSAIoctl(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, &buffer, sizeof(buffer), &bytes, NULL, NULL);

    printf("SIO_ADDRESS_LIST_QUERY: %d, %lu bytes\n", result, bytes);
    for (int i = 0; result == 0 && i < buffer.addresses.iAddressCount; i++) {
        print_address(buffer.addresses.Address[i].lpSockaddr,
                      buffer.addresses.Address[i].iSockaddrLength);
    }
    closesocket(s);
}

static void print_adapters(void)
{
    ULONG bytes = sizeof(buffer);
    const ULONG error =
        GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX | GAA_FLAG_INCLUDE_ALL_INTERFACES,
                             NULL, &buffer.adapter, &bytes);

    printf("GetAdaptersAddresses: %lu, %lu bytes\n", error, bytes);
    for (IP_ADAPTER_ADDRESSES *a = &buffer.adapter; error == NO_ERROR && a; a = a->Next) {
        printf("  %s %ls type %lu mtu %lu status %d\n", a->AdapterName, a->FriendlyName, a->IfType,
               a->Mtu, a->OperStatus);
        for (IP_ADAPTER_UNICAST_ADDRESS *u = a->FirstUnicastAddress; u; u = u->Next) {
            print_address(u->Address.lpSockaddr, u->Address.iSockaddrLength);
        }
    }
}

static SOCKET listen_on_loopback(WORD *port_out)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int bytes = sizeof(address);
    const SOCKET s = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (struct sockaddr *)&address, sizeof(address)) || listen(s, 5) ||
        getsockname(s, (struct sockaddr *)&address, &bytes)) {
        printf("no listener: %d\n", WSAGetLastError());
    }
    *port_out = address.sin_port;
    return s;
}

static void print_tcp_table(WORD port)
{
    DWORD bytes = sizeof(buffer);
    const DWORD error =
        GetExtendedTcpTable(&buffer, &bytes, TRUE, AF_INET, TCP_TABLE_OWNER_PID_ALL, 0);

    printf("GetExtendedTcpTable: %lu\n", error);
    for (DWORD i = 0; error == NO_ERROR && i < buffer.tcp.dwNumEntries; i++) {
        const MIB_TCPROW_OWNER_PID *row = &buffer.tcp.table[i];

        if ((WORD)row->dwLocalPort == port) {
            printf("  listener: state %lu, address %08lx, mine %d\n", row->dwState,
                   row->dwLocalAddr, row->dwOwningPid == GetCurrentProcessId());
        }
    }
}

static void print_echo(void)
{
    const HANDLE icmp = IcmpCreateFile();
    static char data[] = "hello";
    DWORD replies;

    SetLastError(0);
    replies = IcmpSendEcho(icmp, htonl(INADDR_LOOPBACK), data, sizeof(data), NULL, &buffer,
                           sizeof(buffer), 2000);
    printf("IcmpSendEcho: %lu, LastError %lu\n", replies, replies ? 0 : GetLastError());
    if (replies) {
        printf("  status %lu, %u bytes, %s\n", buffer.echo.Status, buffer.echo.DataSize,
               (const char *)buffer.echo.Data);
    }
    printf("  closed %d\n", IcmpCloseHandle(icmp));
}

static void print_notification(void)
{
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    HANDLE handle = NULL;
    const DWORD error = NotifyAddrChange(&handle, &overlapped);

    printf("NotifyAddrChange: %lu, handle %d\n", error, handle != NULL);
    printf("  waits %d\n", WaitForSingleObject(overlapped.hEvent, 50) == WAIT_TIMEOUT);
    printf("  cancelled %d\n", CancelIPChangeNotify(&overlapped));
}

static DWORD WINAPI serve_once(void *parameter)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    const SOCKET s = accept((SOCKET)parameter, NULL, NULL);
    char request[1024];

    recv(s, request, sizeof(request), 0);
    send(s, answer, sizeof(answer) - 1, 0);
    shutdown(s, SD_SEND);
    closesocket(s);
    return 0;
}

static void print_winhttp(SOCKET listener, WORD port)
{
    HANDLE server = CreateThread(NULL, 0, serve_once, (void *)listener, 0, NULL);
    HINTERNET session = WinHttpOpen(L"same_output", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, L"localhost", ntohs(port), 0);
    HINTERNET request = WinHttpOpenRequest(connection, L"GET", L"/", NULL, NULL, NULL, 0);
    char body[16] = "";
    DWORD bytes = 0;

    printf("WinHTTP: sent %d", WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    printf(", received %d", WinHttpReceiveResponse(request, NULL));
    printf(", read %d", WinHttpReadData(request, body, sizeof(body) - 1, &bytes));
    printf(": %s\n", body);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    WaitForSingleObject(server, 5000);
}

static void print_others(void)
{
    static const char *const dlls[] = {"ws2_32",   "winhttp",  "wininet", "netapi32",
                                       "wbemprox", "dhcpcsvc", "rpcrt4"};
    NCB ncb = {.ncb_command = NCBENUM, .ncb_buffer = buffer.bytes, .ncb_length = sizeof(LANA_ENUM)};
    char path[MAX_PATH];
    UUID uuid;

    for (size_t i = 0; i < sizeof(dlls) / sizeof(dlls[0]); i++) {
        snprintf(path, sizeof(path),
                 strcmp(dlls[i], "wbemprox") ? "%s.dll" : "C:\\windows\\system32\\wbem\\%s.dll",
                 dlls[i]);
        printf("%s: loads %d\n", dlls[i], LoadLibraryA(path) != NULL);
    }
    printf("UuidCreateSequential: %ld\n", UuidCreateSequential(&uuid));
    printf("Netbios: %u, %u adapters\n", Netbios(&ncb), buffer.bytes[0]);
}

static void print_wmi(void)
{
    static const wchar_t *const of_system[] = {L"Caption", L"Version", NULL};
    static const wchar_t *const of_adapter[] = {
        L"Index", L"Description", L"IPEnabled", L"DHCPEnabled", L"IPAddress", L"MACAddress", NULL,
    };

    wmi_print(L"Win32_OperatingSystem", of_system);
    wmi_print(L"Win32_NetworkAdapterConfiguration", of_adapter);
}

int main(void)
{
    const HMODULE module = GetModuleHandleA("iphlpapi.dll");
    WSADATA data;
    SOCKET listener;
    WORD port;

    printf("%s\n", GetProcAddress(module, "SetTcpEntryVersion") ? "ours" : "the system's");
    WSAStartup(MAKEWORD(2, 2), &data);
    wait_for_network();
    print_getaddrinfo();
    print_address_list();
    print_adapters();
    listener = listen_on_loopback(&port);
    print_tcp_table(port);
    print_echo();
    print_notification();
    print_winhttp(listener, port);
    print_others();
    print_wmi();
    printf("still the same: %d\n", GetModuleHandleA("iphlpapi.dll") == module);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/**
 * @file
 * settcpentry: closes one TCP connection, given its row in the TCP table.
 *
 * SetTcpEntry itself is declared by the SDK's iphlpapi.h, which this header includes; what is
 * written here is the contract that this project's DLLs keep for it.  Each function has a typedef
 * of its own (NAME_FUNC) for programs that call it through GetProcAddress.
 */
#ifndef SETTCPENTRY_H
#define SETTCPENTRY_H

#include <winsock2.h>

#include <windows.h>
#include <ws2ipdef.h>

#include <iphlpapi.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ERROR_ELEVATION_REQUIRED
/** LastError of an administrator who is not elevated; mingw-w64 has no name for it. */
#define ERROR_ELEVATION_REQUIRED 740L
#endif

/** The first number of this header's version; the build reads all three from here. */
#define SETTCPENTRY_VERSION_MAJOR 0
/** The second number. */
#define SETTCPENTRY_VERSION_MINOR 2
/** The third number. */
#define SETTCPENTRY_VERSION_PATCH 0
/** All three in one number that can be compared: 0x00010203 is 1.2.3. */
#define SETTCPENTRY_VERSION                                                                        \
    (SETTCPENTRY_VERSION_MAJOR << 16 | SETTCPENTRY_VERSION_MINOR << 8 | SETTCPENTRY_VERSION_PATCH)

/**
 * SetTcpEntry - closes one IPv4 TCP connection at once, with a reset to its peer.
 *
 * @param[in] pTcpRow
 *     The row, 20 bytes, of which all are read and none is written.  It need not be aligned, and
 *     may be the beginning of a MIB_TCPROW2 or MIB_TCPROW_OWNER_PID.
 *     - dwState: MIB_TCP_STATE_DELETE_TCB (12), the only state that can be set
 *     - dwLocalAddr: IPv4 address, network byte order
 *     - dwLocalPort: port, network byte order in the low 16 bits; the upper 16 are ignored
 *     - dwRemoteAddr: IPv4 address, network byte order
 *     - dwRemotePort: port, as dwLocalPort
 *
 * @return One of these codes, or any other of Win32's, with LastError the same;
 *     docs/return-codes.md has them all.  On failure LastError, as GetLastError() gives it, is more
 *     precise than the documented code can be; on success it is left as it was.
 *
 * @retval NO_ERROR 0: the connection is gone.
 * @retval ERROR_INVALID_PARAMETER 87, LastError the same: pTcpRow is NULL, or its state is not 12;
 *     nothing was looked at or done.
 * @retval ERROR_MR_MID_NOT_FOUND 317, with LastError
 *     - ERROR_ELEVATION_REQUIRED 740: an administrator, but not elevated; under Wine only if the
 *       token has Administrators for refusals alone
 *     - ERROR_NOT_FOUND 1168: no such connection, or a listener
 * @retval ERROR_ACCESS_DENIED 5, with LastError
 *     - the same: no administrator; under Wine also another user's connection
 *     - ERROR_PRIVILEGE_NOT_HELD 1314: under Wine, the helper lacks CAP_NET_ADMIN
 * @retval ERROR_NOT_SUPPORTED 50, LastError the same: no IPv4, or nothing here can close it.
 *
 * Threads: any number may call at once.  A token that the calling thread impersonates counts.
 *
 * Time: under Wine at most SETTCPENTRY_LIMIT_MS; on Windows, the system's own.
 *
 * A pointer that is neither NULL nor readable faults, as with the system's function.
 *
 * Source: https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-settcpentry
 */
typedef DWORD(WINAPI *SETTCPENTRY_FUNC)(PMIB_TCPROW pTcpRow);

/** The type of SetTcp6Entry. */
typedef DWORD(WINAPI *SETTCP6ENTRY_FUNC)(PMIB_TCP6ROW pTcp6Row);

/**
 * SetTcp6Entry - the same for one IPv6 TCP connection.  The system's DLLs have no such function.
 *
 * @param[in] pTcp6Row
 *     The row, 52 bytes, as GetTcp6Table gives it; what holds for SetTcpEntry's holds here.
 *     - State: MIB_TCP_STATE_DELETE_TCB (12)
 *     - LocalAddr, RemoteAddr: IPv6 addresses, network byte order
 *     - dwLocalScopeId, dwRemoteScopeId: interface indexes, host byte order; they count for
 *       link-local addresses (fe80::/10) only, and under Wine only if there is such an interface
 *     - dwLocalPort, dwRemotePort: ports, as SetTcpEntry's
 *
 *     MIB_TCP6ROW2 and MIB_TCP6ROW_OWNER_PID have another layout and cannot be cast to it: use the
 *     conversions below.
 *
 * @return What SetTcpEntry returns, except that ERROR_NOT_FOUND 1168 itself means that there is no
 *     such connection, or a listener; that 317 is left for a caller who is not elevated; and that
 *     ERROR_NOT_SUPPORTED 50 is about IPv6.
 *
 * Threads and time: as SetTcpEntry.
 *
 * A connection between IPv4 addresses over IPv6 sockets (0:0:0:0:0:ffff:a.b.c.d) is closed by
 * either function under Wine; a plain IPv4 connection by SetTcpEntry only.
 *
 * Source of the row: https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcp6row
 */
DWORD WINAPI SetTcp6Entry(PMIB_TCP6ROW pTcp6Row);

/**
 * SetTcp6EntryRow2 - the row that closes the connection of a row of GetTcp6Table2.
 *
 * @param[in] pRow  That row, not NULL.  Its state and process do not count.
 * @return The row for SetTcp6Entry, with addresses, scopes and ports as they are there.  It cannot
 *     fail.
 */
static __inline MIB_TCP6ROW SetTcp6EntryRow2(const MIB_TCP6ROW2 *pRow)
{
    MIB_TCP6ROW row;

    row.State = MIB_TCP_STATE_DELETE_TCB;
    row.LocalAddr = pRow->LocalAddr;
    row.dwLocalScopeId = pRow->dwLocalScopeId;
    row.dwLocalPort = pRow->dwLocalPort;
    row.RemoteAddr = pRow->RemoteAddr;
    row.dwRemoteScopeId = pRow->dwRemoteScopeId;
    row.dwRemotePort = pRow->dwRemotePort;
    return row;
}

/**
 * SetTcp6EntryRowOwnerPid - the same for a row of GetExtendedTcpTable with
 * TCP_TABLE_OWNER_PID_ALL and its kin.
 *
 * @param[in] pRow  That row, not NULL.  Its state and process do not count.
 * @return As SetTcp6EntryRow2.
 */
static __inline MIB_TCP6ROW SetTcp6EntryRowOwnerPid(const MIB_TCP6ROW_OWNER_PID *pRow)
{
    MIB_TCP6ROW row;
    int i;

    row.State = MIB_TCP_STATE_DELETE_TCB;
    for (i = 0; i < 16; i++) {
        row.LocalAddr.u.Byte[i] = pRow->ucLocalAddr[i];
        row.RemoteAddr.u.Byte[i] = pRow->ucRemoteAddr[i];
    }
    row.dwLocalScopeId = pRow->dwLocalScopeId;
    row.dwLocalPort = pRow->dwLocalPort;
    row.dwRemoteScopeId = pRow->dwRemoteScopeId;
    row.dwRemotePort = pRow->dwRemotePort;
    return row;
}

/** The longest that one call waits for the Linux helper, in milliseconds. */
#define SETTCPENTRY_LIMIT_MS 5000

/**
 * What SetTcpEntryVersion adds to the version in the mock's DLLs, which close nothing and answer
 * what a script says; docs/testing-your-program.md.
 */
#define SETTCPENTRY_VERSION_MOCK 0x80000000UL

/**
 * SetTcpEntryVersion - the version of the DLL that is loaded.
 *
 * The system's DLLs do not export it, so that GetProcAddress(module, "SetTcpEntryVersion") tells
 * this project's DLL from theirs.  Any number of threads may call at once.
 *
 * @return The version in the form of SETTCPENTRY_VERSION; of the mock with SETTCPENTRY_VERSION_MOCK
 *     in it.  It cannot fail, and leaves LastError
 *     as it was.
 */
DWORD WINAPI SetTcpEntryVersion(void);

/** The type of SetTcpEntryVersion. */
typedef DWORD(WINAPI *SETTCPENTRYVERSION_FUNC)(void);

#ifdef __cplusplus
}
#endif

#endif

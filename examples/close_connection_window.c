/* SPDX-License-Identifier: MIT */
/*
 * close_connection_window LOCAL_ADDRESS:PORT REMOTE_ADDRESS:PORT [--now [ANSWER_FILE]]
 *
 * Names one IPv4 TCP connection in a window, with a button that closes it with SetTcpEntry.  With --now
 * the button presses itself, the window goes, and what came of it is in the file: a program with a
 * window has nowhere to print.
 * Link with iphlp.lib (or -liphlp), ws2_32 and user32, for the Windows subsystem (gcc -mwindows).
 * Exit status: 0 closed, 1 not, 2 usage.
 */
#include "settcpentry.h"

#include "text.h"

#include <stdio.h>

enum
{
    CLOSE_BUTTON = 1, /* IDOK: Enter presses it, too */
};

static MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB};
static char words[256]; /* first the connection, then what came of it */
static HWND label;
static BOOL is_now;
static int exit_status = 1;

static void close_connection(void)
{
    DWORD code;
    DWORD last_error;

    SetLastError(NO_ERROR);
    code = SetTcpEntry(&row);
    last_error = GetLastError();
    snprintf(words, sizeof(words), "SetTcpEntry returned %lu, LastError %lu: %s\n", code,
             last_error, sentence(code, last_error));
    exit_status = code == NO_ERROR ? 0 : 1;
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM number, LPARAM more)
{
    switch (message) {
    case WM_COMMAND:
        if (LOWORD(number) == CLOSE_BUTTON) {
            close_connection();
            SetWindowTextA(label, words);
        }
        if (is_now) {
            DestroyWindow(window);
        }
        return 0;
    case WM_DESTROY:
        PostQuitMessage(0);
        return 0;
    default:
        return DefWindowProcA(window, message, number, more);
    }
}

/* NULL if there can be none, as under Wine without a display. */
static HWND open_window(HINSTANCE program, int show)
{
    const WNDCLASSA kind = {
        .lpfnWndProc = on_message,
        .hInstance = program,
        .hCursor = LoadCursor(NULL, IDC_ARROW),
        .hbrBackground = GetSysColorBrush(COLOR_BTNFACE),
        .lpszClassName = "close_connection",
    };
    HWND window;

    RegisterClassA(&kind);
    window = CreateWindowA(kind.lpszClassName, "Close a connection", WS_OVERLAPPEDWINDOW,
                           CW_USEDEFAULT, CW_USEDEFAULT, 520, 160, NULL, NULL, program, NULL);
    label = CreateWindowA("STATIC", words, WS_CHILD | WS_VISIBLE, 16, 16, 470, 40, window, NULL,
                          program, NULL);
    CreateWindowA("BUTTON", "&Close it", WS_CHILD | WS_VISIBLE | WS_TABSTOP | BS_DEFPUSHBUTTON, 16,
                  72, 120, 28, window, (HMENU)CLOSE_BUTTON, program, NULL);
    ShowWindow(window, show);
    return window;
}

/* Until the window is gone. */
static void handle_messages(HWND window)
{
    MSG message;

    while (GetMessageA(&message, NULL, 0, 0) > 0) {
        if (!IsDialogMessageA(window, &message)) {
            TranslateMessage(&message);
            DispatchMessageA(&message);
        }
    }
}

static void write_words(const char *path)
{
    FILE *file = fopen(path, "w");

    if (file) {
        fputs(words, file);
        fclose(file);
    }
}

int WINAPI WinMain(HINSTANCE hInstance, HINSTANCE hPrevInstance, LPSTR lpCmdLine, int nShowCmd)
{
    HWND window;

    (void)hPrevInstance;
    (void)lpCmdLine; /* __argv has the same, taken apart */
    is_now = __argc > 3 && strcmp(__argv[3], "--now") == 0;
    if (__argc < 3 || (__argc > 3 && !is_now) || __argc > 5 ||
        !parse(__argv[1], &row.dwLocalAddr, &row.dwLocalPort) ||
        !parse(__argv[2], &row.dwRemoteAddr, &row.dwRemotePort)) {
        MessageBoxA(NULL, "LOCAL_ADDRESS:PORT REMOTE_ADDRESS:PORT [--now [ANSWER_FILE]]",
                    "usage: close_connection_window", MB_OK);
        return 2;
    }
    snprintf(words, sizeof(words), "%s to %s", __argv[1], __argv[2]);
    window = open_window(hInstance, nShowCmd);
    if (is_now && window) {
        PostMessageA(window, WM_COMMAND, CLOSE_BUTTON, 0);
    } else if (is_now) {
        close_connection();
    }
    if (window) {
        handle_messages(window);
    }
    if (__argc == 5) {
        write_words(__argv[4]);
    }
    return exit_status;
}

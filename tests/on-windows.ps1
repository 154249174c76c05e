# SPDX-License-Identifier: MIT
<#
.SYNOPSIS
Tries settcpentry on a real Windows and writes a report. Not yet run: whoever runs it first, see docs/windows.md.

.DESCRIPTION
By Windows PowerShell 5.1 or PowerShell 7, for each architecture that this Windows runs. As administrator it closes
connections that it has opened itself, on 127.0.0.1 and ::1; otherwise it looks whether they are left alone. It
leaves nothing behind but the report. Exit status: 0, or 1 when a check failed.

.PARAMETER Package
settcpentry-VERSION-windows.zip, or the folder unpacked from it; by default the folder that this script is in.

.PARAMETER Tests
A folder of built test programs, made by tests/for_windows.cmake; they are run as administrator only.

.PARAMETER Report
The file to write: settcpentry-report.txt in the current folder.
#>
[CmdletBinding()]
param([string]$Package = '', [string]$Tests = '', [string]$Report = 'settcpentry-report.txt')

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if ($env:OS -ne 'Windows_NT') { throw 'This is for Windows.' }

# The checks are C# of the version that both PowerShells have, 5, so that they can also be compiled and tried elsewhere.
$checks = @'
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32;

namespace OnWindows
{
    // What a function returned, and LastError, which says nothing after a success.
    public struct Answer
    {
        public readonly uint Code, LastError;

        public Answer(uint code, uint lastError)
        {
            Code = code;
            LastError = code == 0 ? 0 : lastError;
        }

        public override string ToString()
        {
            return Code == 0 ? "0" : Code + ", LastError " + LastError;
        }
    }

    public sealed class Connection
    {
        public readonly IPEndPoint Local, Remote;

        public Connection(EndPoint local, EndPoint remote)
        {
            Local = (IPEndPoint)local;
            Remote = (IPEndPoint)remote;
        }

        public bool IsIPv6 { get { return Local.AddressFamily == AddressFamily.InterNetworkV6; } }

        // As MIB_TCPROW or MIB_TCP6ROW.
        public byte[] Row(uint state)
        {
            List<byte> row = new List<byte>(BitConverter.GetBytes(state));

            foreach (IPEndPoint end in new[] { Local, Remote }) {
                row.AddRange(end.Address.GetAddressBytes());
                if (IsIPv6) {
                    row.AddRange(BitConverter.GetBytes((uint)end.Address.ScopeId));
                }
                row.AddRange(new byte[] { (byte)(end.Port >> 8), (byte)end.Port, 0, 0 });
            }
            return row.ToArray();
        }
    }

    // Two connections to one listener: one to be closed, with a receive waiting at each end, and a bystander.
    public sealed class Scene : IDisposable
    {
        const int PatienceMs = 5000;
        readonly Socket listener;
        readonly Socket[] ends, bystander; // ours, and the peer's
        readonly IAsyncResult[] waiting;
        public readonly Connection Connection;

        public Scene(bool ipv6)
        {
            IPAddress address = ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

            listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, 0));
            listener.Listen(5);
            ends = Connect();
            bystander = Connect();
            Connection = new Connection(ends[0].LocalEndPoint, ends[0].RemoteEndPoint);
            waiting = Array.ConvertAll(ends, delegate(Socket end) {
                return end.BeginReceive(new byte[1], 0, 1, SocketFlags.None, null, null);
            });
        }

        Socket[] Connect()
        {
            Socket own = new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

            own.Connect(listener.LocalEndPoint);
            return new[] { own, listener.Accept() };
        }

        static bool Passes(Socket[] pair)
        {
            pair[1].ReceiveTimeout = PatienceMs;
            try {
                return pair[0].Send(new byte[1]) == 1 && pair[1].Receive(new byte[1]) == 1;
            } catch (SocketException) {
                return false;
            }
        }

        // What became of the receive at one end.
        string Saw(int end)
        {
            SocketError error;
            int bytes;

            if (!waiting[end].AsyncWaitHandle.WaitOne(PatienceMs)) {
                return "nothing";
            }
            bytes = ends[end].EndReceive(waiting[end], out error);
            return error != SocketError.Success ? ((int)error).ToString() : bytes == 0 ? "its end" : "data";
        }

        public string Seen() // once
        {
            return "this end saw " + Saw(0) + ", the peer " + Saw(1);
        }

        public bool Lives() // once, and instead
        {
            try {
                return ends[0].Send(new byte[1]) == 1 && Saw(1) == "data";
            } catch (SocketException) {
                return false;
            }
        }

        public bool BystanderLives()
        {
            return Passes(bystander);
        }

        public bool Listens()
        {
            Socket[] pair = null;

            try {
                pair = Connect();
                return Passes(pair);
            } catch (SocketException) {
                return false;
            } finally {
                Close(pair);
            }
        }

        static void Close(Socket[] pair)
        {
            foreach (Socket end in pair ?? new Socket[0]) {
                end.Close();
            }
        }

        public void Dispose()
        {
            Close(ends);
            Close(bystander);
            listener.Close();
        }
    }

    public sealed class Dll : IDisposable
    {
        [UnmanagedFunctionPointer(CallingConvention.Winapi, SetLastError = true)]
        delegate uint RowFunction(byte[] row);
        [UnmanagedFunctionPointer(CallingConvention.Winapi)]
        delegate uint VersionFunction();
        [UnmanagedFunctionPointer(CallingConvention.Winapi)]
        delegate uint TableFunction(byte[] table, ref uint bytes, int ordered);

        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, EntryPoint = "LoadLibraryW")]
        static extern IntPtr LoadLibrary(string path);
        [DllImport("kernel32")]
        static extern int FreeLibrary(IntPtr module);
        [DllImport("kernel32", CharSet = CharSet.Ansi, BestFitMapping = false)]
        static extern IntPtr GetProcAddress(IntPtr module, string name);

        readonly IntPtr module;

        public Dll(string path)
        {
            module = LoadLibrary(path);
            if (module == IntPtr.Zero) {
                throw new Exception(path + " cannot be loaded: error " + Marshal.GetLastWin32Error());
            }
        }

        public bool Has(string name)
        {
            return GetProcAddress(module, name) != IntPtr.Zero;
        }

        T Function<T>(string name)
        {
            return (T)(object)Marshal.GetDelegateForFunctionPointer(GetProcAddress(module, name), typeof(T));
        }

        public Answer Set(bool ipv6, byte[] row)
        {
            uint code = Function<RowFunction>(ipv6 ? "SetTcp6Entry" : "SetTcpEntry")(row);

            return new Answer(code, (uint)Marshal.GetLastWin32Error());
        }

        public string Version()
        {
            uint version = Function<VersionFunction>("SetTcpEntryVersion")();

            return (version >> 16) + "." + (version >> 8 & 0xFF) + "." + (version & 0xFF);
        }

        // Whether GetTcpTable has this row.
        public bool Lists(byte[] row)
        {
            TableFunction get = Function<TableFunction>("GetTcpTable");
            byte[] table = new byte[4];
            uint bytes = 4, code;

            while ((code = get(table, ref bytes, 1)) == 122) { // ERROR_INSUFFICIENT_BUFFER
                bytes += 1024;                                 // for those that come meanwhile
                table = new byte[bytes];
            }
            if (code != 0) {
                throw new Exception("GetTcpTable returned " + code);
            }
            return BitConverter.ToString(table).Contains(BitConverter.ToString(row));
        }

        public void Dispose()
        {
            FreeLibrary(module);
        }
    }

    // A program that was run: its exit status, and what it wrote.
    public sealed class Ran
    {
        const int PatienceMs = 300000;
        public readonly int Status = -1;
        readonly StringBuilder text = new StringBuilder();

        public Ran(string program, params string[] arguments)
        {
            ProcessStartInfo start = new ProcessStartInfo(program);

            start.Arguments = string.Join(" ", Array.ConvertAll(arguments, delegate(string a) {
                return "\"" + a + "\"";
            }));
            start.WorkingDirectory = Path.GetDirectoryName(program);
            start.UseShellExecute = false;
            start.CreateNoWindow = true;
            start.RedirectStandardOutput = start.RedirectStandardError = true;
            start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
            using (Process process = new Process()) {
                process.StartInfo = start;
                process.OutputDataReceived += Add;
                process.ErrorDataReceived += Add;
                try {
                    process.Start();
                } catch (System.ComponentModel.Win32Exception e) {
                    throw new Exception(Path.GetFileName(program) + " cannot be started: error " + e.NativeErrorCode);
                }
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                if (!process.WaitForExit(PatienceMs)) {
                    process.Kill();
                    throw new Exception(Path.GetFileName(program) + " does not end");
                }
                process.WaitForExit(); // until all that it wrote is here
                Status = process.ExitCode;
            }
        }

        void Add(object sender, DataReceivedEventArgs line)
        {
            lock (text) {
                if (line.Data != null) {
                    text.Append(line.Data.TrimEnd('\r')).Append('\n');
                }
            }
        }

        public string Text { get { return text.ToString().TrimEnd(); } }

        public override string ToString()
        {
            return "exit status " + (Status < 0 ? "0x" + Status.ToString("X") : Status.ToString()) + "\n" + Text;
        }
    }

    public sealed class Skipped : Exception
    {
        public Skipped(string why) : base(why) { }
    }

    public sealed class Report : IDisposable
    {
        readonly TextWriter file;
        readonly string[] hidden; // paths that are nobody's business, each followed by what stands for it
        int passed, skipped;
        public int Failed;

        public Report(string path, params string[] hidden)
        {
            file = new StreamWriter(path, false, new UTF8Encoding(false));
            this.hidden = hidden;
        }

        public void Line(string text)
        {
            for (int i = 0; i < hidden.Length; i += 2) {
                text = hidden[i] == "" ? text
                    : Regex.Replace(text, Regex.Escape(hidden[i]), hidden[i + 1], RegexOptions.IgnoreCase);
            }
            text = text.Replace("\n", Environment.NewLine + "        ");
            Console.WriteLine(text);
            file.WriteLine(text);
            file.Flush();
        }

        public void Check(string name, Action check)
        {
            try {
                check();
                passed++;
                Line("ok      " + name);
            } catch (Skipped why) {
                skipped++;
                Line("skipped " + name + ": " + why.Message);
            } catch (Exception wrong) {
                Failed++;
                Line("FAILED  " + name + ": " + wrong.Message);
            }
        }

        // What is of interest, whatever it is.
        public void Note(string name, Func<string> find)
        {
            try {
                Line("note    " + name + ": " + find());
            } catch (Exception why) {
                Line("note    " + name + ": cannot be found out: " + why.Message);
            }
        }

        public void Dispose()
        {
            Line(passed + " passed, " + Failed + " failed, " + skipped + " skipped");
            file.Dispose();
        }
    }

    public sealed class Checks
    {
        const uint Established = 5, DeleteTcb = 12;
        static readonly string[] architectures = { "x86", "amd64", "arm64" };
        static readonly string[] machines = { "14C", "8664", "AA64" }; // in the headers of their programs
        static readonly string[] files = { "iphlp.dll", "iphlpapi.dll", "settcpentry.exe", "tcpdrop.exe" };
        static readonly string[] exports = { "SetTcpEntry", "SetTcp6Entry", "SetTcpEntryVersion" };

        // What the script has found out.
        public string Package, Work, Tests;
        public string Machine, Own;             // architectures: of this Windows, and of this process
        public bool IsElevated, IsAdministrator; // he may be one without being elevated
        public int Build;
        public Report Report;
        string version;

        public void Run()
        {
            SetErrorMode(0x8003); // no windows that somebody has to close
            version = FindVersion();
            Report.Line("settcpentry " + version);
            Environment.SetEnvironmentVariable("SETTCPENTRY_TRACE", Path.Combine(Work, "trace.txt"));
            CheckSystems();
            foreach (string dll in new[] { "iphlp.dll", "iphlpapi.dll" }) {
                CheckDll(dll);
            }
            foreach (string architecture in architectures) {
                CheckArchitecture(architecture);
            }
            Environment.SetEnvironmentVariable("SETTCPENTRY_TRACE", null);
            Report.Note("what the DLLs traced", delegate {
                return "\n" + File.ReadAllText(Path.Combine(Work, "trace.txt")).Replace("\r", "").TrimEnd();
            });
            if (Tests != "") {
                RunTests();
            }
        }

        [DllImport("kernel32")]
        static extern uint SetErrorMode(uint mode);

        // ---- what is expected ----

        string FindVersion()
        {
            string header = File.ReadAllText(Path.Combine(Package, "include/settcpentry/settcpentry.h"));
            MatchCollection numbers = Regex.Matches(header, @"SETTCPENTRY_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)");

            return numbers[0].Groups[1] + "." + numbers[1].Groups[1] + "." + numbers[2].Groups[1];
        }

        Answer Refusal { get { return IsAdministrator ? new Answer(317, 740) : new Answer(5, 5); } }

        Answer NotFound(bool ipv6)
        {
            return IsElevated ? new Answer(ipv6 ? 1168U : 317U, 1168) : Refusal;
        }

        static Connection MadeUp(bool ipv6)
        {
            IPAddress address = ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

            return new Connection(new IPEndPoint(address, 1), new IPEndPoint(address, 2));
        }

        static void Expect(string what, object found, object wanted)
        {
            if (!found.Equals(wanted)) {
                throw new Exception(what + ": " + found + ", and not " + wanted);
            }
        }

        static void ExpectDone(Ran ran, int status, string words)
        {
            if (ran.Status != status || !ran.Text.Contains(words)) {
                throw new Exception("not " + status + " with \"" + words + "\": " + ran);
            }
        }

        // ---- closing, by whatever closes ----

        void CheckClosing(string name, Func<Connection, Answer> close)
        {
            foreach (bool ipv6 in new[] { false, true }) {
                string names = name + (ipv6 ? ", IPv6: " : ", IPv4: ");

                CheckIn(ipv6, names + "no such connection", delegate {
                    Expect("answer", close(MadeUp(ipv6)), NotFound(ipv6));
                });
                if (IsElevated) {
                    CheckIn(ipv6, names + "a live connection is closed", delegate { CloseLive(ipv6, close); });
                } else {
                    CheckIn(ipv6, names + "a live connection is left alone", delegate { LeaveAlone(ipv6, close); });
                }
            }
        }

        void CheckIn(bool ipv6, string name, Action check)
        {
            Report.Check(name, delegate {
                if (ipv6 && !Socket.OSSupportsIPv6) {
                    throw new Skipped("this Windows has no IPv6");
                }
                check();
            });
        }

        void CloseLive(bool ipv6, Func<Connection, Answer> close)
        {
            using (Scene scene = new Scene(ipv6)) {
                Expect("answer", close(scene.Connection), new Answer(0, 0));
                Expect("ends", scene.Seen(), "this end saw 10053, the peer 10054");
                Expect("the listener listens", scene.Listens(), true);
                Expect("another connection lives", scene.BystanderLives(), true);
                Expect("answer, the second time", close(scene.Connection), NotFound(ipv6));
            }
        }

        void LeaveAlone(bool ipv6, Func<Connection, Answer> close)
        {
            using (Scene scene = new Scene(ipv6)) {
                Expect("answer", close(scene.Connection), Refusal);
                Expect("it lives", scene.Lives(), true);
            }
        }

        // ---- the system's own, to compare with; of NULL it dies ----

        void CheckSystems()
        {
            string path = Path.Combine(Environment.SystemDirectory, "iphlpapi.dll");

            Report.Note("the system's own SetTcpEntry, no such connection", delegate {
                using (Dll dll = new Dll(path)) {
                    return dll.Set(false, MadeUp(false).Row(DeleteTcb)).ToString();
                }
            });
            Report.Note("the system's own SetTcpEntry, a live connection", delegate {
                using (Dll dll = new Dll(path))
                using (Scene scene = new Scene(false)) {
                    Answer answer = dll.Set(false, scene.Connection.Row(DeleteTcb));

                    return answer + (answer.Code == 0 ? "; " + scene.Seen()
                        : scene.Lives() ? "; it lives" : "; it does not live");
                }
            });
        }

        // ---- the DLLs for this process ----

        string Ours(string architecture, string file)
        {
            return Path.Combine(Path.Combine(Path.Combine(Package, "bin"), architecture), file);
        }

        void CheckDll(string file)
        {
            string name = Own + " " + file;

            Report.Check(name + ": exports, version", delegate { CheckExports(Ours(Own, file)); });
            Report.Check(name + ": no row, or another state, is 87", delegate { CheckRows(Ours(Own, file)); });
            if (file == "iphlpapi.dll") {
                Report.Check(name + ": what is not ours is handed on", delegate { CheckPassThrough(Ours(Own, file)); });
            }
            CheckClosing(name, delegate(Connection connection) {
                using (Dll dll = new Dll(Ours(Own, file))) {
                    return dll.Set(connection.IsIPv6, connection.Row(DeleteTcb));
                }
            });
        }

        void CheckExports(string path)
        {
            using (Dll dll = new Dll(path)) {
                foreach (string export in exports) {
                    Expect("has " + export, dll.Has(export), true);
                }
                Expect("version", dll.Version(), version);
            }
        }

        static void CheckRows(string path)
        {
            using (Dll dll = new Dll(path))
            using (Scene scene = new Scene(false)) {
                foreach (bool ipv6 in new[] { false, true }) {
                    byte[] row = (ipv6 ? MadeUp(true) : scene.Connection).Row(Established);

                    Expect("NULL", dll.Set(ipv6, null), new Answer(87, 87));
                    Expect("another state", dll.Set(ipv6, row), new Answer(87, 87));
                }
                Expect("it lives", scene.Lives(), true);
            }
        }

        static void CheckPassThrough(string path)
        {
            using (Dll dll = new Dll(path))
            using (Dll systems = new Dll(Path.Combine(Environment.SystemDirectory, "iphlpapi.dll")))
            using (Scene scene = new Scene(false)) {
                byte[] row = scene.Connection.Row(Established);

                Expect("the system's is ours", systems.Has("SetTcpEntryVersion"), false);
                Expect("the system's GetTcpTable has a connection of ours", systems.Lists(row), true);
                Expect("ours has it, too", dll.Lists(row), true);
            }
        }

        // ---- the programs for each architecture ----

        string WhyNot(string architecture)
        {
            string wow64 = Path.Combine(Environment.GetEnvironmentVariable("SystemRoot") ?? "", "SysWOW64");

            if (architecture == Machine || (architecture == "x86" && Directory.Exists(wow64)) ||
                (architecture == "amd64" && Machine == "arm64" && Build >= 22000)) {
                return null;
            }
            return "this Windows runs no programs for " + architecture;
        }

        void CheckArchitecture(string architecture)
        {
            string why = WhyNot(architecture);

            Report.Check(architecture + ": the files are there", delegate { CheckFiles(architecture); });
            if (why != null) {
                Report.Check(architecture + " programs", delegate { throw new Skipped(why); });
                return;
            }
            foreach (string program in new[] { "tcpdrop", "settcpentry" }) {
                string words = program + " " + version + ", iphlp.dll " + version;
                string path = Ours(architecture, program + ".exe");

                Report.Check(architecture + " " + program + ".exe --version", delegate {
                    ExpectDone(new Ran(path, "--version"), 0, words);
                });
            }
            CheckClosing(architecture + " tcpdrop.exe", delegate(Connection connection) {
                return ByTcpdrop(Ours(architecture, "tcpdrop.exe"), connection);
            });
            Report.Check(architecture + " settcpentry.exe doctor", delegate { CheckDoctor(architecture); });
            Report.Check(architecture + " settcpentry.exe enable, status, doctor, disable", delegate {
                CheckEnable(architecture);
            });
        }

        void CheckFiles(string architecture)
        {
            foreach (string file in files) {
                byte[] bytes = File.ReadAllBytes(Ours(architecture, file));
                ushort machine = BitConverter.ToUInt16(bytes, BitConverter.ToInt32(bytes, 60) + 4);

                Expect(file + " is for", machine.ToString("X"), machines[Array.IndexOf(architectures, architecture)]);
            }
        }

        static Answer ByTcpdrop(string program, Connection connection)
        {
            Ran ran = new Ran(program, connection.Local.ToString(), connection.Remote.ToString());
            Match words = Regex.Match(ran.Text, @": (?:closed$|not closed: (\d+), LastError (\d+): )");
            Answer answer;

            if (!words.Success) {
                throw new Exception("tcpdrop says neither closed nor why not: " + ran);
            }
            answer = words.Groups[1].Success
                ? new Answer(uint.Parse(words.Groups[1].Value), uint.Parse(words.Groups[2].Value)) : new Answer(0, 0);
            Expect("exit status", ran.Status, answer.Code == 0 ? 0 : answer.LastError == 1168 ? 4
                : answer.LastError == 740 || answer.LastError == 5 ? 3 : 1);
            return answer;
        }

        void ExpectDoctor(Ran doctor)
        {
            if (IsElevated) {
                ExpectDone(doctor, 0, "A drop works here.");
            } else {
                ExpectDone(doctor, 1, "WRONG token: ");
            }
        }

        void CheckDoctor(string architecture)
        {
            Ran doctor = new Ran(Ours(architecture, "settcpentry.exe"), "doctor");

            Report.Line("note    " + architecture + " doctor: " + doctor);
            ExpectDoctor(doctor);
        }

        // How many programs are enabled; -1 where none ever was.
        static int Enabled()
        {
            using (RegistryKey ours = Registry.CurrentUser.OpenSubKey(@"Software\settcpentry"))
            using (RegistryKey enabled = ours == null ? null : ours.OpenSubKey("Enabled")) {
                return ours == null ? -1 : enabled == null ? 0 : enabled.SubKeyCount;
            }
        }

        void CheckEnable(string architecture)
        {
            string folder = Path.Combine(Work, "program for " + architecture);
            string program = Path.Combine(folder, "program.exe");
            string beside = Path.Combine(folder, "iphlpapi.dll");
            string settcpentry = Ours(architecture, "settcpentry.exe");
            int before = Enabled();

            Directory.CreateDirectory(folder);
            File.Copy(Ours(architecture, "tcpdrop.exe"), program);
            try {
                ExpectDone(new Ran(settcpentry, "enable", program), 0, "All is in force.");
                Expect("the DLL beside it", Convert.ToBase64String(File.ReadAllBytes(beside)),
                    Convert.ToBase64String(File.ReadAllBytes(Ours(architecture, "iphlpapi.dll"))));
                ExpectDone(new Ran(settcpentry, "status", program), 0, "ours reaches it");
                ExpectDoctor(new Ran(settcpentry, "doctor", program));
            } catch (Exception) {
                new Ran(settcpentry, "disable", program);
                throw;
            }
            ExpectDone(new Ran(settcpentry, "disable", program), 0, "Disabled.");
            Expect("the DLL is there", File.Exists(beside), false);
            Expect("enabled programs in the registry", Enabled(), before);
        }

        // ---- test programs: a line NAME|PROGRAM|ARGUMENT... for each, which are files in the folder NAME ----

        void RunTests()
        {
            foreach (string architecture in architectures) {
                string folder = Path.Combine(Tests, architecture);
                string why = IsElevated ? WhyNot(architecture) : "they are for administrators";
                string[] lines = new string[0];

                Report.Check(architecture + " test programs", delegate {
                    if (why != null) {
                        throw new Skipped(why);
                    }
                    lines = File.ReadAllLines(Path.Combine(folder, "tests.txt"));
                    Expect("there are none", lines.Length == 0, false);
                });
                foreach (string line in lines) {
                    string[] names = line.Split('|');

                    Report.Check(architecture + " " + names[0], delegate {
                        RunTest(Path.Combine(folder, names[0]), names);
                    });
                }
            }
        }

        static void RunTest(string folder, string[] names)
        {
            string[] arguments = new string[names.Length - 2];
            Ran ran;

            for (int i = 0; i < arguments.Length; i++) {
                arguments[i] = Path.Combine(folder, names[i + 2]);
            }
            ran = new Ran(Path.Combine(folder, names[1]), arguments);
            if (ran.Status == 77) {
                throw new Skipped(ran.Text);
            }
            Expect("exit status", ran.Status == 0 ? "0" : ran.ToString(), "0");
        }
    }
}
'@

$work = Join-Path ([IO.Path]::GetTempPath()) ('settcpentry-' + [Guid]::NewGuid().ToString('N'))
$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Report)
$system = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$environment = Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
$principal = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
$out = $null
$failed = 1
New-Item -ItemType Directory $work | Out-Null
try {
  Add-Type -TypeDefinition $checks -IgnoreWarnings
  $run = New-Object OnWindows.Checks
  $run.Work = $work
  $run.Machine = $environment.PROCESSOR_ARCHITECTURE.ToLowerInvariant()
  $run.Own = $env:PROCESSOR_ARCHITECTURE.ToLowerInvariant()
  $run.Build = [Environment]::OSVersion.Version.Build
  $run.IsElevated = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
  # Windows lists the administrators' group also where it counts for refusals alone.
  $run.IsAdministrator = [bool](& "$env:SystemRoot\System32\whoami.exe" /groups | Select-String 'S-1-5-32-544\b')
  $run.Tests = ''
  if ($Tests) { $run.Tests = (Resolve-Path -LiteralPath $Tests).ProviderPath }

  if (-not $Package) { $Package = $PSScriptRoot }
  $run.Package = (Resolve-Path -LiteralPath $Package).ProviderPath
  $hash = 'a folder'
  if (Test-Path -LiteralPath $run.Package -PathType Leaf) {
    $hash = 'SHA256 ' + (Get-FileHash -LiteralPath $run.Package -Algorithm SHA256).Hash.ToLowerInvariant()
    Expand-Archive -LiteralPath $run.Package -DestinationPath (Join-Path $work 'package')
    $run.Package = @(Get-ChildItem -LiteralPath (Join-Path $work 'package') -Directory)[0].FullName
  }

  $out = New-Object OnWindows.Report ($file, [string[]]($work, '(work)', $env:USERPROFILE, '(home)'))
  $run.Report = $out
  $out.Line('Report of tests/on-windows.ps1, ' + [DateTime]::UtcNow.ToString('yyyy-MM-dd HH:mm') + ' UTC')
  $out.Line("$($system.ProductName), $([Environment]::OSVersion.Version), update $($system.UBR), $($run.Machine)")
  $out.Line("PowerShell $($PSVersionTable.PSVersion), $($run.Own)")
  $out.Line("elevated: $($run.IsElevated), administrator: $($run.IsAdministrator)")
  $out.Line("package: $hash")
  $run.Run()
  $failed = $out.Failed
} finally {
  if ($out) { $out.Dispose() }
  Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction Continue
}
Write-Host "To be sent in: $file"
exit [int]($failed -gt 0)

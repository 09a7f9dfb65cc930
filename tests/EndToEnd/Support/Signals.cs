using System.Runtime.InteropServices;

namespace VmCluster.EndToEnd.Support;

/// <summary>Signals to processes that a test started.</summary>
public static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;

    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int pid, int signal);
}

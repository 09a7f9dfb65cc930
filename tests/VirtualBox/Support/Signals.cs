using System.Runtime.InteropServices;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>Signals to processes that a test started.</summary>
internal static partial class Signals
{
    public const int Kill = 9;

    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int pid, int signal);
}

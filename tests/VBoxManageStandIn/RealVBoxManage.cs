using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VmCluster.VBoxManageStandIn;

/// <summary>The program that is stood in for.</summary>
internal static partial class RealVBoxManage
{
    private static readonly string Program = Environment.GetEnvironmentVariable("VMCLUSTER_REAL_VBOXMANAGE")!;

    /// <summary>Runs it to the end; its errors go where ours do.</summary>
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Becomes it, so that signals and pipes are its own from here on.</summary>
    public static int Become(string[] arguments)
    {
        _ = Execute(Program, [Program, .. arguments, null]);
        throw new InvalidOperationException($"'{Program}' cannot be run: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Execute(string path, string?[] arguments);
}

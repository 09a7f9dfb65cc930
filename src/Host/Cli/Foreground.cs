using System.Diagnostics;
using System.Runtime.InteropServices;
using VmCluster.Activities.Processes;

namespace VmCluster.Host.Cli;

/// <summary>Hands terminal, input and output over to a program.</summary>
internal static partial class Foreground
{
    /// <summary>
    /// Becomes the program where the system can do that, so that signals, job control and exit code are its own;
    /// elsewhere waits for it and returns its exit code.
    /// </summary>
    /// <exception cref="CommandNotFoundException">There is no such program.</exception>
    public static int Run(string program, IReadOnlyList<string> arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            Execute(program, [program, .. arguments, null]);
            throw new CommandNotFoundException(program, Programs.Remedy(program));
        }

        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "execvp", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Execute(string file, string?[] arguments);
}

using System.Text.RegularExpressions;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>Finds out whether QEMU can be used on this computer.</summary>
internal static partial class QemuCheck
{
    private const string KvmDevice = "/dev/kvm";

    private static readonly Version Oldest = new(6, 0);

    public static async Task<IReadOnlyList<HypervisorProblem>> RunAsync(ICommandRunner runner, Action openRunFolder, CancellationToken cancellationToken)
    {
        var problems = new List<HypervisorProblem>();
        foreach (var program in new[] { QemuCommandLine.Program, "qemu-img" })
        {
            if (Programs.Find(program) is null)
                problems.Add(new HypervisorProblem($"'{program}' is not installed.", Programs.Remedy(program)));
        }

        if (problems.Count == 0)
            await CheckVersionAsync(runner, problems, cancellationToken);
        if (!HasKvm())
        {
            problems.Add(new HypervisorProblem(
                $"There is no hardware acceleration ({KvmDevice} cannot be opened): nodes take half a minute to boot instead of seconds.",
                $"Switch virtualization on in the computer's firmware, or join the group that may open {KvmDevice} ('usermod -aG kvm USER').",
                IsFatal: false));
        }

        try
        {
            openRunFolder();
        }
        catch (RunFolderException e)
        {
            problems.Add(new HypervisorProblem(e.Message, e.Remedy));
        }

        return problems;
    }

    public static bool HasKvm()
    {
        try
        {
            using var device = File.Open(KvmDevice, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task CheckVersionAsync(ICommandRunner runner, List<HypervisorProblem> problems, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new Command(QemuCommandLine.Program, "--version"), cancellationToken);
        var version = VersionPattern().Match(result.Output) is { Success: true } match ? Version.Parse(match.Groups["version"].Value) : null;
        if (version is null || version < Oldest)
            problems.Add(new HypervisorProblem($"QEMU is version {version?.ToString() ?? "unknown"}, and {Oldest} or newer is needed.", "Install a newer QEMU."));
    }

    [GeneratedRegex(@"version (?<version>\d+\.\d+(\.\d+)?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}

using System.Text.RegularExpressions;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>Finds out whether QEMU can be used on this computer.</summary>
internal static partial class QemuCheck
{
    private static readonly Version Oldest = new(6, 0);

    public static async Task<IReadOnlyList<HypervisorProblem>> RunAsync(ICommandRunner runner, Lazy<RunFolder> runFolder, KvmCheck kvm, CancellationToken cancellationToken)
    {
        var problems = new List<HypervisorProblem>();
        foreach (var program in new[] { QemuCommandLine.Program, "qemu-img" })
        {
            if (Programs.Find(program) is null)
                problems.Add(new HypervisorProblem($"'{program}' is not installed.", Programs.Remedy(program)));
        }

        try
        {
            _ = runFolder.Value;
        }
        catch (RunFolderException e)
        {
            problems.Add(new HypervisorProblem(e.Message, e.Remedy));
        }

        if (problems.Count > 0)
            return problems;
        await CheckVersionAsync(runner, problems, cancellationToken);
        if (await kvm.FindProblemAsync(cancellationToken) is { } slow)
            problems.Add(slow);
        return problems;
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

using System.Globalization;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Images;
using VmCluster.Activities.Processes;

namespace VmCluster.Host.Cli;

internal static class DoctorCommand
{
    private const string DefaultImage = "debian-12";
    private const double GiB = 1L << 30;

    public static System.CommandLine.Command Create(Session session)
    {
        var command = new CliCommand("doctor", "Looks whether clusters can be built here, and says how to get what is missing.", "vmcluster doctor");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var findings = await LookAsync(session, cancellationToken);
            if (parsed.GetValue(session.Json))
                session.WriteJson(findings);
            else
                Write(session, findings);
            return findings.Any(finding => finding.Verdict is Verdict.Missing) ? ExitCode.PreflightRefused : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<List<Finding>> LookAsync(Session session, CancellationToken cancellationToken)
    {
        List<Finding> findings = [.. Programs.All.Select(program => Programs.Find(program.Name) is { } path
            ? new Finding(Verdict.Ok, program.Name, $"{program.Purpose}: {path}", null)
            : new Finding(Verdict.Missing, program.Name, program.Purpose, Programs.Remedy(program.Name)))];
        findings.AddRange(await HypervisorsAsync(session, cancellationToken));
        var images = session.Service<ImageCatalog>();
        foreach (var image in images.Entries)
        {
            var problems = await images.CheckAsync(image.Name, cancellationToken);
            findings.AddRange(Findings(image.Name, image.IsCached ? "is here" : "is made or fetched when first used", image.Name == DefaultImage ? problems : [.. problems.Select(problem => problem with { IsFatal = false })]));
        }

        var root = session.Outside.Folder.Root;
        var free = new DriveInfo(Directory.Exists(root) ? root : Path.GetPathRoot(root)!).AvailableFreeSpace;
        findings.Add(new Finding(Verdict.Ok, "data folder", string.Create(CultureInfo.InvariantCulture, $"{root}, {free / GiB:0} GiB free"), null));
        return findings;
    }

    /// <summary>One hypervisor is enough: what the others lack is only noted then.</summary>
    private static async Task<IEnumerable<Finding>> HypervisorsAsync(Session session, CancellationToken cancellationToken)
    {
        var looked = new List<(string Name, IReadOnlyList<HypervisorProblem> Problems)>();
        foreach (var hypervisor in session.Services<IHypervisor>())
            looked.Add((hypervisor.Name, await hypervisor.CheckAsync(cancellationToken)));
        var isOneUsable = looked.Exists(one => !one.Problems.Any(problem => problem.IsFatal));
        return looked.SelectMany(one => Findings(one.Name, "can run virtual machines", isOneUsable ? [.. one.Problems.Select(problem => problem with { IsFatal = false })] : one.Problems));
    }

    private static IEnumerable<Finding> Findings(string subject, string allRight, IReadOnlyList<HypervisorProblem> problems) => problems.Count == 0
        ? [new Finding(Verdict.Ok, subject, allRight, null)]
        : problems.Select(problem => new Finding(problem.IsFatal ? Verdict.Missing : Verdict.Note, subject, problem.What.TrimEnd('.'), problem.Remedy));

    private static void Write(Session session, List<Finding> findings)
    {
        var width = findings.Max(finding => finding.Subject.Length);
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch
            {
                Verdict.Ok => session.OutStyle.Green("ok     "),
                Verdict.Note => session.OutStyle.Yellow("note   "),
                _ => session.OutStyle.Red("missing"),
            };
            session.Outside.Out.WriteLine($"{mark}  {finding.Subject.PadRight(width)}  {finding.What}{(finding.Remedy is { } remedy ? $". {remedy}" : "")}");
        }
    }

    private enum Verdict
    {
        Ok,
        Note,
        Missing,
    }

    private sealed record Finding(Verdict Verdict, string Subject, string What, string? Remedy);
}

using VmCluster.Activities;
using VmCluster.Activities.Processes;
using VmCluster.Host.Cli;
using VmCluster.Workflows;

namespace VmCluster.Host.Tests;

/// <summary>What is written beside the code says what the code does.</summary>
public sealed class DocumentationTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_error_that_a_user_can_see_is_explained()
    {
        var explained = File.ReadAllText(Path.Combine(Root, "docs", "failures.md"));
        var errors = new[] { typeof(WorkflowException), typeof(DataFolder), typeof(CommandLine) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(WorkflowException)) && !type.IsAbstract)
            .Select(type => $"`{type.Name}`");
        Assert.All(errors, name => Assert.Contains(name, explained, StringComparison.Ordinal));
    }

    [Fact]
    public void The_launcher_installs_every_program_that_is_called()
    {
        var script = File.ReadAllText(Path.Combine(Root, "scripts", "setup.sh"));
        Assert.All(Programs.All, program => Assert.Contains($"{program.Name}={program.DebianPackage}", script, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_has_the_exit_codes_of_the_help()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        foreach (var line in ExitCode.Legend.Split('\n').Skip(1))
        {
            var code = line.Trim().Split(' ')[0];
            Assert.Contains($"| {code} | {line.Trim()[code.Length..].Trim()}", readme, StringComparison.Ordinal);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VmCluster.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}

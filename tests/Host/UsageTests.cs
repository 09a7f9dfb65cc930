using VmCluster.Host.Cli;

namespace VmCluster.Host.Tests;

/// <summary>What a user gets who types something wrong: exit code, what is wrong, what to do.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly InProcessCli cli = new();

    [Theory]
    [InlineData("'frob' is not known here", "frob")]
    [InlineData("--nodes takes a whole number, not 'three'", "up", "--nodes", "three")]
    [InlineData("'--size' is not known here", "up", "--size", "3")]
    [InlineData("vmcluster status --help", "status")]
    [InlineData("There is no command to run", "exec", "demo")]
    [InlineData("'Name' is no input", "run", "workflow.json", "--input", "Name")]
    [InlineData("The payload is no JSON", "event", "run", "name", "--payload", "{")]
    public async Task A_command_line_that_cannot_be_understood_exits_with_2_and_says_what_is_wrong(string message, params string[] arguments)
    {
        var result = (await cli.RunAsync(arguments)).Expect(2);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task The_help_lists_the_commands_and_the_exit_codes()
    {
        var help = (await cli.RunAsync("--help")).Expect(0).Output;
        Assert.All(["up", "list", "status", "ssh", "ssh-config", "exec", "add-node", "run", "event", "runs", "history", "pause", "resume", "retry", "skip", "migrate", "cancel", "destroy", "doctor"],
            name => Assert.Contains($"\n  {name}", help, StringComparison.Ordinal));
        Assert.Contains("6    the run met an incident", help, StringComparison.Ordinal);
        Assert.Equal(help, (await cli.RunAsync()).Expect(0).Output);
    }

    [Fact]
    public async Task The_help_of_every_command_has_examples()
    {
        foreach (var command in await CommandsAsync())
        {
            var help = (await cli.RunAsync(command, "--help")).Expect(0).Output;
            Assert.Contains($"Examples:{Environment.NewLine}  ", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_version_is_one_line()
        => Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", (await cli.RunAsync("--version")).Expect(0).Output);

    [Theory]
    [InlineData("status", "nowhere")]
    [InlineData("ssh", "nowhere")]
    [InlineData("ssh-config", "nowhere")]
    [InlineData("exec", "nowhere", "--", "true")]
    [InlineData("add-node", "nowhere")]
    [InlineData("destroy", "nowhere", "--yes")]
    public async Task An_unknown_cluster_exits_with_3_and_says_how_to_see_the_known_ones(params string[] arguments)
    {
        var result = (await cli.RunAsync(arguments)).Expect(3);
        Assert.Contains("There is no cluster 'nowhere'. 'vmcluster list' shows", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history", "nothing")]
    [InlineData("resume", "nothing")]
    [InlineData("pause", "nothing")]
    [InlineData("retry", "nothing")]
    [InlineData("skip", "nothing")]
    [InlineData("migrate", "nothing")]
    [InlineData("cancel", "nothing")]
    [InlineData("event", "nothing", "name")]
    public async Task An_unknown_run_exits_with_3(params string[] arguments)
        => Assert.Contains("There is no run 'nothing'", (await cli.RunAsync(arguments)).Expect(3).Error, StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_workflow_exits_with_3_and_names_the_shipped_ones()
        => Assert.Contains("build-cluster", (await cli.RunAsync("run", "no-such-workflow")).Expect(3).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_no_workflow_is_refused()
    {
        var file = Path.Combine(cli.Home.Root, "bad.json");
        await File.WriteAllTextAsync(file, "no json");
        Assert.StartsWith("error: ", (await cli.RunAsync("run", file)).Expect(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("runs")]
    public async Task On_a_fresh_computer_lists_are_empty(string command)
    {
        Assert.Equal("[]", (await cli.RunAsync(command, "--json")).Expect(0).Output.Trim());
        var result = (await cli.RunAsync(command)).Expect(0);
        Assert.Empty(result.Output);
        Assert.StartsWith("There are no ", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => cli.Dispose();

    private async Task<IEnumerable<string>> CommandsAsync()
    {
        await using var session = new Session(new Surroundings { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null, Folder = cli.Home.Folder, Workflows = "" }, []);
        return [.. CommandLine.Create(session).Subcommands.Select(command => command.Name)];
    }
}

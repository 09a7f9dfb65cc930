using VmCluster.Activities.Processes;
using VmCluster.Activities.Ssh;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Ssh;

public sealed class SshClientTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_script_reaches_the_remote_shell_as_it_was_written()
    {
        const string script = "echo \"it's $HOME\"; for x in a b; do echo $x; done";
        var commands = new ScriptedCommands(_ => (0, "", ""));
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        await new SshClient(commands, new CommandJournal()).RunAsync(cluster, cluster.Nodes[0], script, null, CancellationToken.None);

        // What sshd does: it hands the words, joined by blanks, to the user's shell.
        var remote = string.Join(' ', commands.Commands.Single().Arguments.SkipWhile(argument => argument != "--").Skip(1));
        var here = await new CommandRunner(TimeProvider.System).RunCheckedAsync(
            new Command("sh", "-c", remote) { Environment = new Dictionary<string, string> { ["HOME"] = "/home/it" } }, CancellationToken.None);
        Assert.Equal("it's /home/it\na\nb\n", here.Output);
    }

    [Theory]
    [InlineData(1, "Correct the cause")]
    [InlineData(255, "vmcluster status demo")]
    public async Task A_failure_names_the_node_the_exit_code_and_the_way_on(int exitCode, string remedy)
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        var ssh = new SshClient(new ScriptedCommands(_ => (exitCode, "first\n", "last words\n")), new CommandJournal());

        var error = await Assert.ThrowsAsync<NodeCommandException>(() => ssh.RunCheckedAsync(cluster, cluster.Nodes[1], "the work", "false", null, CancellationToken.None));

        Assert.All(["'node1'", "the work", $"exit code {exitCode}", "last words", remedy], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_command_has_a_time_limit()
    {
        var commands = new ScriptedCommands(_ => (0, "", ""));
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        var ssh = new SshClient(commands, new CommandJournal());
        await ssh.RunAsync(cluster, cluster.Nodes[0], "true", TimeSpan.FromSeconds(7), CancellationToken.None);
        await ssh.CopyAsync(cluster, cluster.Nodes[0], "/etc/hostname", "/tmp/x", "0644", CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(7), commands.Commands[0].Timeout);
        Assert.All(commands.Commands, command => Assert.InRange(command.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)));
    }
}

using System.Diagnostics;
using System.Globalization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Tests.Processes;

public sealed class CommandRunnerTests : IDisposable
{
    private readonly CommandRunner _runner = new(TimeProvider.System);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_command_gets_its_arguments_exactly_as_they_were_given()
    {
        string[] arguments = ["two words", "", "$HOME", "it's", "a\"b", @"c\d", "*", "new\nline", "--x=ü"];

        var result = await RunAsync(Bash("printf '%s|' \"$@\"", ["bash", .. arguments]));

        Assert.Equal(string.Join('|', arguments) + "|", result.Output);
    }

    [Fact]
    public async Task A_command_returns_exit_code_output_and_errors()
    {
        var result = await RunAsync(Bash("echo out; echo err >&2; exit 3"));

        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
        Assert.True(result.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_command_reads_the_given_text_and_then_the_end_of_its_input()
    {
        var result = await RunAsync(new Command("cat") { StandardInput = "grüße\n" });

        Assert.Equal("grüße\n", result.Output);
    }

    [Fact]
    public async Task A_command_without_input_does_not_read_ours() =>
        Assert.Equal("", (await RunAsync(new Command("cat"))).Output);

    [Fact]
    public async Task A_command_speaks_the_language_that_we_can_read_and_has_the_environment_that_was_asked_for()
    {
        var command = Bash("echo $LC_ALL $COLOUR $PWD") with
        {
            Environment = new Dictionary<string, string> { ["COLOUR"] = "blue" },
            WorkingDirectory = _folder.Path,
        };

        Assert.Equal($"C blue {_folder.Path}\n", (await RunAsync(command)).Output);
    }

    [Fact]
    public async Task Lines_are_handed_on_as_they_come_from_output_and_errors()
    {
        var lines = new List<string>();

        await RunAsync(Bash("echo one; echo two >&2; printf three") with { OnOutputLine = lines.Add });

        Assert.Equal(["one", "three", "two"], lines.Order());
    }

    [Fact]
    public async Task Of_very_long_output_the_beginning_and_the_end_are_kept()
    {
        var result = await RunAsync(Bash("echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last"));

        Assert.StartsWith("first\nxxx", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("xxx\nlast\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("characters left out", result.Output, StringComparison.Ordinal);
        Assert.True(result.Output.Length < 1_000_000);
    }

    [Fact]
    public async Task Output_that_holds_a_secret_comes_nowhere_and_errors_do()
    {
        var lines = new List<string>();
        var result = await RunAsync(new Command("sh", "-c", "echo password = secret; echo oops >&2") { DiscardOutput = true, OnOutputLine = lines.Add });

        Assert.Equal(("", "oops\n"), (result.Output, result.Error));
        Assert.Equal(["oops"], lines);
    }

    [Fact]
    public async Task A_program_that_is_not_installed_is_reported_with_the_way_to_get_it()
    {
        var unknown = await Assert.ThrowsAsync<CommandNotFoundException>(() => RunAsync(new Command("no-such-program")));
        Assert.Contains("'no-such-program' is not installed", unknown.Message, StringComparison.Ordinal);

        var known = await Assert.ThrowsAsync<CommandNotFoundException>(() => RunAsync(new Command("/nowhere/qemu-img")));
        Assert.Contains("apt install qemu-utils", known.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_working_directory_that_is_missing_is_not_mistaken_for_a_missing_program()
    {
        var command = new Command("true") { WorkingDirectory = "/nowhere" };

        var error = await Assert.ThrowsAsync<CommandStartException>(() => RunAsync(command));

        Assert.Contains("'/nowhere' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_command_is_reported_with_its_exit_code_and_its_last_lines()
    {
        var command = Bash("for i in 1 2 3 4; do echo line $i >&2; done; exit 7");

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.RunCheckedAsync(command, CancellationToken.None));

        Assert.Contains("ended with exit code 7: line 2 | line 3 | line 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_interrupted_so_that_it_can_tidy_up()
    {
        var command = Bash("trap 'echo tidied; exit' INT; echo started; while true; do sleep 0.05; done") with
        {
            Timeout = TimeSpan.FromSeconds(5),
        };

        var error = await Assert.ThrowsAsync<CommandTimeoutException>(() => RunAsync(command));

        Assert.Contains("did not end within 5 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("started | tidied", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_ignores_the_interruption_is_killed_with_everything_it_started()
    {
        var pids = await CancelOnceRunningAsync("trap '' INT; sleep 1000 & echo $! $$ > pids; mv pids ready; while true; do sleep 0.05; done");

        Assert.All(pids, AssertGone);
    }

    [Fact]
    public async Task Children_of_a_command_that_ends_at_the_interruption_do_not_survive_it()
    {
        var pids = await CancelOnceRunningAsync("trap 'exit 1' INT; (trap '' INT; sleep 1000) & echo $! $$ > pids; mv pids ready; while true; do sleep 0.05; done");

        Assert.All(pids, AssertGone);
    }

    [Fact]
    public async Task A_command_is_not_started_when_it_is_cancelled_before()
    {
        var marker = _folder.File("marker");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.RunAsync(new Command("touch", marker), new CancellationToken(canceled: true)));

        Assert.False(File.Exists(marker));
    }

    [Fact]
    public async Task A_daemon_that_keeps_the_pipes_open_does_not_keep_us_waiting()
    {
        var started = Stopwatch.GetTimestamp();

        var result = await RunAsync(Bash("sleep 1000 & echo $!"));

        using var daemon = Process.GetProcessById(int.Parse(result.Output, CultureInfo.InvariantCulture));
        daemon.Kill();
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("qemu-img info /a/b.qcow2", "qemu-img", "info", "/a/b.qcow2")]
    [InlineData("ssh fe1 'echo it'\\''s $HOME'", "ssh", "fe1", "echo it's $HOME")]
    [InlineData("printf ''", "printf", "")]
    public void A_command_is_shown_as_a_person_would_type_it(string shown, string program, params string[] arguments) =>
        Assert.Equal(shown, new Command(program, arguments).ToString());

    private async Task<IEnumerable<int>> CancelOnceRunningAsync(string script)
    {
        using var cancellation = new CancellationTokenSource();
        using var ready = new FileSystemWatcher(_folder.Path);
        ready.Renamed += (_, _) => cancellation.Cancel();
        ready.EnableRaisingEvents = true;
        var command = Bash(script) with { WorkingDirectory = _folder.Path, Grace = TimeSpan.FromMilliseconds(300) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.RunAsync(command, cancellation.Token));

        var pids = await File.ReadAllTextAsync(_folder.File("ready"));
        return pids.Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture));
    }

    // A killed process may wait as a zombie for its new parent to notice.
    private static void AssertGone(int pid) => Assert.True(ProcStat.Read(pid) is null or { State: 'Z' }, $"process {pid} is still there");

    private Task<CommandResult> RunAsync(Command command) => _runner.RunAsync(command, CancellationToken.None);

    private static Command Bash(string script, params string[] arguments) => new("bash", ["-c", script, .. arguments]);
}

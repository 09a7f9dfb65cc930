using System.Globalization;
using System.Text.RegularExpressions;
using Polly;
using Polly.Retry;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Calls VBoxManage, reads its errors and waits for locks that others hold for a moment.</summary>
/// <param name="runner">Runs it.</param>
/// <param name="timeProvider">For pauses.</param>
/// <param name="locator">Finds it.</param>
/// <param name="gatePath">The lock under which calls that change VirtualBox's registry are made one after the other.</param>
internal sealed partial class VBoxManage(ICommandRunner runner, TimeProvider timeProvider, VBoxManageLocator locator, string gatePath)
{
    /// <summary>
    /// One call in a hundred, done with its work, stays ten seconds longer while it ends (a worker thread of its own misses
    /// the signal), and a busy computer needs several; less than 30 s is never enough.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>For calls that copy a disk.</summary>
    public static readonly TimeSpan CopyPatience = TimeSpan.FromHours(2);

    // An interrupted VBoxManage undoes its work. Killed, it would leave VBoxSVC copying in the background.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline untilFree = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<VirtualBoxException>(e => e.Fault == VirtualBoxFault.Busy),
            MaxRetryAttempts = 8,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(5),
            UseJitter = true,
        })
        .AddRetry(new RetryStrategyOptions
        {
            // The server ends 5 s after its last call. Until a call that is slow to end has gone, at most 30 s, it keeps its
            // place but lets nobody in, and a new server gives way to it. Nothing was begun, so the call can be repeated.
            ShouldHandle = new PredicateBuilder().Handle<VirtualBoxException>(e => e.Fault == VirtualBoxFault.ServerUnreachable),
            MaxRetryAttempts = 15,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = TimeSpan.FromSeconds(5),
            UseJitter = true,
        })
        .Build();

    // Version 7.2 bears the short ones side by side; of 7.1 it is reported that imports fail then (VirtualBox's issue 80).
    private static readonly string[] RegistryVerbs = ["createvm", "registervm", "unregistervm", "closemedium", "import"];

    private Version? version;

    /// <summary>The version as <c>major.minor.build</c>; asked for once.</summary>
    public async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        if (version is not null)
            return version;
        var output = await RunAsync(null, cancellationToken, "--version");

        // A Debian script may print a warning in front of it.
        var line = output.Split('\n').LastOrDefault(l => VersionPattern().IsMatch(l))
            ?? throw new VirtualBoxException(VirtualBoxFault.Environment, $"VBoxManage printed '{output.Trim()}' for its version");
        return version = Version.Parse(VersionPattern().Match(line).Value);
    }

    /// <summary>Runs a command about a VM, or about none; returns its standard output.</summary>
    /// <exception cref="VirtualBoxException">It failed, whatever the exit code.</exception>
    public Task<string> RunAsync(VmReference? vm, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
        => RunAsync(vm, Patience, arguments, discardOutput: false, cancellationToken);

    /// <summary>Runs a command whose standard output holds a secret, and throws that output away.</summary>
    public Task RunDiscardingOutputAsync(VmReference? vm, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
        => RunAsync(vm, Patience, arguments, discardOutput: true, cancellationToken);

    /// <summary>Runs a command that copies a disk.</summary>
    public Task<string> CopyAsync(VmReference? vm, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
        => RunAsync(vm, CopyPatience, arguments, discardOutput: false, cancellationToken);

    /// <summary>The VM; null where VirtualBox knows none of this UUID.</summary>
    /// <exception cref="VirtualBoxException">Also where its settings cannot be read (<see cref="VirtualBoxFault.Inaccessible"/>).</exception>
    public async Task<MachineInfo?> FindAsync(VmReference vm, CancellationToken cancellationToken)
    {
        try
        {
            return MachineInfo.Parse(await RunAsync(vm, cancellationToken, "showvminfo", vm.Key(), "--machinereadable"));
        }
        catch (VirtualBoxException e) when (e.Fault == VirtualBoxFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>All registered VMs by UUID, or the running ones; an unreadable one is called <c>&lt;inaccessible&gt;</c>.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> ListAsync(bool onlyRunning, CancellationToken cancellationToken)
    {
        var output = await RunAsync(null, cancellationToken, "list", onlyRunning ? "runningvms" : "vms");

        // Names are not escaped and may hold anything: the UUID is the last thing in braces.
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => VmLinePattern().Match(l)).Where(m => m.Success)
            .ToDictionary(m => Guid.Parse(m.Groups["id"].Value), m => m.Groups["name"].Value);
    }

    private async Task<string> RunAsync(VmReference? vm, TimeSpan timeout, IReadOnlyList<string> arguments, bool discardOutput, CancellationToken cancellationToken)
    {
        var command = ToCommand(timeout, arguments) with { DiscardOutput = discardOutput };
        return await untilFree.ExecuteAsync(async token =>
        {
            using var gate = RegistryVerbs.Contains(arguments[0]) ? await FileLock.AcquireAsync(gatePath, timeProvider, token) : null;
            var result = await runner.RunAsync(command, token);
            if (VBoxManageError.From(result.ExitCode, result.Output, result.Error) is not { } error)
                return result.Output;
            var node = vm is null ? "" : $"Node '{vm.Node}' of cluster '{vm.Cluster}': ";
            throw new VirtualBoxException(error.Fault, string.Create(CultureInfo.InvariantCulture, $"{node}'{command}' ended with exit code {result.ExitCode}: {error.Reason}"), code: error.Code);
        }, cancellationToken);
    }

    private Command ToCommand(TimeSpan timeout, IReadOnlyList<string> arguments)
    {
        var program = locator.Find() ?? throw new CommandNotFoundException("VBoxManage", Preflight.InstallRemedy);
        return new Command(program, arguments)
        {
            Timeout = timeout,
            Grace = Grace,

            // Without UTF-8 it refuses paths with other letters than ASCII, and cuts its lists off at the first such name.
            Environment = new Dictionary<string, string> { ["LC_ALL"] = OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8" },
        };
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^""(?<name>.*)"" \{(?<id>[0-9a-fA-F-]{36})\}\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VmLinePattern();
}

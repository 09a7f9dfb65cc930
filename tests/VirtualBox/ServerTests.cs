using System.Runtime.InteropServices;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>VirtualBox's own server ends five seconds after its last call, and cannot always be followed by a new one at once.</summary>
public sealed class ServerTests
{
    private const string Unreachable = "VBoxManage: error: Failed to create the VirtualBox object!\nVBoxManage: error: Code NS_ERROR_FAILURE (0x80004005) - Operation failed (extended info not available)\nVBoxManage: error: Most likely, the VirtualBox COM server is not running or failed to start.\n";
    private const string Damaged = "VBoxManage: error: Failed to create the VirtualBox object!\nVBoxManage: error: Document is empty.\nVBoxManage: error: Location: '/home/VirtualBox.xml', line 1 (0), column 1.\nVBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component VirtualBoxWrap, interface IVirtualBox\n";

    private readonly HurryingTime time = new();
    private readonly DateTimeOffset began;

    public ServerTests() => began = time.GetUtcNow();

    [Fact]
    public async Task A_call_that_the_ending_server_turns_away_is_made_again_until_a_new_one_is_there()
    {
        // It ends at most 30 s after it was told to.
        var runner = new ScriptedCommands(_ => time.GetUtcNow() - began < TimeSpan.FromSeconds(30) ? (1, "", Unreachable) : (0, "7.2.22\n", ""));

        Assert.Equal(new Version(7, 2, 22), await Manage(runner).VersionAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_lets_nobody_in_is_told_after_a_minute_with_what_to_do()
    {
        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => Manage(new ScriptedCommands(_ => (1, "", Unreachable))).VersionAsync(CancellationToken.None));

        Assert.Equal(VirtualBoxFault.ServerUnreachable, error.Fault);
        Assert.Contains("has let nobody in", error.Remedy, StringComparison.Ordinal);
        Assert.InRange(time.GetUtcNow() - began, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Settings_that_the_server_cannot_read_are_told_at_once()
    {
        var runner = new ScriptedCommands(_ => (1, "", Damaged));

        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => Manage(runner).VersionAsync(CancellationToken.None));

        Assert.Equal(VirtualBoxFault.Environment, error.Fault);
        Assert.Contains("Document is empty", error.Message, StringComparison.Ordinal);
        Assert.Single(runner.Commands);
    }

    private VBoxManage Manage(ScriptedCommands runner)
        => new(runner, time, new VBoxManageLocator(OSPlatform.Linux, _ => "/usr/lib/virtualbox", _ => true), gatePath: ""); // No call here changes the registry.
}

using VmCluster.Host.Tests.Api;
using static VmCluster.Host.Tests.Api.TestWorkflows;

namespace VmCluster.Host.Tests.Live;

/// <summary>A run that is watched while it moves.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_viewer_is_told_badges_then_journal_then_the_run_itself()
    {
        var run = await _api.RunAsync(Event("wait", "go"));
        await using var viewer = await HubClient.ConnectAsync(_api.Server);
        await viewer.ObserveAsync(run.Id);
        await _api.Runtime.PublishEventAsync("go", instanceId: run.Id);

        var messages = await viewer.ReadUntilAsync("WorkflowInstanceUpdatedAsync");
        Assert.Equal(["ActivityExecutionLogUpdatedAsync", "WorkflowExecutionLogUpdatedAsync", "WorkflowInstanceUpdatedAsync"], messages.Select(message => message.Target));
        Assert.Contains(messages[0].Argument["stats"]!.AsArray(), stat => (string)stat!["activityNodeId"]! == "Workflow1:all:wait");
        Assert.Equal(run.Id, (string)messages[2].Argument["workflowInstanceId"]!);
    }

    [Fact]
    public async Task A_viewer_of_one_run_is_not_told_of_another()
    {
        var watched = await _api.RunAsync(Event("wait", "go"));
        var other = await _api.RunAsync(Event("wait", "go"));
        await using var viewer = await HubClient.ConnectAsync(_api.Server);
        await viewer.ObserveAsync(watched.Id);
        await _api.Runtime.PublishEventAsync("go", instanceId: other.Id);
        await _api.Runtime.WaitUntilAtRestAsync(other.Id);
        await _api.Runtime.PublishEventAsync("go", instanceId: watched.Id);
        var messages = await viewer.ReadUntilAsync("WorkflowInstanceUpdatedAsync");
        Assert.Equal(watched.Id, (string)messages[^1].Argument["workflowInstanceId"]!);
    }

    [Fact]
    public async Task Studio_is_told_that_it_need_not_poll()
    {
        var features = (await _api.GetAsync("/features/installed"))["items"]!.AsArray();
        Assert.Contains(features, feature => (string)feature!["fullName"]! == "Elsa.RealTimeWorkflowUpdates");
    }
}

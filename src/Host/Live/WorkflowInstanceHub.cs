using Microsoft.AspNetCore.SignalR;

namespace VmCluster.Host.Live;

/// <summary>
/// The hub that Studio's viewer connects to. It asks for one run and is told of changes until it disconnects; who may
/// connect is decided before, as for every other request.
/// </summary>
internal sealed class WorkflowInstanceHub(Observers observers) : Hub
{
    public const string Path = "/elsa/hubs/workflow-instance";

    /// <summary>Called by Studio, by this name.</summary>
    public Task ObserveInstanceAsync(string instanceId)
    {
        observers.Add(Context.ConnectionId, instanceId);
        return Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        observers.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}

using System.Collections.Concurrent;

namespace VmCluster.Host.Live;

/// <summary>Which runs somebody is watching: for the others nothing needs to be gathered.</summary>
internal sealed class Observers
{
    private readonly ConcurrentDictionary<string, string> _instances = new();

    public void Add(string connectionId, string instanceId) => _instances[connectionId] = instanceId;

    public void Remove(string connectionId) => _instances.TryRemove(connectionId, out _);

    public bool IsObserved(string instanceId) => _instances.Values.Contains(instanceId);
}

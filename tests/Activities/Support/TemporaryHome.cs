using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Tests.Support;

/// <summary>A data folder of a test's own.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public DataFolder Folder { get; } = new(Directory.CreateTempSubdirectory("vmc").FullName);

    /// <summary>A ledger on a computer where nobody else uses a port, but for those that are given.</summary>
    public ClusterLedger Ledger(int seed = 1, params int[] taken) =>
        new(Folder, TimeProvider.System, new Random(seed), new LocalPorts(port => !taken.Contains(port), port => !taken.Contains(port)));

    public static ClusterPlan Plan(string name = "demo", string run = "run-1", int nodes = 3, string subnet = "192.168.56.0/24") =>
        new(name, run, nodes, "qemu", "debian-12", System.Net.IPNetwork.Parse(subnet), "vmcluster", 1, 512, 8);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder.Root, recursive: true);
    }
}

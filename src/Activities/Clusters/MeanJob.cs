using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Networking;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Clusters;

/// <summary>The job that is shipped: the mean of a data set that is split over all nodes by MPI, with a known result.</summary>
internal static class MeanJob
{
    /// <summary>The data are the squares of 1 to this number.</summary>
    private const int Count = 300_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Writes the program to the shared folder and runs it, one process per CPU of the cluster.</summary>
    public static string Script(ClusterRecord cluster)
    {
        using var stream = typeof(MeanJob).Assembly.GetManifestResourceStream("VmCluster.Activities.Clusters.mean.py")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var program = $"{GuestConfiguration.SharedFolder}/mean.py";
        return string.Create(CultureInfo.InvariantCulture, $"""
            printf %s {ShellQuoting.Quote(reader.ReadToEnd())} >{program}
            exec mpirun --hostfile {GuestFiles.MpiHosts} -np {cluster.Nodes.Count * cluster.Cpus} --mca btl self,tcp \
              --mca btl_tcp_if_include {cluster.Subnet} --mca oob_tcp_if_include {cluster.Subnet} python3 {program} {Count}
            """);
    }

    /// <summary>A line for people, once the output has been held against the closed form of the sum.</summary>
    /// <exception cref="JobFailedException">It is not the result that it must be.</exception>
    public static string Check(ClusterRecord cluster, string output)
    {
        var expected = new BigInteger(Count) * (Count + 1) * ((2 * Count) + 1) / 6;
        var result = Parse(cluster, output);
        var nodes = cluster.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal).ToList();
        if (result.Sum != expected.ToString(CultureInfo.InvariantCulture))
            throw new JobFailedException(cluster.Name, $"the sum is {result.Sum} and must be {expected}");
        if (!result.Hosts.Order(StringComparer.Ordinal).SequenceEqual(nodes))
            throw new JobFailedException(cluster.Name, $"it ran on {string.Join(", ", result.Hosts)} and not on {string.Join(", ", nodes)}");
        return string.Create(CultureInfo.InvariantCulture, $"mean of {Count} squares = {result.Mean:0.0###}, computed by {result.Ranks} processes on {string.Join(", ", cluster.Nodes.Select(node => node.Name))}; checked");
    }

    private static MeanResult Parse(ClusterRecord cluster, string output)
    {
        try
        {
            return JsonSerializer.Deserialize<MeanResult>(output.Trim().Split('\n')[^1], Json)!;
        }
        catch (JsonException)
        {
            throw new JobFailedException(cluster.Name, $"it printed no result but '{output.Trim()}'");
        }
    }

    private sealed record MeanResult(string Sum, double Mean, int Ranks, IReadOnlyList<string> Hosts);
}

/// <summary>A job ran, and its result is wrong.</summary>
public sealed class JobFailedException(string cluster, string why)
    : VmClusterException($"The job on cluster '{cluster}' failed: {why}", "Run VerifyCluster, then retry the step.");

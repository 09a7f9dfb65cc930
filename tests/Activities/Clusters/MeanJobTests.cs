using VmCluster.Activities.Clusters;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Clusters;

public sealed class MeanJobTests : IDisposable
{
    // n(n + 1)(2n + 1)/6 for n = 300,000, worked out apart from the program.
    private const string Sum = "9000045000050000";

    private readonly TemporaryHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task The_right_result_from_all_nodes_is_accepted()
    {
        var result = MeanJob.Check(await home.Ledger().ReserveAsync(TemporaryHome.Plan()), Output(Sum, "\"fe1\",\"node1\",\"node2\""));
        Assert.Contains("30000150000.1667", result, StringComparison.Ordinal);
        Assert.Contains("fe1, node1, node2", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9000045000049999", "\"fe1\",\"node1\",\"node2\"", "the sum is 9000045000049999")]
    [InlineData(Sum, "\"fe1\"", "it ran on fe1 and not on")]
    public async Task A_wrong_result_is_refused(string sum, string hosts, string why)
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        var error = Assert.Throws<JobFailedException>(() => MeanJob.Check(cluster, Output(sum, hosts)));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_prints_no_result_is_refused()
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        Assert.Throws<JobFailedException>(() => MeanJob.Check(cluster, "Segmentation fault\n"));
    }

    private static string Output(string sum, string hosts) =>
        $$"""
        a warning of MPI
        {"n": 300000, "sum": "{{sum}}", "mean": 30000150000.166668, "ranks": 3, "hosts": [{{hosts}}]}

        """;
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;
using VmCluster.Host.Cli;

namespace VmCluster.Host.Api;

/// <summary>The clusters that there are, as planned and as the hypervisors see them now.</summary>
internal static class ClustersApi
{
    public static void MapClusters(this IEndpointRouteBuilder app) => app.MapGet("/api/clusters", ListAsync).WithTags("Clusters");

    private static async Task<Ok<IEnumerable<ClusterModel>>> ListAsync(ClusterLedger ledger, IEnumerable<IHypervisor> hypervisors, CancellationToken cancellationToken)
    {
        var clusters = await ledger.ListAsync(cancellationToken);
        var views = await Task.WhenAll(clusters.Select(cluster =>
            ClusterView.LookAsync(hypervisors.First(hypervisor => hypervisor.Name == cluster.Provider), cluster, cancellationToken)));
        return TypedResults.Ok(views.Select(ClusterModel.Of));
    }

    private sealed record ClusterModel(
        string Name, string State, string Provider, string Image, string Subnet, DateTimeOffset CreatedAt, DateTimeOffset? VerifiedAt, string RunId, IEnumerable<NodeModel> Nodes)
    {
        public static ClusterModel Of(ClusterView view) => new(
            view.Cluster.Name,
            view.State,
            view.Cluster.Provider,
            view.Cluster.Image,
            view.Cluster.Subnet,
            view.Cluster.CreatedAt,
            view.Cluster.VerifiedAt,
            view.Cluster.RunId,
            view.Nodes.Select(node => new NodeModel(node.Node.Name, node.State, node.Node.Address, node.Node.SshPort)));
    }

    private sealed record NodeModel(string Name, string State, string Address, int SshPort);
}

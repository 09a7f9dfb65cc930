using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace VmCluster.Host.Api;

/// <summary>What this server can do beyond the minimum; Studio changes its ways by it.</summary>
internal static class FeaturesApi
{
    /// <summary>The version of Elsa whose contract is spoken here.</summary>
    private const string ContractVersion = "3.8.2";

    private static readonly FeatureModel[] Features =
    [
        new("RealTimeWorkflowUpdates", "Elsa", "Elsa.RealTimeWorkflowUpdates", "Real-time workflow updates", "Tells watchers what happens in a run, when it happens."),
    ];

    public static void MapFeatures(this IEndpointRouteBuilder api)
    {
        var features = api.MapGroup("/features/installed").WithTags("Features");
        features.MapGet("", () => TypedResults.Ok(new ListAnswer<FeatureModel>(Features)));
        features.MapGet("/{fullName}", (string fullName) =>
            Features.FirstOrDefault(feature => feature.FullName == fullName) is { } feature ? Results.Ok(feature) : Results.NotFound());
        api.MapGet("/package/version", () => TypedResults.Ok(new { PackageVersion = ContractVersion })).WithTags("Features");
    }

    private sealed record FeatureModel(string Name, string Namespace, string FullName, string DisplayName, string Description);
}

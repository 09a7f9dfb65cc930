using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Host.Api;

/// <summary>What Studio may offer: activities, expressions, types and strategies. Only what the engine really does is in these lists.</summary>
internal static class DescriptorsApi
{
    private static readonly ExpressionModel[] Expressions =
    [
        new(Expression.Literal, "Literal", IsBrowsable: false, []),
        new(Expression.Object, "Object", IsBrowsable: false, new() { ["MonacoLanguage"] = "json" }),
        new(Expression.Variable, "Variable", IsBrowsable: true, []),
        new(Expression.Input, "Input", IsBrowsable: true, []),
        new(Expression.JavaScript, "JavaScript", IsBrowsable: true, new() { ["MonacoLanguage"] = "javascript" }),
    ];

    private static readonly StorageDriverModel[] StorageDrivers =
        [new("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "Workflow instance", Priority: 5, Deprecated: false)];

    private static readonly StrategyModel[] ActivationStrategies =
        [new("Elsa.Workflows.Activities.AllowAlwaysStrategy, Elsa.Workflows.Core", "Always", "Any number of runs at the same time.")];

    private static readonly StrategyModel[] IncidentStrategies =
    [
        new("Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core", "Fault", "A fault ends the run; other branches finish first."),
        new("Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", "Continue with incidents", "Other branches go on; the run stays open."),
    ];

    private static readonly StrategyModel[] LogPersistenceStrategies =
        [new("Elsa.Workflows.LogPersistence.Strategies.Include, Elsa.Workflows.Core", "Include", "Everything that is not marked as sensitive is stored.")];

    public static void MapDescriptors(this IEndpointRouteBuilder api)
    {
        var descriptors = api.MapGroup("/descriptors").WithTags("Descriptors");
        descriptors.MapGet("/activities", (ActivityRegistry registry) => TypedResults.Ok(new ListAnswer<ActivityDescriptorModel>(Activities(registry))));
        descriptors.MapGet("/expression-descriptors", () => TypedResults.Ok(new ListAnswer<ExpressionModel>(Expressions)));
        descriptors.MapGet("/variables", () => TypedResults.Ok(new ListAnswer<VariableTypeModel>([.. VariableType.All.Select(VariableTypeModel.Of)])));
        descriptors.MapGet("/storage-drivers", () => TypedResults.Ok(new ListAnswer<StorageDriverModel>(StorageDrivers)));
        descriptors.MapGet("/workflow-activation-strategies", () => TypedResults.Ok(new ListAnswer<StrategyModel>(ActivationStrategies)));
        descriptors.MapGet("/incident-strategies", () => TypedResults.Ok(new ListAnswer<StrategyModel>(IncidentStrategies)));
        descriptors.MapGet("/log-persistence-strategies", () => TypedResults.Ok(new ListAnswer<StrategyModel>(LogPersistenceStrategies)));

        // The engine commits after each step, whatever a definition says; and it converts no outputs.
        foreach (var list in new[] { "/commit-strategies/workflows", "/commit-strategies/activities", "/output-converters" })
            descriptors.MapGet(list, () => TypedResults.Ok(new ListAnswer<StrategyModel>([])));
    }

    private static IReadOnlyList<ActivityDescriptorModel> Activities(ActivityRegistry registry) =>
    [
        .. registry.Descriptors.OrderBy(descriptor => descriptor.TypeName, StringComparer.Ordinal).Select(ActivityDescriptorModel.Of),
        ActivityDescriptorModel.Placeholder,
    ];

    private sealed record ExpressionModel(string Type, string DisplayName, bool IsBrowsable, Dictionary<string, string> Properties)
    {
        public bool IsSerializable => true;
    }

    private sealed record VariableTypeModel(string TypeName, string DisplayName, string Category, string? Description)
    {
        public static VariableTypeModel Of(VariableType type) => new(type.Name, type.Name, type.Category, null);
    }

    private sealed record StorageDriverModel(string TypeName, string DisplayName, double Priority, bool Deprecated);

    private sealed record StrategyModel(string TypeName, string DisplayName, string Description);
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace VmCluster.Host.Api;

/// <summary>What Studio calls, in the shapes of an Elsa 3.8 server.</summary>
internal static class ElsaApi
{
    public const string Path = "/elsa/api";

    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        })
        // A request that cannot be read gets an answer in our own shape.
        .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
        .AddSingleton<RunView>()
        .AddOpenApi();

    public static void MapElsaApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Path);
        api.MapFeatures();
        api.MapDescriptors();
        api.MapDefinitions();
        api.MapDefinitionEditing();
        api.MapDefinitionBulkActions();
        api.MapDefinitionTransfer();
        api.MapExecution();
        api.MapInstances();
        api.MapInstanceEditing();
        api.MapInstanceTransfer();
        api.MapJournal();
        api.MapActivityExecutions();
        api.MapActivityTests();
        api.MapScripting();
    }
}

/// <summary>A whole list.</summary>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items)
{
    public int Count => Items.Count;
}

/// <summary>A page of a list.</summary>
internal sealed record PageAnswer<T>(IReadOnlyList<T> Items, int TotalCount);

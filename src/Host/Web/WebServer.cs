using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VmCluster.Host.Api;
using VmCluster.Host.Live;
using VmCluster.Host.Studio;

namespace VmCluster.Host.Web;

/// <summary>The web host: what it serves, and what each request passes before.</summary>
internal static class WebServer
{
    private const long LargestBody = 10 * 1024 * 1024;

    /// <summary>Builds the host without starting it.</summary>
    /// <param name="options">Where it listens and what it serves.</param>
    /// <param name="access">Who may come in.</param>
    /// <param name="addServices">Adds the engine and what acts on the world.</param>
    public static WebApplication Create(WebOptions options, Access access, Action<IServiceCollection> addServices)
    {
        // Empty: neither variables of the environment nor a settings file in the current folder can open the server further.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRouting().AddSingleton(options).AddSingleton(access).AddSingleton(options.Time).AddApi().AddLive();
        addServices(builder.Services);

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseServerInstance();
        app.UseErrorAnswers();
        app.UseHostCheck(options.Address);
        app.UseSameOrigin();
        app.UseSignIn();
        app.UseRouting();
        app.MapSignIn();
        app.MapStudio(options.Studio);
        app.MapElsaApi();
        app.MapClusters();
        app.MapRuns();
        app.MapLive();
        app.MapOpenApi();
        return app;
    }

    /// <summary>Where a started host listens, for instance <c>http://127.0.0.1:7420</c>.</summary>
    public static string Address(this IHost app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}

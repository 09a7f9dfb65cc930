using Microsoft.Playwright;
using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd.Studio;

/// <summary>
/// One server and one browser for all tests of Studio, started for the first that needs them. They share a page too, since
/// each full load starts the WebAssembly runtime anew; a page that had trouble is replaced.
/// </summary>
public sealed class StudioFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private StudioServer? _server;
    private StudioPage? _page;

    private TestHome Home { get; } = new();

    public async Task<(StudioServer Server, StudioPage Page)> OpenAsync()
    {
        _server ??= await StudioServer.StartAsync(Home);
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await Chromium.LaunchAsync(_playwright);
        if (_page is { HadTrouble: true })
            _page = await _page.ReplaceAsync();
        _page ??= await StudioPage.SignInAsync(_browser, _server);
        return (_server, _page);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        Home.Dispose();
    }
}

/// <summary>Gives the fixture to every class of tests that names this collection.</summary>
[CollectionDefinition(Name)]
public sealed class StudioCollection : ICollectionFixture<StudioFixture>
{
    public const string Name = "Studio";
}

/// <summary>What a test of Studio begins with: a server with the shipped workflows and a page that is signed in. It ends with nothing gone wrong.</summary>
[Collection(StudioCollection.Name)]
public abstract class StudioTest(StudioFixture studio) : IAsyncLifetime
{
    protected StudioServer Server { get; private set; } = null!;

    protected StudioPage Studio { get; private set; } = null!;

    public async Task InitializeAsync() => (Server, Studio) = await studio.OpenAsync();

    public Task DisposeAsync() => Studio.AssertNoTroubleAsync();
}

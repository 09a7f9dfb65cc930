using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace VmCluster.EndToEnd.Studio;

/// <summary>A browser's page with Studio in it, watched for whatever a user would call an error.</summary>
public sealed class StudioPage
{
    private readonly ConcurrentQueue<string> _troubles = [];
    private readonly string _address;

    private StudioPage(IPage page, string address)
    {
        Page = page;
        _address = address;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" && !IsKnown(message.Text))
                _troubles.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => _troubles.Enqueue($"script: {error}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _troubles.Enqueue($"{response.Status}: {response.Request.Method} {response.Url}");
        };
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
    }

    public IPage Page { get; }

    /// <summary>Whether something went wrong that no test has looked at.</summary>
    public bool HadTrouble { get; private set; }

    public ILocator Nodes => Page.Locator(".x6-node");

    public ILocator Connections => Page.Locator(".x6-edge");

    /// <summary>The node of an activity in the designer, by the text on it.</summary>
    public ILocator Node(string label) => Page.Locator(".x6-node", new() { HasText = label });

    /// <summary>A row of one of Studio's lists.</summary>
    public ILocator Row(string text) => Page.Locator("tr.mud-table-row", new() { HasText = text });

    /// <summary>The short message at the edge of the page.</summary>
    public ILocator Snackbar(string text) => Page.Locator(".mud-snackbar", new() { HasText = text });

    /// <summary>A button of the page around Studio, for instance <c>Retry …</c>.</summary>
    public ILocator BarButton(string text) => Page.Locator(".vm-bar").GetByRole(AriaRole.Button, new() { Name = text });

    /// <summary>The question that the page around Studio asks.</summary>
    public ILocator Dialog => Page.Locator("dialog[open]");

    public static async Task<StudioPage> SignInAsync(IBrowser browser, StudioServer server)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1600, Height = 900 }, AcceptDownloads = true });
        var studio = new StudioPage(await context.NewPageAsync(), server.Address);
        await studio.Page.GotoAsync(server.Link.ToString());
        await studio.Page.WaitForURLAsync("**/studio/**");
        return studio;
    }

    /// <summary>A page in another browser that is signed in too.</summary>
    public async Task<StudioPage> AnotherBrowserAsync()
    {
        var context = await Page.Context.Browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1600, Height = 900 }, StorageState = await Page.Context.StorageStateAsync() });
        return new StudioPage(await context.NewPageAsync(), _address);
    }

    public Task CloseAsync() => Page.Context.CloseAsync();

    /// <summary>Opens the definition's editor and waits until its steps are drawn.</summary>
    public async Task OpenEditorAsync(string definitionId)
    {
        await OpenAsync($"workflows/definitions/{definitionId}/edit");
        await Nodes.First.WaitForAsync();
    }

    /// <summary>Opens the run's viewer and waits until its steps are drawn.</summary>
    public async Task OpenRunAsync(string runId)
    {
        await OpenAsync($"workflows/instances/{runId}/view");
        await Nodes.First.WaitForAsync();
    }

    /// <summary>Opens a list and waits for its rows.</summary>
    public async Task OpenListAsync(string path)
    {
        await OpenAsync(path);
        await Page.Locator("tr.mud-table-row td").First.WaitForAsync();
    }

    /// <summary>Goes to an address below <c>/studio/</c> as a click would, without loading the page anew where it is there.</summary>
    public async Task OpenAsync(string path)
    {
        if (Page.Url.StartsWith(_address + "/studio/", StringComparison.Ordinal))
            await Page.EvaluateAsync("async path => (await import('/shell/navigation.js')).go(path)", path);
        else
            await Page.GotoAsync($"{_address}/studio/{path}");
    }

    /// <summary>Keeps a picture with the test's output.</summary>
    public Task PictureAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "pictures", $"{name}.png") });

    /// <summary>Asserts that Studio has not crashed, and that nothing failed since the last time.</summary>
    public async Task AssertNoTroubleAsync()
    {
        var crash = await Page.EvaluateAsync<string>("getComputedStyle(document.getElementById('blazor-error-ui')).display");
        var troubles = _troubles.ToArray();
        _troubles.Clear();
        HadTrouble = crash != "none" || troubles.Length > 0;
        Assert.False(HadTrouble, $"Studio {(crash == "none" ? "runs" : "crashed")} at {Page.Url}\n{string.Join('\n', troubles)}");
    }

    /// <summary>What a test has itself caused, for instance by stopping the server.</summary>
    public void ForgetTroubles() => _troubles.Clear();

    // Studio writes statistics of activities that are not on the canvas, such as the chart itself.
    private static bool IsKnown(string text) => text.Contains("Could not find wrapper element", StringComparison.Ordinal);
}

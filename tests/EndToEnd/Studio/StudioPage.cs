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
    }

    public IPage Page { get; }

    /// <summary>The node of an activity in the designer, by the text on it.</summary>
    public ILocator Node(string label) => Page.Locator(".x6-node", new() { HasText = label });

    public ILocator Nodes => Page.Locator(".x6-node");

    public ILocator Connections => Page.Locator(".x6-edge");

    /// <summary>The short message at the edge of the page.</summary>
    public ILocator Snackbar(string text) => Page.Locator(".mud-snackbar", new() { HasText = text });

    public static async Task<StudioPage> SignInAsync(IBrowser browser, StudioServer server)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1600, Height = 900 }, AcceptDownloads = true });
        var studio = new StudioPage(await context.NewPageAsync(), server.Address);
        await studio.Page.GotoAsync(server.Link.ToString());
        await studio.Page.WaitForURLAsync("**/studio/**");
        return studio;
    }

    /// <summary>A second page of the same browser.</summary>
    public async Task<StudioPage> AnotherAsync() => new(await Page.Context.NewPageAsync(), _address);

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

    public async Task OpenListAsync(string path)
    {
        await OpenAsync(path);
        await Page.Locator("tr.mud-table-row td").First.WaitForAsync();
    }

    /// <summary>Goes to an address below <c>/studio/</c> as a click would, without loading the page anew where it is there.</summary>
    public async Task OpenAsync(string path)
    {
        if (Page.Url.StartsWith(_address + "/studio/", StringComparison.Ordinal))
            await Page.EvaluateAsync("path => history.pushState(null, '', path)", $"/studio/{path}");
        else
            await Page.GotoAsync($"{_address}/studio/{path}");
    }

    /// <summary>Keeps a picture with the test's output.</summary>
    public Task PictureAsync(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "pictures");
        return Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>Asserts that Studio has not crashed, and that nothing failed since the last time.</summary>
    public async Task AssertNoTroubleAsync()
    {
        var crash = await Page.EvaluateAsync<string>("getComputedStyle(document.getElementById('blazor-error-ui')).display");
        var troubles = _troubles.ToArray();
        _troubles.Clear();
        Assert.True(crash == "none" && troubles.Length == 0, $"Studio {(crash == "none" ? "runs" : "crashed")} at {Page.Url}\n{string.Join('\n', troubles)}");
    }

    /// <summary>What a test has itself caused, for instance by stopping the server.</summary>
    public void ForgetTroubles() => _troubles.Clear();

    // Studio writes statistics of activities that are not on the canvas, such as the chart itself.
    private static bool IsKnown(string text) => text.Contains("Could not find wrapper element", StringComparison.Ordinal);
}

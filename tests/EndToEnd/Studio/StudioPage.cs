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

    /// <summary>The small number at an activity's node in the viewer, while it has this colour: success, error, warning or info.</summary>
    public ILocator Badge(string label, string colour) => Node(label).Locator($".mud-badge.mud-theme-{colour}");

    /// <summary>A row of one of Studio's lists.</summary>
    public ILocator Row(string text) => Page.Locator("tr.mud-table-row", new() { HasText = text });

    public ILocator Tab(string text) => Page.Locator(".mud-tab", new() { HasText = text }).First;

    public ILocator PublishButton => Page.Locator("button.mud-primary-text").First;

    public ILocator RunButton => Page.Locator("button.mud-success-text").First;

    /// <summary>A button of the page around Studio, for instance <c>Retry …</c>.</summary>
    public ILocator BarButton(string text) => Page.Locator(".vm-bar").GetByRole(AriaRole.Button, new() { Name = text });

    /// <summary>Where the run stands, as the page around Studio says it.</summary>
    public ILocator State => Page.Locator(".vm-bar .vm-chip");

    /// <summary>The id of the run whose viewer is shown.</summary>
    public string ShownRun => new Uri(Page.Url).Segments[^2].TrimEnd('/');

    /// <summary>The question that the page around Studio asks.</summary>
    public ILocator Dialog => Page.Locator("dialog[open]");

    /// <summary>A field of that question.</summary>
    public ILocator Field(string label) => Dialog.GetByLabel(label, new() { Exact = true });

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

    /// <summary>A new page in the place of this one, in the same browser.</summary>
    public async Task<StudioPage> ReplaceAsync()
    {
        var next = new StudioPage(await Page.Context.NewPageAsync(), _address);
        await Page.CloseAsync();
        return next;
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

    /// <summary>Opens the menu of a list's row and takes an item.</summary>
    public async Task ChooseAsync(ILocator row, string item)
    {
        await row.Locator(".mud-menu button").ClickAsync();
        await ChooseAsync(item);
    }

    /// <summary>Takes an item of the menu that is open.</summary>
    public Task ChooseAsync(string item) => Page.Locator(".mud-popover-open").GetByText(item, new() { Exact = true }).ClickAsync();

    /// <summary>Confirms the question that Studio asks.</summary>
    public Task ConfirmAsync(string answer) => Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();

    /// <summary>Starts the run whose inputs are asked for; returns its id when its viewer is shown.</summary>
    public async Task<string> ConfirmRunAsync()
    {
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
        await Page.WaitForURLAsync("**/view");
        return ShownRun;
    }

    /// <summary>Publishes what the editor shows.</summary>
    public Task PublishAsync() => AssertSaysAsync("Workflow published", () => PublishButton.ClickAsync());

    /// <summary>Asserts that Studio answers something that is done with a short message, and not before.</summary>
    public async Task AssertSaysAsync(string message, Func<Task> action)
    {
        // The same message may still stand from the test before.
        await Assertions.Expect(Snackbar(message)).ToHaveCountAsync(0);
        await action();
        await Snackbar(message).First.WaitForAsync();
    }

    /// <summary>Drags a line from one activity's outcome to another's entrance.</summary>
    public async Task ConnectAsync(string from, string to)
    {
        var start = await CentreAsync(Node(from).Locator(".x6-port-out .elsa-designer-port-hit-area"));
        var end = await CentreAsync(Node(to).Locator(".x6-port-in .elsa-designer-port-hit-area"));
        await Page.Mouse.MoveAsync(start.X, start.Y);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(end.X - 40, end.Y, new() { Steps = 5 });
        await Page.Mouse.MoveAsync(end.X, end.Y, new() { Steps = 5 });
        await Page.Mouse.UpAsync();
    }

    /// <summary>Opens a list and waits for its rows.</summary>
    public async Task OpenListAsync(string path)
    {
        await OpenAsync(path);
        await Page.Locator("tr.mud-table-row td").First.WaitForAsync();
    }

    /// <summary>Goes to an address below <c>/studio/</c> as a click would: without loading the page anew unless it is there already.</summary>
    public async Task OpenAsync(string path)
    {
        var isThere = Page.Url.Split('?')[0] == $"{_address}/studio/{path.Split('?')[0]}";
        if (!isThere && Page.Url.StartsWith(_address + "/studio/", StringComparison.Ordinal))
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
        HadTrouble |= crash != "none" || troubles.Length > 0;
        Assert.True(crash == "none" && troubles.Length == 0, $"Studio {(crash == "none" ? "runs" : "crashed")} at {Page.Url}\n{string.Join('\n', troubles)}");
    }

    /// <summary>What a test has itself caused, for instance by stopping the server.</summary>
    public void ForgetTroubles() => _troubles.Clear();

    /// <summary>The short message at the edge of the page.</summary>
    private ILocator Snackbar(string text) => Page.Locator(".mud-snackbar", new() { HasText = text });

    private static async Task<(float X, float Y)> CentreAsync(ILocator locator)
    {
        var box = (await locator.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    // Studio writes statistics of activities that are not on the canvas, such as the chart itself.
    private static bool IsKnown(string text) => text.Contains("Could not find wrapper element", StringComparison.Ordinal);
}

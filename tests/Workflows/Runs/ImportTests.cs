using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Tests.Support;
using static VmCluster.Workflows.Tests.Support.WorkflowJson;

namespace VmCluster.Workflows.Tests.Runs;

/// <summary>Runs of other installations: evidence, and nothing else.</summary>
public sealed class ImportTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _there = new();
    private readonly TemporaryFolder _here = new();
    private Engine _elsewhere = null!;
    private Engine _engine = null!;

    private RunImport Import => _engine.Get<RunImport>();

    public Task InitializeAsync()
    {
        _elsewhere = new Engine(_there);
        _engine = new Engine(_here);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _elsewhere.DisposeAsync();
        await _engine.DisposeAsync();
    }

    public void Dispose()
    {
        _there.Dispose();
        _here.Dispose();
    }

    [Fact]
    public async Task An_imported_run_is_what_it_was_and_its_journal_ends_with_the_import()
    {
        var record = await FaultedAsync();
        await Import.ImportAsync([record], "ada");
        var run = await _engine.Runs.GetAsync(record.Run.Id);
        Assert.Equivalent(record.Run, run, strict: true);
        Assert.Equal(Texts(record.Executions), Texts(await _engine.Runs.ActivitiesAsync(run.Id)));
        Assert.Equal(Texts(record.Variables), Texts(await _engine.Runs.VariablesAsync(run.Id)));
        var journal = await _engine.Runs.JournalAsync(run.Id);
        Assert.Equal(Texts(record.Journal), Texts(journal.SkipLast(1)));
        Assert.Equal(("Imported", "ada", record.Journal.Count), (journal[^1].EventName, journal[^1].Payload?.GetProperty("By").GetString(), (int)journal[^1].Sequence));
    }

    [Fact]
    public async Task An_imported_run_never_goes_on_whatever_is_asked_of_it()
    {
        var record = await FaultedAsync();
        await Import.ImportAsync([record], "ada");
        var id = record.Run.Id;
        await Assert.ThrowsAsync<RunFinishedException>(() => _engine.Runtime.ResumeAsync(id));
        await Assert.ThrowsAsync<RunFinishedException>(() => _engine.Runtime.RetryAsync(id));
        await Assert.ThrowsAsync<RunFinishedException>(() => _engine.Runtime.SkipAsync(id, record.Run.Incidents[0].ActivityExecutionId, "Done"));
        await Assert.ThrowsAsync<RunFinishedException>(() => _engine.Runtime.CancelAsync(id));
        await _engine.Runtime.RecoverAsync();
        Assert.Equal(record.Journal.Count + 1, (await _engine.Runs.JournalAsync(id)).Count);
    }

    [Fact]
    public async Task A_run_that_has_not_ended_is_exported_but_not_imported()
    {
        var run = await _elsewhere.RunAsync(Sequence(Event("go")));
        var record = await _elsewhere.Runs.RecordAsync(run.Id);
        Assert.Single(record.Bookmarks);
        await RefusedAsync($"Run {run.Id} had not ended when it was exported (Suspended)", record);
    }

    [Fact]
    public async Task A_run_that_is_here_is_not_overwritten_not_even_when_it_was_deleted()
    {
        var record = await FinishedAsync();
        await Import.ImportAsync([record], "ada");
        await RefusedAsync($"Run {record.Run.Id} is here already", record);
        Assert.Equal(1, await _engine.Get<RunDeletion>().DeleteAsync([record.Run.Id], "ada"));
        await RefusedAsync($"Run {record.Run.Id} is here already", record);
    }

    [Fact]
    public async Task One_run_that_does_not_fit_keeps_the_others_out_and_every_reason_is_told()
    {
        var good = await FinishedAsync();
        var suspended = await _elsewhere.Runs.RecordAsync((await _elsewhere.RunAsync(Sequence(Event("go")))).Id);
        var refused = await RefusedAsync(suspended.Run.Id, good, suspended, good);
        Assert.Contains($"Run {good.Run.Id} is given twice", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await _engine.Runs.ListAsync());
        Assert.Null(await _engine.Definitions.FindVersionAsync(good.Definition.Id));
    }

    [Fact]
    public async Task The_workflow_of_an_imported_run_shows_the_run_and_is_none_of_those_here()
    {
        var record = await FinishedAsync();
        await Import.ImportAsync([record], "ada");
        var version = (await _engine.Definitions.FindVersionAsync(record.Run.DefinitionVersionId))!;
        Assert.Equal((record.Run.Version, false, false), (version.Version, version.IsLatest, version.IsPublished));
        Assert.Equal(version.Id, Assert.Single((await _engine.Definitions.ListAsync(new DefinitionFilter { Ids = [version.Id] })).Items).Id);
        Assert.Empty((await _engine.Definitions.ListAsync(new DefinitionFilter())).Items);
        Assert.Null(await _engine.Definitions.FindAsync("test", VersionOptions.Number(record.Run.Version)));
        Assert.False(await _engine.Definitions.DeleteVersionAsync(version.Id, "ada"));

        await _engine.Definitions.SeedAsync(Sequence(WriteLine("line", "'ours'")));
        var seeded = (await _engine.Definitions.FindPublishedAsync("test"))!;
        Assert.Equal(1, seeded.Version);
        Assert.NotEqual(version.Id, seeded.Id);
    }

    [Fact]
    public async Task A_workflow_that_is_here_already_is_taken_for_the_imported_run()
    {
        var record = await FinishedAsync();
        var ours = await _engine.Definitions.ImportAsync(Sequence(WriteLine("line", "'Größe'")));
        await Import.ImportAsync([record], "ada");
        Assert.Equal(ours.Id, (await _engine.Runs.GetAsync(record.Run.Id)).DefinitionVersionId);
        Assert.True((await _engine.Definitions.FindVersionAsync(ours.Id))!.IsPublished);
    }

    [Fact]
    public async Task Another_workflow_of_the_same_id_stays_and_the_journal_tells_under_which_id_the_imported_one_is_kept()
    {
        var ours = await _engine.Definitions.ImportAsync(Sequence(WriteLine("other", "'ours'")));
        var records = new[] { await FinishedAsync(), await FinishedAsync() };
        Assert.Equal(ours.Id, records[0].Definition.Id);
        await Import.ImportAsync(records, "ada");
        var run = await _engine.Runs.GetAsync(records[0].Run.Id);
        Assert.NotEqual(ours.Id, run.DefinitionVersionId);
        Assert.Equal(run.DefinitionVersionId, (await _engine.Runs.GetAsync(records[1].Run.Id)).DefinitionVersionId);
        Assert.Contains(run.DefinitionVersionId, (await _engine.Runs.JournalAsync(run.Id))[^1].Message, StringComparison.Ordinal);
        Assert.Contains("'ours'", (await _engine.Definitions.FindVersionAsync(ours.Id))!.Source.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);

        // What was imported goes on to a third installation as the first one had it, but for the id.
        var onward = await _engine.Runs.RecordAsync(run.Id);
        Assert.Equal(records[0].Definition.Source["root"]!.ToJsonString(), onward.Definition.Source["root"]!.ToJsonString());
    }

    [Fact]
    public async Task A_secret_input_is_not_in_what_is_exported()
    {
        var run = await _elsewhere.RunAsync(Sequence(Activity("work", "Test.Work", ("password", Script("'open' + 'sesame'")))));
        var record = await _elsewhere.Runs.RecordAsync(run.Id);
        Assert.Equal("opensesame", Assert.Single(_elsewhere.Workshop.Passwords));
        Assert.DoesNotContain("opensesame", System.Text.Json.JsonSerializer.Serialize(record with { Definition = null! }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_contradicts_itself_is_refused()
    {
        var good = await FinishedAsync();
        var (run, steps, journal) = (good.Run, good.Executions, good.Journal);
        await RefusedAsync("has an id that no run can have", good with { Run = run with { Id = "../../etc" } });
        await RefusedAsync("had not ended", good with { Run = run with { SubStatus = WorkflowSubStatus.Executing } });
        await RefusedAsync("its workflow is not version 7", good with { Run = run with { Version = 7 } });
        await RefusedAsync("it has no steps", good with { Executions = [] });
        await RefusedAsync("is not of this run", good with { Executions = [steps[0] with { Id = "other-1" }] });
        await RefusedAsync("is in none that came before it", good with { Executions = [steps[0], steps[1] with { ParentId = steps[2].Id }, steps[2] with { ParentId = steps[1].Id }] });
        await RefusedAsync("is there twice", good with { Executions = [steps[0], steps[1], steps[1]] });
        await RefusedAsync("its journal is not in order", good with { Journal = [journal[1], journal[0]] });
    }

    private async Task<RunImportRefusedException> RefusedAsync(string reason, params RunRecord[] records)
    {
        var refused = await Assert.ThrowsAsync<RunImportRefusedException>(() => Import.ImportAsync(records, "ada"));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        return refused;
    }

    private async Task<RunRecord> FinishedAsync() => await _elsewhere.Runs.RecordAsync((await _elsewhere.RunAsync(Sequence(WriteLine("line", "'Größe'")))).Id);

    /// <summary>A run that met an incident and was then given up.</summary>
    private async Task<RunRecord> FaultedAsync()
    {
        var json = Of(SequenceOf("all", WriteLine("line", "'one'"), WriteLine("bad", "oops(")), variables: """[{"id": "v", "name": "Count", "typeName": "Int32", "value": "3"}]""");
        var run = await _elsewhere.RunAsync(json);
        await _elsewhere.Runtime.CancelAsync(run.Id, "bob");
        await _elsewhere.Runtime.WaitUntilAtRestAsync(run.Id);
        return await _elsewhere.Runs.RecordAsync(run.Id);
    }

    private static IEnumerable<string> Texts<T>(IEnumerable<T> items) => items.Select(item => System.Text.Json.JsonSerializer.Serialize(item));
}

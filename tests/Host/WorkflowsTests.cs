using Microsoft.Data.Sqlite;

namespace VmCluster.Host.Tests;

/// <summary>Workflows that live in files, beside the database.</summary>
public sealed class WorkflowsTests : IDisposable
{
    private readonly InProcessCli cli = new();

    [Fact]
    public async Task What_was_imported_is_exported_byte_for_byte()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "workflows", "build-cluster.json");
        Assert.Contains("build-cluster: version 1", (await cli.RunAsync("workflows", "import", shipped)).Expect(0).Error, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(shipped), (await cli.RunAsync("workflows", "export", "build-cluster")).Expect(0).Output);

        var folder = Path.Combine(cli.Home.Root, "files");
        (await cli.RunAsync("workflows", "export", "--to", folder)).Expect(0);
        Assert.Equal(await File.ReadAllTextAsync(shipped), await File.ReadAllTextAsync(Path.Combine(folder, "build-cluster.json")));
        Assert.Contains("unchanged, version 1", (await cli.RunAsync("workflows", "import", shipped)).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_shows_what_it_would_change_and_becomes_the_next_version()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "workflows", "build-cluster.json");
        (await cli.RunAsync("workflows", "import", shipped)).Expect(0);
        Assert.Empty((await cli.RunAsync("workflows", "diff", shipped)).Expect(0).Output);

        var changed = Path.Combine(cli.Home.Root, "changed.json");
        await File.WriteAllTextAsync(changed, (await File.ReadAllTextAsync(shipped)).Replace("\"defaultValue\": \"512\"", "\"defaultValue\": \"1024\"", StringComparison.Ordinal));
        var diff = (await cli.RunAsync("workflows", "diff", changed)).Expect(0).Output;
        Assert.Contains("~ inputs[MemoryMiB].defaultValue: \"512\" -> \"1024\"", diff, StringComparison.Ordinal);

        (await cli.RunAsync("workflows", "import", changed)).Expect(0);
        var list = (await cli.RunAsync("workflows", "list")).Expect(0).Output;
        Assert.Matches(@"(?m)^build-cluster +2 +2 ", list);
        (await cli.RunAsync("workflows", "export", "nowhere")).Expect(3);
    }

    [Fact]
    public async Task A_file_that_is_no_workflow_leaves_nothing_behind()
    {
        var bad = Path.Combine(cli.Home.Root, "bad.json");
        await File.WriteAllTextAsync(bad, "{}");
        var result = (await cli.RunAsync("workflows", "import", cli.Workflow(InProcessCli.WriteLine("hello", "'Hello'")), bad)).Expect(2);
        Assert.Contains("The definition has", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("test-workflow", (await cli.RunAsync("workflows", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shipped_workflow_that_was_deleted_comes_back_when_it_is_run_by_its_name()
    {
        (await cli.RunAsync("workflows", "list")).Expect(0);
        using (var database = new SqliteConnection($"Data Source={cli.Home.Folder.Database};Pooling=False"))
        {
            database.Open();
            using var delete = new SqliteCommand("UPDATE WorkflowDefinitions SET DeletedAt = 1, IsLatest = 0, IsPublished = 0 WHERE DefinitionId = 'destroy-cluster'", database);
            Assert.Equal(1, delete.ExecuteNonQuery());
        }

        Assert.DoesNotContain("destroy-cluster", (await cli.RunAsync("workflows", "list")).Expect(0).Output, StringComparison.Ordinal);
        (await cli.RunAsync("run", "destroy-cluster", "--input", "ClusterName=nothing")).Expect(0);
        Assert.Contains("destroy-cluster", (await cli.RunAsync("workflows", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    public void Dispose() => cli.Dispose();
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Durability;

/// <summary>Migrations are written by hand, so this holds them to the model.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_migrated_schema_is_that_of_the_model()
    {
        using var database = new WorkflowDatabase(Path.Combine(_folder.Path, "migrated.db"));
        await using var migrated = await database.OpenAsync(CancellationToken.None);
        var model = migrated.GetService<IDesignTimeModel>().Model;
        var operations = migrated.GetService<IMigrationsModelDiffer>().GetDifferences(null, model.GetRelationalModel());
        await using var plain = new WorkflowDbContext(new DbContextOptionsBuilder<WorkflowDbContext>().UseSqlite($"Data Source={_folder.Path}/model.db;Pooling=False").Options);
        foreach (var command in migrated.GetService<IMigrationsSqlGenerator>().Generate(operations, model))
            await plain.Database.ExecuteSqlRawAsync(command.CommandText);

        Assert.Equal(await SchemaAsync(plain), await SchemaAsync(migrated));
    }

    [Fact]
    public async Task Whoever_looks_while_the_database_is_made_finds_it_whole_or_not_yet_there_and_harms_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var path = Path.Combine(_folder.Path, $"new{round}.db");
            using var owner = new WorkflowDatabase(path);
            var opening = Task.Run(async () => await (await owner.OpenAsync(CancellationToken.None)).DisposeAsync());
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                do
                {
                    // Each look as from a process of its own.
                    using var looking = new WorkflowDatabase(path);
                    if (await looking.TryOpenForReadingAsync(CancellationToken.None) is { } context)
                    {
                        Assert.Empty(await context.Instances.ToListAsync());
                        await context.DisposeAsync();
                    }
                }
                while (!opening.IsCompleted);
            })));
            await opening;
        }
    }

    [Fact]
    public async Task What_an_older_version_has_stored_is_brought_up_to_date_by_whoever_reads_it_first()
    {
        var path = Path.Combine(_folder.Path, "vmcluster.db");
        var options = new DbContextOptionsBuilder<WorkflowDbContext>().UseSqlite($"Data Source={path};Pooling=False", sqlite => sqlite.MigrationsHistoryTable("__WorkflowsMigrations")).Options;
        await using (var older = new WorkflowDbContext(options))
        {
            await older.GetService<IMigrator>().MigrateAsync("InitialSchema");
            const string source = """{"definitionId":"a","id":"a-v1","description":"Says hello.","root":{"id":"r","type":"Elsa.Sequence"}}""";
            await older.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO WorkflowDefinitions (Id, DefinitionId, Version, Name, IsLatest, IsPublished, IsShipped, ContentHash, Source, CreatedAt)
                 VALUES ('a-v1', 'a', 1, 'A', 1, 1, 0, '', {source}, 1)
                 """);
        }

        await using var engine = new Engine(_folder);
        var found = await engine.Definitions.ListAsync(new DefinitionFilter { SearchTerm = "hello" });
        Assert.Equal("a-v1", Assert.Single(found.Items).Id);
        Assert.Empty(await engine.Runs.ListAsync());
    }

    [Fact]
    public async Task What_a_newer_version_has_stored_is_left_as_it_is()
    {
        var path = Path.Combine(_folder.Path, "newer.db");
        using (var database = new WorkflowDatabase(path))
        {
            await using var newer = await database.OpenAsync(CancellationToken.None);
            await newer.Database.ExecuteSqlAsync($"INSERT INTO __WorkflowsMigrations VALUES ('99991231_Later', '99.0')");
        }

        using var older = new WorkflowDatabase(path);
        await using var context = await older.OpenAsync(CancellationToken.None);
        Assert.Contains("99991231_Later", await context.Database.GetAppliedMigrationsAsync());
        Assert.Empty(await context.Instances.ToListAsync());
    }

    /// <summary>Columns, keys, references and indexes, a line each; not their order, and not how they are written down.</summary>
    private static async Task<List<string>> SchemaAsync(WorkflowDbContext context)
    {
        var lines = await context.Database.SqlQuery<string>(
            $"""
             SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk AS Value
             FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND substr(m.name, 1, 2) <> '__'
             UNION SELECT m.name || '.' || f."from" || ' -> ' || f."table" || '.' || f."to" || ' ' || f.on_delete
             FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
             UNION SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
             """).ToListAsync();
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}

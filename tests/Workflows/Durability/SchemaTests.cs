using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
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

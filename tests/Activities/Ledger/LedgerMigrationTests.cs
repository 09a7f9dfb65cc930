using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Ledger;

public sealed class LedgerMigrationTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task The_migrated_schema_is_that_of_the_model()
    {
        await using var migrated = await new LedgerDatabase(home.Folder.Database).OpenAsync(CancellationToken.None);
        var fromMigrations = await SchemaAsync(migrated);

        var model = migrated.GetService<IDesignTimeModel>().Model;
        var operations = migrated.GetService<IMigrationsModelDiffer>().GetDifferences(null, model.GetRelationalModel());
        await using var plain = new LedgerContext(new DbContextOptionsBuilder<LedgerContext>().UseSqlite($"Data Source={home.Folder.Root}/model.db").Options);
        foreach (var command in migrated.GetService<IMigrationsSqlGenerator>().Generate(operations, model))
            await plain.Database.ExecuteSqlRawAsync(command.CommandText);

        Assert.Equal(await SchemaAsync(plain), fromMigrations);
    }

    [Fact]
    public async Task Databases_opened_at_the_same_time_are_migrated_once()
    {
        var contexts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new LedgerDatabase(home.Folder.Database).OpenAsync(CancellationToken.None))));
        Assert.Single(await contexts[0].Database.GetAppliedMigrationsAsync());
        foreach (var context in contexts)
            await context.DisposeAsync();
    }

    private static async Task<List<string>> SchemaAsync(LedgerContext context)
    {
        var rows = await context.Database.SqlQuery<string>(
            $"SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk AS Value FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' UNION SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").ToListAsync();
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}

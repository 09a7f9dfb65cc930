using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Activities.Ledger;

/// <summary>Opens the ledger's part of the database file for writing, and brings it up to date before the first write.</summary>
internal sealed class LedgerDatabase(string path)
{
    private volatile bool isMigrated;

    public async Task<LedgerContext> OpenAsync(CancellationToken cancellationToken)
    {
        if (!isMigrated)
            await MigrateAsync(cancellationToken);
        isMigrated = true;
        return Connect();
    }

    internal static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30, ForeignKeys = true }.ToString();

    private LedgerContext Connect() => new(new DbContextOptionsBuilder<LedgerContext>()
        .UseSqlite(ConnectionString(path), sqlite => sqlite.MigrationsHistoryTable(LedgerContext.HistoryTable))
        .Options);

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var context = Connect();
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        await SchemaUpdate.ApplyAsync(context, cancellationToken);
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Activities.Ledger;

/// <summary>Opens the ledger's part of the database file, and brings it up to date before the first write.</summary>
internal sealed class LedgerDatabase(string path)
{
    private volatile bool isMigrated;

    /// <summary>For writing; creates and migrates what is missing.</summary>
    public async Task<LedgerContext> OpenAsync(CancellationToken cancellationToken)
    {
        if (!isMigrated)
            await MigrateAsync(cancellationToken);
        isMigrated = true;
        return Connect();
    }

    /// <summary>For reading, also beside another process; null where nothing has been written yet.</summary>
    public async Task<LedgerContext?> OpenExistingAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;
        var context = Connect();
        if (isMigrated || await HasTableAsync(context, LedgerContext.HistoryTable, cancellationToken))
            return context;
        await context.DisposeAsync();
        return null;
    }

    private LedgerContext Connect()
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30, ForeignKeys = true }.ToString();
        return new LedgerContext(new DbContextOptionsBuilder<LedgerContext>()
            .UseSqlite(connection, sqlite => sqlite.MigrationsHistoryTable(LedgerContext.HistoryTable))
            .Options);
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var context = Connect();
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);

        // Not Database.MigrateAsync: its lock is a row, and a process that is killed while it holds it leaves it
        // behind for ever. A transaction of SQLite ends with its process.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var applied = await HasTableAsync(context, LedgerContext.HistoryTable, cancellationToken)
            ? (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault()
            : null;
        if (applied != context.Database.GetMigrations().Last())
        {
            var script = context.GetService<IMigrator>().GenerateScript(applied, options: MigrationsSqlGenerationOptions.NoTransactions);
            await context.Database.ExecuteSqlRawAsync(script, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> HasTableAsync(LedgerContext context, string table, CancellationToken cancellationToken) =>
        await context.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = {table}")
            .SingleAsync(cancellationToken) > 0;
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VmCluster.Workflows.Persistence;

/// <summary>The SQLite file: how it is opened, and how it comes to have its tables.</summary>
internal sealed class WorkflowDatabase(string path) : IDisposable
{
    private readonly SemaphoreSlim _migrating = new(1);
    private bool _isMigrated;

    public bool Exists => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>A context on a connection of its own, in a database that has all its tables.</summary>
    public async Task<WorkflowDbContext> OpenAsync(CancellationToken cancellationToken)
    {
        await MigrateAsync(cancellationToken);
        return await ConnectAsync(cancellationToken);
    }

    /// <summary>A context for reading what is there; null where nobody has made the database yet.</summary>
    public async Task<WorkflowDbContext?> TryOpenForReadingAsync(CancellationToken cancellationToken)
    {
        if (!Exists)
            return null;

        var context = await ConnectAsync(cancellationToken);
        if (_isMigrated)
            return context;

        var tables = await context.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = 'ExecutionLog'").SingleAsync(cancellationToken);
        if (tables == 0)
        {
            await context.DisposeAsync();
            return null;
        }

        // Whoever first reads what an older version has left brings it up to date.
        var newest = await context.Database.SqlQuery<string>($"SELECT MAX(MigrationId) AS Value FROM __WorkflowsMigrations").SingleAsync(cancellationToken);
        if (string.CompareOrdinal(newest, context.Database.GetMigrations().Last()) < 0)
            await MigrateAsync(cancellationToken);
        return context;
    }

    public void Dispose() => _migrating.Dispose();

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await _migrating.WaitAsync(cancellationToken);
        try
        {
            if (_isMigrated)
                return;

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var context = await ConnectAsync(cancellationToken);
            await SchemaUpdate.ApplyAsync(context, cancellationToken);
            _isMigrated = true;
        }
        finally
        {
            _migrating.Release();
        }
    }

    private async Task<WorkflowDbContext> ConnectAsync(CancellationToken cancellationToken)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString();
        var options = new DbContextOptionsBuilder<WorkflowDbContext>()
            .UseSqlite(connectionString, sqlite => sqlite.MigrationsHistoryTable("__WorkflowsMigrations"))
            // There is no model snapshot to compare with: a test holds the migrated schema against the model.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
        var context = new WorkflowDbContext(options);
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000;", cancellationToken);
        return context;
    }
}

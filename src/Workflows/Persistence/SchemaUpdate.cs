using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Workflows.Persistence;

/// <summary>Brings a SQLite database up to date: wholly or not at all, and once where several processes begin at the same moment.</summary>
public static class SchemaUpdate
{
    /// <summary>Applies the context's migrations that are not applied yet.</summary>
    public static async Task ApplyAsync(DbContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);

        // Not Database.MigrateAsync: its lock is a row, and a process that is killed while it holds it leaves it
        // behind for ever. A transaction of SQLite ends with its process.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            var newest = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault();
            var script = context.GetService<IMigrator>().GenerateScript(newest, options: MigrationsSqlGenerationOptions.NoTransactions);
            await context.Database.ExecuteSqlRawAsync(script, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}

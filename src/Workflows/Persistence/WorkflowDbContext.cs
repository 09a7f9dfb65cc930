using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace VmCluster.Workflows.Persistence;

/// <summary>The engine's tables.</summary>
internal sealed class WorkflowDbContext(DbContextOptions<WorkflowDbContext> options) : DbContext(options)
{
    public DbSet<DefinitionRow> Definitions => Set<DefinitionRow>();

    public DbSet<InstanceRow> Instances => Set<InstanceRow>();

    public DbSet<ExecutionRow> Executions => Set<ExecutionRow>();

    public DbSet<BookmarkRow> Bookmarks => Set<BookmarkRow>();

    public DbSet<VariableRow> Variables => Set<VariableRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    public DbSet<JournalRow> Journal => Set<JournalRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DefinitionRow>(row =>
        {
            row.ToTable("WorkflowDefinitions").HasKey(definition => definition.Id);
            row.HasIndex(definition => new { definition.DefinitionId, definition.Version }).IsUnique().HasFilter("\"ImportedAt\" IS NULL");
        });
        modelBuilder.Entity<InstanceRow>(row =>
        {
            row.ToTable("WorkflowInstances").HasKey(instance => instance.Id);
            row.HasOne<DefinitionRow>().WithMany().HasForeignKey(instance => instance.DefinitionVersionId).OnDelete(DeleteBehavior.Restrict);
            row.HasIndex(instance => instance.CorrelationId);
            row.HasIndex(instance => instance.CreatedAt);
            row.HasIndex(instance => instance.Status);
            row.HasIndex(instance => instance.UpdatedAt);
            row.HasIndex(instance => instance.FinishedAt);
            row.HasIndex(instance => instance.DefinitionId);
        });
        modelBuilder.Entity<ExecutionRow>(row =>
        {
            row.ToTable("ActivityExecutions").HasKey(execution => execution.Id);
            row.HasOne<InstanceRow>().WithMany().HasForeignKey(execution => execution.InstanceId).OnDelete(DeleteBehavior.Restrict);
            row.HasIndex(execution => new { execution.InstanceId, execution.Order });
            row.HasIndex(execution => new { execution.InstanceId, execution.ActivityNodeId });
        });
        modelBuilder.Entity<BookmarkRow>(row =>
        {
            row.ToTable("Bookmarks").HasKey(bookmark => bookmark.Id);
            row.HasOne<ExecutionRow>().WithMany().HasForeignKey(bookmark => bookmark.ExecutionId).OnDelete(DeleteBehavior.Restrict);
            row.HasIndex(bookmark => bookmark.InstanceId);
            row.HasIndex(bookmark => new { bookmark.Name, bookmark.Key });
        });
        modelBuilder.Entity<VariableRow>(row =>
        {
            row.ToTable("Variables").HasKey(variable => new { variable.InstanceId, variable.OwnerId, variable.VariableId });
            row.HasOne<ExecutionRow>().WithMany().HasForeignKey(variable => variable.OwnerId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<IncidentRow>(row =>
        {
            row.ToTable("Incidents").HasKey(incident => incident.Id);
            row.HasOne<InstanceRow>().WithMany().HasForeignKey(incident => incident.InstanceId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<JournalRow>(row =>
        {
            row.ToTable("ExecutionLog").HasKey(entry => new { entry.InstanceId, entry.Sequence });
            row.HasOne<InstanceRow>().WithMany().HasForeignKey(entry => entry.InstanceId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}

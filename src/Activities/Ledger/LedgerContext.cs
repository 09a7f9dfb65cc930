using Microsoft.EntityFrameworkCore;

namespace VmCluster.Activities.Ledger;

/// <summary>The ledger's tables. The unique indexes are what keeps two clusters from sharing a port, a segment or a MAC.</summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    /// <summary>The runs have a history of their own in the same file.</summary>
    public const string HistoryTable = "__LedgerMigrations";

    public DbSet<ClusterRecord> Clusters => Set<ClusterRecord>();

    public DbSet<NodeRecord> Nodes => Set<NodeRecord>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ClusterRecord>(cluster =>
        {
            cluster.ToTable("Clusters").HasKey(c => c.Name);
            cluster.HasIndex(c => c.Segment).IsUnique();
            cluster.HasMany(c => c.Nodes).WithOne().HasForeignKey(n => n.Cluster).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<NodeRecord>(node =>
        {
            node.ToTable("Nodes").HasKey(n => n.Id);
            node.Property(n => n.Id).ValueGeneratedNever();
            node.HasIndex(n => n.SshPort).IsUnique();
            node.HasIndex(n => n.NatMac).IsUnique();
            node.HasIndex(n => n.ClusterMac).IsUnique();
            node.HasIndex(n => new { n.Cluster, n.Name }).IsUnique();
            node.HasIndex(n => new { n.Cluster, n.Address }).IsUnique();
        });
    }
}

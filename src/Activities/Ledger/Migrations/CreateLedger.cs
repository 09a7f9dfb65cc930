using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Activities.Ledger.Migrations;

[DbContext(typeof(LedgerContext))]
[Migration("202611220001_CreateLedger")]
internal sealed class CreateLedger : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Clusters",
            table => new
            {
                Name = table.Column<string>(),
                RunId = table.Column<string>(),
                Provider = table.Column<string>(),
                Image = table.Column<string>(),
                Subnet = table.Column<string>(),
                Segment = table.Column<int>(),
                User = table.Column<string>(),
                Cpus = table.Column<int>(),
                MemoryMiB = table.Column<int>(),
                DiskGiB = table.Column<int>(),
                Folder = table.Column<string>(),
                CreatedAt = table.Column<DateTimeOffset>(),
                VerifiedAt = table.Column<DateTimeOffset>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_Clusters", row => row.Name));
        migrationBuilder.CreateTable(
            "Nodes",
            table => new
            {
                Id = table.Column<Guid>(),
                Cluster = table.Column<string>(),
                RunId = table.Column<string>(),
                Name = table.Column<string>(),
                Index = table.Column<int>(),
                Address = table.Column<string>(),
                SshPort = table.Column<int>(),
                NatMac = table.Column<string>(),
                ClusterMac = table.Column<string>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Nodes", row => row.Id);
                table.ForeignKey("FK_Nodes_Clusters_Cluster", row => row.Cluster, "Clusters", "Name", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_Clusters_Segment", "Clusters", "Segment", unique: true);
        migrationBuilder.CreateIndex("IX_Nodes_SshPort", "Nodes", "SshPort", unique: true);
        migrationBuilder.CreateIndex("IX_Nodes_NatMac", "Nodes", "NatMac", unique: true);
        migrationBuilder.CreateIndex("IX_Nodes_ClusterMac", "Nodes", "ClusterMac", unique: true);
        migrationBuilder.CreateIndex("IX_Nodes_Cluster_Name", "Nodes", ["Cluster", "Name"], unique: true);
        migrationBuilder.CreateIndex("IX_Nodes_Cluster_Address", "Nodes", ["Cluster", "Address"], unique: true);
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Workflows.Persistence.Migrations;

/// <summary>Versions that came with imported runs: their numbers are those of elsewhere, so they may occur twice.</summary>
[DbContext(typeof(WorkflowDbContext))]
[Migration("20261123080000_ImportedVersions")]
internal sealed class ImportedVersions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>("ImportedAt", "WorkflowDefinitions", type: "INTEGER", nullable: true);
        migrationBuilder.DropIndex("IX_WorkflowDefinitions_DefinitionId_Version", "WorkflowDefinitions");
        migrationBuilder.CreateIndex("IX_WorkflowDefinitions_DefinitionId_Version", "WorkflowDefinitions", ["DefinitionId", "Version"], unique: true, filter: "\"ImportedAt\" IS NULL");
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Workflows.Persistence.Migrations;

/// <summary>Who changed a definition; deletion that keeps the history; and the indexes of the lists.</summary>
[DbContext(typeof(WorkflowDbContext))]
[Migration("20261123060000_Deletion")]
internal sealed class Deletion : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Description", "WorkflowDefinitions", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<string>("ChangedBy", "WorkflowDefinitions", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<long>("ChangedAt", "WorkflowDefinitions", type: "INTEGER", nullable: true);
        foreach (var table in new[] { "WorkflowDefinitions", "WorkflowInstances" })
        {
            migrationBuilder.AddColumn<long>("DeletedAt", table, type: "INTEGER", nullable: true);
            migrationBuilder.AddColumn<string>("DeletedBy", table, type: "TEXT", nullable: true);
        }

        migrationBuilder.Sql("UPDATE WorkflowDefinitions SET Description = json_extract(Source, '$.description');");
        migrationBuilder.CreateIndex("IX_WorkflowInstances_UpdatedAt", "WorkflowInstances", "UpdatedAt");
        migrationBuilder.CreateIndex("IX_WorkflowInstances_FinishedAt", "WorkflowInstances", "FinishedAt");
        migrationBuilder.CreateIndex("IX_WorkflowInstances_DefinitionId", "WorkflowInstances", "DefinitionId");
        migrationBuilder.CreateIndex("IX_ActivityExecutions_InstanceId_ActivityNodeId", "ActivityExecutions", ["InstanceId", "ActivityNodeId"]);
    }
}

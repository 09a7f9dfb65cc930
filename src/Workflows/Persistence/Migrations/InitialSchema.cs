using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Workflows.Persistence.Migrations;

[DbContext(typeof(WorkflowDbContext))]
[Migration("20261122000000_InitialSchema")]
internal sealed class InitialSchema : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "WorkflowDefinitions",
            table => new
            {
                Id = table.Column<string>(type: "TEXT"),
                DefinitionId = table.Column<string>(type: "TEXT"),
                Version = table.Column<int>(type: "INTEGER"),
                Name = table.Column<string>(type: "TEXT", nullable: true),
                IsLatest = table.Column<bool>(type: "INTEGER"),
                IsPublished = table.Column<bool>(type: "INTEGER"),
                IsShipped = table.Column<bool>(type: "INTEGER"),
                ContentHash = table.Column<string>(type: "TEXT"),
                Source = table.Column<string>(type: "TEXT"),
                CreatedAt = table.Column<long>(type: "INTEGER"),
            },
            constraints: table => table.PrimaryKey("PK_WorkflowDefinitions", row => row.Id));
        migrationBuilder.CreateIndex("IX_WorkflowDefinitions_DefinitionId_Version", "WorkflowDefinitions", ["DefinitionId", "Version"], unique: true);

        migrationBuilder.CreateTable(
            "WorkflowInstances",
            table => new
            {
                Id = table.Column<string>(type: "TEXT"),
                DefinitionId = table.Column<string>(type: "TEXT"),
                DefinitionVersionId = table.Column<string>(type: "TEXT"),
                Version = table.Column<int>(type: "INTEGER"),
                Status = table.Column<string>(type: "TEXT"),
                SubStatus = table.Column<string>(type: "TEXT"),
                CorrelationId = table.Column<string>(type: "TEXT", nullable: true),
                Name = table.Column<string>(type: "TEXT", nullable: true),
                StartedBy = table.Column<string>(type: "TEXT", nullable: true),
                CreatedAt = table.Column<long>(type: "INTEGER"),
                UpdatedAt = table.Column<long>(type: "INTEGER"),
                FinishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                Input = table.Column<string>(type: "TEXT"),
                Output = table.Column<string>(type: "TEXT"),
                NextSequence = table.Column<long>(type: "INTEGER"),
                NextId = table.Column<long>(type: "INTEGER"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_WorkflowInstances", row => row.Id);
                table.ForeignKey("FK_WorkflowInstances_WorkflowDefinitions_DefinitionVersionId", row => row.DefinitionVersionId, "WorkflowDefinitions", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_WorkflowInstances_DefinitionVersionId", "WorkflowInstances", "DefinitionVersionId");
        migrationBuilder.CreateIndex("IX_WorkflowInstances_CorrelationId", "WorkflowInstances", "CorrelationId");
        migrationBuilder.CreateIndex("IX_WorkflowInstances_CreatedAt", "WorkflowInstances", "CreatedAt");
        migrationBuilder.CreateIndex("IX_WorkflowInstances_Status", "WorkflowInstances", "Status");

        migrationBuilder.CreateTable(
            "ActivityExecutions",
            table => new
            {
                Id = table.Column<string>(type: "TEXT"),
                InstanceId = table.Column<string>(type: "TEXT"),
                ParentId = table.Column<string>(type: "TEXT", nullable: true),
                ActivityId = table.Column<string>(type: "TEXT"),
                ActivityNodeId = table.Column<string>(type: "TEXT"),
                ActivityType = table.Column<string>(type: "TEXT"),
                ActivityName = table.Column<string>(type: "TEXT", nullable: true),
                Order = table.Column<long>(type: "INTEGER"),
                Status = table.Column<string>(type: "TEXT"),
                Attempt = table.Column<int>(type: "INTEGER"),
                StartedAt = table.Column<long>(type: "INTEGER"),
                CompletedAt = table.Column<long>(type: "INTEGER", nullable: true),
                CompletedSequence = table.Column<long>(type: "INTEGER", nullable: true),
                Outcomes = table.Column<string>(type: "TEXT", nullable: true),
                Inputs = table.Column<string>(type: "TEXT"),
                Outputs = table.Column<string>(type: "TEXT", nullable: true),
                JournalData = table.Column<string>(type: "TEXT", nullable: true),
                Memory = table.Column<string>(type: "TEXT", nullable: true),
                ResumedWith = table.Column<string>(type: "TEXT", nullable: true),
                EnteredBackward = table.Column<bool>(type: "INTEGER"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_ActivityExecutions", row => row.Id);
                table.ForeignKey("FK_ActivityExecutions_WorkflowInstances_InstanceId", row => row.InstanceId, "WorkflowInstances", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_ActivityExecutions_InstanceId_Order", "ActivityExecutions", ["InstanceId", "Order"]);

        migrationBuilder.CreateTable(
            "Bookmarks",
            table => new
            {
                Id = table.Column<string>(type: "TEXT"),
                InstanceId = table.Column<string>(type: "TEXT"),
                ExecutionId = table.Column<string>(type: "TEXT"),
                ActivityNodeId = table.Column<string>(type: "TEXT"),
                Name = table.Column<string>(type: "TEXT"),
                Key = table.Column<string>(type: "TEXT", nullable: true),
                Payload = table.Column<string>(type: "TEXT"),
                Due = table.Column<long>(type: "INTEGER", nullable: true),
                CreatedAt = table.Column<long>(type: "INTEGER"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Bookmarks", row => row.Id);
                table.ForeignKey("FK_Bookmarks_ActivityExecutions_ExecutionId", row => row.ExecutionId, "ActivityExecutions", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Bookmarks_ExecutionId", "Bookmarks", "ExecutionId");
        migrationBuilder.CreateIndex("IX_Bookmarks_InstanceId", "Bookmarks", "InstanceId");
        migrationBuilder.CreateIndex("IX_Bookmarks_Name_Key", "Bookmarks", ["Name", "Key"]);

        migrationBuilder.CreateTable(
            "Variables",
            table => new
            {
                InstanceId = table.Column<string>(type: "TEXT"),
                OwnerId = table.Column<string>(type: "TEXT"),
                VariableId = table.Column<string>(type: "TEXT"),
                Name = table.Column<string>(type: "TEXT"),
                Value = table.Column<string>(type: "TEXT"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Variables", row => new { row.InstanceId, row.OwnerId, row.VariableId });
                table.ForeignKey("FK_Variables_ActivityExecutions_OwnerId", row => row.OwnerId, "ActivityExecutions", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Variables_OwnerId", "Variables", "OwnerId");

        migrationBuilder.CreateTable(
            "Incidents",
            table => new
            {
                Id = table.Column<string>(type: "TEXT"),
                InstanceId = table.Column<string>(type: "TEXT"),
                ActivityId = table.Column<string>(type: "TEXT"),
                ActivityNodeId = table.Column<string>(type: "TEXT"),
                ActivityExecutionId = table.Column<string>(type: "TEXT"),
                ActivityType = table.Column<string>(type: "TEXT"),
                Message = table.Column<string>(type: "TEXT"),
                Detail = table.Column<string>(type: "TEXT", nullable: true),
                ExceptionType = table.Column<string>(type: "TEXT"),
                Timestamp = table.Column<long>(type: "INTEGER"),
                IsResolved = table.Column<bool>(type: "INTEGER"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Incidents", row => row.Id);
                table.ForeignKey("FK_Incidents_WorkflowInstances_InstanceId", row => row.InstanceId, "WorkflowInstances", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Incidents_InstanceId", "Incidents", "InstanceId");

        migrationBuilder.CreateTable(
            "ExecutionLog",
            table => new
            {
                InstanceId = table.Column<string>(type: "TEXT"),
                Sequence = table.Column<long>(type: "INTEGER"),
                Timestamp = table.Column<long>(type: "INTEGER"),
                EventName = table.Column<string>(type: "TEXT"),
                ActivityId = table.Column<string>(type: "TEXT"),
                ActivityNodeId = table.Column<string>(type: "TEXT"),
                ActivityType = table.Column<string>(type: "TEXT"),
                ActivityExecutionId = table.Column<string>(type: "TEXT"),
                ParentActivityExecutionId = table.Column<string>(type: "TEXT", nullable: true),
                ActivityName = table.Column<string>(type: "TEXT", nullable: true),
                Message = table.Column<string>(type: "TEXT", nullable: true),
                Payload = table.Column<string>(type: "TEXT", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_ExecutionLog", row => new { row.InstanceId, row.Sequence });
                table.ForeignKey("FK_ExecutionLog_WorkflowInstances_InstanceId", row => row.InstanceId, "WorkflowInstances", "Id", onDelete: ReferentialAction.Restrict);
            });

        // The journal is evidence: the database itself refuses to change or remove a row of it.
        foreach (var change in new[] { "UPDATE", "DELETE" })
            migrationBuilder.Sql($"CREATE TRIGGER ExecutionLog_No{change} BEFORE {change} ON ExecutionLog BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;");
    }
}

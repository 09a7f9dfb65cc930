using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace VmCluster.Workflows.Persistence.Migrations;

[DbContext(typeof(WorkflowDbContext))]
[Migration("20261123070000_HoldAndChangedInputs")]
internal sealed class HoldAndChangedInputs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Hold", "WorkflowInstances", type: "TEXT", nullable: false, defaultValue: "None");
        migrationBuilder.Sql("UPDATE WorkflowInstances SET Hold = 'Interrupted' WHERE SubStatus = 'Interrupted';");
        migrationBuilder.AddColumn<string>("ChangedInputs", "ActivityExecutions", type: "TEXT", nullable: true);
    }
}

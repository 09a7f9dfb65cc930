using System.Text.Json.Nodes;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>Where this engine differs from the records on purpose. Each is an oddity that the record itself marks as one.</summary>
internal static class GoldenDifferences
{
    public static void Apply(string name, JsonObject expected)
    {
        switch (name)
        {
            case "43-cancel-suspended":
                // A cancellation is told by the journal and by the records of what it ended.
                foreach (var activity in new[] { "wait", "Flowchart1", "Workflow1" })
                    expected["journal"]!.AsArray().Add(new JsonObject { ["event"] = "Canceled", ["activityId"] = activity });

                foreach (var record in expected["records"]!.AsArray())
                    record!["status"] = "Canceled";

                expected["journalRowsAfterEachStep"] = new JsonArray(6, 9, 9);
                break;
            case "44-unknown-activity":
                // The message names the version that the definition asks for.
                const string message = "Activity type 'Acme.Teleport' version '1' could not be found.";
                expected["incidents"]![0]!["message"] = message;
                expected["journal"]!.AsArray().Single(row => row!["message"] is not null)!["message"] = message;
                break;
            case "56-variable-without-driver":
                // Every variable is durable; one without a storage driver keeps its value too.
                expected["variables"]!["Mem"] = "set";
                expected["console"]![1] = "set set";
                break;
        }
    }
}

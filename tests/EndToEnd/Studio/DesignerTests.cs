using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>Looking at a workflow and changing it.</summary>
public sealed class DesignerTests(StudioFixture studio) : StudioTest(studio)
{
    [StudioFact]
    public async Task The_designer_shows_every_step_of_the_cluster_build_and_every_connection()
    {
        var root = (await Server.GetAsync("/elsa/api/workflow-definitions/by-definition-id/build-cluster?versionOptions=Latest"))["root"]!;
        await Studio.OpenEditorAsync("build-cluster");
        foreach (var step in root["activities"]!.AsArray())
            await Expect(Studio.Node((string)step!["metadata"]!["displayText"]!)).ToHaveCountAsync(1);
        await Expect(Studio.Nodes).ToHaveCountAsync(root["activities"]!.AsArray().Count);
        await Expect(Studio.Connections).ToHaveCountAsync(root["connections"]!.AsArray().Count);
        await Studio.PictureAsync("designer");
    }
}

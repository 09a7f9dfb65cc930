using System.Security.Cryptography;
using VmCluster.Activities.Processes;
using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd;

/// <summary>An image that boots its own disk, as clouds have them: a boot loader, and cloud-init as the distribution ships it.</summary>
public sealed class BootLoaderTests : IDisposable
{
    private readonly TestHome home = new();
    private readonly VmClusterCli cli;

    public BootLoaderTests() => cli = new VmClusterCli(home);

    [Fact]
    public async Task A_cluster_is_built_from_a_disk_with_a_boot_loader()
    {
        var image = await BootableImageAsync();

        (await cli.RunAsync("up", "booted", "--nodes", "2", "--image", image)).Expect(0);

        var names = (await cli.RunAsync("exec", "booted", "--all", "--", "hostname")).Expect(0);
        Assert.Equal("fe1: fe1\nnode1: node1\n", names.Output);
        (await cli.RunAsync("destroy", "booted", "--yes")).Expect(0);
        Assert.Empty(home.Processes());
    }

    public void Dispose() => home.Dispose();

    /// <summary>Making it takes minutes, so it is kept beside the other images of the tests until its script changes.</summary>
    private static async Task<string> BootableImageAsync()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Support", "bootable-image.sh");
        var version = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(script)))[..16];
        var image = Path.Combine(TestHome.SharedImages, $"bootable-{version}.raw");
        if (!File.Exists(image))
            await new CommandRunner(TimeProvider.System).RunCheckedAsync(new Command("bash", script, image) { Timeout = TimeSpan.FromMinutes(15) }, default);
        return image;
    }
}

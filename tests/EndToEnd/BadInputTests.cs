using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd;

/// <summary>What a user gets wrong before anything is built: one clear message, and nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int Usage = 2;
    private const int Refused = 5;

    private readonly TestHome home = new();
    private readonly VmClusterCli cli;

    public BadInputTests() => cli = new VmClusterCli(home);

    [Theory]
    [InlineData("../x")]
    [InlineData("two words")]
    [InlineData("-x")]
    [InlineData("a234567890b234567890c234567890d234567890e234567890f234567890g234")]
    public async Task A_name_that_no_host_can_have_is_refused(string name)
        => await IsRefused("letters, digits and hyphens", "up", "--", name);

    [Fact]
    public async Task A_cluster_of_no_nodes_is_refused()
        => await IsRefused("at least 1", "up", "bad", "--nodes", "0");

    [Fact]
    public async Task An_unknown_image_is_refused_and_the_known_ones_are_named()
        => await IsRefused("debian-12", "up", "bad", "--image", "slackware-1");

    [Fact]
    public async Task More_memory_than_the_computer_has_is_refused()
        => await IsRefused("memory", "up", "bad", "--memory", "9000000");

    [Fact]
    public async Task More_disk_than_the_computer_has_is_refused()
        => await IsRefused("disk", "up", "bad", "--disk", "4000000");

    [Fact]
    public async Task A_subnet_that_the_computer_uses_itself_is_refused()
        => await IsRefused("127.0.0.0/8", "up", "bad", "--subnet", "127.0.0.0/8");

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var result = await cli.RunAsync("up", "bad", "--memory", "9000000", "--image", "slackware-1", "--subnet", "127.0.0.0/8");
        result.Expect(Refused);
        Assert.All(["memory", "slackware-1", "127.0.0.0/8"], word => Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_image_whose_checksum_differs_is_refused()
    {
        var image = Path.Combine(home.Root, "image.raw");
        await File.WriteAllBytesAsync(image, new byte[1 << 20]);
        await IsRefused("checksum", "up", "bad", "--image", image + "#sha256=" + new string('0', 64));
    }

    [Fact]
    public async Task A_corrupt_qcow2_is_refused()
    {
        var image = Path.Combine(home.Root, "image.qcow2");
        await File.WriteAllBytesAsync(image, [.. "QFI\xfb"u8, .. new byte[100]]);
        await IsRefused("image.qcow2", "up", "bad", "--image", image);
    }

    [Fact]
    public async Task Without_QEMU_the_message_names_the_package_to_install()
    {
        var empty = Directory.CreateDirectory(Path.Combine(home.Root, "empty")).FullName;
        var result = await new VmClusterCli(home, onlyPath: empty).RunAsync("up", "bad", "--provider", "qemu");
        result.Expect(Refused);
        Assert.Contains("qemu-system-x86", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_ours_is_not_touched()
    {
        var disk = Path.Combine(Directory.CreateDirectory(home.Folder.Node("foreign", "fe1")).FullName, "disk.qcow2");
        await File.WriteAllTextAsync(disk, "somebody's work");
        (await cli.RunAsync("up", "foreign")).Expect(Refused);
        Assert.Equal("somebody's work", await File.ReadAllTextAsync(disk));
    }

    public void Dispose() => home.Dispose();

    private async Task IsRefused(string word, params string[] arguments)
    {
        var result = await cli.RunAsync(arguments);
        Assert.True(result.ExitCode is Refused or Usage, $"exit code {result.ExitCode}\n{result.Output}\n{result.Error}");
        Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("[]", (await cli.RunAsync("list", "--json")).Expect(0).Output.Trim());
        Assert.False(Directory.Exists(home.Folder.Cluster("bad")));
        Assert.Empty(home.Processes());
    }
}

using System.Security.Cryptography;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Images;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Tests.Images;

public sealed class ImageCatalogTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly FileServer _server = new();
    private readonly CommandRunner _runner = new(TimeProvider.System);
    private readonly ImageCatalog _catalog;

    public ImageCatalogTests() => _catalog = Catalog();

    public void Dispose()
    {
        _catalog.Dispose();
        _server.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void The_catalogue_names_the_images_with_their_users() =>
        Assert.Equal(
            [("debian-12", "debian", false), ("ubuntu-24.04", "ubuntu", false)],
            _catalog.Entries.Select(entry => (entry.Name, entry.DefaultUser, entry.IsCached)));

    [Theory]
    [InlineData("slackware-1", "Known are debian-12, ubuntu-24.04")]
    [InlineData("relative/path.qcow2", "Known are debian-12, ubuntu-24.04")]
    [InlineData("https://example.org/disk.qcow2", "has no checksum")]
    [InlineData("/disk.qcow2#sha256=abc", "64 hexadecimal digits")]
    [InlineData("/nowhere/disk.qcow2", "There is no file '/nowhere/disk.qcow2'")]
    public async Task An_image_that_cannot_be_had_is_found_out_before_and_refused(string image, string why)
    {
        var problem = Assert.Single(await _catalog.CheckAsync(image, default));
        var error = await Assert.ThrowsAsync<ImageException>(() => EnsureAsync(image));

        Assert.True(problem.IsFatal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal((error.What, error.Remedy), (problem.What, problem.Remedy));
    }

    [Fact]
    public async Task An_installers_ISO_is_used_where_it_lies_though_it_has_a_boot_sector()
    {
        var iso = Path.Combine(_home.Path, "ubuntu.iso");
        var content = new byte[64 * 1024];
        (content[510], content[511]) = (0x55, 0xaa);
        "CD001"u8.CopyTo(content.AsSpan(0x8001));
        await File.WriteAllBytesAsync(iso, content);

        Assert.Empty(await _catalog.CheckAsync(iso, default));
        Assert.Equal(new BootImage(iso, IsInstaller: true), await EnsureAsync(iso));
        var error = await Assert.ThrowsAsync<ImageException>(() => EnsureAsync(iso + "#sha256=" + new string('0', 64)));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qcow2")]
    [InlineData("raw")]
    [InlineData("vdi")]
    public async Task A_disk_file_of_any_format_becomes_a_cached_qcow2_with_the_same_contents(string format)
    {
        var file = await MakeDiskAsync(format);

        Assert.Empty(await _catalog.CheckAsync(file, default));
        var image = await EnsureAsync(file);

        Assert.Null(image.KernelPath);
        Assert.StartsWith(ImagesFolder, image.DiskPath, StringComparison.Ordinal);
        Assert.Equal("qcow2", (await new QemuImg(_runner).InfoAsync(image.DiskPath, format: null, default)).Format);
        await RunAsync("qemu-img", "compare", "-q", "-f", format, "-F", "qcow2", file, image.DiskPath);
        Assert.Equal(image, await EnsureAsync(file));
    }

    [Fact]
    public async Task A_download_with_the_right_checksum_is_cached_and_not_fetched_again()
    {
        var content = await File.ReadAllBytesAsync(await MakeDiskAsync("qcow2"));
        var url = $"{_server.Serve("/disk.qcow2", content)}#sha256={Sha256(content)}";
        var progress = new RecordedProgress();

        var image = await _catalog.EnsureAsync(url, progress, default);
        var again = await EnsureAsync(url);

        Assert.Equal(content, await File.ReadAllBytesAsync(image.DiskPath));
        Assert.Equal(image, again);
        Assert.Equal(1, _server.Requests);
        Assert.Contains(progress.All, report => report.Fraction is 1);
    }

    [Fact]
    public async Task Many_that_want_an_image_at_once_make_it_once()
    {
        var content = await File.ReadAllBytesAsync(await MakeDiskAsync("qcow2"));
        var url = $"{_server.Serve("/disk.qcow2", content)}#sha256={Sha256(content)}";
        using var otherRun = Catalog();

        var images = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? _catalog : otherRun).EnsureAsync(url, null, default))));

        Assert.Single(images.Distinct());
        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task A_download_with_another_checksum_is_refused_and_nothing_is_kept()
    {
        var content = await File.ReadAllBytesAsync(await MakeDiskAsync("qcow2"));
        var url = $"{_server.Serve("/disk.qcow2", content)}#sha256={new string('0', 64)}";

        var error = await Assert.ThrowsAsync<ImageException>(() => EnsureAsync(url));

        Assert.Contains($"has the checksum {Sha256(content)}, not {new string('0', 64)}", error.Message, StringComparison.Ordinal);
        AssertNothingIsKept();
    }

    [Fact]
    public async Task A_download_is_followed_to_where_the_server_sends_it()
    {
        var content = await File.ReadAllBytesAsync(await MakeDiskAsync("qcow2"));
        _server.Serve("/archive/disk.qcow2", content);
        var url = _server.Serve("/disk.qcow2", response => response.Redirect("/archive/disk.qcow2"));

        await EnsureAsync($"{url}#sha256={Sha256(content)}");

        Assert.Equal(2, _server.Requests);
    }

    [Fact]
    public async Task A_download_that_is_not_there_or_breaks_off_is_reported_and_nothing_is_kept()
    {
        var url = _server.Serve("/short.qcow2", response =>
        {
            response.ContentLength64 = 1000;
            response.OutputStream.Write(new byte[10]);
            response.Abort();
        });

        await Assert.ThrowsAsync<ImageException>(() => EnsureAsync($"{url}#sha256={new string('0', 64)}"));
        var missing = await Assert.ThrowsAsync<ImageException>(() => EnsureAsync($"{_server.Address}missing#sha256={new string('0', 64)}"));

        Assert.Contains("404", missing.Message, StringComparison.Ordinal);
        AssertNothingIsKept();
    }

    [Fact]
    public async Task More_than_the_disk_can_hold_is_not_even_begun()
    {
        var url = _server.Serve("/huge.qcow2", response => response.ContentLength64 = 1L << 60);

        var error = await Assert.ThrowsAsync<ImageException>(() => EnsureAsync($"{url}#sha256={new string('0', 64)}"));

        Assert.Contains("not enough disk space", error.Message, StringComparison.Ordinal);
        AssertNothingIsKept();
    }

    [Fact]
    public async Task A_file_with_another_checksum_is_refused()
    {
        var file = await MakeDiskAsync("raw");

        var problem = Assert.Single(await _catalog.CheckAsync($"{file}#sha256={new string('0', 64)}", default));

        Assert.Contains("checksum", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_disk_is_refused()
    {
        var file = _home.File("notes.txt");
        await File.WriteAllTextAsync(file, "Dear diary");

        var problem = Assert.Single(await _catalog.CheckAsync(file, default));

        Assert.Contains("is no disk image", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_qcow2_is_refused()
    {
        var file = await MakeDiskAsync("qcow2");
        await using (var disk = File.OpenWrite(file))
            disk.SetLength(disk.Length / 2);

        var problem = Assert.Single(await _catalog.CheckAsync(file, default));

        Assert.Contains("is corrupt", problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a backing file", "-b", "/etc/passwd", "-F", "raw")]
    [InlineData("an external data file", "-o", "data_file={0}")]
    public async Task An_image_that_leans_on_another_file_of_this_computer_is_refused(string what, params string[] options)
    {
        var file = _home.File("trojan.qcow2");
        var data = _home.File("data.raw");
        await RunAsync("qemu-img", ["create", "-q", "-u", "-f", "qcow2", .. options.Select(o => o.Replace("{0}", data, StringComparison.Ordinal)), file, "1M"]);

        var problem = Assert.Single(await _catalog.CheckAsync(file, default));

        Assert.Contains(what, problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_run_left_in_the_cache_is_removed_and_the_image_made()
    {
        var file = await MakeDiskAsync("qcow2");
        var image = await EnsureAsync(file);
        var folder = Path.GetDirectoryName(image.DiskPath)!;
        Directory.Move(folder, folder + ".part");

        Assert.Equal(image, await EnsureAsync(file));
        Assert.False(Directory.Exists(folder + ".part"));
    }

    private string ImagesFolder => new DataFolder(_home.Path).Images;

    private void AssertNothingIsKept() => Assert.All(Directory.GetFileSystemEntries(ImagesFolder), entry => Assert.EndsWith(".lock", entry, StringComparison.Ordinal));

    private ImageCatalog Catalog() => new(new DataFolder(_home.Path), _runner, TimeProvider.System);

    private Task<BootImage> EnsureAsync(string image) => _catalog.EnsureAsync(image, null, default);

    /// <summary>A disk with a boot sector and something behind it.</summary>
    private async Task<string> MakeDiskAsync(string format)
    {
        var raw = _home.File("disk.raw");
        var content = new byte[1 << 20];
        content[510] = 0x55;
        content[511] = 0xaa;
        content[700_000] = 42;
        await File.WriteAllBytesAsync(raw, content);
        if (format == "raw")
            return raw;
        var file = _home.File("disk." + format);
        await RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, raw, file);
        return file;
    }

    private Task<CommandResult> RunAsync(string program, params string[] arguments) => _runner.RunCheckedAsync(new Command(program, arguments), default);

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed class RecordedProgress : IProgress<ImageProgress>
    {
        public List<ImageProgress> All { get; } = [];

        public void Report(ImageProgress value) => All.Add(value);
    }
}

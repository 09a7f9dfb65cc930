using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Tests.Processes;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_its_owner_can_enter_a_run_folder()
    {
        var path = _folder.File("run");
        Directory.CreateDirectory(path, (UnixFileMode)0b111_101_101);

        RunFolder.Open(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_link_that_somebody_put_in_the_place_of_a_run_folder_is_refused()
    {
        var path = _folder.File("run");
        Directory.CreateSymbolicLink(path, _folder.Path);

        Assert.Throws<RunFolderException>(() => RunFolder.Open(path));
    }

    [Fact]
    public void A_socket_path_that_is_too_long_is_refused_before_a_program_fails_on_it()
    {
        var folder = RunFolder.Open(_folder.File(new string('x', 80)));

        Assert.Throws<RunFolderException>(() => folder.Socket("0123456789abcdef0123456789abcdef.qmp"));
    }
}

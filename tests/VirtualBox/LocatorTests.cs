using System.Runtime.InteropServices;
using VmCluster.Activities.Hypervisors.VirtualBox;

namespace VmCluster.VirtualBox.Tests;

/// <summary>VBoxManage is found where VirtualBox's installers put it.</summary>
public sealed class LocatorTests
{
    [Theory]
    [InlineData("/usr/bin:/opt/tools", "/opt/tools/VBoxManage", "/opt/tools/VBoxManage")]
    [InlineData("/usr/bin", "/usr/lib/virtualbox/VBoxManage", "/usr/lib/virtualbox/VBoxManage")]
    [InlineData("/usr/bin", "/opt/VirtualBox/VBoxManage", "/opt/VirtualBox/VBoxManage")]
    public void On_Linux_the_PATH_comes_first(string path, string there, string found)
        => Assert.Equal(found, Locator(OSPlatform.Linux, new() { ["PATH"] = path }, there).Find());

    [Fact]
    public void Debians_script_gives_way_to_the_program_behind_it_since_it_prints_warnings_among_the_output()
        => Assert.Equal("/usr/lib/virtualbox/VBoxManage", Locator(OSPlatform.Linux, new() { ["PATH"] = "/usr/bin" }, "/usr/bin/VBoxManage", "/usr/lib/virtualbox/VBoxManage").Find());

    [Fact]
    public void On_macOS_it_is_in_the_application()
    {
        const string Application = "/Applications/VirtualBox.app/Contents/MacOS/VBoxManage";
        Assert.Equal(Application, Locator(OSPlatform.OSX, new() { ["PATH"] = "/usr/bin" }, Application).Find());
    }

    [Theory]
    [InlineData("VBOX_MSI_INSTALL_PATH", @"D:\VirtualBox\", @"D:\VirtualBox\VBoxManage.exe")]
    [InlineData("ProgramFiles", @"C:\Programme", @"C:\Programme\Oracle\VirtualBox\VBoxManage.exe")]
    [InlineData("PATH", """C:\Windows;"C:\My Tools" """, @"C:\My Tools\VBoxManage.exe")]
    public void On_Windows_the_installer_says_where_it_is(string variable, string value, string found)
        => Assert.Equal(found, Locator(OSPlatform.Windows, new() { [variable] = value }, found).Find());

    [Fact]
    public void Where_there_is_none_none_is_found()
        => Assert.Null(Locator(OSPlatform.Linux, []).Find());

    private static VBoxManageLocator Locator(OSPlatform platform, Dictionary<string, string> variables, params string[] there)
        => new(platform, variables.GetValueOrDefault, there.Contains);
}

using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

public sealed class VBoxManageErrorTests
{
    [Fact]
    public void Every_recorded_failure_gets_the_class_that_says_what_to_do()
    {
        var failures = Recordings.Failures().ToList();

        Assert.True(failures.Count > 100, $"{failures.Count} failures were read");
        Assert.Empty(failures
            .Select(failure => (failure, Actual: VBoxManageError.From(failure.ExitCode, "", failure.Error)?.Fault.ToString()))
            .Where(pair => pair.Actual != pair.failure.Class)
            .Select(pair => $"{pair.Actual} instead of {pair.failure.Class}: {pair.failure.Command}\n{pair.failure.Error}"));
    }

    [Fact]
    public void A_failure_that_exits_with_0_is_a_failure()
    {
        var error = VBoxManageError.From(0, "", "VBoxManage: error: Invalid NIC number 9\n");

        Assert.Equal(VirtualBoxFault.BadArgument, error!.Fault);
    }

    [Fact]
    public void Progress_and_warnings_are_no_failure()
        => Assert.Null(VBoxManageError.From(0, "Machine has been successfully cloned as \"fe2\"\n",
            "0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\nWarning: --audio is deprecated and will be removed soon. Use --audio-driver instead!\nVBoxManage: warning: Interface \"vboxnet0\" doesn't seem to exist\n"));

    [Fact]
    public void The_message_has_every_reason_once_and_no_line_of_source_code()
    {
        var error = VBoxManageError.From(1, "", """
            0%...10%...VBOX_E_FILE_ERROR
            VBoxManage: error: Clone VM failed
            VBoxManage: error: Could not create the clone medium '/vms/full.vdi' (VERR_DISK_FULL)
            VBoxManage: error: Details: code VBOX_E_FILE_ERROR (0x80bb0004), component MediumWrap, interface IMedium
            VBoxManage: error: Context: "RTEXITCODE handleCloneVM(HandlerArg*)" at line 763 of file VBoxManageMisc.cpp
            """);

        Assert.Equal((VirtualBoxFault.NoSpace, 0x80bb0004u), (error!.Fault, error.Code));
        Assert.Equal("Clone VM failed; Could not create the clone medium '/vms/full.vdi' (VERR_DISK_FULL)", error.Reason);
    }

    [Theory]
    [InlineData("VBoxManage: error: Der Rechner ist gesperrt lock\nVBoxManage: error: Details: code E_FAIL (0x80004004), component ProgressProxy", VirtualBoxFault.ServerDied)]
    [InlineData("VBoxManage: error: Maschine unbekannt\nVBoxManage: error: Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001), component VirtualBoxWrap", VirtualBoxFault.NotFound)]
    [InlineData("VBoxManage: error: Ungültig\nVBoxManage: error: Details: code E_INVALIDARG (0x80070057), component MachineWrap", VirtualBoxFault.BadArgument)]
    public void The_number_decides_where_the_text_is_translated_or_the_name_is_that_of_Windows(string error, VirtualBoxFault fault)
        => Assert.Equal(fault, VBoxManageError.From(1, "", error)!.Fault);

    [Fact]
    public void Every_class_of_failure_says_what_to_do()
        => Assert.All(Enum.GetValues<VirtualBoxFault>(), fault => Assert.NotEmpty(new VirtualBoxException(fault, "It failed").Remedy));
}

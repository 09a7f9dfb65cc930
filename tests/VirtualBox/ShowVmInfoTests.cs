using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>Reading what VBoxManage prints for programs.</summary>
public sealed class ShowVmInfoTests
{
    [Fact]
    public void The_settings_of_a_VM_are_read_as_they_are()
    {
        var machine = MachineInfo.Parse(Recordings.Read("showvminfo-fe1.txt"));

        Assert.Equal(("fe1", Guid.Parse("7b0582cd-62d8-457b-9d73-16541b31eb2e"), "/", "poweroff"), (machine.Name, machine.Id, machine.Groups, machine.State));
        Assert.Equal("3072", machine["memory"]);
        Assert.Equal("cluster1", machine["intnet2"]);
        Assert.True(machine.HasController("IDE"));
        Assert.Equal("/tmp/vbox-demo/vms/fe1/fe1.vdi", machine.Medium("SATA", 0));
        Assert.Null(machine.Medium("SATA", 1));
        Assert.Equal("first line\nsecond \"quoted\" line", machine["description"]);
    }

    [Fact]
    public void Each_forward_belongs_to_the_NAT_adapter_above_it_though_its_number_comes_again()
    {
        var machine = MachineInfo.Parse(Recordings.Read("showvminfo-two.txt"));

        Assert.Equal([(1, "SSH,tcp,,22222,,22"), (1, "q\"uote,tcp,,22226,,22"), (1, "with space,tcp,,22225,,22"), (3, "web,tcp,,8080,,80")], machine.Forwards);
    }

    [Fact]
    public void A_description_of_several_lines_cannot_pass_for_a_forward()
    {
        var machine = MachineInfo.Parse(Recordings.Read("showvminfo-two.txt"));

        Assert.Equal("line 1\nForwarding(9)=\"fake,tcp,,1,,1\"\nback\\slash \"quote\"", machine["description"]);
    }

    [Fact]
    public void A_text_that_ends_in_a_backslash_does_not_swallow_the_next_line()
    {
        var pairs = MachineReadable.Parse("a=\"x\\\\\"\nb=\"y\\\"\nz\"\nc=1\nno key here\n");

        Assert.Equal([new("a", "x\\"), new("b", "y\"\nz"), new("c", "1")], pairs);
    }

    [Fact]
    public void Snapshots_come_in_the_order_in_which_they_build_on_each_other_and_one_is_current()
    {
        var machine = MachineInfo.Parse("""
            SnapshotName="base"
            SnapshotUUID="afda86ae-0ec2-444c-88e9-c3cda7d08033"
            SnapshotName-1="base"
            SnapshotUUID-1="7d41e190-1610-4e4c-a474-5428eaa826af"
            SnapshotName-1-1="tmp1"
            SnapshotUUID-1-1="3a5210ec-8a70-4b46-854d-f2373e64846d"
            CurrentSnapshotName="base"
            CurrentSnapshotUUID="7d41e190-1610-4e4c-a474-5428eaa826af"
            CurrentSnapshotNode="SnapshotName-1"
            """);

        Assert.Equal([("base", false), ("base", true), ("tmp1", false)], machine.Snapshots.Select(s => (s.Name, s.IsCurrent)));
    }

    [Theory]
    [InlineData("running", Activities.Hypervisors.VmState.Running)]
    [InlineData("restoring", Activities.Hypervisors.VmState.Running)]
    [InlineData("paused", Activities.Hypervisors.VmState.Stalled)]
    [InlineData("gurumeditation", Activities.Hypervisors.VmState.Stalled)]
    [InlineData("poweroff", Activities.Hypervisors.VmState.Stopped)]
    [InlineData("aborted", Activities.Hypervisors.VmState.Stopped)]
    [InlineData("saved", Activities.Hypervisors.VmState.Stopped)]
    public void VirtualBoxs_word_for_a_state_is_understood(string word, Activities.Hypervisors.VmState state)
        => Assert.Equal(state, MachineInfo.Parse($"VMState=\"{word}\"\n").ToVmState());

    [Fact]
    public void A_disk_that_is_being_copied_is_locked()
    {
        var medium = Assert.Single(Media.Parse("UUID:           971e1e2c-a8ba-4214-ac98-e7443f8c52e0\nParent UUID:    base\nState:          locked read\nLocation:       /tmp/p1.vdi\nCapacity:       2479 MBytes\n"));

        Assert.True(medium.IsLocked);
    }

    [Fact]
    public void Disks_are_listed_with_what_they_are_differences_to()
    {
        var media = Media.Parse(Recordings.Read("list-hdds.txt"));

        var first = media[0];
        Assert.Equal((null, "/tmp/vbox-demo/vms/fe1/fe1.vdi", 30720L, false), (first.Parent, first.Location, first.SizeMiB, first.IsLocked));
        Assert.Equal(2, media.Count(m => m.Parent == first.Id));
        Assert.True(media[1].IsIn("/tmp/vbox-demo/vms/fe1"));
        Assert.False(media[1].IsIn("/tmp/vbox-demo/vms/fe"));
    }
}

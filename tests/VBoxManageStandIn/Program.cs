using VmCluster.VBoxManageStandIn;

// VBoxManage as it is on a computer with VirtualBox's kernel driver. VMs seem to run: what concerns that is played here,
// and the real VBoxManage does all the rest.
var machines = new RunningMachines(Environment.GetEnvironmentVariable("VBOX_USER_HOME")!);
return args switch
{
    [RunningMachines.HeadlessArgument, ..] => await RunningMachines.RunHeadlessAsync(),
    ["startvm", var id, "--type", "headless"] => Commands.Start(machines, id),
    ["controlvm", var id, var verb] => Commands.Control(machines, id, verb),
    ["showvminfo", var id, "--machinereadable"] => Commands.Show(machines, id),
    ["list", "runningvms"] => Commands.ListRunning(machines),
    [not "showvminfo", var id, ..] when machines.IsRunning(id) => Commands.Locked(id),
    _ => RealVBoxManage.Become(args),
};

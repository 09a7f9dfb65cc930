using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Starting and stopping VMs.</summary>
public sealed partial class VirtualBoxHypervisor
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Task StartAsync(VmReference vm, CancellationToken cancellationToken)
        => ChangeAsync(vm, [vm], async () =>
        {
            var machine = await GetAsync(vm, cancellationToken);
            if (machine.ToVmState() != VmState.Running)
                await StartMachineAsync(vm, machine, cancellationToken);
        }, cancellationToken);

    public Task StopAsync(VmReference vm, TimeSpan grace, CancellationToken cancellationToken)
        => ChangeAsync(vm, [vm], async () =>
        {
            var machine = await GetAsync(vm, cancellationToken);
            if (machine.ToVmState() == VmState.Running && grace > TimeSpan.Zero)
            {
                await ControlAsync(vm, "acpipowerbutton", cancellationToken);
                machine = await WaitUntilStoppedAsync(vm, machine, grace, Pause, cancellationToken);
            }

            await PullPlugAsync(vm, machine, cancellationToken);
        }, cancellationToken);

    private async Task StartMachineAsync(VmReference vm, MachineInfo machine, CancellationToken cancellationToken)
    {
        if (machine.ToVmState() == VmState.Stalled)
            throw new VmStartException(vm, $"VirtualBox has halted it ('{machine.State}')", "Free space on the disk if it is full; stop the node, then retry the step.");
        RefuseTakenPort(vm, machine);
        try
        {
            await manage.RunAsync(vm, cancellationToken, "startvm", vm.Key(), "--type", "headless");
        }
        catch (VirtualBoxException e) when (e.Fault is not VirtualBoxFault.ServerDied)
        {
            // VBoxManage only says that the VM ended; what is missing on this computer is likely the reason.
            var reason = preflight.Drivers().FirstOrDefault(p => p.IsFatal);
            throw new VmStartException(vm, reason?.What ?? e.What, reason?.Remedy ?? $"{e.Remedy} VirtualBox's log is {Path.Combine(vm.MachineFolder(), "Logs", "VBox.log")}.");
        }

        machine = await GetAsync(vm, cancellationToken);
        if (machine.ToVmState() == VmState.Stopped)
            throw new VmStartException(vm, $"it ended at once (state '{machine.State}')", $"Look into {Path.Combine(vm.MachineFolder(), "Logs", "VBox.log")}, then retry the step.");
    }

    private async Task PullPlugAsync(VmReference vm, MachineInfo machine, CancellationToken cancellationToken)
    {
        if (machine.ToVmState() == VmState.Stopped)
            return;
        await ControlAsync(vm, "poweroff", cancellationToken);
        machine = await WaitUntilStoppedAsync(vm, machine, TimeSpan.FromMinutes(1), Pause, cancellationToken);
        if (machine.ToVmState() != VmState.Stopped)
            throw new VirtualBoxException(VirtualBoxFault.WrongState, $"Node '{vm.Node}' of cluster '{vm.Cluster}' was powered off but is still '{machine.State}'", "End its VBoxHeadless process, then retry the step.");
    }

    private async Task ControlAsync(VmReference vm, string verb, CancellationToken cancellationToken)
    {
        try
        {
            await manage.RunAsync(vm, cancellationToken, "controlvm", vm.Key(), verb);
        }
        catch (VirtualBoxException e) when (e.Fault is VirtualBoxFault.WrongState)
        {
            // It ended by itself meanwhile, or is about to.
        }
    }

    private async Task<MachineInfo> WaitUntilStoppedAsync(VmReference vm, MachineInfo machine, TimeSpan limit, TimeSpan pulse, CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        while (machine.ToVmState() != VmState.Stopped && timeProvider.GetElapsedTime(began) < limit)
        {
            await Task.Delay(pulse, timeProvider, cancellationToken);
            machine = await GetAsync(vm, cancellationToken);
        }

        return machine;
    }

    // VirtualBox starts a VM whose forwarded port is taken, and says so only in the VM's log.
    private static void RefuseTakenPort(VmReference vm, MachineInfo machine)
    {
        foreach (var (_, rule) in machine.Forwards)
        {
            if (rule.Split(',') is not [_, "tcp", "127.0.0.1", var text, ..])
                continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, int.Parse(text, CultureInfo.InvariantCulture));
                listener.Start();
            }
            catch (SocketException)
            {
                throw new VmStartException(vm, $"port {text} on 127.0.0.1 is taken by another program", "End that program, or give the node another port, then retry the step.");
            }
        }
    }
}

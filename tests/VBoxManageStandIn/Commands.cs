namespace VmCluster.VBoxManageStandIn;

/// <summary>The commands that concern running VMs. The texts are VBoxManage 7.2.22's, with the UUID where it has the name.</summary>
internal static class Commands
{
    private const int Failed = 1;

    public static int Start(RunningMachines machines, string id)
    {
        if (machines.IsRunning(id))
            return Locked(id);
        Console.WriteLine($"Waiting for VM \"{id}\" to power on...");
        machines.Start(id);
        Console.WriteLine($"VM \"{id}\" has been successfully started.");
        return 0;
    }

    public static int Control(RunningMachines machines, string id, string verb)
    {
        if (!machines.IsRunning(id))
        {
            Console.Error.WriteLine($"VBoxManage: error: Machine '{id}' is not currently running.");
            return Failed;
        }

        if (verb == "poweroff" || (verb == "acpipowerbutton" && machines.MindsPowerButton(id)))
            machines.PowerOff(id);
        return 0;
    }

    public static int Show(RunningMachines machines, string id)
    {
        var (exitCode, output) = RealVBoxManage.Run("showvminfo", id, "--machinereadable");
        Console.Write(machines.StateOf(id) is { } state ? output.Replace("VMState=\"poweroff\"", $"VMState=\"{state}\"", StringComparison.Ordinal) : output);
        return exitCode;
    }

    public static int ListRunning(RunningMachines machines)
    {
        var (exitCode, output) = RealVBoxManage.Run("list", "vms");
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => machines.IsRunning(line[(line.LastIndexOf('{') + 1)..^1])))
            Console.WriteLine(line);
        return exitCode;
    }

    public static int Locked(string id)
    {
        Console.Error.WriteLine($"VBoxManage: error: The machine '{id}' is already locked for a session (or being unlocked)");
        Console.Error.WriteLine("VBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007), component MachineWrap, interface IMachine, callee nsISupports");
        return Failed;
    }
}

namespace VmCluster.VBoxManageStandIn;

/// <summary>The commands that concern running VMs. The texts are VBoxManage 7.2.22's.</summary>
internal static class Commands
{
    private const int Failed = 1;

    public static int Start(RunningMachines machines, string id)
    {
        if (NameOf(id) is not { } name)
            return Failed;
        if (machines.IsRunning(id))
            return Locked(id);
        Console.WriteLine($"Waiting for VM \"{name}\" to power on...");
        machines.Start(id);
        Console.WriteLine($"VM \"{name}\" has been successfully started.");
        return 0;
    }

    public static int Control(RunningMachines machines, string id, string verb)
    {
        if (NameOf(id) is not { } name)
            return Failed;
        if (!machines.IsRunning(id))
        {
            Console.Error.WriteLine($"VBoxManage: error: Machine '{name}' is not currently running.");
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
        Console.Error.WriteLine($"VBoxManage: error: The machine '{NameOf(id)}' is already locked for a session (or being unlocked)");
        Console.Error.WriteLine("VBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007), component MachineWrap, interface IMachine, callee nsISupports");
        return Failed;
    }

    /// <summary>The VM's name; null where there is none, which the real program has reported then.</summary>
    private static string? NameOf(string id)
        => RealVBoxManage.Run("showvminfo", id, "--machinereadable") is (0, var output) ? output.Split('"', 3)[1] : null;
}

using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>The settings that a spec asks for, and what of them a VM lacks.</summary>
internal static class MachineSettings
{
    /// <summary>The options of the one <c>modifyvm</c> call that brings the VM to the spec; empty where it is so already.</summary>
    public static IReadOnlyList<string> Difference(VmSpec spec, MachineInfo machine)
    {
        var options = new List<string>();
        foreach (var (key, wanted, option) in Settings(spec))
        {
            if (machine[key] != wanted)
                options.AddRange(option);
        }

        // A clone has its source's rule. Old rules go and ours comes in one call, so that there is no moment with both.
        var rule = string.Create(CultureInfo.InvariantCulture, $"{MachineNames.SshRule},tcp,127.0.0.1,{spec.Nat.SshPort},,22");
        var rules = machine.Forwards.Where(f => f.Adapter == 1).Select(f => f.Rule).ToList();
        if (rules is not [var only] || only != rule)
            options.AddRange([.. rules.SelectMany(r => new[] { "--natpf1", "delete", r[..r.IndexOf(',', StringComparison.Ordinal)] }), "--natpf1", rule]);
        return options;
    }

    private static IEnumerable<(string Key, string Wanted, string[] Option)> Settings(VmSpec spec)
    {
        yield return Simple("name", spec.Vm.MachineName());
        yield return Simple("memory", spec.MemoryMiB.ToString(CultureInfo.InvariantCulture));
        yield return Simple("cpus", spec.Cpus.ToString(CultureInfo.InvariantCulture));
        yield return Simple("vram", "16");
        yield return Simple("graphicscontroller", "vmsvga");
        yield return Simple("ioapic", "on");
        yield return Simple("rtcuseutc", "on");
        yield return Simple("boot1", "disk");
        yield return Simple("boot2", "dvd");
        yield return Simple("boot3", "none");
        yield return Simple("boot4", "none");
        yield return ("uart1", "0x03f8,4", ["--uart1", "0x3F8", "4"]);
        yield return ("uartmode1", "file," + spec.Vm.ConsolePath(), ["--uartmode1", "file", spec.Vm.ConsolePath()]);

        yield return Simple("nic1", "nat");
        yield return Simple("nictype1", "virtio");
        yield return Simple("macaddress1", SpecRules.Plain(spec.Nat.Mac));
        yield return Simple("cableconnected1", "on");

        if (spec.Network is not { } network)
        {
            yield return Simple("nic2", "none");
            yield break;
        }

        yield return Simple("nic2", "intnet");
        yield return Simple("intnet2", spec.NetworkName());
        yield return Simple("nictype2", "virtio");
        yield return Simple("macaddress2", SpecRules.Plain(network.Mac));
        yield return Simple("cableconnected2", "on");
    }

    private static (string, string, string[]) Simple(string key, string value) => (key, value, ["--" + key, value]);
}

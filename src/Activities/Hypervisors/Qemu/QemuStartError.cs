using System.Globalization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>Says what QEMU's words mean when it refuses to start.</summary>
internal static class QemuStartError
{
    public static VmStartException Explain(VmSpec spec, CommandResult result)
    {
        var words = CommandFailedException.LastLines("", result.Error);
        var (why, remedy) = words switch
        {
            _ when Has("host forwarding rule") => (
                string.Create(CultureInfo.InvariantCulture, $"port {spec.Nat.SshPort} of 127.0.0.1 is taken by another program"),
                string.Create(CultureInfo.InvariantCulture, $"'ss -ltnp sport = :{spec.Nat.SshPort}' shows which; end it, then retry the step.")),
            _ when Has("\"write\" lock") => (
                "its disk is in use by another program",
                $"'fuser -v {new QemuFiles(spec.Vm).Disk}' shows which; end it, then retry the step."),
            _ when Has("Cannot allocate memory") || Has("cannot set up guest memory") => (
                string.Create(CultureInfo.InvariantCulture, $"the computer cannot give it {spec.MemoryMiB} MiB of memory"),
                "End other programs or build the cluster with less memory per node, then retry the step."),
            _ when Has("No space left") => (
                "the disk of this computer is full",
                "Make room, then retry the step."),
            _ => ("QEMU ended at once", "Correct the cause and retry the step."),
        };
        return new VmStartException(spec.Vm, $"{why} (qemu exit code {result.ExitCode}: {words})", remedy);

        bool Has(string phrase) => result.Error.Contains(phrase, StringComparison.OrdinalIgnoreCase);
    }
}

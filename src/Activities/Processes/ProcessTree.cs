using System.Diagnostics;
using System.Globalization;

namespace VmCluster.Activities.Processes;

/// <summary>
/// The processes that descend from one of ours. They are noted before the first is interrupted: once it has ended, its
/// children have another parent and cannot be told from strangers.
/// </summary>
internal sealed class ProcessTree
{
    private readonly List<ProcStat> _members;

    private ProcessTree(List<ProcStat> members) => _members = members;

    /// <summary>The process and its descendants as they are now. Empty where there is no <c>/proc</c>.</summary>
    public static ProcessTree Of(int processId)
    {
        var all = ProcStat.ReadAll();
        var members = all.Where(p => p.Id == processId).ToList();
        for (var i = 0; i < members.Count; i++)
            members.AddRange(all.Where(p => p.ParentId == members[i].Id && !members.Contains(p)));
        return new ProcessTree(members);
    }

    /// <summary>Kills every member that is still there, with what it has started since.</summary>
    public void Kill()
    {
        foreach (var member in _members.Where(member => ProcStat.Read(member.Id)?.StartTime == member.StartTime))
        {
            try
            {
                using var process = Process.GetProcessById(member.Id);
                process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It ended meanwhile.
            }
        }
    }
}

/// <summary>What <c>/proc/PID/stat</c> says. A process is known by its id together with its start time.</summary>
internal sealed record ProcStat(int Id, int ParentId, char State, long StartTime)
{
    public static List<ProcStat> ReadAll() =>
        Directory.Exists("/proc")
            ? [.. Directory.EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
                .OfType<ProcStat>()]
            : [];

    /// <summary>Null where there is no such process.</summary>
    public static ProcStat? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));

            // The name, in parentheses, may hold anything; the fields are counted from behind it.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcStat(processId, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

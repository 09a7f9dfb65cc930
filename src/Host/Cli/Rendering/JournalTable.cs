using System.Globalization;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>A journal for people: one line a row.</summary>
internal static class JournalTable
{
    public static void Write(Session session, IReadOnlyList<JournalEntry> journal, RunTree steps)
    {
        var zone = session.Outside.Time.LocalTimeZone;
        var table = new Table("TIME", "EVENT", "STEP", "MESSAGE");
        foreach (var entry in journal)
        {
            table.Add(
                TimeZoneInfo.ConvertTime(entry.Timestamp, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
                entry.EventName,
                steps.LabelOf(entry.ActivityExecutionId) ?? entry.ActivityName ?? entry.ActivityId,
                entry.Message?.ReplaceLineEndings(" | "));
        }

        table.Write(session.Outside.Out, session.OutStyle, (header, text) => header is "EVENT" ? StatePaint.Of(session.OutStyle, text) : text);
    }
}

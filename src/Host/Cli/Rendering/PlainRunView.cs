using System.Globalization;
using System.Threading.Channels;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>A line with the time for each thing that happens: for pipes and logs.</summary>
internal sealed class PlainRunView(TextWriter output, TimeProvider time) : IRunView
{
    // A download tells of every megabyte; a log wants every quarter.
    private const double FractionStep = 0.25;

    private readonly Dictionary<Step, (string Message, double Fraction)> _said = [];

    public async Task ShowAsync(string title, RunTree tree, ChannelReader<RunNotification> notifications)
    {
        Line("run", title);
        await foreach (var notification in notifications.ReadAllAsync())
        {
            switch (notification)
            {
                case JournalWritten written when tree.Apply(written.Entry) is { } step:
                    Line(step);
                    break;
                case ProgressReported progress when tree.Apply(progress) is { } step && IsNews(step):
                    Line("working", $"{Path(step)}: {step.Message}{(step.Fraction is { } fraction ? $" {fraction.ToString("0%", CultureInfo.InvariantCulture)}" : "")}");
                    break;
            }
        }
    }

    private static string Path(Step step) => step.Parent is null ? step.Label : $"{Path(step.Parent)} / {step.Label}";

    private void Line(Step step)
    {
        var took = Text.Of(step.Elapsed(time.GetUtcNow()));
        switch (step.State)
        {
            case StepState.Running:
                Line("started", Path(step));
                break;
            case StepState.Done:
                Line("done", $"{Path(step)} ({took})");
                break;
            case StepState.Failed:
                Line("failed", $"{Path(step)} ({took}): {step.Message}");
                break;
            case StepState.Canceled:
                Line("canceled", Path(step));
                break;
        }
    }

    private void Line(string what, string text) =>
        output.WriteLine($"{time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {what,-8} {text}");

    private bool IsNews(Step step)
    {
        var now = (step.Message ?? "", step.Fraction ?? 0);
        if (_said.TryGetValue(step, out var before) && before.Message == now.Item1 && now.Item2 - before.Fraction < FractionStep)
            return false;
        _said[step] = now;
        return true;
    }
}

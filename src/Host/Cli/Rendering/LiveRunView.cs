using System.Globalization;
using System.Threading.Channels;
using Spectre.Console;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>A tree of steps that is drawn anew in place: for terminals. A step that is done folds up to one line.</summary>
internal sealed class LiveRunView(IAnsiConsole console, TimeProvider time) : IRunView
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private int _frame;

    public Task ShowAsync(string title, RunTree tree, ChannelReader<RunNotification> notifications)
    {
        var began = time.GetUtcNow();
        return console.Live(Draw(title, tree, began)).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).StartAsync(async live =>
        {
            using var frames = new PeriodicTimer(Frame, time);
            bool isOver;
            do
            {
                isOver = notifications.Completion.IsCompleted;
                while (notifications.TryRead(out var notification))
                {
                    if (notification is JournalWritten written)
                        tree.Apply(written.Entry);
                    else if (notification is ProgressReported progress)
                        tree.Apply(progress);
                }

                _frame++;
                live.UpdateTarget(Draw(title, tree, began));
            }
            while (!isOver && await frames.WaitForNextTickAsync());
        });
    }

    private Tree Draw(string title, RunTree tree, DateTimeOffset began)
    {
        var now = time.GetUtcNow();
        var drawing = new Tree(new Markup($"[bold]{Markup.Escape(title)}[/]  [dim]{Text.Of(now - began)}[/]")) { Style = "dim" };
        foreach (var step in tree.Roots)
            Draw(drawing, step, now);
        return drawing;
    }

    private void Draw(IHasTreeNodes parent, Step step, DateTimeOffset now)
    {
        var node = parent.AddNode(new Markup(Line(step, now)));
        if (step.State is StepState.Done)
            return;
        foreach (var child in step.Children)
            Draw(node, child, now);
    }

    private string Line(Step step, DateTimeOffset now)
    {
        var (mark, color) = step.State switch
        {
            StepState.Done => ("✓", "green"),
            StepState.Failed => ("✗", "red"),
            StepState.Canceled => ("–", "dim"),
            _ => (Spinner[_frame % Spinner.Length], "yellow"),
        };
        var line = $"[{color}]{mark}[/] {Markup.Escape(step.Label)}  [dim]{Text.Of(step.Elapsed(now))}[/]";
        if (step.Fraction is { } fraction)
            line += $"  [blue]{Bar(fraction)}[/] {fraction.ToString("0%", CultureInfo.InvariantCulture)}";
        if (step.Message is { } message && step.State is not StepState.Done)
            line += step.State is StepState.Failed ? $"\n[red]{Markup.Escape(message)}[/]" : $"  [dim]{Markup.Escape(message)}[/]";
        return line;
    }

    private static string Bar(double fraction)
    {
        var full = (int)Math.Round(Math.Clamp(fraction, 0, 1) * BarWidth);
        return new string('━', full) + new string('─', BarWidth - full);
    }
}

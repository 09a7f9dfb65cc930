using System.Threading.Channels;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>Shows a run while it runs.</summary>
internal interface IRunView
{
    /// <summary>Shows what comes until no more can come.</summary>
    /// <param name="title">What the run is.</param>
    /// <param name="tree">What is known of it; kept up to date from the notifications.</param>
    /// <param name="notifications">Of this run only.</param>
    Task ShowAsync(string title, RunTree tree, ChannelReader<RunNotification> notifications);
}

using System.Net;
using VmCluster.Activities;

namespace VmCluster.Host.Web;

/// <summary>What the web host is told at its start.</summary>
internal sealed record WebOptions
{
    public const int DefaultPort = 7420;

    public required DataFolder Folder { get; init; }

    /// <summary>The folder of the restored Studio package.</summary>
    public required string Studio { get; init; }

    /// <summary>Only this computer unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

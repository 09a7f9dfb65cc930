using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What went wrong, as far as it matters for what to do next.</summary>
public enum VirtualBoxFault
{
    Unknown,
    NotFound,
    AlreadyExists,

    /// <summary>Another command or session holds the VM or the disk for the moment.</summary>
    Busy,

    /// <summary>Something else depends on it: a linked clone, another VM.</summary>
    InUse,
    WrongState,
    BadArgument,
    PortTaken,
    NoSpace,
    NoPermission,
    FileMissing,

    /// <summary>VirtualBox knows the VM but cannot read its settings file.</summary>
    Inaccessible,
    DamagedSettings,

    /// <summary>VBoxSVC, VirtualBox's own server, ended under the command.</summary>
    ServerDied,

    /// <summary>VBoxSVC lets nobody in: an old one has not ended yet, or none can be started.</summary>
    ServerUnreachable,
    StartFailed,
    DriverMissing,
    NotSupported,
    Cancelled,

    /// <summary>The command line itself was refused.</summary>
    Syntax,

    /// <summary>VirtualBox does not work for this user at all.</summary>
    Environment,
}

/// <summary>VirtualBox could not do what was asked for.</summary>
public sealed class VirtualBoxException : VmClusterException
{
    public VirtualBoxException(VirtualBoxFault fault, string what, string? remedy = null, uint? code = null, Exception? innerException = null)
        : base(Describe(what, code), remedy ?? RemedyFor(fault), innerException)
    {
        Fault = fault;
        Code = code;
    }

    public VirtualBoxFault Fault { get; }

    /// <summary>The COM result code, the same on all platforms, for instance 0x80bb0007; null where none was given.</summary>
    public uint? Code { get; }

    private static string Describe(string what, uint? code) => code is { } c ? string.Create(CultureInfo.InvariantCulture, $"{what} (0x{c:x8})") : what;

    private static string RemedyFor(VirtualBoxFault fault) => fault switch
    {
        VirtualBoxFault.NotFound => "Look in VirtualBox Manager what is there; run the workflow from the step that creates it.",
        VirtualBoxFault.AlreadyExists => "Look in VirtualBox Manager what it is; remove or rename it if nobody needs it, then retry the step.",
        VirtualBoxFault.Busy => "Close its window and settings in VirtualBox Manager, wait until no other command works on it, then retry the step.",
        VirtualBoxFault.InUse => "Remove what depends on it first (linked clones before their source), then retry the step.",
        VirtualBoxFault.WrongState => "Bring the VM into the state that is asked for (usually: stop it), then retry the step.",
        VirtualBoxFault.BadArgument => "Correct the step's inputs, then retry it.",
        VirtualBoxFault.PortTaken => "Choose another port for the node's SSH rule, then retry the step.",
        VirtualBoxFault.NoSpace => "Free space on the disk that holds the VMs, then retry the step.",
        VirtualBoxFault.NoPermission => "Make the file or folder accessible for this user, then retry the step.",
        VirtualBoxFault.FileMissing => "Put the file back, or run the workflow from the step that makes it.",
        VirtualBoxFault.Inaccessible or VirtualBoxFault.DamagedSettings =>
            "The settings file is damaged, as a full disk does it; copy the .vbox-prev file beside it over it, or delete the node and create it anew.",
        VirtualBoxFault.ServerDied => "Nothing is lost: retry the step; it looks at what is there and goes on.",
        VirtualBoxFault.ServerUnreachable => "VirtualBox's server, VBoxSVC, has let nobody in for a minute: retry the step; if that fails too, end VBoxSVC and start VirtualBox Manager once as this user, which shows what is wrong.",
        VirtualBoxFault.StartFailed => "The VM's Logs/VBox.log says why; correct it, then retry the step.",
        VirtualBoxFault.DriverMissing => "Install or load VirtualBox's kernel driver, then retry the step; 'vmcluster doctor' says how.",
        VirtualBoxFault.NotSupported => "Change the step's inputs to what VirtualBox can do, then retry it.",
        VirtualBoxFault.Cancelled => "Retry the step.",
        VirtualBoxFault.Syntax => "This VirtualBox has another command line; use a version from 6.1 to 7.2.",
        VirtualBoxFault.Environment => "Start VirtualBox Manager once as this user: it shows what is wrong with the installation or with its VirtualBox.xml.",
        _ => "Correct the cause and retry the step; VBoxSVC.log in VirtualBox's configuration folder has the details.",
    };
}

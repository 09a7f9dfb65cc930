using System.Globalization;
using System.Text.RegularExpressions;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What VBoxManage reported on stderr, with its class.</summary>
/// <param name="Fault">The class.</param>
/// <param name="Code">The first COM result code; null where none was printed.</param>
/// <param name="Reason">The reasons as one line; the most specific one comes last.</param>
internal sealed partial record VBoxManageError(VirtualBoxFault Fault, uint? Code, string Reason)
{
    private const uint ObjectNotFound = 0x80bb0001;
    private const uint InvalidVmState = 0x80bb0002;
    private const uint FileError = 0x80bb0004;
    private const uint IprtError = 0x80bb0005;
    private const uint InvalidObjectState = 0x80bb0007;
    private const uint HostError = 0x80bb0008;
    private const uint NotSupportedCode = 0x80bb0009;
    private const uint ObjectInUse = 0x80bb000c;
    private const uint AccessDenied = 0x80070005;
    private const uint InvalidArgument = 0x80070057;
    private const uint Fail = 0x80004005;
    private const uint Abort = 0x80004004;
    private const uint SocketFail = 0xC1F30200;
    private const uint FactoryNotRegistered = 0x80040154;
    private const uint Unexpected = 0x8000FFFF;

    private const string Prefix = "VBoxManage: error: ";

    /// <summary>Null where the command succeeded: exit code 0 and no error line. Some failures do exit with 0.</summary>
    public static VBoxManageError? From(int exitCode, string output, string error)
    {
        var reasons = Lines(error).Where(l => l.StartsWith(Prefix, StringComparison.Ordinal)).Select(l => l[Prefix.Length..].Trim())
            .Where(l => !l.StartsWith("Details:", StringComparison.Ordinal) && !l.StartsWith("Context:", StringComparison.Ordinal)).ToList();
        if (exitCode == 0 && reasons.Count == 0)
            return null;

        uint? code = CodePattern().Match(error) is { Success: true } match ? uint.Parse(match.Groups["hex"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
        if (reasons.Count == 0)
            reasons.Add(Lines(error).Concat(Lines(output)).LastOrDefault() ?? "it printed nothing");
        var reason = string.Join("; ", reasons.Distinct(StringComparer.Ordinal));
        return new VBoxManageError(Classify(exitCode, code, reason, error), code, reason);
    }

    private static VirtualBoxFault Classify(int exitCode, uint? code, string reason, string error)
    {
        bool Says(string text) => reason.Contains(text, StringComparison.OrdinalIgnoreCase);

        // What is wrong with the server's settings it says itself; without such a reason the client met no server at all.
        if (Says("Failed to create the VirtualBox object") && Says("extended info not available"))
            return VirtualBoxFault.ServerUnreachable;
        if (error.Contains("RTR3Init: VERR_NO_TRANSLATION", StringComparison.Ordinal) || Says("Failed to initialize COM") || Says("Failed to create the VirtualBox object"))
            return VirtualBoxFault.Environment;
        return code switch
        {
            Abort => VirtualBoxFault.ServerDied,
            SocketFail or FactoryNotRegistered or Unexpected => VirtualBoxFault.Environment,
            // The end of another command about the same VM came in between.
            AccessDenied => Says("session is not locked") ? VirtualBoxFault.Busy : VirtualBoxFault.Inaccessible,
            InvalidVmState => VirtualBoxFault.WrongState,
            NotSupportedCode => VirtualBoxFault.NotSupported,
            HostError when Says("driver") => VirtualBoxFault.DriverMissing,

            // The same code says "wait a moment" and "never in this state".
            InvalidObjectState => Says("lock") ? VirtualBoxFault.Busy : VirtualBoxFault.WrongState,
            ObjectInUse => Says("already exists") ? VirtualBoxFault.AlreadyExists : VirtualBoxFault.InUse,
            ObjectNotFound => FromFileError(reason) ?? VirtualBoxFault.NotFound,

            // A UUID that VirtualBox does not know is taken for a path.
            FileError when Says("is not fully qualified") => VirtualBoxFault.NotFound,
            FileError or IprtError => FromFileError(reason) ?? (Says("already exists") || Says("is an existing file") ? VirtualBoxFault.AlreadyExists : VirtualBoxFault.Unknown),
            InvalidArgument when Says("host port") => VirtualBoxFault.PortTaken,
            InvalidArgument when Says("already exists") => VirtualBoxFault.AlreadyExists,
            InvalidArgument when Says("could not be found") || error.Contains("RemoveRedirect", StringComparison.Ordinal) => VirtualBoxFault.NotFound,
            InvalidArgument => VirtualBoxFault.BadArgument,
            Fail => FromFailure(Says) ?? FromFileError(reason) ?? VirtualBoxFault.Unknown,
            null => WithoutCode(exitCode, Says),
            _ => VirtualBoxFault.Unknown,
        };
    }

    private static VirtualBoxFault? FromFailure(Func<string, bool> says)
    {
        if (says("vboxdrv") || says("vboxnetctl") || says("VERR_VM_DRIVER") || says("kernel driver"))
            return VirtualBoxFault.DriverMissing;
        if (says("terminated unexpectedly during startup") || says("VERR_VMX") || says("VERR_SVM") || says("VERR_NEM"))
            return VirtualBoxFault.StartFailed;
        if (says("child hard disk"))
            return VirtualBoxFault.InUse;
        if (says("same UUID as an existing"))
            return VirtualBoxFault.AlreadyExists;
        if (says("Document is empty") || says("tag mismatch") || says("Location: '"))
            return VirtualBoxFault.DamagedSettings;
        return says("Could not locate") ? VirtualBoxFault.FileMissing : null;
    }

    private static VirtualBoxFault? FromFileError(string reason) => StatusPattern().Match(reason).Value switch
    {
        "VERR_ALREADY_EXISTS" => VirtualBoxFault.AlreadyExists,
        "VERR_FILE_NOT_FOUND" or "VERR_PATH_NOT_FOUND" => VirtualBoxFault.FileMissing,
        "VERR_DISK_FULL" => VirtualBoxFault.NoSpace,
        "VERR_ACCESS_DENIED" or "VERR_WRITE_PROTECT" => VirtualBoxFault.NoPermission,
        "VERR_CANCELLED" => VirtualBoxFault.Cancelled,
        "VERR_NOT_SUPPORTED" => VirtualBoxFault.NotSupported,
        "VERR_FILENAME_TOO_LONG" or "VERR_VD_INVALID_SIZE" => VirtualBoxFault.BadArgument,
        _ => null,
    };

    private static VirtualBoxFault WithoutCode(int exitCode, Func<string, bool> says)
    {
        if (says("is not currently running") || says("is not running"))
            return VirtualBoxFault.WrongState;
        if (says("already exists"))
            return VirtualBoxFault.AlreadyExists;
        if (says("does not exist") || says("Could not find") || says("Failed to find"))
            return VirtualBoxFault.NotFound;
        if (says("Unknown option") || says("Invalid command") || says("Unknown subcommand") || says("parameters") || says("Missing or invalid") || says("is required"))
            return VirtualBoxFault.Syntax;
        if (says("Invalid "))
            return VirtualBoxFault.BadArgument;
        return exitCode == 2 ? VirtualBoxFault.Syntax : VirtualBoxFault.Unknown;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"[Cc]ode \w+ \(0x(?<hex>[0-9a-fA-F]{8})\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"VERR_\w+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StatusPattern();
}

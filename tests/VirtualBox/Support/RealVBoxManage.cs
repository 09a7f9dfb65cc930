using System.Diagnostics;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>The real VBoxManage, got once per computer by the script beside the tests.</summary>
internal static class RealVBoxManage
{
    private static readonly Lazy<(string? Program, string Reason)> Got = new(Get);

    /// <summary>Absolute path of a program that runs it.</summary>
    public static string Program => Got.Value.Program ?? throw new InvalidOperationException(Got.Value.Reason);

    /// <summary>Why it cannot be had on this computer; null where it can.</summary>
    public static string? WhyNot => Got.Value.Program is null ? Got.Value.Reason : null;

    /// <summary>The program beside the tests under which VMs seem to run; see its own project.</summary>
    public static string WithDriver => Path.Combine(AppContext.BaseDirectory, "VBoxManage");

    private static (string? Program, string Reason) Get()
    {
        const int CannotBeHad = 3;
        using var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "get-vbox.sh")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = script.StandardError.ReadToEndAsync();
        var program = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode switch
        {
            0 => (program, ""),
            CannotBeHad => (null, error.Result.Trim().Split('\n')[^1]),
            var code => throw new InvalidOperationException($"get-vbox.sh ended with exit code {code}: {error.Result}"),
        };
    }
}

/// <summary>A test that needs the real VBoxManage; skipped, with the reason, where it cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VirtualBoxFactAttribute : FactAttribute
{
    public VirtualBoxFactAttribute() => Skip = RealVBoxManage.WhyNot;
}

/// <summary>The same for a test with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VirtualBoxTheoryAttribute : TheoryAttribute
{
    public VirtualBoxTheoryAttribute() => Skip = RealVBoxManage.WhyNot;
}

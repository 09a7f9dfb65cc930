using System.Globalization;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>A program that runs the real VBoxManage, and kills its caller at a call of the test's choice.</summary>
internal sealed class KillingVBoxManage
{
    private readonly string folder;

    /// <param name="home">Where it is put.</param>
    /// <param name="moment">
    /// When the caller dies: <c>before</c> a call, <c>during</c> it, so that it goes on alone, or <c>after</c> it. Calls that
    /// only read do not count: to die before one is to die after the last that changed something.
    /// </param>
    public KillingVBoxManage(VirtualBoxHome home, string moment)
    {
        folder = Directory.CreateDirectory(Path.Combine(home.Root, "kill")).FullName;
        File.WriteAllText(Program, $$"""
            #!/bin/sh
            case $1 in
              --version | list | showvminfo) exec '{{RealVBoxManage.Program}}' "$@" ;;
            esac
            left=$(($(cat '{{folder}}/left') - 1))
            echo $left > '{{folder}}/left'
            [ $left = 0 ] || exec '{{RealVBoxManage.Program}}' "$@"
            case {{moment}} in
              before) kill -9 $PPID ;;
              during) kill -9 $PPID; exec '{{RealVBoxManage.Program}}' "$@" ;;
              after) '{{RealVBoxManage.Program}}' "$@"; kill -9 $PPID ;;
            esac

            """);
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Program => Path.Combine(folder, "VBoxManage");

    /// <summary>From now on the caller dies at this call, counted from 1.</summary>
    public void KillAt(int call) => File.WriteAllText(Path.Combine(folder, "left"), call.ToString(CultureInfo.InvariantCulture));
}

namespace VmCluster.EndToEnd.Support;

/// <summary>
/// A stand-in put before the PATH that holds a program up at a call of the test's choice and then runs the real one,
/// so that a process can be killed exactly while the program is at work.
/// </summary>
public sealed class HeldProgram
{
    private readonly string pattern;
    private readonly string held;

    public HeldProgram(string folder, string program)
    {
        Folder = folder;
        pattern = Path.Combine(folder, program + ".pattern");
        held = Path.Combine(folder, program + ".held");
        Directory.CreateDirectory(held);
        var real = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, program)).First(File.Exists);
        var script = Path.Combine(folder, program);
        File.WriteAllText(script, $$"""
            #!/bin/sh
            matches() { [ -e '{{pattern}}' ] && printf '%s ' "$@" | grep -q -f '{{pattern}}'; }
            if matches "$@"; then
              : > '{{held}}'/$$
              while matches "$@"; do sleep 0.05; done
            fi
            exec '{{real}}' "$@"

            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>To be put before the PATH.</summary>
    public string Folder { get; }

    /// <summary>How many calls have been held since the last <see cref="Hold"/>.</summary>
    public int Calls => Directory.GetFiles(held).Length;

    /// <summary>Holds every call from now on whose arguments match a basic regular expression.</summary>
    public void Hold(string expression)
    {
        foreach (var file in Directory.GetFiles(held))
            File.Delete(file);
        File.WriteAllText(pattern + ".new", expression + "\n");
        File.Move(pattern + ".new", pattern, overwrite: true);
    }

    /// <summary>Lets every held call go on.</summary>
    public void Release() => File.Delete(pattern);
}

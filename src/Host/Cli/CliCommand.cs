using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VmCluster.Host.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The library's help, then what it has no place for: examples and exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is CliCommand { Examples.Count: > 0 } command)
        {
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }

        if (parseResult.CommandResult.Command is RootCommand)
            output.WriteLine(ExitCode.Legend);
        return ExitCode.Ok;
    }
}

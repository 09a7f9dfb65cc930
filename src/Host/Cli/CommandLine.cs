using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using VmCluster.Activities.Ledger;
using VmCluster.Host.Api;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>The program: the commands it has, and what their errors mean to the shell.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, Surroundings outside)
    {
        await using var session = new Session(outside, TakeRemoteCommand(ref arguments));
        try
        {
            var parsed = Create(session).Parse(arguments is [] ? ["--help"] : arguments);
            if (parsed.Action is not HelpWithExamples && UsageError(parsed, arguments) is { } error)
                throw new UsageException(error, $"'{HelpFor(parsed, outside)}' shows how it is used.");

            // The library's own handlers for signals and exceptions would end a run out of order.
            var configuration = new InvocationConfiguration
            {
                Output = outside.Out,
                Error = outside.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, outside.Interrupted);
        }
        catch (OperationCanceledException) when (outside.Interrupted.IsCancellationRequested)
        {
            outside.Error.WriteLine("Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (WorkflowException e)
        {
            outside.Error.WriteLine(session.ErrorStyle.Red("error: ") + e.Message);
            return e switch
            {
                CliException own => own.ExitCode,
                InvalidDefinitionException or InvalidRunFileException or InvalidZipException or AmbiguousStepException or UnknownInputException or SensitiveInputException or UnknownOutcomeException or InputConversionException => ExitCode.Usage,
                ClusterNotFoundException or NodeNotFoundException or RunNotFoundException or AmbiguousRunException or DefinitionNotFoundException => ExitCode.NotFound,
                RunFinishedException or ActivityNotFaultedException or EventNotAwaitedException or MigrationRefusedException or RunImportRefusedException => ExitCode.Conflict,
                _ => ExitCode.Error,
            };
        }
        catch (Exception e)
        {
            outside.Error.WriteLine($"{session.ErrorStyle.Red("error: ")}This should not have happened. Please report it with these lines:\n{e}");
            return ExitCode.Error;
        }
    }

    internal static RootCommand Create(Session session)
    {
        var root = new RootCommand("Builds a cluster of virtual machines on one computer, as a workflow that continues where it stopped.")
        {
            UpCommand.Create(session),
            ListCommand.Create(session),
            StatusCommand.Create(session),
            SshCommand.Create(session),
            SshConfigCommand.Create(session),
            ExecCommand.Create(session),
            AddNodeCommand.Create(session),
            DestroyCommand.Create(session),
            RunCommand.Create(session),
            EventCommand.Create(session),
            RunsCommand.Create(session),
            HistoryCommand.Create(session),
            PauseCommand.Create(session),
            ResumeCommand.Create(session),
            RetryCommand.Create(session),
            SkipCommand.Create(session),
            MigrateCommand.Create(session),
            CancelCommand.Create(session),
            WorkflowsCommand.Create(session),
            ServeCommand.Create(session),
            DoctorCommand.Create(session),
        };
        root.Options.Add(session.Json);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>Takes what stands behind <c>--</c> of ssh and exec away: it is the command for a node, not ours to parse.</summary>
    private static string[] TakeRemoteCommand(ref string[] arguments)
    {
        var dashes = Array.IndexOf(arguments, "--");
        if (dashes < 0 || arguments.FirstOrDefault(argument => !argument.StartsWith('-')) is not ("ssh" or "exec"))
            return [];
        var command = arguments[(dashes + 1)..];
        arguments = arguments[..dashes];
        return command;
    }

    private static string? UsageError(ParseResult parsed, string[] arguments)
    {
        // The library takes an option that it does not know for an argument.
        var unknown = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value)
            .Where(token => token.StartsWith('-') && !arguments.Contains("--")).Concat(parsed.UnmatchedTokens).FirstOrDefault();
        return unknown is not null ? $"'{unknown}' is not known here" : parsed.Errors is [var error, ..] ? error.Message : null;
    }

    private static string HelpFor(ParseResult parsed, Surroundings outside) =>
        parsed.CommandResult.Command is RootCommand ? $"{outside.Program} --help" : $"{outside.Program} {parsed.CommandResult.Command.Name} --help";
}

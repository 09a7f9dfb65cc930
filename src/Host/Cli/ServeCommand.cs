using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities.Processes;
using VmCluster.Host.Studio;
using VmCluster.Host.Web;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class ServeCommand
{
    public static CliCommand Create(Session session)
    {
        var port = new Option<int>("--port") { Description = "The port; 0 takes a free one.", DefaultValueFactory = _ => WebOptions.DefaultPort };
        var listen = new Option<IPAddress>("--listen")
        {
            Description = "The address; any but this computer's own lets others connect, unencrypted.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result => IPAddress.Parse(result.Tokens.Single().Value),
        };
        var noRecover = new Option<bool>("--no-recover") { Description = "Leave runs that were under way as they are." };
        var command = new CliCommand("serve", "Opens Elsa Studio in the browser: edit, run and watch workflows.", "vmcluster serve", "vmcluster serve --port 8080")
        {
            port, listen, noRecover,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(listen)?.Tokens is [var token] && !IPAddress.TryParse(token.Value, out _))
                result.AddError($"'{token.Value}' is no IP address.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new WebOptions
            {
                Folder = session.Outside.Folder,
                Address = parsed.GetRequiredValue(listen),
                Port = parsed.GetValue(port),
                Time = session.Outside.Time,
                Studio = await new StudioPackage(new CommandRunner(session.Outside.Time), StudioPackage.UserCache()).RestoreAsync(session.Say, cancellationToken),
            };
            using var owner = session.TakeOwnership();
            await ServeAsync(session, options, recover: !parsed.GetValue(noRecover), parsed.GetValue(session.Json), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task ServeAsync(Session session, WebOptions options, bool recover, bool json, CancellationToken stop)
    {
        var access = await Access.OpenAsync(options.Folder, options.Time, stop);
        // Disposed behind the last request: that stops the runs under way so that the next start continues them.
        await using var app = WebServer.Create(options, access, services => session.AddServices(services));
        await ShippedWorkflows.SeedAsync(app.Services.GetRequiredService<DefinitionStore>(), session.Outside.Workflows, stop);
        await StartAsync(app, options, stop);
        if (recover)
            await app.Services.GetRequiredService<WorkflowRuntime>().RecoverAsync(stop);

        var address = Reachable(app.Address(), options.Address);
        var link = SignIn.Link(address, access.NewLinkKey());
        if (json)
            session.WriteJson(new { address, link, access.TokenPath });
        else
            session.Outside.Out.WriteLine(link);
        session.Say("Open this link in a browser; it works once. Ctrl-C ends the server; runs under way continue at its next start.");
        if (!IPAddress.IsLoopback(options.Address))
            session.Say("Other computers can connect, and nothing is encrypted: an SSH tunnel to this one is safer.");
        access.LinkUsed += () => session.Say($"A browser signed in. For another one: {SignIn.Link(address, access.NewLinkKey())}");

        var stopped = new TaskCompletionSource();
        await using (stop.Register(stopped.SetResult))
            await stopped.Task;
        session.Say("Stopping ...");
        await app.StopAsync(CancellationToken.None);
    }

    private static async Task StartAsync(WebApplication app, WebOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new PortInUseException(options.Address, options.Port);
        }
    }

    /// <summary>The address for a link: that of every interface is none to connect to.</summary>
    private static string Reachable(string address, IPAddress listen) =>
        listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any) ? $"http://{Dns.GetHostName()}:{new Uri(address).Port}" : address;
}

internal sealed class PortInUseException(IPAddress address, int port)
    : CliException(Cli.ExitCode.Conflict, $"Port {port} of {address} is in use by another program", "Give another one with --port; 0 takes a free one.");

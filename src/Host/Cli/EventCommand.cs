using System.CommandLine;
using System.Text.Json;

namespace VmCluster.Host.Cli;

internal static class EventCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run that waits." };
        var name = new Argument<string>("NAME") { Description = "The event's name." };
        var payload = new Option<string?>("--payload") { Description = "Data that goes with the event.", HelpName = "JSON" };
        var command = new CliCommand("event", "Delivers an event to a run that waits for it.", "vmcluster event 4f2k approved --payload '{\"by\": \"me\"}'") { run, name, payload };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = Parse(parsed.GetValue(payload));
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            return await RunOutcome.ActAsync(session, parsed, instance, () => session.Runtime.SendEventAsync(instance.Id, parsed.GetRequiredValue(name), data, Environment.UserName, cancellationToken));
        });
        return command;
    }

    private static JsonElement? Parse(string? payload)
    {
        try
        {
            return payload is null ? null : JsonElement.Parse(payload);
        }
        catch (JsonException e)
        {
            throw new UsageException($"The payload is no JSON: {e.Message}", "Quote it for the shell: --payload '{\"key\": \"value\"}'.");
        }
    }
}

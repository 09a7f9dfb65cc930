using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>What changes the versions of a definition. All is one transaction each.</summary>
public sealed partial class DefinitionStore
{
    /// <summary>Stores a definition given as Elsa's JSON as the latest, published version. The same content twice is one version.</summary>
    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    public Task<WorkflowDefinition> ImportAsync(string json, CancellationToken cancellationToken = default)
    {
        var given = WorkflowDefinition.Parse(json);
        return ChangeAsync(given.DefinitionId, by: null, versions => versions.ImportAsync(given, publish: true, cancellationToken), cancellationToken);
    }

    /// <summary>Stores a shipped definition unless a user has edited or deleted it: then the user's will stands.</summary>
    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    public async Task SeedAsync(string json, CancellationToken cancellationToken = default)
    {
        var given = WorkflowDefinition.Parse(json);
        await ChangeAsync(given.DefinitionId, by: null, versions => versions.SeedAsync(given, cancellationToken), cancellationToken);
    }

    /// <summary>Stores a file that came over the network, published where the file says so.</summary>
    /// <exception cref="InvalidDefinitionException">It is no definition; the message says where.</exception>
    /// <exception cref="DefinitionRefusedException">It is to be published and cannot run here; the message lists all reasons.</exception>
    public Task<WorkflowDefinition> ImportAsync(JsonObject file, string? by, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        var given = WorkflowDefinition.Parse(DesignerJson.Read(file));
        if (given.IsPublished)
            _check.ThrowIfUnfit(given);
        return ChangeAsync(given.DefinitionId, by, versions => versions.ImportAsync(given, given.IsPublished, cancellationToken), cancellationToken);
    }

    /// <summary>Saves what a designer sends: over the draft, or as a new one. Members that the designer does not know are kept.</summary>
    /// <param name="model">The definition; without a definition id it is a new one.</param>
    /// <param name="publish">Whether it is to run by default from now on.</param>
    /// <param name="by">Who saves.</param>
    /// <param name="cancellationToken">Nothing is stored then.</param>
    /// <exception cref="InvalidDefinitionException">It is no definition; the message says where.</exception>
    /// <exception cref="DefinitionRefusedException">It cannot run here; the message lists all reasons.</exception>
    public async Task<WorkflowDefinition> SaveAsync(JsonObject model, bool publish, string? by, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var json = DesignerJson.Read(model);
        if (string.IsNullOrEmpty(json.Text("definitionId")))
            json["definitionId"] = await NewDefinitionIdAsync(json.Text("name"), cancellationToken);

        return await ChangeAsync(json.Text("definitionId")!, by, SaveAsync, cancellationToken);

        Task<DefinitionRow> SaveAsync(DefinitionVersions versions)
        {
            var previous = versions.Latest is { } latest ? ToDefinition(latest).Source : null;
            var definition = WorkflowDefinition.Parse(previous is null ? json : DesignerJson.Continue(json, previous));
            _check.ThrowIfRootUnknown(definition);
            if (publish)
                _check.ThrowIfUnfit(definition);
            return versions.SaveAsync(definition, publish, cancellationToken);
        }
    }

    /// <summary>Publishes the latest version.</summary>
    /// <exception cref="DefinitionNotFoundException">There is none.</exception>
    /// <exception cref="DefinitionRefusedException">It cannot run here; the message lists all reasons.</exception>
    public Task<WorkflowDefinition> PublishAsync(string definitionId, string? by, CancellationToken cancellationToken = default) => ChangeAsync(
        definitionId,
        by,
        versions =>
        {
            var latest = versions.Latest ?? throw new DefinitionNotFoundException(definitionId);
            if (!latest.IsPublished)
                _check.ThrowIfUnfit(ToDefinition(latest));
            versions.Publish(latest);
            return Task.FromResult(latest);
        },
        cancellationToken);

    /// <summary>Takes the published version back to a draft; nothing runs by default then.</summary>
    /// <exception cref="DefinitionNotFoundException">No version is published.</exception>
    public Task<WorkflowDefinition> RetractAsync(string definitionId, string? by, CancellationToken cancellationToken = default) =>
        ChangeAsync(definitionId, by, versions => Task.FromResult(versions.Retract() ?? throw new DefinitionNotFoundException(definitionId)), cancellationToken);

    /// <summary>Makes a new draft that is like an earlier version.</summary>
    /// <exception cref="DefinitionNotFoundException">There is no such version.</exception>
    public Task<WorkflowDefinition> RevertAsync(string definitionId, int version, string? by, CancellationToken cancellationToken = default) => ChangeAsync(
        definitionId,
        by,
        versions => versions.AddAsync(ToDefinition(versions.Find(version) ?? throw new DefinitionNotFoundException($"{definitionId}-v{version}")), cancellationToken),
        cancellationToken);

    /// <summary>Takes a definition with all its versions out of the lists. Runs of it go on, and their history stays.</summary>
    /// <returns>Whether there was one.</returns>
    public Task<bool> DeleteAsync(string definitionId, string? by, CancellationToken cancellationToken = default) =>
        ChangeAsync<bool>(definitionId, by, versions => Task.FromResult(versions.Delete(row => true)), cancellationToken);

    /// <summary>Takes one version out of the lists.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteVersionAsync(string versionId, string? by, CancellationToken cancellationToken = default) =>
        await FindVersionAsync(versionId, cancellationToken) is { } version
        && await ChangeAsync<bool>(version.DefinitionId, by, versions => Task.FromResult(versions.Delete(row => row.Id == versionId)), cancellationToken);

    private async Task<WorkflowDefinition> ChangeAsync(string definitionId, string? by, Func<DefinitionVersions, Task<DefinitionRow>> change, CancellationToken cancellationToken) =>
        ToDefinition(await ChangeAsync<DefinitionRow>(definitionId, by, change, cancellationToken));

    private async Task<T> ChangeAsync<T>(string definitionId, string? by, Func<DefinitionVersions, Task<T>> change, CancellationToken cancellationToken)
    {
        await using var context = await _database.OpenAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var result = await change(await DefinitionVersions.LoadAsync(context, definitionId, by, _timeProvider.GetUtcNow(), cancellationToken));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>A name as an id that can be typed: <c>Build my cluster</c> becomes <c>build-my-cluster</c>.</summary>
    private async Task<string> NewDefinitionIdAsync(string? name, CancellationToken cancellationToken)
    {
        var letters = (name ?? "").ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ');
        var words = string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var stem = words.Length > 0 ? string.Join('-', words) : "workflow";
        await using var context = await _database.OpenAsync(cancellationToken);
        var taken = await context.Definitions.Where(row => row.DefinitionId.StartsWith(stem)).Select(row => row.DefinitionId).ToHashSetAsync(cancellationToken);
        return Enumerable.Range(1, taken.Count + 1).Select(number => number == 1 ? stem : $"{stem}-{number}").First(id => !taken.Contains(id));
    }
}

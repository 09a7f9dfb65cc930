using System.Text.Json;
using VmCluster.Workflows;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Host.Api;

/// <summary>An activity type as Studio's palette and editors read it.</summary>
internal sealed record ActivityDescriptorModel(
    string TypeName,
    string Namespace,
    string Name,
    int Version,
    string Category,
    string DisplayName,
    string? Description,
    ActivityKind Kind,
    bool IsContainer,
    bool IsBrowsable,
    IReadOnlyList<InputModel> Inputs,
    IReadOnlyList<OutputModel> Outputs,
    IReadOnlyList<PortModel> Ports)
{
    public bool IsStart => false;
    public bool IsTerminal => TypeName == "Elsa.Finish";
    public IReadOnlyDictionary<string, object> CustomProperties { get; } = new Dictionary<string, object>();
    public IReadOnlyDictionary<string, object> ConstructionProperties { get; } = new Dictionary<string, object>();

    /// <summary>What stands for activities of types that this host does not have.</summary>
    public static ActivityDescriptorModel Placeholder { get; } = new(
        MissingActivities.PlaceholderType, "Elsa", "NotFoundActivity", 1, "System", "Not found", "An activity of a type that this server does not have.",
        ActivityKind.Action, IsContainer: false, IsBrowsable: false, [], [], []);

    public static ActivityDescriptorModel Of(ActivityDescriptor descriptor) => new(
        descriptor.TypeName,
        descriptor.Namespace,
        descriptor.Name,
        descriptor.Version,
        descriptor.Category,
        descriptor.DisplayName,
        descriptor.Description,
        descriptor.Kind,
        descriptor.IsContainer,
        IsBrowsable: descriptor.TypeName != "Elsa.Workflow",
        [.. descriptor.Inputs.Select(InputModel.Of), .. descriptor.PlainInputs.Select(InputModel.Of)],
        [.. descriptor.Outputs.Select(OutputModel.Of)],
        [.. descriptor.EmbeddedPorts.Select(PortModel.Embedded), .. descriptor.FlowPorts.Select(PortModel.Flow)]);
}

internal sealed record InputModel(
    string Name,
    string TypeName,
    string DisplayName,
    string? Description,
    float Order,
    bool IsWrapped,
    string UiHint,
    string? Category,
    JsonElement? DefaultValue,
    string DefaultSyntax,
    bool IsSensitive,
    IReadOnlyDictionary<string, object> UiSpecifications)
{
    // Where this is absent, Studio hides the input.
    public bool IsBrowsable => true;
    public bool IsSynthetic => false;
    public bool IsReadOnly => false;
    public string? StorageDriverType => null;

    public static InputModel Of(InputDescriptor input) =>
        Of(input.PropertyName, input.ValueType, input.Attribute, input.Options, isWrapped: true) with
        {
            DefaultValue = input.DefaultValue,
            DefaultSyntax = input.Default?.Type ?? input.Attribute.DefaultSyntax,
        };

    public static InputModel Of(PlainInputDescriptor input) => Of(input.PropertyName, input.ValueType, input.Attribute, input.Attribute.Options, isWrapped: false);

    private static InputModel Of(string name, Type type, InputAttribute attribute, IReadOnlyList<string>? options, bool isWrapped)
    {
        var editor = InputEditor.For(type, attribute, options);
        return new InputModel(
            name, VariableType.AliasOf(type), attribute.DisplayName ?? name, attribute.Description, attribute.Order, isWrapped, editor.UiHint, attribute.Category,
            DefaultValue: null, attribute.DefaultSyntax, attribute.IsSensitive, editor.Specifications);
    }
}

internal sealed record OutputModel(string Name, string TypeName, string DisplayName, string? Description)
{
    public bool IsBrowsable => true;
    public bool IsSynthetic => false;

    public static OutputModel Of(OutputDescriptor output) =>
        new(output.PropertyName, VariableType.AliasOf(output.ValueType), output.Attribute.DisplayName ?? output.PropertyName, output.Attribute.Description);
}

internal sealed record PortModel(string Name, string DisplayName, string Type)
{
    public bool IsBrowsable => true;

    /// <summary>An outcome.</summary>
    public static PortModel Flow(string name) => new(name, name, nameof(Flow));

    /// <summary>A slot for a child activity.</summary>
    public static PortModel Embedded(string name) => new(name, name, nameof(Embedded));
}

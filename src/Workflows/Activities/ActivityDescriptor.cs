using System.Reflection;
using System.Text.RegularExpressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Activities;

/// <summary>An activity type as designers and the engine see it, read from its class.</summary>
public sealed partial class ActivityDescriptor
{
    internal ActivityDescriptor(Type type, Activity prototype)
    {
        var attribute = type.GetCustomAttribute<ActivityAttribute>()!;
        ClrType = type;
        Prototype = prototype;
        Namespace = attribute.Namespace;
        Name = attribute.Type ?? type.Name;
        Version = attribute.Version;
        Category = attribute.Category ?? attribute.Namespace;
        Description = attribute.Description;
        DisplayName = attribute.DisplayName ?? SplitWords(Name);
        Kind = attribute.Kind;

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        Inputs = properties.Where(property => property.PropertyType.IsSubclassOf(typeof(Input))).Select(property => new InputDescriptor(property, prototype)).ToList();
        Outputs = properties.Where(property => property.PropertyType.IsSubclassOf(typeof(Output))).Select(property => new OutputDescriptor(property)).ToList();
        FlowPorts = type.GetCustomAttribute<FlowNodeAttribute>()?.Outcomes ?? ["Done"];
        EmbeddedPorts = properties.Where(property => property.IsDefined(typeof(PortAttribute))).Select(property => property.Name).ToList();
        PlainInputs = properties
            .Where(property => property.IsDefined(typeof(InputAttribute)) && !property.PropertyType.IsSubclassOf(typeof(Input)))
            .Select(property => new PlainInputDescriptor(property))
            .ToList();
    }

    public string TypeName => $"{Namespace}.{Name}";

    public string Namespace { get; }

    public string Name { get; }

    public int Version { get; }

    public string Category { get; }

    public string DisplayName { get; }

    public string? Description { get; }

    public ActivityKind Kind { get; }

    public Type ClrType { get; }

    public bool IsContainer => Prototype is Container;

    public IReadOnlyList<InputDescriptor> Inputs { get; }

    /// <summary>Inputs that are no expressions: the definition holds their bare value.</summary>
    public IReadOnlyList<PlainInputDescriptor> PlainInputs { get; }

    public IReadOnlyList<OutputDescriptor> Outputs { get; }

    /// <summary>The outcomes.</summary>
    public IReadOnlyList<string> FlowPorts { get; }

    /// <summary>The members that hold child activities.</summary>
    public IReadOnlyList<string> EmbeddedPorts { get; }

    /// <summary>An instance that is never executed as a leaf; a container's is all there is of it.</summary>
    internal Activity Prototype { get; }

    /// <summary>Names the inputs and outputs of a new instance and fills what is not an <see cref="Input{T}"/>.</summary>
    internal void Prepare(Activity activity, Definitions.ActivityNode node)
    {
        activity.Id = node.Id;
        activity.Name = node.Name;
        foreach (var input in Inputs)
            input.Name(activity);

        foreach (var output in Outputs)
            output.Name(activity);

        foreach (var input in PlainInputs)
        {
            if (node.Source[Json.CamelCase(input.PropertyName)] is { } value)
                input.Set(activity, Json.ToElement(value));
        }
    }

    private static string SplitWords(string name) =>
        WordStart().Replace(name, match => " " + match.Value.ToLowerInvariant()).TrimStart() is { Length: > 0 } words
            ? char.ToUpperInvariant(words[0]) + words[1..]
            : name;

    [GeneratedRegex("(?<!^)[A-Z](?=[a-z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}

/// <summary>An output of an activity type.</summary>
public sealed class OutputDescriptor
{
    private readonly PropertyInfo _property;

    internal OutputDescriptor(PropertyInfo property)
    {
        _property = property;
        Attribute = property.GetCustomAttribute<OutputAttribute>() ?? new OutputAttribute();
        ValueType = property.PropertyType.GetGenericArguments()[0];
    }

    public string PropertyName => _property.Name;

    public Type ValueType { get; }

    public OutputAttribute Attribute { get; }

    internal void Name(Activity activity)
    {
        if (_property.GetValue(activity) is not Output output)
        {
            output = (Output)Activator.CreateInstance(_property.PropertyType)!;
            _property.SetValue(activity, output);
        }

        output.Name = _property.Name;
    }
}

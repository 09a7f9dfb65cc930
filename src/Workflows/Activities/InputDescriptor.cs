using System.Reflection;
using System.Text.Json;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows.Activities;

/// <summary>An input of an activity type.</summary>
public sealed class InputDescriptor
{
    private readonly PropertyInfo _property;

    internal InputDescriptor(PropertyInfo property, Activity prototype)
    {
        _property = property;
        var input = (Input?)property.GetValue(prototype);
        Attribute = property.GetCustomAttribute<InputAttribute>() ?? new InputAttribute();
        Default = input?.Expression ?? (Attribute.DefaultValue is { } value ? Expression.LiteralOf(value) : null);
        ValueType = property.PropertyType.GetGenericArguments()[0];
        Options = Attribute.Options ?? (Attribute.OptionsProvider is { } provider ? ((IInputOptions)Activator.CreateInstance(provider)!).Options : null);
    }

    public string PropertyName => _property.Name;

    public Type ValueType { get; }

    public InputAttribute Attribute { get; }

    /// <summary>The choices; null where any value may be given.</summary>
    public IReadOnlyList<string>? Options { get; }

    /// <summary>What applies where a definition says nothing.</summary>
    public Expression? Default { get; }

    public JsonElement? DefaultValue => Default?.Value;

    internal void Name(Activity activity)
    {
        if (_property.GetValue(activity) is not Input input)
        {
            input = (Input)Activator.CreateInstance(_property.PropertyType)!;
            _property.SetValue(activity, input);
        }

        input.Name = _property.Name;
    }
}

/// <summary>An input of an activity type whose value stands in the definition as it is, without an expression.</summary>
public sealed class PlainInputDescriptor
{
    private readonly PropertyInfo _property;

    internal PlainInputDescriptor(PropertyInfo property)
    {
        _property = property;
        Attribute = property.GetCustomAttribute<InputAttribute>()!;
    }

    public string PropertyName => _property.Name;

    public Type ValueType => _property.PropertyType;

    public InputAttribute Attribute { get; }

    internal void Set(Activity activity, JsonElement value) =>
        _property.SetValue(activity, ValueConverter.Convert(value, _property.PropertyType, _property.Name));
}

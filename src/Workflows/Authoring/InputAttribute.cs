namespace VmCluster.Workflows;

/// <summary>Describes an <see cref="Input{T}"/> property to the designer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute : Attribute
{
    public string? DisplayName { get; set; }

    public string? Description { get; set; }

    public string? Category { get; set; }

    /// <summary>The editor, one of <c>InputUIHints</c>; chosen by the property's type where none is given.</summary>
    public string? UIHint { get; set; }

    /// <summary>The choices of a drop-down or check list.</summary>
    public string[]? Options { get; set; }

    /// <summary>An <see cref="IInputOptions"/> that gives the choices, where they are no constants.</summary>
    public Type? OptionsProvider { get; set; }

    /// <summary>What a number counts, shown beside it: MiB, s.</summary>
    public string? Unit { get; set; }

    /// <summary>The language of a code editor, by Monaco's name.</summary>
    public string? Language { get; set; }

    /// <summary>Used, and shown by the designer, when the definition says nothing. A constant of the input's type.</summary>
    public object? DefaultValue { get; set; }

    public string DefaultSyntax { get; set; } = "Literal";

    /// <summary>Sensitive values are never stored, logged or answered; they are evaluated anew for each attempt.</summary>
    public bool IsSensitive { get; set; }

    public float Order { get; set; }
}

/// <summary>Describes an <see cref="Output{T}"/> property to the designer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute
{
    public string? DisplayName { get; set; }

    public string? Description { get; set; }
}

/// <summary>Names the outcomes (outgoing ports) of an activity. Without it there is one, <c>Done</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FlowNodeAttribute(params string[] outcomes) : Attribute
{
    public IReadOnlyList<string> Outcomes { get; } = outcomes;
}

/// <summary>Marks a property that holds a child activity, edited inside its parent's node.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortAttribute : Attribute;

/// <summary>The editors that Elsa Studio has for inputs.</summary>
public static class InputUIHints
{
    public const string SingleLine = "singleline";
    public const string MultiLine = "multiline";
    public const string Checkbox = "checkbox";
    public const string CheckList = "checklist";
    public const string RadioList = "radiolist";
    public const string DropDown = "dropdown";
    public const string MultiText = "multitext";
    public const string CodeEditor = "code-editor";
    public const string JsonEditor = "json-editor";
    public const string VariablePicker = "variable-picker";
}

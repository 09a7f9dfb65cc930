namespace VmCluster.Workflows;

/// <summary>
/// Declares an activity type: its type name is <c>Namespace.ClassName</c>. The shape is Elsa's, so that a class
/// moves between the two by changing its <c>using</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActivityAttribute(string @namespace, string? category = null, string? description = null) : Attribute
{
    public string Namespace { get; } = @namespace;

    /// <summary>The group in the designer's palette; the namespace where none is given.</summary>
    public string? Category { get; } = category;

    public string? Description { get; } = description;

    /// <summary>The name in the palette; the class name split into words where none is given.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The class name where none is given.</summary>
    public string? Type { get; set; }

    public int Version { get; set; } = 1;

    public ActivityKind Kind { get; set; } = ActivityKind.Action;
}

/// <summary>What an activity is to the designer: a plain step, one that can start a workflow, or one that takes long.</summary>
public enum ActivityKind
{
    Action,
    Trigger,
    Job,
    Task,
}

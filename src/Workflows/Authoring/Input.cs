using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows;

/// <summary>An activity's input without its type: a name and the expression that gives the value.</summary>
public abstract class Input
{
    /// <summary>The property's name, set when the activity is made from its definition.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The expression; null where the definition says nothing and the default applies.</summary>
    public Expression? Expression { get; internal set; }

    internal abstract Type ValueType { get; }
}

/// <summary>An activity's input of type <typeparamref name="T"/>. Its value is evaluated before the activity runs.</summary>
public sealed class Input<T> : Input
{
    public Input()
    {
    }

    public Input(Expression? expression) => Expression = expression;

    public Input(T literal) => Expression = Expression.LiteralOf(literal);

    internal override Type ValueType => typeof(T);

    /// <summary>The evaluated value.</summary>
    /// <exception cref="InputConversionException">The value has no meaning as a <typeparamref name="T"/>.</exception>
    public T? Get(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(this);
    }
}

/// <summary>An activity's output without its type.</summary>
public abstract class Output
{
    /// <summary>The property's name, set when the activity is made from its definition.</summary>
    public string Name { get; internal set; } = "";
}

/// <summary>An activity's output of type <typeparamref name="T"/>, which the definition may bind to a variable.</summary>
public sealed class Output<T> : Output
{
    public void Set(ActivityExecutionContext context, T? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(this, value);
    }
}

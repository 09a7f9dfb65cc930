using System.Linq.Expressions;

namespace VmCluster.Workflows.Persistence;

/// <summary>A condition on one of a run's times.</summary>
public sealed record TimestampFilter(RunTimestamp Column, TimestampOperator Operator, DateTimeOffset Timestamp)
{
    internal IQueryable<InstanceRow> Apply(IQueryable<InstanceRow> rows)
    {
        var column = Expression.Parameter(typeof(InstanceRow), "row");
        var value = Expression.Property(column, Column.ToString());
        // A field of this record, so that the query has a parameter and is compiled once.
        Expression limit = Expression.Property(Expression.Constant(this), nameof(Timestamp));
        limit = Expression.Convert(limit, value.Type);
        var condition = Operator switch
        {
            TimestampOperator.Is => Expression.Equal(value, limit),
            TimestampOperator.IsNot => Expression.NotEqual(value, limit),
            TimestampOperator.LessThan => Expression.LessThan(value, limit),
            TimestampOperator.LessThanOrEqual => Expression.LessThanOrEqual(value, limit),
            TimestampOperator.GreaterThan => Expression.GreaterThan(value, limit),
            _ => Expression.GreaterThanOrEqual(value, limit),
        };
        return rows.Where(Expression.Lambda<Func<InstanceRow, bool>>(condition, column));
    }
}

/// <summary>The times of a run, by Elsa's names.</summary>
public enum RunTimestamp
{
    CreatedAt,
    UpdatedAt,
    FinishedAt,
}

public enum TimestampOperator
{
    Is,
    IsNot,
    LessThan,
    GreaterThan,
    LessThanOrEqual,
    GreaterThanOrEqual,
}

using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Execution;

/// <summary>Turns exceptions into what the journal and an incident say.</summary>
internal static class Failures
{
    /// <param name="exception">What an activity threw.</param>
    /// <param name="isExpected">Its message is made for people, so no stack trace is kept.</param>
    public static Failure Of(Exception exception, bool isExpected = true)
    {
        var type = exception.GetType().FullName!;
        var detail = exception is ExpressionException ? exception.InnerException?.Message : null;
        return new Failure(exception.Message, type, detail, Json.ToElement(Describe(exception, isExpected)));
    }

    private static Dictionary<string, object?> Describe(Exception exception, bool isExpected)
    {
        var description = new Dictionary<string, object?>
        {
            ["Exception"] = exception.GetType().FullName,
            ["Message"] = exception.Message,
        };
        if (exception.InnerException is { } inner)
            description["InnerException"] = Describe(inner, isExpected);

        if (!isExpected)
            description["StackTrace"] = exception.StackTrace;

        return description;
    }
}

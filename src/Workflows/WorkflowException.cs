namespace VmCluster.Workflows;

/// <summary>The base of what the engine reports. The message says what failed and what to do about it.</summary>
public abstract class WorkflowException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>An input's value cannot be read as the type that the activity declares.</summary>
public sealed class InputConversionException(string input, string value, string type, Exception? innerException = null)
    : WorkflowException($"Input '{input}' is '{value}', which is no {type}. Correct the input and retry.", innerException);

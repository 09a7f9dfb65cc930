using Jint;
using Jint.Parser;
using Jint.Runtime;
using Jint.Runtime.Debugger;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>
/// Runs JavaScript (ECMAScript 5) expressions, each in an engine of its own, limited in time, memory, statements and
/// recursion. Scripts reach the run through functions that speak JSON text; they reach nothing of .NET.
/// </summary>
internal sealed class ScriptEvaluator(TimeProvider timeProvider)
{
    private const int StatementLimit = 200_000;
    private const int RecursionLimit = 100;

    /// <exception cref="ScriptException">The script threw, cannot be parsed, or exceeded its limits.</exception>
    public Evaluation Run(string script, VariableScope scope)
    {
        var bridge = new ScriptBridge(scope, timeProvider);
        try
        {
            // The debugger's step is the only place where the interpreter lets us look between two statements.
            var engine = new Engine(options => options
                .DebugMode()
                .MaxStatements(StatementLimit)
                .LimitRecursion(RecursionLimit)
                .Culture(System.Globalization.CultureInfo.InvariantCulture));
            var memory = new MemoryWatch();
            var time = new TimeWatch(timeProvider);
            engine.Step += (_, _) => memory.IsExceeded ? throw new ScriptException($"The script took more than {MemoryWatch.LimitMiB} MiB of memory.")
                : time.IsExceeded ? throw new ScriptException($"The script ran longer than {TimeWatch.Limit.TotalSeconds} s. Does it loop for ever?")
                : StepMode.Into;
            bridge.Attach(engine);
            engine.Execute(bridge.Prelude(script));
            var result = engine.Execute(AsProgram(script)).GetCompletionValue();
            engine.SetValue("__result", result);
            var json = engine.Execute("__toJson(__result)").GetCompletionValue();
            bridge.WriteBack(engine);
            return new Evaluation(json.IsString() ? Json.Parse(json.AsString()) : Json.Null)
            {
                Writes = bridge.Writes,
                CorrelationId = bridge.CorrelationId,
                InstanceName = bridge.InstanceName,
            };
        }
        catch (JavaScriptException e)
        {
            throw new ScriptException($"{e.Error} (line {e.LineNumber}, column {e.Column})", e);
        }
        catch (ParserException e)
        {
            throw new ScriptException(e.Message, e);
        }
        catch (StatementsCountOverflowException e)
        {
            throw new ScriptException($"The script ran more than {StatementLimit} statements. Does it loop for ever?", e);
        }
        catch (RecursionDepthOverflowException e)
        {
            throw new ScriptException($"The script calls itself more than {RecursionLimit} times deep.", e);
        }
        catch (Exception e) when (e is not WorkflowException)
        {
            // The interpreter has faults of its own, and a text can become too long for memory; neither may stop the run.
            throw new ScriptException($"The script could not be run: {e.Message}", e);
        }
    }

    /// <summary>A script may return at its top level, which only a function may do.</summary>
    private static string AsProgram(string script)
    {
        try
        {
            new JavaScriptParser().Parse(script);
            return script;
        }
        catch (ParserException)
        {
            return $"(function () {{ {script}\n }})()";
        }
    }
}

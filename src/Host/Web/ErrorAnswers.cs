using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Web;

/// <summary>Makes answers of exceptions: ours say what is wrong; any other stays in the log, since its text may say too much.</summary>
internal static class ErrorAnswers
{
    public static void UseErrorAnswers(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("VmCluster");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody waits for an answer.
            }
            catch (Exception e) when (!context.Response.HasStarted)
            {
                var (status, message) = e switch
                {
                    BadHttpRequestException bad => (bad.StatusCode, bad.Message),
                    RunNotFoundException or DefinitionNotFoundException or ActivityNotFoundException => (StatusCodes.Status404NotFound, e.Message),
                    RunFinishedException or ActivityNotFaultedException or EventNotAwaitedException or AmbiguousStepException or MigrationRefusedException or RunImportRefusedException => (StatusCodes.Status409Conflict, e.Message),
                    WorkflowException => (StatusCodes.Status400BadRequest, e.Message),
                    _ => (StatusCodes.Status500InternalServerError, "This should not have happened; the server's output says more."),
                };
                if (status >= StatusCodes.Status500InternalServerError)
                    logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                await context.RefuseAsync(status, message, e switch
                {
                    DefinitionRefusedException refused => refused.Problems,
                    MigrationRefusedException refused => refused.Reasons,
                    RunImportRefusedException refused => refused.Reasons,
                    _ => null,
                });
            }
        });
    }
}

using Microsoft.AspNetCore.Builder;

namespace VmCluster.Host.Web;

/// <summary>Names this start of the server in each answer, so that an open page learns of a restart that it slept through.</summary>
internal static class ServerInstance
{
    public static void UseServerInstance(this IApplicationBuilder app)
    {
        var instance = Guid.NewGuid().ToString("N");
        app.Use((context, next) =>
        {
            context.Response.Headers["Vm-Instance"] = instance;
            return next(context);
        });
    }
}

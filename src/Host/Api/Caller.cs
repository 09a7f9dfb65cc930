using Microsoft.AspNetCore.Http;

namespace VmCluster.Host.Api;

/// <summary>Who asks, for the journal and for the versions: for instance <c>ada (browser)</c>.</summary>
internal static class Caller
{
    public static string? Name(this HttpContext context) => context.User.Identity?.Name;
}

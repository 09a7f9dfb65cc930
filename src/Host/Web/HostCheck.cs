using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace VmCluster.Host.Web;

/// <summary>
/// Refuses requests that name another host than ours. A page elsewhere whose name is made to lead to this computer
/// (DNS rebinding) would otherwise be of our own origin to the browser.
/// </summary>
internal static class HostCheck
{
    public static void UseHostCheck(this IApplicationBuilder app, IPAddress address)
    {
        HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase) { "127.0.0.1", "localhost", "[::1]" };
        if (!IPAddress.IsLoopback(address))
        {
            hosts.Add(Dns.GetHostName());
            hosts.Add(new HostString(address.ToString(), 0).Host);
        }

        app.Use(async (context, next) =>
        {
            if (hosts.Contains(context.Request.Host.Host) || IsOwnAddress(context, address))
                await next(context);
            else
                await context.RefuseAsync(StatusCodes.Status400BadRequest, "This server does not answer to that name. Use the link that 'vmcluster serve' prints.");
        });
    }

    /// <summary>Told to listen on every address, the server answers to the one by which it was reached.</summary>
    private static bool IsOwnAddress(HttpContext context, IPAddress address) =>
        (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        && IPAddress.TryParse(context.Request.Host.Host, out var named)
        && context.Connection.LocalIpAddress is { } local
        && named.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local);
}

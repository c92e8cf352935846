using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SlaMonitor.Host.Pages;

/// <summary>The style and the script of the pages, as they are in the program.</summary>
internal static class Assets
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, type) in (ReadOnlySpan<(string, string)>)[("style.css", "text/css"), ("page.js", "text/javascript")])
        {
            var content = Read(path);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
            // Asked again each time, and sent only when another program is installed.
            routes.MapGet($"/{path}", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return Results.File(content, type + "; charset=utf-8", entityTag: tag);
            }).ExcludeFromDescription();
        }
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}

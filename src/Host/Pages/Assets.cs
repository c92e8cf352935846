using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>The style and the script of the pages, as they are in the program; and what a browser is to hold a page to.</summary>
internal static class Assets
{
    // Whatever a sender writes into a case number, nothing of it runs, loads or is framed.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sends the policy with every page of a group.</summary>
    public static TBuilder WithPolicy<TBuilder>(this TBuilder pages)
        where TBuilder : IEndpointConventionBuilder => pages.AddEndpointFilter<TBuilder, Sealed>();

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

    private sealed class Sealed : IEndpointFilter
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            if (context.HttpContext.Request.Query.ContainsKey("asOf"))
                return ValueTask.FromResult<object?>(Problems.Parameter("asOf", "is not known to pages, which show the present; ask /cases, /cases/{id}, /cases/{id}/explain or /compliance with it"));
            var headers = context.HttpContext.Response.Headers;
            (headers.ContentSecurityPolicy, headers.XContentTypeOptions, headers["Referrer-Policy"]) = (Policy, "nosniff", "same-origin");
            return next(context);
        }
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Access;

/// <summary><c>GET /tokens</c>: all tokens, whatever their state. Who is limited to centres sees those that are limited to some of the same.</summary>
internal static class GetTokens
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/tokens", HandleAsync)
        .WithName("GetTokens").WithSummary("All tokens, whatever their state; never their secrets.").Answers("tokens.json");

    private static async Task<Ok<JsonObject>> HandleAsync(AccessTokens tokens, Requester requester, IClock clock, CancellationToken ct)
    {
        var visible = (await tokens.AllAsync(ct)).Where(t => requester.Centres is not { } own || (t.Centres is { } its && own.IsSupersetOf(its)));
        return TypedResults.Ok(new JsonObject { ["tokens"] = new JsonArray([.. visible.Select(t => (JsonNode)t.ToJson(clock.GetCurrentInstant()))]) });
    }
}

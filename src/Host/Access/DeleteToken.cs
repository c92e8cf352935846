using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Access;

/// <summary><c>DELETE /tokens/{token}</c>: revokes a token, here at once and on other hosts within <see cref="TokenVerifier.Freshness"/>. Done again it changes nothing.</summary>
internal static class DeleteToken
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/tokens/{token}", HandleAsync)
        .WithName("RevokeToken").WithSummary("Revoke a token; done again it changes nothing.").Refuses(404, "No such token");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string token, AccessTokens tokens, TokenVerifier verifier, Requester requester, IClock clock, CancellationToken ct)
    {
        if (await tokens.RevokeAsync(token, requester.Name, clock.GetCurrentInstant(), requester.Centres, ct) is not { } revoked)
            return TypedResults.Problem("There is no such token; GET /tokens lists them.", statusCode: 404, title: "No such token");
        verifier.Forget(revoked.Id);
        return TypedResults.NoContent();
    }
}

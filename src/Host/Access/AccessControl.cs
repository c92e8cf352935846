using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace SlaMonitor.Host.Access;

/// <summary>Puts access control into the program: a policy for each role, and a closed door where a route names none.</summary>
internal static class AccessControl
{
    public static IServiceCollection AddAccessControl(this IServiceCollection services, AccessRules rules)
    {
        services.AddSingleton(rules).AddSingleton<AccessTokens>().AddSingleton<TokenVerifier>().AddHttpContextAccessor();
        services.AddScoped(request => Requester.Of(request.GetRequiredService<IHttpContextAccessor>().HttpContext)).AddScoped<Sender>();
        services.AddAuthentication(TokenAuthentication.Scheme).AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Scheme, null);
        services.AddAuthorization(options =>
        {
            foreach (var role in Roles.All)
                options.AddPolicy(role, policy => policy.RequireRole(Roles.Granting(role)));
            options.FallbackPolicy = options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(IsNoRouteOfOurs).Build();
        });
        return services;
    }

    /// <summary>The routes that a role opens.</summary>
    public static RouteGroupBuilder For(this IEndpointRouteBuilder routes, string role) => routes.MapGroup("").RequireAuthorization(role);

    /// <summary>The pages that a role opens: asked for by a browser, they have it ask for the token.</summary>
    public static RouteGroupBuilder PagesFor(this IEndpointRouteBuilder routes, string role) => routes.For(role).WithMetadata(new Page());

    // A path that is not there, or a method that is not, is answered as such to those we know.
    private static bool IsNoRouteOfOurs(AuthorizationHandlerContext asked) =>
        asked.User.Identity?.IsAuthenticated == true && (asked.Resource as HttpContext)?.GetEndpoint() is not RouteEndpoint;
}

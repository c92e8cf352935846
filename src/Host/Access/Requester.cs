using System.Security.Claims;

namespace SlaMonitor.Host.Access;

/// <summary>Who asks: by a token, or anybody where none is required.</summary>
internal sealed class Requester : ClaimsPrincipal
{
    private Requester(AccessToken? token, IEnumerable<string> roles, IReadOnlySet<string>? centres, string? scheme)
        : base(new ClaimsIdentity(roles.Select(r => new Claim(ClaimTypes.Role, r)), scheme)) => (Token, Centres) = (token, centres);

    /// <summary>Whoever reaches a server that requires no tokens.</summary>
    public static Requester Anybody { get; } = new(null, Roles.All, null, TokenAuthentication.Scheme);

    /// <summary>Nobody we know; sees nothing.</summary>
    public static Requester Nobody { get; } = new(null, [], new HashSet<string>(), null);

    /// <summary>The token it asks with; null: none.</summary>
    public AccessToken? Token { get; }

    /// <summary>The only centres it sees; null: all.</summary>
    public IReadOnlySet<string>? Centres { get; }

    /// <summary>True when it may know of a centre.</summary>
    public bool Sees(string centre) => Centres?.Contains(centre) != false;

    /// <summary>Under which name its doings are recorded.</summary>
    public string Name => Token?.Name ?? "anybody on this machine";

    public static Requester With(AccessToken token) => new(token, token.Roles, token.Centres?.ToHashSet(StringComparer.Ordinal), TokenAuthentication.Scheme);

    /// <summary>Who asks in a request.</summary>
    public static Requester Of(HttpContext? context) => context?.User as Requester ?? Nobody;
}

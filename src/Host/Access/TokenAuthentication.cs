using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace SlaMonitor.Host.Access;

/// <summary>
/// Who asks, by <c>Authorization: Bearer TOKEN</c>, or Basic with the token as the password, which every browser can send. A
/// credential that is presented counts also where none is required.
/// </summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenVerifier verifier, AccessRules rules)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public new const string Scheme = "Token";

    private const string Realm = "realm=\"SlaMonitor\"";
    private const string Unknown = "This needs a valid token; a missing, unknown, expired or revoked one is refused. Send it as Authorization: Bearer TOKEN, or as the password of Basic. Whoever runs this server makes one with: sla token create";

    private TimeSpan? _retryAfter;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // What is open to all does not depend on the database that tokens are in.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return AuthenticateResult.NoResult();
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return rules.TokensRequired ? AuthenticateResult.NoResult() : Succeed(Requester.Anybody);
        var verified = await verifier.VerifyAsync(TokenOf(header), Context.Connection.RemoteIpAddress, Context.RequestAborted);
        if (verified is Verification.Verified { Token: var token })
            return Succeed(Requester.With(token));
        _retryAfter = (verified as Verification.TooMany)?.RetryAfter;
        return AuthenticateResult.Fail("refused");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Answer(StatusCodes.Status429TooManyRequests, "Too many refused tokens", "Too many tokens from this address were refused, so this one was not looked at. Wait as long as Retry-After says, and correct the token.");
        }

        Response.Headers.Append(HeaderNames.WWWAuthenticate, $"Bearer {Realm}");
        if (Context.GetEndpoint()?.Metadata.GetMetadata<Page>() is not null)
            Response.Headers.Append(HeaderNames.WWWAuthenticate, $"Basic {Realm}, charset=\"UTF-8\"");
        return Answer(StatusCodes.Status401Unauthorized, "Token needed", Unknown);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var role = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        return Answer(StatusCodes.Status403Forbidden, "Role needed", role is null
            ? "This route is closed: the program names no role for it. That is a fault of the program."
            : $"This needs the role {role}, which the token has not. Whoever runs this server makes one that has it with: sla token create --role {role}");
    }

    /// <summary>The token in the header; empty when it holds none.</summary>
    private static string TokenOf(string header)
    {
        var (scheme, value) = header.Split(' ', 2) is [var first, var rest] ? (first, rest.Trim()) : ("", "");
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return value;
        var decoded = new byte[value.Length];
        if (!scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(value, decoded, out var length))
            return "";
        var credentials = Encoding.UTF8.GetString(decoded, 0, length);
        return credentials[(credentials.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static AuthenticateResult Succeed(Requester requester) => AuthenticateResult.Success(new AuthenticationTicket(requester, Scheme));

    private Task Answer(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title).ExecuteAsync(Context);
}

/// <summary>Marks a route that a browser opens.</summary>
internal sealed class Page;

using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using NodaTime;

namespace SlaMonitor.Host.Access;

/// <summary>What became of a credential.</summary>
internal abstract record Verification
{
    private Verification()
    {
    }

    /// <summary>It is a token's that may be used.</summary>
    public sealed record Verified(AccessToken Token) : Verification;

    /// <summary>It is none, or a token's that has expired or was revoked.</summary>
    public sealed record Refused : Verification;

    /// <summary>It was not looked at: too many from there were refused.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : Verification;
}

/// <summary>
/// Verifies credentials. One that was verified counts for <see cref="Freshness"/> without being looked up, so that a token
/// revoked on one host is refused by all of them within that. An address that presents too many that are refused is not
/// looked at for a while, but for tokens that were verified here before: others behind the same proxy go on.
/// </summary>
internal sealed class TokenVerifier(AccessTokens tokens, IClock clock, AccessRules rules) : IDisposable
{
    // More tokens than anybody hands out; without a bound it would be a promise about that.
    private const int MaxKept = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly PartitionedRateLimiter<string> _failures = PartitionedRateLimiter.Create<string, string>(
        from => RateLimitPartition.GetFixedWindowLimiter(from, _ => new() { PermitLimit = rules.FailuresPerMinute, Window = Window }), StringComparer.Ordinal);

    // One at a time: of a burst each failure is counted before the next is looked at, and a token is looked up once. However
    // many wait, they wait for that one, or find themselves refused without being looked at.
    private readonly PartitionedRateLimiter<string> _turns = PartitionedRateLimiter.Create<string, string>(
        whose => RateLimitPartition.GetConcurrencyLimiter(whose, _ => new() { PermitLimit = 1, QueueLimit = int.MaxValue }), StringComparer.Ordinal);

    /// <summary>For how long a verified token is not looked up again.</summary>
    public static Duration Freshness { get; } = Duration.FromSeconds(2);

    /// <summary>Verifies what was presented from an address.</summary>
    public async Task<Verification> VerifyAsync(string presented, IPAddress? remote, CancellationToken ct)
    {
        var (credential, from) = (Credential.Parse(presented), Origin(remote));
        if (Fresh(credential) is { } fresh)
            return new Verification.Verified(fresh);
        var known = Find(credential) is not null;
        using var turn = await _turns.AcquireAsync(known ? credential!.Id : from, 1, ct);
        if (Fresh(credential) is { } meanwhile)
            return new Verification.Verified(meanwhile);
        if (!known && Exhausted(from) is { } retryAfter)
            return new Verification.TooMany(retryAfter);
        if (credential is not null && await LookUpAsync(credential, ct) is { } token)
            return new Verification.Verified(token);
        _failures.AttemptAcquire(from).Dispose();
        return new Verification.Refused();
    }

    /// <summary>Has a token looked up again when it is presented next.</summary>
    public void Forget(string id) => _kept.TryRemove(id, out _);

    public void Dispose()
    {
        _failures.Dispose();
        _turns.Dispose();
    }

    private async Task<AccessToken?> LookUpAsync(Credential credential, CancellationToken ct)
    {
        // The time before it: what is revoked while we look counts from then.
        var at = clock.GetCurrentInstant();
        var token = await tokens.OfAsync(credential, ct);
        if (token?.IsUsable(at) != true)
        {
            if (token is not null)
                Forget(token.Id);
            return null;
        }

        if (_kept.Count >= MaxKept)
            _kept.Clear();
        _kept[token.Id] = new Kept(credential.SecretHash, token, at);
        return token;
    }

    private AccessToken? Fresh(Credential? credential)
    {
        var now = clock.GetCurrentInstant();
        // A clock that was set back must not make it fresh for longer.
        return Find(credential) is { } kept && kept.VerifiedAt <= now && now - kept.VerifiedAt < Freshness && kept.Token.IsUsable(now) ? kept.Token : null;
    }

    private Kept? Find(Credential? credential) => credential is not null && _kept.TryGetValue(credential.Id, out var kept) && AccessTokens.IsSame(kept.SecretHash, credential.SecretHash) ? kept : null;

    /// <summary>How long an address has to wait; null when it may go on.</summary>
    private TimeSpan? Exhausted(string from)
    {
        using var room = _failures.AttemptAcquire(from, 0);
        return room.IsAcquired ? null : room.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
    }

    /// <summary>Whose failures are counted together: an address, of IPv6 the network, for a host there has as many as it likes.</summary>
    private static string Origin(IPAddress? remote) => remote switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => remote.MapToIPv4().ToString(),
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => Convert.ToHexString(remote.GetAddressBytes().AsSpan(0, 8)),
        _ => remote.ToString(),
    };

    private sealed record Kept(byte[] SecretHash, AccessToken Token, Instant VerifiedAt);
}

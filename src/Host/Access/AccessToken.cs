using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Access;

/// <summary>A token as it is known to everybody who may see it; neither its secret nor the secret's hash is part of it.</summary>
/// <param name="Id">The part of its text that is no secret.</param>
/// <param name="Name">Whose it is; stands in the log beside what was decided with it.</param>
/// <param name="Roles">What it may be used for.</param>
/// <param name="Centres">The only centres it sees; null: all.</param>
/// <param name="Sources">The only sources it may send events under; null: any.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">From when on it is refused; null: never.</param>
/// <param name="RevokedAt">When it was revoked; null: it was not.</param>
/// <param name="RevokedBy">Who revoked it.</param>
internal sealed record AccessToken(
    string Id, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string>? Centres, IReadOnlyList<string>? Sources,
    Instant CreatedAt, string CreatedBy, Instant? ExpiresAt, Instant? RevokedAt = null, string? RevokedBy = null)
{
    /// <summary>True when it is neither revoked nor expired.</summary>
    public bool IsUsable(Instant now) => RevokedAt is null && !(ExpiresAt <= now);

    /// <summary>Where it stands, in a word.</summary>
    public string State(Instant now) => RevokedAt is not null ? "revoked" : IsUsable(now) ? "usable" : "expired";

    /// <summary>The token as JSON.</summary>
    public JsonObject ToJson(Instant now) => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["state"] = State(now),
        ["roles"] = Texts(Roles),
        ["centres"] = Texts(Centres),
        ["sources"] = Texts(Sources),
        ["createdAt"] = Timestamps.Format(CreatedAt),
        ["createdBy"] = CreatedBy,
        ["expiresAt"] = At(ExpiresAt),
        ["revokedAt"] = At(RevokedAt),
        ["revokedBy"] = RevokedBy,
    };

    private static JsonArray? Texts(IReadOnlyList<string>? texts) => texts is null ? null : [.. texts.Select(t => (JsonNode)t)];

    private static string? At(Instant? at) => at is { } instant ? Timestamps.Format(instant) : null;
}

namespace SlaMonitor.Host.Access;

/// <summary>What a token may be used for. Each is the name of the authorization policy that asks for it, too.</summary>
internal static class Roles
{
    /// <summary>Sends events.</summary>
    public const string Ingest = "ingest";

    /// <summary>Reads cases, figures, pages and metrics.</summary>
    public const string Read = "read";

    /// <summary>Decides, such as to have verdicts counted again; recorded under the token's name.</summary>
    public const string Decide = "decide";

    /// <summary>Reads what is sealed of people, each time with a record of it, and erases it.</summary>
    public const string PersonalData = "personal-data";

    /// <summary>All of the others but personal data, and the tokens themselves.</summary>
    public const string Admin = "admin";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Ingest, Read, Decide, PersonalData, Admin];

    /// <summary>The roles of which one must be held where this one is needed.</summary>
    public static IReadOnlyList<string> Granting(string needed) => needed == PersonalData ? [needed] : [needed, Admin];
}

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>What a caller may ask of the embedded server.</summary>
public sealed record EmbeddedServerOptions
{
    /// <summary>The major version to use; by default the data folder's, and 18 for a new one.</summary>
    public int? Major { get; init; }

    /// <summary>Settings added to or replacing the defaults; a server that is already running keeps its own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the server's programs are looked for.</summary>
    public BinaryPlaces Places { get; init; } = BinaryPlaces.Default;

    /// <summary>How long a start may take. Generous, because recovery after a crash is part of it and a server that dies is noticed at once.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an orderly stop may take before the server is stopped hard.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);
}

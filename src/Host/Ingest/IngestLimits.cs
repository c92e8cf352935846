using System.Reflection;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Bounds of what is taken over HTTP. Each is set by the configuration key <c>Ingest:NAME</c>, as an environment variable
/// <c>SLA_Ingest__NAME</c>.
/// </summary>
internal sealed record IngestLimits
{
    /// <summary>Bytes of JSON one event may have.</summary>
    public int MaxEventBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes, unpacked, of a body that is one JSON list.</summary>
    public long MaxBatchBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Bytes, unpacked, of a body with an event a line: what it may take on the disk of temporary files.</summary>
    public long MaxStreamBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Requests that are worked on at the same time.</summary>
    public int Concurrent { get; init; } = 128;

    /// <summary>Requests that may wait for their turn; more are answered 429.</summary>
    public int Waiting { get; init; } = 512;

    /// <exception cref="ArgumentException">A key is not known or its value not a positive number.</exception>
    public static IngestLimits Read(IConfiguration configuration)
    {
        var known = typeof(IngestLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var given in configuration.GetSection("Ingest").GetChildren())
        {
            var max = known.SingleOrDefault(p => p.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase)) is not { } property
                ? throw new ArgumentException($"the setting Ingest:{given.Key} is not known; use one of {string.Join(", ", known.Select(p => p.Name))}")
                : property.PropertyType == typeof(int) ? int.MaxValue : long.MaxValue;
            if (!long.TryParse(given.Value, out var value) || value < 1 || value > max)
                throw new ArgumentException($"the setting Ingest:{given.Key} is not a whole number from 1 to {max}");
        }

        return configuration.GetSection("Ingest").Get<IngestLimits>() ?? new IngestLimits();
    }
}

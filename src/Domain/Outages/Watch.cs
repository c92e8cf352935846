using NodaTime;

namespace SlaMonitor.Domain.Outages;

/// <summary>A fact about who watches a service.</summary>
public abstract record WatchEvent : StreamEvent
{
    private WatchEvent()
    {
    }

    /// <summary>Somebody, or a monitor, watches it from here on.</summary>
    public sealed record Started(string By) : WatchEvent;

    /// <summary>They do so no more.</summary>
    public sealed record Stopped(string By) : WatchEvent;
}

/// <summary>A time in which a service was watched; Until null: it still is.</summary>
public readonly record struct WatchedSpan(Instant From, Instant? Until, string By);

/// <summary>When a service was watched, by whom. Several may watch it at a time.</summary>
/// <param name="Spans">In the order they began; of one watcher they do not overlap.</param>
public sealed record Watch(ValueList<WatchedSpan> Spans)
{
    /// <summary>Nobody ever did.</summary>
    public static Watch None { get; } = new([]);

    /// <summary>The watch after one more fact, given in fold order. Beginning twice, or ending what has not begun, changes nothing.</summary>
    public static Watch Evolve(Watch state, Recorded fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fact);
        return fact.Event switch
        {
            WatchEvent.Started e => state.Spans.Any(s => s.By == e.By && s.Until is null) ? state : new Watch([.. state.Spans, new WatchedSpan(fact.OccurredAt, null, e.By)]),
            WatchEvent.Stopped e => new Watch([.. state.Spans.Select(s => s.By == e.By && s.Until is null ? s with { Until = fact.OccurredAt } : s)]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}

using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain;

/// <summary>A fact about one thing: a case, an outage, a maintenance, a service. What commitments may ask of it stands here, whatever it is about.</summary>
public abstract record StreamEvent
{
    /// <summary>A limit or deadline the event carries under that field, such as <c>given.review</c>; null: none.</summary>
    public virtual Limit? LimitIn(string field) => null;

    /// <summary>The word of a field that a commitment may ask for before it applies, such as the outcome of a decision; null: the event has none.</summary>
    public virtual string? WordIn(string field) => null;

    /// <summary>The value of a field that tells clocks of one commitment apart, such as the branch of a joint case; null: the event has none.</summary>
    public virtual string? KeyIn(string field) => null;

    /// <summary>True: what limits are selected by may be another from here on.</summary>
    internal virtual bool ChangesLimits => false;

    /// <summary>True: takes back what was said before it; of what is said later it says nothing.</summary>
    internal virtual bool TakesBack => false;

    /// <summary>By how much, why and by whose approval a limit was prolonged; null: the event prolongs none.</summary>
    internal virtual GrantedExtension? Prolongs => null;
}

/// <summary>A limit prolonged.</summary>
/// <param name="Add">By how much.</param>
/// <param name="Reason">Why; null: it is in the vault.</param>
/// <param name="Approver">By whose approval.</param>
internal readonly record struct GrantedExtension(Limit Add, string? Reason, string Approver);

/// <summary>What a stream is about; the first part of its name is the word in <see cref="StreamKinds"/>.</summary>
public enum StreamKind
{
    /// <summary>A case (办件).</summary>
    Case,

    /// <summary>A complaint (投诉).</summary>
    Complaint,

    /// <summary>An outage of a service (服务中断).</summary>
    Outage,

    /// <summary>A planned maintenance of a service (计划维护).</summary>
    Maintenance,

    /// <summary>A service, and by whom it is watched.</summary>
    Service,
}

/// <summary>The words that begin the names of streams.</summary>
public static class StreamKinds
{
    // An array, which is gone through for each event of a page.
    private static readonly (StreamKind Kind, string Beginning)[] Beginnings = [.. Enum.GetValues<StreamKind>().Select(k => (k, WordOf(k) + "/"))];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<StreamKind> All { get; } = Enum.GetValues<StreamKind>();

    /// <summary>The word of a kind, such as <c>case</c> in <c>case/2026-000123</c>.</summary>
    public static string WordOf(StreamKind kind) => kind switch
    {
        StreamKind.Case => "case",
        StreamKind.Complaint => "complaint",
        StreamKind.Outage => "outage",
        StreamKind.Maintenance => "maintenance",
        StreamKind.Service => "service",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What people call a stream: of a case its number, of anything else the whole name.</summary>
    public static string Shown(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Of(stream) == StreamKind.Case ? stream[(WordOf(StreamKind.Case).Length + 1)..] : stream;
    }

    /// <summary>What a stream of that name is about; null: nothing of ours.</summary>
    public static StreamKind? Of(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        foreach (var (kind, beginning) in Beginnings)
        {
            if (stream.StartsWith(beginning, StringComparison.Ordinal))
                return kind;
        }

        return null;
    }
}

using System.Collections.Immutable;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Outages;

namespace SlaMonitor.Domain;

/// <summary>A type of event of ours.</summary>
/// <param name="Name">As it is stored, such as <c>case_received</c>.</param>
/// <param name="Stream">What its streams are about.</param>
/// <param name="Case">The type it is read as.</param>
/// <param name="Read">Reads its fields; null or an incomplete event when there are faults.</param>
public sealed record EventType(string Name, StreamKind Stream, Type Case, Func<JsonFields, StreamEvent?> Read)
{
    /// <summary>Which of two facts of the same instant comes first; the order of the rows of the event list.</summary>
    public int Rank { get; init; }

    /// <summary>True: decided here, and never reported from outside.</summary>
    public bool IsDecided { get; init; }

    /// <summary>
    /// Looks at the optional fields nothing is worked out from, so that a sender is told of a wrong one. They stay in the log as
    /// they are: what was taken once is not refused by a program that looks closer.
    /// </summary>
    public Action<JsonFields> Look { get; init; } = _ => { };

    /// <summary>The fields that stay readable: all others may tell of a person and go into the vault. Null: all stay.</summary>
    public IReadOnlySet<string>? Open { get; init; }

    /// <summary>True: some of its fields go into the vault.</summary>
    public bool HasPersonal => Open is not null;

    /// <summary>True: a field of that name, known or not, goes into the vault.</summary>
    public bool Seals(string field) => Open is not null && !Open.Contains(field);

    /// <summary>Fields a commitment may ask a word of, see <see cref="StreamEvent.WordIn"/>.</summary>
    public IReadOnlyCollection<string> Words { get; init; } = [];

    /// <summary>Fields that hold limits, see <see cref="StreamEvent.LimitIn"/>; of <c>given</c>, parts may be named.</summary>
    public IReadOnlyCollection<string> Limits { get; init; } = [];

    /// <summary>Fields that tell clocks apart, see <see cref="StreamEvent.KeyIn"/>.</summary>
    public IReadOnlyCollection<string> Keys { get; init; } = [];

    /// <summary>The .NET name Marten keeps beside the stored name.</summary>
    public string DotnetName => $"{Case.FullName}, {Case.Assembly.GetName().Name}";

    /// <summary>True when an event of the type may stand in streams of a kind: what is decided stands with what it is about.</summary>
    public bool FitsInto(StreamKind kind) => kind == Stream || (IsDecided && kind is StreamKind.Outage or StreamKind.Maintenance);
}

/// <summary>All types of event that facts are read from, by their stored names.</summary>
public static class EventTypes
{
    /// <summary>The field that holds, sealed, what of an event went into the vault.</summary>
    public const string Sealed = "sealed";

    private static readonly Dictionary<string, EventType> ByName = ((EventType[])[.. CaseJson.Types, .. ComplaintJson.Types, .. OutageJson.Types]).Select((t, i) => t with { Rank = i }).ToDictionary(t => t.Name);

    /// <summary>Every type, by rank.</summary>
    public static ImmutableArray<EventType> All { get; } = [.. ByName.Values.OrderBy(t => t.Rank)];

    /// <summary>Those that senders report.</summary>
    public static IEnumerable<EventType> Reported => All.Where(t => !t.IsDecided);

    /// <summary>True when an event of that stored name says something about what a stream of that name is about; any other is passed over.</summary>
    public static bool Concerns(string name, string stream) => Find(name) is { } type && StreamKinds.Of(stream) is { } kind && type.FitsInto(kind);

    /// <summary>The type of a stored name; null when it is none of ours.</summary>
    public static EventType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The type of a stored name of ours.</summary>
    public static EventType Of(string name) => ByName[name];
}

using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>A limit on the way from one event to another, as the catalogue defines it.</summary>
/// <param name="Id">Such as <c>case.promised</c>; the value of <c>sla_commitment</c> in metrics.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Start">The event that starts the clock; for acceptance, a deemed one counts as this. <see cref="Overdue"/> of a commitment: that one's due, once it has passed.</param>
/// <param name="When">What the start event has to say for the commitment to apply; empty: nothing.</param>
/// <param name="Stop">What stops it.</param>
/// <param name="Voids">Events that end it without the promise applying.</param>
/// <param name="Pause">What stops the clock for a while; null: nothing does.</param>
/// <param name="Extend">What prolongs it, by approver; empty: nothing does.</param>
/// <param name="Key">A field with one clock for each of its values; null: one clock at a time.</param>
/// <param name="Limit">Where the limit comes from.</param>
/// <param name="OnChange">Whether a change of kind, item or priority selects the limit anew.</param>
/// <param name="Reopen">What happens after settlement.</param>
/// <param name="Calendar">The catalogue's calendar it counts on; of outages, <see cref="ServiceHours"/> for the hours of the service concerned, which a clock's own definition then names.</param>
/// <param name="Levels">Instants before and after due that people want to know of.</param>
/// <param name="Target">What share of them is to be met, above 0 and at most 1; null: nobody has said.</param>
/// <param name="Deems">True: when it falls due unanswered, the case counts as accepted as of this clock's start (视为受理, Licensing Law 32).</param>
public sealed record CommitmentDefinition(
    string Id,
    Names Names,
    string Start,
    ValueList<Condition> When,
    StopRule Stop,
    ValueList<string> Voids,
    PauseRule? Pause,
    ValueList<ExtendRule> Extend,
    string? Key,
    LimitSource Limit,
    OnChange OnChange,
    Reopen Reopen,
    string Calendar,
    ValueList<Level> Levels,
    decimal? Target,
    bool Deems)
{
    private const string OverduePrefix = "overdue:";

    /// <summary>What it is about.</summary>
    public StreamKind On { get; init; }

    /// <summary>In place of a calendar: the hours of the service.</summary>
    public const string ServiceHours = "service";

    /// <summary>The start of a commitment that begins when another one has fallen due unanswered.</summary>
    public static string Overdue(string commitment) => OverduePrefix + commitment;

    /// <summary>The commitment whose due starts this one; null: an event does.</summary>
    public string? OverdueOf => Start.StartsWith(OverduePrefix, StringComparison.Ordinal) ? Start[OverduePrefix.Length..] : null;
}

/// <summary>A field of an event and the words it may hold.</summary>
public sealed record Condition(string Field, ValueList<string> Words);

/// <summary>A name in Chinese and English.</summary>
public sealed record Names(string Zh, string En);

/// <summary>Events that stop a clock: the first of them, or once all have happened the last.</summary>
public sealed record StopRule(ValueList<string> Events, bool All)
{
    /// <summary>True: they happen for other reasons, too, and before the start mean nothing. False: one that comes before its start is an end all the same, of which the times cannot be right.</summary>
    public bool PassesEarly { get; init; }
}

/// <summary>Events that pause and resume, matched by procedure, and the causes that count (Licensing Law 45 lists its own).</summary>
public sealed record PauseRule(string From, string Until, ValueList<string> Causes);

/// <summary>The event that prolongs, the most that may be added in all with that approval, whose approval it takes (null: that of anybody named), and the kind of case it is for (null: any).</summary>
public sealed record ExtendRule(string On, Limit? Max, string? Approver, CaseKind? Kind);

/// <summary>What a change of kind, item or priority does to a running clock.</summary>
public enum OnChange
{
    /// <summary>The limit is selected anew and counted from the original start.</summary>
    Reselect,

    /// <summary>The limit stays.</summary>
    Keep,
}

/// <summary>What happens after settlement.</summary>
public enum Reopen
{
    /// <summary>A new start is a new clock.</summary>
    New,

    /// <summary>The latest stop counts.</summary>
    Last,
}

/// <summary>Where a commitment's limit comes from.</summary>
public abstract record LimitSource
{
    private LimitSource()
    {
    }

    /// <summary>Written in the definition.</summary>
    public sealed record Literal(LimitTable Limits) : LimitSource;

    /// <summary>The service item's promised limit (承诺办结时限).</summary>
    public sealed record ItemPromised : LimitSource;

    /// <summary>The service item's statutory limit (法定办结时限).</summary>
    public sealed record ItemStatutory : LimitSource;

    /// <summary>The service's limit for restoring it (恢复时限), by priority.</summary>
    public sealed record ServiceRestore : LimitSource;

    /// <summary>A field of the start event, or else what the definition says.</summary>
    public sealed record Given(string Field, LimitTable? Default) : LimitSource;
}

/// <summary>Limits by kind and priority; the first row that fits is taken. A null in a row fits all.</summary>
public sealed record LimitTable(ValueList<LimitRow> Rows)
{
    /// <summary>The limit for a case; null when no row fits.</summary>
    public Limit? For(CaseKind? kind, string? priority)
    {
        foreach (var row in Rows)
        {
            if ((row.Kind is null || row.Kind == kind) && (row.Priority is null || row.Priority == priority))
                return row.Limit;
        }

        return null;
    }
}

/// <summary>A limit and the cases it is for.</summary>
public sealed record LimitRow(CaseKind? Kind, string? Priority, Limit Limit);

using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>One version of what a centre offers and promises.</summary>
/// <param name="Version">Names the version; a centre never uses one twice for different content.</param>
/// <param name="EffectiveFrom">Clocks that start at or after this instant follow it, until a later version takes over.</param>
/// <param name="Centre">The centre's id, the tenant.</param>
/// <param name="CentreNames">What people call the centre.</param>
/// <param name="Zone">The centre's zone: periods and pages are in it.</param>
/// <param name="Calendars">By id.</param>
/// <param name="Items">By id.</param>
/// <param name="Windows">By id; empty: any window is accepted.</param>
/// <param name="Staff">Who works there, by code, with the window; empty: anybody is accepted. Names are nobody's business here.</param>
/// <param name="Causes">What a special procedure may be begun for, by id.</param>
/// <param name="Priorities">How urgency and impact make a priority.</param>
/// <param name="Commitments">In the order pages show them.</param>
public sealed record Catalogue(
    string Version,
    Instant EffectiveFrom,
    string Centre,
    Names CentreNames,
    DateTimeZone Zone,
    ImmutableDictionary<string, Calendar> Calendars,
    ImmutableDictionary<string, ServiceItem> Items,
    ImmutableDictionary<string, Names> Windows,
    ImmutableDictionary<string, string?> Staff,
    ImmutableDictionary<string, PauseCause> Causes,
    PriorityMatrix Priorities,
    ImmutableArray<CommitmentDefinition> Commitments)
{
    /// <summary>The place of its publication in the log; 0 before it is published.</summary>
    public long Position { get; init; }

    /// <summary>What is promised of a service at an instant; nothing of one that is not in this version.</summary>
    public ServiceTargets TargetsOf(string service, Instant at) => !Services.TryGetValue(service, out var defined) ? ServiceTargets.None
        : ServiceHistory.AgreementOn(this, service, at)?.TargetsOf(defined) ?? defined.Targets;

    /// <summary>The commitment whose silence counts as acceptance; null: none does.</summary>
    public CommitmentDefinition? Deeming => Commitments.FirstOrDefault(d => d.Deems);

    /// <summary>When it was published, by the database's clock.</summary>
    public Instant PublishedAt { get; init; } = Instant.MinValue;

    /// <summary>When the centre itself is open: the calendar that commitments count on unless they name another.</summary>
    public required Calendar Hours { get; init; }

    /// <summary>The IT services, by id.</summary>
    public ImmutableDictionary<string, ItService> Services { get; init; } = ImmutableDictionary<string, ItService>.Empty;

    /// <summary>What complaints are about, by id; empty: the centre takes no complaints.</summary>
    public ImmutableDictionary<string, ComplaintCategory> ComplaintCategories { get; init; } = ImmutableDictionary<string, ComplaintCategory>.Empty;

    /// <summary>What is agreed about the services, as listed.</summary>
    public ImmutableArray<Agreement> Agreements { get; init; } = [];
}

/// <summary>Something a citizen can apply for (事项).</summary>
/// <param name="Id">Its code.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Department">Who is responsible.</param>
/// <param name="Kind">The kind its cases are unless they say otherwise.</param>
/// <param name="Promised">承诺办结时限; null: nothing promised.</param>
/// <param name="Statutory">法定办结时限; null: none.</param>
/// <param name="Basis">The law the statutory limit rests on.</param>
/// <param name="Materials">What has to be handed in.</param>
/// <param name="Procedure">The stages of handling, in order.</param>
/// <param name="Fee">What is charged; null: not said.</param>
/// <param name="Channels">How one can apply; empty: not said.</param>
/// <param name="Branches">Of a joint item, the agencies concerned by branch.</param>
/// <param name="Authority">Of an upward item, who decides.</param>
public sealed record ServiceItem(
    string Id, Names Names, string? Department, CaseKind Kind, LimitTable? Promised, LimitTable? Statutory, string? Basis,
    ValueList<string> Materials, ValueList<string> Procedure, Fee? Fee, ValueList<Channel> Channels, ValueList<(string Branch, string Agency)> Branches, string? Authority);

/// <summary>What a complaint can be about (投诉类别).</summary>
/// <param name="Names">What people call it.</param>
/// <param name="Priority">By which limits of complaints are told apart; null: none.</param>
public sealed record ComplaintCategory(Names Names, string? Priority);

/// <summary>What an item costs.</summary>
/// <param name="Yuan">The amount; 0: free.</param>
/// <param name="Basis">What the fee rests on.</param>
public sealed record Fee(decimal Yuan, string? Basis);

/// <summary>What a special procedure may be begun for.</summary>
/// <param name="Names">What people call it.</param>
/// <param name="Basis">The law it rests on.</param>
public sealed record PauseCause(Names Names, string Basis);

/// <summary>Priority = urgency × impact, as the catalogue says.</summary>
public sealed record PriorityMatrix(ImmutableDictionary<(string Urgency, string Impact), string> Cells)
{
    /// <summary>No matrix: events carry their priority, or there is none.</summary>
    public static PriorityMatrix None { get; } = new(ImmutableDictionary<(string, string), string>.Empty);

    /// <summary>The priority of an urgency and an impact; null when one is not known or the matrix has no such cell.</summary>
    public string? Of(string? urgency, string? impact) => urgency is not null && impact is not null ? Cells.GetValueOrDefault((urgency, impact)) : null;
}

/// <summary>The versions of one centre's catalogue, in the order they were published, and what was ordered to be counted again.</summary>
public sealed class CatalogueLog
{
    private readonly ImmutableArray<ImmutableArray<ShapedFolding>> _byKind;

    /// <summary>Keeps versions and recalculations.</summary>
    /// <param name="versions">Oldest first.</param>
    /// <param name="recalculations">Oldest first.</param>
    public CatalogueLog(ImmutableArray<Catalogue> versions, ImmutableArray<Recalculation> recalculations = default)
    {
        Versions = versions;
        Recalculations = recalculations.IsDefault ? [] : recalculations;
        Shapes = CommitmentShape.AllOf(versions);
        _byKind = [.. StreamKinds.All.Select(k => Shapes.Where(s => s.On == k).ToImmutableArray())];
        ShapesShareNames = Shapes.GroupBy(s => s.Shape.Id).Any(g => g.Count() > 1);
        LastStopCounts = versions.Any(v => v.Commitments.Any(c => c.Reopen == Reopen.Last));
    }

    /// <summary>A centre that has published nothing.</summary>
    public static CatalogueLog Empty { get; } = new([]);

    /// <summary>All versions, oldest first.</summary>
    public ImmutableArray<Catalogue> Versions { get; }

    /// <summary>All recalculations, oldest first.</summary>
    public ImmutableArray<Recalculation> Recalculations { get; }

    /// <summary>True when a later stop of some commitment takes the place of an earlier one.</summary>
    internal bool LastStopCounts { get; }

    /// <summary>Worked out once: every stream of the centre is folded by those of its kind.</summary>
    internal ImmutableArray<ShapedFolding> Shapes { get; }

    /// <summary>Those of one kind.</summary>
    internal ImmutableArray<ShapedFolding> ShapesOf(StreamKind kind) => _byKind[(int)kind];

    /// <summary>True when clocks of one commitment can come of several shapes of it.</summary>
    internal bool ShapesShareNames { get; }

    /// <summary>True when facts of a type can change a clock of some commitment.</summary>
    internal bool Matters(string type) => type is "case_supplement_requested" or "case_supplement_received" or "case_accepted" or "case_not_accepted" || Shapes.Any(s => s.Types.Contains(type));

    /// <summary>The newest version, or null when nothing was published.</summary>
    public Catalogue? Newest => Versions.IsEmpty ? null : Versions[^1];

    /// <summary>
    /// The version a clock follows that starts at an instant, by an event at a position: of those published before it and in
    /// effect by then the one with the latest effective date, of equal dates the one published last. Before all effective dates
    /// it is the earliest effective; before all publications the first. What is published later does not change it.
    /// </summary>
    public Catalogue? At(Instant start, long position = long.MaxValue)
    {
        Catalogue? found = null;
        foreach (var version in Versions)
        {
            if (found is not null && version.Position > position)
                continue;
            var better = found is null
                || (version.EffectiveFrom <= start
                    ? found.EffectiveFrom > start || version.EffectiveFrom >= found.EffectiveFrom
                    : found.EffectiveFrom > start && version.EffectiveFrom < found.EffectiveFrom);
            if (better)
                found = version;
        }

        return found;
    }

    /// <summary>The version of a name, of which clocks were made.</summary>
    public Catalogue Named(string version)
    {
        foreach (var published in Versions)
        {
            if (published.Version == version)
                return published;
        }

        throw new ArgumentException($"no version {version} was published", nameof(version));
    }

    /// <summary>The log with one more version.</summary>
    public CatalogueLog Add(Catalogue version) => new(Versions.Add(version), Recalculations);

    /// <summary>The log with one more recalculation.</summary>
    public CatalogueLog Add(Recalculation recalculation) => new(Versions, Recalculations.Add(recalculation));

    /// <summary>The log as it was up to a position.</summary>
    public CatalogueLog UpTo(long position) => Versions.All(v => v.Position <= position) && Recalculations.All(r => r.Position <= position) ? this
        : new CatalogueLog([.. Versions.Where(v => v.Position <= position)], [.. Recalculations.Where(r => r.Position <= position)]);
}

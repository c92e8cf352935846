using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Projections.Engine;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>A row of <c>outage</c>: one outage as lists show it. Lost: in billionths, as it is or last was; most: the most it ever was.</summary>
internal sealed record OutageRow(
    string Centre, string Stream, int Ordinal, string Service, string? Component, string? Cause, DateTime StartedAt, DateTime? EndedAt, bool IsVoid, int Lost, int Most, string? Urgency, string? Impact, string? Priority, string Source);

/// <summary>
/// A row of <c>service_span</c>: a stretch of time that availability of a service is counted from. Its name is that of the outage, of the exclusion or of who
/// watches; its reason the priority of an outage, the kind of an exclusion.
/// </summary>
internal sealed record SpanRow(string Centre, string Stream, int Ordinal, string Service, string Kind, string Name, DateTime FromAt, DateTime? UntilAt, int Lost, string? Reason)
{
    public const string Outage = "outage", Exclusion = "exclusion", Watch = "watch";
}

/// <summary>A row of <c>exclusion</c>.</summary>
internal sealed record ExclusionRow(
    string Centre, string Stream, string Id, string Service, string Kind, DateTime FromAt, DateTime UntilAt, string Evidence, string ProposedBy, DateTime ProposedAt, string State, string? DecidedBy, DateTime? DecidedAt, string? Reason);

/// <summary>A row of <c>maintenance</c>.</summary>
internal sealed record MaintenanceRow(string Centre, string Stream, string Service, DateTime FromAt, DateTime UntilAt, DateTime NoticeAt, int Moves, DateTime? CancelledAt);

/// <summary>What the read models hold of a stream that is about a service.</summary>
internal sealed record ServiceRows(IReadOnlyList<OutageRow> Outages, IReadOnlyList<SpanRow> Spans, IReadOnlyList<ExclusionRow> Exclusions, IReadOnlyList<MaintenanceRow> Maintenances)
{
    public static ServiceRows None { get; } = new([], [], [], []);

    /// <summary>Of outages.</summary>
    public static ServiceRows Of(StreamKey key, OutageClocks outages, CatalogueLog catalogue)
    {
        var (rows, spans) = (new List<OutageRow>(), new List<SpanRow>());
        var id = IdOf(key.Stream);
        foreach (var one in outages.State.Stretches)
        {
            var priority = catalogue.At(one.StartedAt) is { } version ? one.PriorityIn(version) : null;
            var name = one.Ordinal == 1 ? id : $"{id}#{one.Ordinal}";
            rows.Add(new OutageRow(
                key.Centre, key.Stream, one.Ordinal, one.Service, one.Component, one.Cause, one.StartedAt.ToDateTimeUtc(), one.EndedAt?.ToDateTimeUtc(), one.IsVoid,
                one.Pieces[^1].Lost.Billionths, one.Pieces.Max(p => p.Lost).Billionths, one.Weights[^1].Urgency, one.Weights[^1].Impact, priority, one.Source));
            if (!one.IsVoid)
                spans.AddRange(one.Pieces.Where(p => p.Until is null || p.Until > p.From).Select(p => new SpanRow(key.Centre, key.Stream, 0, one.Service, SpanRow.Outage, name, p.From.ToDateTimeUtc(), p.Until?.ToDateTimeUtc(), p.Lost.Billionths, priority)));
        }

        // What was excluded of a stream without a service excludes nothing.
        var exclusions = outages.State.Item is { } service ? Excluded(key, service, outages.Exclusions, spans) : [];
        return new ServiceRows(rows, Numbered(spans), exclusions, []);
    }

    /// <summary>Of planned maintenance.</summary>
    public static ServiceRows OfMaintenance(StreamKey key, IReadOnlyList<Recorded> facts)
    {
        var (state, exclusions) = (Maintenance.Unknown, default(ValueList<Exclusion>));
        foreach (var fact in Sorted(facts))
            (state, exclusions) = (Maintenance.Evolve(state, fact), Exclusion.Evolve(exclusions, fact));
        if (state.Service is not { } service)
            return None;
        var spans = new List<SpanRow>();
        var excluded = Excluded(key, service, exclusions, spans);
        return new ServiceRows(
            [], Numbered(spans), excluded,
            [new MaintenanceRow(key.Centre, key.Stream, service, state.From.ToDateTimeUtc(), state.Until.ToDateTimeUtc(), state.NoticeAt.ToDateTimeUtc(), state.Moves, state.CancelledAt?.ToDateTimeUtc())]);
    }

    /// <summary>Of who watches a service.</summary>
    public static ServiceRows OfWatch(StreamKey key, IReadOnlyList<Recorded> facts)
    {
        var watch = Sorted(facts).Aggregate(Watch.None, Watch.Evolve);
        return None with
        {
            Spans = Numbered([.. watch.Spans.Where(w => w.Until is null || w.Until > w.From).Select(w => new SpanRow(key.Centre, key.Stream, 0, IdOf(key.Stream), SpanRow.Watch, w.By, w.From.ToDateTimeUtc(), w.Until?.ToDateTimeUtc(), 0, null))]),
        };
    }

    private static string IdOf(string stream) => stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static IEnumerable<Recorded> Sorted(IReadOnlyList<Recorded> facts) => facts.DistinctBy(f => f.Id).Order(Comparer<Recorded>.Create(FoldOrder.Compare));

    private static List<ExclusionRow> Excluded(StreamKey key, string service, ValueList<Exclusion> exclusions, List<SpanRow> spans)
    {
        spans.AddRange(exclusions.Where(x => x.State == ExclusionState.Approved)
            .Select(x => new SpanRow(key.Centre, key.Stream, 0, service, SpanRow.Exclusion, $"{key.Stream} {x.Id}", x.From.ToDateTimeUtc(), x.Until.ToDateTimeUtc(), 0, OutageJson.WordOf(x.Kind))));
        return
        [
            .. exclusions.Select(x => new ExclusionRow(
                key.Centre, key.Stream, x.Id, service, OutageJson.WordOf(x.Kind), x.From.ToDateTimeUtc(), x.Until.ToDateTimeUtc(), x.Evidence, x.ProposedBy, x.ProposedAt.ToDateTimeUtc(),
                x.State.ToString().ToLowerInvariant(), x.DecidedBy, x.DecidedAt?.ToDateTimeUtc(), x.Reason)),
        ];
    }

    private static List<SpanRow> Numbered(List<SpanRow> spans) => [.. spans.Select((s, i) => s with { Ordinal = i + 1 })];
}

/// <summary>The tables of what streams say about services: <c>outage</c>, <c>service_span</c>, <c>exclusion</c> and <c>maintenance</c>.</summary>
internal static class ServiceTables
{
    /// <summary>The columns of a span, in the order in which <see cref="ReadSpan"/> reads them.</summary>
    public const string SpanColumns = "tenant_id, stream_id, ordinal, service, kind, name, from_at, until_at, lost, reason";

    private static readonly ReadModelTable<OutageRow> Outages = new(
        "outage",
        [
            Text<OutageRow>("tenant_id", r => r.Centre), Text<OutageRow>("stream_id", r => r.Stream), Whole<OutageRow>("ordinal", r => r.Ordinal), Text<OutageRow>("service", r => r.Service), Text<OutageRow>("component", r => r.Component),
            Text<OutageRow>("cause", r => r.Cause), At<OutageRow>("started_at", r => r.StartedAt), At<OutageRow>("ended_at", r => r.EndedAt), Flag<OutageRow>("is_void", r => r.IsVoid), Whole<OutageRow>("lost", r => r.Lost),
            Whole<OutageRow>("most", r => r.Most), Text<OutageRow>("urgency", r => r.Urgency), Text<OutageRow>("impact", r => r.Impact), Text<OutageRow>("priority", r => r.Priority), Text<OutageRow>("source", r => r.Source),
        ],
        keyColumns: 3,
        r => new OutageRow(
            r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetString(3), r.Text(4), r.Text(5), r.GetDateTime(6), r.At(7), r.GetBoolean(8), r.GetInt32(9), r.GetInt32(10), r.Text(11), r.Text(12), r.Text(13), r.GetString(14)));

    private static readonly ReadModelTable<SpanRow> Spans = new(
        "service_span",
        [
            Text<SpanRow>("tenant_id", r => r.Centre), Text<SpanRow>("stream_id", r => r.Stream), Whole<SpanRow>("ordinal", r => r.Ordinal), Text<SpanRow>("service", r => r.Service), Text<SpanRow>("kind", r => r.Kind),
            Text<SpanRow>("name", r => r.Name), At<SpanRow>("from_at", r => r.FromAt), At<SpanRow>("until_at", r => r.UntilAt), Whole<SpanRow>("lost", r => r.Lost), Text<SpanRow>("reason", r => r.Reason),
        ],
        keyColumns: 3,
        ReadSpan);

    private static readonly ReadModelTable<ExclusionRow> Exclusions = new(
        "exclusion",
        [
            Text<ExclusionRow>("tenant_id", r => r.Centre), Text<ExclusionRow>("stream_id", r => r.Stream), Text<ExclusionRow>("id", r => r.Id), Text<ExclusionRow>("service", r => r.Service), Text<ExclusionRow>("kind", r => r.Kind),
            At<ExclusionRow>("from_at", r => r.FromAt), At<ExclusionRow>("until_at", r => r.UntilAt), Text<ExclusionRow>("evidence", r => r.Evidence), Text<ExclusionRow>("proposed_by", r => r.ProposedBy),
            At<ExclusionRow>("proposed_at", r => r.ProposedAt), Text<ExclusionRow>("state", r => r.State), Text<ExclusionRow>("decided_by", r => r.DecidedBy), At<ExclusionRow>("decided_at", r => r.DecidedAt), Text<ExclusionRow>("reason", r => r.Reason),
        ],
        keyColumns: 3,
        r => new ExclusionRow(
            r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetDateTime(5), r.GetDateTime(6), r.GetString(7), r.GetString(8), r.GetDateTime(9), r.GetString(10), r.Text(11), r.At(12), r.Text(13)));

    private static readonly ReadModelTable<MaintenanceRow> Maintenances = new(
        "maintenance",
        [
            Text<MaintenanceRow>("tenant_id", r => r.Centre), Text<MaintenanceRow>("stream_id", r => r.Stream), Text<MaintenanceRow>("service", r => r.Service), At<MaintenanceRow>("from_at", r => r.FromAt),
            At<MaintenanceRow>("until_at", r => r.UntilAt), At<MaintenanceRow>("notice_at", r => r.NoticeAt), Whole<MaintenanceRow>("moves", r => r.Moves), At<MaintenanceRow>("cancelled_at", r => r.CancelledAt),
        ],
        keyColumns: 2,
        r => new MaintenanceRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetDateTime(3), r.GetDateTime(4), r.GetDateTime(5), r.GetInt32(6), r.At(7)));

    /// <summary>Reads a select of <see cref="SpanColumns"/>.</summary>
    public static SpanRow ReadSpan(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetDateTime(6), r.At(7), r.GetInt32(8), r.Text(9));

    /// <summary>What is stored of some streams; those of which nothing is are missing.</summary>
    public static async Task<Dictionary<StreamKey, ServiceRows>> LoadAsync(NpgsqlConnection connection, Generation generation, IEnumerable<StreamKey> streams, CancellationToken ct)
    {
        var found = new Dictionary<StreamKey, ServiceRows>();
        // Cases have none.
        var keys = new StreamKeys([.. streams.Where(s => StreamKinds.Of(s.Stream) is not (StreamKind.Case or StreamKind.Complaint))]);
        if (keys.Keys.Count == 0)
            return found;
        foreach (var rows in (await Outages.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            found[rows.Key] = Found(rows.Key) with { Outages = [.. rows] };
        foreach (var rows in (await Spans.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            found[rows.Key] = Found(rows.Key) with { Spans = [.. rows] };
        foreach (var rows in (await Exclusions.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            found[rows.Key] = Found(rows.Key) with { Exclusions = [.. rows] };
        foreach (var rows in (await Maintenances.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            found[rows.Key] = Found(rows.Key) with { Maintenances = [.. rows] };
        return found;

        ServiceRows Found(StreamKey key) => found.GetValueOrDefault(key, ServiceRows.None);
    }

    /// <summary>Makes rows of streams that have none.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<ServiceRows> rows, CancellationToken ct)
    {
        await Outages.InsertAsync(connection, generation, [.. rows.SelectMany(r => r.Outages)], ct);
        await Spans.InsertAsync(connection, generation, [.. rows.SelectMany(r => r.Spans)], ct);
        await Exclusions.InsertAsync(connection, generation, [.. rows.SelectMany(r => r.Exclusions)], ct);
        await Maintenances.InsertAsync(connection, generation, [.. rows.SelectMany(r => r.Maintenances)], ct);
    }

    /// <summary>Makes rows in tables of a past.</summary>
    public static async Task InsertPastAsync(NpgsqlConnection connection, string outages, string spans, string exclusions, IReadOnlyList<ServiceRows> rows, CancellationToken ct)
    {
        await Outages.InsertAsync(connection, outages, [.. rows.SelectMany(r => r.Outages)], ct);
        await Spans.InsertAsync(connection, spans, [.. rows.SelectMany(r => r.Spans)], ct);
        await Exclusions.InsertAsync(connection, exclusions, [.. rows.SelectMany(r => r.Exclusions)], ct);
    }

    /// <summary>Gives streams other rows in place of all they have.</summary>
    public static async Task ReplaceAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<(ServiceRows Stored, ServiceRows Wanted)> streams, CancellationToken ct)
    {
        if (streams.Count == 0)
            return;
        await Outages.ReplaceAsync(connection, generation, streams.Select(s => (s.Stored.Outages, s.Wanted.Outages)), ct);
        await Spans.ReplaceAsync(connection, generation, streams.Select(s => (s.Stored.Spans, s.Wanted.Spans)), ct);
        await Exclusions.ReplaceAsync(connection, generation, streams.Select(s => (s.Stored.Exclusions, s.Wanted.Exclusions)), ct);
        await Maintenances.ReplaceAsync(connection, generation, streams.Select(s => (s.Stored.Maintenances, s.Wanted.Maintenances)), ct);
    }

    /// <summary>The names of the tables in which two say something else of a stream.</summary>
    public static IEnumerable<string> Differences(ServiceRows stored, ServiceRows derived)
    {
        if (!stored.Outages.ToHashSet().SetEquals(derived.Outages))
            yield return "outages";
        if (!stored.Spans.ToHashSet().SetEquals(derived.Spans))
            yield return "spans";
        if (!stored.Exclusions.ToHashSet().SetEquals(derived.Exclusions))
            yield return "exclusions";
        if (!stored.Maintenances.ToHashSet().SetEquals(derived.Maintenances))
            yield return "maintenance";
    }
}

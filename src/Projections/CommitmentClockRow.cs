using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>A row of <c>commitment_clock</c>; the meaning of each value stands beside its column. Times are UTC to the microsecond.</summary>
internal sealed record CommitmentClockRow(
    string Centre, string Stream, string Commitment, string Key, int Ordinal,
    string? Item, string? Kind, string? Priority, short? Channel, string? Window, string? Staff, string? Stage, bool CaseOpen, bool Supplemented, bool Reworked,
    string Source, string State, DateTime? AppearsAt, DateTime StartedAt, DateTime? StoppedAt, DateTime? DueAt, DateTime? DueSoonAt,
    DateTime? PausedAt, DateTime? ResumesAt, DateTime? SettledAt, DateOnly? SettledOn, DateOnly? DueOn,
    string Unit, decimal Total, decimal? Used, bool Extended, int Anomalies, string CatalogueVersion, string CalendarVersion, DateTime? NextNoticeAt, DateTime? EscalatesAt)
{
    private static readonly string[] Kinds = Words<CaseKind>();
    private static readonly string[] States = Words<ClockState>();

    /// <summary>What names the row.</summary>
    public ClockId Id => new(Stream, Commitment, Key, Ordinal);

    /// <summary>
    /// True when an index holds the row under other values than before. Updated in place, such a row was measured to cost several
    /// times what taking it away and making it anew does (ADR 10).
    /// </summary>
    public bool MovesInIndexes(CommitmentClockRow before) =>
        (State, CaseOpen, Item, StartedAt, DueAt, DueSoonAt, AppearsAt, PausedAt, ResumesAt, SettledOn, DueOn, Anomalies, NextNoticeAt, EscalatesAt)
        != (before.State, before.CaseOpen, before.Item, before.StartedAt, before.DueAt, before.DueSoonAt, before.AppearsAt, before.PausedAt, before.ResumesAt, before.SettledOn, before.DueOn, before.Anomalies, before.NextNoticeAt, before.EscalatesAt);

    /// <summary>The row with what another row of its stream says of the case.</summary>
    public CommitmentClockRow WithCaseOf(CommitmentClockRow other) => this with
    {
        Item = other.Item,
        Kind = other.Kind,
        Priority = other.Priority,
        Channel = other.Channel,
        Window = other.Window,
        Staff = other.Staff,
        Stage = other.Stage,
        CaseOpen = other.CaseOpen,
        Supplemented = other.Supplemented,
        Reworked = other.Reworked,
    };

    /// <summary>
    /// Works out the rows of a stream. Everything that its events can make fail fails here, where only its stream is concerned.
    /// </summary>
    /// <param name="centre">The centre.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="clocks">The stream as folded.</param>
    /// <param name="catalogue">The catalogue it was folded with.</param>
    /// <param name="told">What was told about its clocks.</param>
    /// <param name="now">What is owed no notice any more is judged at this instant; nothing else depends on it.</param>
    public static List<CommitmentClockRow> Of(string centre, string stream, StreamClocks clocks, CatalogueLog catalogue, IReadOnlyDictionary<ClockId, ToldNotices> told, Instant now)
    {
        // What contradicts the case stands in one row of it, so that sums are right; in one that is there, if any is.
        var bearer = clocks.Clocks.FirstOrDefault(c => c.AppearsAt is null) ?? (clocks.Clocks.Count > 0 ? clocks.Clocks[0] : null);
        var (rows, priority) = (new List<CommitmentClockRow>(clocks.Clocks.Count), PriorityOf(clocks, catalogue));
        // A stream of thousands of outages is not gone through once for each.
        var sources = clocks.Clocks.Count > 16 ? clocks.Facts.ToDictionary(f => f.Id, f => f.Source) : null;
        foreach (var clock in clocks.Clocks)
        {
            var id = new ClockId(stream, clock.Definition.Id, clock.Key ?? "", clock.Ordinal);
            rows.Add(Of(
                centre, id, clocks.Subject, priority, clock, catalogue.Named(clock.CatalogueVersion).Zone, sources?[clock.StartedBy] ?? SourceOf(clocks, clock),
                clock.Anomalies.Count + (clock == bearer ? clocks.Anomalies.Count : 0), told.GetValueOrDefault(id) ?? ToldNotices.None, now));
        }

        return rows;
    }

    private static CommitmentClockRow Of(string centre, ClockId id, IClockSubject state, string? priority, Clock clock, DateTimeZone zone, string source, int anomalies, ToldNotices told, Instant now)
    {
        var reading = clock.Read();
        var (settled, reckoning) = (reading.State is ClockState.Met or ClockState.Breached or ClockState.Void, reading.Reckoning);
        var (used, remaining) = (reckoning.Used.Value, reckoning.Remaining.Value);
        var crossings = NoticeDecision.CrossingsOf(clock, reading);
        return new CommitmentClockRow(
            centre, id.Stream, id.Commitment, id.Key, id.Ordinal,
            state.Item, state.Kind is { } kind ? Kinds[(int)kind] : null, priority, (short?)state.Channel, state.Window, state.Staff, state.Stage, state.IsOpen, state.Supplemented, state.Reworked,
            source, settled ? States[(int)reading.State] : "open", Utc(clock.AppearsAt), clock.Facts.Start.ToDateTimeUtc(), Utc(clock.EndedAt), Utc(reckoning.DueAt), Utc(reading.DueSoonAt),
            Utc(reckoning.PausedAt), Utc(reckoning.ResumesAt), Utc(reading.SettledAt), DateIn(zone, reading.SettledAt),
            DateIn(zone, reckoning.DueAt is { } due ? Tick.ToInstant(Tick.Of(due) - 1) : null),
            reckoning.Used.Unit.ToString(), (used + remaining).ToDecimal(), settled ? used.ToDecimal() : null, clock.Facts.Limit.CanPause && used + remaining > clock.Facts.Limit.Total,
            anomalies, clock.CatalogueVersion, clock.Facts.Calendar.Version,
            Utc(NoticeDecision.NextAt(crossings, told, now)), Utc(EscalationIn(crossings)));
    }

    /// <summary>The first level after due; of a clock that has ended none is left.</summary>
    private static Instant? EscalationIn(ValueList<Crossing> crossings)
    {
        foreach (var crossing in crossings)
        {
            if (crossing.Kind == NoticeKind.Escalated)
                return crossing.At;
        }

        return null;
    }

    /// <summary>By the catalogue that held when it began.</summary>
    private static string? PriorityOf(StreamClocks clocks, CatalogueLog catalogue)
    {
        foreach (var fact in clocks.Facts)
        {
            if (fact.Event is CaseEvent.Received or ComplaintEvent.Registered or OutageEvent.Started)
                return catalogue.At(fact.OccurredAt, fact.Position) is { } version ? clocks.Subject.PriorityIn(version, null) : null;
        }

        return (clocks.Subject as Case)?.Priority;
    }

    private static string SourceOf(StreamClocks clocks, Clock clock)
    {
        foreach (var fact in clocks.Facts)
        {
            if (fact.Id == clock.StartedBy)
                return fact.Source;
        }

        throw new ArgumentException("the clock is not of this stream", nameof(clock));
    }

    // By value, each once: rows are kept in memory by the hundred thousand.
    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];

}

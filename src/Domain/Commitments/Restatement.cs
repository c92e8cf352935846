using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>A settled verdict that was changed afterwards, by a late event or by a recalculation; nothing else changes one.</summary>
/// <param name="Commitment">Whose clock.</param>
/// <param name="Key">The clock's key; null: the commitment has none.</param>
/// <param name="Ordinal">Which of the clocks.</param>
/// <param name="Old">As it was settled.</param>
/// <param name="New">As it has been since; null: the clock is open again, or gone.</param>
/// <param name="Cause">The event that changed it.</param>
/// <param name="CauseType">That event's stored name.</param>
/// <param name="Position">Its place in the log.</param>
/// <param name="At">When it was recorded.</param>
public sealed record Restatement(string Commitment, string? Key, int Ordinal, Verdict Old, Verdict? New, Guid Cause, string CauseType, long Position, Instant At);

/// <summary>How a clock settled.</summary>
/// <param name="State">Met, breached or void.</param>
/// <param name="SettledAt">When; null: void.</param>
public sealed record Verdict(ClockState State, Instant? SettledAt);

/// <summary>
/// Works out of a case's facts, in the order they were recorded in, which verdicts were restated. A verdict counts as settled
/// once it could be read for <see cref="Standing"/>: what an import tells in one go, or a sender a moment late, restates nothing
/// anybody has seen.
/// </summary>
public static class Restatements
{
    /// <summary>How long a verdict has to stand before a change of it is a restatement.</summary>
    public static Duration Standing { get; } = Duration.FromMinutes(10);

    /// <summary>All restatements, in the order of their causes.</summary>
    /// <param name="kind">What the stream is about.</param>
    /// <param name="facts">Its facts by position, each once.</param>
    /// <param name="catalogue">The catalogue log.</param>
    /// <param name="after">Only those whose cause stands after this position: what was restated before stays as it was found.</param>
    public static List<Restatement> Of(StreamKind kind, IReadOnlyList<Recorded> facts, CatalogueLog catalogue, long after = 0)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(catalogue);
        var found = new List<Restatement>();
        for (var i = 1; i < facts.Count; i++)
        {
            if (facts[i].Position > after && CanRestate(facts, i, catalogue) && Knew(kind, facts, i, facts[i].RecordedAt, catalogue) is { Count: > 0 } known)
            {
                var then = catalogue.UpTo(facts[i].Position);
                Compare(known.Keys, Verdicts(kind, facts.Take(i), then, facts[i].RecordedAt), Verdicts(kind, facts.Take(i + 1), then, facts[i].RecordedAt), facts[i].Id, facts[i].Type, facts[i].Position, facts[i].RecordedAt, found);
            }
        }

        foreach (var order in catalogue.Recalculations.Where(r => r.Position > after))
        {
            var count = facts.TakeWhile(f => f.Position < order.Position).Count();
            if (count == 0)
                continue;
            var (without, with) = (catalogue.UpTo(order.Position - 1), catalogue.UpTo(order.Position));
            var verdicts = Verdicts(kind, facts.Take(count), without, order.RecordedAt);
            Compare(verdicts.Keys, verdicts, Verdicts(kind, facts.Take(count), with, order.RecordedAt), order.Id, Recalculation.Ordered, order.Position, order.RecordedAt, found);
        }

        return [.. found.OrderBy(r => r.Position).ThenBy(r => r.Commitment, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal).ThenBy(r => r.Ordinal)];
    }

    /// <summary>
    /// What was recorded as it happened changes nothing that had settled before, unless it takes a settlement back, or something
    /// dated later was recorded earlier. What no commitment asks for changes nothing ever.
    /// </summary>
    private static bool CanRestate(IReadOnlyList<Recorded> facts, int i, CatalogueLog catalogue)
    {
        var fact = facts[i];
        if (!catalogue.Matters(fact.Type))
            return false;
        if (fact.RecordedAt - fact.OccurredAt > Standing || fact.Event is CaseEvent.Reopened or CaseEvent.SupplementReceived || catalogue.UpTo(fact.Position).LastStopCounts)
            return true;
        for (var j = 0; j < i; j++)
        {
            if (facts[j].OccurredAt > fact.RecordedAt - Standing)
                return true;
        }

        return false;
    }

    /// <summary>The clocks whose verdict could be read a while before an instant.</summary>
    private static Dictionary<ClockName, Verdict> Knew(StreamKind kind, IReadOnlyList<Recorded> facts, int count, Instant at, CatalogueLog catalogue)
    {
        var (known, then) = (new List<Recorded>(), at - Standing);
        for (var i = 0; i < count && facts[i].RecordedAt <= then; i++)
            known.Add(facts[i]);
        return known.Count == 0 ? [] : Verdicts(kind, known, catalogue.UpTo(known[^1].Position), then);
    }

    private static Dictionary<ClockName, Verdict> Verdicts(StreamKind kind, IEnumerable<Recorded> facts, CatalogueLog catalogue, Instant at)
    {
        var verdicts = new Dictionary<ClockName, Verdict>();
        foreach (var clock in StreamClocks.Fold(kind, facts, catalogue).Clocks)
        {
            if (!(clock.AppearsAt >= at) && clock.Read(at) is { State: ClockState.Met or ClockState.Breached or ClockState.Void } reading)
                verdicts[new ClockName(clock.Definition.Id, clock.Key, clock.Ordinal)] = new Verdict(reading.State, reading.SettledAt);
        }

        return verdicts;
    }

    private static void Compare(
        IEnumerable<ClockName> known, Dictionary<ClockName, Verdict> before, Dictionary<ClockName, Verdict> after, Guid cause, string type, long position, Instant at, List<Restatement> found)
    {
        foreach (var name in known)
        {
            if (before.TryGetValue(name, out var old) && after.GetValueOrDefault(name) is var now && now != old)
                found.Add(new Restatement(name.Commitment, name.Key, name.Ordinal, old, now, cause, type, position, at));
        }
    }

    private readonly record struct ClockName(string Commitment, string? Key, int Ordinal);
}

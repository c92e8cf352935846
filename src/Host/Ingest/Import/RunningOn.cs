using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Counts cases and complaints that have ended while a clock of theirs runs on: the commonest fault of a mapping is an end by an event at
/// which the catalogue's promises do not stop, and then every case is breached sooner or later.
/// </summary>
internal sealed class RunningOn
{
    private static readonly string[] Ends = ["case_not_accepted", "case_returned", "case_decided", "case_delivered", "case_closed", "case_withdrawn", "complaint_fed_back", "complaint_closed"];
    private readonly Dictionary<string, long> _ended = [];
    private readonly HashSet<string> _seen = [];
    private readonly HashSet<string> _begun = [];
    private readonly Dictionary<(string End, string Commitment), (long Cases, StopRule Stop)> _running = [];

    /// <summary>Counts a case or a complaint.</summary>
    public void Add(StreamClocks folded, Instant now)
    {
        _seen.UnionWith(folded.Facts.Select(f => f.Type));
        _begun.UnionWith(folded.Clocks.Select(c => c.Definition.Id));
        foreach (var end in Ends)
        {
            var facts = folded.Facts.Where(f => f.Type == end).ToList();
            if (facts.Count == 0)
                continue;
            _ended[end] = _ended.GetValueOrDefault(end) + 1;
            foreach (var definition in folded.Clocks.Where(c => GoesOn(c, end, facts, now)).Select(c => c.Definition).DistinctBy(d => d.Id))
                _running[(end, definition.Id)] = (_running.GetValueOrDefault((end, definition.Id)).Cases + 1, definition.Stop);
        }
    }

    /// <summary>A line for each commitment and end of which there are such cases.</summary>
    public IEnumerable<string> Lines() => _running.OrderBy(r => Array.IndexOf(Ends, r.Key.End)).ThenByDescending(r => r.Value.Cases).ThenBy(r => r.Key.Commitment, StringComparer.Ordinal).Select(r =>
    {
        var (ended, stop) = (_ended[r.Key.End], string.Join(r.Value.Stop.All ? " and " : " or ", r.Value.Stop.Events));
        return string.Create(CultureInfo.InvariantCulture, $"{ended:N0} {(ended == 1 ? $"{Word(r.Key.End)} has" : $"{Word(r.Key.End)}s have")} {r.Key.End}, and {r.Key.Commitment}, which stops at {stop}, goes on in {r.Value.Cases:N0} of them");
    });

    /// <summary>A line for each event that no case has, at which commitments start that an end of the file would stop: they promise nothing to anybody here.</summary>
    /// <param name="commitments">Those of the catalogue.</param>
    public IEnumerable<string> NeverBegun(IEnumerable<CommitmentDefinition> commitments) => commitments
        .Where(c => c.OverdueOf is null && !_seen.Contains(c.Start) && !_begun.Contains(c.Id) && c.Stop.Events.Any(_ended.ContainsKey))
        .GroupBy(c => c.Start, c => c.Id).Select(g => $"no {Word(g.Key)} has {g.Key}, at which these start: {string.Join(", ", g.Distinct())}");

    private static string Word(string type) => StreamKinds.WordOf(EventTypes.Of(type).Stream);

    private static bool GoesOn(Clock clock, string end, List<Recorded> facts, Instant now) =>
        clock.EndedAt is null && (clock.AppearsAt is not { } appears || appears < now)
        // Stopped by it once, the clock runs because the case was reopened, or waits for something else beside it.
        && !clock.Definition.Stop.Events.Contains(end) && !clock.Definition.Voids.Contains(end)
        && facts.Exists(f => f.Id != clock.StartedBy && f.OccurredAt >= clock.Facts.Start);
}

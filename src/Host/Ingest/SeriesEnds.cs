using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Ends outages of which nobody told the end. Of one series only one can last at a time, so one that is still open when another
/// of its series began or ended had ended by then: the two touch, and are one interruption. It is looked for in the log itself,
/// each time anything of the series is told; so what was missed once, such as between two requests at the same time, is found with
/// the next, and the order in which things are told does not matter.
/// </summary>
internal sealed class SeriesEnds(EventLog log)
{
    // One is the rule; more lie open only when several senders of one cause went away at once.
    private const int Looked = 16;

    private static readonly JsonElement Assumed = JsonDocument.Parse("""{"assumed":true}""").RootElement;

    /// <summary>The ends that can be told by what the log has of the series and near the streams.</summary>
    public async Task<IReadOnlyList<ReportedEvent>> FindAsync(string centre, string source, IReadOnlyCollection<(string Series, string Stream)> told, CancellationToken ct)
    {
        if (told.Count == 0)
            return [];
        var word = StreamKinds.WordOf(StreamKind.Outage);
        var places = told.Select(t => (Beginning: $"{word}/{t.Series}-", t.Stream)).Distinct().ToList();
        var facts = (await log.ReadBesideAsync(centre, places, Looked, ct)).Select(Fact.Of).OfType<Fact>().ToLookup(f => f.Stream);
        return [.. places.Select(p => p.Beginning).Distinct().SelectMany(beginning => Ends([.. facts.Where(f => f.Key.StartsWith(beginning, StringComparison.Ordinal))], source))];
    }

    private static IEnumerable<ReportedEvent> Ends(IReadOnlyList<IGrouping<string, Fact>> series, string source)
    {
        foreach (var stream in series)
        {
            if (stream.OrderBy(f => f.At).ThenBy(f => !f.Starts).Last() is not { Starts: true } open)
                continue;
            var later = series.Where(s => s.Key != stream.Key).SelectMany(s => s).Where(f => f.At > open.At).Select(f => f.At).DefaultIfEmpty(Instant.MaxValue).Min();
            if (later < Instant.MaxValue)
                yield return new ReportedEvent("outage_restored", stream.Key, source, $"{stream.Key}/assumed/{TemplateForm.Written(later)}", later, null, Assumed);
        }
    }

    /// <summary>When an outage began, or ended.</summary>
    private sealed record Fact(string Stream, Instant At, bool Starts)
    {
        /// <summary>Null: the event is about neither.</summary>
        public static Fact? Of(RecordedEvent e)
        {
            if (e.Type is not ("outage_started" or "outage_restored" or "outage_voided"))
                return null;
            using var stored = JsonDocument.Parse(e.Data);
            return Timestamps.TryParse(stored.RootElement.GetProperty("occurredAt").GetString()!, out var at) ? new Fact(e.StreamId, at, e.Type == "outage_started") : null;
        }
    }
}

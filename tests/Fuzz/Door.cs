using Microsoft.AspNetCore.Http;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Fuzz;

/// <summary>
/// The way of an event into the log without socket and database: read, checked, written as it is stored, read back, folded with
/// the facts of its stream that came before and explained, all by the program's own code.
/// </summary>
internal sealed class Door
{
    private const int MaxFacts = 12;
    private const int ExplainEvery = 16;
    private static readonly IngestLimits Limits = new();

    private readonly Dictionary<StreamKey, List<RecordedEvent>> _cases = [];
    private readonly Dictionary<Guid, EventToAppend> _log = [];
    private long _position;

    /// <summary>Events let in.</summary>
    public long Let { get; private set; }

    /// <summary>Inputs turned away.</summary>
    public long Refused { get; private set; }

    /// <summary>Sends an input through; what must not happen is said, null: all is well.</summary>
    public async Task<string?> TryAsync(FuzzInput input)
    {
        try
        {
            var (events, faults) = await ReadAsync(input);
            if (faults.Count == 0)
                return Fold(events);
            Refused++;
            return faults.Select(f => Answers.FaultOf(f.Field, f.Reason)).FirstOrDefault(f => f is not null);
        }
        catch (Exception thrown)
        {
            return $"{thrown.GetType().Name}: {thrown.Message}\n{thrown.StackTrace}";
        }
    }

    private static async Task<(List<(string Centre, ReportedEvent Reported)> Events, List<Fault> Faults)> ReadAsync(FuzzInput input)
    {
        List<(string, ReportedEvent)> events = [];
        List<Fault> faults = [];
        try
        {
            if (EventBody.FormOf(input.ContentType) is not { } form)
                return (events, [new Fault("Content-Type", "is not read; give another")]);
            await using var body = await Spool.FillAsync(new MemoryStream(input.Body), input.ContentEncoding == "gzip", Limits.MaxBatchBytes, "The body is too long; shorten it.", default);
            await foreach (var item in EventBody.ReadAsync(body, form, Limits, default))
            {
                faults.AddRange(item.Faults);
                if (item.Event is not { } read)
                    continue;
                var catalogue = SampleHall.CatalogueOf(read.Centre ?? "");
                if (catalogue is null)
                    faults.Add(new Fault("centre", "is not known; give one that is"));
                else
                    EventCheck.Check(read.Reported, catalogue, SampleHall.Now, faults);
                events.Add((read.Centre ?? "", read.Reported));
            }
        }
        catch (BadHttpRequestException malformed)
        {
            faults.Add(new Fault("(whole)", malformed.Message));
        }

        return (events, faults);
    }

    private string? Fold(List<(string Centre, ReportedEvent Reported)> events) =>
        events.Select(e => Take(e.Centre, EventCheck.ToAppend(e.Centre, e.Reported))).ToList().Find(wrong => wrong is not null);

    /// <summary>Takes an event into the log and folds its case; why that cannot be done, null: it can.</summary>
    public string? Take(string centre, EventToAppend stored)
    {
        // What bears the id of another event is refused by the store, which is not here.
        if (!_log.TryAdd(stored.Id, stored))
            return null;
        Let++;
        var key = new StreamKey(centre, stored.StreamId);
        if (!_cases.TryGetValue(key, out var facts) || facts.Count >= MaxFacts)
            _cases[key] = facts = [];
        facts.Add(new RecordedEvent(++_position, stored.Id, centre, stored.StreamId, facts.Count + 1, stored.Type, stored.Data, SampleHall.Now));
        if (Poison(key, facts) is not { } poison)
            return null;
        _cases.Remove(key);
        return $"accepted and then in quarantine: {poison}; facts of {key.Stream}:\n{string.Join('\n', facts.Select(f => $"{f.Type} {System.Text.Encoding.UTF8.GetString(f.Data.Span[..Math.Min(f.Data.Length, 400)])}"))}";
    }

    private string? Poison(StreamKey key, List<RecordedEvent> facts)
    {
        var catalogue = SampleHall.CatalogueOf(key.Centre)!;
        var state = new StreamState(key);
        state.Add(facts);
        if (state.Fold(catalogue, SampleHall.Now).Poison is { } poison)
            return poison;
        if (_position % ExplainEvery == 0)
            _ = StreamKinds.Of(key.Stream) == StreamKind.Case
                ? CaseExplanation.Of(key.Centre, key.Stream, Read(facts), catalogue, SampleHall.Now, null)!.ToJson().ToJsonString()
                : StreamExplanation.Of(key.Centre, key.Stream, Read(facts), catalogue, SampleHall.Now, null)?.ToJson().ToJsonString();
        return null;
    }

    private static IEnumerable<Recorded> Read(List<RecordedEvent> facts) => facts.Select(f => EventJson.ReadFact(f.Type, f.Id, f.Data, f.Position, f.RecordedAt));
}

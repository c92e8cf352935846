using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>An event with the rule that made it.</summary>
internal readonly record struct MappedEvent(MappingRule Rule, ReportedEvent Reported);

/// <summary>
/// Makes the events of records, which must come in the order of the file: what a rule asks of the record before is remembered
/// by case. For one document of a webhook see <see cref="WebhookMapping"/>.
/// </summary>
internal sealed class RecordMapper(Mapping mapping)
{
    private readonly CaseMemory _memory = new(mapping);
    private readonly List<MappedEvent> _events = [];

    /// <summary>The events of a record, until the next one is mapped; what is wrong with it is added to the faults.</summary>
    public IReadOnlyList<MappedEvent> Map(ImportRecord record, List<RecordFault> faults)
    {
        _events.Clear();
        faults.AddRange(record.Faults);
        // Of the case alone: in XES an event has a concept:name of its own.
        if (mapping.Case.For(new Reading(record, false, Stateless, CaseAlone: true)) is not { } number)
        {
            if (record.Faults.Count == 0)
                faults.Add(NoNumber(mapping.Stream, mapping.Case));
            return _events;
        }

        // A faulty record has its place in its case, too: once it is mended, those behind it must have the numbers they had.
        var state = _memory.Of(record, number);
        state.Records++;
        if (record.Faults.Count > 0)
            return _events;
        if (mapping.When.Hold(new Reading(record, true, state)))
            Map(record, state, number, faults);
        _memory.Remember(record, state);
        return _events;
    }

    /// <summary>What outages have in common with the record's that follow one another; null: nothing.</summary>
    public string? SeriesOf(ImportRecord record) => mapping.Series?.For(new Reading(record, false, Stateless));

    private static CaseState Stateless { get; } = new();

    private void Map(ImportRecord record, CaseState state, string number, List<RecordFault> faults)
    {
        for (int i = 0, once = 0; i < mapping.Rules.Count; i++)
        {
            var rule = mapping.Rules[i];
            var bit = rule.EachEvent ? 0 : 1UL << once++;
            if ((rule.EachEvent && record.Event is null) || (bit & state.Met) != 0)
                continue;
            var reading = new Reading(record, rule.EachEvent, state);
            if (!rule.When.Hold(reading) || rule.At.For(reading) is not { } at)
                continue;
            state.Met |= bit;
            if ((ReferenceEquals(rule.Case, mapping.Case) ? number : rule.Case.For(reading)) is { } own)
                Map(rule, reading, own, at, faults);
            else
                faults.Add(NoNumber(rule.Stream, rule.Case));
        }
    }

    private RecordFault NoNumber(StreamKind stream, Template number) =>
        new(mapping.ColumnsOf(number), "subject", number.Parts.Any(p => p.Form is not null) ? $"is missing, or cannot be written as the mapping asks; give the record its {StreamKinds.WordOf(stream)}" : $"is missing; give the record its {StreamKinds.WordOf(stream)}");

    private void Map(MappingRule rule, in Reading reading, string number, string time, List<RecordFault> faults)
    {
        var before = faults.Count;
        if (!rule.Times.TryRead(time, reading.Record.Date1904, out var at))
            faults.Add(new RecordFault(mapping.ColumnOf(rule, "time"), "time", $"is not {rule.Times.Expected}"));
        if (rule.Id.For(reading) is not { } id)
        {
            faults.Add(new RecordFault(mapping.ColumnOf(rule, "id"), "id", $"is missing; give the event a name within its {StreamKinds.WordOf(rule.Stream)}"));
            id = "";
        }

        var written = JsonSerializer.SerializeToElement(DataOf(rule, reading, faults));
        List<Fault> unstorable = [];
        Storable.Check(written, "data", unstorable);
        faults.AddRange(unstorable.Select(f => new RecordFault(mapping.ColumnOf(rule, f.Field), f.Field, f.Reason)));
        if (faults.Count == before)
            _events.Add(new MappedEvent(rule, new ReportedEvent(rule.Type, $"{StreamKinds.WordOf(rule.Stream)}/{number}", mapping.Source, SenderId(rule.Stream, number, id), at, mapping.SequenceByRow ? reading.State.Records : null, written)));
    }

    /// <summary>A case and an outage of one number are two things.</summary>
    private static string SenderId(StreamKind stream, string number, string id) => stream == StreamKind.Case ? $"{number}/{id}" : $"{StreamKinds.WordOf(stream)}/{number}/{id}";

    private JsonObject DataOf(MappingRule rule, in Reading reading, List<RecordFault> faults)
    {
        var data = new JsonObject();
        foreach (var (field, value) in rule.Data)
        {
            if (value.For(reading, $"data.{field}", mapping.Attributes, faults) is { } node)
                data.Add(field, node);
        }

        return data;
    }
}

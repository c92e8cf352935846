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
                faults.Add(new RecordFault(mapping.CaseColumn, "subject", "is missing; give the record its case"));
            return _events;
        }

        // A faulty record has its place in its case, too: once it is mended, those behind it must have the numbers they had.
        var state = _memory.Of(record, number);
        state.Records++;
        if (record.Faults.Count > 0)
            return _events;
        for (int i = 0, once = 0; i < mapping.Rules.Count; i++)
        {
            var rule = mapping.Rules[i];
            var bit = rule.EachEvent ? 0 : 1UL << once++;
            if ((rule.EachEvent && record.Event is null) || (bit & state.Met) != 0)
                continue;
            var reading = new Reading(record, rule.EachEvent, state);
            if (!Meets(rule, reading) || rule.At.For(reading) is not { } at)
                continue;
            state.Met |= bit;
            Map(rule, reading, number, at, faults);
        }

        _memory.Remember(record, state);
        return _events;
    }

    private static CaseState Stateless { get; } = new();

    private static bool Meets(MappingRule rule, in Reading reading)
    {
        foreach (var condition in rule.When)
        {
            if (!condition.Holds(reading))
                return false;
        }

        return true;
    }

    private void Map(MappingRule rule, in Reading reading, string number, string time, List<RecordFault> faults)
    {
        var before = faults.Count;
        if (!rule.Times.TryRead(time, reading.Record.Date1904, out var at))
            faults.Add(new RecordFault(mapping.ColumnOf(rule, "time"), "time", $"is not {rule.Times.Expected}"));
        if (rule.Id.For(reading) is not { } id)
        {
            faults.Add(new RecordFault(mapping.ColumnOf(rule, "id"), "id", "is missing; give the event a name within its case"));
            id = "";
        }

        var written = JsonSerializer.SerializeToElement(DataOf(rule, reading, faults));
        List<Fault> unstorable = [];
        Storable.Check(written, "data", unstorable);
        faults.AddRange(unstorable.Select(f => new RecordFault(mapping.ColumnOf(rule, f.Field), f.Field, f.Reason)));
        if (faults.Count == before)
            _events.Add(new MappedEvent(rule, new ReportedEvent(rule.Type, $"case/{number}", mapping.Source, $"{number}/{id}", at, mapping.SequenceByRow ? reading.State.Records : null, written)));
    }

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

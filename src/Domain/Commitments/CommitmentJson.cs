using System.Text.Json;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>Reads one commitment definition of a catalogue.</summary>
internal static class CommitmentJson
{
    private static readonly string[] Fields = ["id", "names", "on", "start", "stop", "void", "pause", "extend", "limit", "calendar", "levels"];

    public static CommitmentDefinition? Read(JsonFields fields, string centreCalendar, IReadOnlySet<string> calendars)
    {
        var before = fields.Faults.Count;
        foreach (var name in fields.Names().Where(n => !Fields.Contains(n)))
            fields.Refuse(name, $"is not a field of a commitment this version knows; use {string.Join(", ", Fields)}");
        fields.OptionalChoice("on", ("case", 0));
        var calendar = fields.OptionalText("calendar") ?? centreCalendar;
        if (calendar.Length > 0 && !calendars.Contains(calendar))
            fields.Refuse("calendar", "is not among this catalogue's calendars");
        var limit = ReadLimit(fields);
        var (pause, extend) = (ReadPause(fields), ReadExtend(fields));
        if (extend?.Max is { } max && limit is LimitSource.Literal { Limit: var literal } && max.Unit != literal.Unit)
            fields.Refuse("extend.max", "is in another unit than the limit");
        var definition = new CommitmentDefinition(
            fields.Text("id"), CatalogueJson.ReadNames(fields), EventName(fields, "start"), [.. EventNames(fields.Nested("stop"), fields, "stop")],
            [.. fields.Texts("void").Select(v => Known(fields, "void", v))], pause, extend, limit ?? new LimitSource.ItemPromised(), calendar, [.. ReadLevels(fields)]);
        return fields.Faults.Count > before ? null : definition;
    }

    private static LimitSource? ReadLimit(JsonFields fields)
    {
        if (fields.Find("limit") is { ValueKind: JsonValueKind.String } word)
        {
            switch (word.GetString())
            {
                case "item.promised": return new LimitSource.ItemPromised();
                case "item.statutory": return new LimitSource.ItemStatutory();
                default:
                    fields.Refuse("limit", "is not a limit; give item.promised, item.statutory, {given: field} or a limit such as {workingDays: 5}");
                    return null;
            }
        }

        if (fields.Nested("limit") is { } nested && nested.OptionalText("given") is { } field)
            return new LimitSource.Given(field);
        return fields.RequiredLimit("limit") is { } literal ? new LimitSource.Literal(literal) : null;
    }

    private static PauseRule? ReadPause(JsonFields fields)
    {
        if (fields.Nested("pause") is not { } pause)
            return null;
        pause.OptionalChoice("by", ("procedure", 0));
        return new PauseRule(EventName(pause, "from"), EventName(pause, "until"), [.. pause.Texts("causes")]);
    }

    private static ExtendRule? ReadExtend(JsonFields fields) => fields.Nested("extend") is { } extend
        ? new ExtendRule(EventName(extend, "on"), extend.OptionalLimit("max"))
        : null;

    private static IEnumerable<string> EventNames(JsonFields? stop, JsonFields parent, string name)
    {
        var names = stop?.Texts("any") ?? [];
        if (names.Count == 0)
            parent.Refuse(name, "names no event; give {any: [case_decided]}");
        return names.Select(n => Known(parent, name, n));
    }

    private static IEnumerable<Level> ReadLevels(JsonFields fields)
    {
        foreach (var (element, path) in fields.Items("levels"))
        {
            var level = new JsonFields(element, fields.Faults, path);
            var name = level.Text("name");
            var (before, after) = (level.OptionalLimit("before"), level.OptionalLimit("after"));
            if ((before ?? after) is not (Limit.WorkingDays or Limit.WorkingTime or Limit.Elapsed) || (before is not null && after is not null))
                level.Refuse(name, "needs either before or after, in workingDays, workingTime or elapsed");
            else
                yield return new Level(name, (before ?? after)!, before is not null);
        }
    }

    private static string EventName(JsonFields fields, string name) => Known(fields, name, fields.Text(name));

    private static string Known(JsonFields fields, string name, string type)
    {
        if (type.Length > 0 && !CaseJson.Knows(type))
            fields.Refuse(name, $"names '{type}', which is no event this version knows");
        return type;
    }
}

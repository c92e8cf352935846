using System.Text.Json;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>Reads one commitment definition of a catalogue.</summary>
internal static class CommitmentJson
{
    private static readonly string[] Fields =
        ["id", "names", "on", "start", "when", "stop", "void", "pause", "extend", "key", "limit", "onChange", "reopen", "calendar", "levels", "target", "deemed"];

    public static CommitmentDefinition? Read(JsonFields fields, string centreCalendar, IReadOnlySet<string> calendars)
    {
        var before = fields.Faults.Count;
        fields.RefuseOthers(Fields);
        var on = fields.OptionalChoice("on", ("case", StreamKind.Case), ("complaint", StreamKind.Complaint), ("outage", StreamKind.Outage)) ?? StreamKind.Case;
        // The restore time of a service is counted in its own hours.
        var calendar = fields.OptionalText("calendar") ?? (on == StreamKind.Outage ? CommitmentDefinition.ServiceHours : centreCalendar);
        if (calendar.Length > 0 && !calendars.Contains(calendar) && (on, calendar) != (StreamKind.Outage, CommitmentDefinition.ServiceHours))
            fields.Refuse("calendar", "is not among this catalogue's calendars");
        var definition = new CommitmentDefinition(
            fields.Code("id"),
            CatalogueJson.ReadNames(fields),
            ReadStart(fields),
            [.. ReadConditions(fields)],
            ReadStop(fields),
            [.. fields.Texts("void").Select(v => Known(fields, "void", v))],
            ReadPause(fields),
            [.. ReadExtend(fields)],
            fields.OptionalText("key"),
            ReadLimit(fields),
            fields.OptionalChoice("onChange", ("reselect", OnChange.Reselect), ("keep", OnChange.Keep)) ?? OnChange.Reselect,
            fields.OptionalChoice("reopen", ("new", Reopen.New), ("last", Reopen.Last)) ?? Reopen.New,
            calendar,
            [.. ReadLevels(fields)],
            ReadTarget(fields),
            fields.OptionalChoice("deemed", ("accepted", true)) ?? false)
        {
            On = on,
        };
        RefuseStrangers(fields, definition);
        return fields.Faults.Count > before ? null : definition;
    }

    /// <summary>Every event it names is of what it is about, and its limit is that of an item or of a service.</summary>
    private static void RefuseStrangers(JsonFields fields, CommitmentDefinition definition)
    {
        var word = StreamKinds.WordOf(definition.On);
        (string Field, IEnumerable<string> Types)[] named =
        [
            ("start", definition.OverdueOf is null ? [definition.Start] : []), ("stop", definition.Stop.Events), ("void", definition.Voids),
            ("pause", definition.Pause is { } pause ? [pause.From, pause.Until] : []), ("extend", definition.Extend.Select(e => e.On)),
        ];
        foreach (var (field, types) in named)
        {
            if (types.FirstOrDefault(t => EventTypes.Find(t) is { } type && type.Stream != definition.On) is { } stranger)
                fields.Refuse(field, $"names '{stranger}', and the commitment is on {word}; name one of its events, or change on");
        }

        if (definition.On != StreamKind.Case && (definition.Limit as LimitSource.Literal)?.Limits.Rows.Any(r => r.Kind is not null) == true)
            fields.Refuse("limit", "is by kind, which only a case has; tell the rows apart by priority");
        if (definition.On != StreamKind.Case && definition.Extend.Any(e => e.Kind is not null))
            fields.Refuse("extend", "is by kind, which only a case has; leave kind out");
        if (definition.On != StreamKind.Case && definition.Limit is LimitSource.ItemPromised or LimitSource.ItemStatutory)
            fields.Refuse("limit", $"is that of an item, which only a case has; give {(definition.On == StreamKind.Outage ? "service.restore or " : "")}a limit");
        else if (definition.On != StreamKind.Outage && definition.Limit is LimitSource.ServiceRestore)
            fields.Refuse("limit", "is that of a service, which only an outage has; set on: outage, or give another limit");
    }

    /// <summary>A limit for all, or a list of limits by kind and priority; null when absent.</summary>
    public static LimitTable? ReadTable(JsonFields fields, string name)
    {
        if (fields.Find(name) is not { } given)
            return null;
        if (given.ValueKind != JsonValueKind.Array)
            return fields.OptionalLimit(name) is { } single ? new LimitTable([new LimitRow(null, null, single)]) : null;
        var rows = new List<LimitRow>();
        foreach (var (element, path) in fields.Items(name))
        {
            var row = new JsonFields(element, fields.Faults, path);
            if (row.RequiredLimit("limit") is { } limit)
                rows.Add(new LimitRow(CaseJson.ReadKind(row, "kind"), row.OptionalText("priority"), limit));
        }

        if (rows.Count == 0)
            fields.Refuse(name, "lists no limit");
        return new LimitTable([.. rows]);
    }

    private static LimitSource ReadLimit(JsonFields fields)
    {
        if (fields.Find("limit") is { ValueKind: JsonValueKind.String } word)
        {
            switch (word.GetString())
            {
                case "item.promised": return new LimitSource.ItemPromised();
                case "item.statutory": return new LimitSource.ItemStatutory();
                case "service.restore": return new LimitSource.ServiceRestore();
            }

            fields.Refuse("limit", "is not a limit; give item.promised, item.statutory, service.restore, {given: field}, a limit such as {workingDays: 5}, or a list of them by kind and priority");
        }
        else if (fields.Find("limit") is { ValueKind: JsonValueKind.Object } && fields.Nested("limit") is { } given && given.OptionalText("given") is { } field)
        {
            given.RefuseOthers("given", "default");
            return new LimitSource.Given(field, ReadTable(given, "default"));
        }
        else if (ReadTable(fields, "limit") is { } table)
        {
            return new LimitSource.Literal(table);
        }
        else if (fields.Find("limit") is null)
        {
            fields.Refuse("limit", "is missing");
        }

        return new LimitSource.ItemPromised();
    }

    /// <summary>The name of an event, or <c>{overdue: commitment}</c>.</summary>
    private static string ReadStart(JsonFields fields)
    {
        if (fields.Find("start") is not { ValueKind: JsonValueKind.Object })
            return EventName(fields, "start");
        var start = fields.Nested("start")!.Value;
        start.RefuseOthers("overdue");
        return CommitmentDefinition.Overdue(start.Text("overdue"));
    }

    private static IEnumerable<Condition> ReadConditions(JsonFields fields)
    {
        foreach (var (name, value, path) in fields.Members("when"))
        {
            var words = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(w => w.ValueKind == JsonValueKind.String).Select(w => w.GetString()!)] : new List<string>();
            if (words.Count == 0 || words.Count != value.GetArrayLength())
                fields.Faults.Add(new Fault(path, "must be a list of the words that apply, such as [approved] or [\"4\", \"5\"]"));
            yield return new Condition(name, [.. words]);
        }
    }

    private static StopRule ReadStop(JsonFields fields)
    {
        var stop = fields.Nested("stop");
        var (any, all) = (stop?.Texts("any") ?? [], stop?.Texts("all") ?? []);
        if ((any.Count == 0) == (all.Count == 0))
            fields.Refuse("stop", "needs either any or all with a list of events, such as {any: [case_decided]}");
        var names = any.Count > 0 ? any : all;
        return new StopRule([.. names.Select(n => Known(fields, "stop", n))], any.Count == 0) { PassesEarly = stop?.OptionalChoice("early", ("ignored", true)) ?? false };
    }

    private static PauseRule? ReadPause(JsonFields fields)
    {
        if (fields.Nested("pause") is not { } pause)
            return null;
        pause.OptionalChoice("by", ("procedure", 0));
        return new PauseRule(EventName(pause, "from"), EventName(pause, "until"), [.. pause.Texts("causes")]);
    }

    /// <summary>One rule, or a list of them by approver.</summary>
    private static IEnumerable<ExtendRule> ReadExtend(JsonFields fields)
    {
        var rules = fields.Find("extend") is { ValueKind: JsonValueKind.Array }
            ? fields.Items("extend").Select(e => new JsonFields(e.Element, fields.Faults, e.Path))
            : fields.Nested("extend") is { } single ? [single] : [];
        foreach (var rule in rules)
        {
            rule.RefuseOthers("on", "max", "approver", "kind");
            yield return new ExtendRule(EventName(rule, "on"), rule.OptionalLimit("max"), rule.OptionalText("approver"), CaseJson.ReadKind(rule, "kind"));
        }
    }

    private static IEnumerable<Level> ReadLevels(JsonFields fields)
    {
        foreach (var (element, path) in fields.Items("levels"))
        {
            var level = new JsonFields(element, fields.Faults, path);
            var name = level.Text("name");
            if (ReadPoint(level) is { } point)
                yield return new Level(name, point);
        }
    }

    private static decimal? ReadTarget(JsonFields fields)
    {
        var target = fields.OptionalDecimal("target");
        if (target is <= 0 or > 1)
            fields.Refuse("target", "is not above 0 and at most 1; 97.5 % is written 0.975");
        return target;
    }

    private static LevelPoint? ReadPoint(JsonFields level)
    {
        if ((level.Find("before") is null) == (level.Find("after") is null))
        {
            level.Refuse("before", "or after is needed, one of them");
            return null;
        }

        var side = level.Find("before") is null ? "after" : "before";
        if (side == "before" && level.Nested("before") is { } nested && nested.OptionalDecimal("fraction") is { } share)
        {
            if (share is <= 0 or > 1)
                nested.Refuse("fraction", "is not above 0 and at most 1");
            return new LevelPoint.Share(Fraction.FromDecimal(share));
        }

        var offset = level.OptionalLimit(side);
        if (offset is Limit.WorkingDays or Limit.ElapsedWorkingDays or Limit.WorkingTime or Limit.Elapsed)
            return side == "before" ? new LevelPoint.Before(offset) : new LevelPoint.After(offset);
        if (offset is not null)
            level.Refuse(side, "must be in workingDays, workingTime or elapsed");
        return null;
    }

    private static string EventName(JsonFields fields, string name) => Known(fields, name, fields.Text(name));

    private static string Known(JsonFields fields, string name, string type)
    {
        if (type.Length > 0 && EventTypes.Find(type) is null)
            fields.Refuse(name, $"names '{type}', which is no event this version knows");
        return type;
    }
}

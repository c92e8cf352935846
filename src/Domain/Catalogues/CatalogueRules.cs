using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>
/// What a catalogue may not say although it can be read: promises nobody can keep, or that are not the law's. Asked of the files
/// people write; what was published before is read as it was. "Rule n" is a row of the collected rules of service halls.
/// </summary>
public static class CatalogueRules
{
    private const int DaysTried = 366;

    /// <summary>Lists faults, for which a file is not published, and advice, for which it is.</summary>
    /// <param name="catalogue">The version.</param>
    /// <param name="content">What it was read from, for the paths.</param>
    /// <param name="faults">Receives faults.</param>
    /// <param name="advice">Receives advice.</param>
    public static void Check(Catalogue catalogue, JsonElement content, List<Fault> faults, List<Fault> advice)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentNullException.ThrowIfNull(advice);
        var fields = new JsonFields(content, faults);
        foreach (var (element, path) in fields.Items("items"))
        {
            var item = new JsonFields(element, faults, path);
            CheckItem(catalogue, catalogue.Items[item.Text("id")], item);
            Advise(catalogue.Items[item.Text("id")], item, advice);
        }

        foreach (var ((element, path), definition) in fields.Items("commitments").Zip(catalogue.Commitments))
            CheckCommitment(catalogue, definition, new JsonFields(element, faults, path));
        foreach (var (name, value, path) in fields.Members("calendars"))
            CheckCalendar(catalogue.Calendars[name].Definition, new JsonFields(value, faults, path));
        AgreementRules.Check(catalogue, fields, advice);
    }

    private static void CheckItem(Catalogue catalogue, ServiceItem item, JsonFields fields)
    {
        var counting = catalogue.Commitments.FirstOrDefault(d => d.Limit is LimitSource.ItemPromised or LimitSource.ItemStatutory);
        if (counting is null)
            return;
        var calendar = catalogue.Calendars[counting.Calendar];
        CheckTable(item.Promised, "promised", calendar, catalogue.EffectiveFrom, fields);
        CheckTable(item.Statutory, "statutory", calendar, catalogue.EffectiveFrom, fields);
        // Rules 3 and 4: done the same day; rule 6: a promise is for what takes a day at least.
        var ownLimit = item.Promised?.For(item.Kind, null);
        if (item.Kind is CaseKind.Instant or CaseKind.Answer && ownLimit is not (null or Limit.SameDay or Limit.WorkingTime or Limit.Elapsed))
            fields.Refuse("promised", $"is in days, and cases of this kind are done at once; give {{sameDay: true}}, or make the item a commitment");
        if (item.Kind == CaseKind.Commitment && ownLimit is Limit.SameDay or Limit.WorkingDays { Count: 0 } or Limit.CalendarDays { Count: 0 })
            fields.Refuse("promised", "is the same day, and a commitment takes a working day at least; make the item an instant one, or promise a day");
        // Rule 14: a joint case concerns two agencies or more.
        if (item.Kind == CaseKind.Joint && item.Branches.Count < 2)
            fields.Refuse("branches", $"has {item.Branches.Count}, and a joint item concerns two agencies at least; list them as {{id: …, agency: …}}, or choose another kind");
        foreach (var repeated in item.Branches.GroupBy(b => b.Branch).Where(g => g.Count() > 1))
            fields.Refuse("branches", $"has '{repeated.Key}' {repeated.Count()} times; ids are unique");
        CheckInside(item, calendar, catalogue, fields);
    }

    /// <summary>Rule 25: a promise lies inside the statutory limit, whatever day a case starts on.</summary>
    private static void CheckInside(ServiceItem item, Calendar calendar, Catalogue catalogue, JsonFields fields)
    {
        if (item.Promised is null || item.Statutory is null)
            return;
        foreach (var (kind, priority) in item.Promised.Rows.Concat(item.Statutory.Rows).Select(r => (r.Kind ?? item.Kind, r.Priority)).Distinct())
        {
            if (item.Promised.For(kind, priority) is not { } promised || item.Statutory.For(kind, priority) is not { } statutory)
                continue;
            if (FirstBeyond(calendar, promised, statutory, catalogue) is not { } start)
                continue;
            fields.Refuse("promised", $"runs beyond the statutory limit for a case that starts on {LocalDatePattern.Iso.Format(start)}; promise no more than the law gives");
            return;
        }
    }

    private static LocalDate? FirstBeyond(Calendar calendar, Limit promised, Limit statutory, Catalogue catalogue)
    {
        var first = calendar.Definition.PublishedYears is { } years ? new LocalDate(years.Through, 1, 1) : catalogue.EffectiveFrom.InZone(calendar.Zone).Date;
        for (var i = 0; i < DaysTried; i++)
        {
            var start = first.PlusDays(i).At(new LocalTime(10, 0)).InZoneLeniently(calendar.Zone).ToInstant();
            if (DueOf(calendar, promised, start) is { } own && DueOf(calendar, statutory, start) is { } law && own > law)
                return first.PlusDays(i);
        }

        return null;
    }

    private static void CheckCommitment(Catalogue catalogue, CommitmentDefinition definition, JsonFields fields)
    {
        var calendar = catalogue.Calendars.GetValueOrDefault(definition.Calendar) ?? catalogue.Services.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => catalogue.Calendars[s.Hours]).FirstOrDefault();
        if (calendar is null)
        {
            fields.Refuse("on", "is outage, and the catalogue has no services; list them under services");
            return;
        }

        var table = definition.Limit switch { LimitSource.Literal literal => literal.Limits, LimitSource.Given given => given.Default, _ => null };
        CheckTable(table, "limit", calendar, catalogue.EffectiveFrom, fields);
        if (definition.On == StreamKind.Complaint)
            CheckCategories(catalogue, table, fields);
        foreach (var cause in (definition.Pause?.Causes ?? []).Where(c => !catalogue.Causes.ContainsKey(c)))
            fields.Refuse("pause", $"names the cause '{cause}', which is not among causes; add it there with the law it rests on");
        foreach (var repeated in definition.Levels.GroupBy(l => l.Name).Where(g => g.Count() > 1))
            fields.Refuse("levels", $"has '{repeated.Key}' {repeated.Count()} times; names are unique");
        if (definition.OverdueOf is { } other)
            CheckOverdue(catalogue, definition, other, fields);
        else
            CheckStart(definition, fields);
    }

    /// <summary>A complaint has the priority of its category and no other.</summary>
    private static void CheckCategories(Catalogue catalogue, LimitTable? table, JsonFields fields)
    {
        var known = catalogue.ComplaintCategories.Values.Select(c => c.Priority).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        if (catalogue.ComplaintCategories.IsEmpty)
            fields.Refuse("on", "is complaint, and the catalogue has no categories of complaints; list them under complaintCategories");
        else if ((table?.Rows ?? []).FirstOrDefault(r => r.Priority is { } priority && !known.Contains(priority)) is { } row)
            fields.Refuse("limit", $"is for priority '{row.Priority}', which no category of complaints has; {Offered(known)}");
    }

    /// <summary>What a start event is asked for is among its fields.</summary>
    private static void CheckStart(CommitmentDefinition definition, JsonFields fields)
    {
        foreach (var condition in definition.When.Where(c => !EventTypes.Of(definition.Start).Words.Contains(c.Field)))
            fields.Refuse("when", $"asks {definition.Start} for '{condition.Field}'; {Offered(EventTypes.Of(definition.Start).Words)}");
        if (definition.Limit is LimitSource.Given given && !EventTypes.Of(definition.Start).Limits.Any(f => f == given.Field || given.Field.StartsWith(f + ".", StringComparison.Ordinal)))
            fields.Refuse("limit", $"is given by '{given.Field}', which {definition.Start} does not carry; {Offered(EventTypes.Of(definition.Start).Limits)}");
        if (definition.Key is { } key && !EventTypes.Of(definition.Start).Keys.Contains(key))
            fields.Refuse("key", $"is '{key}', which {definition.Start} does not carry; {Offered(EventTypes.Of(definition.Start).Keys)}");
    }

    private static void CheckOverdue(Catalogue catalogue, CommitmentDefinition definition, string other, JsonFields fields)
    {
        var passed = new List<string> { definition.Id };
        for (var id = other; id is not null;)
        {
            if (passed.Contains(id))
            {
                fields.Refuse("start", $"begins in a circle: {string.Join(" when overdue: ", passed.Append(id))}; let one of them begin with an event");
                return;
            }

            passed.Add(id);
            if (catalogue.Commitments.FirstOrDefault(d => d.Id == id) is not { } found)
            {
                fields.Refuse("start", $"is the due of '{id}', which is no commitment of this catalogue");
                return;
            }

            id = found.OverdueOf;
        }
    }

    internal static void CheckTable(LimitTable? table, string name, Calendar calendar, Instant from, JsonFields fields)
    {
        var rows = table?.Rows ?? [];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if ((rows[j].Kind is null || rows[j].Kind == rows[i].Kind) && (rows[j].Priority is null || rows[j].Priority == rows[i].Priority))
                {
                    fields.Refuse($"{name}[{i}]", $"is never reached: row {j} fits all its cases; put the narrower row first, or remove one");
                    break;
                }
            }

            if (DueOf(calendar, rows[i].Limit, from) is null)
                fields.Refuse(rows.Count == 1 ? name : $"{name}[{i}]", "cannot be reached within the calendar; make it shorter, or give the calendar opening hours");
        }
    }

    private static void CheckCalendar(CalendarDefinition calendar, JsonFields fields)
    {
        foreach (var date in calendar.Holidays.Where(calendar.Workdays.ContainsKey).Order())
            fields.Refuse("holidays", $"holds {LocalDatePattern.Iso.Format(date)}, which is a make-up working day as well; take it out of one of them");
        foreach (var date in calendar.Days.Keys.Where(d => calendar.Holidays.Contains(d) || calendar.Workdays.ContainsKey(d)).Order())
            fields.Refuse("days", $"gives {LocalDatePattern.Iso.Format(date)} hours of its own, and it stands among the holidays or make-up days; take it out there");
    }

    /// <summary>Rules 31, 32 and 357: what is published of an item.</summary>
    private static void Advise(ServiceItem item, JsonFields fields, List<Fault> advice)
    {
        if (item.Department is null)
            Missing("department", "who is responsible");
        if (item.Basis is null && item.Kind is not CaseKind.Instant)
            Missing("basis", "the law it rests on");
        if (item.Materials.Count == 0)
            Missing("materials", "what has to be handed in");
        if (item.Procedure.Count == 0)
            Missing("procedure", "the stages of handling");
        if (item.Promised is null)
            Missing("promised", "the limit that is promised");
        if (item.Fee is null)
            Missing("fee", "what it costs, or none");
        else if (item.Fee is { Yuan: > 0, Basis: null })
            Missing("fee", "the basis the fee rests on");
        if (item.Kind == CaseKind.Upward && item.Authority is null)
            Missing("authority", "who decides above");

        void Missing(string field, string what) => advice.Add(new Fault(fields.PathOf(field), $"is missing: {what}; a hall publishes it of every item"));
    }

    private static string Offered(IReadOnlyCollection<string> names) => names.Count == 0 ? "it has none; leave this out" : $"use {string.Join(", ", names)}";

    internal static Instant? DueOf(Calendar calendar, Limit limit, Instant start)
    {
        try
        {
            return Reckoning.Of(new ClockFacts(calendar, limit, start)).DueAt;
        }
        catch (CalendarRangeException)
        {
            return null;
        }
    }
}

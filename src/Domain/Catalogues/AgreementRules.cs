using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>What a catalogue may not say of services and agreements although it can be read.</summary>
internal static class AgreementRules
{
    /// <summary>Lists faults, and advice.</summary>
    public static void Check(Catalogue catalogue, JsonFields fields, List<Fault> advice)
    {
        var faults = fields.Faults.Count;
        foreach (var (element, path) in fields.Items("services"))
        {
            var service = new JsonFields(element, fields.Faults, path);
            CheckService(catalogue, catalogue.Services[service.Text("id")], service, advice);
        }

        var agreements = fields.Items("agreements").Select(a => new JsonFields(a.Element, fields.Faults, a.Path)).Zip(catalogue.Agreements).ToList();
        foreach (var (agreement, read) in agreements)
        {
            CheckTargets(catalogue, read, agreement);
            CheckSupports(catalogue, read, agreement);
            CheckOnly(catalogue, read, agreement);
            Advise(catalogue, read, agreement, advice);
        }

        // Limits out of reach and hours that never come are told of above, and nothing can be reckoned with them.
        if (fields.Faults.Count > faults)
            return;
        foreach (var (agreement, read) in agreements.Where(a => a.Second.Kind == AgreementKind.Sla))
            CarryRules.Check(catalogue, read, agreement, advice);
    }

    private static void CheckService(Catalogue catalogue, ItService service, JsonFields fields, List<Fault> advice)
    {
        var calendar = catalogue.Calendars[service.Hours];
        if (!Opens(calendar, catalogue.EffectiveFrom))
        {
            fields.Refuse("hours", "is a calendar that never opens; give it opening hours, or choose another");
            return;
        }

        CheckRestore(catalogue, service.Targets, fields, calendar);
        if (service.Targets.Any && !catalogue.Agreements.Any(a => a.Covers(service.Id)))
            advice.Add(new Fault(fields.PathOf("targets"), "is promised to nobody: no agreement covers this service; list it in one"));
        AdviseOfPriorities(catalogue, service.Targets, fields, advice);
    }

    /// <summary>The limits an agreement gives instead of the service's own.</summary>
    private static void CheckTargets(Catalogue catalogue, Agreement agreement, JsonFields fields)
    {
        foreach (var ((element, path), covered) in fields.Items("services").Zip(agreement.Services))
        {
            var service = catalogue.Services[covered.Service];
            if (element.ValueKind == JsonValueKind.Object && covered.Targets?.Restore is not null && Opens(catalogue.Calendars[service.Hours], catalogue.EffectiveFrom))
                CheckRestore(catalogue, agreement.TargetsOf(service), new JsonFields(element, fields.Faults, path), catalogue.Calendars[service.Hours]);
        }
    }

    private static void CheckRestore(Catalogue catalogue, ServiceTargets targets, JsonFields fields, Calendar calendar)
    {
        if (fields.Nested("targets") is { } under)
            CatalogueRules.CheckTable(targets.Restore, "restore", calendar, catalogue.EffectiveFrom, under);
    }

    private static void AdviseOfPriorities(Catalogue catalogue, ServiceTargets targets, JsonFields fields, List<Fault> advice)
    {
        var given = catalogue.Priorities.Cells.Values.ToHashSet();
        if (given.Count > 0 && (targets.Restore?.Rows ?? []).Select(r => r.Priority).OfType<string>().FirstOrDefault(p => !given.Contains(p)) is { } unknown)
            advice.Add(new Fault(fields.PathOf("targets"), $"has a restore limit for priority '{unknown}', which no urgency and impact make; add it to priorities or correct it"));
    }

    /// <summary>Rule 203: OLAs and UCs support SLAs.</summary>
    private static void CheckSupports(Catalogue catalogue, Agreement agreement, JsonFields fields)
    {
        if (agreement.Kind == AgreementKind.Sla && agreement.Supports.Count > 0)
            fields.Refuse("supports", "is given for an SLA, and only an OLA or UC supports one; name this SLA in the supports of what carries it");
        foreach (var supported in agreement.Kind == AgreementKind.Sla ? [] : agreement.Supports.Distinct())
        {
            if (catalogue.Agreements.FirstOrDefault(a => a.Id == supported) is not { } sla)
                fields.Refuse("supports", $"names '{supported}', which is not among this catalogue's agreements; add it there or correct the id");
            else if (sla.Kind != AgreementKind.Sla)
                fields.Refuse("supports", $"names '{supported}', which is no SLA; name the SLA that is carried in the end");
        }
    }

    /// <summary>At any time one SLA about a service: two would promise two figures of one outage.</summary>
    private static void CheckOnly(Catalogue catalogue, Agreement agreement, JsonFields fields)
    {
        if (agreement.Kind != AgreementKind.Sla)
            return;
        foreach (var other in catalogue.Agreements.TakeWhile(a => a.Id != agreement.Id).Where(a => a.Kind == AgreementKind.Sla && !(a.From >= agreement.Until) && !(agreement.From >= a.Until)))
        {
            foreach (var ((_, path), covered) in fields.Items("services").Zip(agreement.Services).Where(s => other.Covers(s.Second.Service)))
                fields.Faults.Add(new Fault(path, $"is '{covered.Service}', which {other.Id} covers at the same time; let one of them end before the other begins, or take the service out of one"));
        }
    }

    /// <summary>Rules 218, 221 and 226: what an SLA has to contain.</summary>
    private static void Advise(Catalogue catalogue, Agreement agreement, JsonFields fields, List<Fault> advice)
    {
        foreach (var ((_, path), service) in fields.Items("services").Zip(agreement.Services.Select(s => catalogue.Services[s.Service])))
        {
            if (agreement.From < service.From)
                advice.Add(new Fault(path, $"is '{service.Id}', which is offered only from {LocalDatePattern.Iso.Format(service.From.Value)}; before that nothing is agreed about it"));
            if (service.Until is { } end && !(agreement.Until <= end))
                advice.Add(new Fault(path, $"is '{service.Id}', which is offered only until {LocalDatePattern.Iso.Format(end)}; after that nothing is agreed about it"));
        }

        if (agreement.Kind != AgreementKind.Sla)
            return;
        Missing("overview", agreement.Texts.Overview, "what the services are for");
        Missing("changeControl", agreement.Texts.ChangeControl, "how it is changed");
        Missing("processes", agreement.Texts.Processes, "how incidents, requests and changes are handled");
        Missing("duties", agreement.Texts.Duties, "what each side has to do");
        Missing("contact", agreement.Texts.Contact, "how the sides reach each other");
        Missing("security", agreement.Texts.Security, "what is required of security");
        Missing("review", agreement.Review, "how often it is reviewed, such as P6M");
        if (!agreement.Services.Any(s => agreement.TargetsOf(catalogue.Services[s.Service]).Any))
            advice.Add(new Fault(fields.PathOf("services"), "has no target at all; an SLA says what is promised"));

        void Missing(string field, object? value, string what)
        {
            if (value is null)
                advice.Add(new Fault(fields.PathOf(field), $"is missing: {what}; an SLA has to say it"));
        }
    }

    private static bool Opens(Calendar calendar, Instant from)
    {
        try
        {
            calendar.NextOpening(from);
            return true;
        }
        catch (CalendarRangeException)
        {
            return false;
        }
    }
}

using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Outages;

/// <summary>The stored names of events of outages, exclusions, maintenance and watching, and their fields.</summary>
public static class OutageJson
{
    /// <summary>Every type, in lifecycle order.</summary>
    public static IReadOnlyList<EventType> Types { get; } =
    [
        new("outage_started", StreamKind.Outage, typeof(OutageEvent.Started), ReadStarted),
        new("outage_impact_changed", StreamKind.Outage, typeof(OutageEvent.ImpactChanged), ReadImpactChanged),
        new("outage_restored", StreamKind.Outage, typeof(OutageEvent.Restored), f => new OutageEvent.Restored(f.OptionalBoolean("assumed") ?? false)),
        new("outage_voided", StreamKind.Outage, typeof(OutageEvent.Voided), f => new OutageEvent.Voided(f.Text("reason"))),
        new("exclusion_proposed", StreamKind.Outage, typeof(ExclusionEvent.Proposed), ReadProposed) { IsDecided = true },
        new("exclusion_approved", StreamKind.Outage, typeof(ExclusionEvent.Approved), f => new ExclusionEvent.Approved(f.Code("exclusion"), f.Text("approver"))) { IsDecided = true },
        new("exclusion_refused", StreamKind.Outage, typeof(ExclusionEvent.Refused), f => new ExclusionEvent.Refused(f.Code("exclusion"), f.Text("by"), f.Text("reason"))) { IsDecided = true },
        new("exclusion_revoked", StreamKind.Outage, typeof(ExclusionEvent.Revoked), f => new ExclusionEvent.Revoked(f.Code("exclusion"), f.Text("by"), f.Text("reason"))) { IsDecided = true },
        new("maintenance_planned", StreamKind.Maintenance, typeof(MaintenanceEvent.Planned), ReadPlanned),
        new("maintenance_moved", StreamKind.Maintenance, typeof(MaintenanceEvent.Moved), ReadMoved),
        new("maintenance_cancelled", StreamKind.Maintenance, typeof(MaintenanceEvent.Cancelled), f => new MaintenanceEvent.Cancelled(f.OptionalText("reason"))),
        new("monitoring_started", StreamKind.Service, typeof(WatchEvent.Started), f => new WatchEvent.Started(f.Code("by"))),
        new("monitoring_stopped", StreamKind.Service, typeof(WatchEvent.Stopped), f => new WatchEvent.Stopped(f.Code("by"))),
    ];

    /// <summary>Reads a kind of exclusion that must be there.</summary>
    public static ExclusionKind ReadKind(JsonFields fields, string name) => fields.RequiredChoice(name, AgreementJson.ExclusionKinds.AsSpan());

    /// <summary>The stored word of a kind of exclusion.</summary>
    public static string WordOf(ExclusionKind kind) => AgreementJson.ExclusionKinds.First(k => k.Value == kind).Word;

    /// <summary>The kind of exclusion of a stored word.</summary>
    public static ExclusionKind KindOf(string word) => AgreementJson.ExclusionKinds.First(k => k.Word == word).Value;

    private static OutageEvent.Started ReadStarted(JsonFields fields) => new(
        fields.Code("service"), fields.OptionalText("component"), ReadLost(fields) ?? LostShare.Whole, fields.OptionalText("urgency"), fields.OptionalText("impact"), fields.OptionalText("cause"));

    private static OutageEvent.ImpactChanged ReadImpactChanged(JsonFields fields)
    {
        var changed = new OutageEvent.ImpactChanged(ReadLost(fields), fields.OptionalText("urgency"), fields.OptionalText("impact"));
        if (changed is { Lost: null, Urgency: null, Impact: null } && fields.Find("lost") is null)
            fields.Refuse("lost", "is missing, and so are urgency and impact; give what has changed");
        return changed;
    }

    private static LostShare? ReadLost(JsonFields fields)
    {
        if (fields.OptionalDecimal("lost") is not { } given)
            return null;
        // What was divided has more decimals than anybody knows of an outage.
        var lost = given is > 0 and <= 1 ? LostShare.FromDecimal(decimal.Round(given, 9, MidpointRounding.AwayFromZero)) : null;
        if (lost is null || lost == LostShare.None)
            fields.Refuse("lost", "is not a share above 0 and at most 1, a billionth at least; 1 is down, and what is restored is told by outage_restored");
        return lost;
    }

    private static ExclusionEvent.Proposed ReadProposed(JsonFields fields) =>
        new(fields.Code("exclusion"), ReadKind(fields, "kind"), fields.Time("from"), fields.Time("until"), fields.Text("evidence"), fields.Text("by"));

    private static MaintenanceEvent.Planned ReadPlanned(JsonFields fields)
    {
        var planned = new MaintenanceEvent.Planned(fields.Code("service"), fields.Time("from"), fields.Time("until"), fields.Time("noticeAt"));
        CheckOrder(fields, planned.From, planned.Until);
        return planned;
    }

    private static MaintenanceEvent.Moved ReadMoved(JsonFields fields)
    {
        var moved = new MaintenanceEvent.Moved(fields.Time("from"), fields.Time("until"), fields.OptionalTime("noticeAt"));
        CheckOrder(fields, moved.From, moved.Until);
        return moved;
    }

    private static void CheckOrder(JsonFields fields, NodaTime.Instant from, NodaTime.Instant until)
    {
        if (fields.Faults.Count == 0 && until <= from)
            fields.Refuse("until", "is not after from");
    }
}

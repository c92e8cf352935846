using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;

namespace SlaMonitor.Host.Demo;

/// <summary>One stream of outages as its reporters tell it: a monitor within a minute, people when they come to it.</summary>
internal sealed class OutageReport(OutageTale tale, OutageService service, string id, DemoRandom random)
{
    // Of ten thousand things that people report.
    private const int DaysLate = 300;

    private Instant _arrived = Instant.MinValue;

    /// <summary>Who reports, where that is not who reports of the service otherwise.</summary>
    public string Reporter { get; init; } = service.IsMonitored ? "monitor" : "service-desk";

    /// <summary>True when it is never told days late.</summary>
    public bool Prompt { get; init; }

    /// <summary>It is lost.</summary>
    public void Start(Instant at, OutageHabit how, Instant? arrives = null) => Add("outage_started", at, arrives, json =>
    {
        json.WriteString("service", service.Id);
        if (how.Component is { } component && (service.Service.Components.Count == 0 || service.Service.Components.Contains(component)))
            json.WriteString("component", component);
        WriteLost(json, how.Lost);
        json.WriteString("urgency", how.Urgency);
        json.WriteString("impact", how.Impact);
        json.WriteString("cause", how.Cause);
    });

    /// <summary>More or less of it is lost, or it matters more.</summary>
    public void Change(Instant at, int? lost, string? urgency = null, string? impact = null) => Add("outage_impact_changed", at, null, json =>
    {
        if (lost is { } hundredths)
            WriteLost(json, hundredths);
        if (urgency is not null)
            json.WriteString("urgency", urgency);
        if (impact is not null)
            json.WriteString("impact", impact);
    });

    /// <summary>It is there again.</summary>
    public void Restore(Instant at, Instant? arrives = null) => Add("outage_restored", at, arrives, null);

    /// <summary>It was none.</summary>
    public void Void(Instant at, string reason) => Add("outage_voided", at, null, json => json.WriteString("reason", reason));

    /// <summary>Asks that time should not count.</summary>
    /// <param name="about">Of an outage, or of a maintenance.</param>
    /// <param name="kind">Why.</param>
    /// <param name="from">From when.</param>
    /// <param name="until">Until when.</param>
    /// <param name="evidence">What proves it.</param>
    /// <param name="at">When it is asked.</param>
    public void Propose(StreamKind about, ExclusionKind kind, Instant from, Instant until, string evidence, Instant at) => Decide(about, "exclusion_proposed", at, json =>
    {
        json.WriteString("kind", OutageJson.WordOf(kind));
        json.WriteString("from", Timestamps.Format(from));
        json.WriteString("until", Timestamps.Format(until));
        json.WriteString("evidence", evidence);
        json.WriteString("by", "operations");
    });

    /// <summary>It is granted.</summary>
    public void Approve(StreamKind about, Instant at) => Decide(about, "exclusion_approved", at, json => json.WriteString("approver", "slm"));

    /// <summary>It is not granted, or granted no more.</summary>
    public void Deny(StreamKind about, string type, string reason, Instant at) => Decide(about, type, at, json =>
    {
        json.WriteString("by", "slm");
        json.WriteString("reason", reason);
    });

    // Decided here and now, so at the time it is recorded.
    private void Decide(StreamKind about, string type, Instant at, Action<Utf8JsonWriter> data) => tale.Add(about, id, type, "decisions", at, at, json =>
    {
        json.WriteString("exclusion", "x1");
        data(json);
    });

    private void Add(string type, Instant at, Instant? arrives, Action<Utf8JsonWriter>? data)
    {
        _arrived = Instant.Max(arrives ?? at + Delay(), _arrived + Duration.FromSeconds(1));
        tale.Add(StreamKind.Outage, id, type, Reporter, at, _arrived, data);
    }

    private Duration Delay() => Reporter != "service-desk" ? Duration.FromSeconds(random.Between(4, 50))
        : !Prompt && random.Chance(DaysLate) ? Duration.FromMinutes(random.Between(24 * 60, 3 * 24 * 60))
        : Duration.FromSeconds(random.Low(5 * 60, 60 * 60));

    private static void WriteLost(Utf8JsonWriter json, int hundredths) => json.WriteNumber("lost", hundredths == 100 ? 1m : new decimal(hundredths, 0, 0, false, 2));
}

using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Access;

/// <summary>Who sends events: to which centres, and under which sources.</summary>
internal sealed class Sender(VisibleCentres centres, Requester requester)
{
    /// <summary>The centre an event names, or the only one when it names none; else null and the reason.</summary>
    public Task<(string? Centre, CatalogueLog Catalogue, string Reason)> ResolveAsync(string? asked, CancellationToken ct) => centres.ResolveAsync(asked, ct);

    /// <summary>Refuses a source that is not the sender's.</summary>
    public void CheckSource(ReportedEvent reported, List<Fault> faults)
    {
        // What is empty was found missing before.
        if (reported.Source.Length > 0 && requester.Token?.Sources is { } own && !own.Contains(reported.Source, StringComparer.Ordinal))
            faults.Add(new Fault("source", "is not a source this token may send under"));
    }
}

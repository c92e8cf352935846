using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;

namespace SlaMonitor.Projections.Engine;

/// <summary>Which services may count otherwise, and when; gathered over a page.</summary>
internal sealed class ServiceChanges
{
    private readonly Dictionary<(string Centre, string Service), ServiceWindow> _windows = [];

    /// <summary>Adds what differs between the stored spans of a stream and those it should have.</summary>
    public void Add(string centre, ServiceRows stored, ServiceRows wanted)
    {
        foreach (var span in stored.Spans.Except(wanted.Spans).Concat(wanted.Spans.Except(stored.Spans)))
        {
            // A gap in which nobody watched is as long as what lies around it says.
            var window = span.Kind == SpanRow.Watch ? ServiceWindow.Whole : new ServiceWindow(Instant.FromDateTimeUtc(span.FromAt), span.UntilAt is { } until ? Instant.FromDateTimeUtc(until) : null);
            Add(centre, span.Service, window);
        }
    }

    /// <summary>Adds a window of a service.</summary>
    public void Add(string centre, string service, ServiceWindow window) =>
        _windows[(centre, service)] = _windows.TryGetValue((centre, service), out var before) ? before.And(window) : window;

    /// <summary>All of them, with those of the composites that a service is part of.</summary>
    public IEnumerable<(string Centre, string Service, ServiceWindow Window)> With(IReadOnlyDictionary<string, CatalogueLog> catalogues)
    {
        foreach (var centre in _windows.GroupBy(w => w.Key.Centre))
        {
            foreach (var service in ServiceCounts.ServicesOf(catalogues[centre.Key]))
            {
                var parts = ServiceLife.PartsOf(catalogues[centre.Key], service);
                ServiceWindow? window = null;
                foreach (var (key, own) in centre.Where(w => parts.Contains(w.Key.Service)))
                    window = window?.And(own) ?? own;
                if (window is { } found)
                    yield return (centre.Key, service, found);
            }
        }
    }
}

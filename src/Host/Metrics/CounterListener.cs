using System.Diagnostics.Metrics;

namespace SlaMonitor.Host.Metrics;

/// <summary>Sums what the counters of our meter are told, by their tags, since this program started.</summary>
internal sealed class CounterListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(string Name, string Tags), (Instrument Instrument, (string, string)[] Labels, long Value)> _sums = [];
    private readonly Lock _lock = new();

    public CounterListener()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Meters.Sla)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Add);
        _listener.Start();
    }

    /// <summary>A counter family for each instrument, named with <c>_total</c>.</summary>
    public IReadOnlyList<Family> Families()
    {
        lock (_lock)
        {
            return [.. _sums.Values.GroupBy(s => s.Instrument).OrderBy(g => g.Key.Name, StringComparer.Ordinal)
                .Select(g => new Family(g.Key.Name + "_total", "counter", g.Key.Description ?? "", [.. g.Select(s => new Sample(s.Labels, s.Value))]))];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, long measured, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var labels = new (string, string)[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = (tags[i].Key, tags[i].Value?.ToString() ?? "");
        var key = (instrument.Name, string.Join('\u001f', labels.Select(l => $"{l.Item1}={l.Item2}")));
        lock (_lock)
            _sums[key] = (instrument, labels, _sums.TryGetValue(key, out var sum) ? sum.Value + measured : measured);
    }
}

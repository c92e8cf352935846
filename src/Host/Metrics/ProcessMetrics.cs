using System.Diagnostics.Metrics;
using System.Globalization;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// What this process counts and measures since it started: the counters of our meter, and of .NET's what <see cref="ProcessInstruments"/> lists.
/// </summary>
internal sealed class ProcessMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, LiveFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="ours">The factory of this server's meters; those of other servers in the process are not for us.</param>
    public ProcessMetrics(IMeterFactory ours)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope is not null && instrument.Meter.Scope != ours)
                return;
            if (FamilyOf(instrument) is { } family)
                listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, family) => Add(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, family) => Add(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<double>(Add);
        _listener.Start();
    }

    /// <summary>As they are now.</summary>
    public IReadOnlyList<Family> Families()
    {
        lock (_lock)
        {
            foreach (var family in _families.Values)
                family.Forget();
            // Called back on this thread.
            _listener.RecordObservableInstruments();
            return [.. _families.Values.Where(f => !f.IsEmpty).Select(f => f.Read())];
        }
    }

    public void Dispose() => _listener.Dispose();

    private LiveFamily? FamilyOf(Instrument instrument)
    {
        var isOurs = instrument.Meter == Meters.Sla;
        if (!isOurs && ProcessInstruments.Find(instrument) is null)
            return null;
        var listed = isOurs ? new ProcessInstrument(instrument.Name, FamilyType.Counter, instrument.Description ?? "") : ProcessInstruments.Find(instrument)!;
        lock (_lock)
        {
            if (!_families.TryGetValue(listed.Name, out var family))
                _families[listed.Name] = family = new LiveFamily(listed, instrument, allTags: isOurs);
            return family;
        }
    }

    private void Add(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family)
    {
        lock (_lock)
            ((LiveFamily)family!).Add(measured, tags);
    }

    /// <summary>What an instrument was told, by labels.</summary>
    private sealed class LiveFamily(ProcessInstrument listed, Instrument instrument, bool allTags)
    {
        // Of HTTP servers by OpenTelemetry's conventions, where the instrument advises none.
        private static readonly double[] Usual = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

        private readonly double[] _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries is { Count: > 0 } advised ? [.. advised] : Usual;
        private readonly SortedDictionary<string, ((string, string)[] Labels, double Sum, long[] Buckets)> _series = new(StringComparer.Ordinal);

        public bool IsEmpty => _series.Count == 0;

        /// <summary>What is asked for anew each time is not added to what was answered before.</summary>
        public void Forget()
        {
            if (instrument.IsObservable)
                _series.Clear();
        }

        public void Add(double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = LabelsOf(tags);
            var key = string.Join('\u001f', labels.Select(l => $"{l.Item1}={l.Item2}"));
            if (!_series.TryGetValue(key, out var series))
                series = (labels, 0, listed.Type == FamilyType.Histogram ? new long[_bounds.Length + 1] : []);
            if (listed.Type == FamilyType.Histogram)
            {
                var bucket = Array.BinarySearch(_bounds, measured);
                series.Buckets[bucket < 0 ? ~bucket : bucket]++;
            }

            _series[key] = series with { Sum = series.Sum + measured };
        }

        public Family Read() => new(listed.Name, listed.Type, listed.Help, [.. _series.Values.SelectMany(s => listed.Type == FamilyType.Histogram ? Histogram(s.Labels, s.Sum, s.Buckets) : [new Sample(s.Labels, s.Sum)])]);

        private (string, string)[] LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = new List<(string Name, string Value)>();
            foreach (var (name, value) in tags)
            {
                if (allTags || listed.Tags.Contains(name))
                    labels.Add((name.Replace('.', '_'), Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }

            labels.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            return [.. labels];
        }

        private IEnumerable<Sample> Histogram((string, string)[] labels, double sum, long[] buckets)
        {
            var count = 0L;
            for (var i = 0; i < buckets.Length; i++)
            {
                count += buckets[i];
                yield return new Sample([.. labels.Append(("le", i < _bounds.Length ? Canonical(_bounds[i]) : "+Inf")).OrderBy(l => l.Item1, StringComparer.Ordinal)], count, "_bucket");
            }

            yield return new Sample(labels, count, "_count");
            yield return new Sample(labels, sum, "_sum");
        }

        private static string Canonical(double bound)
        {
            var text = bound.ToString("R", CultureInfo.InvariantCulture);
            return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
        }
    }
}

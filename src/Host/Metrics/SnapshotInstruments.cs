using System.Diagnostics.Metrics;
using SlaMonitor.Host.Notifications;

namespace SlaMonitor.Host.Metrics;

/// <summary>The families of the last snapshot as instruments, for whoever reads those. There is one for each family of the first.</summary>
internal sealed class SnapshotInstruments
{
    private readonly Snapshots _snapshots;

    public SnapshotInstruments(Snapshots snapshots, IMeterFactory meters)
    {
        (_snapshots, Gauges, Counters) = (snapshots, meters.Create("SlaMonitor.Gauges"), meters.Create("SlaMonitor.Totals"));
        foreach (var family in DomainFamilies.Of([], default, 0, 0).Concat(NotificationFamilies.Of([], NotificationPlan.None)))
        {
            if (family.Type == FamilyType.Counter)
                Counters.CreateObservableCounter(family.Name, () => Measure(family.Name), family.Unit, family.Help);
            else
                Gauges.CreateObservableGauge(family.Name, () => Measure(family.Name), family.Unit, family.Help);
        }
    }

    public Meter Gauges { get; }

    public Meter Counters { get; }

    private IEnumerable<Measurement<double>> Measure(string name) =>
        _snapshots.Last?.Families.First(f => f.Name == name).Samples.Select(s => new Measurement<double>(s.Value, s.Labels.Select(l => KeyValuePair.Create<string, object?>(l.Name, l.Value)))) ?? [];
}

using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>Reads what is promised of a service, by the service itself or by an agreement about it.</summary>
internal static class TargetJson
{
    private const int MostInterruptions = 1_000_000;

    /// <summary>The <c>targets</c> of a service or of an agreement's entry; null when absent.</summary>
    public static TargetChanges? Read(JsonFields fields)
    {
        if (fields.Nested("targets") is not { } targets)
            return null;
        targets.RefuseOthers("availability", "period", "interruptionsPerYear", "restore");
        return new TargetChanges(
            ReadAvailability(targets),
            targets.OptionalChoice("period", ("month", TargetPeriod.Month), ("quarter", TargetPeriod.Quarter), ("year", TargetPeriod.Year)),
            targets.OptionalInteger("interruptionsPerYear", 0, MostInterruptions),
            ReadRestore(targets));
    }

    private static decimal? ReadAvailability(JsonFields targets)
    {
        var availability = targets.OptionalDecimal("availability");
        if (availability is <= 0 or > 1)
            targets.Refuse("availability", "is not above 0 and at most 1; 99.5 % is written 0.995");
        else if (availability is { } share && LostShare.FromDecimal(share) is null)
            targets.Refuse("availability", "has more than nine decimals; round it");
        return availability;
    }

    private static LimitTable? ReadRestore(JsonFields targets)
    {
        if (targets.Find("restore") is { ValueKind: System.Text.Json.JsonValueKind.Array })
        {
            foreach (var (element, path) in targets.Items("restore").Where(r => r.Element.ValueKind == System.Text.Json.JsonValueKind.Object))
                new JsonFields(element, targets.Faults, path).RefuseOthers("priority", "limit");
        }

        var table = CommitmentJson.ReadTable(targets, "restore");
        if (table?.Rows.Any(r => r.Limit is not (Limit.WorkingTime or Limit.Elapsed)) == true)
            targets.Refuse("restore", "is not a length of time; give workingTime, which counts the service's hours, or elapsed");
        return table;
    }
}

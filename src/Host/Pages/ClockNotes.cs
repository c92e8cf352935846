using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>What a clock's verdict rests on, in sentences: which events started and ended it, what prolonged it, and what somebody should look at twice.</summary>
internal sealed class ClockNotes(ExplainedClocks explained, PageFrame frame)
{
    private PageLanguage L => frame.Language;

    /// <summary>Sentences about a clock, and whether each is a warning.</summary>
    public IEnumerable<(string Text, bool IsWarning)> Of(Clock clock, ClockReading reading)
    {
        var zone = clock.Facts.Calendar.Zone;
        yield return (Began(clock, zone), false);
        if (clock.DeemedAfter is { } silence)
            yield return (L.Of($"视为受理：至 {PageFrame.Exactly(silence, zone)} 未告知申请人，自收件之日起即为受理。", $"Deemed accepted: nobody had told the applicant by {PageFrame.Exactly(silence, zone)}, so the case counts as accepted when it was received."), true);
        foreach (var extension in clock.Facts.Extensions ?? [])
            yield return (Extended(clock, extension, zone), false);
        if (reading is { State: ClockState.Met, Reckoning.DueAt: { } due } && FactOf(clock.StoppedBy) is { Fact: { } stop } && stop.RecordedAt > due)
            yield return (L.Of($"按日期为按期，但 {frame.Time(stop.RecordedAt)} 才录入，晚于到期。", $"On time by its date, but recorded only {frame.Time(stop.RecordedAt)}, after it was due."), true);
        foreach (var anomaly in clock.Anomalies)
            yield return (L.Text(anomaly.Kind) + Numbers(anomaly), true);
    }

    /// <summary>The numbers that events have in the list, in brackets.</summary>
    public string Numbers(Anomaly anomaly)
    {
        var numbers = anomaly.Events.Select(e => FactOf(e)?.Number).OfType<int>().ToList();
        return numbers.Count == 0 ? "" : L.Of($"（事件 {string.Join("、", numbers)}）", $" (event {string.Join(", ", numbers)})");
    }

    private string Began(Clock clock, DateTimeZone zone)
    {
        var start = PageFrame.Exactly(clock.Facts.Start, zone);
        var began = FactOf(clock.StartedBy) is not { } by ? L.Of($"{start} 起算。", $"Runs from {start}.")
            : clock.Definition.OverdueOf is not null ? L.Of($"{start} 起算：前一时限到期而未完成。", $"Runs from {start}, when the limit before it passed unmet.")
            : L.Of($"{start} 起算，依据事件 {by.Number}（{L.Event(by.Fact.Type)}）。", $"Runs from {start}, by event {by.Number} ({L.Event(by.Fact.Type)}).");
        return FactOf(clock.StoppedBy) is { } end ? began + L.Of($"以事件 {end.Number}（{L.Event(end.Fact.Type)}）结束。", $" Ended by event {end.Number} ({L.Event(end.Fact.Type)}).") : began;
    }

    // An approver is named where the catalogue has the word for it; what else stands there may be somebody's name.
    private string Extended(Clock clock, Extension extension, DateTimeZone zone)
    {
        var at = PageFrame.Exactly(extension.At, zone);
        var granted = explained.Facts.Index().FirstOrDefault(f => ApproverOf(f.Item.Event) is not null && f.Item.OccurredAt == extension.At);
        return granted.Item is { } by && ApproverOf(by.Event) is { } approver && clock.Definition.Extend.Any(r => r.Approver == approver)
            ? L.Of($"{at} 批准延长 {L.LimitText(extension.Add)}（事件 {granted.Index + 1}，批准人 {approver}）。", $"Extended by {L.LimitText(extension.Add)} on {at} (event {granted.Index + 1}, approved by {approver}).")
            : L.Of($"{at} 延长 {L.LimitText(extension.Add)}。", $"Extended by {L.LimitText(extension.Add)} on {at}.");
    }

    private static string? ApproverOf(StreamEvent fact) => fact switch
    {
        CaseEvent.ExtensionGranted e => e.Approver,
        ComplaintEvent.ExtensionGranted e => e.Approver,
        _ => null,
    };

    private (int Number, Recorded Fact)? FactOf(Guid? id)
    {
        foreach (var (index, fact) in explained.Facts.Index())
        {
            if (fact.Id == id)
                return (index + 1, fact);
        }

        return null;
    }
}

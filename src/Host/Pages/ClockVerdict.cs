using NodaTime;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Pages;

/// <summary>How a clock stands, in a word, in a line and in a sentence.</summary>
internal sealed class ClockVerdict(PageFrame frame)
{
    private PageLanguage L => frame.Language;

    /// <summary>The word for its state; what passed unmet and is still open is overdue.</summary>
    public static string Badge(Clock clock, ClockReading reading) => reading.State == ClockState.Breached && clock.EndedAt is null ? "overdue" : Calculations.Words.Of(reading.State);

    /// <summary>What its lane on the line of time says.</summary>
    public string Lane(Clock clock, ClockReading reading, string? item) =>
        $"{L.Of(clock.Definition.Names)}{(clock.Key is { } key ? $" · {frame.KeyName(item, key)}" : "")} · {L.State(Badge(clock, reading))}" + (reading.Reckoning.DueAt is { } due ? L.Of($" · 到期 {frame.Time(due)}", $" · due {frame.Time(due)}") + Provisional(clock, due) : "");

    /// <summary>The verdict with its limit and when it was due.</summary>
    public string Of(Clock clock, ClockReading reading)
    {
        var (limit, r, zone) = (Limit(clock, reading), reading.Reckoning, clock.Facts.Calendar.Zone);
        var due = r.DueAt is { } at ? PageFrame.Exactly(at, zone) + Provisional(clock, at) : null;
        var end = clock.EndedAt is { } stop ? PageFrame.Exactly(stop, zone) : null;
        return reading.State switch
        {
            ClockState.Met => L.Of($"时限 {limit}，到期 {due ?? "暂停中"}，{end} 完成：按期。已用 {L.Amount(r.Used)}。", $"Limit: {limit}. Due {due ?? "while paused: none"}, done {end}: on time. Used {L.Amount(r.Used)}."),
            ClockState.Breached when end is not null => L.Of($"时限 {limit}，到期 {due}，{end} 才完成：超期。已用 {L.Amount(r.Used)}。", $"Limit: {limit}. Due {due}, done {end}: late. Used {L.Amount(r.Used)}."),
            ClockState.Breached => L.Of($"时限 {limit}，已于 {due} 到期，至今未完成。已用 {L.Amount(r.Used)}。", $"Limit: {limit}. Fell due {due} and is still open. Used {L.Amount(r.Used)}."),
            ClockState.Paused when clock.Read().Reckoning is { ResumesAt: { } resumes, DueAt: { } later } => L.Of($"时限 {limit}，按批准的期限暂停至 {PageFrame.Exactly(resumes, zone)}；届时恢复计时，{PageFrame.Exactly(later, zone)} 到期{Provisional(clock, later)}。剩余 {L.Amount(r.Remaining)}。", $"Limit: {limit}. Paused until {PageFrame.Exactly(resumes, zone)}, for which it was granted; it then runs again and falls due {PageFrame.Exactly(later, zone)}{Provisional(clock, later)}. Left: {L.Amount(r.Remaining)}."),
            ClockState.Paused => L.Of($"时限 {limit}，暂停中，恢复之前不会到期。剩余 {L.Amount(r.Remaining)}。", $"Limit: {limit}. Paused; it cannot fall due before it is resumed. Left: {L.Amount(r.Remaining)}."),
            ClockState.Void => L.Of($"时限 {limit}，{end} 终止，不计入达标率。", $"Limit: {limit}. Ended {end} before it was due; it counts neither way."),
            _ => L.Of($"时限 {limit}，到期 {due}。剩余 {L.Amount(r.Remaining)}。", $"Limit: {limit}. Due {due}. Left: {L.Amount(r.Remaining)}."),
        };
    }

    /// <summary>With what extensions made of it.</summary>
    private string Limit(Clock clock, ClockReading reading)
    {
        var (limit, total) = (clock.Facts.Limit, reading.Reckoning.Used.Value + reading.Reckoning.Remaining.Value);
        return limit.CanPause && total > limit.Total ? L.Of($"{L.LimitText(limit)}（延长后 {L.Amount(new Amount(limit.Unit, total))}）", $"{L.LimitText(limit)}, extended to {L.Amount(new Amount(limit.Unit, total))}") : L.LimitText(limit);
    }

    private string Provisional(Clock clock, Instant due) => clock.Facts.Calendar.IsProvisional(clock.Facts.Calendar.DateOf(due)) ? L.Of("（暂定）", " (provisional)") : "";
}

using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Whether anybody can live to see the end of a limit that an event carries. What is in the log is read with wider bounds, and a
/// deadline out of the ordinary stays what it is; but what is reported anew and leads past what can be counted would make its case
/// unreadable for ever, so it is refused while its sender is there to mend it.
/// </summary>
internal static class LimitCheck
{
    /// <summary>The most days: ten years of them.</summary>
    public const int MaxDays = 3_653;

    /// <summary>The most working days: ten years of them.</summary>
    public const int MaxWorkingDays = 2_500;

    /// <summary>The most limits by name; each is reckoned by the centre's calendar.</summary>
    public const int MaxNamed = 100;

    private static readonly Duration MaxLength = Duration.FromDays(MaxDays);
    private static readonly LocalDate Earliest = new(1970, 1, 1);

    // A century short of the last year that is counted: pauses and extensions may follow.
    private static readonly LocalDate Latest = new(2099, 12, 31);

    /// <summary>Lists the limits of an event that are out of bounds.</summary>
    /// <param name="read">The event.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="version">The catalogue whose calendars it may be counted by; null: none is published.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static void Check(StreamEvent read, Instant at, Catalogue? version, List<Fault> faults)
    {
        if (GivenIn(read).Named.Count > MaxNamed)
        {
            faults.Add(new Fault("data.given", $"holds more than {MaxNamed} limits; give those that are promised"));
            return;
        }

        foreach (var (field, limit) in LimitsOf(read))
        {
            if ((TooLong(limit) ?? (EndsInTime(limit, at, version) ? null : "leads past 2099 by the centre's opening hours; give a shorter one")) is { } reason)
                faults.Add(new Fault($"data.{field}", reason));
        }
    }

    private static IEnumerable<(string Field, Limit Limit)> LimitsOf(StreamEvent read)
    {
        (string Field, Limit? Limit)[] own = read switch
        {
            CaseEvent.Accepted e => [("promised", e.Promised), ("statutory", e.Statutory)],
            CaseEvent.SpecialProcedureStarted e => [("granted", e.Granted)],
            CaseEvent.ExtensionGranted e => [("add", e.Add)],
            ComplaintEvent.ExtensionGranted e => [("add", e.Add)],
            CaseEvent.BranchOpened e => [("limit", e.Limit)],
            CaseEvent.ToleranceGranted e => [("dueOn", new Limit.OnDate(e.DueOn))],
            _ => [],
        };
        var given = GivenIn(read);
        foreach (var (field, limit) in own.Append(("given", given.Only)))
        {
            if (limit is not null)
                yield return (field, limit);
        }

        foreach (var (name, limit) in given.Named)
            yield return ($"given.{name}", limit);
    }

    private static GivenLimits GivenIn(StreamEvent read) => read switch { CaseEvent.Received e => e.Given, CaseEvent.Accepted e => e.Given, _ => GivenLimits.None };

    private static string? TooLong(Limit limit) => limit switch
    {
        Limit.WorkingDays { Count: > MaxWorkingDays } or Limit.ElapsedWorkingDays { Count: > MaxWorkingDays } => $"is longer than ten years; give at most {MaxWorkingDays} working days",
        Limit.CalendarDays { Count: > MaxDays } => $"is longer than ten years; give at most {MaxDays} days",
        Limit.WorkingTime { Length: var length } when length > MaxLength => $"is longer than ten years; give at most {MaxDays * 24} hours",
        Limit.Elapsed { Length: var length } when length > MaxLength => $"is longer than ten years; give at most {MaxDays * 24} hours",
        Limit.OnDate { Date: var date } when date < Earliest || date > Latest => Outside,
        Limit.Deadline { At: var at } when at.InUtc().Date is var date && (date < Earliest || date > Latest) => Outside,
        _ => null,
    };

    private const string Outside = "is before 1970 or after 2099; correct the year";

    /// <summary>Asked of every calendar, as a commitment may count by any of them: one that hardly ever opens makes few hours long.</summary>
    private static bool EndsInTime(Limit limit, Instant at, Catalogue? version)
    {
        // A time that is refused itself says nothing about when a limit ends.
        if (version is null || at < NodaConstants.UnixEpoch)
            return true;
        try
        {
            return version.Calendars.Values.All(c => !(Reckoning.Of(new ClockFacts(c, limit, at)).DueAt is { } due && due.InUtc().Date > Latest));
        }
        catch (CalendarRangeException)
        {
            return false;
        }
    }
}

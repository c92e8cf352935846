using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using Xunit.Abstractions;
using static SlaMonitor.Tests.BusinessTimeVectors;
using Calendar = SlaMonitor.Domain.Time.Calendar;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>
/// Peers disagree with each other in the cases that are not core. What each answers, what we answer and why ours differs is a
/// page of the documentation, and this writes it.
/// </summary>
public class PeerConventionsTests(ITestOutputHelper output)
{
    private const string Heading = """
        # Where peers count otherwise

        Cases from the test suites of other products in which they disagree with each other, so that no answer can agree with all. Ours are
        those of `sla due`: the elapsed count (`workingDays` with `count: elapsed, boundary: open`), the legal count (`workingDays`), or the plain
        working time. A count of days backwards (a negative limit) is no limit here: it is asked of the calendar.

        | case | peer's answer | elapsed count | legal count | why ours |
        |---|---|---|---|---|

        """;

    [Fact]
    public void Each_case_that_is_not_core_stands_in_the_table_with_both_answers_and_the_reason()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var table = new StringBuilder(Heading);
        foreach (var vector in NotCore())
            table.Append(CultureInfo.InvariantCulture, $"| {Id(vector)}: {Text(vector, "name").Replace("|", "/", StringComparison.Ordinal)} | {string.Join(" | ", Row(vector))} |\n");
        Approved.Check(Path.Combine("..", "..", "..", "..", "docs", "peer-conventions.md"), table.ToString());
    }

    private static string[] Row(JsonElement vector)
    {
        var calendar = ReadCalendar(vector);
        if (Kind(vector) == "elapsed")
        {
            var exact = calendar.OpenTimeBetween(Parse(Text(vector, "start")), Parse(Text(vector, "end")));
            return [$"{vector.GetProperty("expected_elapsed_seconds").GetInt64()} s", $"{Tick.Of(exact) / Tick.PerSecond} s", "–", "seconds are kept: a sum of truncated minutes is not what was worked"];
        }

        if (Kind(vector) == "due")
        {
            var ours = Due(calendar, vector, new Limit.WorkingTime(Duration.FromSeconds(vector.GetProperty("limit_seconds").GetInt64())));
            var why = vector.TryGetProperty("pauses", out _) ? "a pause outside opening hours took nothing, so it gives nothing" : "seconds are kept: a due truncated to the minute is late before it is due";
            return [Text(vector, "expected_due"), ours, "–", why];
        }

        var days = vector.GetProperty("limit_working_days").GetInt32();
        var back = days < 0 ? Timestamps.Format(calendar.AddWorkingDaysElapsed(Parse(Text(vector, "start")), days), calendar.Zone) : null;
        var elapsed = back ?? Due(calendar, vector, new Limit.ElapsedWorkingDays(days, Boundary.Open));
        var legal = back is not null ? "–" : Due(calendar, vector, new Limit.WorkingDays(days));
        var expected = Timestamps.Format(Parse(Text(vector, "expected_due")), calendar.Zone);
        return [expected, elapsed, legal, expected == elapsed ? "the same" : expected == legal ? "the same by the legal count" : Reason(vector)];
    }

    private static string Reason(JsonElement vector) => vector.TryGetProperty("pauses", out _)
        ? "a pause stops the clock where it lies; adding its hours at the end makes a due depend on the hours of days the pause was not on"
        : "`ends` belongs to the legal count, whose days are whole; backwards there is no due";

    private static string Due(Calendar calendar, JsonElement vector, Limit limit)
    {
        Pause[] pauses = [.. Array(vector, "pauses").Select(p => new Pause(Parse(p[0].GetString()!), Parse(p[1].GetString()!)))];
        return Timestamps.Format(Reckoning.Of(new ClockFacts(calendar, limit, Parse(Text(vector, "start")), pauses)).DueAt!.Value, calendar.Zone);
    }
}

using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Time;
using Xunit.Abstractions;
using static SlaMonitor.Tests.BusinessTimeVectors;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>Peers' core cases that are questions to a calendar rather than to <c>sla due</c>.</summary>
public class CalendarVectorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("is_working_day", 12)]
    [InlineData("is_open", 21)]
    [InlineData("next_open", 4)]
    [InlineData("prev_open_or_close", 4)]
    [InlineData("open_intervals", 13)]
    [InlineData("resolve_local", 4)]
    [InlineData("count_working_days", 16)]
    [InlineData("add_working_days", 45)]
    [InlineData("due_backward", 18)]
    public void Every_core_case_is_answered_as_its_peer_does(string kind, int count)
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = Core(kind);
        Assert.Equal(count, cases.Count);
        Assert.DoesNotContain(cases.Select(c => (Id: Id(c), Expected: Expected(c), Answer: Answer(ReadCalendar(c), c))), c => c.Expected != c.Answer);
    }

    private static string Answer(Calendar calendar, JsonElement vector) => Kind(vector) switch
    {
        "is_working_day" => $"{calendar.IsWorkingDay(Date(vector, "date"))}",
        "is_open" => $"{calendar.IsOpen(At(vector, "at"))}",
        "next_open" => $"{calendar.NextOpening(At(vector, "at"))}",
        "prev_open_or_close" => $"{calendar.OpenOrPreviousClosing(At(vector, "at"))}",
        "open_intervals" => string.Join(" ", calendar.OpenIntervals(At(vector, "from"), At(vector, "from") + Duration.FromDays(365)).Take(vector.GetProperty("take").GetInt32())),
        "resolve_local" => $"{calendar.Resolve(Date(vector, "date"), TickOfDay(Text(vector, "time")))}",
        "count_working_days" => $"{calendar.WorkingDaysBetween(Date(vector, "start_date").PlusDays(-1), Date(vector, "end_date").PlusDays(vector.GetProperty("inclusive").GetBoolean() ? 0 : -1))}",
        "add_working_days" => $"{calendar.WorkingDayAfter(Date(vector, "date"), vector.GetProperty("days").GetInt32())}",
        "due_backward" => $"{Backward(calendar, vector)}",
        var kind => throw new ArgumentOutOfRangeException(nameof(vector), kind, null),
    };

    private static string Expected(JsonElement vector) => Kind(vector) switch
    {
        "is_working_day" or "is_open" => $"{vector.GetProperty("expected").GetBoolean()}",
        "next_open" or "prev_open_or_close" or "resolve_local" => $"{At(vector, "expected")}",
        "open_intervals" => string.Join(" ", vector.GetProperty("expected").EnumerateArray().Select(i => new Interval(Parse(i[0].GetString()!), Parse(i[1].GetString()!)))),
        "count_working_days" => $"{vector.GetProperty("expected").GetInt32()}",
        "add_working_days" => $"{Date(vector, "expected")}",
        "due_backward" => $"{At(vector, "expected_due")}",
        var kind => throw new ArgumentOutOfRangeException(nameof(vector), kind, null),
    };

    private static Instant Backward(Calendar calendar, JsonElement vector) => calendar.Subtract(
        At(vector, "start"), Duration.FromSeconds(vector.GetProperty("limit_seconds").GetInt64()),
        Text(vector, "boundary") == "previous_close" ? Boundary.Close : Boundary.Open);

    private static LocalDate Date(JsonElement vector, string name) => LocalDatePattern.Iso.Parse(Text(vector, name)).Value;

    private static Instant At(JsonElement vector, string name) => Parse(Text(vector, name));

    private static long TickOfDay(string time) => time == "24:00" ? Tick.PerStandardDay
        : TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture).Ticks / 10;
}

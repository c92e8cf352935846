using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Time;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>
/// Boston 311, opened in the first half of 2015: the city's own deadlines and verdicts (City of Boston open data). The rule
/// of each request type was fitted from the data: BD working days, CAL calendar days.
/// </summary>
public class BostonTests(ITestOutputHelper output)
{
    private static readonly SlaMonitor.Domain.Time.Calendar City = new(new CalendarDefinition
    {
        Zone = DateTimeZoneProviders.Tzdb["America/New_York"],
        Week = ImmutableDictionary.CreateRange(Enumerable.Range(1, 5).Select(d => KeyValuePair.Create((IsoDayOfWeek)d, OpeningHours.Parse(["08:30-17:00"])))),
        Holidays = [.. ((string[])["01-01", "01-19", "02-16", "04-20", "05-25", "09-07", "10-12", "11-11", "11-26", "12-25"]).Select(d => LocalDatePattern.Iso.Parse($"2015-{d}").Value)],
    });

    [Fact]
    public void Deadlines_come_out_within_two_minutes_and_every_verdict_is_the_citys_own()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        using var csv = new CsvReader(SharedFolder.OpenGzip("data", "boston311-2015-h1.csv.gz"), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var (deadlines, near, verdicts, agreed) = (0, 0, 0, 0);
        while (csv.Read())
        {
            var (open, target, closed) = (At(csv["open_dt"]), At(csv["target_dt"]), At(csv["closed_dt"]));
            if (target is null || open is null)
                continue;
            if (RuleOf(csv["fitted_kind"], csv["fitted_n"]) is { } limit)
            {
                deadlines++;
                var due = Reckoning.Of(new ClockFacts(City, limit, open.Value)).DueAt!.Value;
                near += Duration.Max(due - target.Value, target.Value - due) <= Duration.FromSeconds(120) ? 1 : 0;
            }

            if (closed is null || csv["ontime"] is not ("ONTIME" or "OVERDUE"))
                continue;
            verdicts++;
            var state = Reckoning.Of(new ClockFacts(City, new Limit.Deadline(target.Value), open.Value, Stop: closed)).State;
            agreed += state == ClockState.Met == (csv["ontime"] == "ONTIME") ? 1 : 0;
        }

        output.WriteLine($"{near} of {deadlines} deadlines within 120 s; {agreed} of {verdicts} verdicts");
        Assert.True(deadlines > 30_000 && near >= deadlines * 0.999m, $"{near} of {deadlines}");
        Assert.True(verdicts > 30_000 && agreed == verdicts, $"{agreed} of {verdicts}");
    }

    private static Limit? RuleOf(string? kind, string? n) => kind switch
    {
        "BD" => new Limit.ElapsedWorkingDays(int.Parse(n!, CultureInfo.InvariantCulture), Boundary.Open),
        "CAL" => new Limit.CalendarDays(int.Parse(n!, CultureInfo.InvariantCulture), DayEnd.SameTime, Roll: false),
        _ => null,
    };

    private static Instant? At(string? local) =>
        string.IsNullOrEmpty(local) ? null : LocalDateTimePattern.ExtendedIso.Parse(local).Value.InZoneLeniently(City.Zone).ToInstant();
}

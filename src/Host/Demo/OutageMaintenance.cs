using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// Maintenance by night, once a month: announced in time and approved, but for one a year that is announced too late, one whose approval is taken back, one
/// that nobody has decided about, one that is moved, and one that is called off.
/// </summary>
internal static class OutageMaintenance
{
    private const int Notice = 10;
    private const int TooShortNotice = 2;

    private enum Course
    {
        Approved,
        Refused,
        Revoked,
        Undecided,
        Moved,
        CalledOff,
    }

    /// <summary>True when a service has such maintenance.</summary>
    public static bool Concerns(OutageService service) => service.Id is "portal-database" or "portal-web";

    /// <summary>All of each maintenance that is announced on a day.</summary>
    /// <param name="tale">The day's.</param>
    /// <param name="day">The day.</param>
    /// <param name="service">The service.</param>
    /// <param name="office">One whose hours are those in which people plan and decide.</param>
    /// <param name="random">The service's numbers of the day.</param>
    public static void Tell(OutageTale tale, LocalDate day, OutageService service, OutageService office, DemoRandom random)
    {
        // Of this month, or of the next.
        foreach (var month in (LocalDate[])[day, day.PlusMonths(1)])
        {
            var course = CourseOf(service, month.Month);
            var night = NightOf(service, month);
            if (office.NeededUpTo(night.PlusDays(-(course == Course.Refused ? TooShortNotice : Notice))) == day && service.Service.HoldsOn(night))
                Tell(tale, service, office, day, night, course, random);
        }
    }

    private static Course CourseOf(OutageService service, int month) => (service.Id, month) switch
    {
        ("portal-web", 3) => Course.Revoked,
        ("portal-web", 5) => Course.Moved,
        ("portal-database", 8) => Course.Refused,
        ("portal-web", 10) => Course.Undecided,
        ("portal-database", 12) => Course.CalledOff,
        _ => Course.Approved,
    };

    // The second or the third Sunday.
    private static LocalDate NightOf(OutageService service, LocalDate month)
    {
        var first = new LocalDate(month.Year, month.Month, 1);
        return first.With(DateAdjusters.NextOrSame(IsoDayOfWeek.Sunday)).PlusWeeks(service.Id == "portal-database" ? 1 : 2);
    }

    private static void Tell(OutageTale tale, OutageService service, OutageService office, LocalDate day, LocalDate night, Course course, DemoRandom random)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{night.Year:0000}{night.Month:00}-{service.Id}");
        var announced = Later(service.At(day, 10), 2, 50, random);
        var (from, until) = SpanOf(service, night);
        Plan(tale, id, "maintenance_planned", announced, service, from, until, random);
        if (course == Course.CalledOff)
        {
            var called = Office(office, day.PlusDays(3), random);
            tale.Add(StreamKind.Maintenance, id, "maintenance_cancelled", "planning", called, Later(called, 2, 15, random), json => json.WriteString("reason", "补丁延期"));
            return;
        }

        var told = announced;
        if (course == Course.Moved)
        {
            told = Office(office, day.PlusDays(1), random);
            (from, until) = SpanOf(service, night = night.PlusWeeks(1));
            Plan(tale, id, "maintenance_moved", told, null, from, until, random);
        }

        Work(tale, service, night, from, until, random);
        if (service.Excludes(ExclusionKind.PlannedMaintenance, from))
            Decide(new OutageReport(tale, service, id, random), office, course, told, (from, until), random);
    }

    private static (Instant From, Instant Until) SpanOf(OutageService service, LocalDate night)
    {
        var from = service.At(night, 1);
        return (from, from + Duration.FromMinutes(service.Id == "portal-database" ? 120 : 90));
    }

    private static void Plan(OutageTale tale, string id, string type, Instant at, OutageService? service, Instant from, Instant until, DemoRandom random) =>
        tale.Add(StreamKind.Maintenance, id, type, "planning", at, Later(at, 2, 15, random), json =>
        {
            if (service is not null)
                json.WriteString("service", service.Id);
            json.WriteString("from", Timestamps.Format(from));
            json.WriteString("until", Timestamps.Format(until));
            json.WriteString("noticeAt", Timestamps.Format(at));
        });

    // To the monitor it is an outage like any other.
    private static void Work(OutageTale tale, OutageService service, LocalDate night, Instant from, Instant until, DemoRandom random)
    {
        var outage = new OutageReport(tale, service, $"{OutagePlan.Written(night)}-{service.Id}-maintenance", random);
        outage.Start(from + Duration.FromSeconds(random.Between(30, 300)), new OutageHabit(1, null, 100, "low", "medium", 0, 0, "计划维护"));
        outage.Restore(until - Duration.FromSeconds(random.Between(600, 3_000)));
    }

    private static void Decide(OutageReport report, OutageService office, Course course, Instant told, (Instant From, Instant Until) span, DemoRandom random)
    {
        var proposed = Later(told, 20, 60, random);
        report.Propose(StreamKind.Maintenance, ExclusionKind.PlannedMaintenance, span.From, span.Until, "维护公告", proposed);
        switch (course)
        {
            case Course.Refused:
                report.Deny(StreamKind.Maintenance, "exclusion_refused", "公告晚于约定期限", Office(office, office.DayOf(span.Until).PlusDays(1), random));
                break;
            case Course.Undecided:
                break;
            default:
                report.Approve(StreamKind.Maintenance, Office(office, office.DayOf(proposed).PlusDays(1), random));
                if (course == Course.Revoked)
                    report.Deny(StreamKind.Maintenance, "exclusion_revoked", "所做工作与公告不符", Office(office, office.DayOf(span.Until).PlusDays(3), random));
                break;
        }
    }

    // The next day on which somebody is there, in the afternoon.
    private static Instant Office(OutageService office, LocalDate day, DemoRandom random) => office.At(office.NeededFrom(day), random.Between(14, 16), random.Between(0, 59));

    private static Instant Later(Instant at, int fromMinutes, int throughMinutes, DemoRandom random) =>
        Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() + random.Between(fromMinutes * 60, throughMinutes * 60));
}

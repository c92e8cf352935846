using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>What does not happen every week: the outages of a quarter's plan.</summary>
internal static class OutageStories
{
    private const int Flaps = 5;

    /// <summary>Those that begin on a day.</summary>
    public static void Tell(OutageTale tale, OutageQuarter quarter, LocalDate day, ImmutableArray<OutageService> services, DemoRandom random)
    {
        if (quarter.BadDay == day && quarter.Bad is { } bad)
            Waste(tale, bad, day, random.Between(108, 118), "high", "high", random);
        if (quarter.NearDay == day && quarter.Near is { } near)
            Waste(tale, near, day, random.Between(88, 95), "high", "medium", random);
        if (quarter.FlappingDay == day && quarter.Flapping is { } flapping)
            Flap(tale, flapping, day, random);
        if (quarter.FalseAlarmDay == day && quarter.FalseAlarm is { } alarmed)
            Alarm(tale, alarmed, day, random);
        if (quarter.ForgottenDay == day && quarter.Forgotten is { } forgotten)
            Forget(tale, forgotten, day, random);
        if (quarter.PowerCut != day)
            return;
        foreach (var service in services.Where(s => !s.IsRoundTheClock && !s.IsMonitored && s.Excludes(ExclusionKind.ForceMajeure, s.At(day, 15))))
            Darken(tale, service, day, random);
    }

    // A share of what may be lost, in hundredths.
    private static void Waste(OutageTale tale, OutageService service, LocalDate day, int share, string urgency, string impact, DemoRandom random)
    {
        var budget = service.BudgetOf(day) ?? Duration.FromHours(2);
        var start = service.At(day, 9, random.Between(5, 12));
        var outage = new OutageReport(tale, service, $"{OutagePlan.Written(day)}-{service.Id}-down", random) { Prompt = true };
        outage.Start(start, new OutageHabit(1, service.Service.Components is [var part, ..] ? part : null, 100, "medium", "medium", 0, 0, "存储故障"));
        // At first nobody thought that it was so much.
        outage.Change(service.After(start, Duration.FromMinutes(random.Between(12, 30))), null, urgency, impact);
        outage.Restore(service.After(start, Duration.FromSeconds((long)budget.TotalSeconds * share / 100)));
    }

    // Up again for less than counts as an end, time after time.
    private static void Flap(OutageTale tale, OutageService service, LocalDate day, DemoRandom random)
    {
        var outage = new OutageReport(tale, service, $"{OutagePlan.Written(day)}-{service.Id}-flapping", random) { Prompt = true };
        var at = service.At(day, 9, random.Between(10, 40));
        for (var left = Flaps; left > 0; left--)
        {
            outage.Start(at, new OutageHabit(1, null, 100, "medium", "high", 0, 0, "网络抖动"));
            at += Duration.FromSeconds(random.Between(60, 200));
            outage.Restore(at);
            at += Duration.FromSeconds(random.Between(60, (int)service.Service.MergeGap.TotalSeconds - 20));
        }
    }

    private static void Alarm(OutageTale tale, OutageService service, LocalDate day, DemoRandom random)
    {
        var outage = new OutageReport(tale, service, $"{OutagePlan.Written(day)}-{service.Id}-alarm", random);
        var at = service.Within(day, random);
        outage.Start(at, new OutageHabit(1, null, 100, "high", "high", 0, 0, "探测失败"));
        outage.Void(at + Duration.FromMinutes(random.Between(9, 40)), "监控探针自身断网，服务正常");
    }

    // It worked again in the afternoon, and somebody thought of saying so the day after.
    private static void Forget(OutageTale tale, OutageService service, LocalDate day, DemoRandom random)
    {
        var outage = new OutageReport(tale, service, $"{OutagePlan.Written(day)}-{service.Id}-forgotten", random) { Prompt = true };
        var start = service.At(day, 14, random.Between(5, 50));
        outage.Start(start, service.Habits.Pick(random));
        outage.Restore(service.After(start, Duration.FromMinutes(random.Between(15, 50))), service.At(day.PlusDays(1), 9, random.Between(5, 55)));
    }

    private static void Darken(OutageTale tale, OutageService service, LocalDate day, DemoRandom random)
    {
        var outage = new OutageReport(tale, service, $"{OutagePlan.Written(day)}-{service.Id}-power", random) { Prompt = true };
        var (from, until) = (service.At(day, 14, 6), service.At(day, 16, 18));
        outage.Start(from, new OutageHabit(1, null, 100, "high", "high", 0, 0, "供电中断"));
        outage.Restore(until + Duration.FromSeconds(random.Between(20, 900)));
        var next = service.NeededFrom(day.PlusDays(1));
        outage.Propose(StreamKind.Outage, ExclusionKind.ForceMajeure, from, until, "供电公司停电通知", service.At(next, 9, random.Between(10, 50)));
        outage.Approve(StreamKind.Outage, service.At(next, 15, random.Between(0, 55)));
    }
}

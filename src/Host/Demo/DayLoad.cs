using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>Who comes on a day, when, and for what: more on Mondays and after holidays, in the rush before them, in some months, in the late morning.</summary>
internal sealed class DayLoad(DemoPlan plan, HallTime time, HallItem[] items)
{
    // Of an average day, in thousandths: six of ten come in person, a quarter of the others on days off; less what rush and seasons add.
    private const int AtWindows = 836;
    private const int FromAfar = 418;
    private const int FromAfarOnDaysOff = 303;
    private const int DaysOfPlan = 730;

    // Through the day's opening time, in fourteenths: half-hours in a hall that opens seven hours, a lunch between the sixth and the seventh.
    private static readonly int[] WindowHours = [5, 9, 11, 11, 8, 4, 6, 9, 10, 9, 8, 6, 4, 2];
    private static readonly int[] RemoteHours = [2, 1, 1, 0, 0, 1, 2, 4, 8, 12, 13, 10, 5, 6, 11, 12, 10, 7, 5, 6, 8, 8, 6, 4];
    private static readonly int[] Months = [115, 78, 108, 101, 96, 112, 114, 97, 104, 90, 101, 108];

    private readonly bool _atWindows = items.Any(i => i.AtWindow);
    private readonly bool _fromAfar = items.Any(i => i.FromAfar.Length > 0);
    private readonly Dictionary<(int Month, bool Remote), int[]> _weights = [];

    /// <summary>How busy a day is, of a hundred.</summary>
    public int PressureOf(LocalDate day)
    {
        var (before, after) = (time.ClosedBefore(day), time.ClosedAfter(day));
        var rush = Enumerable.Range(0, 5).Any(ahead => time.ClosedAfter(day.PlusDays(ahead)) >= 6) ? 125 : 100;
        var place = before >= 3 ? 148 : before > 0 && day.DayOfWeek == IsoDayOfWeek.Monday ? 119 : day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? 68 : after > 0 ? 90 : 100;
        return Months[day.Month - 1] * rush * place / 10_000;
    }

    /// <summary>The arrivals of a day in the order of its clock.</summary>
    public List<Arrival> Of(LocalDate day, DemoRandom random)
    {
        var arrivals = new List<Arrival>();
        var (working, pressure) = (time.IsWorkingDay(day), PressureOf(day));
        for (var left = working && _atWindows ? Count(AtWindows, pressure, random) : 0; left > 0; left--)
            arrivals.Add(new Arrival(WindowMoment(day, random), Pick(day.Month, remote: false, random), Channel.Window));
        for (var left = !_fromAfar ? 0 : working ? Count(FromAfar, pressure, random) : Count(FromAfarOnDaysOff, Months[day.Month - 1], random); left > 0; left--)
        {
            var item = Pick(day.Month, remote: true, random);
            arrivals.Add(new Arrival(time.At(day, (random.Weighted(RemoteHours) * 3600) + random.Next(3600)), item, ChannelOf(item, random)));
        }

        arrivals.Sort((a, b) => a.At.CompareTo(b.At));
        return arrivals;
    }

    private int Count(int share, int pressure, DemoRandom random)
    {
        var expected = (long)plan.Cases * share * pressure * random.Between(85, 115) / DaysOfPlan;
        return (int)((expected / 10_000_000) + (random.Next(10_000_000) < expected % 10_000_000 ? 1 : 0));
    }

    // Who comes last is served before the hall closes.
    private Instant WindowMoment(LocalDate day, DemoRandom random)
    {
        var slot = random.Weighted(WindowHours);
        return time.Share(day, (slot * 1000) + random.Next(slot == WindowHours.Length - 1 ? 400 : 1000), WindowHours.Length * 1000);
    }

    private HallItem Pick(int month, bool remote, DemoRandom random)
    {
        if (!_weights.TryGetValue((month, remote), out var weights))
            _weights.Add((month, remote), weights = [.. items.Select(i => (remote ? i.FromAfar.Length > 0 : i.AtWindow) ? i.Weight * i.SeasonOf(month) : 0)]);
        return items[random.Weighted(weights)];
    }

    private static Channel ChannelOf(HallItem item, DemoRandom random)
    {
        var way = item.FromAfar[random.Next(item.FromAfar.Length)];
        // Few send papers by courier where there is another way.
        return way == Channel.Courier && random.Chance(8_000) ? item.FromAfar[0] : way;
    }
}

/// <summary>Somebody comes.</summary>
/// <param name="At">When.</param>
/// <param name="Item">What for.</param>
/// <param name="Channel">Which way.</param>
internal readonly record struct Arrival(Instant At, HallItem Item, Channel Channel);

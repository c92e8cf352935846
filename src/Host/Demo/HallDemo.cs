using System.Globalization;
using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// A lifelike hall. The cases of a day depend on the plan, the catalogue and the day alone, so that any stretch of days can be
/// made without those before. No clock and no input: the same plan gives the same bytes. Not for several threads.
/// </summary>
internal sealed class HallDemo
{
    /// <summary>Nothing of a case arrives later than this after its receipt.</summary>
    public const int LongestCaseInDays = 150;

    private const int OfTheDay = -1;
    private readonly DemoPlan _plan;
    private readonly DemoSources _sources;
    private readonly HallTime _time;
    private readonly DayLoad _load;
    private readonly string[] _categories;

    /// <summary>A hall of a catalogue.</summary>
    /// <param name="catalogue">Its items, windows and people.</param>
    /// <param name="plan">How large it is, and which of many.</param>
    public HallDemo(Catalogue catalogue, DemoPlan plan)
    {
        (_plan, _sources, _time) = (plan, plan.Sources(), HallTime.Of(catalogue));
        _load = new DayLoad(plan, _time, HallItem.Of(catalogue));
        _categories = [.. catalogue.ComplaintCategories.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The zone of its days.</summary>
    public DateTimeZone Zone => _time.Zone;

    /// <summary>What is reported of the cases received from a day on, in the order in which it arrives, without end.</summary>
    public IEnumerable<DemoEvent> Events(LocalDate from) => Arrivals.InOrder(from, Zone, EventsOf);

    /// <summary>The whole of what is ever reported of the cases received on a day, case by case.</summary>
    public IEnumerable<DemoEvent> EventsOf(LocalDate day)
    {
        if (day < _plan.From)
            yield break;
        var number = Period.DaysBetween(new LocalDate(1970, 1, 1), day);
        var arrivals = _load.Of(day, DemoRandom.Of(_plan.Seed, number, OfTheDay));
        var month = Period.Between(_plan.From, day, PeriodUnits.Months).Months;
        var (pressure, last) = (_load.PressureOf(day), day.PlusDays(LongestCaseInDays).AtMidnight().InZoneLeniently(Zone).ToInstant());
        using var text = new EventText();
        for (var i = 0; i < arrivals.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}{day.Month:00}{day.Day:00}-{i + 1:00000}");
            var one = new DemoCase(_sources, month, name, ((long)number << 36) + ((long)i << 12), arrivals[i], _time, DemoRandom.Of(_plan.Seed, number, i), text);
            Play(one, day, pressure);
            RatingHabits.Answer(one);
            ComplaintStory.Tell(one, _categories);
            foreach (var told in one.Events)
            {
                if (told.RecordedAt < last)
                    yield return told;
            }
        }
    }

    private static void Play(DemoCase one, LocalDate day, int pressure)
    {
        one.Staff = Habits.StaffOf(one);
        one.Planted = Habits.BendingOf(one, day);
        if (one.Planted is Misconduct.InstantInsteadOfCommitment or Misconduct.AnswerInsteadOfCommitment)
            one.Kind = one.Planted == Misconduct.InstantInsteadOfCommitment ? CaseKind.Instant : CaseKind.Answer;
        if (one.Kind is CaseKind.Instant or CaseKind.Answer)
        {
            if (one.Kind == CaseKind.Answer && one.Planted is null && one.Random.Chance(1_200))
                Handle(one, AtOnce.Reconsidered(one), pressure);
            else
                AtOnce.Run(one, one.Kind, one.Kind == one.Item.Item.Kind ? null : one.Planted);
            return;
        }

        one.EnteredUpward = one.Planted == Misconduct.NeedlessUpward && one.Random.Chance(4_000);
        if (one.EnteredUpward)
            one.Kind = CaseKind.Upward;
        if (Intake.Run(one) is { } begun)
            Handle(one, begun, pressure);
    }

    private static void Handle(DemoCase one, (Instant Accepted, Instant Counts) begun, int pressure) => new Handling(one, pressure).Run(begun.Accepted, begun.Counts);
}

using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>People who help themselves by telephone at any hour: one comes in each slot of two minutes, and is done within a few. Not for several threads.</summary>
internal sealed class SelfService
{
    /// <summary>What its numbers look like to SQL: a date and the minute of the day, with a letter where those of the hall have a digit.</summary>
    public const string NumberPattern = "________-S____";

    /// <summary>What its source is called.</summary>
    public const string Reporter = "self-service";

    private const int SlotSeconds = 120;
    private const int SlotsBefore = 2;
    private const int OfTheSlot = -2;

    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    private readonly DemoPlan _plan;
    private readonly HallTime _time;
    private readonly HallItem[] _items;
    private readonly DemoSources _sources;

    /// <summary>A service of what a catalogue lets one do at once, free of charge and from afar.</summary>
    public SelfService(Catalogue catalogue, DemoPlan plan)
    {
        (_plan, _time) = (plan, HallTime.Of(catalogue));
        _items = [.. HallItem.Of(catalogue).Where(i => i.Item.Kind == CaseKind.Instant && i.Item.Fee is null or { Yuan: 0 } && i.Item.Channels.Contains(Channel.Mobile))];
        var source = plan.SourceOf(Reporter);
        _sources = new DemoSources(source, source, source, source);
    }

    /// <summary>Where a host that starts at a moment begins: with who came shortly before, so that nobody who looks waits for the first.</summary>
    public static long SlotFrom(Instant moment) => (moment.ToUnixTimeSeconds() / SlotSeconds) - SlotsBefore;

    /// <summary>The slot of a case number; null: it is not one of these.</summary>
    public long? SlotOf(string number)
    {
        if (number.Split('-') is not [var date, ['S', .. var minute]] || Day.Parse(date) is not { Success: true, Value: var day } || !int.TryParse(minute, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
            return null;
        var begins = day.AtStartOfDayInZone(_time.Zone).ToInstant().ToUnixTimeSeconds() + (minutes * 60L);
        return (begins + SlotSeconds - 1) / SlotSeconds;
    }

    // Minutes gone by since the day began, not those of its clock, which shows an hour twice where summer time ends.
    private string NumberOf(long slot)
    {
        var begins = Instant.FromUnixTimeSeconds(slot * SlotSeconds);
        var day = begins.InZone(_time.Zone).Date;
        var minutes = (int)(begins - day.AtStartOfDayInZone(_time.Zone).ToInstant()).TotalMinutes;
        return string.Create(CultureInfo.InvariantCulture, $"{Day.Format(day)}-S{minutes:0000}");
    }

    /// <summary>What is reported from a slot on, in the order in which it arrives, without end.</summary>
    /// <param name="slot">The first.</param>
    /// <param name="begun">Earlier ones that may not have ended; what of them was sent is sent again.</param>
    public IEnumerable<DemoEvent> Events(long slot, IEnumerable<long> begun) => _items.Length == 0 ? [] : Arrivals.InOrder(slot, SlotSeconds, begun, EventsOf);

    private List<DemoEvent> EventsOf(long slot)
    {
        var random = DemoRandom.Of(_plan.Seed, (int)slot, OfTheSlot);
        var item = _items[random.Weighted([.. _items.Select(i => i.Weight)])];
        var at = Instant.FromUnixTimeSeconds((slot * SlotSeconds) + random.Next(SlotSeconds));
        using var text = new EventText();
        var one = new DemoCase(_sources, 0, NumberOf(slot), slot << 12, new Arrival(at, item, Channel.Mobile), _time, random, text);
        one.Add("case_received", at, json =>
        {
            json.WriteString("item", item.Item.Id);
            json.WriteNumber("channel", (int)Channel.Mobile);
            json.WriteString("window", item.Window);
        }, entered: at);
        Then("case_accepted", 10, 60, one.Notice("受", at));
        Then("case_decided", 30, 150, json =>
        {
            json.WriteString("outcome", "resolved");
            json.WriteString("document", one.Paper("办"));
        });
        Then("case_closed", 15, 60, null);
        if (!random.Chance(6_000))
            return one.Events;
        var score = random.Weighted([72, 20, 5, 2, 1]) + 1;
        Then("case_rated", 30, 180, json =>
        {
            json.WriteNumber("score", score);
            json.WriteNumber("channel", (int)Channel.Mobile);
        });
        if (score > CaseRatings.WorstOfGood)
        {
            // The pages ask back at once what was wrong.
            Then("case_applicant_contacted", 60, 240, json => json.WriteString("by", "chat"));
            Then("case_rating_rectified", 120, 300, null);
        }

        return one.Events;

        void Then(string type, int from, int through, Action<System.Text.Json.Utf8JsonWriter>? data)
        {
            at += Duration.FromSeconds(random.Between(from, through));
            one.Add(type, at, data, entered: at);
        }
    }
}

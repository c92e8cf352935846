using System.Globalization;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Host.Demo;

/// <summary>One case while it is made up: what is known of it, and what its systems report.</summary>
internal sealed class DemoCase(DemoSources sources, int month, string number, long serial, Arrival arrival, HallTime time, DemoRandom random, EventText text)
{
    // Of ten thousand events.
    private const int Late = 300;
    private const int OutOfOrder = 100;
    private const int Doubled = 100;

    private readonly Dictionary<string, int> _names = [];

    /// <summary>What is reported, each with when it arrives.</summary>
    public List<DemoEvent> Events { get; } = [];

    public HallItem Item { get; set; } = arrival.Item;

    public CaseKind Kind { get; set; } = arrival.Item.Item.Kind;

    /// <summary>Days promised, as the case is now.</summary>
    public int Days { get; set; } = arrival.Item.PromisedDays;

    public string Number => number;

    public Instant ReceivedAt => arrival.At;

    public Channel Channel => arrival.Channel;

    /// <summary>True when somebody stands at a window.</summary>
    public bool InPerson => arrival.Channel == Channel.Window;

    public string Staff { get; set; } = "";

    public HallTime Time => time;

    public DemoRandom Random => random;

    /// <summary>What somebody does to it; null: nothing.</summary>
    public Misconduct? Planted { get; set; }

    /// <summary>True when it was entered as one to be decided above, whatever the item says.</summary>
    public bool EnteredUpward { get; set; }

    /// <summary>True when it is late and nobody ever said why.</summary>
    public bool Unexplained { get; set; }

    /// <summary>True while no person has a hand in it: the pages do it themselves.</summary>
    public bool Automatic { get; set; }

    /// <summary>True when somebody had to wait too long for it.</summary>
    public bool CameLate { get; set; }

    /// <summary>What the applicant gave it, 1 best to 5 worst, and when; null: nothing.</summary>
    public (int Score, Instant At)? Rating { get; set; }

    /// <summary>Months since the history began.</summary>
    public int Month => month;

    /// <summary>When nobody works on it, because it waits for something else; null: never.</summary>
    public (Instant From, Instant Until)? Paused { get; set; }

    /// <summary>A moment between two others at which somebody works on it.</summary>
    public Instant Working(Instant from, Instant until)
    {
        var at = time.Between(from, until, random);
        return Paused is { } pause && at >= pause.From && at <= pause.Until ? time.Between(pause.Until, until, random) : at;
    }

    /// <summary>Reports a fact.</summary>
    /// <param name="type">The event's name.</param>
    /// <param name="at">When it is dated.</param>
    /// <param name="data">Writes its fields; null: none.</param>
    /// <param name="proof">What it proves.</param>
    /// <param name="entered">When somebody enters it, if that is not when it happens.</param>
    public void Add(string type, Instant at, Action<Utf8JsonWriter>? data = null, Misconduct? proof = null, Instant? entered = null) => Add(StreamKind.Case, number, type, at, data, proof, entered);

    /// <summary>Reports a fact of the complaint about it.</summary>
    /// <param name="type">The event's name.</param>
    /// <param name="at">When it is dated.</param>
    /// <param name="data">Writes its fields; null: none.</param>
    public void Complain(string type, Instant at, Action<Utf8JsonWriter>? data = null) => Add(StreamKind.Complaint, string.Concat("TS", number), type, at, data, null, null);

    private void Add(StreamKind about, string stream, string type, Instant at, Action<Utf8JsonWriter>? data, Misconduct? proof, Instant? entered)
    {
        var count = _names[type] = _names.GetValueOrDefault(type) + 1;
        var said = type.AsSpan(type.IndexOf('_', StringComparison.Ordinal) + 1);
        var id = count == 1 ? string.Concat(stream, "/", said) : string.Create(CultureInfo.InvariantCulture, $"{stream}/{said}-{count}");
        var source = SourceOf(type);
        at = Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
        var arrives = entered is { } then ? then + Duration.FromSeconds(random.Between(1, 40)) : ArrivalOf(type, at);
        var told = new DemoEvent(stream, type, source, id, at, arrives, serial + Events.Count, text.Write(at, source, id, data), proof) { Kind = about };
        Events.Add(told);
        if (random.Chance(Doubled))
            Events.Add(told with { RecordedAt = arrives + Duration.FromSeconds(random.Low(2, 40_000)), Serial = serial + Events.Count });
    }

    /// <summary>A number of one of the case's papers.</summary>
    public string Paper(string kind) => string.Concat(kind, number);

    /// <summary>The date of an instant, as papers bear it.</summary>
    public string DateOf(Instant at)
    {
        var date = at.InZone(time.Zone).Date;
        return string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}-{date.Month:00}-{date.Day:00}");
    }

    /// <summary>Writes a dated notice.</summary>
    public Action<Utf8JsonWriter> Notice(string kind, Instant at) => json =>
    {
        json.WriteStartObject("notice");
        json.WriteString("number", Paper(kind));
        json.WriteString("date", DateOf(at));
        json.WriteEndObject();
    };

    // A prolongation is entered by the one who approves it, on the system that counts.
    private Instant ArrivalOf(string type, Instant at)
    {
        var prompt = at + Duration.FromSeconds(random.Between(1, 25));
        var place = type == "case_extension_granted" ? int.MaxValue : random.Next(10_000);
        return place switch
        {
            < Late => prompt + Duration.FromMinutes(random.Chance(2_500) ? random.Between(24 * 60, 4 * 24 * 60) : random.Between(60, 14 * 60)),
            < Late + OutOfOrder => prompt + Duration.FromMinutes(random.Between(5, 50)),
            _ => prompt,
        };
    }

    private string SourceOf(string type) => type switch
    {
        "case_rated" => sources.Ratings,
        "case_rating_voided" => sources.Supervision,
        _ when type.StartsWith("complaint_", StringComparison.Ordinal) => sources.Supervision,
        "case_received" or "case_supplement_received" when !InPerson => sources.Portal,
        _ when Automatic => sources.Portal,
        _ => sources.Windows,
    };
}

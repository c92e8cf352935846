using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Projections;

/// <summary>Complaints and ratings as senders report them: late, twice, out of order, contradicting each other. Without what would be sealed.</summary>
internal sealed class CitizenFacts(int seed)
{
    private static readonly string[] Channels = ["inPerson", "phone", "letter", "petition", "media"];
    private static readonly string[] Steps =
        ["transferred", "responded", "fed_back", "review_requested", "reviewed", "substantiated", "substantiated", "unsubstantiated", "reversed", "closed", "revisited"];

    private readonly Random _random = new(seed);
    private readonly Instant _start = Instant.FromUtc(2026, 3, 2, 1, 0);

    /// <summary>A fact about a complaint; told again it is the same one.</summary>
    public static EventToAppend Complaint(string step, string id, Instant at, JsonObject? data = null) => Fact($"complaint_{step}", $"complaint/{id}", at, data);

    /// <summary>That it was taken down.</summary>
    public static EventToAppend Registered(string id, Instant at, string staff, string category = "conduct", string channel = "phone", string? window = null, string? number = null) =>
        Complaint("registered", id, at, Known(new JsonObject { ["channel"] = channel, ["category"] = category, ["staff"] = staff, ["window"] = window, ["case"] = number }));

    /// <summary>A rating of a case.</summary>
    public static EventToAppend Rated(string number, Instant at, int score, bool defaulted = false) =>
        Fact("case_rated", $"case/{number}", at, new JsonObject { ["score"] = score, ["channel"] = 1, ["defaulted"] = defaulted });

    /// <summary>Any fact.</summary>
    public static EventToAppend Fact(string type, string stream, Instant at, JsonObject? data = null) => EventCheck.ToAppend(Hall.Centre, new ReportedEvent(
        type, stream, Hall.Source, string.Create(CultureInfo.InvariantCulture, $"{stream}/{type}/{at.ToUnixTimeTicks()}"), at, null, JsonSerializer.SerializeToElement(data ?? [])));

    /// <summary>Some of them.</summary>
    public IEnumerable<EventToAppend> Take(int count)
    {
        for (var i = 0; i < count; i++)
            yield return _random.Next(3) == 0 ? Next($"{_random.Next(40)}") : NextOfCase($"{_random.Next(80)}");
    }

    private Instant At() => _start + Duration.FromMinutes(_random.Next(60 * 24 * 40)) + Duration.FromTicks(10L * _random.Next(1_000_000));

    private EventToAppend Next(string id)
    {
        var at = At();
        if (_random.Next(3) == 0)
            return Registered(id, at, $"S{_random.Next(4)}", "conduct", Channels[_random.Next(Channels.Length)], _random.Next(2) == 0 ? "W1" : null, _random.Next(2) == 0 ? $"{_random.Next(80)}" : null);
        var step = Steps[_random.Next(Steps.Length)];
        return Complaint(step, id, at, step switch
        {
            "transferred" => new JsonObject { ["to"] = "office" },
            "responded" => new JsonObject { ["copied"] = true },
            "substantiated" when _random.Next(2) == 0 => new JsonObject { ["responsible"] = new JsonObject { ["staff"] = $"S{_random.Next(4)}" } },
            "revisited" => new JsonObject { ["satisfied"] = _random.Next(2) == 0 },
            _ => [],
        });
    }

    private EventToAppend NextOfCase(string number)
    {
        var at = At();
        return _random.Next(8) switch
        {
            0 => Hall.Received(number, at),
            1 => Hall.Decided(number, at),
            2 => Hall.Fact("case_closed", number, at),
            3 => _random.Next(3) == 0 ? Hall.Fact("case_withdrawn", number, at) : Hall.Fact("case_reassigned", number, at, new() { ["window"] = "W2", ["staff"] = $"S{_random.Next(3)}" }),
            4 => _random.Next(3) == 0 ? Hall.Fact("case_reopened", number, at, new() { ["reason"] = "complaint" }) : Rated(number, at, 1, defaulted: true),
            5 => _random.Next(2) == 0 ? Fact("case_rating_voided", $"case/{number}", at, new JsonObject { ["approver"] = "lead" }) : Fact("case_rating_rectified", $"case/{number}", at),
            _ => Rated(number, at, _random.Next(1, 6)),
        };
    }

    // What is not said is left out, as senders do.
    private static JsonObject Known(JsonObject data)
    {
        foreach (var name in data.Where(f => f.Value is null).Select(f => f.Key).ToList())
            data.Remove(name);
        return data;
    }
}

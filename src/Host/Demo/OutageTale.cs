using System.Globalization;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Demo;

/// <summary>What a day brings to the department, while it is made up. Not for several threads.</summary>
internal sealed class OutageTale(OutagePlan plan, long serial, EventText text)
{
    private readonly HashSet<string> _names = [];

    /// <summary>What is reported, each with when it arrives.</summary>
    public List<DemoEvent> Events { get; } = [];

    /// <summary>Reports a fact. One that is dated later than it arrives arrives then.</summary>
    /// <param name="about">What its stream is about.</param>
    /// <param name="id">The stream's id.</param>
    /// <param name="type">The event's name.</param>
    /// <param name="system">Who reports it.</param>
    /// <param name="at">When it is dated.</param>
    /// <param name="arrives">When it is entered.</param>
    /// <param name="data">Writes its fields; null: none.</param>
    /// <param name="occasion">Tells it from others of its stream made up on other days; null: all of the stream is made up on one.</param>
    public void Add(StreamKind about, string id, string type, string system, Instant at, Instant arrives, Action<Utf8JsonWriter>? data = null, string? occasion = null)
    {
        var (dated, source) = (Whole(at), plan.SourceOf(system));
        var first = occasion is null ? $"{id}/{type}" : $"{id}/{occasion}/{type}";
        var name = first;
        for (var count = 2; !_names.Add(name); count++)
            name = string.Create(CultureInfo.InvariantCulture, $"{first}-{count}");
        Events.Add(new DemoEvent(id, type, source, name, dated, Whole(Instant.Max(at, arrives)), serial + Events.Count, text.Write(dated, source, name, data), null) { Centre = OutagePlan.Centre, Kind = about });
    }

    private static Instant Whole(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlaMonitor.Domain.Commitments;

/// <summary>The stored names and fields of notices. Each clock's notices have a stream of their own, so that no sender's expected version is disturbed.</summary>
public static class NoticeJson
{
    /// <summary>Who sends notices: this system.</summary>
    public const string Source = "sla/notices";

    /// <summary>The kind of stream notices stand in.</summary>
    public const string StreamType = "clock";

    private static readonly (NoticeKind Kind, string Type)[] Types =
    [
        (NoticeKind.DueSoon, "commitment_due_soon"), (NoticeKind.Breached, "commitment_breached"),
        (NoticeKind.Escalated, "commitment_escalated"), (NoticeKind.BreachRetracted, "commitment_breach_retracted"),
    ];

    /// <summary>The stored names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Types.Select(t => t.Type)];

    /// <summary>True when the stored name is a notice of ours.</summary>
    public static bool Knows(string type) => type.StartsWith("commitment_", StringComparison.Ordinal) && Array.Exists(Types, t => t.Type == type);

    /// <summary>The .NET name Marten keeps beside the stored name.</summary>
    public static string DotnetType { get; } = $"{typeof(ClockNotice).FullName}, {typeof(ClockNotice).Assembly.GetName().Name}";

    /// <summary>The stream of a clock's notices: <c>clock/2026-000123/case.promised/1</c>, with the key before the ordinal where there is one.</summary>
    public static string StreamOf(ClockId clock)
    {
        var name = clock.Stream[(clock.Stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{StreamType}/{name}/{clock.Commitment}/{(clock.Key.Length > 0 ? clock.Key + "/" : "")}{clock.Ordinal}");
    }

    /// <summary>The notice as it is stored.</summary>
    public static ReportedEvent Write(ClockNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var (clock, stream) = (notice.Clock, StreamOf(notice.Clock));
        var data = new JsonObject
        {
            ["clock"] = new JsonObject { ["stream"] = clock.Stream, ["commitment"] = clock.Commitment, ["key"] = clock.Key.Length == 0 ? null : clock.Key, ["ordinal"] = clock.Ordinal },
            ["level"] = notice.Level,
            ["crossing"] = notice.Crossing,
            ["at"] = Timestamps.Format(notice.At),
            ["dueAt"] = notice.DueAt is { } due ? Timestamps.Format(due) : null,
            ["catalogueVersion"] = notice.CatalogueVersion,
            ["calendarVersion"] = notice.CalendarVersion,
        };
        var type = Array.Find(Types, t => t.Kind == notice.Kind).Type;
        return new ReportedEvent(type, stream, Source, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{stream}/{notice.Crossing}"), notice.ToldAt, null, JsonSerializer.SerializeToElement(data));
    }

    /// <summary>Reads a stored notice.</summary>
    /// <exception cref="UnreadableEventException">It is of ours but its stored form cannot be read.</exception>
    public static ClockNotice Read(string type, Guid id, ReadOnlyMemory<byte> stored) => EventJson.Read(id, stored, (envelope, data) =>
    {
        if (data.Nested("clock") is not { } clock)
        {
            data.Refuse("clock", "is missing");
            return null;
        }

        return new ClockNotice(
            new ClockId(clock.Text("stream"), clock.Text("commitment"), clock.OptionalText("key") ?? "", clock.OptionalInteger("ordinal", 1, int.MaxValue) ?? 1),
            Array.Find(Types, t => t.Type == type).Kind, data.Text("level"), data.OptionalInteger("crossing", 1, int.MaxValue) ?? 1,
            data.Time("at"), data.OptionalTime("dueAt"), envelope.Time("occurredAt"), data.OptionalText("catalogueVersion"), data.OptionalText("calendarVersion"));
    });
}

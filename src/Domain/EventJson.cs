using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;

namespace SlaMonitor.Domain;

/// <summary>A fact as its sender reported it.</summary>
/// <param name="Type">The event's name.</param>
/// <param name="Stream">The thing it is about, such as <c>case/2026-000123</c>.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="SenderId">What the sender calls it; with centre and source it identifies the event for ever.</param>
/// <param name="OccurredAt">When it happened, to the tick.</param>
/// <param name="Sequence">The sender's order of events of the same instant; null: not given.</param>
/// <param name="Data">The fields, an object, kept as they came.</param>
public sealed record ReportedEvent(string Type, string Stream, string Source, string SenderId, Instant OccurredAt, long? Sequence, JsonElement Data);

/// <summary>
/// The stored format: <c>{"occurredAt":…,"source":…,"id":…,"sequence":…,"data":{…}}</c>, where data is what the sender
/// sent, unknown fields included. Times are UTC to the microsecond.
/// </summary>
public static class EventJson
{
    // What is stored is read by people in psql: Chinese stays Chinese.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The stored bytes, UTF-8.</summary>
    public static ReadOnlyMemory<byte> Write(ReportedEvent reported)
    {
        ArgumentNullException.ThrowIfNull(reported);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("occurredAt", Timestamps.Format(reported.OccurredAt));
            writer.WriteString("source", reported.Source);
            writer.WriteString("id", reported.SenderId);
            if (reported.Sequence is { } sequence)
                writer.WriteNumber("sequence", sequence);
            writer.WritePropertyName("data");
            reported.Data.WriteTo(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Reads a stored event of a type of ours.</summary>
    /// <exception cref="UnreadableEventException">The event is of ours but its stored form cannot be read.</exception>
    public static Recorded ReadFact(string type, Guid id, ReadOnlyMemory<byte> stored, long position, Instant recordedAt) => Read(id, stored, (envelope, data) =>
    {
        var (at, source, senderId) = (envelope.Time("occurredAt"), envelope.Text("source"), envelope.Text("id"));
        var sequence = envelope.Find("sequence") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var given) ? given : 0;
        var known = EventTypes.Of(type);
        // The name of the table, so that all events that bear it share one string.
        return known.Read(data) is { } read ? new Recorded(read, known.Name, known.Rank, id, at, sequence, source, senderId, position, recordedAt) : null;
    });

    /// <summary>Who sent a stored event, without reading the rest of it; null: it does not say, so that it is none of ours.</summary>
    public static string? ReadSource(ReadOnlySpan<byte> stored)
    {
        // Another program may have stored it, deeper than any of ours.
        var reader = new Utf8JsonReader(stored, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSource = reader.ValueTextEquals("source"u8);
            reader.Read();
            if (isSource)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }

        return null;
    }

    /// <summary>Reads an envelope and its data; anything wrong with either makes the event unreadable.</summary>
    /// <exception cref="UnreadableEventException">The event is of ours but its stored form cannot be read.</exception>
    public static T Read<T>(Guid id, ReadOnlyMemory<byte> stored, Func<JsonFields, JsonFields, T?> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        List<Fault> faults = [];
        try
        {
            using var document = JsonDocument.Parse(stored);
            var envelope = new JsonFields(document.RootElement, faults);
            var result = read(envelope, envelope.Nested("data") ?? new JsonFields(document.RootElement, faults));
            if (faults.Count == 0 && result is not null)
                return result;
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(whole)", $"is not JSON: line {malformed.LineNumber}, byte {malformed.BytePositionInLine}"));
        }

        throw new UnreadableEventException(id, faults);
    }
}

/// <summary>A stored event of ours that cannot be read; the message names it and its faults, never its content.</summary>
public sealed class UnreadableEventException(Guid id, IReadOnlyList<Fault> faults)
    : Exception($"event {id} cannot be read: {string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"))}")
{
    /// <summary>The event.</summary>
    public Guid EventId { get; } = id;
}

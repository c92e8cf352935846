using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;

namespace SlaMonitor.Host.Demo;

/// <summary>Writes the stored form of many events, the same that <see cref="Domain.EventJson"/> writes, with one writer. Not for several threads.</summary>
internal sealed class EventText : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _writer;

    public EventText() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The bytes of an event dated to a second.</summary>
    /// <param name="occurredAt">A whole second.</param>
    /// <param name="source">Who reports it.</param>
    /// <param name="id">What the reporter calls it.</param>
    /// <param name="data">Writes the fields; null: none.</param>
    public byte[] Write(Instant occurredAt, string source, string id, Action<Utf8JsonWriter>? data)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        Span<byte> time = stackalloc byte[20];
        DateTime.UnixEpoch.AddSeconds(occurredAt.ToUnixTimeSeconds()).TryFormat(time, out _, "s", CultureInfo.InvariantCulture);
        time[19] = (byte)'Z';
        _writer.WriteString("occurredAt", time);
        _writer.WriteString("source", source);
        _writer.WriteString("id", id);
        _writer.WriteStartObject("data");
        data?.Invoke(_writer);
        _writer.WriteEndObject();
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => _writer.Dispose();
}

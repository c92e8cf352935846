using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest;

/// <summary>What the body of a request is, by its Content-Type.</summary>
internal enum EventBodyForm
{
    /// <summary>One event.</summary>
    Single,

    /// <summary>A list of events.</summary>
    Batch,

    /// <summary>Plain JSON: one event or a list of them.</summary>
    Either,

    /// <summary>An event a line.</summary>
    Lines,
}

/// <summary>Reads events off a spooled body, one in memory at a time where they stand on lines.</summary>
internal static class EventBody
{
    private static readonly SearchValues<byte> Technical = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/#@+"u8);

    /// <summary>The content types there are, with what they hold.</summary>
    public static IReadOnlyDictionary<string, EventBodyForm> Forms { get; } = new Dictionary<string, EventBodyForm>(StringComparer.OrdinalIgnoreCase)
    {
        ["application/cloudevents+json"] = EventBodyForm.Single,
        ["application/cloudevents-batch+json"] = EventBodyForm.Batch,
        ["application/x-ndjson"] = EventBodyForm.Lines,
        ["application/ndjson"] = EventBodyForm.Lines,
        ["application/jsonl"] = EventBodyForm.Lines,
        ["application/json"] = EventBodyForm.Either,
    };

    /// <summary>The form a Content-Type names; null when it names none, or another encoding than UTF-8.</summary>
    public static EventBodyForm? FormOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        && Forms.TryGetValue(type.MediaType.ToString(), out var form) ? form : null;

    /// <summary>The items of a body from its beginning; those that cannot be read have their faults.</summary>
    /// <exception cref="BadHttpRequestException">A body that is one JSON text is none, or is one of another form (400).</exception>
    public static IAsyncEnumerable<IncomingItem> ReadAsync(Stream spool, EventBodyForm form, IngestLimits limits, CancellationToken ct)
    {
        spool.Position = 0;
        if (spool.ReadByte() == 0x1F && spool.ReadByte() == 0x8B)
            throw new BadHttpRequestException("The body is packed and Content-Encoding does not say so; send Content-Encoding: gzip with it. Nothing was stored.", StatusCodes.Status400BadRequest);
        spool.Position = 0;
        return form == EventBodyForm.Lines ? ReadLinesAsync(spool, limits, ct) : ReadTextAsync(spool, form, limits, ct);
    }

    private static async IAsyncEnumerable<IncomingItem> ReadLinesAsync(Stream spool, IngestLimits limits, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var (line, text) in JsonLines.Read(spool, limits.MaxEventBytes))
        {
            ct.ThrowIfCancellationRequested();
            if (text is not { } json)
            {
                yield return new IncomingItem(null, null, [TooLong(limits)], line);
                continue;
            }

            List<Fault> faults = [];
            using var document = Parse(json, faults);
            yield return (document is null ? new IncomingItem(null, null, faults) : Read(document.RootElement)) with { Line = line };
        }
    }

    private static async IAsyncEnumerable<IncomingItem> ReadTextAsync(Stream spool, EventBodyForm form, IngestLimits limits, [EnumeratorCancellation] CancellationToken ct)
    {
        var several = BeginsList(spool);
        if (form != EventBodyForm.Either && several != (form == EventBodyForm.Batch))
        {
            throw new BadHttpRequestException(several
                ? "The body is a list, and application/cloudevents+json is for one event; send a list as application/cloudevents-batch+json."
                : "The body is no list, and application/cloudevents-batch+json is for a list of events; send one event as application/cloudevents+json.", StatusCodes.Status400BadRequest);
        }

        // One event after the other, and none that is too long: a list of nothings takes many times its length once it is read whole.
        var tooLong = spool.Length <= limits.MaxEventBytes ? null : several ? JsonList.FirstLonger(spool, limits.MaxEventBytes) : 0;
        await using var items = several ? JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(spool, cancellationToken: ct).GetAsyncEnumerator(ct) : OneAsync(spool, ct).GetAsyncEnumerator(ct);
        for (var i = 0; i != tooLong && await NextAsync(items); i++)
            yield return Read(items.Current);
        if (tooLong is not null)
            yield return new IncomingItem(null, null, [several ? TooLong(limits, "; what follows it was not looked at") : TooLong(limits)]);
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<JsonElement> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (JsonException malformed)
        {
            throw new BadHttpRequestException($"The body {Storable.Malformed(malformed)}. Nothing was stored.", StatusCodes.Status400BadRequest);
        }
    }

    private static async IAsyncEnumerable<JsonElement> OneAsync(Stream spool, [EnumeratorCancellation] CancellationToken ct)
    {
        using var document = await JsonDocument.ParseAsync(spool, cancellationToken: ct);
        yield return document.RootElement;
    }

    /// <summary>Whether the first character that is no blank begins a list; the stream stands at its beginning before and after.</summary>
    private static bool BeginsList(Stream spool)
    {
        int next;
        do
            next = spool.ReadByte();
        while (next is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF);
        spool.Position = 0;
        return next == '[';
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> line, List<Fault> faults)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(whole)", $"is not JSON, or is nested deeper than 64 levels: byte {malformed.BytePositionInLine + 1} of the line; correct it there"));
            return null;
        }
    }

    private static IncomingItem Read(JsonElement element)
    {
        List<Fault> faults = [];
        var read = CloudEvents.Read(element, faults);
        return new IncomingItem(read, IdOf(element), faults);
    }

    private static Fault TooLong(IngestLimits limits, string more = "") => new("(whole)", $"is longer than {limits.MaxEventBytes} bytes; an event holds facts, so leave documents out of it{more}");

    /// <summary>The sender's id of an event, where it looks like a technical one: anything else might name a person.</summary>
    private static string? IdOf(JsonElement element)
    {
        const int longest = 128;
        if (element.ValueKind != JsonValueKind.Object || element.EnumerateObject().FirstOrDefault(m => JsonMarshal.GetRawUtf8PropertyName(m).SequenceEqual("id"u8)).Value is not { ValueKind: JsonValueKind.String } id)
            return null;
        var raw = JsonMarshal.GetRawUtf8Value(id)[1..^1];
        return raw.Length is > 0 and <= longest && raw.IndexOfAnyExcept(Technical) < 0 ? id.GetString() : null;
    }
}

using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlaMonitor.Fuzz;

/// <summary>An answer to a body that was sent.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its text.</param>
/// <param name="Json">The same, where it is JSON.</param>
/// <param name="ContentType">What it says it is.</param>
internal sealed record Answered(int Status, string Body, JsonNode? Json, string? ContentType);

/// <summary>Sends inputs to a server and looks at its answers.</summary>
internal sealed class HttpDoor(HttpClient client)
{
    private const int ExplainEvery = 8;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends an input, twice when it is taken; what must not happen is said, null: all is well.</summary>
    /// <param name="input">The input.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(string? Wrong, long Appended)> TryAsync(FuzzInput input, CancellationToken ct)
    {
        try
        {
            var answer = await SendAsync(input.Body, input.ContentType, input.ContentEncoding, ct);
            if (answer.Status != 200)
                return (RefusalFault(answer), 0);
            var (appended, duplicates) = Counts(answer.Json);
            if (CountOf(input) is var count && appended + duplicates != count)
                return ($"taken with {appended} appended and {duplicates} duplicates of {count} events", appended);
            var again = await SendAsync(input.Body, input.ContentType, input.ContentEncoding, ct);
            if (again.Status != 200 || Counts(again.Json) != (0, count))
                return ($"sent a second time: {again.Status} {again.Body}", appended);
            return (input.Number % ExplainEvery == 0 ? await ExplanationFaultAsync(input, ct) : null, appended);
        }
        catch (HttpRequestException broken)
        {
            return ($"no answer: {broken.Message}", 0);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return ($"taken, though it is not what it says: {unreadable.Message}", 0);
        }
    }

    /// <summary>Sends a body as it is.</summary>
    public async Task<Answered> SendAsync(byte[] body, string? contentType, string? contentEncoding, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new ByteArrayContent(body) };
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (contentEncoding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", contentEncoding);
        return await ReadAsync(request, ct);
    }

    /// <summary>What is wrong with the refusal of a body; null: nothing.</summary>
    public static string? RefusalFault(Answered answer)
    {
        if (answer.Status is < 400 or >= 500)
            return $"answered {answer.Status}: {answer.Body}";
        if (answer.ContentType != "application/problem+json" || answer.Json is not JsonObject problem || (int?)problem["status"] != answer.Status)
            return $"the refusal is no problem+json: {answer.Status} {answer.ContentType} {answer.Body}";
        if (problem["errors"] is not JsonArray { Count: > 0 } errors)
            return Answers.FaultOf("(whole)", (string?)problem["detail"]) is { } unhelpful ? $"{answer.Status}: {unhelpful}" : Answers.EchoIn(answer.Body);
        foreach (var error in errors)
        {
            // The sender's own name of the event, by which it finds it again.
            (error as JsonObject)?.Remove("id");
            if (error!["item"] is null)
                return $"a fault names no item: {error.ToJsonString()}";
            if (Answers.FaultOf((string?)error["field"], (string?)error["reason"]) is { } unhelpful)
                return unhelpful;
        }

        return Answers.EchoIn(problem.ToJsonString(Plain));
    }

    private static (long Appended, long Duplicates) Counts(JsonNode? stored) => stored is JsonObject counts ? ((long)counts["appended"]!, (long)counts["duplicates"]!) : (-1, -1);

    /// <summary>How many events a body holds, counted without any code of the program.</summary>
    private static int CountOf(FuzzInput input)
    {
        var body = input.Body;
        if (body.Length > 0 && string.Equals(input.ContentEncoding, "gzip", StringComparison.OrdinalIgnoreCase))
        {
            using var unpacked = new MemoryStream();
            using (var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress))
                gzip.CopyTo(unpacked);
            body = unpacked.ToArray();
        }

        if (body.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            body = body[3..];
        if (input.ContentType?.Contains("ndjson", StringComparison.OrdinalIgnoreCase) == true || input.ContentType?.Contains("jsonl", StringComparison.OrdinalIgnoreCase) == true)
            return Encoding.UTF8.GetString(body).Split('\n').Count(l => l.Trim(' ', '\t', '\r').Length > 0);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.GetArrayLength() : 1;
    }

    /// <summary>Asks why each case of a body stands as it does: what was taken must be readable to the last word.</summary>
    private async Task<string?> ExplanationFaultAsync(FuzzInput input, CancellationToken ct)
    {
        if (input.ContentEncoding is not null || input.ContentType?.Contains("jsonl", StringComparison.Ordinal) == true || input.ContentType?.Contains("ndjson", StringComparison.Ordinal) == true)
            return null;
        var body = input.Body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? input.Body[3..] : input.Body;
        var root = JsonNode.Parse(body);
        foreach (var sent in root is JsonArray all ? all.ToList() : [root])
        {
            var (stream, centre) = ((string)sent!["subject"]!, (string?)sent["centre"]);
            if (SlaMonitor.Domain.StreamKinds.Of(stream) != SlaMonitor.Domain.StreamKind.Case)
                continue;
            var number = SlaMonitor.Domain.StreamKinds.Shown(stream);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/cases/{Uri.EscapeDataString(number)}/explain?centre={centre}");
            var answer = await ReadAsync(request, ct);
            if (answer.Status != 200)
                return $"accepted and then not explained: {answer.Status} {answer.Body}";
        }

        return null;
    }

    private async Task<Answered> ReadAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var response = await client.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return new Answered((int)response.StatusCode, text, Parse(text), (response.Content.Headers.ContentType ?? new MediaTypeHeaderValue("none/none")).MediaType);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace SlaMonitor.Clients;

/// <summary>Sends events to SlaMonitor; .NET alone is all it needs. Copy it into your program.</summary>
/// <param name="http">With the server's address as its base.</param>
/// <param name="token">From <c>sla token create --role ingest</c>; null where none is required.</param>
public sealed class SlaClient(HttpClient http, string? token)
{
    private const int Attempts = 10;

    /// <summary>
    /// Sends a file with an event a line, and waits and tries again where the server is full or away. It can be called again
    /// with the same file: what is stored already is recognised by source and id.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ct">Cancels; what was stored by then stays.</param>
    /// <returns>How many were new, how many were there, and the log position to wait for when reading.</returns>
    /// <exception cref="EventsRefusedException">Nothing was stored, and the same file will be refused again.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public async Task<Stored> SendAsync(string path, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                using var answer = await PostAsync(path, ct);
                if (answer.IsSuccessStatusCode)
                    return (await answer.Content.ReadFromJsonAsync<Stored>(ct))!;
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == Attempts)
                    throw new EventsRefusedException(await answer.Content.ReadFromJsonAsync<JsonElement>(ct));
                wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1 << attempt);
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                // Whether the events were stored is not known, and sending them again is safe.
                wait = TimeSpan.FromSeconds(1 << attempt);
            }

            await Task.Delay(wait, ct);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "events") { Content = new StreamContent(File.OpenRead(path)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, ct);
    }

    /// <summary>What became of the events.</summary>
    /// <param name="Appended">New ones.</param>
    /// <param name="Duplicates">Those that were there already.</param>
    /// <param name="Position">The last log position; null when all were there.</param>
    public sealed record Stored(long Appended, long Duplicates, long? Position);
}

/// <summary>The server refuses the events; the message lists what is wrong with each.</summary>
/// <param name="problem">Its answer.</param>
public sealed class EventsRefusedException(JsonElement problem) : Exception(Listed(problem))
{
    private static string Listed(JsonElement problem)
    {
        var errors = problem.TryGetProperty("errors", out var listed) ? listed.EnumerateArray().Select(e => $"line {e.GetProperty("line")}: {e.GetProperty("field")} {e.GetProperty("reason")}") : [];
        return string.Join('\n', errors.Prepend(problem.GetProperty("detail").ToString()));
    }
}

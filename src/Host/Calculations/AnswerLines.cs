using System.Text;

namespace SlaMonitor.Host.Calculations;

/// <summary>Questions in the lines of a request, answers in the lines of the response, in order, as they come.</summary>
internal static class AnswerLines
{
    private const int MaxLine = 1_000_000;

    /// <summary>Answers every line that is not blank.</summary>
    public static async Task RespondAsync(HttpContext context, Func<string, (string Line, bool Ok)> answer, CancellationToken ct)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var written = line.Length > MaxLine ? "{\"id\":null,\"error\":\"(line): is longer than a million characters\"}" : answer(line).Line;
            await context.Response.WriteAsync(written + "\n", ct);
        }
    }
}

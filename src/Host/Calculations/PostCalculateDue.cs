using System.Text;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Calculations;

/// <summary><c>POST /calculate/due</c>: one JSON question a line in, one answer a line out, in order, as they come.</summary>
internal static class PostCalculateDue
{
    private const int MaxLine = 1_000_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/calculate/due", HandleAsync)
        .WithName("CalculateDue").WithSummary("Work out deadlines, one question and one answer a line; nothing is stored.").Takes("application/x-ndjson", "due.ndjson").Answers("due-answers.ndjson", "application/x-ndjson");

    private static async Task HandleAsync(HttpContext context, CancellationToken ct)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        var calculation = new DueCalculation();
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var answer = line.Length > MaxLine ? "{\"id\":null,\"error\":\"(line): is longer than a million characters\"}" : calculation.Answer(line).Line;
            await context.Response.WriteAsync(answer + "\n", ct);
        }
    }
}

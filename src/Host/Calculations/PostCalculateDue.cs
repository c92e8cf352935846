using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Calculations;

/// <summary><c>POST /calculate/due</c>: one JSON question a line in, one answer a line out, in order, as they come.</summary>
internal static class PostCalculateDue
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/calculate/due", HandleAsync)
        .WithName("CalculateDue").WithSummary("Work out deadlines, one question and one answer a line; nothing is stored.").Takes("application/x-ndjson", "due.ndjson").Answers("due-answers.ndjson", "application/x-ndjson");

    private static Task HandleAsync(HttpContext context, CancellationToken ct) => AnswerLines.RespondAsync(context, new DueCalculation().Answer, ct);
}

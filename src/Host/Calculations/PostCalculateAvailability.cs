using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Calculations;

/// <summary><c>POST /calculate/availability</c>: one JSON question a line in, one answer a line out, in order, as they come.</summary>
internal static class PostCalculateAvailability
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/calculate/availability", HandleAsync)
        .WithName("CalculateAvailability").WithSummary("Work out availability, interruptions and error budgets, one question and one answer a line; nothing is stored.").Takes("application/x-ndjson", "availability.ndjson").Answers("availability-answers.ndjson", "application/x-ndjson");

    private static Task HandleAsync(HttpContext context, CancellationToken ct) => AnswerLines.RespondAsync(context, new AvailabilityCalculation().Answer, ct);
}

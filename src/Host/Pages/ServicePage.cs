using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Outages;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/services/{service}</c>: one service over a span of time: the promise, the figures with what was divided by what, the interruptions, and every stretch with its reason.</summary>
internal static class ServicePage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/services/{service}", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<ServiceView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, string service, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        service = RouteText.Unescape(service);
        var history = ServiceHistory.Of(frame.Catalogue, service);
        if (history.Length == 0)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct, frame.Centre, service: service);
        var span = ShownSpan.Of(request, frame, history[^1].Targets.Period);
        await using var models = ReadModels.Now(dataSource);
        var reading = await ServiceReading.ReadAsync(models, frame.Centre, frame.Catalogue, service, span.From, span.Until, frame.Now, ct);
        var parts = reading.Span?.Service.Of?.Services.Distinct() ?? [];
        var model = new ServiceModel(service, span, reading, [.. parts.Select(p => reading.OfPart(frame.Catalogue, p))]);
        // An interruption may go on after the span in which it began.
        var last = model.Interruptions.Select(i => i.Until ?? frame.Now).Append(span.Until).Max();
        model.Evidence = await ServiceEvidence.ReadAsync(models, frame.Centre, ServiceLife.PartsOf(frame.Catalogue, service), span.From, last, frame.Now, ct);
        return new RazorComponentResult<ServiceView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = model });
    }
}

/// <summary>What the page of a service shows.</summary>
public sealed class ServiceModel
{
    internal ServiceModel(string service, ShownSpan span, ServiceReading reading, IReadOnlyList<ServiceReading> parts)
    {
        (Service, Span, Reading, Parts) = (service, span, reading, parts);
        var segments = reading.Segments;
        (Totals, Interruptions, Segments, IsCut, Budget) = (reading.Totals, reading.Interruptions, segments ?? [], segments is null, reading.Budget);
        Figures = reading.Figures(Interruptions);
    }

    internal string Service { get; }

    internal ShownSpan Span { get; }

    internal ServiceReading Reading { get; }

    /// <summary>What it is made of, over the same span.</summary>
    internal IReadOnlyList<ServiceReading> Parts { get; }

    internal AvailabilityTotals Totals { get; }

    internal IReadOnlyList<Interruption> Interruptions { get; }

    internal IReadOnlyList<AvailabilitySegment> Segments { get; }

    /// <summary>True: there are too many stretches to show.</summary>
    internal bool IsCut { get; }

    internal ErrorBudget? Budget { get; }

    internal InterruptionFigures Figures { get; }

    internal ServiceEvidence Evidence { get; set; } = new([], []);

    /// <summary>The promised availability; null: none.</summary>
    internal decimal? Target => Reading.Span?.Targets.Availability;

    /// <summary>Whether it is kept over the span; null: none is promised, or nothing can be said.</summary>
    internal bool? Keeps => Target is { } target && LostShare.FromDecimal(target) is { } share ? Totals.Availability?.IsAtLeast(share) : null;

    /// <summary>An outage by the name that segments have for it; null: it is not among those that were read.</summary>
    internal OutageEntry? OutageOf(string name) => Evidence.Outages.FirstOrDefault(o => o.Id == name);

    /// <summary>An exclusion by the name that segments have for it.</summary>
    internal ExclusionEntry? ExclusionOf(string name) => Evidence.Exclusions.FirstOrDefault(x => x.Name == name);
}

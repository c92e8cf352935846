using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Catalogues;

/// <summary>Settled verdicts to be counted again on the calendars published last: checked, foreseen and ordered, for the command line and over HTTP alike.</summary>
/// <param name="From">Clocks that settled at or after this instant.</param>
/// <param name="Until">And before this one.</param>
/// <param name="Commitment">Of this commitment; null: of all.</param>
internal sealed record Recalculating(Instant From, Instant Until, string? Commitment)
{
    /// <summary>What keeps the span from being counted again; null when nothing does.</summary>
    public Fault? SpanFault(Instant now) =>
        Until <= From ? new Fault("until", "is not after from")
        : Until > now ? new Fault("until", "is to come; what has not settled yet cannot be counted again")
        : null;

    /// <summary>What is wrong with the commitment; null when nothing is.</summary>
    public Fault? CommitmentFault(CatalogueLog published) => Commitment is null || published.Versions.Any(v => v.Commitments.Any(c => c.Id == Commitment))
        ? null
        : new Fault("commitment", $"is not one of {string.Join(", ", published.Newest!.Commitments.Select(c => c.Id))}");

    /// <summary>What it would do, some cases at a time.</summary>
    public IAsyncEnumerable<(int Clocks, List<string> Changes)> ForeseeAsync(NpgsqlDataSource dataSource, string centre, CancellationToken ct) =>
        new ForeseenChanges(dataSource, centre).OfRecalculatingAsync(From, Until, Commitment, ct);

    /// <summary>Orders it.</summary>
    /// <returns>The order's position.</returns>
    public Task<long> OrderAsync(NpgsqlDataSource dataSource, string centre, string by, string reason, CancellationToken ct, string? token = null) =>
        CataloguePublishing.OrderRecalculationAsync(dataSource, centre, new RecalculationOrder(From, Until, Commitment, by, reason, token), ct);
}

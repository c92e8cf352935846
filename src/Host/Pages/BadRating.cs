using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ratings;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary>A case whose rating that counts is one of the two worst (差评), and what was done about it.</summary>
internal sealed record BadRating(RatingEntry Case, RatingOutcome Outcome)
{
    /// <summary>A page of a list. What was done about them is read from the cases themselves.</summary>
    public static async Task<IReadOnlyList<BadRating>> ReadAsync(NpgsqlDataSource dataSource, ReadModels models, RatingList list, PageFrame frame, (Instant At, string Stream)? after, int limit, CancellationToken ct)
    {
        var rows = await list.ReadAsync(models, frame.Catalogue, after, limit, frame.Now, ct);
        var facts = new Dictionary<string, List<Recorded>>();
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await foreach (var e in EventLog.ReadStreamsAsync(connection, [.. rows.Select(r => (frame.Centre, r.Stream))], long.MaxValue, ct))
        {
            if (e.Fact() is not { } fact)
                continue;
            if (!facts.TryGetValue(e.StreamId, out var known))
                facts.Add(e.StreamId, known = []);
            known.Add(fact);
        }

        return [.. rows.Select(r => new BadRating(r, OutcomeOf(facts.GetValueOrDefault(r.Stream, []))))];
    }

    private static RatingOutcome OutcomeOf(List<Recorded> facts)
    {
        facts.Sort(FoldOrder.Compare);
        return GivenRating.Of(facts).LastOrDefault(r => r.Standing == RatingStanding.Counts)?.Outcome ?? RatingOutcome.None;
    }
}

using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>The tables of what citizens say: <c>complaint</c> and <c>case_rating</c>, in which a stream has one row at most.</summary>
internal static class CitizenTables
{
    /// <summary>What is stored of some streams; those of which nothing is are missing.</summary>
    public static async Task<Dictionary<StreamKey, CitizenRows>> LoadAsync(NpgsqlConnection connection, Generation generation, IEnumerable<StreamKey> streams, CancellationToken ct)
    {
        var kinds = streams.ToLookup(s => StreamKinds.Of(s.Stream));
        var found = new Dictionary<StreamKey, CitizenRows>();
        if (kinds[StreamKind.Complaint].ToList() is { Count: > 0 } complaints)
        {
            foreach (var row in await Complaints.Table.LoadAsync(connection, generation, new StreamKeys(complaints), ct))
                found[new StreamKey(row.Centre, row.Stream)] = new CitizenRows(row, null);
        }

        if (kinds[StreamKind.Case].ToList() is { Count: > 0 } cases)
        {
            foreach (var row in await RatedCases.Table.LoadAsync(connection, generation, new StreamKeys(cases), ct))
                found[new StreamKey(row.Centre, row.Stream)] = new CitizenRows(null, row);
        }

        return found;
    }

    /// <summary>Makes rows of streams that have none.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<CitizenRows> rows, CancellationToken ct)
    {
        await Complaints.Table.InsertAsync(connection, generation, ComplaintsOf(rows), ct);
        await RatedCases.Table.InsertAsync(connection, generation, RatingsOf(rows), ct);
    }

    /// <summary>Makes rows in tables of a past.</summary>
    public static async Task InsertPastAsync(NpgsqlConnection connection, string complaints, string ratings, IReadOnlyList<CitizenRows> rows, CancellationToken ct)
    {
        await Complaints.Table.InsertAsync(connection, complaints, ComplaintsOf(rows), ct);
        await RatedCases.Table.InsertAsync(connection, ratings, RatingsOf(rows), ct);
    }

    /// <summary>Gives streams other rows in place of those they have.</summary>
    public static async Task ReplaceAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<(CitizenRows Stored, CitizenRows Wanted)> streams, CancellationToken ct)
    {
        await Complaints.Table.ReplaceAsync(connection, generation, streams.Select(s => (s.Stored.Complaint, s.Wanted.Complaint)), ct);
        await RatedCases.Table.ReplaceAsync(connection, generation, streams.Select(s => (s.Stored.Rating, s.Wanted.Rating)), ct);
    }

    /// <summary>The names of the tables in which two say something else of a stream.</summary>
    public static IEnumerable<string> Differences(CitizenRows stored, CitizenRows derived)
    {
        if (stored.Complaint != derived.Complaint)
            yield return "complaint";
        if (stored.Rating != derived.Rating)
            yield return "rating";
    }

    private static List<ComplaintRow> ComplaintsOf(IReadOnlyList<CitizenRows> rows) => [.. rows.Select(r => r.Complaint).OfType<ComplaintRow>()];

    private static List<CaseRatingRow> RatingsOf(IReadOnlyList<CitizenRows> rows) => [.. rows.Select(r => r.Rating).OfType<CaseRatingRow>()];
}

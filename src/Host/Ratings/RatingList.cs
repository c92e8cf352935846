using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Ratings;

/// <summary>A rated case as lists show it, with the clocks that its rating began: asked about a bad one, put right.</summary>
internal sealed record RatingEntry(
    string Stream, string? Item, string? Window, string? Staff, int? Score, int? Channel, bool Defaulted, Instant RatedAt, Instant? FinishedAt, int Given, int Voided, IReadOnlyList<ClockRow> Clocks)
{
    /// <summary>given, defaulted or voided.</summary>
    public string State => Score is null ? "voided" : Defaulted ? "defaulted" : "given";

    /// <summary>Given, and one of the two worst levels (差评).</summary>
    public bool IsBad => Score > CaseRatings.WorstOfGood && !Defaulted;

    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["case"] = StreamKinds.Shown(Stream),
        ["item"] = Item,
        ["window"] = Window,
        ["staff"] = Staff,
        ["state"] = State,
        ["score"] = Score,
        ["bad"] = IsBad,
        ["channel"] = Channel,
        ["ratedAt"] = Timestamps.Format(RatedAt, zone),
        ["finishedAt"] = FinishedAt is { } finished ? Timestamps.Format(finished, zone) : null,
        ["given"] = Given,
        ["voided"] = Voided,
        ["clocks"] = new JsonArray([.. Clocks.Select(c => (JsonNode)new JsonObject
        {
            ["commitment"] = c.Commitment,
            ["ordinal"] = c.Ordinal,
            ["state"] = c.State,
            ["dueAt"] = c.DueAt is { } due ? Timestamps.Format(due, zone) : null,
            ["stoppedAt"] = c.StoppedAt is { } stopped ? Timestamps.Format(stopped, zone) : null,
        })]),
    };
}

/// <summary>Rated cases of a centre, the one rated last first, whether they are finished or not.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Score">Only of this score, of those given; null: any.</param>
/// <param name="Bad">True: only bad ones.</param>
internal sealed record RatingList(string Centre, int? Score = null, bool Bad = false)
{
    private const string Columns = "stream_id, item, window_id, staff, score, channel, defaulted, rated_at, finished_at, given, voided";

    /// <summary>Only of this item.</summary>
    public string? Item { get; init; }

    /// <summary>Only at this window.</summary>
    public string? Window { get; init; }

    /// <summary>Only of this staff code.</summary>
    public string? Staff { get; init; }

    /// <summary>Only rated in this time.</summary>
    public (Instant From, Instant Until)? Rated { get; init; }

    /// <summary>A page of it.</summary>
    /// <param name="models">As they are, or were.</param>
    /// <param name="published">What the centre has published, for the commitments that a rating begins.</param>
    /// <param name="after">The last of the page before; null: the first page.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="now">The instant clocks are judged at.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<RatingEntry>> ReadAsync(ReadModels models, CatalogueLog published, (Instant At, string Stream)? after, int limit, Instant now, CancellationToken ct)
    {
        List<RatingEntry> rows;
        await using (var select = models.Command(""))
        {
            select.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {Columns} FROM {models.Ratings} WHERE {Where(select, after)} ORDER BY rated_at DESC, stream_id DESC LIMIT {limit}");
            rows = await ReadAsync(select, ct);
        }

        var clocks = await ClocksAsync(models, published, [.. rows.Select(r => r.Stream)], now, ct);
        return [.. rows.Select(r => r with { Clocks = [.. clocks[r.Stream]] })];
    }

    // In the words of the indexes.
    private RowFilter Where(NpgsqlCommand select, (Instant At, string Stream)? after)
    {
        var where = new RowFilter(select, Centre).And("rated_at IS NOT NULL").Only("score", (short?)Score).Only("item", Item).Only("window_id", Window).Only("staff", Staff).Within("rated_at", Rated).Before("rated_at", after);
        if (Score is not null)
            where.And("NOT defaulted");
        return Bad ? where.And(RatedCases.IsBad) : where;
    }

    private static async Task<List<RatingEntry>> ReadAsync(NpgsqlCommand select, CancellationToken ct)
    {
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<RatingEntry>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new RatingEntry(
                reader.GetString(0), reader.Text(1), reader.Text(2), reader.Text(3), reader.IsDBNull(4) ? null : reader.GetInt16(4), reader.IsDBNull(5) ? null : reader.GetInt16(5), reader.GetBoolean(6),
                Instant.FromDateTimeUtc(reader.GetDateTime(7)), reader.At(8), reader.GetInt32(9), reader.GetInt32(10), []));
        }

        return rows;
    }

    /// <summary>Of some cases the clocks that a rating began, whatever they are called in the catalogue.</summary>
    private static async Task<ILookup<string, ClockRow>> ClocksAsync(ReadModels models, CatalogueLog published, string[] streams, Instant now, CancellationToken ct)
    {
        string[] begun = [.. published.Versions.SelectMany(v => v.Commitments).Where(c => c.Start == "case_rated").Select(c => c.Id).Distinct()];
        var rows = new List<ClockRow>();
        if (begun.Length > 0 && streams.Length > 0)
        {
            await using var select = models.Command($"SELECT {ClockRow.Columns} FROM {models.Clocks} WHERE tenant_id = $2 AND stream_id = ANY ($3) AND commitment = ANY ($4) ORDER BY stream_id, commitment, key, ordinal");
            foreach (var value in (object[])[now.ToDateTimeUtc(), published.Newest!.Centre, streams, begun])
                select.Parameters.Add(new() { Value = value });
            await using var reader = await select.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                rows.Add(ClockRow.Read(reader));
        }

        return rows.ToLookup(r => r.Stream);
    }

}

using System.Globalization;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Complaints;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary>A complaint as pages list it, with the limit of it that falls due next.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Category">What it is about.</param>
/// <param name="Channel">How it came, by the stored word.</param>
/// <param name="CaseNumber">The case it is about; null: it names none.</param>
/// <param name="Window">The window that is responsible, or else complained of.</param>
/// <param name="Staff">The code of who is responsible, or else complained of.</param>
/// <param name="RegisteredAt">When it was taken down.</param>
/// <param name="Finding">What was found, by the stored word; null: nothing stands.</param>
/// <param name="Reversals">How many findings were reversed.</param>
/// <param name="ClosedAt">When it was done with.</param>
/// <param name="Next">The limit of it that falls due next; null: none runs.</param>
public sealed record ListedComplaint(
    string Stream, string? Category, string? Channel, string? CaseNumber, string? Window, string? Staff, Instant? RegisteredAt, string? Finding, int Reversals, Instant? ClosedAt, NextLimit? Next)
{
    private const string Columns = "c.stream_id, c.category, c.channel, c.case_number, c.window_id, c.staff, c.registered_at, c.finding, c.reversals, c.closed_at";

    /// <summary>One of another list, of which it does not matter what falls due next.</summary>
    internal static ListedComplaint Of(ComplaintEntry entry) =>
        new(entry.Stream, entry.Category, entry.Channel, entry.Case, entry.Window, entry.Staff, entry.RegisteredAt, entry.Finding, entry.Reversals, entry.ClosedAt, null);

    /// <summary>Those that are not done with; what is overdue longest comes first, and what has no limit last.</summary>
    /// <param name="models">As they are.</param>
    /// <param name="choice">Which of them.</param>
    /// <param name="now">The instant limits are judged at.</param>
    /// <param name="limit">How many, at most.</param>
    /// <param name="ct">Cancels.</param>
    internal static async Task<IReadOnlyList<ListedComplaint>> OpenAsync(ReadModels models, ComplaintChoice choice, Instant now, int limit, CancellationToken ct)
    {
        await using var select = models.Command(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {Columns}, k.commitment, k.key, k.ordinal, k.state_at, k.due_soon, k.due_at, k.unit, k.catalogue_version FROM {models.Complaints} c LEFT JOIN LATERAL (
                SELECT commitment, key, ordinal, {CommitmentClock.StateAt} AS state_at, coalesce(due_soon_at < $1, false) AS due_soon, due_at, unit, catalogue_version FROM (SELECT * FROM {models.Clocks}) o
                WHERE o.tenant_id = c.tenant_id AND o.stream_id = c.stream_id AND o.state = 'open' AND {CommitmentClock.ThereAt} ORDER BY due_at, commitment LIMIT 1) k ON true
            WHERE c.tenant_id = $2 AND c.closed_at IS NULL AND ($3::varchar IS NULL OR c.window_id = $3) AND ($4::varchar IS NULL OR c.category = $4) AND ($5::varchar IS NULL OR c.staff = $5)
            ORDER BY coalesce(k.due_at, 'infinity'::timestamptz), c.stream_id LIMIT {limit}
            """));
        select.Parameters.Add(new() { Value = now.ToDateTimeUtc() });
        select.Parameters.Add(new() { Value = choice.Frame.Centre });
        foreach (var value in (string?[])[choice.Window, choice.Category, choice.Staff])
            select.Parameters.Add(new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        return await ReadAsync(select, ct);
    }

    /// <summary>How many are not done with.</summary>
    internal static async Task<long> CountOpenAsync(ReadModels models, string centre, CancellationToken ct)
    {
        await using var select = models.Command($"SELECT count(*) FROM {models.Complaints} c WHERE tenant_id = $1 AND closed_at IS NULL");
        select.Parameters.Add(new() { Value = centre });
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }

    private static async Task<IReadOnlyList<ListedComplaint>> ReadAsync(NpgsqlCommand select, CancellationToken ct)
    {
        await using var row = await select.ExecuteReaderAsync(ct);
        var rows = new List<ListedComplaint>();
        while (await row.ReadAsync(ct))
        {
            var next = row.IsDBNull(10) ? null
                : new NextLimit(row.GetString(10), row.GetString(11), row.GetInt32(12), row.GetString(13), row.GetBoolean(14), row.At(15), Enum.Parse<AmountUnit>(row.GetString(16)), row.GetString(17));
            rows.Add(new ListedComplaint(row.GetString(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.At(6), row.Text(7), row.GetInt32(8), row.At(9), next));
        }

        return rows;
    }
}

/// <summary>The limit of a complaint that falls due next.</summary>
public sealed record NextLimit(string Commitment, string Key, int Ordinal, string State, bool DueSoon, Instant? DueAt, AmountUnit Unit, string CatalogueVersion)
{
    /// <summary>The word for its state in lists.</summary>
    public string Badge => State == "breached" ? "overdue" : State == "running" && DueSoon ? "dueSoon" : State;
}

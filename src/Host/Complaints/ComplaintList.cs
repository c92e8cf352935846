using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Complaints;

/// <summary>A complaint as lists show it; null: not known, or not yet. Who complained, and what was written, is not in it.</summary>
internal sealed record ComplaintEntry(
    string Stream, string? Channel, string? Category, string? Case, string? Window, string? Staff, Instant? RegisteredAt, Instant? TransferredAt, string? TransferredTo, Instant? RespondedAt, bool? Copied, Instant? FedBackAt,
    Instant? ReviewRequestedAt, Instant? ReviewedAt, string? Finding, Instant? FoundAt, int Reversals, Instant? ClosedAt, Instant? RevisitedAt, bool? Satisfied)
{
    /// <summary>As after complaint/ in the subject of its events.</summary>
    public string Id => Stream["complaint/".Length..];

    /// <summary>open or closed.</summary>
    public string State => ClosedAt is null ? "open" : "closed";

    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["complaint"] = Id,
        ["channel"] = Channel,
        ["category"] = Category,
        ["case"] = Case,
        ["window"] = Window,
        ["staff"] = Staff,
        ["state"] = State,
        ["registeredAt"] = Shown(RegisteredAt, zone),
        ["transferredAt"] = Shown(TransferredAt, zone),
        ["transferredTo"] = TransferredTo,
        ["respondedAt"] = Shown(RespondedAt, zone),
        ["copied"] = Copied,
        ["fedBackAt"] = Shown(FedBackAt, zone),
        ["reviewRequestedAt"] = Shown(ReviewRequestedAt, zone),
        ["reviewedAt"] = Shown(ReviewedAt, zone),
        ["finding"] = Finding,
        ["foundAt"] = Shown(FoundAt, zone),
        ["reversals"] = Reversals,
        ["closedAt"] = Shown(ClosedAt, zone),
        ["revisitedAt"] = Shown(RevisitedAt, zone),
        ["satisfied"] = Satisfied,
    };

    private static string? Shown(Instant? at, DateTimeZone zone) => at is { } known ? Timestamps.Format(known, zone) : null;
}

/// <summary>Complaints of a centre, the one registered last first; those of which only later facts are known come last.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="State">open or closed; null: both.</param>
/// <param name="Finding">One of <see cref="Findings"/>; null: any.</param>
internal sealed record ComplaintList(string Centre, string? State = null, string? Finding = null)
{
    private const string Columns = """
        stream_id, channel, category, case_number, window_id, staff, registered_at, transferred_at, transferred_to, responded_at, copied, fed_back_at,
        review_requested_at, reviewed_at, finding, found_at, reversals, closed_at, revisited_at, satisfied
        """;

    /// <summary>The place of a complaint in the list, as its indexes have it.</summary>
    public const string Place = "coalesce(registered_at, 'epoch')";

    /// <summary>What one can ask for: none is nothing found, or nothing that was not reversed.</summary>
    public static IReadOnlyList<string> Findings { get; } = [Projections.Complaints.Substantiated, Projections.Complaints.Unsubstantiated, "none"];

    /// <summary>The states one can ask for.</summary>
    public static IReadOnlyList<string> States { get; } = ["open", "closed"];

    /// <summary>Only of this category.</summary>
    public string? Category { get; init; }

    /// <summary>Only of those that came so.</summary>
    public string? Channel { get; init; }

    /// <summary>Only of this window.</summary>
    public string? Window { get; init; }

    /// <summary>Only of this staff code.</summary>
    public string? Staff { get; init; }

    /// <summary>Only about the case of this number.</summary>
    public string? Case { get; init; }

    /// <summary>Only registered in this time.</summary>
    public (Instant From, Instant Until)? Registered { get; init; }

    /// <summary>A page of it.</summary>
    /// <param name="models">As they are, or were.</param>
    /// <param name="after">The last of the page before; null: the first page.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<ComplaintEntry>> ReadAsync(ReadModels models, (Instant At, string Stream)? after, int limit, CancellationToken ct)
    {
        await using var select = models.Command("");
        select.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {Columns} FROM {models.Complaints} WHERE {Where(select, after)} ORDER BY {Place} DESC, stream_id DESC LIMIT {limit}");
        return await ReadAsync(select, ct);
    }

    /// <summary>One complaint; null when nothing is known of it.</summary>
    public static async Task<ComplaintEntry?> FindAsync(ReadModels models, string centre, string stream, CancellationToken ct)
    {
        await using var select = models.Command($"SELECT {Columns} FROM {models.Complaints} WHERE tenant_id = $1 AND stream_id = $2");
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new() { Value = stream });
        return (await ReadAsync(select, ct)).SingleOrDefault();
    }

    private RowFilter Where(NpgsqlCommand select, (Instant At, string Stream)? after)
    {
        var where = new RowFilter(select, Centre).Only("category", Category).Only("channel", Channel).Only("window_id", Window).Only("staff", Staff).Only("case_number", Case)
            .Within(Place, Registered).Before(Place, after);
        if (State is not null)
            where.And(State == "open" ? "closed_at IS NULL" : "closed_at IS NOT NULL");
        return Finding == "none" ? where.And("finding IS NULL") : where.Only("finding", Finding);
    }

    private static async Task<IReadOnlyList<ComplaintEntry>> ReadAsync(NpgsqlCommand select, CancellationToken ct)
    {
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<ComplaintEntry>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new ComplaintEntry(
                reader.GetString(0), reader.Text(1), reader.Text(2), reader.Text(3), reader.Text(4), reader.Text(5), reader.At(6), reader.At(7), reader.Text(8), reader.At(9), reader.Flag(10), reader.At(11),
                reader.At(12), reader.At(13), reader.Text(14), reader.At(15), reader.GetInt32(16), reader.At(17), reader.At(18), reader.Flag(19)));
        }

        return rows;
    }
}

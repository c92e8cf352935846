using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>A row of <c>commitment_clock</c> as seen at an instant.</summary>
public sealed record ClockRow(
    string Stream, string Commitment, string Key, int Ordinal, string State, bool DueSoon, string? Item, string? Kind, string? Priority, int? Channel, string? Window, string? Staff, string? Stage, bool CaseOpen,
    Instant StartedAt, Instant? StoppedAt, Instant? DueAt, Instant? SettledAt, AmountUnit Unit, decimal Total, decimal? Used, int Anomalies, string CatalogueVersion, string CalendarVersion, Instant? StoredDueAt, Instant? ResumesAt)
{
    /// <summary>The case's number; of what is none, the name of its stream.</summary>
    public string Case => StreamKinds.Shown(Stream);

    /// <summary>The columns <see cref="Read"/> takes; parameter <c>$1</c> is the instant.</summary>
    public const string Columns = $"""
        stream_id, commitment, key, ordinal, {CommitmentClock.StateAt} AS state_at, coalesce(due_soon_at < $1, false) AS due_soon, item, kind, priority, channel, window_id, staff, stage, case_open,
        started_at, stopped_at, CASE WHEN ({CommitmentClock.StateAt}) <> 'paused' THEN due_at END, {CommitmentClock.SettledAt}, unit, total, used, anomalies, catalogue_version, calendar_version, due_at, CASE WHEN ({CommitmentClock.StateAt}) = 'paused' THEN resumes_at END
        """;

    internal static ClockRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetBoolean(5) && row.GetString(4) == "running", row.Text(6), row.Text(7), row.Text(8),
        row.IsDBNull(9) ? null : row.GetInt16(9), row.Text(10), row.Text(11), row.Text(12), row.GetBoolean(13),
        row.At(14)!.Value, row.At(15), row.At(16), row.At(17), Enum.Parse<AmountUnit>(row.GetString(18)), row.GetDecimal(19),
        row.IsDBNull(20) ? null : row.GetDecimal(20), row.GetInt32(21), row.GetString(22), row.GetString(23), row.At(24), row.At(25));

    /// <summary>The clock as JSON, times on the wall clock of the centre.</summary>
    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["commitment"] = Commitment,
        ["key"] = Key.Length == 0 ? null : Key,
        ["ordinal"] = Ordinal,
        ["state"] = State,
        ["dueSoon"] = DueSoon,
        ["startedAt"] = Timestamps.Format(StartedAt, zone),
        ["stoppedAt"] = Format(StoppedAt, zone),
        ["dueAt"] = Format(DueAt, zone),
        ["pausedUntil"] = Format(ResumesAt, zone),
        ["settledAt"] = Format(SettledAt, zone),
        ["total"] = LimitJson.Write(new Amount(Unit, Fraction.FromDecimal(Total))),
        ["used"] = Used is { } used ? LimitJson.Write(new Amount(Unit, Fraction.FromDecimal(used))) : null,
        ["anomalies"] = Anomalies,
        ["catalogueVersion"] = CatalogueVersion,
        ["calendarVersion"] = CalendarVersion,
    };

    /// <summary>What is known of the case as JSON.</summary>
    public JsonObject CaseToJson(string centre) => new()
    {
        ["case"] = Case,
        ["centre"] = centre,
        ["item"] = Item,
        ["kind"] = Kind,
        ["priority"] = Priority,
        ["channel"] = Channel,
        ["window"] = Window,
        ["staff"] = Staff,
        ["stage"] = Stage,
        ["open"] = CaseOpen,
    };

    /// <summary>The case with the clock, as JSON.</summary>
    public JsonObject WithCaseToJson(string centre, DateTimeZone zone)
    {
        var row = CaseToJson(centre);
        row["clock"] = ToJson(zone);
        return row;
    }

    private static string? Format(Instant? at, DateTimeZone zone) => at is { } instant ? Timestamps.Format(instant, zone) : null;
}

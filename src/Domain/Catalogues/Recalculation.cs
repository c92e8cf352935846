using NodaTime;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>
/// An order to count settled clocks again on the calendars published by then, such as after a holiday was entered wrongly. It
/// stands in the catalogue's stream, so that any past can be read without it.
/// </summary>
/// <param name="Id">The event.</param>
/// <param name="Position">Its place in the log.</param>
/// <param name="RecordedAt">When it was stored.</param>
/// <param name="From">Clocks that settled at or after this instant.</param>
/// <param name="Until">And before this one.</param>
/// <param name="Commitment">Of this commitment; null: of all.</param>
public sealed record Recalculation(Guid Id, long Position, Instant RecordedAt, Instant From, Instant Until, string? Commitment)
{
    /// <summary>The stored name of the event.</summary>
    public const string Ordered = "catalogue_recalculation_ordered";

    /// <summary>True when a clock of a commitment that settled at an instant is to be counted again.</summary>
    public bool Concerns(string commitment, Instant? settledAt) => settledAt >= From && settledAt < Until && (Commitment is null || Commitment == commitment);

    /// <summary>Reads the data of a stored order; null and faults when it is none.</summary>
    public static Recalculation? Read(Guid id, long position, Instant recordedAt, JsonFields data)
    {
        var (from, until, commitment) = (data.Time("from"), data.Time("until"), data.OptionalText("commitment"));
        data.Text("by");
        data.Text("reason");
        return data.Faults.Count > 0 ? null : new Recalculation(id, position, recordedAt, from, until, commitment);
    }
}

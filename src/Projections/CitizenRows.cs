using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Projections.Engine;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>
/// A row of <c>complaint</c>: one complaint as lists show it, without anything that tells of a person. Staff: the code of who is responsible, or else is
/// complained of.
/// </summary>
internal sealed record ComplaintRow(
    string Centre, string Stream, string? Channel, string? Category, string? CaseNumber, string? Window, string? Staff, DateTime? RegisteredAt,
    DateTime? TransferredAt, string? TransferredTo, DateTime? RespondedAt, bool? Copied, DateTime? FedBackAt, DateTime? ReviewRequestedAt, DateTime? ReviewedAt,
    string? Finding, DateTime? FoundAt, int Reversals, DateTime? ClosedAt, DateTime? RevisitedAt, bool? Satisfied);

/// <summary>
/// A row of <c>case_rating</c>: a case that is finished, rated or both. Finished: decided or closed, whichever came first, and not withdrawn, given back or not
/// accepted. Score: of the rating that counts; null of one that was rated: it was voided.
/// </summary>
internal sealed record CaseRatingRow(
    string Centre, string Stream, string? Item, string? Window, string? Staff, DateTime? FinishedAt, DateOnly? FinishedOn, short? Score, short? Channel, bool Defaulted, DateTime? RatedAt, int Given, int Voided);

/// <summary>What the read models hold of what citizens say: of a stream at most one row, of a complaint or of a case.</summary>
internal sealed record CitizenRows(ComplaintRow? Complaint, CaseRatingRow? Rating)
{
    // By value, each once: rows are kept in memory by the hundred thousand.
    private static readonly Dictionary<ComplaintChannel, string> Channels = Enum.GetValues<ComplaintChannel>().ToDictionary(c => c, ComplaintJson.WordOf);

    /// <summary>Of a stream that says nothing of the kind.</summary>
    public static CitizenRows None { get; } = new(null, null);

    /// <summary>Of a folded stream.</summary>
    public static CitizenRows Of(StreamKey key, StreamClocks clocks, CatalogueLog catalogue)
    {
        // The zone of the first version, of which days once counted are: whatever is published later leaves them.
        var zone = catalogue.Versions.IsEmpty ? null : catalogue.Versions[0].Zone;
        return clocks switch
        {
            ComplaintClocks complaint => new CitizenRows(Of(key, complaint.State), null),
            CaseClocks { State: var state } when FinishedAt(state) is not null || state.Ratings is not null => new CitizenRows(null, Of(key, state, zone)),
            _ => None,
        };
    }

    private static Instant? FinishedAt(Case state) => state.EndedAt is not null ? null
        : state.DecidedAt is { } decided && state.ClosedAt is { } closed ? Instant.Min(decided, closed)
        : state.DecidedAt ?? state.ClosedAt;

    private static CaseRatingRow Of(StreamKey key, Case state, DateTimeZone? zone)
    {
        var (finished, ratings) = (FinishedAt(state), state.Ratings);
        return new CaseRatingRow(
            key.Centre, key.Stream, state.Item, state.Window, state.Staff, Utc(finished), DateIn(zone, finished),
            (short?)ratings?.Score, (short?)ratings?.Channel, ratings?.Defaulted ?? false, Utc(ratings?.At), ratings?.Given ?? 0, ratings?.Voided ?? 0);
    }

    private static ComplaintRow Of(StreamKey key, Complaint state) => new(
        key.Centre, key.Stream, state.Channel is { } channel ? Channels[channel] : null, state.Category, state.CaseNumber, state.Window, state.Staff, Utc(state.RegisteredAt),
        Utc(state.TransferredAt), state.TransferredTo, Utc(state.RespondedAt), state.Copied, Utc(state.FedBackAt), Utc(state.ReviewRequestedAt), Utc(state.ReviewedAt),
        state.Decision?.Finding switch { Finding.Substantiated => Complaints.Substantiated, Finding.Unsubstantiated => Complaints.Unsubstantiated, _ => null }, Utc(state.Decision?.At),
        state.Reversals, Utc(state.ClosedAt), Utc(state.RevisitedAt), state.Satisfied);
}

using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>The read model <c>case_rating</c>.</summary>
public static class RatedCases
{
    /// <summary>Somebody answered, and what was said counts.</summary>
    public const string IsGiven = "(score IS NOT NULL AND NOT defaulted)";

    /// <summary>Given, and one of the two worst levels (差评). The index of bad ratings has the same condition.</summary>
    public const string IsBad = "(score >= 4 AND NOT defaulted)";

    /// <summary>Nobody answered.</summary>
    public const string IsDefaulted = "(score IS NOT NULL AND defaulted)";

    /// <summary>What was given does not count.</summary>
    public const string IsVoided = "(rated_at IS NOT NULL AND score IS NULL)";

    /// <summary>Of cases how many are finished, given, defaulted and voided, and how many of each score were given and count: nine numbers.</summary>
    public const string Counts = $"""
        count(*) AS finished, count(*) FILTER (WHERE {IsGiven}) AS given, count(*) FILTER (WHERE {IsDefaulted}) AS defaulted, count(*) FILTER (WHERE {IsVoided}) AS voided,
        count(*) FILTER (WHERE score = 1 AND NOT defaulted) AS score1, count(*) FILTER (WHERE score = 2 AND NOT defaulted) AS score2, count(*) FILTER (WHERE score = 3 AND NOT defaulted) AS score3,
        count(*) FILTER (WHERE score = 4 AND NOT defaulted) AS score4, count(*) FILTER (WHERE score = 5 AND NOT defaulted) AS score5
        """;

    /// <summary>Its table.</summary>
    internal static ReadModelTable<CaseRatingRow> Table { get; } = new(
        "case_rating",
        [
            Text<CaseRatingRow>("tenant_id", r => r.Centre), Text<CaseRatingRow>("stream_id", r => r.Stream), Text<CaseRatingRow>("item", r => r.Item), Text<CaseRatingRow>("window_id", r => r.Window), Text<CaseRatingRow>("staff", r => r.Staff),
            At<CaseRatingRow>("finished_at", r => r.FinishedAt), On<CaseRatingRow>("finished_on", r => r.FinishedOn), Small<CaseRatingRow>("score", r => r.Score), Small<CaseRatingRow>("channel", r => r.Channel),
            Flag<CaseRatingRow>("defaulted", r => r.Defaulted), At<CaseRatingRow>("rated_at", r => r.RatedAt), Whole<CaseRatingRow>("given", r => r.Given), Whole<CaseRatingRow>("voided", r => r.Voided),
        ],
        keyColumns: 2,
        r => new CaseRatingRow(r.GetString(0), r.GetString(1), r.Text(2), r.Text(3), r.Text(4), r.At(5), r.On(6), r.Small(7), r.Small(8), r.GetBoolean(9), r.At(10), r.GetInt32(11), r.GetInt32(12)));
}

using Npgsql;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>The read model <c>complaint</c>.</summary>
public static class Complaints
{
    /// <summary>The stored words of a finding.</summary>
    public const string Substantiated = "substantiated", Unsubstantiated = "unsubstantiated";

    /// <summary>Its table.</summary>
    internal static ReadModelTable<ComplaintRow> Table { get; } = new(
        "complaint",
        [
            Text<ComplaintRow>("tenant_id", r => r.Centre), Text<ComplaintRow>("stream_id", r => r.Stream), Text<ComplaintRow>("channel", r => r.Channel), Text<ComplaintRow>("category", r => r.Category),
            Text<ComplaintRow>("case_number", r => r.CaseNumber), Text<ComplaintRow>("window_id", r => r.Window), Text<ComplaintRow>("staff", r => r.Staff), At<ComplaintRow>("registered_at", r => r.RegisteredAt),
            At<ComplaintRow>("transferred_at", r => r.TransferredAt), Text<ComplaintRow>("transferred_to", r => r.TransferredTo), At<ComplaintRow>("responded_at", r => r.RespondedAt),
            MaybeFlag<ComplaintRow>("copied", r => r.Copied), At<ComplaintRow>("fed_back_at", r => r.FedBackAt), At<ComplaintRow>("review_requested_at", r => r.ReviewRequestedAt), At<ComplaintRow>("reviewed_at", r => r.ReviewedAt),
            Text<ComplaintRow>("finding", r => r.Finding), At<ComplaintRow>("found_at", r => r.FoundAt), Whole<ComplaintRow>("reversals", r => r.Reversals), At<ComplaintRow>("closed_at", r => r.ClosedAt),
            At<ComplaintRow>("revisited_at", r => r.RevisitedAt), MaybeFlag<ComplaintRow>("satisfied", r => r.Satisfied),
        ],
        keyColumns: 2,
        Read);

    private static ComplaintRow Read(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.Text(2), r.Text(3), r.Text(4), r.Text(5), r.Text(6), r.At(7), r.At(8), r.Text(9), r.At(10), r.MaybeFlag(11), r.At(12), r.At(13), r.At(14),
        r.Text(15), r.At(16), r.GetInt32(17), r.At(18), r.At(19), r.MaybeFlag(20));
}

using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A kind of code that a field of an event takes from the catalogue.</summary>
/// <param name="Word">For messages.</param>
/// <param name="IsIn">True when a version has the code, or has none of the kind to go by.</param>
/// <param name="Known">Those of a version, with their names.</param>
internal sealed record CodeKind(string Word, Func<Catalogue, string, bool> IsIn, Func<Catalogue, IEnumerable<(string Code, Names Names)>> Known)
{
    private static readonly CodeKind Item = new("item", (v, c) => v.Items.ContainsKey(c), v => v.Items.Values.Select(i => (i.Id, i.Names)));
    private static readonly CodeKind Window = new("window", (v, c) => v.Windows.Count == 0 || v.Windows.ContainsKey(c), v => v.Windows.Select(w => (w.Key, w.Value)));
    private static readonly CodeKind Service = new("service", (v, c) => v.Services.ContainsKey(c), v => v.Services.Values.Select(s => (s.Id, s.Names)));
    private static readonly CodeKind Category = new("category of complaints", (v, c) => v.ComplaintCategories.ContainsKey(c), v => v.ComplaintCategories.Select(k => (k.Key, k.Value.Names)));

    /// <summary>The kind a field of an event of a type has; null: it is no such code.</summary>
    public static CodeKind? Of(string type, string field) => (type, field) switch
    {
        ("case_received", "item") or ("case_item_changed", "to") => Item,
        ("case_received" or "case_stage_entered" or "case_reassigned" or "complaint_registered", "window") => Window,
        ("complaint_registered", "category") => Category,
        ("outage_started" or "maintenance_planned", "service") => Service,
        _ => null,
    };
}

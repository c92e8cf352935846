namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>What a series can be about, and where its name is told.</summary>
/// <param name="Label">The label that gets the name.</param>
/// <param name="Id">The label that holds the id.</param>
/// <param name="Told">The metrics that tell names, and their label of the id.</param>
/// <param name="Known">The metrics in which all of them are, named or not.</param>
internal sealed record Subject(string Label, string Id, (string Metric, string Id)[] Told, (string Metric, string Id)[] Known)
{
    /// <summary>A centre.</summary>
    public static Subject Centre { get; } = new("centre", "sla_centre", [("sla_centre_info", "sla_centre")], [("sla_quarantined_streams", "sla_centre")]);

    /// <summary>A commitment.</summary>
    public static Subject Commitment { get; } = new("commitment", "sla_commitment", [("sla_commitment_info", "sla_commitment")], [("sla_commitments_open", "sla_commitment")]);

    /// <summary>A complaint's category.</summary>
    public static Subject Category { get; } = new("category", "sla_category", [("sla_category_info", "sla_category")], [("sla_complaints_open", "sla_category")]);

    /// <summary>An item of the hall or an IT service. Commitments on complaints stand under their category instead.</summary>
    public static Subject Service { get; } = new(
        "service", "sla_service", [("sla_service_info", "sla_service"), ("sla_category_info", "sla_category")], [("sla_commitments_open", "sla_service"), ("sla_interruptions", "sla_service")]);

    /// <summary>The labels that tell one from another.</summary>
    public string Keys => Id == "sla_centre" ? Id : $"sla_centre, {Id}";
}

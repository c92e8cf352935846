namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>The labels that tell the series of a metric apart, without those that Prometheus adds for the host it scraped.</summary>
internal static class MetricLabels
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Known = new(StringComparer.Ordinal);

    static MetricLabels()
    {
        Add("sla_centre", "sla_centre_open", "sla_quarantined_streams");
        Add("sla_centre sla_service", "sla_cases_open", "sla_downtime_seconds_total", "sla_interruptions", "sla_interruptions_limit", "sla_outage_restore_due_timestamp_seconds");
        Add("sla_centre sla_commitment sla_service", "sla_commitments_escalated", "sla_next_due_timestamp_seconds");
        Add("level sla_centre sla_commitment sla_service", "sla_commitments_open");
        Add("sla_centre sla_commitment sla_service verdict", "sla_commitments_settled_total");
        Add("period sla_centre sla_commitment sla_service", "sla_compliance_met", "sla_compliance_settled");
        Add("sla_centre sla_commitment", "sla_compliance_target_ratio");
        Add("period sla_centre sla_service", "sla_availability_ratio", "sla_availability_gross_ratio", "sla_availability_target_ratio", "sla_agreed_seconds", "sla_period_downtime_seconds", "sla_observed_ratio", "sla_error_budget_seconds", "sla_error_budget_remaining_ratio");
        Add("sla_centre sla_service window", "sla_error_budget_burn_rate");
        Add("sla_centre sla_priority sla_service", "sla_outage_open");
        Add("sla_category sla_centre", "sla_complaints_open");
        Add("period sla_centre", "sla_complaints_registered", "sla_complaints_substantiated", "sla_ratings_defaulted", "sla_ratings_voided", "sla_cases_finished", "sla_period_end_timestamp_seconds");
        Add("period score sla_centre", "sla_ratings");
        Add("sla_centre sla_kind", "sla_anomalies_open");
        Add("sla_centre sla_source", "sla_source_last_event_timestamp_seconds", "sla_source_active_dates");
        Add("sla_centre working_hours", "sla_working_time_ago_timestamp_seconds");
        Add("sla_target", "sla_notifications_pending", "sla_notifications_dead", "sla_notifications_oldest_pending_timestamp_seconds");
    }

    /// <summary>The labels of a metric of ours.</summary>
    public static IReadOnlyList<string> Of(string metric) => Known[metric];

    /// <summary>True for those whose labels are known here.</summary>
    public static bool Knows(string metric) => Known.ContainsKey(metric);

    private static void Add(string labels, params string[] metrics) => Array.ForEach(metrics, m => Known.Add(m, labels.Split(' ')));
}

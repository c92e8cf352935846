namespace SlaMonitor.Host.Watch.Rules;

/// <summary>The alerts about SlaMonitor itself: what it shows may be old, wrong, incomplete or not told. No catalogue changes them.</summary>
/// <param name="links">What the alerts lead to.</param>
internal sealed class PipelineRules(WatchLinks links)
{
    private const string HostFamily = "host";

    /// <summary>All of them, the worst first.</summary>
    public IEnumerable<AlertRule> All() => [HostDown(), SnapshotStale(), ProjectionBehind(), StreamQuarantined(), SourceSilent(), NotificationsDead(), NotificationsWaiting()];

    private AlertRule HostDown() => Rule("SlaHostDown", "up{job=\"sla\"} == 0 or absent(up{job=\"sla\"})", urgent: true,
        new("SlaMonitor does not answer{{ with $labels.instance }}: {{ . }}{{ end }}", "{{ if $labels.instance }}The host {{ $labels.instance }} could not be scraped for a minute.{{ else }}No host of SlaMonitor is scraped at all.{{ end }} With no host nothing more is known of any case or service: what was told last holds for ten minutes, then all other alerts end, whatever is the case."),
        new("SlaMonitor 无响应{{ with $labels.instance }}：{{ . }}{{ end }}", "{{ if $labels.instance }}主机 {{ $labels.instance }} 已一分钟无法采集指标。{{ else }}没有采集到任何 SlaMonitor 主机。{{ end }}若没有任何主机可用，将不再得到任何数据：最后的数字保留十分钟，此后其他告警都会结束，不代表问题已解决。"),
        "/readyz") with
    { For = "1m", Tier = 1, Family = HostFamily };

    private AlertRule SnapshotStale() => Rule("SlaSnapshotStale", "time() - sla_snapshot_timestamp_seconds{job=\"sla\"} > 60 and on (instance) up{job=\"sla\"} == 1", urgent: true,
        new("Figures of {{ $labels.instance }} are {{ $value | humanizeDuration }} old", "The host answers, but made its figures {{ $value | humanizeDuration }} ago; it makes them every few seconds. What dashboards and alerts say is of that time."),
        new("{{ $labels.instance }} 的数字已 {{ $value | humanizeDuration }} 未更新", "主机有响应，但数字生成于 {{ $value | humanizeDuration }} 之前（正常为数秒）。看板和告警反映的是当时的情况。"),
        "/readyz") with
    { For = "1m", Tier = 2, Family = HostFamily };

    private AlertRule ProjectionBehind() => Rule("SlaProjectionBehind", "sla_projection_lag_seconds{job=\"sla\"} > 60", urgent: true,
        new("What is shown is {{ $value | humanizeDuration }} behind the log, says {{ $labels.instance }}", "The oldest event that is not counted yet is {{ $value | humanizeDuration }} old." + Promql.Figure("sla_projection_lag_events{instance=%q}", ["instance"], " Events to go: ", "printf \"%.0f\"", ".")),
        new("{{ $labels.instance }} 显示的内容落后日志 {{ $value | humanizeDuration }}", "最早一条未计入的事件已有 {{ $value | humanizeDuration }}。" + Promql.Figure("sla_projection_lag_events{instance=%q}", ["instance"], "待处理事件 ", "printf \"%.0f\"", " 条。")),
        "/readyz") with
    { For = "5m", Tier = 3, Family = HostFamily };

    private AlertRule StreamQuarantined() => Rule("SlaStreamQuarantined", "max by (sla_centre) (sla_quarantined_streams{job=\"sla\"}) > 0", urgent: false,
        new("{{ $labels.sla_centre }}: cases, complaints or outages set aside, {{ $value }}", "They could not be counted and were set aside; their figures are missing everywhere until they are tried again with sla retry."),
        new("{{ $labels.sla_centre }}：{{ $value }} 个流被隔离", "{{ $value }} 个流无法计算而被隔离；用 sla retry 重试之前，各处数字都不包含它们。"),
        $"/?centre={WatchLinks.Label("sla_centre")}") with
    { For = "1m" };

    private AlertRule SourceSilent() => Rule(
        "SlaSourceSilent",
        """
        time() - (
            max by (sla_centre, sla_source) (sla_source_last_event_timestamp_seconds{job="sla"})
          < on (sla_centre) group_left ()
            max by (sla_centre) (sla_working_time_ago_timestamp_seconds{job="sla", working_hours="4"})
        )
        and on (sla_centre, sla_source)
          max by (sla_centre, sla_source) (sla_source_active_dates{job="sla"}) >= 5
        """,
        urgent: false,
        new("{{ $labels.sla_centre }}: nothing from {{ $labels.sla_source }} for {{ $value | humanizeDuration }}", "The newest event of this source is {{ $value | humanizeDuration }} old, more than four working hours;" + Promql.Figure(Active, ["sla_centre", "sla_source"], " it sent something on ", "printf \"%.0f\"", " of the last 14 days.") + " What it would tell is missing, and clocks it would stop run on."),
        new("{{ $labels.sla_centre }}：{{ $labels.sla_source }} 已 {{ $value | humanizeDuration }} 无数据", "该来源最近一条事件在 {{ $value | humanizeDuration }} 之前，超过四个工作小时" + Promql.Figure(Active, ["sla_centre", "sla_source"], "；最近 14 天有 ", "printf \"%.0f\"", " 天有数据") + "。其间的事实缺失，应停止的时限仍在计时。"),
        $"/?centre={WatchLinks.Label("sla_centre")}") with
    { For = "5m" };

    private AlertRule NotificationsDead() => Rule("SlaNotificationsDead", "max by (sla_target) (sla_notifications_dead{job=\"sla\"}) > 0", urgent: false,
        new("Notices to {{ $labels.sla_target }} given up: {{ $value }}", "They were tried until there was no point in it, and are kept: sla notify lists them and sends them again."),
        new("发往 {{ $labels.sla_target }} 的 {{ $value }} 条通知已放弃", "{{ $value }} 条通知多次投递失败后放弃，仍有保存：用 sla notify 查看并重新发送。"),
        "/readyz") with
    { For = "1m" };

    private AlertRule NotificationsWaiting() => Rule("SlaNotificationsWaiting", "time() - min by (sla_target) (sla_notifications_oldest_pending_timestamp_seconds{job=\"sla\"}) > 600", urgent: false,
        new("Notices to {{ $labels.sla_target }} have been waiting for {{ $value | humanizeDuration }}", "The oldest notice waits for {{ $value | humanizeDuration }}." + Promql.Figure(Pending, ["sla_target"], " Waiting in all: ", "printf \"%.0f\"", ".") + " They are sent as soon as the receiver takes them."),
        new("发往 {{ $labels.sla_target }} 的通知已等待 {{ $value | humanizeDuration }}", "最早一条通知已等待 {{ $value | humanizeDuration }}。" + Promql.Figure(Pending, ["sla_target"], "共 ", "printf \"%.0f\"", " 条待发。") + "接收方恢复后即发送。"),
        "/readyz") with
    { For = "1m" };

    private const string Active = "max(sla_source_active_dates{sla_centre=%q, sla_source=%q})";
    private const string Pending = "max(sla_notifications_pending{sla_target=%q})";

    private AlertRule Rule(string alert, string expression, bool urgent, AlertText en, AlertText zh, string page) =>
        new(alert, expression, urgent, en, zh, links.Dashboard("sla-pipeline"), links.Page(page));
}

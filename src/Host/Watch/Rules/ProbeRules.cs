namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// The alert about what is watched from outside: a service that does not answer. It has no label of a centre, so that the host takes it for an outage (<c>POST /webhooks/alertmanager</c>), and is raised by the
/// first probe that fails, because the outage begins when it does.
/// </summary>
/// <param name="links">What the alert leads to.</param>
internal sealed class ProbeRules(WatchLinks links)
{
    /// <summary>The one there is.</summary>
    public AlertRule ServiceDown() => new(
        "SlaServiceDown",
        "probe_success{job=\"probes\", sla_service!=\"\"} == 0",
        Urgent: true,
        new("{{ $labels.sla_service }} does not answer", "{{ $labels.instance }} was asked and did not answer as it should. It counts as an outage of {{ $labels.sla_service }} from the first probe that failed to the first that does not."),
        new("{{ $labels.sla_service }} 无响应", "探测 {{ $labels.instance }} 未得到应有的答复。自首次探测失败起，到首次探测成功止，计为 {{ $labels.sla_service }} 的一次中断。"),
        links.Dashboard("sla-service", ("service", WatchLinks.Label("sla_service"))),
        links.Page("/board/services"));
}

using SlaMonitor.Domain;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>The system itself: whether what the other dashboards show is whole and fresh.</summary>
internal static class PipelineDashboard
{
    private const string Job = "job=\"sla\"";

    private static readonly Scope Scope = new(Scope.Centre);

    public static Dashboard Of(Language l, string host) => new(
        "pipeline", l, l.Of("SLA 系统运行", "SLA pipeline"), l.Of("其他看板的数据是否完整、新鲜。", "Whether what the other dashboards show is whole and fresh."), "now-24h", [Variable.Centre(l)],
        [(null, Now(l)), (l.Of("数据来源", "Where facts come from"), [Sources(l), Anomalies(l), .. Ingest(l)]), (l.Of("读模型与抓取", "Read models and scrapes"), Projections(l)), (l.Of("通知", "Notices"), Notices(l)), (l.Of("进程", "Processes"), Processes(l))])
    {
        HostAddress = host,
        Page = (l.Of("SlaMonitor 异常记录", "Contradictions in SlaMonitor"), Ways.ToHost(l, "/board/anomalies")),
    };

    private static Panel[] Now(Language l) =>
    [
        Panel.Stat(l.Of("在线主机", "Hosts up"), l.Of("Prometheus 抓得到的 SlaMonitor 主机数。", "Hosts of SlaMonitor that Prometheus can scrape."), "locale", l.Of("没有主机", "no host"), Colours.Steps(Colours.Bad, (1, Colours.Good))).Sized(3, 4).Now($"sum(up{{{Job}}})"),
        Panel.Stat(l.Of("离线主机", "Hosts down"), l.Of("Prometheus 知道而抓不到的主机数。", "Hosts that Prometheus knows and cannot scrape."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(3, 4).Now($"sum(up{{{Job}}} == bool 0)"),
        Panel.Stat(l.Of("读模型落后", "Behind by"), l.Of("最早一件尚未进入读模型的事件的时间；持续一分钟以上须查看。", "The age of the oldest event not yet in the read models. Above a minute something is wrong."), "s", l.Of("未知", "not known"), Colours.Steps(Colours.Good, (10, Colours.Near), (60, Colours.Bad))).Sized(3, 4).Decimals(1).Now("max(sla_projection_lag_seconds)"),
        Panel.Stat(l.Of("指标快照", "Figures are from"), l.Of("最旧一台主机上一次生成指标距今。", "How long ago the figures were made, by the host that is last."), "s", l.Of("未知", "not known"), Colours.Steps(Colours.Good, (60, Colours.Near), (300, Colours.Bad))).Sized(3, 4).Decimals(0).Now("time() - min(sla_snapshot_timestamp_seconds)"),
        Panel.Stat(l.Of("静默来源", "Silent sources"), l.Of("近 14 天至少 5 天有数据、而最近四个工作小时没有数据的来源。", "Sources that sent something on at least 5 of the last 14 days, and nothing within the last four working hours."), "locale", l.Of("没有来源", "no sources"), Colours.NoneIsCalm).Sized(4, 4).Now($"count({Silent}) or 0 * count({Scope.Each("sla_source_active_dates")})"),
        Panel.Stat(l.Of("隔离流", "Quarantined"), l.Of("无法处理而被隔离的流；其数字缺失，其余不受影响。", "Streams that could not be folded. Their figures are missing, the others are whole."), "locale", l.Of("未知", "not known"), Colours.NoneIsGood).Sized(4, 4).Now(Scope.Sum("sla_quarantined_streams")),
        Panel.Stat(l.Of("送不出的通知", "Dead notices"), l.Of("多次重试仍未送达、须人工重放的通知。", "Notices that were refused until nobody tries any more; somebody has to replay them."), "locale", l.Of("未设通知", "no targets"), Colours.NoneIsGood).Sized(4, 4).Now(Sum("sla_notifications_dead")),
    ];

    private static string Silent => $"{Scope.Each("sla_source_last_event_timestamp_seconds")} < on (sla_centre) group_left () {Scope.Max("sla_working_time_ago_timestamp_seconds", "sla_centre")} and on (sla_centre, sla_source) {Scope.Each("sla_source_active_dates")} >= 5";

    private static string Sum(string metric) => new Scope().Sum(metric);

    private static Table Sources(Language l)
    {
        const string By = "sla_centre, sla_source";
        var last = Scope.Each("sla_source_last_event_timestamp_seconds");
        var standing = $"0 * ({Silent}) + 2 or on ({By}) ({Scope.Each("sla_source_active_dates")} >= bool 5)";
        var table = new Table(l.Of("来源", "Sources"), l.Of("近 14 天有数据的来源。静默＝至少 5 天有数据，而最近四个工作小时没有；偶尔＝不到 5 天有数据。", "Those that sent something within 14 days. Silent: sends on at least 5 of these days, and sent nothing within the last four working hours. Seldom: on fewer days."), l.Of("14 天内没有来源", "no source in 14 days"), Scope.Named($"1e12 * (({standing}) == bool 2) - on ({By}) {last}", l, Subject.Centre));
        table.Text("sla_source", l.Of("来源", "Source")).Text("centre", l.Of("中心", "Centre"), 220)
            .State(l.Of("状态", "State"), standing, 85, ("2", l.Of("静默", "silent"), Colours.Near), ("1", l.Of("正常", "in order"), Colours.Good), ("0", l.Of("偶尔", "seldom"), Colours.Plain))
            .Column(l.Of("最近数据", "Last event"), $"1000 * {last}", "dateTimeAsIso", 165)
            .Column(l.Of("14 天中", "Days of 14"), Scope.Each("sla_source_active_dates"), "locale", 95, decimals: 0)
            .Behind("sla_centre").Sized(15, 9);
        return table;
    }

    private static Table Anomalies(Language l)
    {
        var open = $"{Scope.Each("sla_anomalies_open")} > 0";
        var table = new Table(l.Of("相互矛盾的事实", "Contradictions between facts"), l.Of("同一件事的记录相互矛盾，多的在前。点中心看证据。", "Facts that contradict each other, the most first. A click on the centre leads to the events that prove it."), l.Of("没有矛盾", "no contradictions"), $"label_replace({Scope.Named(open, l, Subject.Centre)}, \"kind\", \"$1\", \"sla_kind\", \"(.*)\")");
        table.Words("kind", l.Of("种类", "Kind"), Enum.GetValues<AnomalyKind>().Select(k => (Words.Of(k), new PageLanguage(l.Chinese).Name(k))))
            .Text("centre", l.Of("中心", "Centre"), 220, (l.Of("SlaMonitor 异常记录", "Contradictions in SlaMonitor"), Ways.ToHost(l, "/board/anomalies", ("centre", Ways.Field("sla_centre")), ("kind", Ways.Field("sla_kind")))))
            .Column(l.Of("数量", "Count"), open, "locale", 90, decimals: 0).Behind("sla_centre", "sla_kind").Sized(9, 9);
        return table;
    }

    private static Panel[] Ingest(Language l) =>
    [
        Lines(l.Of("收到的事件", "Events received"), l.Of("每秒，按结果。", "A second, by what became of them."), "eps", l.Of("没有收到", "none received"), 12).Over("sum by (result) (rate(sla_ingest_events_total[$__rate_interval]))", "{{result}}").Within(0).Drawn(("axisSoftMax", 1)).Painted("appended", Colours.Good, l.Of("入库", "appended")).Painted("duplicate", Colours.Quiet, l.Of("重复", "duplicate")).Painted("refused", Colours.Near, l.Of("拒收", "refused")),
        Lines(l.Of("因繁忙而拒收", "Turned away as busy"), l.Of("队列已满、请发送方稍后再来的请求，每秒。", "Requests that were asked to come again because the queue was full, a second."), "reqps", l.Of("没有", "none"), 12).Over("sum(rate(sla_ingest_busy_total[$__rate_interval])) or vector(0)", l.Of("拒收", "turned away")).Within(0).Drawn(("axisSoftMax", 1)),
    ];

    private static Panel[] Projections(Language l) =>
    [
        Lines(l.Of("读模型落后的事件", "Events not yet in the read models"), l.Of("按主机。突增后应很快回到 0。", "By host. After a burst it should soon be 0 again."), "short", l.Of("未知", "not known"), 8).Over("sla_projection_lag_events", "{{instance}}").Within(0).Drawn(("axisSoftMax", 10)),
        Lines(l.Of("生成指标用时", "Making the figures takes"), l.Of("每次指标快照的用时，按主机。", "How long the last snapshot took, by host."), "s", l.Of("未知", "not known"), 8).Over("sla_snapshot_duration_seconds", "{{instance}}").Within(0),
        Lines(l.Of("抓取", "Scrapes"), l.Of("Prometheus 抓取的用时（左）与样本数（右），按主机。", "How long a scrape takes (left) and how many samples it brings (right), by host."), "s", l.Of("没有抓取", "no scrapes"), 8)
            .Over($"scrape_duration_seconds{{{Job}}}", l.Of("用时 {{instance}}", "time {{instance}}")).Over($"scrape_samples_scraped{{{Job}}}", l.Of("样本 {{instance}}", "samples {{instance}}")).Within(0)
            .WhereQuery("B", ("unit", "short"), ("custom.axisPlacement", "right")),
    ];

    private static Panel[] Notices(Language l)
    {
        var (delivered, refused) = (l.Of("送达", "delivered"), l.Of("被拒", "refused"));
        return
        [
            Lines(l.Of("待送通知", "Notices waiting"), l.Of("尚未送达的通知，按目标。", "Notices not yet delivered, by target."), "short", l.Of("未设通知", "no targets"), 8).Over("max by (sla_target) (sla_notifications_pending)", "{{sla_target}}").Within(0),
            Lines(l.Of("最久未送达", "The oldest waits for"), l.Of("最早一条待送通知已等待的时间；十分钟以上须查看。", "How long the oldest notice has waited; above ten minutes somebody should look."), l.Of("suffix:分钟", "suffix:min"), l.Of("没有待送", "nothing waits"), 8).Over("(time() - min by (sla_target) (sla_notifications_oldest_pending_timestamp_seconds)) / 60", "{{sla_target}}").Within(0).MarkedAt(Colours.Steps("transparent", (10, Colours.Bad))).Drawn(("axisSoftMax", 11)),
            Lines(l.Of("投递", "Attempts"), l.Of("每分钟投递次数，按目标与结果。", "Attempts a minute, by target and outcome."), "opm", l.Of("没有投递", "no attempts"), 8).Over(Attempts("delivered"), $"{{{{sla_target}}}} {delivered}").Over(Attempts("refused"), $"{{{{sla_target}}}} {refused}").Within(0).PaintedLike($"/ {delivered}$/", Colours.Good).PaintedLike($"/ {refused}$/", Colours.Near),
        ];

        static string Attempts(string outcome) => $"60 * sum by (sla_target) (rate(sla_notification_attempts_total{{outcome=\"{outcome}\"}}[$__rate_interval]))";
    }

    private static Panel[] Processes(Language l) =>
    [
        Lines(l.Of("内存", "Memory"), l.Of("常驻内存，按主机。", "Resident memory, by host."), "bytes", l.Of("未知", "not known"), 6).Over($"dotnet_process_memory_working_set_bytes{{{Job}}}", "{{instance}}").Within(0),
        Lines(l.Of("处理器", "Processor"), l.Of("占用的核数，按主机。", "Cores in use, by host."), "short", l.Of("未知", "not known"), 6).Over($"sum by (instance) (rate(dotnet_process_cpu_time_seconds_total{{{Job}}}[$__rate_interval]))", "{{instance}}").Within(0),
        Lines(l.Of("请求", "Requests"), l.Of("每秒应答的请求，按状态码。", "Requests answered a second, by status."), "reqps", l.Of("没有请求", "no requests"), 6).Over($"sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{{{Job}}}[$__rate_interval]))", "{{http_response_status_code}}").Within(0).PaintedLike("/^2/", Colours.Good).PaintedLike("/^3/", Colours.Calm).PaintedLike("/^4/", Colours.Near).PaintedLike("/^5/", Colours.Bad),
        Lines(l.Of("应答时间", "Answers take"), l.Of("95% 的请求在此时间内应答，按主机。", "95 % of requests are answered within this, by host."), "s", l.Of("没有请求", "no requests"), 6).Over($"histogram_quantile(0.95, sum by (instance, le) (rate(http_server_request_duration_seconds_bucket{{{Job}}}[$__rate_interval])))", "{{instance}}").Within(0),
    ];

    private static Panel Lines(string title, string description, string unit, string noValue, int width) => Panel.Lines(title, description, unit, noValue).Sized(width, 8);
}

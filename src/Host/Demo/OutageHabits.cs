namespace SlaMonitor.Host.Demo;

/// <summary>A way in which a service fails.</summary>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="Component">What of it; null: all of it.</param>
/// <param name="Lost">The share that is lost, in hundredths.</param>
/// <param name="Urgency">How urgent that is.</param>
/// <param name="Impact">How far it reaches.</param>
/// <param name="From">Minutes at least.</param>
/// <param name="Through">Minutes at most; nearer to the least more often.</param>
/// <param name="Cause">In a few words.</param>
internal sealed record OutageHabit(int Weight, string? Component, int Lost, string Urgency, string Impact, int From, int Through, string Cause);

/// <summary>How often a made-up service fails, and how.</summary>
/// <param name="Rate">Of a thousand days on which it is needed, on how many.</param>
/// <param name="Ways">What happens then.</param>
internal sealed record OutageHabits(int Rate, OutageHabit[] Ways)
{
    private static readonly OutageHabits Kiosk = new(64,
    [
        new(5, "printer", 30, "low", "medium", 10, 60, "打印机卡纸"),
        new(4, "printer", 20, "low", "low", 8, 50, "凭条纸用尽"),
        new(2, "card-reader", 40, "medium", "low", 10, 45, "读卡器无法识别"),
        new(2, "screen", 100, "medium", "medium", 8, 35, "触摸屏无响应"),
    ]);

    private static readonly OutageHabits Unknown = new(15, [new(1, null, 100, "medium", "medium", 10, 60, "故障")]);

    private static readonly Dictionary<string, OutageHabits> Known = new()
    {
        ["portal-web"] = new(8,
        [
            new(3, null, 100, "high", "high", 4, 25, "负载均衡配置错误"),
            new(4, null, 30, "medium", "medium", 10, 90, "一台服务器宕机"),
            new(3, null, 5, "low", "low", 20, 120, "页面响应缓慢"),
        ]),
        ["portal-database"] = new(5, [new(2, null, 100, "high", "high", 4, 25, "主库切换"), new(3, null, 15, "medium", "high", 10, 60, "慢查询")]),
        ["identity"] = new(7, [new(2, null, 100, "high", "high", 5, 40, "证书过期"), new(3, null, 40, "medium", "medium", 10, 80, "短信验证码延迟")]),
        ["queue-system"] = new(48,
        [
            new(6, "display", 30, "low", "medium", 10, 90, "大屏黑屏"),
            new(3, "printer", 50, "medium", "medium", 8, 35, "取号机卡纸"),
            new(1, "caller", 100, "high", "high", 6, 30, "叫号服务无响应"),
        ]),
        ["hotline"] = new(16, [new(2, null, 100, "high", "medium", 6, 40, "中继线路中断"), new(3, null, 40, "medium", "medium", 10, 60, "部分坐席掉线")]),
        ["certificate-printing"] = new(92,
        [
            new(6, "printer", 100, "medium", "medium", 6, 30, "打印机卡纸"),
            new(3, "scanner", 40, "medium", "low", 10, 60, "扫描仪无法识别"),
            new(1, "seal", 100, "high", "high", 8, 40, "电子印章服务超时"),
        ]),
        ["payment"] = new(22, [new(2, null, 100, "high", "medium", 10, 100, "银行接口超时"), new(3, null, 30, "medium", "low", 15, 180, "部分银行卡支付失败")]),
        ["kiosk-1"] = Kiosk,
        ["kiosk-2"] = Kiosk,
        ["kiosk-3"] = Kiosk,
        ["mail"] = new(22, [new(2, null, 100, "medium", "medium", 15, 120, "邮件服务器重启"), new(3, null, 30, "low", "medium", 20, 240, "邮件队列积压")]),
    };

    /// <summary>Those of a service.</summary>
    public static OutageHabits Of(string service) => Known.GetValueOrDefault(service, Unknown);

    /// <summary>One of its ways.</summary>
    public OutageHabit Pick(DemoRandom random) => Ways[random.Weighted([.. Ways.Select(w => w.Weight)])];
}

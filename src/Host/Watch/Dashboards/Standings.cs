namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>Where something stands, as a number whose order is that of urgency. Compared in the query, for each commitment and service has a target of its own and a panel's thresholds are one for all.</summary>
internal static class Standings
{
    /// <summary>Where commitments stand: 4 fewer were met than promised, 3 some are overdue, 2 some fall due soon, 1 in order, 0 nothing to tell.</summary>
    /// <param name="scope">What is looked at.</param>
    /// <param name="by">The labels of a row.</param>
    /// <param name="below">The rows of which fewer were met than promised.</param>
    public static string OfCommitments(Scope scope, string by, string below) => First(
        by,
        ("4", below), ("3", $"{scope.Open("overdue", by)} > 0"), ("2", $"{scope.Open("dueSoon", by)} > 0"),
        ("1", $"({scope.Sum("sla_compliance_settled", by)} + {scope.Sum("sla_commitments_open", by)}) > 0"), ("0", scope.Sum("sla_compliance_settled", by)));

    /// <summary>Where services stand: 5 down, 4 the budget is spent, 3 more interruptions than promised, 2 three quarters of the budget are spent or no interruption is left, 1 in order, 0 nothing promised.</summary>
    public static string OfServices(Scope scope)
    {
        const string By = "sla_centre, sla_service";
        var (left, used, limit) = (scope.Max("sla_error_budget_remaining_ratio", By), scope.Each("sla_interruptions"), scope.Each("sla_interruptions_limit"));
        return First(
            By,
            ("5", $"{scope.Sum("sla_outage_open", By)} > 0"), ("4", $"{left} < 0"), ("3", $"{used} > on ({By}) {limit}"), ("2", $"{left} < 0.25"), ("2", $"{used} == on ({By}) {limit}"),
            ("1", scope.Max("sla_availability_target_ratio", By)), ("0", used));
    }

    /// <summary>A standing with what orders those that stand alike.</summary>
    /// <param name="by">The labels of a row.</param>
    /// <param name="standing">The standing.</param>
    /// <param name="worse">Orders within it, from 0 to below a million; where there is none, last.</param>
    public static string Ordered(string by, string standing, string worse) => $"1e6 * ({standing}) + on ({by}) ({worse} or on ({by}) 0 * ({standing}))";

    /// <summary>Commitments in the order of their standing; of those that stand alike, the ones with more escalated first, then more overdue, then fewer met.</summary>
    public static string OrderOfCommitments(Scope scope, string by, string standing)
    {
        var overdue = scope.Open("overdue", by);
        return Ordered(by, standing, $"1e3 * clamp_max({scope.Sum("sla_commitments_escalated", by)} or on ({by}) 0 * {overdue}, 998) + on ({by}) clamp_max({overdue}, 998) + on ({by}) (0.9 * (1 - {scope.Achieved(by)}) or on ({by}) 0 * {overdue})");
    }

    /// <summary>The standing of a commitment in words.</summary>
    public static (string Value, string Text, string Colour)[] CommitmentWords(Language language) =>
    [
        ("4", language.Of("低于目标", "below target"), Colours.Bad), ("3", language.Of("有逾期", "overdue"), Colours.Bad), ("2", language.Of("有将到期", "due soon"), Colours.Near),
        ("1", language.Of("正常", "in order"), Colours.Good), ("0", language.Of("无办件", "nothing yet"), Colours.Plain),
    ];

    /// <summary>The standing of a service in words.</summary>
    public static (string Value, string Text, string Colour)[] ServiceWords(Language language) =>
    [
        ("5", language.Of("中断中", "down"), Colours.Bad), ("4", language.Of("预算用尽", "budget spent"), Colours.Bad), ("3", language.Of("中断超次", "too often down"), Colours.Bad),
        ("2", language.Of("余量不多", "little left"), Colours.Near), ("1", language.Of("正常", "in order"), Colours.Good), ("0", language.Of("未承诺", "no promise"), Colours.Plain),
    ];

    private static string First(string by, params (string Standing, string Holds)[] cases) =>
        string.Join($" or on ({by}) ", cases.Select(c => c.Standing == "0" ? $"0 * {c.Holds}" : $"0 * ({c.Holds}) + {c.Standing}"));
}

using SlaMonitor.Host.Pages;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>What citizens say: complaints and whether their limits are kept, ratings and whether bad ones are put right.</summary>
internal static class VoicesDashboard
{
    private const string Complaints = "sla_commitment=~\"complaint[.].+\"";
    private const string BadRatings = "sla_commitment=~\"rating[.].+\"";
    private const string ByCategory = "sla_category, sla_centre";
    private const string ByCommitment = "sla_centre, sla_commitment";

    private static readonly Scope Scope = new(Scope.Centre);

    public static Dashboard Of(Language l, string host) => new(
        "voices", l, l.Of("SLA 投诉与好差评", "SLA complaints and ratings"), l.Of("群众的声音：投诉及其时限，评价及差评整改。", "What citizens say: complaints and their limits, ratings and whether bad ones are put right."), Dashboard.ThisQuarter,
        [Variable.Centre(l)],
        [(null, Now(l)), (l.Of("投诉", "Complaints"), [Categories(l), Limits(l), .. ComplaintTrend(l)]), (l.Of("好差评", "Ratings"), Ratings(l))])
    {
        HostAddress = host,
        Page = (l.Of("SlaMonitor 投诉", "Complaints in SlaMonitor"), Ways.ToHost(l, "/board/complaints")),
    };

    private static Panel[] Now(Language l) =>
    [
        Panel.Stat(l.Of("在办投诉", "Complaints open"), l.Of("尚未办结的投诉。", "Complaints that are not done with."), "locale", l.Of("无", "none")).Sized(3, 4).Now(Scope.Sum("sla_complaints_open")),
        Panel.Stat(l.Of("投诉逾期", "Complaints overdue"), l.Of("投诉处理各步骤已过期限的时限数。", "Clocks of steps in dealing with complaints that are past their limit."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4).Now(Open("overdue", Complaints)),
        Panel.Stat(l.Of("本季度投诉", "Registered"), l.Of("本季度登记的投诉。", "Complaints taken down this quarter."), "locale", l.Of("无", "none")).Sized(3, 4).Now(Scope.Sum("sla_complaints_registered")),
        Panel.Stat(l.Of("其中属实", "Substantiated"), l.Of("本季度登记的投诉中认定属实的比例；尚未认定的也在分母中。", "The share of those taken down this quarter that was found true. Those not yet decided count as not found so."), "percentunit", l.Of("无投诉", "no complaints")).Sized(4, 4).Decimals(0).Now($"{Scope.Sum("sla_complaints_substantiated")} / ({Scope.Sum("sla_complaints_registered")} > 0)"),
        Panel.Stat(l.Of("满意率", "Satisfied"), l.Of("评价中 1 至 3 分的比例，默认评价不计。", "Ratings of 1 to 3 among all given; those by default are left out."), "percentunit", l.Of("无评价", "no ratings")).Sized(3, 4).Decimals(1).Now(Satisfied),
        Panel.Stat(l.Of("参评率", "Response"), l.Of("本季度办结的案件中有人评价的比例。", "The share of cases finished this quarter that somebody rated."), "percentunit", l.Of("无办结", "none finished")).Sized(3, 4).Decimals(1).Now(Rated),
        Panel.Stat(l.Of("差评待整改逾期", "Bad ratings overdue"), l.Of("差评回访或整改已过期限的时限数。", "Clocks of following up a bad rating, or putting it right, that are past their limit."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4).Now(Open("overdue", BadRatings)).Leads(l.Of("SlaMonitor 好差评", "Ratings in SlaMonitor"), Ways.ToHost(l, "/board/satisfaction")),
    ];

    private static string Satisfied => $"{Scope.Sum("sla_ratings", more: "score=~\"1|2|3\"")} / ({Scope.Sum("sla_ratings")} > 0)";

    private static string Rated => $"{Scope.Sum("sla_ratings")} / ({Scope.Sum("sla_cases_finished")} > 0)";

    private static string Open(string level, string which, string by = "") => Scope.Sum("sla_commitments_open", by, $"level=\"{level}\",{which}");

    private static string ByCategoryOf(string expression) => $"sum by ({ByCategory}) (label_replace({expression}, \"sla_category\", \"$1\", \"sla_service\", \"(.*)\"))";

    private static Table Categories(Language l)
    {
        var (open, overdue, soon) = (Scope.Each("sla_complaints_open"), ByCategoryOf(Open("overdue", Complaints, "sla_centre, sla_service")), ByCategoryOf(Open("dueSoon", Complaints, "sla_centre, sla_service")));
        var table = new Table(l.Of("在办投诉，按类别", "Open complaints by category"), l.Of("先有逾期步骤的，再在办多的。点类别打开清单。", "Those with overdue steps first, then the most open. A click opens the list."), l.Of("没有投诉类别", "no categories of complaints"), Scope.Named($"1e6 * ({overdue} or on ({ByCategory}) 0 * {open}) + on ({ByCategory}) {open}", l, Subject.Category, Subject.Centre));
        table.Text("category", l.Of("类别", "Category"), 0, (l.Of("SlaMonitor 中的投诉", "Complaints in SlaMonitor"), Ways.ToHost(l, "/board/complaints", ("centre", Ways.Field("sla_centre")), ("category", Ways.Field("sla_category")))))
            .Text("centre", l.Of("中心", "Centre"), 200)
            .Column(l.Of("在办", "Open"), open, "locale", 80, decimals: 0)
            .Column(l.Of("将到期", "Due soon"), $"{soon} and on ({ByCategory}) {open}", "locale", 85, Colours.Steps(Colours.Plain, (1, Colours.Near)), 0)
            .Column(l.Of("逾期", "Overdue"), $"{overdue} and on ({ByCategory}) {open}", "locale", 85, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Behind("sla_category", "sla_centre").Sized(11, 13);
        return table;
    }

    private static Table Limits(Language l)
    {
        var target = Scope.Each("sla_compliance_target_ratio");
        var (settled, overdue) = (Of("sla_compliance_settled"), Open("overdue", CitizensOnly, ByCommitment));
        var achieved = $"{Of("sla_compliance_met")} / ({settled} > 0)";
        var table = new Table(l.Of("投诉与差评的时限", "Limits on complaints and bad ratings"), l.Of("各步骤本季度的达标率与目前逾期；先有逾期的。", "What share of each step was met this quarter, and what is overdue now; the overdue first."), l.Of("目录没有此类时限", "the catalogue has no such limits"), Scope.Named($"1e3 * {overdue} + on ({ByCommitment}) ((1 - {achieved}) or on ({ByCommitment}) 0 * {overdue})", l, Subject.Commitment, Subject.Centre));
        table.Text("commitment", l.Of("时限", "Commitment"), 0, (l.Of("查看时限", "Show the commitment"), Ways.To(l, "commitment", ("centre", "sla_centre"), ("commitment", "sla_commitment"))))
            .Text("centre", l.Of("中心", "Centre"), 200)
            .Column(l.Of("达标率", "Achieved"), Table.OrNone(achieved, ByCommitment, overdue), "percentunit", 85, decimals: 1)
            .Column(l.Of("差距", "Gap"), Table.OrNone($"{achieved} - on ({ByCommitment}) {target}", ByCommitment, overdue), "percentunit", 65, Colours.Gap, 1)
            .Column(l.Of("已计", "Settled"), settled, "locale", 75, decimals: 0)
            .Column(l.Of("将到期", "Due soon"), Open("dueSoon", CitizensOnly, ByCommitment), "locale", 85, Colours.Steps(Colours.Plain, (1, Colours.Near)), 0)
            .Column(l.Of("逾期", "Overdue"), overdue, "locale", 85, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Behind("sla_centre", "sla_commitment").Sized(13, 13);
        return table;

        static string Of(string metric) => Scope.Sum(metric, ByCommitment, CitizensOnly);
    }

    private const string CitizensOnly = "sla_commitment=~\"(complaint|rating)[.].+\"";

    private static Panel[] ComplaintTrend(Language l)
    {
        var (open, late) = (l.Of("在办", "open"), l.Of("步骤逾期", "steps overdue"));
        var (registered, true_) = (l.Of("登记", "registered"), l.Of("属实", "substantiated"));
        return
        [
            Panel.Lines(l.Of("本季度登记与属实", "Registered and substantiated"), l.Of("自季度初累计；新季度从 0 开始。", "Counted up since the quarter began; a new quarter begins at 0."), "short", l.Of("无投诉", "no complaints")).Sized(12, 8).Within(0).Drawn(("lineInterpolation", "stepAfter"))
                .Over(Scope.Sum("sla_complaints_registered"), registered).Over(Scope.Sum("sla_complaints_substantiated"), true_).Painted(registered, Colours.Calm).Painted(true_, Colours.Near),
            Panel.Lines(l.Of("在办投诉", "Open complaints"), l.Of("尚未办结的投诉，及其处理步骤中逾期的时限数。", "Complaints that are not done with, and clocks of steps in dealing with them that are overdue."), "short", l.Of("无投诉", "no complaints")).Sized(12, 8).Within(0).Drawn(("lineInterpolation", "stepAfter"))
                .Over(Scope.Sum("sla_complaints_open"), open).Over(Open("overdue", Complaints), late).Painted(open, Colours.Calm).Painted(late, Colours.Bad),
        ];
    }

    private static Panel[] Ratings(Language l)
    {
        var bars = Panel.Bars(l.Of("评价分布", "Ratings by score"), l.Of("本季度办结案件的评价数，1 最好，5 最差。", "Ratings of cases finished this quarter, 1 best to 5 worst."), "short", l.Of("无评价", "no ratings")).Sized(8, 9);
        for (var score = 1; score <= 5; score++)
            bars.Now($"sum({Scope.Each("sla_ratings", $"score=\"{score}\"")})", $"{score} {new PageLanguage(l.Chinese).Score(score)}");
        var (satisfied, rated) = (l.Of("满意率", "satisfied"), l.Of("参评率", "response"));
        var (follow, late) = (l.Of("待办", "open"), l.Of("逾期", "overdue"));
        return
        [
            bars,
            Panel.Lines(l.Of("满意率与参评率", "Satisfied and response"), l.Of("本季度至当时。参评少时满意率不足为凭。", "In the quarter until then. With little response the share of the satisfied says little."), "percentunit", l.Of("无评价", "no ratings")).Sized(8, 9).Within(0, 1)
                .Over(Satisfied, satisfied).Over(Rated, rated).Painted(satisfied, Colours.Good).Painted(rated, Colours.Calm),
            Panel.Lines(l.Of("差评待回访、整改", "Bad ratings to be put right"), l.Of("差评的回访与整改：在办与逾期的时限数。", "Following up bad ratings and putting them right: clocks open, and of these overdue."), "short", l.Of("没有差评", "no bad ratings")).Sized(8, 9).Within(0)
                .Over(Scope.Sum("sla_commitments_open", more: BadRatings), follow).Over(Open("overdue", BadRatings), late).Painted(follow, Colours.Calm).Painted(late, Colours.Bad),
        ];
    }
}

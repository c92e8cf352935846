namespace SlaMonitor.Host.Demo;

/// <summary>What somebody complains of, and how.</summary>
/// <param name="Category">A category of the catalogue.</param>
/// <param name="Channel">How it comes.</param>
/// <param name="Truth">Of ten thousand such, how many are found to be true.</param>
/// <param name="NamesStaff">True when it says who it was.</param>
internal sealed record ComplaintMatter(string Category, string Channel, int Truth, bool NamesStaff)
{
    private static readonly string[] Channels = ["hotline", "phone", "inPerson", "online", "box", "letter", "petition", "media", "other"];
    private static readonly int[] Ways = [30, 22, 18, 16, 6, 4, 2, 1, 1];
    private static readonly string[] Matters = ["attitude", "procedure", "delay", "conduct", "facilities", "materials", "fee", "other"];
    private static readonly int[] Frequent = [30, 20, 14, 13, 9, 8, 4, 2];

    /// <summary>True when nobody says who he is.</summary>
    public bool Anonymous => Channel is "box" or "media";

    /// <summary>True when it comes at any hour.</summary>
    public bool AnyHour => Channel is "hotline" or "online" or "rating";

    /// <summary>Of ten thousand cases like this, how many lead to a complaint: one in a hundred of all.</summary>
    public static int ChanceOf(DemoCase one)
    {
        // A few draw more of them than others; these get their turn among the last.
        var chance = one.Staff == one.Item.Staff[^1] ? 115 : 65;
        if (one.CameLate)
            chance += 420;
        if (one.Rating is { Score: > 3 })
            chance += 1_100;
        if (one.Planted is not null)
            chance += one.Planted == Misconduct.FeeOnFreeItem ? 1_800 : 300;
        return chance;
    }

    /// <summary>What a case gives cause to.</summary>
    public static ComplaintMatter Of(DemoCase one, string[] categories)
    {
        var random = one.Random;
        var charged = one.Planted == Misconduct.FeeOnFreeItem;
        var channel = one.Rating is { Score: > 3 } && random.Chance(4_000) ? "rating" : Channels[random.Weighted(Ways)];
        var category = charged && random.Chance(8_000) ? "fee"
            : channel == "petition" ? "petition"
            : channel == "rating" && random.Chance(5_000) ? "bad-rating"
            : one.CameLate && random.Chance(7_000) ? "delay"
            : Matters[random.Weighted(Frequent)];
        if (!categories.Contains(category))
            category = categories[random.Next(categories.Length)];
        var truth = charged ? 9_000 : one.CameLate && category == "delay" ? 7_500 : category is "conduct" or "facilities" ? 3_500 : 4_200;
        return new ComplaintMatter(category, channel, truth, random.Chance(category is "attitude" or "conduct" ? 8_500 : category is "delay" or "fee" or "procedure" or "materials" ? 4_500 : 500));
    }

    /// <summary>What is said, or written.</summary>
    public string Sentence(DemoRandom random) => Category switch
    {
        "attitude" => random.Of("窗口人员态度冷淡，问话不答", "工作人员对老人大声呵斥", "咨询时工作人员一直看手机"),
        "delay" => random.Of("承诺的日期已过仍未办结", "排队两小时仍未叫号", "多次催问，一直说在走流程"),
        "fee" => random.Of("被要求缴纳说不清名目的费用", "收了复印费没有给票据"),
        "conduct" => random.Of("上班时间窗口无人", "提前半小时停止取号", "让熟人插队"),
        "materials" => random.Of("要求提供办事指南上没有的证明", "已经提交过的材料又要一次"),
        "petition" => random.Of("多次反映未果，请上级督办", "要求书面答复"),
        "bad-rating" => random.Of("给了差评后没有人联系", "评价后问题依旧"),
        "procedure" => random.Of("没有一次性告知所需材料，跑了三趟", "网上说可以邮寄，到了又说不行", "两个窗口互相推诿"),
        "facilities" => random.Of("自助机坏了几天没人修", "等候区没有座位", "无障碍通道被占用"),
        _ => random.Of("电话一直占线", "建议延长周末办理时间"),
    };
}

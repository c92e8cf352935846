using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Complaints;

namespace SlaMonitor.Host.Pages;

/// <summary>Complaints and ratings as people say it. Nothing anybody wrote, and nobody's name.</summary>
internal sealed partial record PageLanguage
{
    /// <summary>How a complaint came.</summary>
    public string Of(ComplaintChannel channel) => channel switch
    {
        ComplaintChannel.InPerson => Of("现场", "in person"),
        ComplaintChannel.Phone => Of("电话", "by phone"),
        ComplaintChannel.Letter => Of("信函", "by letter"),
        ComplaintChannel.Box => Of("意见箱", "opinion box"),
        ComplaintChannel.Online => Of("网上", "online"),
        ComplaintChannel.Hotline => Of("政务热线", "public hotline"),
        ComplaintChannel.Rating => Of("差评", "bad rating"),
        ComplaintChannel.Petition => Of("信访", "petition"),
        ComplaintChannel.Media => Of("媒体", "media"),
        ComplaintChannel.Other => Of("其他", "other"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The same by its stored word; a word that is not ours stays as it is.</summary>
    public string ChannelName(string? word) => word is null ? "–" : Enum.GetValues<ComplaintChannel>().Where(c => ComplaintJson.WordOf(c) == word).Select(Of).FirstOrDefault(word);

    /// <summary>What was found.</summary>
    public string Of(Finding finding) => finding == Finding.Substantiated ? Of("属实", "substantiated") : Of("不属实", "not substantiated");

    /// <summary>The same by its stored word; null: nothing stands.</summary>
    public string FindingName(string? word) => word switch
    {
        "substantiated" => Of(Finding.Substantiated),
        "unsubstantiated" => Of(Finding.Unsubstantiated),
        _ => Of("尚无认定", "not decided"),
    };

    /// <summary>One of the five levels, 1 best to 5 worst.</summary>
    public string Score(int score) => score switch
    {
        1 => Of("非常满意", "very satisfied"),
        2 => Of("满意", "satisfied"),
        3 => Of("基本满意", "fairly satisfied"),
        4 => Of("不满意", "dissatisfied"),
        _ => Of("非常不满意", "very dissatisfied"),
    };

    /// <summary>By which channel of the national code somebody came, or rated.</summary>
    public string Of(Channel channel) => channel switch
    {
        Channel.Window => Of("窗口", "window"),
        Channel.Pc => Of("网站", "website"),
        Channel.Mobile => Of("移动端", "mobile"),
        Channel.Courier => Of("寄递", "courier"),
        Channel.Other => Of("其他", "other"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What an event of a complaint is about: words of the catalogue, codes and limits.</summary>
    public string About(ComplaintEvent fact, PageFrame frame) => fact switch
    {
        ComplaintEvent.Registered e => Joined(frame.CategoryName(e.Category), Of(e.Channel), e.Window is null ? null : frame.WindowName(e.Window), e.Staff),
        ComplaintEvent.Transferred e => frame.WindowName(e.To),
        ComplaintEvent.ExtensionGranted e => "+ " + LimitText(e.Add),
        ComplaintEvent.Responded { Copied: { } copied } => copied ? Of("已抄报中心", "copied to the centre") : Of("未抄报中心", "not copied to the centre"),
        ComplaintEvent.Substantiated e => Joined(e.Window is null ? null : frame.WindowName(e.Window), e.Staff),
        ComplaintEvent.Revisited e => e.Satisfied ? Of("满意", "satisfied") : Of("不满意", "not satisfied"),
        _ => "",
    };

    /// <summary>Whether a rating counts.</summary>
    public string Of(RatingStanding standing) => standing switch
    {
        RatingStanding.Counts => Of("计入", "yes"),
        RatingStanding.Replaced => Of("不计：以后一次评价为准", "no: a later one counts"),
        RatingStanding.Defaulted => Of("默认评价，另计", "no: nobody answered; counted apart"),
        RatingStanding.Voided => Of("不予采信", "no: voided"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What became of a bad rating.</summary>
    public string Of(RatingOutcome outcome) => outcome switch
    {
        RatingOutcome.Voided => Of("不予采信", "voided"),
        RatingOutcome.Rectified => Of("已整改", "put right"),
        RatingOutcome.Contacted => Of("已回访", "applicant called"),
        _ => Of("尚未处理", "nothing done yet"),
    };

    /// <summary>A part of a whole in percent, never rounded up: 100 % is only said of all. Of nothing there is no part.</summary>
    public static string Ratio(long part, long of) => of == 0 ? "–" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{decimal.Floor(part * 1000m / of) / 10:0.#} %");

    /// <summary>What the vault holds of something, or held.</summary>
    public string Vault(Instant? erasedAt, PageFrame frame) => erasedAt is { } at
        ? Of($"{frame.Time(at)} 起已销毁，无法再读取", $"erased since {frame.Time(at)}; it can be read no more")
        : Of("已加密封存", "sealed");
}

/// <summary>What became of a bad rating, as far as it is known.</summary>
internal enum RatingOutcome
{
    /// <summary>Nothing was reported.</summary>
    None,

    /// <summary>The applicant was called.</summary>
    Contacted,

    /// <summary>What it complained of was put right.</summary>
    Rectified,

    /// <summary>It was given by mistake or in malice, and does not count.</summary>
    Voided,
}

using NodaTime.Text;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Pages;

/// <summary>Chinese or English, by the switch on the page or else by what the browser accepts.</summary>
internal sealed partial record PageLanguage(bool Chinese)
{
    /// <summary>The language of a request: <c>?lang=zh|en</c>, then Accept-Language, then English.</summary>
    public static PageLanguage Of(HttpRequest request)
    {
        var asked = request.Query["lang"].ToString();
        if (asked.Length > 0)
            return new PageLanguage(IsChinese(asked));
        var accepted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString());
        return new PageLanguage(accepted.Where(l => IsChinese(l) || l.StartsWith("en", StringComparison.OrdinalIgnoreCase)).Select(IsChinese).FirstOrDefault());

        static bool IsChinese(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The code for addresses and the page itself.</summary>
    public string Code => Chinese ? "zh" : "en";

    public string Of(string zh, string en) => Chinese ? zh : en;

    public string Of(Names names) => Chinese ? names.Zh : names.En;

    public string Of(SegmentReason reason, Limit limit) => reason switch
    {
        SegmentReason.Counted => limit switch
        {
            Limit.WorkingDays => Of("工作日", "working days"),
            Limit.ElapsedWorkingDays => Of("办公时间", "opening hours"),
            Limit.CalendarDays => Of("自然日", "calendar days"),
            Limit.WorkingTime or Limit.SameDay => Of("办公时间", "opening hours"),
            _ => Of("计时", "time runs"),
        },
        SegmentReason.MakeUpDay => Of("调休上班", "make-up working day"),
        SegmentReason.StartDay => Of("起始日不计", "day of start, not counted"),
        SegmentReason.ResumeDay => Of("恢复当日不再计", "day of resuming, not counted again"),
        SegmentReason.Closed => Of("非办公时间", "closed"),
        SegmentReason.Holiday => Of("法定节假日", "holiday"),
        SegmentReason.OwnHours => Of("当日特殊安排", "closed by that day's own hours"),
        SegmentReason.Paused => Of("暂停计时", "paused"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A state or filter as people say it.</summary>
    public string State(string state) => state switch
    {
        "open" => Of("在办", "open"),
        "running" => Of("在办计时", "running"),
        "dueSoon" => Of("即将到期", "due soon"),
        "paused" => Of("暂停", "paused"),
        "overdue" => Of("逾期未完成", "overdue"),
        "met" => Of("按期", "met"),
        "breached" => Of("超期", "breached"),
        "void" => Of("不适用", "void"),
        _ => state,
    };

    public string Amount(Amount amount) => amount.Unit switch
    {
        AmountUnit.WorkingDays or AmountUnit.ElapsedWorkingDays => Of($"{amount.Value} 个工作日", $"{amount.Value} working {Days(amount.Value)}"),
        AmountUnit.CalendarDays => Of($"{amount.Value} 日", $"{amount.Value} {Days(amount.Value)}"),
        _ => Length(amount.Value.Floor),
    };

    public string LimitText(Limit limit) => limit switch
    {
        Limit.WorkingDays d => Amount(new Amount(AmountUnit.WorkingDays, d.Count)),
        Limit.ElapsedWorkingDays d => Amount(new Amount(AmountUnit.ElapsedWorkingDays, d.Count)) + Of("（按时刻）", ", by the hour"),
        Limit.CalendarDays d => Amount(new Amount(AmountUnit.CalendarDays, d.Count)) + (d.Ends == DayEnd.SameTime ? Of("（同一时刻）", ", same time of day") : "") + (d.Roll ? Of("（遇非工作日顺延）", ", rolled to a working day") : ""),
        Limit.WorkingTime t => Of($"办公时间 {Length(t.Total.Floor)}", $"{Length(t.Total.Floor)} of opening hours"),
        Limit.Elapsed e => Length(e.Total.Floor),
        Limit.SameDay => Of("当日办结", "the same working day"),
        Limit.OnDate d => LocalDatePattern.Iso.Format(d.Date),
        Limit.Deadline => Of("系统登记的期限", "a deadline on file"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Days(Fraction count) => count == 1 || count == -1 ? "day" : "days";

    /// <summary>A length of wall time or opening time in ticks, to the minute.</summary>
    public string Length(long ticks)
    {
        var (sign, minutes) = (ticks < 0 ? "−" : "", Math.Abs(ticks) / (60 * Tick.PerSecond));
        var (days, hours) = (minutes / 1440, minutes / 60 % 24);
        return sign + (minutes >= 2880 ? Of($"{days} 天 {hours} 小时", $"{days} d {hours} h") : Of($"{minutes / 60} 小时 {minutes % 60} 分", $"{minutes / 60} h {minutes % 60} min"));
    }
}

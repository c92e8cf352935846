using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Host.Notifications;

/// <summary>What people read of a message, in one of the two languages.</summary>
/// <param name="Title">One line.</param>
/// <param name="Body">The lines below it, or what a template made of it.</param>
internal sealed record MessageText(string Title, string Body)
{
    private static readonly ZonedDateTimePattern Minutes = ZonedDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm", null);

    /// <summary>What a template may name.</summary>
    public static IReadOnlyList<string> Places { get; } =
        ["title", "notice", "level", "centre", "centreName", "commitment", "commitmentName", "service", "serviceName", "case", "window", "windowName", "due", "left", "link", "id"];

    /// <summary>Title and body together.</summary>
    public string Whole => Title.Length == 0 ? Body : $"{Title}\n{Body}";

    /// <summary>Writes it. A template takes the place of title and body in chats, and of the body in letters.</summary>
    /// <param name="message">What is told.</param>
    /// <param name="chinese">In which language.</param>
    /// <param name="template">The text to fill; null: ours.</param>
    /// <param name="guard">What is done to each value that comes from elsewhere; null: nothing.</param>
    public static MessageText Of(NotificationMessage message, bool chinese, MessageTemplate? template, Func<string, string>? guard = null)
    {
        var language = new PageLanguage(chinese);
        var values = Values(message, language, guard ?? (value => value));
        return new MessageText(values["title"], template is null ? string.Join('\n', Lines(language, values)) : template.Fill(values));
    }

    private static IEnumerable<string> Lines(PageLanguage l, Dictionary<string, string> values)
    {
        foreach (var (name, value) in new[]
        {
            (l.Of("中心", "Centre"), values["centreName"]), (l.Of("时限", "Limit"), values["commitmentName"]), (l.Of("事项", "Service"), values["serviceName"]),
            (l.Of("窗口", "Window"), values["windowName"]), (l.Of("到期", "Due"), values["due"]), (l.Of("剩余", "Left"), values["left"]),
        })
        {
            if (value.Length > 0)
                yield return $"{name}{l.Of("：", ": ")}{value}";
        }

        if (values["link"].Length > 0)
            yield return values["link"];
    }

    private static Dictionary<string, string> Values(NotificationMessage message, PageLanguage l, Func<string, string> guard)
    {
        var (notice, number) = (NoticeOf(message.Notice.Kind, l), $"{KindOf(message.Kind, l)} {guard(message.Number)}");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = (message.IsTest ? l.Of("【测试】", "[TEST] ") : "") + l.Of($"【{notice}】{guard(message.CommitmentNames.Zh)}：{number}", $"[{notice}] {guard(message.CommitmentNames.En)}: {number}"),
            ["notice"] = notice,
            ["level"] = guard(message.Notice.Level),
            ["centre"] = guard(message.Centre),
            ["centreName"] = guard(l.Of(message.CentreNames)),
            ["commitment"] = guard(message.Notice.Clock.Commitment),
            ["commitmentName"] = guard(l.Of(message.CommitmentNames)),
            ["service"] = guard(message.Service ?? ""),
            ["serviceName"] = guard(message.ServiceNames is { } service ? l.Of(service) : message.Service ?? ""),
            ["case"] = guard(message.Number),
            ["window"] = guard(message.Window ?? ""),
            ["windowName"] = guard(message.WindowNames is { } window ? l.Of(window) : message.Window ?? ""),
            ["due"] = message.Notice.DueAt is { } due ? $"{Minutes.Format(due.InZone(message.Zone))} {message.Zone.Id}" : "",
            ["left"] = message.Left is { } left ? LeftOf(left, l) : "",
            ["link"] = message.Link?.AbsoluteUri ?? "",
            ["id"] = message.Id.ToString("d"),
        };
    }

    private static string LeftOf(Duration left, PageLanguage l)
    {
        var length = l.Length((long)Math.Abs(left.TotalSeconds) * Tick.PerSecond);
        return left >= Duration.Zero ? l.Of($"还有 {length}", $"in {length}") : l.Of($"已超 {length}", $"{length} late");
    }

    private static string NoticeOf(NoticeKind kind, PageLanguage l) => kind switch
    {
        NoticeKind.DueSoon => l.Of("即将到期", "due soon"),
        NoticeKind.Breached => l.Of("已超期", "overdue"),
        NoticeKind.Escalated => l.Of("超期升级", "escalated"),
        NoticeKind.BreachRetracted => l.Of("超期撤销", "not overdue after all"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string KindOf(StreamKind kind, PageLanguage l) => kind switch
    {
        StreamKind.Outage => l.Of("中断", "outage"),
        StreamKind.Complaint => l.Of("投诉", "complaint"),
        _ => l.Of("办件", "case"),
    };
}

using System.Text.RegularExpressions;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>What the time in a column is the time of.</summary>
internal enum TimeRole
{
    /// <summary>Nothing that is known.</summary>
    None,

    /// <summary>Promised; not an event.</summary>
    Deadline,

    /// <summary>The case came in.</summary>
    Received,

    /// <summary>It was accepted.</summary>
    Accepted,

    /// <summary>It was decided or resolved.</summary>
    Decided,

    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>Work on it ended: the decision, unless another column tells that.</summary>
    Finished,

    /// <summary>It was closed.</summary>
    Closed,

    /// <summary>The result was handed over.</summary>
    Delivered,

    /// <summary>The row was written.</summary>
    Row,
}

/// <summary>What a column that is not a time tells.</summary>
internal enum FieldRole
{
    /// <summary>Nothing that is known.</summary>
    None,

    /// <summary>The service item.</summary>
    Item,

    /// <summary>The window or department.</summary>
    Window,

    /// <summary>Who handles the case.</summary>
    Staff,

    /// <summary>How it came in.</summary>
    Channel,

    /// <summary>Its priority.</summary>
    Priority,

    /// <summary>Where it stands.</summary>
    State,
}

/// <summary>What names of columns say, in English and Chinese. The earlier word of a list is the better one.</summary>
internal static partial class ColumnWords
{
    private static readonly (TimeRole Role, string[] Words)[] Times =
    [
        // Before all others: a planned closing is no closing.
        (TimeRole.Deadline, ["deadline", "due", "target", "planned", "expected", "期限", "时限", "截止", "到期", "应办", "承诺", "计划"]),
        (TimeRole.Received, ["received", "opened", "open", "submitted", "reported", "requested", "reg", "registered", "startdate", "created", "start", "started", "收件", "接件", "申请", "登记", "提交", "来信", "来电", "留言", "接收", "创建"]),
        (TimeRole.Accepted, ["accepted", "acknowledged", "受理"]),
        (TimeRole.Answered, ["replied", "answered", "reply", "response", "responded", "答复", "回复"]),
        (TimeRole.Decided, ["resolved", "resolution", "decided", "solved", "approved", "决定", "审批", "批准", "解决"]),
        (TimeRole.Closed, ["closed", "close", "enddate", "ended", "end", "结案", "归档", "关闭", "结束"]),
        (TimeRole.Finished, ["办结", "finished", "completed", "完成"]),
        (TimeRole.Delivered, ["delivered", "issued", "送达", "出证", "发证", "领取"]),
        (TimeRole.Row, ["timestamp", "updated", "changed", "modified", "time", "更新", "变更", "操作", "办理时间"]),
    ];

    private static readonly (FieldRole Role, string[] Words)[] Fields =
    [
        (FieldRole.State, ["state", "status", "transition", "状态", "环节"]),
        (FieldRole.Channel, ["channel", "contact", "source", "渠道", "来源", "方式"]),
        (FieldRole.Item, ["item", "service", "type", "事项编码", "事项", "业务类型", "办件类型"]),
        (FieldRole.Window, ["window", "department", "窗口", "部门", "科室"]),
        (FieldRole.Staff, ["staff", "agent", "assignee", "assigned", "responsible", "resource", "工号", "经办", "办理人", "承办人"]),
        (FieldRole.Priority, ["priority", "severity", "impact", "urgency", "优先", "紧急"]),
    ];

    private static readonly string[] Keys =
        ["办件编号", "办件号", "受理编号", "受理号", "案件编号", "工单号", "工单编号", "业务流水号", "申请编号", "收件编号", "流水号", "caseid", "case_id", "casenumber", "case_number", "ticket", "ticketid", "ticket_id", "incidentid", "incident_id", "case", "number", "key", "id", "编号"];

    // Never shown and never imported: what names a person, or is written by one.
    private static readonly string[] Personal =
    [
        "user", "caller", "applicant", "customer", "citizen", "phone", "mobile", "tel", "telephone", "email", "mail", "address", "location", "birth", "gender", "passport", "subject", "title", "description", "comment", "comments", "note", "notes", "text", "message", "summary", "remark",
        "姓名", "名字", "申请人", "联系人", "法人", "代表人", "电话", "手机", "身份证", "证件", "邮箱", "地址", "住址", "备注", "说明", "内容", "主题", "标题", "留言人", "诉求", "aantekening",
    ];

    /// <summary>What a time in a column of this name is of, and how good the word for it is; the lower the better.</summary>
    public static (TimeRole Role, int Rank) TimeOf(string name) => Find(name, Times, TimeRole.None);

    /// <summary>What a column of this name tells, and how good the word for it is; the lower the better.</summary>
    public static (FieldRole Role, int Rank) FieldOf(string name) => Find(name, Fields, FieldRole.None);

    /// <summary>True for names that say anything at all of a column.</summary>
    public static bool Knows(string name) => SpeaksOfTime(name) || FieldOf(name).Role != FieldRole.None || KeyRank(name) is not null || IsPersonal(name);

    /// <summary>True when the name says that something was solved rather than approved or denied.</summary>
    public static bool SpeaksOfSolution(string name) => RankIn(name, ["resolved", "resolution", "solved", "解决"]) is not null;

    /// <summary>True for names of columns about persons, or of free text.</summary>
    public static bool IsPersonal(string name) => RankIn(name, Personal) is not null;

    /// <summary>How well the name is one of a case number; null: it is none.</summary>
    public static int? KeyRank(string name)
    {
        var (tokens, own) = (Tokens(name), Own(name));
        for (var i = 0; i < Keys.Length; i++)
        {
            if (own == Keys[i] || (IsHan(Keys[i]) ? own.Contains(Keys[i], StringComparison.Ordinal) : tokens.Length > 0 && tokens[^1] == Keys[i]))
                return i;
        }

        return null;
    }

    /// <summary>True when the name says that it holds times or dates.</summary>
    public static bool SpeaksOfTime(string name) =>
        TimeOf(name).Role != TimeRole.None || RankIn(name, ["date", "dt", "at", "on", "日期", "时间"]) is not null;

    private static (T Role, int Rank) Find<T>(string name, (T Role, string[] Words)[] lists, T none)
    {
        foreach (var (role, words) in lists)
        {
            if (RankIn(name, words) is { } rank)
                return (role, rank);
        }

        return (none, int.MaxValue);
    }

    private static int? RankIn(string name, string[] words)
    {
        var (tokens, own) = (Tokens(name), Own(name));
        var found = Array.FindIndex(words, w => IsHan(w) ? own.Contains(w, StringComparison.Ordinal) : tokens.Contains(w));
        return found < 0 ? null : found;
    }

    /// <summary>The name without the prefix that says whose attribute it is.</summary>
    private static string Own(string name) => Lower(name.StartsWith("case:", StringComparison.Ordinal) ? name["case:".Length..] : name);

    private static string[] Tokens(string name) => [.. Word().Matches(name).Select(m => Lower(m.Value))];

    private static string Lower(string text) => string.Create(text.Length, text, (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = char.ToLowerInvariant(from[i]);
    });

    private static bool IsHan(string word) => word[0] > 0x2E7F;

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();
}

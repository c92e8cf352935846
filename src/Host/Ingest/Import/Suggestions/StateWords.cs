namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>What states of a case are called, in English and Chinese.</summary>
internal static class StateWords
{
    // A word at the beginning counts wherever one counts: "Awaiting" of "Awaiting User Info".
    private static readonly (string Kind, string[] Words)[] Kinds =
    [
        ("wait", ["await", "wait", "pending", "on hold", "suspended", "挂起", "暂停", "中止", "补正", "补件", "待补", "等待"]),
        ("withdrawn", ["cancel", "withdrawn", "withdraw", "void", "撤回", "撤销", "撤件", "作废", "取消"]),
        ("denied", ["denied", "declined", "rejected", "refused", "不予许可", "不予批准", "不通过", "驳回"]),
        ("approved", ["approved", "granted", "准予", "批准", "通过"]),
        ("resolved", ["resolved", "solved", "fixed", "已解决", "已答复", "已回复"]),
        ("closed", ["closed", "已办结", "办结", "已完成", "关闭", "结案"]),
    ];

    /// <summary>Those of the values that mean a kind: wait, withdrawn, denied, approved, resolved or closed.</summary>
    public static IReadOnlyList<string> Of(string kind, IReadOnlyList<string> values) => [.. values.Where(v => KindOf(v) == kind)];

    private static string? KindOf(string value)
    {
        var text = value.Replace('_', ' ').Replace('-', ' ');
        return Array.Find(Kinds, k => Array.Exists(k.Words, w => w[0] > 0x2E7F ? text.Contains(w, StringComparison.Ordinal) : StartsWord(text, w))).Kind;
    }

    private static bool StartsWord(string text, string word) =>
        text.StartsWith(word, StringComparison.OrdinalIgnoreCase) || text.Contains(" " + word, StringComparison.OrdinalIgnoreCase);
}

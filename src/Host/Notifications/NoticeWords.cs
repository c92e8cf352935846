using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Notifications;

/// <summary>The kinds of notices, by the words that files of targets and lists use and by the names they are stored under.</summary>
internal static class NoticeWords
{
    private static readonly (string Word, NoticeKind Kind, string Type)[] Kinds =
    [
        ("due_soon", NoticeKind.DueSoon, "commitment_due_soon"), ("breached", NoticeKind.Breached, "commitment_breached"),
        ("escalated", NoticeKind.Escalated, "commitment_escalated"), ("retracted", NoticeKind.BreachRetracted, "commitment_breach_retracted"),
    ];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Select(k => k.Word)];

    /// <summary>The kind of a word; null: it is none.</summary>
    public static NoticeKind? KindOf(string word) => Array.Find(Kinds, k => k.Word == word) is { Word: not null } known ? known.Kind : null;

    /// <summary>The word of a stored name.</summary>
    public static string WordOf(string type) => Array.Find(Kinds, k => k.Type == type).Word ?? type;

    /// <summary>The stored name of a kind.</summary>
    public static string TypeOf(NoticeKind kind) => Array.Find(Kinds, k => k.Kind == kind).Type;
}

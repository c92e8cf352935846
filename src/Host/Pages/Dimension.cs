using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>Something that what a board counts can be broken down by, and narrowed to.</summary>
/// <param name="Name">In addresses.</param>
/// <param name="Of">What of it a row is of; null: of none.</param>
/// <param name="Selected">What of it is selected; null: all.</param>
/// <param name="With">A selection with something of it selected.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Label">What people call one of it, by its code.</param>
internal sealed record Dimension(
    string Name, Func<StandingRow, string?> Of, Func<Selection, string?> Selected, Func<Selection, string?, Selection> With, Func<PageLanguage, string> Title, Func<PageFrame, string, string> Label)
{
    /// <summary>All of them; the first is the one a board begins with.</summary>
    public static IReadOnlyList<Dimension> All { get; } =
    [
        new("window", r => r.Window, s => s.Window, (s, value) => s with { Window = value }, l => l.Of("窗口", "window"), (frame, code) => frame.WindowName(code)),
        new("item", r => r.Item, s => s.Item, (s, value) => s with { Item = value }, l => l.Of("事项", "service"), (frame, code) => frame.ItemName(code)),
        new("staff", r => r.Staff, s => s.Staff, (s, value) => s with { Staff = value }, l => l.Of("经办人", "staff"), (_, code) => code),
    ];

    /// <summary>The one of a name.</summary>
    public static Dimension Named(string name) => All.Single(d => d.Name == name);
}

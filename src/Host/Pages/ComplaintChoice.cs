namespace SlaMonitor.Host.Pages;

/// <summary>Which complaints a page is asked to show: of which window, category and staff code, which of the list, in which period, and broken down by what.</summary>
internal sealed record ComplaintChoice(PageFrame Frame, string Tab, string? Window, string? Category, string? Staff, string Period, string By)
{
    /// <summary>The lists there are; the first is shown unless another is asked for.</summary>
    public static IReadOnlyList<string> Tabs { get; } = ["open", "all", "substantiated", "unsubstantiated"];

    /// <summary>What figures are broken down by; the first unless another is asked for.</summary>
    public static IReadOnlyList<string> Dimensions { get; } = ["window", "category", "channel"];

    /// <summary>True when only some are asked for.</summary>
    public bool IsNarrowed => (Window ?? Category ?? Staff) is not null;

    /// <summary>Reads a request; what is not known is as if it were not asked for.</summary>
    public static ComplaintChoice Of(HttpRequest request, PageFrame frame, string period)
    {
        return new ComplaintChoice(frame, Known("tab", Tabs), Asked("window"), Asked("category"), Asked("staff"), period, Known("by", Dimensions));

        string? Asked(string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;

        string Known(string name, IReadOnlyList<string> all) => Asked(name) is { } value && all.Contains(value) ? value : all[0];
    }

    /// <summary>The page with this choice.</summary>
    public string Address(string? after = null) => Frame.Address(
        "/board/complaints", ("tab", Tab == Tabs[0] ? null : Tab), ("window", Window), ("category", Category), ("staff", Staff), ("period", Period), ("by", By == Dimensions[0] ? null : By), ("after", after));

    /// <summary>The same narrowed to one of what the figures are broken down by; again: to all.</summary>
    public ComplaintChoice Narrowed(string key) => By switch
    {
        "window" => this with { Window = Window == key ? null : key },
        "category" => this with { Category = Category == key ? null : key },
        _ => this,
    };

    /// <summary>What one of what the figures are broken down by is called.</summary>
    public string NameOf(string key) => By switch
    {
        "window" => Frame.WindowName(key),
        "category" => Frame.CategoryName(key),
        _ => Frame.Language.ChannelName(key),
    };

    /// <summary>True when only it is shown.</summary>
    public bool IsOn(string key) => By switch { "window" => Window == key, "category" => Category == key, _ => false };
}

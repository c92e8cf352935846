using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>A dashboard in one language, as Grafana reads it from a file (the classic form).</summary>
/// <param name="Id">What its uid is made of.</param>
/// <param name="Language">Its language.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it is for.</param>
/// <param name="From">Where the time that is shown begins; it ends now.</param>
/// <param name="Variables">Besides the data source and the host's address.</param>
/// <param name="Sections">Panels from top to bottom, under a title or, first of all, none.</param>
internal sealed record Dashboard(string Id, Language Language, string Title, string Description, string From, IReadOnlyList<Variable> Variables, IReadOnlyList<(string? Title, Panel[] Panels)> Sections)
{
    /// <summary>Since the quarter began.</summary>
    public const string ThisQuarter = "now/fQ";

    private const int Columns = 24;

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Queries whose answers are marked in every panel.</summary>
    public IReadOnlyList<(string Name, string Expression, string Text)> Marks { get; init; } = [];

    /// <summary>A page of the host that belongs to it.</summary>
    public (string Title, string Address)? Page { get; init; }

    /// <summary>The address of the host in links, unless somebody types another.</summary>
    public required string HostAddress { get; init; }

    /// <summary>The text of its file.</summary>
    public string Text => new JsonObject
    {
        ["annotations"] = new JsonObject { ["list"] = new JsonArray([BuiltIn, .. Marks.Select(Mark)]) },
        ["description"] = Description,
        ["editable"] = false,
        ["fiscalYearStartMonth"] = 0,
        ["graphTooltip"] = 1,
        ["id"] = null,
        ["links"] = new JsonArray([.. Ways()]),
        ["panels"] = Panels(),
        ["refresh"] = "1m",
        ["schemaVersion"] = 39,
        ["tags"] = new JsonArray("sla", Language.Code),
        ["templating"] = new JsonObject { ["list"] = new JsonArray([Variable.DataSource(Language), .. Variables.Select(v => v.Json()), Variable.Host(HostAddress)]) },
        ["time"] = new JsonObject { ["from"] = From, ["to"] = "now" },
        ["timepicker"] = new JsonObject { ["quick_ranges"] = new JsonArray([.. QuickRanges()]) },
        ["timezone"] = "browser",
        ["title"] = Title,
        ["uid"] = Language.Uid(Id),
        ["version"] = 1,
        ["weekStart"] = "monday",
    }.ToJsonString(Written) + "\n";

    private static JsonObject BuiltIn => new()
    {
        ["builtIn"] = 1,
        ["datasource"] = new JsonObject { ["type"] = "grafana", ["uid"] = "-- Grafana --" },
        ["enable"] = true,
        ["hide"] = true,
        ["iconColor"] = "rgba(0, 211, 255, 1)",
        ["name"] = "Annotations & Alerts",
        ["type"] = "dashboard",
    };

    private static JsonObject Mark((string Name, string Expression, string Text) mark) => new()
    {
        ["datasource"] = Panel.DataSource,
        ["enable"] = true,
        ["expr"] = mark.Expression,
        ["iconColor"] = Colours.Bad,
        ["name"] = mark.Name,
        // As long as the query looks back, so that nothing falls between two steps.
        ["step"] = "1h",
        ["textFormat"] = mark.Text,
        ["titleFormat"] = mark.Name,
    };

    private IEnumerable<JsonNode> Ways()
    {
        foreach (var (id, title) in DashboardSet.Titles(Language).Where(t => t.Id != Id))
            yield return Way(title, $"/d/{Language.Uid(id)}", $"{Language.Of("看板", "Dashboard")}: {title}", carries: true);
        yield return Way(Language.Other.Of("中文", "English"), $"/d/{Language.Other.Uid(Id)}", Language.Other.Of("用中文查看", "The same in English"), carries: true);
        if (Page is var (page, address))
            yield return Way(page, address, page, carries: false);
    }

    private static JsonObject Way(string title, string address, string tooltip, bool carries) => new()
    {
        ["asDropdown"] = false,
        ["icon"] = carries ? "dashboard" : "external link",
        ["includeVars"] = carries,
        ["keepTime"] = carries,
        ["tags"] = new JsonArray(),
        ["targetBlank"] = false,
        ["title"] = title,
        ["tooltip"] = tooltip,
        ["type"] = "link",
        ["url"] = address,
    };

    private IEnumerable<JsonNode> QuickRanges()
    {
        (string, string, string)[] ranges =
        [
            (Language.Of("本季度", "This quarter so far"), ThisQuarter, "now"), (Language.Of("上季度", "Previous quarter"), "now-1Q/fQ", "now-1Q/fQ"),
            (Language.Of("本月", "This month so far"), "now/M", "now"), (Language.Of("最近 7 天", "Last 7 days"), "now-7d", "now"),
            (Language.Of("最近 24 小时", "Last 24 hours"), "now-24h", "now"), (Language.Of("最近 6 小时", "Last 6 hours"), "now-6h", "now"),
        ];
        return ranges.Select(r => new JsonObject { ["display"] = r.Item1, ["from"] = r.Item2, ["to"] = r.Item3 });
    }

    /// <summary>Panels from left to right, line by line, so that none lies upon another.</summary>
    private JsonArray Panels()
    {
        var panels = new JsonArray();
        var (id, x, y, below) = (0, 0, 0, 0);
        foreach (var (title, inside) in Sections)
        {
            (x, y) = (0, below);
            if (title is not null)
            {
                panels.Add((JsonNode)Row(++id, title, y));
                below = ++y;
            }

            foreach (var panel in inside)
            {
                if (x + panel.Width > Columns)
                    (x, y) = (0, below);
                panels.Add((JsonNode)panel.Json(++id, x, y));
                (x, below) = (x + panel.Width, Math.Max(below, y + panel.Height));
            }
        }

        return panels;
    }

    private static JsonObject Row(int id, string title, int y) => new()
    {
        ["id"] = id,
        ["type"] = "row",
        ["title"] = title,
        ["collapsed"] = false,
        ["gridPos"] = new JsonObject { ["x"] = 0, ["y"] = y, ["w"] = Columns, ["h"] = 1 },
        ["panels"] = new JsonArray(),
    };
}

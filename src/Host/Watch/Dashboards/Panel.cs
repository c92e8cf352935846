using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>A panel in the making. What every panel must have is asked for when it is begun: a title, what it shows and why, the unit, and what it says when there is nothing to show.</summary>
internal class Panel
{
    private readonly JsonArray _targets = [];
    private readonly JsonArray _mappings;
    private readonly JsonObject _defaults;

    public Panel(string type, string title, string description, string unit, string noValue)
    {
        (Type, Title, Description) = (type, title, description);
        _mappings = [Colours.Missing(type == "table" ? "–" : noValue)];
        _defaults = new JsonObject { ["unit"] = unit, ["noValue"] = noValue, ["mappings"] = _mappings, ["thresholds"] = Colours.Neutral, ["color"] = new JsonObject { ["mode"] = "thresholds" }, ["custom"] = Custom };
    }

    /// <summary>The one data source variable.</summary>
    public static JsonObject DataSource => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    public string Type { get; }

    public string Title { get; }

    public string Description { get; }

    /// <summary>Columns of 24.</summary>
    public int Width { get; private set; } = 24;

    public int Height { get; private set; } = 4;

    protected JsonObject Options { get; } = [];

    protected JsonArray Overrides { get; } = [];

    protected JsonArray Transformations { get; } = [];

    private JsonObject Custom { get; } = [];

    private readonly JsonArray _links = [];

    /// <summary>A big number, or some beside each other.</summary>
    public static Panel Stat(string title, string description, string unit, string noValue, JsonObject? thresholds = null)
    {
        var panel = new Panel("stat", title, description, unit, noValue).Coloured(thresholds ?? Colours.Neutral);
        panel.Options["reduceOptions"] = LastValue;
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("colorMode", "value"), ("graphMode", "none"), ("justifyMode", "center"), ("orientation", "auto"), ("textMode", "auto")])
            panel.Options[name] = value;
        panel.Options["wideLayout"] = true;
        return panel;
    }

    /// <summary>Lines over time.</summary>
    public static Panel Lines(string title, string description, string unit, string noValue)
    {
        var panel = new Panel("timeseries", title, description, unit, noValue).Legend("bottom");
        panel._defaults["color"] = new JsonObject { ["mode"] = "palette-classic" };
        panel.Options["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" };
        return panel.Drawn(("drawStyle", "line"), ("lineWidth", 2), ("fillOpacity", 0), ("showPoints", "never"), ("spanNulls", false));
    }

    /// <summary>Areas on top of each other.</summary>
    public static Panel Areas(string title, string description, string unit, string noValue) =>
        Lines(title, description, unit, noValue).Within(0).Drawn(("lineWidth", 1), ("fillOpacity", 45), ("stacking", new JsonObject { ["mode"] = "normal", ["group"] = "A" }));

    /// <summary>Bars on top of each other, each for the day before where it stands.</summary>
    public static Panel Days(string title, string description, string unit, string noValue) =>
        Areas(title, description, unit, noValue).Drawn(("drawStyle", "bars"), ("lineWidth", 0), ("fillOpacity", 80), ("barAlignment", -1), ("barWidthFactor", 0.8));

    /// <summary>Lengths beside each other.</summary>
    public static Panel Bars(string title, string description, string unit, string noValue)
    {
        var bars = new Panel("bargauge", title, description, unit, noValue).Coloured(Colours.Steps(Colours.Calm));
        bars.Options["reduceOptions"] = LastValue;
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("displayMode", "basic"), ("orientation", "horizontal"), ("valueMode", "color"), ("namePlacement", "left"), ("sizing", "auto")])
            bars.Options[name] = value;
        bars.Options["showUnfilled"] = true;
        return bars.Within(0);
    }

    /// <summary>A band for each series, coloured by its value.</summary>
    public static Panel Bands(string title, string description, string unit, string noValue)
    {
        var panel = new Panel("state-timeline", title, description, unit, noValue).Drawn(("fillOpacity", 80), ("lineWidth", 0));
        panel.Options["showValue"] = "never";
        panel.Options["mergeValues"] = true;
        panel.Options["rowHeight"] = 0.8;
        panel.Options["tooltip"] = new JsonObject { ["mode"] = "single", ["sort"] = "none" };
        return panel.Legend("bottom");
    }

    public Panel Sized(int width, int height)
    {
        (Width, Height) = (width, height);
        return this;
    }

    /// <summary>A query whose answer now is shown.</summary>
    public Panel Now(string expression, string legend = "") => Ask(expression, legend, instant: true);

    /// <summary>A query whose answers over time are shown.</summary>
    public Panel Over(string expression, string legend, string? step = null) => Ask(expression, legend, instant: false, step);

    public Panel Coloured(JsonObject thresholds)
    {
        _defaults["thresholds"] = thresholds;
        return this;
    }

    public Panel Decimals(int decimals)
    {
        _defaults["decimals"] = decimals;
        return this;
    }

    /// <summary>Where the scale begins and, if it must, ends.</summary>
    public Panel Within(double min, double? max = null)
    {
        _defaults["min"] = min;
        if (max is { } end)
            _defaults["max"] = end;
        return this;
    }

    /// <summary>Words for certain values.</summary>
    public Panel Said(params (string Value, string Text, string Colour)[] values)
    {
        _mappings.Add((JsonNode)Colours.Values(values));
        return this;
    }

    public Panel Drawn(params (string Name, JsonNode Value)[] custom)
    {
        foreach (var (name, value) in custom)
            Custom[name] = value;
        return this;
    }

    /// <summary>A line where the thresholds are.</summary>
    public Panel MarkedAt(JsonObject thresholds) => Coloured(thresholds).Drawn(("thresholdsStyle", new JsonObject { ["mode"] = "dashed" }));

    public Panel Legend(string placement, params string[] calculations)
    {
        Options["legend"] = new JsonObject
        {
            ["displayMode"] = calculations.Length > 0 ? "table" : "list",
            ["placement"] = placement,
            ["showLegend"] = true,
            ["calcs"] = new JsonArray([.. calculations.Select(c => (JsonNode)c)]),
        };
        return this;
    }

    /// <summary>What differs for one series or column.</summary>
    public Panel Where(string name, params (string Id, JsonNode Value)[] properties) => Where("byName", name, properties);

    /// <summary>The same under another name.</summary>
    public Panel Painted(string name, string colour, string shown) => Where(name, ("color", Fixed(colour)), ("displayName", shown));

    /// <summary>A colour for all series of some names.</summary>
    public Panel PaintedLike(string pattern, string colour) => Where("byRegexp", pattern, [("color", Fixed(colour))]);

    /// <summary>What differs for all series of a query.</summary>
    public Panel WhereQuery(string query, params (string Id, JsonNode Value)[] properties) => Where("byFrameRefID", query, properties);

    private Panel Where(string matcher, string options, (string Id, JsonNode Value)[] properties)
    {
        Overrides.Add((JsonNode)new JsonObject
        {
            ["matcher"] = new JsonObject { ["id"] = matcher, ["options"] = options },
            ["properties"] = new JsonArray([.. properties.Select(p => new JsonObject { ["id"] = p.Id, ["value"] = p.Value })]),
        });
        return this;
    }

    /// <summary>A series of one colour wherever it is shown.</summary>
    public Panel Painted(string name, string colour, bool dashed = false) => dashed
        ? Where(name, ("color", Fixed(colour)), ("custom.lineStyle", new JsonObject { ["fill"] = "dash", ["dash"] = new JsonArray(8, 8) }), ("custom.fillOpacity", 0), ("custom.lineWidth", 1))
        : Where(name, ("color", Fixed(colour)));

    /// <summary>Where a click on the title leads.</summary>
    public Panel Leads(string title, string address)
    {
        _links.Add((JsonNode)new JsonObject { ["title"] = title, ["url"] = address, ["targetBlank"] = false });
        return this;
    }

    /// <summary>The panel at its place.</summary>
    public JsonObject Json(int id, int x, int y)
    {
        var panel = new JsonObject
        {
            ["id"] = id,
            ["type"] = Type,
            ["title"] = Title,
            ["description"] = Description,
            ["datasource"] = DataSource,
            ["gridPos"] = new JsonObject { ["x"] = x, ["y"] = y, ["w"] = Width, ["h"] = Height },
            ["fieldConfig"] = new JsonObject { ["defaults"] = _defaults.DeepClone(), ["overrides"] = Overrides.DeepClone() },
            ["options"] = Options.DeepClone(),
            ["targets"] = _targets.DeepClone(),
        };
        if (Transformations.Count > 0)
            panel["transformations"] = Transformations.DeepClone();
        if (_links.Count > 0)
            panel["links"] = _links.DeepClone();
        return panel;
    }

    protected Panel Ask(string expression, string legend, bool instant, string? step = null, bool table = false)
    {
        var target = new JsonObject
        {
            ["refId"] = ((char)('A' + _targets.Count)).ToString(),
            ["datasource"] = DataSource,
            ["editorMode"] = "code",
            ["expr"] = expression,
            ["legendFormat"] = legend,
            ["format"] = table ? "table" : "time_series",
            ["instant"] = instant,
            ["range"] = !instant,
        };
        if (step is not null)
            target["interval"] = step;
        _targets.Add((JsonNode)target);
        return this;
    }

    private static JsonObject LastValue => new() { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false };

    private static JsonObject Fixed(string colour) => new() { ["mode"] = "fixed", ["fixedColor"] = colour };
}

using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>A variable that chooses what a dashboard is about: ids as values, names as what is read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What it is called.</param>
/// <param name="About">What it chooses.</param>
/// <param name="Query">A query whose series carry the label of the name and that of the id.</param>
/// <param name="Several">Whether several can be chosen, and are, unless somebody chooses.</param>
internal sealed record Variable(string Name, string Label, Subject About, string Query, bool Several)
{
    /// <summary>Which centres are shown.</summary>
    public static Variable Centre(Language language) =>
        new("centre", language.Of("中心", "Centre"), Subject.Centre, new Scope().NamesOf(Subject.Centre, language), Several: true);

    /// <summary>Of which commitment, or commitments.</summary>
    public static Variable Commitment(Language language, bool several) => Of("commitment", language.Of("时限", "Commitment"), Subject.Commitment, "sla_commitments_open", language, several);

    /// <summary>Of which item or service, or several of them, among those that a metric tells of.</summary>
    public static Variable Service(Language language, string metric, bool several) => Of("service", language.Of("事项或服务", "Service"), Subject.Service, metric, language, several);

    /// <summary>Which Prometheus is asked.</summary>
    public static JsonObject DataSource(Language language) => new()
    {
        ["type"] = "datasource",
        ["name"] = "datasource",
        ["label"] = language.Of("数据源", "Data source"),
        ["query"] = "prometheus",
        ["regex"] = "",
        ["current"] = new JsonObject(),
        ["hide"] = 0,
        ["includeAll"] = false,
        ["multi"] = false,
        ["options"] = new JsonArray(),
        ["refresh"] = 1,
        ["skipUrlSync"] = false,
    };

    /// <summary>Where the host is for whoever looks, which Prometheus does not know.</summary>
    public static JsonObject Host(string address) => new()
    {
        ["type"] = "textbox",
        ["name"] = "host",
        ["label"] = "SlaMonitor",
        ["query"] = address,
        ["current"] = new JsonObject { ["selected"] = true, ["text"] = address, ["value"] = address },
        ["hide"] = 0,
        ["options"] = new JsonArray(new JsonObject { ["selected"] = true, ["text"] = address, ["value"] = address }),
        ["skipUrlSync"] = false,
    };

    public JsonObject Json()
    {
        var query = $"query_result(max by ({About.Label}, {About.Id}) ({Query}))";
        var variable = new JsonObject
        {
            ["type"] = "query",
            ["name"] = Name,
            ["label"] = Label,
            ["datasource"] = Panel.DataSource,
            ["definition"] = query,
            ["query"] = new JsonObject { ["query"] = query, ["refId"] = Name },
            ["regex"] = $"/^\\{{{About.Label}=\"(?<text>[^\"]+)\",\\s*{About.Id}=\"(?<value>[^\"]+)\"/",
            ["refresh"] = 2,
            ["sort"] = 1,
            ["hide"] = 0,
            ["includeAll"] = Several,
            ["multi"] = Several,
            ["options"] = new JsonArray(),
            ["skipUrlSync"] = false,
            ["current"] = Several ? new JsonObject { ["selected"] = true, ["text"] = new JsonArray("All"), ["value"] = new JsonArray("$__all") } : new JsonObject(),
        };
        if (Several)
            variable["allValue"] = ".+";
        return variable;
    }

    private static Variable Of(string name, string label, Subject about, string metric, Language language, bool several)
    {
        var scope = new Scope(Scope.Centre);
        return new Variable(name, label, about, scope.Named(scope.Sum(metric, about.Keys), language, about), several);
    }
}

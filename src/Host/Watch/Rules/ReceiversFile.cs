using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// Whom alerts are sent to, which no catalogue knows: a file in Alertmanager's own words with <c>receivers</c>, and if need be <c>global</c> and <c>routes</c> of one's own, which come before all others. The receivers are
/// <c>page</c> and <c>ticket</c>, and for one centre alone <c>page-CENTRE</c> and <c>ticket-CENTRE</c>.
/// </summary>
internal sealed class ReceiversFile
{
    public const string Page = "page";
    public const string Ticket = "ticket";

    private readonly JsonObject _content;

    private ReceiversFile(JsonObject content) => _content = content;

    /// <summary>No file: the two receivers are there and send to nobody.</summary>
    public static ReceiversFile None { get; } = new([]);

    /// <summary>Settings for all receivers; null: none.</summary>
    public JsonNode? Global => _content["global"]?.DeepClone();

    /// <summary>Routes that come before those by severity.</summary>
    public IEnumerable<JsonNode> Routes => (_content["routes"] as JsonArray ?? []).Select(r => r!.DeepClone());

    private IEnumerable<JsonObject> Given => (_content["receivers"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Reads one.</summary>
    /// <exception cref="CatalogueFileException">It cannot be used; the message lists every fault.</exception>
    public static ReceiversFile Read(string file, IReadOnlyCollection<string> centres)
    {
        var name = Path.GetFileName(file);
        if (Yaml.ReadFile(file) is not JsonObject content)
            throw new CatalogueFileException(name, [new Fault("(whole)", "is not a mapping with receivers")]);
        var read = new ReceiversFile(content);
        var faults = read.Faults(centres).ToList();
        return faults.Count == 0 ? read : throw new CatalogueFileException(name, faults);
    }

    /// <summary>The receiver of a severity for a centre: its own where there is one.</summary>
    public string For(string severity, string centre) => Given.Any(r => NameOf(r) == $"{severity}-{centre}") ? $"{severity}-{centre}" : severity;

    /// <summary>All receivers; those that must be and are not given send to nobody.</summary>
    public JsonArray Receivers()
    {
        var all = Given.Select(r => (JsonNode)r.DeepClone()).ToList();
        all.AddRange(new[] { Page, Ticket }.Where(n => Given.All(r => NameOf(r) != n)).Select(n => new JsonObject { ["name"] = n }));
        return new JsonArray([.. all]);
    }

    private static string? NameOf(JsonObject receiver) => receiver["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    private IEnumerable<Fault> Faults(IReadOnlyCollection<string> centres)
    {
        foreach (var (field, _) in _content)
        {
            if (field is not ("receivers" or "global" or "routes"))
                yield return new Fault(field, "is not known; give receivers, global and routes");
        }

        if (_content["receivers"] is not JsonArray { Count: > 0 } list || list.Any(r => r is not JsonObject given || NameOf(given) is null))
        {
            yield return new Fault("receivers", "must be a list of Alertmanager's receivers, each with a name");
            yield break;
        }

        if (_content["global"] is not (null or JsonObject))
            yield return new Fault("global", "must be a mapping of Alertmanager's settings");
        foreach (var (receiver, i) in list.Select((r, i) => ((JsonObject)r!, i)))
        {
            if (list.Take(i).Any(r => NameOf((JsonObject)r!) == NameOf(receiver)))
                yield return new Fault($"receivers[{i}].name", "is given twice; put what both send to into one");
            foreach (var (field, value) in receiver.Where(f => f.Key != "name"))
            {
                if (!field.EndsWith("_configs", StringComparison.Ordinal) || value is not JsonArray configs || configs.Any(c => c is not JsonObject))
                    yield return new Fault($"receivers[{i}].{field}", "is no list of Alertmanager's, such as webhook_configs or email_configs with an entry for each place to send to");
            }
        }

        if (_content["routes"] is { } routes && (routes is not JsonArray own || own.Any(r => r is not JsonObject)))
            yield return new Fault("routes", "must be a list of Alertmanager's routes");
        var known = new[] { Page, Ticket }.SelectMany(s => centres.Select(c => $"{s}-{c}").Prepend(s)).Concat(Named(_content["routes"])).ToHashSet();
        foreach (var (name, i) in list.Select((r, i) => (NameOf((JsonObject)r!)!, i)).Where(r => !known.Contains(r.Item1)))
            yield return new Fault($"receivers[{i}].name", $"is no receiver that anything is sent to; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}, and those that routes name");
    }

    /// <summary>The receivers that routes name, however deep.</summary>
    private static IEnumerable<string> Named(JsonNode? routes) => (routes as JsonArray ?? []).OfType<JsonObject>()
        .SelectMany(r => (r["receiver"] is JsonValue value && value.TryGetValue<string>(out var name) ? [name] : Array.Empty<string>()).Concat(Named(r["routes"])));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Catalogues;

/// <summary>
/// Catalogues and calendars as people write them, YAML files in a folder. A calendar given as a path is read from that
/// file, beside the catalogue; what is published holds it whole.
/// </summary>
internal static class CatalogueFiles
{
    /// <summary>The folder that ships with the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "catalogues");

    /// <summary>The catalogues of a folder: each file at its top, with what it would publish.</summary>
    /// <exception cref="CatalogueFileException">A file cannot be used; the message lists every fault.</exception>
    public static IReadOnlyList<(Catalogue Catalogue, JsonObject Content)> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>A calendar of the shipped folder by name; null and a fault when there is none.</summary>
    public static CalendarDefinition? FindCalendar(string name, JsonFields fields)
    {
        var known = Directory.EnumerateFiles(Path.Combine(Folder, "calendars"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(f => (Name: Path.GetFileNameWithoutExtension(f), File: f)).ToArray();
        var found = known.FirstOrDefault(c => c.Name == name);
        if (found.File is null)
        {
            fields.Refuse("calendar", $"is not known by that name; give one of {string.Join(", ", known.Select(c => c.Name))}, or a calendar inline");
            return null;
        }

        using var document = Parse(Yaml.ReadFile(found.File));
        return CalendarJson.Read(document.RootElement, fields.Faults, $"calendars/{name}.yaml");
    }

    private static (Catalogue Catalogue, JsonObject Content) Read(string file)
    {
        var name = Path.GetFileName(file);
        if (Yaml.ReadFile(file) is not JsonObject content)
            throw new CatalogueFileException(name, [new Fault("(whole)", "is not a mapping of fields")]);
        if (content["calendars"] is JsonObject calendars)
        {
            foreach (var (id, value) in calendars.ToArray())
            {
                if (value is JsonValue path && path.TryGetValue<string>(out var relative))
                    calendars[id] = Yaml.ReadFile(Path.Combine(Path.GetDirectoryName(file)!, relative));
            }
        }

        List<Fault> faults = [];
        using var document = Parse(content);
        var catalogue = CatalogueJson.Read(document.RootElement, faults);
        return catalogue is null ? throw new CatalogueFileException(name, faults) : (catalogue, content);
    }

    private static JsonDocument Parse(JsonNode? node) => JsonSerializer.SerializeToDocument(node);
}

/// <summary>A catalogue file that cannot be used.</summary>
internal sealed class CatalogueFileException(string file, IReadOnlyList<Fault> faults) : Exception($"catalogue {file}: {Text(faults)}")
{
    /// <summary>What is wrong, without the file's name.</summary>
    public string Reason { get; } = Text(faults);

    private static string Text(IReadOnlyList<Fault> faults) => string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"));
}

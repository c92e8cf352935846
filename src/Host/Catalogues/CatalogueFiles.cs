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
    public static IReadOnlyList<CatalogueFile> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>A calendar of the shipped folder by name; null and a fault when there is none.</summary>
    public static CalendarDefinition? FindCalendar(string name, JsonFields fields, string field = "calendar")
    {
        var known = Directory.EnumerateFiles(Path.Combine(Folder, "calendars"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(f => (Name: Path.GetFileNameWithoutExtension(f), File: f)).ToArray();
        var found = known.FirstOrDefault(c => c.Name == name);
        if (found.File is null)
        {
            fields.Refuse(field, $"is not known by that name; give one of {string.Join(", ", known.Select(c => c.Name))}, or a calendar inline");
            return null;
        }

        using var document = Parse(Yaml.ReadFile(found.File));
        return CalendarJson.Read(document.RootElement, fields.Faults, $"calendars/{name}.yaml");
    }

    /// <summary>One catalogue file with what it builds on.</summary>
    /// <exception cref="CatalogueFileException">It cannot be used; the message lists every fault with its place.</exception>
    public static CatalogueFile Read(string file)
    {
        var places = new YamlPlaces();
        var name = Path.GetFileName(file);
        var content = ReadContent(file, places, [Path.GetFullPath(file)]);
        List<Fault> faults = [], advice = [];
        using var document = Parse(content);
        var catalogue = CatalogueJson.Read(document.RootElement, faults);
        if (catalogue is not null)
            CatalogueRules.Check(catalogue, document.RootElement, faults, advice);
        return catalogue is null || faults.Count > 0
            ? throw new CatalogueFileException(name, Placed(faults))
            : new CatalogueFile(name, catalogue, content, Placed(advice));

        List<Fault> Placed(List<Fault> found) =>
            [.. found.Select(f => (Fault: f, Place: places.Find(content, f.Field) ?? new Place(name, 1, 1))).OrderBy(f => f.Place.File == name).ThenBy(f => f.Place.File, StringComparer.Ordinal).ThenBy(f => f.Place.Line).ThenBy(f => f.Place.Column)
                .Select(f => f.Fault with { Field = $"{f.Place}: {f.Fault.Field}" })];
    }

    /// <summary>The content of a file laid over that of its base, with calendars read in.</summary>
    private static JsonObject ReadContent(string file, YamlPlaces places, IReadOnlyList<string> from)
    {
        var (name, folder) = (Path.GetFileName(file), Path.GetDirectoryName(file)!);
        if (Yaml.ReadFile(file, places) is not JsonObject content)
            throw new CatalogueFileException(name, [new Fault("(whole)", "is not a mapping of fields")]);
        if (content["calendars"] is JsonObject calendars)
        {
            foreach (var (id, value) in calendars.ToArray())
            {
                if (ReadCalendar(file, value, content, id, places) is { } calendar)
                    calendars[id] = calendar;
            }
        }

        var place = places.Find(content, "base");
        if (!content.Remove("base", out var named))
            return LayOver(null);
        if (named is not JsonValue text || !text.TryGetValue<string>(out var other))
            throw new CatalogueFileException(name, [new Fault("base", "is not the path of a file")]);
        var under = Path.GetFullPath(Path.Combine(folder, other));
        if (from.Contains(under))
            throw new CatalogueFileException(name, [new Fault("base", $"builds in a circle: {string.Join(" on ", from.Append(under).Select(Path.GetFileName))}; take one of them away")]);
        MustBeThere(file, place, "base", other);
        var below = ReadContent(under, places, [.. from, under]);
        return Over(below, LayOver(below));

        JsonObject LayOver(JsonObject? below) => LaidOver.Take(below, content, field => places.Find(content, field)) is { Count: > 0 } faults ? throw new CatalogueFileException(name, faults) : content;
    }

    /// <summary>The calendar at a path, or fields laid over the one at the path that is their base: other hours on the same holidays. Null: it stands there itself.</summary>
    private static JsonNode? ReadCalendar(string file, JsonNode? value, JsonObject content, string id, YamlPlaces places)
    {
        var (own, path, field) = value is JsonObject fields ? (fields, fields["base"] as JsonValue, $"calendars.{id}.base") : (null, value as JsonValue, $"calendars.{id}");
        if (path is null || !path.TryGetValue<string>(out var relative))
            return null;
        MustBeThere(file, places.Find(content, field), field, relative);
        var calendar = Yaml.ReadFile(Path.Combine(Path.GetDirectoryName(file)!, relative), places);
        if (own is null || calendar is not JsonObject below)
            return calendar;
        own.Remove("base");
        return Over(below, own);
    }

    /// <summary>What a file names is looked for beside it, which whoever copied the file alone elsewhere does not expect.</summary>
    private static void MustBeThere(string file, Place? place, string field, string named)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, named));
        if (Path.Exists(path))
            return;
        var shipped = Path.GetFullPath(Path.Combine(Folder, named));
        throw new CatalogueFileException(Path.GetFileName(file), [new Fault(
            $"{place ?? new Place(Path.GetFileName(file), 1, 1)}: {field}",
            $"names {named}, which is not at {path}; a path counts from the folder of the file that names it: correct it, or put the file there{(File.Exists(shipped) ? $"; the shipped one is {shipped}" : "")}")]);
    }

    /// <summary>Fields laid over others: members of <c>calendars</c> and list entries of the same id take the place of what is below, others are added.</summary>
    private static JsonObject Over(JsonObject below, JsonObject above)
    {
        foreach (var (field, _) in above.ToArray())
        {
            above.Remove(field, out var value);
            // A field with nothing in it takes nothing away.
            if (value is null && below.ContainsKey(field))
                continue;
            if (below[field] is JsonObject members && value is JsonObject own && field == "calendars")
                Over(members, own);
            else if (below[field] is JsonArray entries && value is JsonArray more)
                Over(entries, more);
            else
                below[field] = value;
        }

        return below;
    }

    private static void Over(JsonArray below, JsonArray above)
    {
        // Only what is below is replaced: the same id twice in one file is told of as such.
        var ids = below.Select(IdOf).ToList();
        while (above.Count > 0)
        {
            var entry = above[0];
            above.RemoveAt(0);
            var same = IdOf(entry) is { } id ? ids.IndexOf(id) : -1;
            if (same >= 0)
                (below[same], ids[same]) = (entry, null);
            else
                below.Add(entry);
        }
    }

    /// <summary>What an entry of a list is told apart by; null: nothing.</summary>
    internal static string? IdOf(JsonNode? entry) => entry is JsonObject fields && (fields["id"] ?? fields["code"]) is JsonValue id && id.TryGetValue<string>(out var text) ? text : null;

    private static JsonDocument Parse(JsonNode? node) => JsonSerializer.SerializeToDocument(node);
}

/// <summary>A catalogue as a file gives it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Catalogue">The version it is.</param>
/// <param name="Content">What is published: the file laid over its base, calendars included.</param>
/// <param name="Advice">What is allowed and yet not as it should be.</param>
internal sealed record CatalogueFile(string Name, Catalogue Catalogue, JsonObject Content, IReadOnlyList<Fault> Advice);

/// <summary>A catalogue file that cannot be used.</summary>
internal sealed class CatalogueFileException(string file, IReadOnlyList<Fault> faults) : Exception($"catalogue {file}: {Text(faults)}")
{
    /// <summary>What is wrong, without the file's name.</summary>
    public string Reason { get; } = Text(faults);

    /// <summary>Each fault on a line of its own.</summary>
    public IReadOnlyList<string> Lines { get; } = [.. faults.Select(f => $"{f.Field} {f.Reason}")];

    private static string Text(IReadOnlyList<Fault> faults) => string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"));
}

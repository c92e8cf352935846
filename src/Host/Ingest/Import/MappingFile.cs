using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A mapping with the file it stands in, so that what is wrong with it can be pointed at.</summary>
internal sealed class MappingFile
{
    private const int MostTold = 20;
    private readonly JsonNode? _root;
    private readonly YamlPlaces _places;

    private MappingFile(string name, JsonNode? root, YamlPlaces places, Mapping mapping) => (Name, _root, _places, Mapping) = (name, root, places, mapping);

    /// <summary>The file's name.</summary>
    public string Name { get; }

    public Mapping Mapping { get; }

    /// <exception cref="ImportFileException">The mapping cannot be used; the message lists every fault with its place.</exception>
    public static MappingFile Read(string path)
    {
        var (name, places) = (Path.GetFileName(path), new YamlPlaces());
        var root = ReadYaml(path, places);
        using var document = JsonSerializer.SerializeToDocument(root);
        List<Fault> faults = [];
        var mapping = new MappingReader(faults).Read(document.RootElement);
        faults.AddRange(UnfilledPlaces.Of(root));
        return faults.Count == 0 ? new MappingFile(name, root, places, mapping) : throw Refused(name, root, places, faults);
    }

    /// <summary>Looks up the codes the mapping itself gives: each record would be rejected for the same one.</summary>
    /// <exception cref="ImportFileException">A code is in no version of the catalogue.</exception>
    public void CheckCodes(CatalogueLog catalogue)
    {
        List<Fault> faults = [];
        foreach (var (rule, i) in Mapping.Rules.Select((r, i) => (r, i)))
        {
            foreach (var (field, value) in rule.Data)
            {
                if (CodeKind.Of(rule.Type, field) is not { } kind)
                    continue;
                var unknown = Codes(value).Distinct().Where(c => !catalogue.Versions.Any(v => kind.IsIn(v, c))).ToList();
                if (unknown.Count > 0)
                    faults.Add(new Fault($"events[{i}].data.{field}", $"gives {Told(unknown, kind, catalogue)}, {(unknown.Count == 1 ? "a code that is" : "codes that are each")} no {kind.Word} of the catalogue of {Mapping.Centre}; add it to the catalogue or correct it here"));
            }
        }

        if (faults.Count > 0)
            throw Refused(Name, _root, _places, faults);
    }

    /// <summary>The codes, which are the mapping's own words and nobody's data, each with what may have been meant.</summary>
    private static string Told(List<string> codes, CodeKind kind, CatalogueLog catalogue)
    {
        List<(string, Names)> known = catalogue.Newest is { } newest ? [.. kind.Known(newest)] : [];
        var told = codes.Take(MostTold).Select(c => NearestCode.Of(c, known) is var (code, names) ? $"'{c}' (nearest: {code}, {names.Zh}, {names.En})" : $"'{c}'");
        return string.Join(", ", told) + (codes.Count > MostTold ? $" and {codes.Count - MostTold} more" : "");
    }

    private static IEnumerable<string> Codes(MappedValue value)
    {
        if (value is MappedValue.Either either)
            return either.Values.SelectMany(Codes);
        IEnumerable<JsonNode?> given = value switch
        {
            MappedValue.Constant constant => [constant.Value],
            MappedValue.Taken { As: Conversion.Table table } => table.Rows.Values.Append(table.Otherwise),
            _ => [],
        };
        return given.OfType<JsonValue>().Where(g => g.GetValueKind() == JsonValueKind.String).Select(g => g.GetValue<string>());
    }

    private static ImportFileException Refused(string name, JsonNode? root, YamlPlaces places, List<Fault> faults)
    {
        var placed = faults.Select(f => (Fault: f, Place: (root is null ? null : places.Find(root, f.Field)) ?? new Place(name, 1, 1))).OrderBy(f => f.Place.Line).ThenBy(f => f.Place.Column);
        return new ImportFileException(string.Join(Environment.NewLine, placed.Select(f => $"mapping {f.Place}: {f.Fault.Field} {f.Fault.Reason}")));
    }

    private static JsonNode? ReadYaml(string path, YamlPlaces places)
    {
        try
        {
            return Yaml.ReadFile(path, places);
        }
        catch (CatalogueFileException unreadable)
        {
            throw new ImportFileException($"mapping {path}: {unreadable.Reason}");
        }
    }
}

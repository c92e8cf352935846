using SlaMonitor.Host.Access;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Host.Ingest;

/// <summary>What systems that send their own documents are understood by: a mapping for each name, read when the program starts.</summary>
internal sealed class Webhooks
{
    private readonly Dictionary<string, WebhookMapping> _mappings;

    private Webhooks(Dictionary<string, WebhookMapping> mappings) => _mappings = mappings;

    /// <summary>None.</summary>
    public static Webhooks None { get; } = new([]);

    /// <summary>The names of those whose centre a requester may know of, in order.</summary>
    public IEnumerable<string> NamesFor(Requester requester) => _mappings.Where(m => requester.Sees(m.Value.Centre)).Select(m => m.Key).Order(StringComparer.Ordinal);

    /// <summary>Reads the mappings of a folder's folder <c>webhooks</c>, named by their files; none when there is no such folder.</summary>
    /// <exception cref="ImportFileException">A mapping cannot be used; the message lists every fault.</exception>
    public static Webhooks Read(string catalogueFolder)
    {
        var folder = Path.Combine(catalogueFolder, "webhooks");
        return !Directory.Exists(folder) ? None : new(Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(f => Path.GetFileNameWithoutExtension(f), ReadFile, StringComparer.Ordinal));
    }

    /// <summary>The mapping of a name; null when there is none, or it is of a centre the requester may not know of.</summary>
    public WebhookMapping? Find(string name, Requester requester) => _mappings.GetValueOrDefault(name) is { } mapping && requester.Sees(mapping.Centre) ? mapping : null;

    private static WebhookMapping ReadFile(string file)
    {
        var mapping = Mapping.ReadFile(file);
        return mapping.Format == SourceFormat.Json ? new WebhookMapping(mapping) : throw new ImportFileException($"mapping {Path.GetFileName(file)}: format must be json, for a webhook sends documents");
    }
}

using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Host.Ingest;

/// <summary>What systems that send their own documents are understood by: a mapping for each name, read when the program starts.</summary>
internal sealed class Webhooks
{
    private readonly Dictionary<string, WebhookMapping> _mappings;

    private Webhooks(Dictionary<string, WebhookMapping> mappings) => _mappings = mappings;

    /// <summary>None.</summary>
    public static Webhooks None { get; } = new([]);

    /// <summary>The names there are, in order.</summary>
    public IEnumerable<string> Names => _mappings.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads the mappings of a folder's folder <c>webhooks</c>, named by their files; none when there is no such folder.</summary>
    /// <exception cref="ImportFileException">A mapping cannot be used; the message lists every fault.</exception>
    public static Webhooks Read(string catalogueFolder)
    {
        var folder = Path.Combine(catalogueFolder, "webhooks");
        return !Directory.Exists(folder) ? None : new(Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(f => Path.GetFileNameWithoutExtension(f), ReadFile, StringComparer.Ordinal));
    }

    /// <summary>The mapping of a name; null when there is none.</summary>
    public WebhookMapping? Of(string name) => _mappings.GetValueOrDefault(name);

    /// <summary>True when there is one.</summary>
    public bool Knows(string name) => _mappings.ContainsKey(name);

    private static WebhookMapping ReadFile(string file)
    {
        var mapping = Mapping.ReadFile(file);
        return mapping.Format == SourceFormat.Json ? new WebhookMapping(mapping) : throw new ImportFileException($"mapping {Path.GetFileName(file)}: format must be json, for a webhook sends documents");
    }
}

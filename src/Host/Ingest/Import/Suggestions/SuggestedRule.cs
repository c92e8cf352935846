namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>One event of a suggested mapping.</summary>
/// <param name="Type">The event's name.</param>
/// <param name="At">The column with its time.</param>
/// <param name="Id">What names it within its case.</param>
/// <param name="Why">Said above it.</param>
internal sealed record SuggestedRule(string Type, string At, string Id, string Why)
{
    /// <summary>Of every record; else once a case.</summary>
    public bool EachRow { get; init; }

    /// <summary>What must hold, as lines of YAML.</summary>
    public IReadOnlyList<string> When { get; init; } = [];

    /// <summary>The fields, as lines of YAML.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Its lines.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"  # {Why}";
        yield return $"  - type: {Type}";
        if (EachRow)
            yield return "    each: row";
        yield return $"    at: {YamlText.Of(At)}";
        yield return $"    id: {YamlText.Of(Id)}";
        foreach (var line in Block("when", When).Concat(Block("data", Data)))
            yield return line;
    }

    private static IEnumerable<string> Block(string name, IReadOnlyList<string> lines) =>
        lines.Count == 0 ? [] : lines.Select(l => $"      {l}").Prepend($"    {name}:");
}

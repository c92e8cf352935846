namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>What each attribute of a sample is taken for.</summary>
internal sealed class Suggestion
{
    // What XES says of any step, as against the states of a case.
    private static readonly HashSet<string> Lifecycle = new(StringComparer.OrdinalIgnoreCase) { "complete", "start", "schedule", "assign", "suspend", "resume", "withdraw", "reassign", "unknown", "autoskip", "manualskip", "pi_abort", "ate_abort" };

    private readonly Dictionary<TimeRole, ColumnProfile> _times = [];
    private readonly Dictionary<FieldRole, ColumnProfile> _fields = [];

    public Suggestion(Sample sample)
    {
        Sample = sample;
        foreach (var column in sample.Columns.Where(c => c.Time is not null).OrderBy(c => ColumnWords.TimeOf(c.Name).Rank).ThenBy(c => c.Name.Length))
            _times.TryAdd(ColumnWords.TimeOf(column.Name).Role, column);
        foreach (var column in sample.Columns.Where(c => c.Time is null && c != sample.Case && c.Name != sample.Case?.Name).OrderBy(c => ColumnWords.FieldOf(c.Name).Rank).ThenBy(c => c.Name.Length))
            _fields.TryAdd(ColumnWords.FieldOf(column.Name).Role, column);
        _times.Remove(TimeRole.None);
        PlaceEnds();
        _fields.Remove(FieldRole.None);
        if (sample.Kind.Format == "xes" || sample.Case?.Name == "case:concept:name")
            TakeActivity();
        var roles = _fields.Keys.ToList();
        foreach (var (role, column) in roles.Zip(sample.Recounted([.. roles.Select(r => _fields[r])])))
            _fields[role] = column;
        if (Of(FieldRole.State) is { Shown: null })
            _fields.Remove(FieldRole.State);
    }

    /// <summary>What it is drawn from.</summary>
    public Sample Sample { get; }

    /// <summary>The column whose time is of that; null: none.</summary>
    public ColumnProfile? Of(TimeRole role) => _times.GetValueOrDefault(role);

    /// <summary>The column that tells that; null: none.</summary>
    public ColumnProfile? Of(FieldRole role) => _fields.GetValueOrDefault(role);

    /// <summary>True when the attribute is taken for something.</summary>
    public bool Uses(ColumnProfile column) =>
        column.Name == Sample.Case?.Name || _times.Values.Concat(_fields.Values).Any(u => (u.Name, u.OfTrace) == (column.Name, column.OfTrace));

    /// <summary>Local patterns of all times used, those of the most columns first.</summary>
    public IReadOnlyList<string> Patterns => [.. _times.Values.SelectMany(t => t.Time!.Patterns).GroupBy(p => p).OrderByDescending(g => g.Count()).Select(g => g.Key)];

    /// <summary>A case has one decision, at which promises stop as a rule, and is closed after it: an end that stands alone is the decision.</summary>
    private void PlaceEnds()
    {
        if (_times.Remove(TimeRole.Finished, out var finished))
            _times.TryAdd(IsDecided ? TimeRole.Closed : TimeRole.Decided, finished);
        if (!IsDecided && _times.Remove(TimeRole.Closed, out var closed))
            _times.Add(TimeRole.Decided, closed);
    }

    private bool IsDecided => _times.ContainsKey(TimeRole.Decided) || _times.ContainsKey(TimeRole.Answered);

    /// <summary>In a log of processes the activity is the state, unless the lifecycle has states of its own.</summary>
    private void TakeActivity()
    {
        var lifecycle = Sample.Columns.FirstOrDefault(c => c is { Name: "lifecycle:transition", OfTrace: false });
        if (lifecycle is not null && !lifecycle.Values.Keys.All(Lifecycle.Contains))
            _fields[FieldRole.State] = lifecycle;
        else if (Sample.Columns.FirstOrDefault(c => c is { Name: "concept:name", OfTrace: false }) is { } activity)
            _fields[FieldRole.State] = activity;
    }
}

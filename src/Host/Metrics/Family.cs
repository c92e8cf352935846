namespace SlaMonitor.Host.Metrics;

/// <summary>A sample: label names and values in the order of the names, the value, and for histograms what follows the family's name.</summary>
internal sealed record Sample(IReadOnlyList<(string Name, string Value)> Labels, double Value, string Suffix = "");

/// <summary>What the samples of a family are.</summary>
internal enum FamilyType
{
    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Only grows, but for corrections and restarts; samples end in <c>_total</c>.</summary>
    Counter,

    /// <summary>Cumulative buckets with their sum and count.</summary>
    Histogram,
}

/// <summary>A metric family with its samples.</summary>
/// <param name="Name">Without <c>_total</c>.</param>
/// <param name="Type">What it is.</param>
/// <param name="Help">What it means.</param>
/// <param name="Samples">Each series once.</param>
internal sealed record Family(string Name, FamilyType Type, string Help, IReadOnlyList<Sample> Samples)
{
    private static readonly string[] Units = ["seconds", "bytes", "ratio"];

    /// <summary>The unit that the name ends in; null: none.</summary>
    public string? Unit => Array.Find(Units, u => Name.EndsWith("_" + u, StringComparison.Ordinal));

    /// <summary>The name of samples without a suffix of their own.</summary>
    public string SampleName => Type == FamilyType.Counter ? Name + "_total" : Name;

    /// <summary>A family of one sample without labels.</summary>
    public static Family Single(string name, string help, double value) => new(name, FamilyType.Gauge, help, [new([], value)]);
}

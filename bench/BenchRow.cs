namespace SlaMonitor.Bench;

/// <summary>A figure, what it is measured against in the same run, and the goal for their ratio.</summary>
/// <param name="What">What was done, with its unit.</param>
/// <param name="Measured">Median of ours.</param>
/// <param name="Against">Median of the other side; null: the goal is the figure itself.</param>
/// <param name="Ratio">Median of the ratios round by round; null without another side.</param>
/// <param name="Goal">What the design asks.</param>
internal sealed record BenchRow(string What, double Measured, double? Against, double? Ratio, string Goal)
{
    /// <summary>Runs both sides in turn, so that a machine that drifts drifts under both; the first round is not counted.</summary>
    public static async Task<BenchRow> InTurnAsync(string what, string goal, int rounds, Func<int, Task<double>> ours, Func<int, Task<double>> theirs)
    {
        List<double> measured = [], against = [];
        for (var round = 0; round <= rounds; round++)
        {
            var (a, b) = (await ours(round), await theirs(round));
            if (round == 0)
                continue;
            measured.Add(a);
            against.Add(b);
        }

        return new BenchRow(what, Median(measured), Median(against), Median([.. measured.Zip(against, (a, b) => a / b)]), goal);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

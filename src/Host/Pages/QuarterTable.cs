using System.Globalization;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>Compliance of one commitment by service over the last quarters, the worst of the newest quarter first, and those with few cases last.</summary>
internal sealed class QuarterTable
{
    // Below it one case is five points and more: such a service does not stand above those that are really worse.
    private const int Enough = 20;

    public QuarterTable(IReadOnlyList<QuarterRow> rows)
    {
        Quarters = [.. rows.Select(r => r.Quarter).Distinct().Order(StringComparer.Ordinal)];
        All = new QuarterLine(null, [.. Quarters.Select(q => Sum(rows.Where(r => r.Quarter == q)))]);
        Lines =
        [
            .. rows.GroupBy(r => r.Item).Select(g => new QuarterLine(g.Key, [.. Quarters.Select(q => Sum(g.Where(r => r.Quarter == q)))]))
                .OrderByDescending(l => l.Newest.Settled >= Enough).ThenBy(l => l.Newest.Settled == 0).ThenBy(l => l.Newest.Settled == 0 ? 0 : (decimal)l.Newest.Met / l.Newest.Settled).ThenByDescending(l => l.Newest.Settled).ThenBy(l => l.Item, StringComparer.Ordinal),
        ];
    }

    /// <summary>Oldest first, such as <c>2026-Q3</c>.</summary>
    public IReadOnlyList<string> Quarters { get; }

    /// <summary>All services together.</summary>
    public QuarterLine All { get; }

    /// <summary>A line a service.</summary>
    public IReadOnlyList<QuarterLine> Lines { get; }

    private static QuarterCell Sum(IEnumerable<QuarterRow> rows) => rows.Aggregate(default(QuarterCell), (a, b) => new QuarterCell(a.Met + b.Met, a.Breached + b.Breached));
}

/// <summary>A service over the quarters.</summary>
public sealed record QuarterLine(string? Item, IReadOnlyList<QuarterCell> Cells)
{
    private const int Width = 96;
    private const int Height = 22;

    /// <summary>The newest quarter.</summary>
    public QuarterCell Newest => Cells.Count == 0 ? default : Cells[^1];

    /// <summary>The quarter before the newest.</summary>
    public QuarterCell Before => Cells.Count < 2 ? default : Cells[^2];

    /// <summary>How much better the newest quarter is than the one before, in percentage points to a tenth; null when one of them has nothing settled.</summary>
    public decimal? Change => Newest.Settled == 0 || Before.Settled == 0 ? null
        : decimal.Round((((decimal)Newest.Met / Newest.Settled) - ((decimal)Before.Met / Before.Settled)) * 100, 1, MidpointRounding.AwayFromZero);

    /// <summary>The points of a trend line on 96 × 22 units, from 80 % (or less, if it goes lower) to 100 %; runs of quarters with nothing settled between are apart.</summary>
    public IReadOnlyList<string> Trend()
    {
        var ratios = Cells.Select(c => c.Settled == 0 ? (double?)null : (double)c.Met / c.Settled).ToList();
        var floor = Math.Min(0.8, ratios.Min() ?? 0.8);
        var (runs, run) = (new List<string>(), new List<string>());
        for (var i = 0; i <= ratios.Count; i++)
        {
            if (i < ratios.Count && ratios[i] is { } ratio)
            {
                run.Add(string.Create(CultureInfo.InvariantCulture, $"{(ratios.Count == 1 ? Width : (double)i * Width / (ratios.Count - 1)):0.#},{(1 - ((ratio - floor) / (1 - floor))) * Height:0.#}"));
                continue;
            }

            if (run.Count > 0)
                runs.Add(string.Join(' ', run));
            run.Clear();
        }

        return runs;
    }
}

/// <summary>Met and breached.</summary>
public readonly record struct QuarterCell(long Met, long Breached)
{
    /// <summary>Both together.</summary>
    public long Settled => Met + Breached;

    /// <summary>True when fewer were met than a target asks for.</summary>
    public bool Misses(decimal? target) => target is { } share && Met < share * Settled;

    /// <summary>To a tenth of a percent; 100 % is only said of all. Empty: nothing settled.</summary>
    public string Percent => Settled == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{(Breached == 0 ? 100m : Math.Min(99.9m, decimal.Round(Met * 100m / Settled, 1, MidpointRounding.AwayFromZero))):0.0} %");
}

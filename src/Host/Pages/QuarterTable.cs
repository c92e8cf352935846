using System.Globalization;
using Npgsql;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>Compliance of one commitment by service over the last quarters, the worst of the newest quarter first, and those with few cases last.</summary>
internal sealed class QuarterTable
{
    // Below it one case is five points and more: such a service does not stand above those that are really worse.
    private const int Enough = 20;
    private const int Most = 8;

    /// <summary>A table of what settled by item and quarter.</summary>
    /// <param name="rows">What settled; quarters in which nothing did are missing.</param>
    /// <param name="current">The quarter that runs; it ends the table unless that of the rows ended long before.</param>
    public QuarterTable(IReadOnlyList<QuarterRow> rows, string current)
    {
        Quarters = Span(rows, current);
        All = new QuarterLine(null, [.. Quarters.Select(q => Sum(rows.Where(r => r.Quarter == q)))]);
        Lines =
        [
            .. rows.GroupBy(r => r.Item).Select(g => new QuarterLine(g.Key, [.. Quarters.Select(q => Sum(g.Where(r => r.Quarter == q)))]))
                .OrderByDescending(l => l.Newest.Settled >= Enough).ThenBy(l => l.Newest.Settled == 0).ThenBy(l => l.Newest.Settled == 0 ? 0 : (decimal)l.Newest.Met / l.Newest.Settled).ThenByDescending(l => l.Newest.Settled).ThenBy(l => l.Item, StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads it; empty where the centre has no commitment.</summary>
    public static async Task<QuarterTable> ReadAsync(NpgsqlDataSource dataSource, PageFrame frame, CommitmentDefinition? measured, CancellationToken ct) => new(
        measured is null ? [] : await Compliance.ByQuarterAsync(dataSource, frame.Centre, measured.Id, frame.Now, ct), CalendarPeriod.QuarterOf(frame.Now, frame.Zone).Name);

    /// <summary>One after the other without a gap, at most eight: a trend must not join what lies years apart.</summary>
    private static IReadOnlyList<string> Span(IReadOnlyList<QuarterRow> rows, string current)
    {
        if (rows.Count == 0)
            return [];
        var (first, last) = (rows.Min(r => Number(r.Quarter)), rows.Max(r => Number(r.Quarter)));
        if (Number(current) - last is > 0 and < Most)
            last = Number(current);
        first = Math.Max(first, last - Most + 1);
        return [.. Enumerable.Range(first, last - first + 1).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n / 4}-Q{(n % 4) + 1}"))];

        static int Number(string quarter) => (int.Parse(quarter.AsSpan(0, 4), CultureInfo.InvariantCulture) * 4) + quarter[^1] - '1';
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

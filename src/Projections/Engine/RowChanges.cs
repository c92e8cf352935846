using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Projections.Engine;

/// <summary>What differs between the rows that are stored and those that should be.</summary>
internal sealed class RowChanges
{
    public List<CommitmentClockRow> New { get; } = [];

    public List<CommitmentClockRow> Changed { get; } = [];

    public List<CommitmentClockRow> Gone { get; } = [];

    /// <summary>One row each of the streams of which nothing changed but what all their rows say of the case.</summary>
    public List<CommitmentClockRow> Cases { get; } = [];

    /// <summary>The days on which something counts otherwise.</summary>
    public HashSet<ComplianceDay> Days { get; } = [];

    /// <summary>The months of items in which something may count otherwise.</summary>
    public HashSet<ComplianceMonth> Months { get; } = [];

    /// <summary>Compares what is stored of some streams with what folding them gave.</summary>
    public static RowChanges Of(IEnumerable<FoldedStream> folded)
    {
        var changes = new RowChanges();
        foreach (var stream in folded)
        {
            if (OnlyTheCase(stream.State.Rows, stream.Rows))
                changes.AddCase(stream.State.Rows, stream.Rows);
            else
                changes.Add(stream.State.Rows, stream.Rows);
        }

        return changes;
    }

    /// <summary>Most facts, such as a stage entered, change what is said of the case and none of its clocks.</summary>
    private static bool OnlyTheCase(IReadOnlyList<CommitmentClockRow> stored, IReadOnlyList<CommitmentClockRow> wanted)
    {
        if (stored.Count != wanted.Count || stored.Count == 0)
            return false;
        var before = new Rows(stored);
        foreach (var row in wanted)
        {
            if (before.Find(row)?.WithCaseOf(row) != row)
                return false;
        }

        return true;
    }

    private void AddCase(IReadOnlyList<CommitmentClockRow> stored, IReadOnlyList<CommitmentClockRow> wanted)
    {
        var were = new Rows(stored);
        if (were.Find(wanted[0]) == wanted[0])
            return;
        Cases.Add(wanted[0]);
        foreach (var row in wanted)
        {
            if (were.Find(row) is { } before && CountsOtherwise(before, row))
                AddDays(before, row);
        }
    }

    private void Add(IReadOnlyList<CommitmentClockRow> stored, IReadOnlyList<CommitmentClockRow> wanted)
    {
        Rows were = new(stored), become = new(wanted);
        foreach (var row in wanted)
        {
            var before = were.Find(row);
            if (before == row)
                continue;
            if (before is null || row.MovesInIndexes(before))
                New.Add(row);
            else
                Changed.Add(row);
            if (before is not null && row.MovesInIndexes(before))
                Gone.Add(before);
            if (before is null || CountsOtherwise(before, row))
                AddDays(before, row);
        }

        foreach (var row in stored)
        {
            if (become.Find(row) is not null)
                continue;
            Gone.Add(row);
            AddDays(row, null);
        }
    }

    private static bool CountsOtherwise(CommitmentClockRow a, CommitmentClockRow b) =>
        (a.State, a.SettledOn, a.DueOn, a.Item, a.Window, a.Staff) != (b.State, b.SettledOn, b.DueOn, b.Item, b.Window, b.Staff);

    private void AddDays(CommitmentClockRow? before, CommitmentClockRow? after)
    {
        foreach (var row in (ReadOnlySpan<CommitmentClockRow?>)[before, after])
        {
            if (row is null)
                continue;
            Days.UnionWith(ComplianceDaily.DaysOf(row));
            if (ComplianceSums.MonthOf(row) is { } month)
                Months.Add(month);
        }
    }

    /// <summary>The rows of a stream. Few of them are looked through, which costs less than an index would.</summary>
    private readonly struct Rows(IReadOnlyList<CommitmentClockRow> rows)
    {
        private const int Few = 16;

        private readonly Dictionary<ClockId, CommitmentClockRow>? _index = rows.Count > Few ? rows.ToDictionary(r => r.Id) : null;

        public CommitmentClockRow? Find(CommitmentClockRow like)
        {
            if (_index is not null)
                return _index.GetValueOrDefault(like.Id);
            foreach (var row in rows)
            {
                if (row.Ordinal == like.Ordinal && row.Commitment == like.Commitment && row.Key == like.Key)
                    return row;
            }

            return null;
        }
    }
}

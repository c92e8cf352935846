namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>The first records of a file and what they show of each attribute.</summary>
internal sealed class Sample
{
    private const int MostRecords = 5_000;
    private const int MostCounted = 500_000;
    private const int MostKept = 2_000;
    private const int FirstRows = 20;
    private const double NearlyAll = 0.98;

    private static readonly HashSet<string> AbsentWords = new(["?", "NULL", "null", "(null)", "-", "--", "N/A", "n/a", "NA", "NaN", "nan", "None", "无", "空", "\\N"]);

    private readonly string _path;
    private readonly List<SampleRecord> _records;

    private Sample(string path, FileKind kind, List<SampleRecord> records)
    {
        (_path, Kind, _records) = (path, kind, records);
        List<ColumnProfile> profiles = [.. Profiles(ofTrace: false), .. records.Exists(r => !ReferenceEquals(r.Case, r.Own)) ? Profiles(ofTrace: true) : []];
        Case = FindCase(profiles);
        RowsAreCases = Case is null || (Case.Values.Count == Case.Present && !Case.OfTrace);
        Columns = [.. profiles.Select(p => p with { OfCase = p.OfTrace || (Case is not null && IsConstant(p)) })];
    }

    /// <summary>What the file is.</summary>
    public FileKind Kind { get; }

    /// <summary>How many records were read.</summary>
    public int Records => _records.Count;

    /// <summary>True when the file has more than was read.</summary>
    public bool IsPart => _records.Count == MostRecords;

    /// <summary>The column with the case number; null: none looks like one.</summary>
    public ColumnProfile? Case { get; }

    /// <summary>True when each record is a case of its own, or nothing says that it is not.</summary>
    public bool RowsAreCases { get; }

    /// <summary>Every attribute, in the order of the file.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <exception cref="ImportFileException">The file cannot be read.</exception>
    public static Sample Read(string path)
    {
        var kind = FileKind.Of(path);
        if (kind.Format is "csv" or "xlsx" && SampleRecords.Rows(path, kind).Take(FirstRows).ToList() is { Count: > 0 } first)
        {
            var (line, header) = first[FileKind.HeaderAmong([.. first.Select(r => r.Values)])];
            // Names of columns are printed: a record in their place would be somebody's data.
            if (ColumnProfile.LooksLikeData(header))
                throw new ImportFileException($"line {line}: looks like a record and not like a header; put a row with the names of the columns above it");
            kind = kind with { Skip = (int)line - 1 };
        }

        var records = SampleRecords.Read(path, kind).Take(MostRecords).ToList();
        return records.Count == 0 ? throw new ImportFileException("the file holds no records; a suggestion needs some") : new Sample(path, kind, records);
    }

    /// <summary>The columns with their values in the whole file, or much of it: a code that comes late in it is a code, too.</summary>
    public IReadOnlyList<ColumnProfile> Recounted(IReadOnlyList<ColumnProfile> columns)
    {
        if (!IsPart || columns.Count == 0)
            return columns;
        var counts = columns.Select(_ => new Dictionary<string, int>()).ToList();
        try
        {
            foreach (var record in SampleRecords.Read(_path, Kind).Take(MostCounted))
            {
                for (var i = 0; i < columns.Count; i++)
                {
                    var value = (columns[i].OfTrace ? record.Case : record.Own).GetValueOrDefault(columns[i].Name);
                    if (value is not null && !AbsentWords.Contains(value) && (counts[i].Count < MostKept || counts[i].ContainsKey(value)))
                        counts[i][value] = counts[i].GetValueOrDefault(value) + 1;
                }
            }
        }
        catch (ImportFileException)
        {
            // Broken further on: the import will name the place. What was counted before it is worth having.
        }

        return [.. columns.Zip(counts, (column, values) => column with { Present = values.Values.Sum(), Values = values })];
    }

    private IEnumerable<ColumnProfile> Profiles(bool ofTrace)
    {
        var values = new Dictionary<string, List<string>>();
        foreach (var record in _records)
        {
            foreach (var (name, value) in ofTrace ? record.Case : record.Own)
            {
                if (!values.TryGetValue(name, out var found))
                    values[name] = found = [];
                found.Add(value);
            }
        }

        return values.Select(v => Profile(v.Key, v.Value, ofTrace));
    }

    private ColumnProfile Profile(string name, List<string> values, bool ofTrace)
    {
        var absent = values.Where(AbsentWords.Contains).Distinct().ToList();
        var present = values.Where(v => !AbsentWords.Contains(v)).ToList();
        var distinct = present.GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count());
        return new ColumnProfile(name, ofTrace, present.Count, distinct, TimeShape.Of(name, [.. distinct.Keys.Take(MostKept)], Kind.Format == "xlsx"), absent);
    }

    /// <summary>A name that speaks of a case number, nearly always filled in, with more than a handful of values; the best name wins.</summary>
    private ColumnProfile? FindCase(List<ColumnProfile> profiles)
    {
        if (profiles.Find(p => p is { OfTrace: true, Name: "concept:name" } or { Name: "case:concept:name" }) is { } trace)
            return trace;
        var full = profiles.FindAll(p => p.Time is null && p.Present >= _records.Count * NearlyAll && p.Values.Count > Math.Min(2, _records.Count - 1) && p.Values.Count * 200 > p.Present);
        return full.FindAll(p => ColumnWords.KeyRank(p.Name) is not null && !ColumnWords.IsPersonal(p.Name)).MinBy(p => ColumnWords.KeyRank(p.Name))
            ?? full.Find(p => p.Values.Count == p.Present && !p.IsPersonal);
    }

    /// <summary>True when no case of the sample shows two values of it, or a value in some of its records only.</summary>
    private bool IsConstant(ColumnProfile column)
    {
        var seen = new Dictionary<string, string?>();
        foreach (var record in _records)
        {
            if (record.Case.GetValueOrDefault(Case!.Name) is not { } key)
                continue;
            var value = record.Own.GetValueOrDefault(column.Name);
            if (!seen.TryAdd(key, value) && seen[key] != value)
                return false;
        }

        return true;
    }

    /// <summary>A template that tells the records of a case apart: a number of their own, or state and time with what else it takes; empty: none was found.</summary>
    public string RowId(ColumnProfile time, ColumnProfile state)
    {
        var own = Columns.Where(c => !c.OfTrace && c.Name != Case?.Name && !c.IsPersonal).ToList();
        // Alone only what is different in every record of the file: what happens not to repeat in a sample may do so later.
        var tries = own.Where(o => o.Time is null && o.Values.Count == Records).Select(o => (string[])[o.Name]).Append([state.Name, time.Name])
            .Concat(own.Select(o => (string[])[state.Name, o.Name, time.Name]));
        return tries.FirstOrDefault(t => t.Distinct().Count() == t.Length && TellsApart(t)) is { } found ? string.Join("/", found.Select(f => $"{{{f}}}")) : "";
    }

    private bool TellsApart(string[] names)
    {
        var seen = new HashSet<string>();
        return _records.TrueForAll(r => names.All(r.Own.ContainsKey) && seen.Add(string.Join('\n', names.Select(n => r.Own[n]).Prepend(Case is null ? "" : r.Case.GetValueOrDefault(Case.Name) ?? ""))));
    }
}

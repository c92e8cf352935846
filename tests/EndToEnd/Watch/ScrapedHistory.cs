using System.Globalization;
using System.Text;
using NodaTime;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>
/// Scrapes of a host, each with its time, as one OpenMetrics document, such as <c>promtool tsdb create-blocks-from openmetrics</c> reads. There a family stands in one
/// piece, so each is gathered in a file of its own until the end.
/// </summary>
/// <param name="labels">What Prometheus adds to every series of a target, as it is written in braces.</param>
internal sealed class ScrapedHistory(string labels) : IDisposable
{
    private readonly string _folder = TestFolders.New();
    private readonly Dictionary<string, StreamWriter> _families = [];

    /// <summary>How many samples are in it.</summary>
    public long Samples { get; private set; }

    /// <summary>Adds a scrape in OpenMetrics.</summary>
    /// <param name="at">When.</param>
    /// <param name="scraped">What was got.</param>
    /// <param name="took">How long that took.</param>
    public void Add(Instant at, string scraped, TimeSpan took)
    {
        var (time, family, begins, samples) = (at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), (StreamWriter?)null, false, Samples);
        foreach (var line in scraped.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("# HELP ") || line.StartsWith("# TYPE "))
            {
                var rest = line["# HELP ".Length..];
                family = FamilyOf(rest[..rest.IndexOf(' ')].ToString(), out var isNew);
                begins = isNew || (begins && line.StartsWith("# TYPE "));
            }

            if (line.IsEmpty || line is "# EOF")
                continue;
            if (line[0] != '#')
                Write(family!, line, time);
            else if (begins)
                family!.WriteLine(line);
        }

        // What Prometheus says of a scrape itself.
        Own("up", "1", time);
        Own("scrape_duration_seconds", took.TotalSeconds.ToString(CultureInfo.InvariantCulture), time);
        Own("scrape_samples_scraped", (Samples - samples - 2).ToString(CultureInfo.InvariantCulture), time);
    }

    /// <summary>Writes all of it.</summary>
    public async Task WriteAsync(string file)
    {
        await using var all = File.Create(file);
        foreach (var (_, family) in _families)
        {
            await family.FlushAsync();
            family.BaseStream.Position = 0;
            await family.BaseStream.CopyToAsync(all);
        }

        await all.WriteAsync("# EOF\n"u8.ToArray());
    }

    public void Dispose()
    {
        foreach (var (_, family) in _families)
            family.Dispose();
        TestFolders.Delete(_folder);
    }

    private void Own(string name, string value, string time)
    {
        var family = FamilyOf(name, out var isNew);
        if (isNew)
            family.WriteLine($"# TYPE {name} gauge");
        Write(family, $"{name} {value}", time);
    }

    private StreamWriter FamilyOf(string name, out bool isNew)
    {
        isNew = !_families.TryGetValue(name, out var family);
        if (isNew)
            _families.Add(name, family = new StreamWriter(File.Create(Path.Combine(_folder, name)), new UTF8Encoding(false)) { NewLine = "\n" });
        return family!;
    }

    private void Write(StreamWriter to, ReadOnlySpan<char> sample, string time)
    {
        var (braces, value) = (sample.IndexOf('{'), sample.LastIndexOf(' '));
        to.Write(sample[..(braces < 0 ? value : braces)]);
        to.Write('{');
        to.Write(labels);
        if (braces < 0)
            to.Write('}');
        else
            to.Write(',');
        to.Write(sample[(braces < 0 ? value : braces + 1)..]);
        to.Write(' ');
        to.WriteLine(time);
        Samples++;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Cli;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Bench;

/// <summary>A file of events of complaints, in which a person and a text are sealed, against one of events of cases in which the same stays as it is.</summary>
internal sealed class VaultRows(NpgsqlDataSource source, int rounds, string folder)
{
    private const int Events = 20_000;

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(CancellationToken ct)
    {
        await SlaMonitor.Host.Database.PrepareAsync(source, CatalogueFiles.Folder, ct);
        Directory.CreateDirectory(folder);
        var centres = await ImportCommand.CataloguesAsync(source, null, ct);
        var rows = new List<BenchRow>();
        foreach (var each in (int[])[5, 1])
        {
            rows.Add(await BenchRow.InTurnAsync(
                string.Create(CultureInfo.InvariantCulture, $"import of {Events:N0} events that are sealed, {each} a stream: events/s ÷ of cases that are not"), "—", rounds,
                r => ImportAsync(centres, "complaint", $"{each}-{r}", each, ct), r => ImportAsync(centres, "case", $"{each}-{r}", each, ct)));
        }

        return rows;
    }

    private async Task<double> ImportAsync(IReadOnlyDictionary<string, CatalogueLog> centres, string kind, string round, int each, CancellationToken ct)
    {
        var (file, tally) = (Write(kind, round, each), new ImportTally());
        var sealing = new EventSealing(source, new KeyTable(source, new KeyFile(Path.Combine(folder, KeyFile.DefaultName), mayMake: true)));
        var started = Stopwatch.GetTimestamp();
        await using (var input = new ImportFile(file, null, centres))
        {
            using var rejects = new Rejects(file.FullName + ".rejects.csv");
            await using var holds = new SourceHolds(source);
            await new ImportRun(new SlaMonitor.EventStore.EventLog(source), sealing, null, tally, rejects, holds).RunAsync(input.Events(tally, (line, faults, _) => rejects.Add(line, faults)), () => { }, ct);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        file.Delete();
        return tally.Appended == Events ? Events / seconds : throw new InvalidOperationException($"{tally.Appended} of {Events} events were stored");
    }

    private FileInfo Write(string kind, string round, int each)
    {
        var path = Path.Combine(folder, $"{kind}-{round}.ndjson");
        using var file = new StreamWriter(path, false, new UTF8Encoding(false));
        for (var i = 0; i < Events; i++)
        {
            file.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $$$"""{"specversion":"1.0","type":"{{{kind}}}_closed","source":"bench","id":"{{{kind}}}/{{{round}}}/{{{i}}}","subject":"{{{kind}}}/{{{round}}}-{{{i / each}}}","time":"2026-03-17T10:00:00+08:00","centre":"service-hall","data":{"person":{"name":"王芳{{{i}}}","phone":"13800138000","address":"幸福路 99 号 4-302"},"text":"窗口排队两小时，没有人解释，态度也不好；请给一个说法。"}}"""));
        }

        return new FileInfo(path);
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SlaMonitor.Bench;
using SlaMonitor.EventStore;
using SlaMonitor.Host.EmbeddedPostgres;

var quick = new Option<bool>("--quick") { Description = "End in about a minute; figures are rougher" };
var preload = new Option<int?>("--preload") { Description = "Events in the log before measuring; default 1,000,000, quick 100,000" };
var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file" };
var root = new RootCommand("Measures the goals of the design side by side in one run and prints ratios; medians of five rounds.") { quick, preload, json };
root.SetAction(async (parsed, ct) =>
{
    var rounds = parsed.GetValue(quick) ? 3 : 5;
    var rows = new List<BenchRow> { DeadlineRow.Measure(rounds), DeadlineRow.MeasureBuild(rounds) };
    var folder = Path.Combine(Path.GetTempPath(), $"sla-bench-{Environment.ProcessId}");
    try
    {
        // Durable, as in use: fsync stays on.
        await using var server = await EmbeddedServer.StartAsync(folder, ct: ct);
        await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
        await Schema.ApplyAsync(source, ct);
        rows.AddRange(await new AppendRows(source, rounds, parsed.GetValue(quick)).MeasureAsync(parsed.GetValue(preload) ?? (parsed.GetValue(quick) ? 100_000 : 1_000_000), ct));
    }
    finally
    {
        foreach (var made in Directory.GetParent(folder)!.EnumerateFileSystemInfos(Path.GetFileName(folder) + "*"))
        {
            if (made is DirectoryInfo directory)
                directory.Delete(recursive: true);
            else
                made.Delete();
        }
    }

    Console.WriteLine($"{"what",-62} {"measured",14} {"against",14} {"ratio",7} {"goal",8}");
    foreach (var row in rows)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.What,-62} {row.Measured,14:N0} {row.Against,14:N0} {row.Ratio,7:0.00} {row.Goal,8}"));
    if (parsed.GetValue(json) is { } file)
        await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(rows, JsonSerializerOptions.Web), ct);
    return 0;
});
return await root.Parse(args).InvokeAsync();

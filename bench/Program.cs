using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SlaMonitor.Bench;
using SlaMonitor.EventStore;
using SlaMonitor.Host.EmbeddedPostgres;

var quick = new Option<bool>("--quick") { Description = "Smaller logs and fewer rounds; figures are rougher" };
var preload = new Option<int?>("--preload") { Description = "Events in the log before measuring; default 1,000,000, quick 100,000" };
var cases = new Option<int?>("--cases") { Description = "Cases of the log the projections are measured on, ten events each; default 200,000, quick 10,000" };
var turns = new Option<int?>("--rounds") { Description = "Rounds to take the median of; default 5, quick 3" };
var only = new Option<string?>("--only") { Description = "Only the rows of: deadline, availability, append, import, vault, demo, engine, scrape (with the pages)" };
var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file" };
var fuzz = new Option<long?>("--fuzz") { Description = "Measure nothing: send this many bad inputs to the door, one in twenty over HTTP, and print what gets in and should not" };
var seed = new Option<ulong>("--seed") { Description = "Of the inputs; the same seed makes the same ones", DefaultValueFactory = _ => 1 };
var root = new RootCommand("Measures the goals of the design side by side in one run and prints ratios; medians of five rounds.") { quick, preload, cases, turns, only, json, fuzz, seed };
root.SetAction(async (parsed, ct) =>
{
    var rounds = parsed.GetValue(turns) ?? (parsed.GetValue(quick) ? 3 : 5);
    var rows = new List<BenchRow>();
    if (Wants("deadline") && parsed.GetValue(fuzz) is null)
        rows.AddRange([DeadlineRow.Measure(rounds), DeadlineRow.MeasureBuild(rounds)]);
    var folder = Path.Combine(Path.GetTempPath(), $"sla-bench-{Environment.ProcessId}");
    try
    {
        if (parsed.GetValue(fuzz) is { } inputs)
            return await FuzzRun.RunAsync(inputs, parsed.GetValue(seed), folder, ct);
        if (Wants("availability"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder + "-availability", ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            rows.AddRange(await new AvailabilityRows(source, rounds).MeasureAsync(ct));
        }

        if (Wants("append"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder, ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            await Schema.ApplyAsync(source, ct);
            rows.AddRange(await new AppendRows(source, rounds, parsed.GetValue(quick)).MeasureAsync(parsed.GetValue(preload) ?? (parsed.GetValue(quick) ? 100_000 : 1_000_000), ct));
        }

        if (Wants("import"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder + "-import", ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            rows.AddRange(await new ImportRows(source, rounds, parsed.GetValue(quick) ? 20_000 : 200_000, folder + "-files").MeasureAsync(ct));
        }

        if (Wants("vault"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder + "-vault", ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            rows.AddRange(await new VaultRows(source, rounds, folder + "-vault-files").MeasureAsync(ct));
        }

        if (Wants("demo"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder + "-demo", ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            rows.AddRange(await new DemoRows(source, parsed.GetValue(cases) ?? (parsed.GetValue(quick) ? 10_000 : 60_000)).MeasureAsync(ct));
        }

        if (Wants("engine"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder + "-engine", ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            rows.AddRange(await new EngineRows(source, rounds).MeasureAsync(parsed.GetValue(cases) ?? (parsed.GetValue(quick) ? 10_000 : 200_000), ct));
        }

        if (Wants("scrape"))
        {
            await using var server = await EmbeddedServer.StartAsync(folder + "-scrape", ct: ct);
            await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
            rows.AddRange(await new ScrapeRows(source, parsed.GetValue(quick) ? 100_000 : 1_000_000, TimeSpan.FromSeconds(parsed.GetValue(quick) ? 10 : 60), folder + "-catalogues").MeasureAsync(ct));
        }
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

    bool Wants(string part) => parsed.GetValue(only) is not { } named || named == part;
});
return await root.Parse(args).InvokeAsync();

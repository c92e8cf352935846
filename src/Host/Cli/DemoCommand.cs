using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla demo</c>: two years of a made-up hall, and the outages of its IT department, in a store that has no cases of it.</summary>
internal static class DemoCommand
{
    /// <summary>Which of all halls, unless one is asked for.</summary>
    public const long DefaultSeed = 1;

    /// <summary>How many cases, unless a number is asked for.</summary>
    public const int DefaultCases = 60_000;

    private const int MostCases = 20_000_000;

    public static Command Create()
    {
        var seed = new Option<long>("--seed") { Description = "Another number is another hall", DefaultValueFactory = _ => DefaultSeed };
        var cases = new Option<int>("--cases") { Description = "How many cases, about, in its two years", DefaultValueFactory = _ => DefaultCases };
        var until = new Option<string?>("--until") { Description = "Up to when, not in the future; default: now" };
        var planted = new Option<FileInfo?>("--planted") { Description = "Where to list, as CSV, in which cases somebody bent a figure, and how" };
        var (data, catalogues, keys) = (CommonOptions.Data(), CommonOptions.Catalogues(), CommonOptions.VaultKeys());
        var command = new Command("demo", "Load two years of a made-up hall, where its centre has no cases yet, and the outages of the IT department beside it. Nobody in it is real.") { seed, cases, until, planted, data, catalogues, keys };
        command.Validators.Add(result =>
        {
            if (result.GetResult(cases) is { Implicit: false } && result.GetValue(cases) is < 1 or > MostCases)
                result.AddError($"--cases is a number from 1 to {MostCases}.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var at = UntilOf(parsed.GetValue(until), SystemClock.Instance.GetCurrentInstant());
            // Before the history, which cannot be made twice to list it.
            if (parsed.GetValue(planted) is { } listed)
                await File.WriteAllTextAsync(listed.FullName, "", ct);
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            if (await LoadAsync(database, parsed.GetValue(keys), parsed.GetValue(seed), parsed.GetValue(cases), at, ct) is not { } loaded)
                throw new ArgumentException(await new Centres(database.Source).HasCasesAsync(DemoPlan.Centre, ct)
                    ? $"centre {DemoPlan.Centre} has cases already, and made-up ones do not belong among them; name an empty folder with --data"
                    : $"centre {DemoPlan.Centre} has no catalogue with items and commitments; name a folder with one by --catalogues");
            await RebuildAsync(database, ct);
            if (parsed.GetValue(planted) is { } file)
                await WriteAsync(file, loaded, ct);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Loads a history with a progress bar, what is personal of it sealed by the keys of a file; null when the centre has cases already, or nothing to have cases of.</summary>
    public static async Task<DemoLoad?> LoadAsync(Database database, string? keyFile, long seed, int cases, Instant until, CancellationToken ct)
    {
        if (await new Centres(database.Source).CatalogueOfAsync(DemoPlan.Centre, ct) is not { Newest: { Items.Count: > 0, Commitments.Length: > 0 } catalogue })
            return null;
        var (plan, started) = (DemoPlan.UpTo(until, catalogue.Zone, seed, cases), Stopwatch.GetTimestamp());
        var outages = await new Centres(database.Source).CatalogueOfAsync(OutagePlan.Centre, ct) is { Newest: { Services.Count: > 0 } department }
            ? new OutageDemo(department, OutagePlan.Beside(plan, department)) : null;
        var loaded = await ProgressBar.RunAsync("sample hall", progress => DemoLoad.RunAsync(database.Source, catalogue, plan, outages, new DemoSealing(database.Sealing(keyFile)), until, progress, ct));
        if (loaded is not null)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sample hall: {loaded.Appended:N0} events stored in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s, {loaded.Duplicates:N0} were sent twice and dropped"));
        return loaded;
    }

    /// <summary>Makes the read models of a log that has grown at one stroke: a rebuild is several times faster than following it.</summary>
    public static async Task RebuildAsync(Database database, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        await ProgressBar.RunAsync("read models", progress => new Rebuild(database.Source, progress).RunAsync(ct));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read models made in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s"));
    }

    private static Instant UntilOf(string? text, Instant now)
    {
        if (text is null)
            return now;
        if (!Timestamps.TryParse(text, out var at))
            throw new ArgumentException($"--until is not {Timestamps.Expected}");
        return at <= now ? at : throw new ArgumentException("--until is in the future; give a time that has passed");
    }

    private static Task WriteAsync(FileInfo file, DemoLoad loaded, CancellationToken ct) =>
        File.WriteAllLinesAsync(file.FullName, loaded.Planted.OrderBy(p => p.Case, StringComparer.Ordinal).ThenBy(p => p.Kind).Select(p => $"{p.Case},{p.Kind}").Prepend("case,kind"), ct);
}

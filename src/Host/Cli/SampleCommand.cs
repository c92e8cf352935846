using System.CommandLine;
using System.Globalization;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Samples;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla sample draw</c> and <c>sla sample show</c>: the monthly sample of finished cases.</summary>
internal static class SampleCommand
{
    public static Command Create() => new("sample", "The monthly sample of finished cases at each window, whose applicants are asked how satisfied they are.") { Draw(), Show() };

    private static Command Draw()
    {
        var month = new Argument<string>("month") { Description = "A month that has ended, such as 2026-10" };
        var perWindow = new Option<int>("--per-window") { Description = "How many cases at each window", Required = true };
        var seed = new Option<string?>("--seed") { Description = "What to draw with; default: something nobody can know before" };
        var by = new Option<string>("--by") { Description = "Who has it drawn; stands in the log", Required = true };
        var (centre, data) = (CommonOptions.Centre(), CommonOptions.Data());
        var command = new Command("draw", "Draw it. It is drawn once, and stands in the log with all that drawing it again takes.") { month, perWindow, seed, by, centre, data };
        command.SetAction(async (parsed, ct) =>
        {
            var (most, who, with) = (parsed.GetValue(perWindow), parsed.GetValue(by)!, parsed.GetValue(seed));
            if (most is < 1 or > PostSamples.MostPerWindow)
                return Fail($"--per-window is not from 1 to {PostSamples.MostPerWindow}");
            if (string.IsNullOrWhiteSpace(who) || (with is not null && string.IsNullOrWhiteSpace(with)))
                return Fail("--by or --seed is blank; both stand in the log");
            if (SampleDesk.MonthOf(parsed.GetValue(month)!, DateTimeZone.Utc) is null)
                return Fail("the month is not one such as 2026-10");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, log, refused) = await new Centres(database.Source).ResolveAsync(parsed.GetValue(centre), ct);
            if (found is null)
                return Fail($"--centre {refused}");
            var (drawn, position, reason) = await Desk(database).DrawAsync(found, log, new SampleOrder(parsed.GetValue(month)!, most, with, who), ct);
            if (drawn is null)
                return Fail(reason!);
            foreach (var window in drawn.Windows)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{window.Window ?? "-"}: {window.Drawn.Count} of {window.Frame}: {string.Join(' ', window.Drawn)}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"drawn with seed {drawn.Seed} as of position {drawn.FramePosition}; stands at position {position}"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var month = new Argument<string>("month") { Description = "Such as 2026-10" };
        var verify = new Option<bool>("--verify") { Description = "Draw it again, and say whether the same is drawn" };
        var (centre, data) = (CommonOptions.Centre(), CommonOptions.Data());
        var command = new Command("show", "Show one with the present ratings of its cases.") { month, verify, centre, data };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, log, refused) = await new Centres(database.Source).ResolveAsync(parsed.GetValue(centre), ct);
            if (found is null)
                return Fail($"--centre {refused}");
            var desk = Desk(database);
            if (await desk.FindAsync(found, parsed.GetValue(month)!, ct) is not { } sample)
                return Fail($"centre {found} has no sample of that month");
            await using var models = ReadModels.Now(database.Source);
            Print(await SampleReading.ReadAsync(models, found, sample.Sample, sample.At, sample.Position, ct));
            if (!parsed.GetValue(verify))
                return ExitCode.Done;
            var same = await desk.IsSameAsync(found, log, sample.Sample, ct);
            Console.WriteLine(same ? "drawn again: the same" : "drawn again: ANOTHER");
            return same ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(SampleReading reading)
    {
        foreach (var window in reading.Sample.Windows)
        {
            foreach (var number in window.Drawn)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{window.Window ?? "-"} {number} {reading.StateOf(number)} {reading.ScoreOf(number)}").TrimEnd());
        }

        var (all, share) = (reading.Satisfaction, reading.Satisfaction.Ratio);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all.Satisfied} of {all.Given} satisfied{(share is { } known ? $" ({known:P1})" : "")}; {all.Defaulted} did not answer, {all.Voided} do not count, of {all.Finished} finished"));
    }

    private static SampleDesk Desk(Database database) => new(new EventLog(database.Source), database.Source, SystemClock.Instance);

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla sample: {reason}");
        return ExitCode.Failed;
    }
}

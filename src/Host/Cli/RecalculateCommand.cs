using System.CommandLine;
using System.Globalization;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla recalculate</c>: has settled verdicts counted again on the newest calendars, after showing what that would do.</summary>
internal static class RecalculateCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "Clocks that settled at or after this time (ISO 8601 with offset)", Required = true };
        var until = new Option<string>("--until") { Description = "And before this one", Required = true };
        var commitment = new Option<string?>("--commitment") { Description = "Only those of this commitment; default: all" };
        var by = new Option<string?>("--by") { Description = "Who orders it; stands in the log" };
        var reason = new Option<string?>("--reason") { Description = "Why; stands in the log" };
        var apply = new Option<bool>("--apply") { Description = "Order it; without, it is only shown what it would do" };
        var (centre, data) = (CommonOptions.Centre(), CommonOptions.Data());
        var command = new Command("recalculate", "Count settled verdicts again on the calendars published last, such as after a holiday was entered wrongly. Shows what would change; with --apply it is ordered, and each change is listed as a restatement.") { from, until, commitment, by, reason, apply, centre, data };
        command.SetAction(async (parsed, ct) =>
        {
            if (!Timestamps.TryParse(parsed.GetValue(from)!, out var first) || !Timestamps.TryParse(parsed.GetValue(until)!, out var end) || end <= first)
                return Fail($"--from and --until are not {Timestamps.Expected}, one before the other");
            if (parsed.GetValue(apply) && (string.IsNullOrWhiteSpace(parsed.GetValue(by)) || string.IsNullOrWhiteSpace(parsed.GetValue(reason))))
                return Fail("--apply needs --by and --reason: they stand in the log beside what was changed");
            var span = new Recalculating(first, end, parsed.GetValue(commitment));
            if (span.SpanFault(NodaTime.SystemClock.Instance.GetCurrentInstant()) is { } fault)
                return Fail($"--{fault.Field} {fault.Reason}");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, log, refused) = await new Centres(database.Source).ResolveAsync(parsed.GetValue(centre), ct);
            if (found is null)
                return Fail($"--centre {refused}");
            if (span.CommitmentFault(log) is { } unknown)
                return Fail($"--{unknown.Field} {unknown.Reason}");
            await PrintAsync(span.ForeseeAsync(database.Source, found, ct));
            if (!parsed.GetValue(apply))
            {
                Console.WriteLine("nothing was changed; add --apply --by … --reason … to order it");
                return ExitCode.Done;
            }

            var position = await span.OrderAsync(database.Source, found, parsed.GetValue(by)!, parsed.GetValue(reason)!, ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ordered at position {position}; hosts that run work it off"));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task PrintAsync(IAsyncEnumerable<(int Clocks, List<string> Changes)> foreseen)
    {
        var (clocks, changed) = (0L, 0L);
        await foreach (var (counted, changes) in foreseen)
        {
            clocks += counted;
            changed += changes.Count;
            foreach (var change in changes)
                Console.WriteLine(change);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{changed} of {clocks} settled verdicts would change"));
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla recalculate: {reason}");
        return ExitCode.Failed;
    }
}

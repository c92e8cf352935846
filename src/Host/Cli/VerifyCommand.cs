using System.CommandLine;
using System.Globalization;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla verify</c>: derives everything anew of the log and compares it with what readers see.</summary>
internal static class VerifyCommand
{
    private const int Shown = 1_000;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var command = new Command("verify", "Derive every read model anew of the log and name each difference to what readers see. Changes nothing; exit code 1 when something differs.") { data };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var differences = 0;
            var result = await ProgressBar.RunAsync("verify", progress => new Verification(database.Source, Report, progress).RunAsync(ct));
            if (differences > Shown)
                Console.Error.WriteLine($"and {differences - Shown} more");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Events:N0} events up to position {result.Position:N0}, {result.Clocks:N0} clocks: {(result.Differences == 0 ? "the read models are what the log says" : $"{result.Differences:N0} differences")}"));
            if (result.Behind > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Behind:N0} positions after it are not in the read models yet, and were not looked at"));
            if (result.Pending > 0)
                Console.WriteLine($"{result.Pending} sweeps or streams wait to be folded anew; what differs may be theirs: verify again when a host has run for a while");
            return result.Differences == 0 ? ExitCode.Done : ExitCode.Failed;

            void Report(Difference difference)
            {
                if (++differences <= Shown)
                    Console.Error.WriteLine($"{difference.Centre} {difference.Where}: {difference.What}");
            }
        });
        return command;
    }
}

using System.Diagnostics;
using System.Globalization;
using SlaMonitor.Host.Ingest.Import;
using Spectre.Console;

namespace SlaMonitor.Host.Cli;

/// <summary>The progress bar of an import; silent where nobody looks.</summary>
internal static class ImportProgress
{
    /// <summary>Runs an import, which says when there is something new to show.</summary>
    public static async Task ShowAsync(string name, FileStream stream, ImportTally tally, Func<Action, Task> run)
    {
        if (Console.IsOutputRedirected)
        {
            await run(() => { });
            return;
        }

        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            // By bytes of the file as it lies there, packed or not: the only size known beforehand.
            var (task, started) = (context.AddTask(Markup.Escape(name), maxValue: Math.Max(1, stream.Length)), Stopwatch.GetTimestamp());
            await run(() =>
            {
                var events = tally.Appended + tally.Duplicates;
                task.Value = stream.Position;
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{Markup.Escape(name)}  {events:N0} events, {events / Stopwatch.GetElapsedTime(started).TotalSeconds:N0}/s");
            });
            task.Value = task.MaxValue;
        });
    }
}

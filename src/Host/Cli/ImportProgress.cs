using System.Diagnostics;
using System.Globalization;
using SlaMonitor.Host.Ingest.Import;
using Spectre.Console;

namespace SlaMonitor.Host.Cli;

/// <summary>The progress bar of an import; silent where nobody looks.</summary>
internal static class ImportProgress
{
    /// <summary>Runs an import, which says when there is something new to show.</summary>
    public static async Task ShowAsync(ImportFile file, ImportTally tally, Func<Action, Task> run)
    {
        if (Console.IsOutputRedirected)
        {
            await run(() => { });
            return;
        }

        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var (task, started) = (context.AddTask(Markup.Escape(file.Name), maxValue: Math.Max(1, file.Length)), Stopwatch.GetTimestamp());
            await run(() =>
            {
                var events = tally.Appended + tally.Duplicates;
                task.Value = file.Position;
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{Markup.Escape(file.Name)}  {events:N0} events, {events / Stopwatch.GetElapsedTime(started).TotalSeconds:N0}/s");
            });
            task.Value = task.MaxValue;
        });
    }
}

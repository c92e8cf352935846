using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SlaMonitor.Projections.Engine;
using Spectre.Console;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla rebuild</c>: makes the read models anew of the log, beside the ones in use.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var command = new Command("rebuild", "Make all read models anew of the log, beside the ones in use, and switch to them. Hosts go on meanwhile; it can be stopped anywhere.") { data };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var started = Stopwatch.GetTimestamp();
            var reached = await ProgressBar.RunAsync("rebuild", progress => new Rebuild(database.Source, progress).RunAsync(ct));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rebuilt up to position {reached:N0} in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s; readers see the new read models"));
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>A bar for work that counts positions; none where no one looks.</summary>
internal static class ProgressBar
{
    public static async Task<T> RunAsync<T>(string name, Func<Action<long, long>, Task<T>> work)
    {
        if (Console.IsOutputRedirected)
            return await work((_, _) => { });
        return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var task = context.AddTask(name);
            var result = await work((done, of) =>
            {
                task.MaxValue = Math.Max(1, of);
                task.Value = done;
            });
            task.Value = task.MaxValue;
            return result;
        });
    }
}

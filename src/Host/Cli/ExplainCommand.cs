using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Pages;
using SlaMonitor.Host.Queries;
using Spectre.Console;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla explain CASE</c>: each clock of a case, a complaint or an outage, segment by segment.</summary>
internal static class ExplainCommand
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var id = new Argument<string>("case") { Description = "The case number, or the name of a complaint or an outage, such as complaint/K-17" };
        var at = new Option<string?>("--at") { Description = "Judge at this time (ISO 8601 with offset); default: now" };
        var asOf = new Option<string?>("--as-of") { Description = "By what was known as of this time or log position; default: now" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var (centre, data) = (CommonOptions.Centre(), CommonOptions.Data());
        var command = new Command("explain", "Show segment by segment why a case met its limits or did not.") { id, at, asOf, json, centre, data };
        command.SetAction(async (parsed, ct) =>
        {
            var asked = default(Instant);
            if (parsed.GetValue(at) is { } text && !Timestamps.TryParse(text, out asked))
                return Fail($"--at is not {Timestamps.Expected}");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (past, refused) = await Asked.PastAsync(database.Source, parsed.GetValue(asOf), ct);
            if (refused is not null)
                return Fail($"--as-of {refused}");
            var (found, catalogue, reason) = await new Centres(database.Source).ResolveAsync(parsed.GetValue(centre), ct);
            if (found is null)
                return Fail($"--centre {reason}");
            var (log, name, now, until) = (new EventLog(database.Source), parsed.GetValue(id)!, SystemClock.Instance.GetCurrentInstant(), parsed.GetValue(at) is null ? (Instant?)null : asked);
            if (await CaseExplanation.ReadAsync(log, found, catalogue, name, now, until, past, ct) is { } ofCase)
                return Show(name, ofCase.Explained, parsed.GetValue(json) ? ofCase.ToJson() : null);
            if (await StreamExplanation.ReadAsync(log, found, catalogue, name, now, until, past, ct) is { } ofOther)
                return Show(name, ofOther.Explained, parsed.GetValue(json) ? ofOther.ToJson() : null);
            return Fail($"the log holds no facts of case {name} in centre {found}; a complaint is named complaint/ and its id, an outage outage/ and its id");
        });
        return command;
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla explain: {reason}");
        return ExitCode.Failed;
    }

    private static int Show(string name, ExplainedClocks explained, JsonObject? json)
    {
        if (json is null)
            Print(name, explained);
        else
            Console.WriteLine(json.ToJsonString(Written));
        return ExitCode.Done;
    }

    private static void Print(string name, ExplainedClocks explained)
    {
        var language = new PageLanguage(Chinese: false);
        foreach (var anomaly in explained.Stream.Anomalies)
            Console.WriteLine($"{name}  anomaly  {Words.Of(anomaly.Kind)}: events {string.Join(", ", anomaly.Events)}");
        foreach (var (clock, reading, explanation) in explained.Clocks)
        {
            var zone = clock.Facts.Calendar.Zone;
            Console.WriteLine($"{name}  {clock.Definition.Id}{(clock.Key is { } key ? "/" + key : "")}{(clock.Ordinal > 1 ? $" #{clock.Ordinal}" : "")}  {Words.Of(reading.State)}");
            Console.WriteLine($"  limit    {language.LimitText(clock.Facts.Limit)}  (catalogue {clock.CatalogueVersion}, calendar {clock.Definition.Calendar} {clock.Facts.Calendar.Version})");
            Console.WriteLine($"  started  {Timestamps.Format(clock.Facts.Start, zone)}");
            if (clock.Definition.OverdueOf is { } overdue)
                Console.WriteLine($"  because  {overdue} fell due unanswered");
            if (clock.DeemedAfter is { } silence)
                Console.WriteLine($"  deemed   accepted as of then: nobody had answered by {Timestamps.Format(silence, zone)}");
            Console.WriteLine($"  stopped  {(clock.EndedAt is { } ended ? Timestamps.Format(ended, zone) : "not yet")}");
            Console.WriteLine($"  due      {(reading.Reckoning.DueAt is { } due ? Timestamps.Format(due, zone) : "none while paused")}");
            Console.WriteLine($"  used     {language.Amount(reading.Reckoning.Used)}, left {language.Amount(reading.Reckoning.Remaining)}");
            foreach (var extension in clock.Facts.Extensions ?? [])
                Console.WriteLine($"  extended {Timestamps.Format(extension.At, zone)} by {language.LimitText(extension.Add)}");
            foreach (var refused in explanation.RefusedExtensions)
                Console.WriteLine($"  refused  extension of {Timestamps.Format(refused.Extension.At, zone)}: {Words.Of(refused.Refusal)}");
            foreach (var anomaly in clock.Anomalies)
                Console.WriteLine($"  anomaly  {Words.Of(anomaly.Kind)}");
            PrintSegments(clock.Facts.Limit, explanation, zone, language);
        }
    }

    private static void PrintSegments(Limit limit, Explanation explanation, DateTimeZone zone, PageLanguage language)
    {
        var table = new Table().AddColumns("from", "until", "counts", "why", "total used");
        foreach (var segment in explanation.Segments)
        {
            var why = language.Of(segment.Reason, limit) + (segment.Cause is { } cause ? $": {cause}" : "");
            table.AddRow(PageFrame.Exactly(segment.From, zone), PageFrame.Exactly(segment.Until, zone), segment.Counted ? "yes" : "no", Markup.Escape(why), language.Amount(segment.Total));
        }

        // A pipe has no width of its own; a table folded at 80 columns is hard to search.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(table);
    }
}

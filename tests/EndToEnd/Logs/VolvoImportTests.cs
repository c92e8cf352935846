using System.Xml.Linq;
using NodaTime;
using NodaTime.Text;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>7,554 incidents of Volvo IT, 65,533 events: waiting, reopening and changes of impact, against a fold in a few lines.</summary>
public class VolvoImportTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Duration> Limits = new()
    {
        ["Major"] = Duration.FromHours(24),
        ["High"] = Duration.FromHours(72),
        ["Medium"] = Duration.FromHours(168),
        ["Low"] = Duration.FromHours(336),
    };

    [Fact]
    public async Task Verdicts_are_those_of_a_plain_fold()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("volvo-incidents.yaml", output.WriteLine);
        Assert.Contains("65,533 records", await log.ImportAsync("volvo-incidents-2013.xes.gz", "volvo-incidents.yaml"), StringComparison.Ordinal);
        Assert.Equal(65_533, await log.EventsAsync("case_stage_entered"));
        Assert.Equal(580, await log.EventsAsync("case_reopened"));
        var clocks = await log.ClocksAsync("incident.resolved");
        var folded = Traces().ToDictionary(t => t.Number, t => Fold(t.Events));
        output.WriteLine(string.Join(", ", folded.GroupBy(f => f.Value).Select(g => $"{g.Key}: {g.Count()}")));
        Assert.Equal(7_554, clocks.Count);
        Assert.DoesNotContain(clocks, c => c.Value.State != folded[c.Key]);
        Assert.Equal((6_893, 652), (clocks.Values.Count(c => c.State == "met"), clocks.Values.Count(c => c.State == "breached")));
    }

    /// <summary>Time since the first event, waiting left out, when it was last completed; the limit of the impact, unless it was used up before that changed.</summary>
    private static string Fold(List<Step> steps)
    {
        var (used, limit, state) = (Duration.Zero, Limits[steps[0].Impact], "open");
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, before) = (steps[i], i > 0 ? steps[i - 1] : null);
            if (before is not null && !before.Transition.StartsWith("Wait", StringComparison.Ordinal))
                used += step.At - before.At;
            if (before?.Name == "Completed" && step.Name != "Completed" && state != "void")
                state = "open";
            // What is completed changes no more.
            if (before is not null && before.Impact != step.Impact && state == "open" && used <= limit)
                limit = Limits[step.Impact];
            if (step.Name == "Completed" && before?.Name != "Completed")
                state = step.Transition == "Cancelled" ? used > limit ? "breached" : "void" : used <= limit ? "met" : "breached";
        }

        return state;
    }

    private static IEnumerable<(string Number, List<Step> Events)> Traces()
    {
        using var file = SharedFolder.OpenGzip("data", "volvo-incidents-2013.xes.gz");
        var log = XDocument.Load(file).Root!;
        foreach (var trace in log.Elements().Where(e => e.Name.LocalName == "trace"))
            yield return (Of(trace, "concept:name"), [.. trace.Elements().Where(e => e.Name.LocalName == "event").Select(e => new Step(OffsetDateTimePattern.ExtendedIso.Parse(Of(e, "time:timestamp")).Value.ToInstant(), Of(e, "concept:name"), Of(e, "lifecycle:transition"), Of(e, "impact")))]);
    }

    private static string Of(XElement element, string key) => element.Elements().First(a => (string?)a.Attribute("key") == key).Attribute("value")!.Value;

    private sealed record Step(Instant At, string Name, string Transition, string Impact);
}

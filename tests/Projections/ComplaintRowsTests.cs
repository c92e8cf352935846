using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Clocks, contradictions and restatements of complaints as readers find them.</summary>
public class ComplaintRowsTests
{
    private const string Clocks = "SELECT stream_id, commitment, ordinal, state FROM sla.commitment_clock";

    [Fact]
    public async Task A_reversal_that_arrives_late_restates_what_the_finding_had_begun_and_a_rebuild_says_the_same()
    {
        await using var hall = await HallAsync();
        var now = await hall.NowAsync();
        await hall.AppendAsync(Told("a", now - Duration.FromHours(40)), Fact("complaint_substantiated", "a", now - Duration.FromHours(30)));
        // As if that had been yesterday.
        await hall.ExecuteAsync("UPDATE mt_events SET timestamp = timestamp - interval '1 day'");
        await hall.CatchUpAsync();
        Assert.Equal(["(complaint/a,complaint.feedback,1,open)", "(complaint/a,complaint.redress,1,open)"], await hall.RowsAsync(Clocks));

        await hall.AppendAsync(Fact("complaint_reversed", "a", now - Duration.FromHours(20)));
        await hall.CatchUpAsync();
        Assert.Contains("(complaint/a,complaint.redress,1,void)", await hall.RowsAsync(Clocks));
        var restated = await hall.RowsAsync("SELECT stream_id, commitment, old_state, new_state, cause_type FROM sla.restatement");
        Assert.Equal(["(complaint/a,complaint.redress,breached,void,complaint_reversed)"], restated);
        await hall.VerifyAsync();
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(restated, await hall.RowsAsync("SELECT stream_id, commitment, old_state, new_state, cause_type FROM sla.restatement"));
    }

    [Fact]
    public async Task Findings_that_contradict_each_other_are_listed_until_a_reversal_between_them_is_told()
    {
        await using var hall = await HallAsync();
        var now = await hall.NowAsync();
        var (first, second) = (Fact("complaint_unsubstantiated", "a", now - Duration.FromHours(9)), Fact("complaint_substantiated", "a", now - Duration.FromHours(7)));
        await hall.AppendAsync(Told("a", now - Duration.FromHours(10)), first, second);
        await hall.CatchUpAsync();
        Assert.Equal(["(complaint/a,SecondDecision,t)"], await hall.RowsAsync($"SELECT stream_id, kind, events LIKE '%{first.Id}%{second.Id}%' FROM sla.anomaly"));
        Assert.DoesNotContain(await hall.RowsAsync(Clocks), r => r.Contains("complaint.redress", StringComparison.Ordinal));

        await hall.AppendAsync(Fact("complaint_reversed", "a", now - Duration.FromHours(8)));
        await hall.CatchUpAsync();
        Assert.Empty(await hall.RowsAsync("SELECT * FROM sla.anomaly"));
        Assert.Contains("(complaint/a,complaint.redress,1,open)", await hall.RowsAsync(Clocks));
        await hall.VerifyAsync();
    }

    private static EventToAppend Told(string id, Instant at) => Fact("complaint_registered", id, at, new JsonObject { ["channel"] = "phone", ["category"] = "attitude" });

    private static EventToAppend Fact(string type, string id, Instant at, JsonObject? data = null) => EventCheck.ToAppend(Hall.Centre, new ReportedEvent(
        type, $"complaint/{id}", Hall.Source, string.Create(CultureInfo.InvariantCulture, $"{id}/{type}/{at.ToUnixTimeTicks()}"), at, null, JsonSerializer.SerializeToElement(data ?? [])));

    private static async Task<Hall> HallAsync()
    {
        var (hall, file) = (await Hall.EmptyAsync(), Path.Combine(Directory.CreateTempSubdirectory("sla-complaints-").FullName, "counter.yaml"));
        await File.WriteAllTextAsync(file, """
            version: "1"
            effectiveFrom: 2020-01-01
            centre: { id: counter, names: { zh: 柜台, en: Counter }, calendar: weekdays }
            calendars: { weekdays: { zone: UTC, week: { mon: ["09:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"], thu: ["09:00-17:00"], fri: ["09:00-17:00"] } } }
            complaintCategories: [{ id: attitude, names: { zh: 态度, en: Attitude } }]
            commitments:
              - { id: complaint.feedback, names: { zh: 反馈, en: Told }, on: complaint, start: complaint_registered, stop: { any: [complaint_fed_back] }, limit: { elapsed: PT480H } }
              - { id: complaint.redress, names: { zh: 处理, en: Redress }, on: complaint, start: complaint_substantiated, stop: { any: [complaint_closed] }, void: [complaint_reversed], limit: { elapsed: PT24H } }
            """);
        await CataloguePublishing.PublishAsync(hall.DataSource, [CatalogueFiles.Read(file)], default);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return hall;
    }
}

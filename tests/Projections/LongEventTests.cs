using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Events of almost a megabyte: a page is bounded by what they hold, not by their number alone.</summary>
public class LongEventTests
{
    private const int Events = 160;

    [Fact]
    public async Task A_page_takes_no_more_than_memory_and_those_after_it_ask_for_fewer()
    {
        await using var hall = await Hall.CreateAsync();
        var data = JsonSerializer.SerializeToElement(new { note = new string('x', 900_000) });
        foreach (var part in Enumerable.Range(0, Events).Chunk(20))
            await hall.Log.AppendAsync(Hall.Centre, [.. part.Select(i => EventCheck.ToAppend(Hall.Centre, new ReportedEvent("case_closed", $"case/{i}", Hall.Source, $"{i}", Instant.FromUtc(2026, 3, 2, 9, 0), null, data)))]);
        await using var connection = await hall.DataSource.OpenConnectionAsync();
        var work = new Workspace(hall.DataSource, (await Generations.ActiveAsync(connection, default))!);
        var (pages, checkpoint, most) = (0, 0L, new List<int>());
        for (var more = true; more; pages++)
        {
            var page = await new Page(work).RunAsync(Events + 1, Instant.FromUtc(2026, 3, 3, 9, 0), default);
            Assert.True(page.Checkpoint > checkpoint || !page.More);
            (checkpoint, more) = (page.Checkpoint, page.More);
            most.Add(work.MostEvents);
        }

        Assert.Equal((Events + 1, true), (checkpoint, pages >= 3));
        Assert.InRange(most[0], 70, 80);
    }
}

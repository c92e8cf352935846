using NodaTime;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Projections;

/// <summary>An agreement that changes in mid-quarter: what was foretold happens, and nothing else.</summary>
public class CatalogueChangeTests
{
    private const string Rows = "SELECT stream_id, commitment, key, ordinal, state, due_at, due_soon_at, settled_at, total, used, catalogue_version, calendar_version, escalates_at FROM sla.commitment_clock";

    [Fact]
    public async Task A_version_moves_the_open_clocks_that_were_foretold_and_none_that_has_settled()
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        // Some dues have passed, others are to come.
        var now = await hall.NowAsync();
        await hall.AppendAsync(new RandomFacts(3, 400, now - Duration.FromDays(15)).Take(1_500));
        await hall.CatchUpAsync();
        var (before, settled) = (await OpenAsync(hall), await hall.RowsAsync($"{Rows} WHERE state <> 'open'"));

        var candidate = Hall.Read("2", "09:00-16:00").Catalogue;
        var foretold = new List<string>();
        var counted = 0;
        await foreach (var (clocks, changes) in new ForeseenChanges(hall.DataSource, Hall.Centre).OfPublishingAsync(candidate, default))
        {
            counted += clocks;
            foretold.AddRange(changes);
        }

        Assert.Equal(before, await OpenAsync(hall));
        await hall.PublishAsync("2", "09:00-16:00");
        await hall.CatchUpAsync();
        var after = await OpenAsync(hall);
        var moved = before.Keys.Where(k => before[k] != after[k]).ToHashSet();
        Assert.Equal(before.Count, counted);
        Assert.InRange(moved.Count, 10, before.Count - 10);
        Assert.Equal(moved.Order(), foretold.Select(f => string.Join(' ', f.Split(' ')[..2])).Order());
        Assert.Equal(settled, await hall.RowsAsync($"{Rows} WHERE state <> 'open'"));
        Assert.Equal("1", await hall.ScalarAsync<string>("SELECT string_agg(DISTINCT catalogue_version, ',') FROM sla.commitment_clock"));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task A_version_published_again_says_so_and_with_other_content_it_is_refused()
    {
        await using var hall = await Hall.CreateAsync();
        Assert.Null(await CataloguePublishing.PublishAsync(hall.DataSource, [Hall.Read("1", "00:00-24:00")], default, "somebody else"));
        var refused = await Assert.ThrowsAsync<CatalogueFileException>(() => CataloguePublishing.PublishAsync(hall.DataSource, [Hall.Read("1", "09:00-17:00")], default));
        Assert.Contains("'1' was published before with other content", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, await CataloguePublishing.PublishAsync(hall.DataSource, [Hall.Read("2", "09:00-17:00")], default));
    }

    /// <summary>Open clocks with what a change can move.</summary>
    private static async Task<Dictionary<string, string>> OpenAsync(Hall hall)
    {
        var open = new Dictionary<string, string>();
        await using var command = hall.DataSource.CreateCommand("SELECT stream_id || ' ' || commitment, (due_at, due_soon_at, calendar_version)::text FROM sla.commitment_clock WHERE state = 'open'");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            open.Add(reader.GetString(0), reader.GetString(1));
        return open;
    }
}

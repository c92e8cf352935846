using NodaTime;

namespace SlaMonitor.Tests.Projections;

/// <summary>A published version reaches the open clocks of its centre, and those alone.</summary>
public class CatalogueSweepTests
{
    [Fact]
    public async Task Open_clocks_follow_a_new_calendar_in_pages_and_settled_ones_keep_theirs()
    {
        const int Cases = 2_500;
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        // Due in a week that has not come: a clock that fell due under the old hours keeps them.
        var at = await hall.NowAsync();
        await hall.AppendAsync(Enumerable.Range(0, Cases).Select(i => Hall.Received($"{i:0000}", at, at + Duration.FromDays(7))));
        await hall.AppendAsync(Hall.Decided("0000", at + Duration.FromMinutes(1)), Hall.Fact("case_closed", "0000", at + Duration.FromMinutes(1)));
        await hall.CatchUpAsync();
        Assert.Equal(Cases, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock WHERE commitment = 'job.day' AND due_at::time = '17:00'"));

        await hall.PublishAsync("2", "09:00-16:00");
        await hall.CatchUpAsync();
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.catalogue_sweep"));
        Assert.Equal(Cases - 1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock WHERE commitment = 'job.day' AND state = 'open' AND due_at::time = '16:00' AND catalogue_version = '1'"));
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock WHERE commitment = 'job.day' AND state = 'met' AND due_at::time = '17:00'"));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task What_was_recorded_before_the_first_catalogue_is_folded_when_it_comes()
    {
        await using var hall = await Hall.EmptyAsync();
        var at = Instant.FromUtc(2026, 3, 2, 9, 0);
        await hall.AppendAsync(Enumerable.Range(0, 1_100).Select(i => Hall.Received($"{i:0000}", at, at + Duration.FromDays(7))));
        await hall.CatchUpAsync();
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock"));
        await hall.PublishAsync("1", "09:00-17:00");
        await hall.CatchUpAsync();
        Assert.Equal(2_200, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock"));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task Facts_that_arrive_while_a_sweep_is_under_way_are_projected_with_it()
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        var at = await hall.NowAsync();
        await hall.AppendAsync(Enumerable.Range(0, 3_000).Select(i => Hall.Received($"{i:0000}", at, at + Duration.FromDays(7))));
        await hall.CatchUpAsync();
        await using (var following = new Following(hall))
        {
            await hall.PublishAsync("2", "09:00-16:00");
            await hall.AppendAsync(new RandomFacts(5, 3_000).Take(4_000));
            await hall.PublishAsync("3", "09:00-15:00");
            following.Wake();
            await following.LevelAsync();
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.catalogue_sweep") == 0);
        }

        await hall.VerifyAsync();
    }
}

using System.Globalization;
using NodaTime;

namespace SlaMonitor.Tests.Projections;

/// <summary>Everything falls due at closing time. It measures a time of the product's, so nothing runs beside it.</summary>
[CollectionDefinition(nameof(ClosingTimeTests), DisableParallelization = true)]
[Collection(nameof(ClosingTimeTests))]
public class ClosingTimeTests
{
    [Fact]
    public async Task Five_thousand_clocks_due_at_one_closing_time_are_told_of_once_each_and_within_five_seconds()
    {
        const int Clocks = 5_000;
        // Wherever it is about noon, today's closing time can be some seconds from now.
        var now = SystemClock.Instance.GetCurrentInstant();
        var offset = 12 - now.InUtc().Hour;
        var zone = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{(offset <= 0 ? "+" : "-")}{Math.Abs(offset)}");
        var local = (now + Duration.FromSeconds(20)).InZone(DateTimeZoneProviders.Tzdb[zone]);
        await using var hall = await Hall.CreateAsync($"08:00-{local.TimeOfDay:HH:mm:ss}", zone);
        var closing = local.Date.At(new LocalTime(local.Hour, local.Minute, local.Second)).InZoneStrictly(local.Zone).ToInstant();
        // A day is one working day: yesterday's receipts are due at today's close.
        await hall.AppendAsync(Enumerable.Range(0, Clocks).Select(i => Hall.Received($"{i}", now - Duration.FromDays(1))));
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'commitment_breached'"));

        await using (new Following(hall))
        await using (new Following(hall))
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'commitment_breached'") >= Clocks);

        Assert.Equal(Clocks, await hall.ScalarAsync<long>("SELECT count(DISTINCT data #>> '{data,clock,stream}') FROM mt_events WHERE type = 'commitment_breached'"));
        Assert.Equal(Clocks, await hall.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'commitment_breached'"));
        Assert.Equal(Clocks, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock WHERE commitment = 'job.day' AND due_at = (SELECT min(due_at) FROM sla.commitment_clock)"));
        Assert.Equal(closing, Instant.FromDateTimeUtc(await hall.ScalarAsync<DateTime>("SELECT max((data #>> '{data,at}')::timestamptz) FROM mt_events WHERE type = 'commitment_breached'")));
        // The requirement is a time of the product's, by the server's own clock.
        var last = Instant.FromDateTimeUtc(await hall.ScalarAsync<DateTime>("SELECT max(timestamp) FROM mt_events WHERE type = 'commitment_breached'"));
        Assert.InRange(last, closing, closing + Duration.FromSeconds(5));
        await hall.CatchUpAsync();
        await hall.VerifyAsync();
    }
}

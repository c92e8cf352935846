using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>A time means one position of the log, and means it for ever.</summary>
public class SettledPositionsTests
{
    private static readonly Instant Base = Instant.FromUtc(2026, 3, 2, 9, 0);

    // The log: positions 1 to 6, recorded at these minutes after nine; 4 was recorded before 3 and committed behind it.
    private static readonly int[] RecordedAt = [0, 10, 25, 20, 30, 50];

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 2)]
    [InlineData(22, 2)]
    [InlineData(25, 4)]
    [InlineData(30, 5)]
    [InlineData(49, 5)]
    [InlineData(50, 6)]
    [InlineData(90, 6)]
    public async Task Without_rows_of_the_time_the_recorded_times_decide(int minute, long position)
    {
        await using var hall = await RecordedAsync();
        Assert.Equal(new AsOf(position, At(minute)), await OfAsync(hall, At(minute)));
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(14, 2)]
    [InlineData(15, 2)]
    [InlineData(24, 2)]
    [InlineData(25, 4)]
    // By the row nothing more was known at 40, though 5 bears an earlier time: it was committed later.
    [InlineData(40, 4)]
    [InlineData(46, 5)]
    [InlineData(50, 6)]
    public async Task Between_two_rows_the_first_event_recorded_later_ends_what_was_known(int minute, long position)
    {
        await using var hall = await RecordedAsync();
        await RowsAsync(hall, (15, 2), (28, 4), (45, 4), (55, 6));
        Assert.Equal(position, (await OfAsync(hall, At(minute))).Position);
    }

    [Fact]
    public async Task An_answer_stays_when_something_comes_that_was_recorded_before()
    {
        await using var hall = await RecordedAsync();
        var now = await hall.NowAsync();
        var before = await OfAsync(hall, now);
        await hall.AppendAsync(Hall.Decided("5", Base));
        await hall.ExecuteAsync($"UPDATE mt_events SET timestamp = '{Timestamps.Format(Base)}' WHERE seq_id = 7");
        await hall.CatchUpAsync();
        Assert.Equal(before, await OfAsync(hall, now));
        Assert.Equal(7, (await OfAsync(hall, await hall.NowAsync())).Position);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_comes_no_answer_changes_and_a_later_time_never_knows_less(int seed)
    {
        await using var hall = await Hall.CreateAsync();
        var (random, answers) = (new Random(seed), new Dictionary<Instant, AsOf>());
        var began = await hall.NowAsync();
        for (var step = 0; step < 60; step++)
        {
            var position = await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
            await hall.AppendAsync(Enumerable.Range(0, random.Next(4)).Select(i => Hall.Received($"{step}-{i}", Base)));
            // Transactions that began long before they committed.
            await hall.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE mt_events SET timestamp = timestamp - random() * (timestamp - '{Timestamps.Format(began)}') WHERE seq_id > {position}"));
            if (random.Next(2) == 0)
                await hall.CatchUpAsync();
            if (random.Next(3) == 0)
                await MarkAsync(hall, random.NextInt64(position + 1));
            await hall.CatchUpAsync();
            var now = await hall.NowAsync();
            var time = random.Next(2) == 0 ? now : began + ((now - began) * random.NextDouble());
            time = Instant.FromUnixTimeTicks(time.ToUnixTimeTicks() / 10 * 10);
            answers[time] = await OfAsync(hall, time);
        }

        foreach (var (time, answer) in answers)
            Assert.Equal(answer, await OfAsync(hall, time));
        var positions = answers.OrderBy(a => a.Key).Select(a => a.Value.Position).ToList();
        Assert.Equal(positions.Order(), positions);
        Assert.Equal([], await hall.RowsAsync("SELECT at FROM (SELECT at, position < lag(position) OVER (ORDER BY at) AS falls FROM sla.settled_position) r WHERE falls"));
    }

    [Fact]
    public async Task Asking_again_and_again_while_nothing_comes_leaves_two_rows()
    {
        await using var hall = await RecordedAsync();
        for (var times = 0; times < 5; times++)
            await OfAsync(hall, await hall.NowAsync());
        Assert.Equal(["(6)", "(6)"], await hall.RowsAsync("SELECT position FROM sla.settled_position"));
        // A host that took over knows of less than the one before had seen.
        await MarkAsync(hall, 4);
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.settled_position"));
    }

    [Fact]
    public async Task Two_that_ask_at_once_get_one_answer()
    {
        await using var hall = await RecordedAsync();
        var now = await hall.NowAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OfAsync(hall, now))));
        Assert.Single(answers.Distinct());
        Assert.Equal(1, await hall.ScalarAsync<long>($"SELECT count(*) FROM sla.settled_position WHERE at > '{Timestamps.Format(now)}'"));
    }

    private static async Task<Hall> RecordedAsync()
    {
        var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Enumerable.Range(0, RecordedAt.Length - 1).Select(i => Hall.Received($"{i}", Base)));
        for (var i = 0; i < RecordedAt.Length; i++)
            await hall.ExecuteAsync($"UPDATE mt_events SET timestamp = '{Timestamps.Format(At(RecordedAt[i]))}' WHERE seq_id = {i + 1}");
        await hall.CatchUpAsync();
        await hall.ExecuteAsync("DELETE FROM sla.settled_position");
        return hall;
    }

    private static async Task RowsAsync(Hall hall, params (int Minute, long Position)[] rows)
    {
        foreach (var (minute, position) in rows)
            await hall.ExecuteAsync($"INSERT INTO sla.settled_position VALUES ('{Timestamps.Format(At(minute))}', {position})");
    }

    private static async Task MarkAsync(Hall hall, long mark)
    {
        await using var connection = await hall.DataSource.OpenConnectionAsync();
        await SettledPositions.WriteAsync(connection, mark, await ServerClock.NowAsync(connection, default), default);
    }

    private static async Task<AsOf> OfAsync(Hall hall, Instant time)
    {
        var (asOf, reason) = await SettledPositions.OfAsync(hall.DataSource, time, default);
        Assert.Equal("", reason);
        return asOf!.Value;
    }

    private static Instant At(int minute) => Base + Duration.FromMinutes(minute);
}

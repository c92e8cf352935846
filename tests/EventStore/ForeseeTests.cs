using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class ForeseeTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(18)]
    public async Task What_an_append_would_do_is_said_of_each_event_and_nothing_is_stored(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var (recorded, fresh) = (TestStore.Event("case/a", """{"n":1.50,"t":"é"}"""), TestStore.Event("case/a"));
        await store.Log.AppendAsync("cn", [recorded, TestStore.Event("case/archived")]);
        await store.QueryAsync<string>("UPDATE mt_streams SET is_archived = true WHERE id = 'case/archived' RETURNING id");
        EventToAppend[] events =
        [
            recorded with { Data = TestStore.Event("case/a", """{"t":"\u00e9","n":1.5}""").Data },
            recorded with { StreamId = "case/b" },
            recorded with { Data = TestStore.Event("case/a", """{"n":2}""").Data },
            fresh,
            fresh,
            fresh with { Type = "case_other" },
            TestStore.Event("case/archived"),
        ];

        var foreseen = await store.Log.ForeseeAsync("cn", events);

        Assert.Equal([true, false, false, false, true, false, false], foreseen.Select(f => f.IsKnown));
        Assert.Equal([null, typeof(EventIdReusedException), typeof(EventIdReusedException), null, null, typeof(EventIdReusedException), typeof(StreamArchivedException)], foreseen.Select(f => f.Refusal?.GetType()));
        Assert.Equal([2L], await store.QueryAsync<long>("SELECT count(*) FROM mt_events"));
    }

    [Fact]
    public async Task An_id_of_another_centre_stands_for_another_event()
    {
        await using var store = await TestStore.CreateAsync(18);
        var recorded = TestStore.Event("case/a");
        await store.Log.AppendAsync("cn", [recorded]);
        Assert.IsType<EventIdReusedException>((await store.Log.ForeseeAsync("nl", [recorded])).Single().Refusal);
    }
}

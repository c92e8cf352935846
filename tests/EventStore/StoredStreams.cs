namespace SlaMonitor.Tests.EventStore;

/// <summary>What holds of every stream in the log, whoever wrote it.</summary>
internal static class StoredStreams
{
    private const string Gaps = """
        SELECT format('%s/%s: %s events, versions %s to %s, head %s', s.tenant_id, s.id, count(e.version), min(e.version), max(e.version), s.version)
        FROM mt_streams s LEFT JOIN mt_events e ON e.tenant_id = s.tenant_id AND e.stream_id = s.id
        GROUP BY s.tenant_id, s.id, s.version
        HAVING count(e.version) <> s.version OR min(e.version) <> 1 OR max(e.version) <> s.version
        """;

    private const string OutOfOrder = """
        SELECT seq_id FROM (SELECT seq_id, seq_id < lag(seq_id) OVER (PARTITION BY tenant_id, stream_id ORDER BY version) AS back FROM mt_events) e
        WHERE back
        """;

    /// <summary>Versions are gapless from 1 to the stream's own, and positions rise with them.</summary>
    public static async Task AssertWholeAsync(TestStore store, int events)
    {
        Assert.Equal([(long)events], await store.QueryAsync<long>("SELECT count(*) FROM mt_events"));
        Assert.Empty(await store.QueryAsync<string>(Gaps));
        Assert.Empty(await store.QueryAsync<long>(OutOfOrder));
    }
}
